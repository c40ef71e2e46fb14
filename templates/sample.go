package templates

import (
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// Sample is a notice made up to show a letter.
type Sample struct {
	Name   string // acknowledgement-critical, resolved-answer, …
	Notice ticket.Notice
}

// Samples are notices that together use every clause of every text of a
// language. New writes them all; tests keep the letters that they make.
func Samples(language string) []Sample {
	owed := time.Date(2026, time.November, 23, 13, 5, 0, 0, time.UTC)
	reporter := ticket.Facts{
		Subject:     "Chatbotten svarer ikke på hjemmesiden",
		State:       ticket.StateReported,
		Severity:    ticket.SeverityNormal,
		Category:    "chatbot_answers",
		Kind:        ticket.KindBug,
		Link:        "https://support.firma.example/t/ais7k3qm2xq?k=1f6s9d0qv3m8zk2c4b7n",
		InReplyTo:   "20261123.0905@kunde.example",
		References:  []string{"20261120.1001@kunde.example", "20261123.0905@kunde.example"},
		ThreadTopic: "Chatbotten svarer ikke på hjemmesiden",
		ThreadIndex: "Adxd0V9kq2vYw0Q3TQyV1cN2c5Zl4A==",
	}
	critical := reporter
	critical.Severity, critical.Marked = ticket.SeverityCritical, true
	staff := critical
	staff.Reporter = ticket.Address{Address: "kunde@kunde.example"}
	staff.Verdict = ticket.TrustVerified
	staff.Evidence, staff.Where, staff.Impact = "Det er kritisk", ticket.WhereBody, "severe"
	staff.Excerpt = "Chatbotten svarer ikke siden i morges.\nDet er kritisk, for ingen kunder kan komme igennem."
	staff.InReplyTo, staff.References, staff.Link = "", nil, ""

	var samples []Sample
	add := func(name string, kind ticket.NoticeKind, f ticket.Facts, change func(*ticket.Facts)) {
		if change != nil {
			change(&f)
		}
		n := ticket.Notice{
			Ticket:   "AIS-7K3Q-M2XQ",
			Number:   len(samples) + 1,
			Kind:     kind,
			To:       ticket.Address{Address: "kunde@kunde.example"},
			Language: language,
			Owed:     owed,
			Facts:    f,
			State:    ticket.NoticeQueued,
		}
		if kind.ForStaff() {
			n.To = ticket.Address{Address: "support@firma.example"}
		}
		samples = append(samples, Sample{name, n})
	}
	deadline := time.Date(2026, time.November, 24, 11, 0, 0, 0, time.UTC)
	promised := func(f *ticket.Facts) { f.AssessBy = deadline }
	alerted := func(f *ticket.Facts) { f.AssessBy, f.OwnerTold = deadline, true }

	add("acknowledgement", ticket.NoticeAcknowledgement, reporter, promised)
	add("acknowledgement-unpromised", ticket.NoticeAcknowledgement, reporter, func(f *ticket.Facts) {
		f.Subject, f.Category, f.Link, f.Severity = "", "", "", ""
	})
	add("acknowledgement-critical", ticket.NoticeAcknowledgement, critical, alerted)
	add("acknowledgement-critical-unpromised", ticket.NoticeAcknowledgement, critical, nil)
	add("acknowledgement-neutral", ticket.NoticeAcknowledgement, critical, func(f *ticket.Facts) {
		f.Neutral, f.Subject, f.ThreadTopic, f.ThreadIndex = true, "", "", ""
	})

	follows := func(f *ticket.Facts) { f.Follows, f.WindowDays = "AIS-9QW2-4HTV", 14 }
	add("followup", ticket.NoticeFollowup, reporter, func(f *ticket.Facts) { follows(f); promised(f) })
	add("followup-critical", ticket.NoticeFollowup, critical, func(f *ticket.Facts) { follows(f); alerted(f) })

	resolved := reporter
	resolved.State, resolved.Confirmed, resolved.Sprint = ticket.StateResolved, true, "2026-24"
	resolved.CloseOn = time.Date(2026, time.December, 7, 12, 0, 0, 0, time.UTC)
	add("resolved", ticket.NoticeResolved, resolved, func(f *ticket.Facts) {
		f.Result, f.Verified, f.Limits = ticket.ResultFixed, "login, svar og kvittering på tre hjemmesider", "Internet Explorer"
	})
	add("resolved-workaround", ticket.NoticeResolved, resolved, func(f *ticket.Facts) {
		f.Result, f.Verified = ticket.ResultWorkaround, "at chatbotten svarer"
		f.Text = "Sådan kommer du videre:\n1. Log ud.\n2. Ryd browserens cache.\n3. Log ind igen."
	})
	add("resolved-answer", ticket.NoticeResolved, resolved, func(f *ticket.Facts) {
		f.Result, f.Severity, f.Confirmed, f.Kind = ticket.ResultAnswer, "", false, ticket.KindQuestion
		f.Text = "Ja. Du slår det til under Indstillinger > Kanaler."
	})

	reopened := reporter
	reopened.Confirmed = true
	add("reopened", ticket.NoticeReopened, reopened, nil)

	closed := resolved
	closed.State = ticket.StateClosed
	closed.ReopenBy = time.Date(2026, time.December, 21, 12, 0, 0, 0, time.UTC)
	add("closed-confirmed", ticket.NoticeClosed, closed, func(f *ticket.Facts) { f.Closing = ticket.ClosingConfirmed })
	add("closed-quiet", ticket.NoticeClosed, closed, func(f *ticket.Facts) {
		f.Closing, f.QuietDays = ticket.ClosingQuiet, 5
	})
	add("closed-staff", ticket.NoticeClosed, closed, func(f *ticket.Facts) {
		f.Closing, f.Reason = ticket.ClosingStaff, "Aftalen om chatbotten er ophørt"
		f.ReopenBy = time.Time{}
	})

	add("staff-new", ticket.NoticeStaffNew, staff, func(f *ticket.Facts) {
		promised(f)
		f.Severity, f.Marked, f.Evidence, f.Impact = ticket.SeverityNormal, false, "", ""
	})
	add("staff-new-unverified", ticket.NoticeStaffNew, staff, func(f *ticket.Facts) {
		f.Verdict, f.Subject, f.Excerpt, f.Category = ticket.TrustUnverified, "", "", ""
	})
	add("staff-critical", ticket.NoticeStaffCritical, staff, promised)
	add("staff-critical-unverified", ticket.NoticeStaffCritical, staff, func(f *ticket.Facts) {
		f.Verdict = ticket.TrustNone
	})
	add("staff-reopened", ticket.NoticeStaffReopened, staff, nil)
	add("staff-reopened-not", ticket.NoticeStaffReopened, staff, func(f *ticket.Facts) {
		f.State, f.Verdict = ticket.StateClosed, ticket.TrustUnverified
	})
	return samples
}
