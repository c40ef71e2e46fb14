package templates

import (
	"fmt"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// forStaff are the facts of a ticket as staff may see them.
func forStaff() ticket.Facts {
	f := reported()
	critical(&f)
	f.Reporter = ticket.Address{Address: "kunde@kunde.example"}
	f.Verdict = ticket.TrustVerified
	f.Evidence, f.Where, f.Impact = "Det er kritisk", ticket.WhereBody, "severe"
	f.Excerpt = "Chatbotten svarer ikke siden i morges.\nDet er kritisk, for ingen kunder kan komme igennem."
	f.InReplyTo, f.References, f.Link = "", nil, ""
	return f
}

func unmarked(f *ticket.Facts) {
	f.Severity, f.Marked, f.Evidence, f.Impact = ticket.SeverityNormal, false, "", ""
}

func unverified(f *ticket.Facts) { f.Verdict = ticket.TrustUnverified }

func inState(s ticket.State) func(*ticket.Facts) {
	return func(f *ticket.Facts) { f.State, f.Confirmed = s, true }
}

func titled(f *ticket.Facts) { f.Title = "Chatbotten svarer ikke" }

func byOwner(f *ticket.Facts) {
	f.By = ticket.Address{Name: "Produktansvarlig", Address: "owner@firma.example"}
}

func byDev(f *ticket.Facts) { f.By = ticket.Address{Address: "dev@firma.example"} }
func byQA(f *ticket.Facts)  { f.By = ticket.Address{Name: "QA", Address: "qa@firma.example"} }

func (b *samples) staffTickets() {
	b.add("staff-new", ticket.NoticeStaffNew, forStaff(), promised, unmarked)
	b.add("staff-new-unverified", ticket.NoticeStaffNew, forStaff(), unverified, func(f *ticket.Facts) {
		f.Subject, f.Excerpt, f.Category = "", "", ""
	})
	b.add("staff-critical", ticket.NoticeStaffCritical, forStaff(), promised, func(f *ticket.Facts) { f.Free, f.Capacity = 2, 10 })
	b.add("staff-critical-full", ticket.NoticeStaffCritical, forStaff(), func(f *ticket.Facts) { f.Capacity = 10 })
	b.add("staff-critical-unverified", ticket.NoticeStaffCritical, forStaff(), func(f *ticket.Facts) {
		f.Verdict, f.Free, f.Capacity = ticket.TrustNone, 1, 10
	})
	b.add("staff-reopened", ticket.NoticeStaffReopened, forStaff())
	b.add("staff-reopened-not", ticket.NoticeStaffReopened, forStaff(), unverified, func(f *ticket.Facts) { f.State = ticket.StateClosed })
	answered := func(f *ticket.Facts) { f.Excerpt = "Jeg bruger Firefox, og der står fejl 500." }
	b.add("staff-answered", ticket.NoticeStaffAnswered, forStaff(), inState(ticket.StateInvestigating), answered)
	b.add("staff-answered-late", ticket.NoticeStaffAnswered, forStaff(), inState(ticket.StateWaiting), answered, func(f *ticket.Facts) {
		f.AnswerBy = noon(2026, time.November, 25)
	})
	b.add("staff-request", ticket.NoticeStaffRequest, forStaff(), unmarked, wish, func(f *ticket.Facts) {
		f.Excerpt = "Kan vi få listen ud i et regneark?"
	})
	b.add("staff-assigned", ticket.NoticeStaffAssigned, forStaff(), inState(ticket.StatePlanned), nextSprint, byOwner, func(f *ticket.Facts) {
		f.Assignee = ticket.Address{Name: "Udvikler", Address: "dev@firma.example"}
	})
}

func (b *samples) staffPlanning() {
	b.add("staff-planned", ticket.NoticeStaffPlanned, forStaff(), inState(ticket.StatePlanned), nextSprint, byOwner, titled, func(f *ticket.Facts) {
		f.AnswerBy = noon(2026, time.November, 25)
	})
	b.add("staff-planned-hotfix", ticket.NoticeStaffPlanned, forStaff(), inState(ticket.StatePlanned), hotfix)
	b.add("staff-pushed", ticket.NoticeStaffPushed, forStaff(), inState(ticket.StatePlanned), hotfix, titled, byOwner, func(f *ticket.Facts) {
		f.Pushed = []ticket.Moved{
			{Ticket: "AIS-9QW2-4HTV", Title: "Faktura mangler en linje", From: "2026-24", To: "2026-25"},
			{Ticket: "AIS-3NBC-8Y2A", Title: "Langsom indlogning", From: "2026-24"},
		}
	})
	test := inState(ticket.StateTesting)
	b.add("staff-test", ticket.NoticeStaffTest, forStaff(), test, titled, byDev, func(f *ticket.Facts) {
		f.Text, f.How = "Svarene hentes igen efter et brud", "Afbryd nettet i et minut, og skriv til chatbotten"
	})
	b.add("staff-test-workaround", ticket.NoticeStaffTest, forStaff(), test, func(f *ticket.Facts) {
		f.Result, f.Text = ticket.ResultWorkaround, "Log ud.\nLog ind igen."
	})
	b.add("staff-test-request", ticket.NoticeStaffTest, forStaff(), unmarked, wish, test, byDev)
	b.add("staff-failed", ticket.NoticeStaffFailed, forStaff(), inState(ticket.StateInvestigating), titled, byQA, func(f *ticket.Facts) {
		f.Text = "Chatbotten går stadig i stå efter to minutter"
	})
	overdue := func(f *ticket.Facts) { f.Assignee = ticket.Address{Address: "first-line@firma.example"} }
	b.add("staff-overdue", ticket.NoticeStaffOverdue, forStaff(), promised, func(f *ticket.Facts) { f.Overdue = ticket.PromiseAssess })
	b.add("staff-overdue-answer", ticket.NoticeStaffOverdue, forStaff(), inState(ticket.StateInvestigating), overdue, func(f *ticket.Facts) {
		f.Overdue, f.AnswerBy = ticket.PromiseAnswer, noon(2026, time.November, 23)
	})
}

func (b *samples) staffMails() {
	held := func(f *ticket.Facts) {
		f.Verdict, f.Mail = ticket.TrustFailed, "01m81sna5mw50rq6df5x"
		f.Reason = "Afsenderen står på billetten, men mailen består ikke DMARC"
	}
	b.add("staff-held", ticket.NoticeStaffHeld, forStaff(), held)
	b.add("staff-held-unknown", ticket.NoticeStaffHeld, ticket.Facts{}, held)
	b.about("MAIL-7K3Q-M2XQ")
	b.add("staff-signin", ticket.NoticeStaffSignIn, ticket.Facts{}, func(f *ticket.Facts) {
		f.Link, f.Expires = "https://support.firma.example/console/signin?link=Zm9yLXByZXZpZXctb25seQ", noon(2026, time.November, 23)
	})
	b.about("MAIL-7K3Q-M2XQ")
	b.add("staff-bounced", ticket.NoticeStaffBounced, forStaff(), inState(ticket.StateResolved), func(f *ticket.Facts) {
		f.Undelivered = ticket.Address{Address: "kunde@kunde.example"}
		f.Lost, f.Status = ticket.NoticeResolved, "5.1.1"
	})
}

func (b *samples) staffCommanded() {
	severity, resolve, undo := "#alvorlighed høj", "#løst Nu virker det", "#alvorlighed normal"
	help := "#alvorlighed kritisk|høj|normal|lav: bekræfter eller retter alvorligheden\n#svar: teksten herunder går til kunden"
	done := []ticket.Done{
		{Line: severity, OK: true, Text: "alvorlighed høj; kunden får besked", Undo: undo},
		{Line: resolve, Text: "QA har ikke bestået testen", Refused: ticket.RefusedState},
	}
	commanded := func(name string, done ...ticket.Done) {
		b.add("staff-commanded"+name, ticket.NoticeStaffCommanded, forStaff(), unmarked, func(f *ticket.Facts) { f.Done = done })
	}
	commanded("", done[:1]...)
	commanded("-mixed", done...)
	commanded("-refused", done[1:]...)
	commanded("-help", ticket.Done{Line: "#hjælp", OK: true, Text: help})
	b.add("staff-commanded-nothing", ticket.NoticeStaffCommanded, ticket.Facts{})
	b.about("MAIL-7K3Q-M2XQ")
}

func (b *samples) digests() {
	day := time.Date(2026, time.November, 22, 23, 0, 0, 0, time.UTC) // midnight in Copenhagen
	row := func(title string) ticket.DigestRow { return ticket.DigestRow{Ticket: "AIS-9QW2-4HTV", Title: title} }
	promise := row("Faktura mangler linje")
	promise.Promise, promise.By = ticket.PromiseAssess, noon(2026, time.November, 23)
	older := row("Chatbotten svarer ikke")
	older.Promise, older.By, older.Severity, older.Confirmed = ticket.PromiseAnswer, noon(2026, time.November, 20), ticket.SeverityCritical, true
	held := ticket.DigestRow{Mail: "01m81sna5mw50rq6df5x", Title: "Re: Faktura", Person: "kunde@kunde.example", Reason: "DMARC fejlede"}
	claimed := row("Alt er nede")
	claimed.Severity, claimed.State, claimed.Since = ticket.SeverityCritical, ticket.StateReported, noon(2026, time.November, 22)
	moved := row("Langsom indlogning")
	moved.Sprint, moved.Reason = "2026-25", "En hotfix tog pladsen"

	add := func(name string, d *ticket.Digest) {
		d.Day = day
		b.add(name, ticket.NoticeDigest, ticket.Facts{Digest: d})
		b.about("MAIL-7K3Q-M2XQ")
	}
	add("digest", &ticket.Digest{Sections: []ticket.DigestSection{
		{Kind: ticket.SectionOverdue, Rows: []ticket.DigestRow{promise, older}},
		{Kind: ticket.SectionCritical, Rows: []ticket.DigestRow{claimed}},
		{Kind: ticket.SectionUnclassified, Rows: []ticket.DigestRow{row("Hvor er min faktura?")}, More: 7},
		{Kind: ticket.SectionHeld, Rows: []ticket.DigestRow{held}},
	}})
	add("digest-weekly", &ticket.Digest{Weekly: true, Sections: []ticket.DigestSection{
		{Kind: ticket.SectionCritical, Rows: []ticket.DigestRow{claimed}},
		{Kind: ticket.SectionSlipped, Rows: []ticket.DigestRow{moved}},
	}, Sprint: &ticket.SprintLoad{
		Sprint: "2026-24", Start: noon(2026, time.November, 23), End: noon(2026, time.December, 6), Capacity: 10, Taken: 7, Done: 3,
	}})
	full := &ticket.Digest{Weekly: true, Sprint: &ticket.SprintLoad{Sprint: "2026-24", Capacity: 10, Taken: 10, Done: 1}}
	for i, kind := range sectionKinds() {
		section := ticket.DigestSection{Kind: kind}
		for r := range maxDigestRows + 1 {
			section.Rows = append(section.Rows, row(fmt.Sprintf("Titel %d.%d", i+1, r+1)))
		}
		full.Sections = append(full.Sections, section)
	}
	add("digest-full", full)
}

// sectionKinds are all sections of digests.
func sectionKinds() []ticket.SectionKind {
	return []ticket.SectionKind{
		ticket.SectionOverdue, ticket.SectionCritical, ticket.SectionUnclassified, ticket.SectionAnswered,
		ticket.SectionHeld, ticket.SectionBounced, ticket.SectionReopened, ticket.SectionWaiting,
		ticket.SectionFailed, ticket.SectionMine, ticket.SectionPlanned, ticket.SectionTesting,
		ticket.SectionSlipped, ticket.SectionBacklog, ticket.SectionRequests,
	}
}

// staffVariants are letters of kinds that are shown above, with more to say.
func (b *samples) staffVariants() {
	b.add("staff-new-follows", ticket.NoticeStaffNew, forStaff(), unmarked, follows)
	b.add("staff-critical-follows", ticket.NoticeStaffCritical, forStaff(), follows)
	b.add("staff-reopened-by", ticket.NoticeStaffReopened, forStaff(), byQA)
}
