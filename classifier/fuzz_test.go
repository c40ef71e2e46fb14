package classifier

import (
	"strings"
	"testing"
	"unicode/utf8"

	"aismarttalk.tech/supportd/ticket"
)

// FuzzClassify holds what must be so whatever is read: no panic, and evidence that
// stands where the claim says it does.
func FuzzClassify(f *testing.F) {
	for _, s := range [][3]string{
		{"KRITISK: kassen", "Det haster ikke.", "High"},
		{"Re: h?j prioritet", "K R I T I S K\n[ ] Kritisk [x] Normal", "1"},
		{"", "HÃ¸j prioritet \u00ad kri\u200btisk e\u0301", "low"},
		{"Fwd: \"urgent\"", "> critical\nA: urgent\nB: no\n```\nx\n```", ""},
		{"\xff\xfe", "ﬁ Ａ １ ﷺ İ ß \u0300\u0300", "\x00"},
	} {
		f.Add(s[0], s[1], s[2])
	}
	c := newClassifier(f)
	f.Fuzz(func(t *testing.T, subject, body, priority string) {
		if !utf8.ValidString(subject) || !utf8.ValidString(body) {
			subject, body = strings.ToValidUTF8(subject, "\uFFFD"), strings.ToValidUTF8(body, "\uFFFD")
		}
		m := ticket.Message{Subject: subject, Reply: body, Marks: []ticket.Header{{Name: "X-Priority", Value: priority}}}
		r := c.Classify(m)
		switch r.Claim.Where {
		case ticket.WhereSubject:
			if !strings.Contains(subject, r.Claim.Evidence) {
				t.Errorf("evidence %q is not in the subject", r.Claim.Evidence)
			}
		case ticket.WhereBody:
			if !strings.Contains(body, r.Claim.Evidence) {
				t.Errorf("evidence %q is not in the body", r.Claim.Evidence)
			}
		case ticket.WhereHeader:
			if !strings.HasPrefix(r.Claim.Evidence, "X-Priority: ") {
				t.Errorf("evidence %q is not of the header", r.Claim.Evidence)
			}
		case ticket.WhereNone:
			if r.Claim.Severity != ticket.SeverityNormal {
				t.Errorf("%s without evidence", r.Claim.Severity)
			}
		default:
			t.Errorf("where %q", r.Claim.Where)
		}
		for _, e := range append(r.Category.Evidence, r.ImpactEvidence) {
			if !strings.Contains(subject, e) && !strings.Contains(body, e) {
				t.Errorf("evidence %q is nowhere in the mail", e)
			}
		}
		if r.Category.Name == "" || r.Kind == "" {
			t.Errorf("no category or kind: %+v", r)
		}
	})
}
