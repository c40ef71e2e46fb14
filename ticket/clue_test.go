package ticket_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/ticket"
)

func TestClues(t *testing.T) {
	k := ring('1', '1')
	id := func(n int) ticket.ID { return ticket.DeriveID("AIS", secret, "mail", n) }
	token := k.ReplyToken(id(0), "kunde@firma.example")
	parts := []struct {
		kind ticket.SegmentKind
		text string
	}{
		{ticket.SegmentText, "Se også " + string(id(1)) + "\n"},
		{ticket.SegmentSignature, "-- \nKunde\n"},
		{ticket.SegmentQuote, "> Billet " + string(id(2)) + "\n"},
		{ticket.SegmentForward, "Videresendt: " + string(id(3)) + "\n"},
	}
	m := ticket.Message{
		Subject:    "SV: Emne [" + string(id(4)) + "]",
		To:         []ticket.Address{{Address: "Contact+Support+" + strings.ToUpper(token) + "@aismarttalk.tech"}, {Address: "contact+support+hej@aismarttalk.tech"}},
		InReplyTo:  []string{"c@x"},
		References: []string{"a@x", "b@x", "c@x"},
	}
	for _, p := range parts {
		start := len(m.Text)
		m.Text += p.text
		m.Segments = append(m.Segments, ticket.Segment{Kind: p.kind, Start: start, End: len(m.Text)})
	}
	want := []ticket.Clue{
		{Kind: ticket.ClueToken, Value: token},
		{Kind: ticket.ClueReference, Value: "c@x"}, {Kind: ticket.ClueReference, Value: "b@x"}, {Kind: ticket.ClueReference, Value: "a@x"},
		{Kind: ticket.ClueSubjectID, Value: string(id(4))},
		{Kind: ticket.ClueTextID, Value: string(id(1))},
		{Kind: ticket.ClueQuotedID, Value: string(id(2))},
	}
	if diff := cmp.Diff(want, ticket.Clues(m, []string{"contact+support@aismarttalk.tech"}, "AIS")); diff != "" {
		t.Errorf("clues (-want +got):\n%s", diff)
	}
	m.Subject = "SV: VS: Emne [" + string(id(4)) + "]"
	for _, c := range ticket.Clues(m, nil, "AIS") {
		if c.Kind == ticket.ClueSubjectID {
			t.Errorf("an ID behind a forward prefix counts: %v", c)
		}
	}
}
