package search_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/store/search"
	"aismarttalk.tech/supportd/ticket"
)

// All that was written on a ticket can be found, by whomever.
func TestDocumentOfATicket(t *testing.T) {
	reporter := ticket.Participant{Name: "Åse Lund", Address: "aase@firma.example", Reporter: true}
	events := []ticket.Event{
		{Kind: ticket.EventOpened, Entry: &ticket.Entry{
			From: ticket.Address{Name: "Åse Lund", Address: "aase@firma.example"}, Subject: "Re: Faktura", Text: "Den mangler.",
			Attachments: []ticket.Attachment{{Filename: "faktura-2041.pdf"}},
		}},
		{Kind: ticket.EventAppended, Entry: &ticket.Entry{From: ticket.Address{Address: "bo@firma.example"}, Subject: "Og login", Text: "Heller ikke login virker."}},
		{Kind: ticket.EventFollowed, Other: id(2)},
		{Kind: ticket.EventResolved, Text: "Brug det nye link.", Verified: "Prøvet i test.", Limits: "Ikke på telefon."},
		{Kind: ticket.EventClosed, Reason: "Aftalt pr. telefon."},
	}
	tk := ticket.Ticket{
		ID: id(1), Subject: "Faktura", Updated: noon, Events: 5,
		Participants: []ticket.Participant{{Address: "bo@firma.example"}, reporter, {Name: "Cia", Address: "cia@firma.example"}},
	}
	want := search.Document{
		ID: id(1), Subject: "Faktura", Reporter: "Åse Lund\naase@firma.example", Version: search.Version{Updated: noon, Events: 5},
		Texts: []string{
			"Åse Lund\naase@firma.example\nfaktura-2041.pdf\nDen mangler.",
			"bo@firma.example\nOg login\nHeller ikke login virker.",
			"Brug det nye link.\nPrøvet i test.\nIkke på telefon.",
			"Aftalt pr. telefon.",
			"bo@firma.example\nCia\ncia@firma.example",
		},
	}
	if diff := cmp.Diff(want, search.DocumentOf(tk, events)); diff != "" {
		t.Error(diff)
	}
}
