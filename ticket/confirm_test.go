package ticket_test

import (
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

func TestConfirmation(t *testing.T) {
	for _, c := range []struct {
		language, text string
		want           ticket.Confirmation
	}{
		{"da", "Ja", ticket.ConfirmYes},
		{"da", "JA!", ticket.ConfirmYes},
		{"da", "Ja det var mig", ticket.ConfirmYes},
		{"da", "Hej\n\nJa, det er min mail.\n\nMvh Peter", ticket.ConfirmYes},
		{"da", "yes", ticket.ConfirmYes},
		{"da", "Nej", ticket.ConfirmNo},
		{"da", "Nej, det har jeg ikke skrevet.", ticket.ConfirmNo},
		{"da", "Tak for din mail. Jeg er på ferie til mandag.", ticket.ConfirmUnclear},
		{"da", "Jeg har skrevet den", ticket.ConfirmUnclear},
		{"da", "", ticket.ConfirmUnclear},
		{"da", "Hej\n\nKære support\n\nVi har ferielukket\n\nJa", ticket.ConfirmUnclear},
		{"pl", "Tak", ticket.ConfirmYes},
		{"pl", "Tak, to ja.", ticket.ConfirmYes},
		{"pl", "Nie ma mnie w biurze.", ticket.ConfirmUnclear},
		{"pl", "Nie.", ticket.ConfirmNo},
		{"es", "Sí", ticket.ConfirmYes},
		{"es", "Si, fui yo", ticket.ConfirmYes},
		{"es", "Si es urgente, llame al", ticket.ConfirmUnclear},
		{"es", "No estoy en la oficina", ticket.ConfirmUnclear},
		{"it", "Sì", ticket.ConfirmYes},
		{"fr", "Oui c'est moi", ticket.ConfirmYes},
		{"fr", "Non.", ticket.ConfirmNo},
		{"de", "Nein", ticket.ConfirmNo},
		{"nl", "Nee", ticket.ConfirmNo},
		{"nb", "Nei.", ticket.ConfirmNo},
		{"sv", "Japp", ticket.ConfirmYes},
		{"en", "No", ticket.ConfirmNo},
		{"en", "No one is at the office", ticket.ConfirmUnclear},
	} {
		if got := ticket.ReadConfirmation(c.text, c.language); got != c.want {
			t.Errorf("%s %q: %s, want %s", c.language, c.text, got, c.want)
		}
	}
}

// The token of a question opens nothing else, and nothing else opens it.
func TestConfirmToken(t *testing.T) {
	k := ring('1', '1')
	letter := ticket.LetterID([]byte("secret"), "confirm", 0)
	n := ticket.Notice{Ticket: letter, Kind: ticket.NoticeConfirm, To: ticket.Address{Address: "Kunde@firma.example"}, Facts: ticket.Facts{Mail: "01kap000000000000000"}}
	token := k.ConfirmToken(letter, n.Facts.Mail, "kunde@firma.example")
	if !k.VerifyConfirm(token, n) {
		t.Error("not believed")
	}
	if _, ok := k.VerifyReply(token, letter, []ticket.Participant{{Address: "kunde@firma.example"}}); ok {
		t.Error("it is a reply token too")
	}
	other, someone, ack := n, n, n
	other.Facts.Mail = "01kap000000000000001"
	someone.To.Address = "fremmed@andet.example"
	ack.Kind = ticket.NoticeAcknowledgement
	for what, c := range map[string]struct {
		token string
		n     ticket.Notice
	}{
		"another mail":    {token, other},
		"another person":  {token, someone},
		"another letter":  {token, ack},
		"a reply token":   {k.ReplyToken(letter, "kunde@firma.example"), n},
		"another key":     {ring('1', '1', '2').ConfirmToken(letter, n.Facts.Mail, "x@firma.example"), n},
		"cut short":       {token[:len(token)-1], n},
		"one letter else": {token[:len(token)-1] + flip(token[len(token)-1]), n},
		"none":            {"", n},
	} {
		if k.VerifyConfirm(c.token, c.n) {
			t.Errorf("%s is believed", what)
		}
	}
}

func flip(c byte) string {
	if c == '0' {
		return "1"
	}
	return "0"
}
