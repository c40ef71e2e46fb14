package classifier

import (
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

func mail(subject, body string, marks ...ticket.Header) ticket.Message {
	return ticket.Message{Subject: subject, Reply: body, Marks: marks}
}

func TestPriorityHeaders(t *testing.T) {
	c := newClassifier(t)
	for _, h := range []struct {
		name, value string
		want        ticket.Severity
	}{
		{"X-Priority", "1", ticket.SeverityHigh},
		{"X-Priority", "1 (Highest)", ticket.SeverityHigh},
		{"x-priority", "2", ticket.SeverityHigh},
		{"X-Priority", "3", ticket.SeverityNormal},
		{"X-Priority", "5 (Lowest)", ticket.SeverityLow},
		{"X-MSMail-Priority", "High", ticket.SeverityHigh},
		{"X-MSMail-Priority", "Normal", ticket.SeverityNormal},
		{"Importance", "HIGH", ticket.SeverityHigh},
		{"Importance", "low", ticket.SeverityLow},
		{"Priority", "urgent", ticket.SeverityHigh},
		{"Priority", "non-urgent", ticket.SeverityLow},
		{"Priority", "normal", ticket.SeverityNormal},
		{"X-Our-Priority", "critical", ticket.SeverityNormal},
	} {
		got := c.Classify(mail("Målinger", "Se vedhæftede.", ticket.Header{Name: h.name, Value: h.value})).Claim
		if got.Severity != h.want {
			t.Errorf("%s: %s: got %s, want %s", h.name, h.value, got.Severity, h.want)
		}
		if want := h.name + ": " + h.value; h.want != ticket.SeverityNormal && (got.Evidence != want || got.Where != ticket.WhereHeader) {
			t.Errorf("%s: evidence %q in %s", want, got.Evidence, got.Where)
		}
	}
}

// The strongest mark that nothing cancels wins, wherever it stands; among equals
// the subject goes before the body and the body before the headers.
func TestConflicts(t *testing.T) {
	c := newClassifier(t)
	high, low := ticket.Header{Name: "Importance", Value: "high"}, ticket.Header{Name: "Importance", Value: "low"}
	for _, x := range []struct {
		name     string
		m        ticket.Message
		severity ticket.Severity
		where    string
	}{
		{"header beats a negated mark", mail("Ikon", "Det haster ikke.", high), ticket.SeverityHigh, ticket.WhereHeader},
		{"word beats header", mail("Kassen", "Det er kritisk.", low), ticket.SeverityCritical, ticket.WhereBody},
		{"subject before body", mail("KRITISK: kassen", "Det er kritisk."), ticket.SeverityCritical, ticket.WhereSubject},
		{"body before header", mail("Kassen", "Det haster.", high), ticket.SeverityHigh, ticket.WhereBody},
		{"stronger body before subject", mail("Haster: kassen", "Det er kritisk."), ticket.SeverityCritical, ticket.WhereBody},
		{"negated body and subject mark", mail("[KRITISK] kassen", "Det haster ikke med svar."), ticket.SeverityCritical, ticket.WhereSubject},
		{"a subject passed on is not his", mail("Fwd: KRITISK", "Det haster."), ticket.SeverityHigh, ticket.WhereBody},
		{"an answered one is", mail("SV: KRITISK", "Tak."), ticket.SeverityCritical, ticket.WhereSubject},
		{"VS answers in Finnish", mail("VS: KIIREELLINEN", "Kiitos, mutta se ei vielä toimi meillä kunnolla."), ticket.SeverityHigh, ticket.WhereSubject},
		{"VS passes on in Danish", mail("VS: HASTER", "Til jeres orientering, det er ikke til os."), ticket.SeverityNormal, ticket.WhereNone},
	} {
		if got := c.Classify(x.m).Claim; got.Severity != x.severity || got.Where != x.where {
			t.Errorf("%s: got %s in %s by %s, want %s in %s", x.name, got.Severity, got.Where, got.Rule, x.severity, x.where)
		}
	}
}

func TestMachinesClaimNothing(t *testing.T) {
	m := mail("Autosvar", "Jeg er på ferie. Haster det, så er det kritisk at ringe til Ole. Alle systemer er nede.")
	m.Automatic = ticket.Automatic{Is: true, Kind: ticket.AutomaticVacation}
	if r := newClassifier(t).Classify(m); r.Claim.Severity != ticket.SeverityNormal || r.Impact != "" {
		t.Errorf("claim %+v, impact %q", r.Claim, r.Impact)
	}
}
