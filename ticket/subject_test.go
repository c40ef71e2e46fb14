package ticket_test

import (
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// ID stands for a tracking ID in the tables below.
func withID(s string) string {
	return strings.ReplaceAll(s, "ID", string(ticket.DeriveID("AIS", secret, "mail", 0)))
}

func TestBareSubject(t *testing.T) {
	for in, want := range map[string]string{
		"Chatbot svarer ikke":                "Chatbot svarer ikke",
		"Re: SV: AW: Chatbot svarer ikke":    "Chatbot svarer ikke",
		"Re[2]: Fwd: RE(3): Re^4:  Chatbot ": "Chatbot",
		"Re：Chatbot":                         "Chatbot",
		"Fejl: login":                        "Fejl: login",
		"Fejl: Re: login":                    "Fejl: Re: login",
		"Rent: 14 dage":                      "Rent: 14 dage",
		"R: er væk":                          "R: er væk",
		"  ":                                 "",
		"Re:":                                "",

		"ID":                             "",
		"Re: Chatbot svarer ikke [ID]":   "Chatbot svarer ikke",
		"[ID] SV: Chatbot":               "Chatbot",
		"Re: [ID] SV: Chatbot (ID) [ID]": "Chatbot",
		"Chatbot [ ID ]":                 "Chatbot",
		"Chatbot ID":                     "Chatbot",

		// Letters said "Hvad sker der med ?".
		"Hvad sker der med ID?":          "Hvad sker der med ID?",
		"Re: Hvad sker der med ID? [ID]": "Hvad sker der med ID?",
		"Svar på ID mangler":             "Svar på ID mangler",
		"Chatbot [OPS-7K3Q-M2XQ]":        "Chatbot [OPS-7K3Q-M2XQ]",
	} {
		in, want := withID(in), withID(want)
		got := ticket.BareSubject(in, "AIS")
		if got != want {
			t.Errorf("BareSubject(%q) = %q, want %q", in, got, want)
		}
		if again := ticket.BareSubject(got, "AIS"); again != got {
			t.Errorf("BareSubject(%q) = %q", got, again)
		}
	}
}

func TestForwarded(t *testing.T) {
	for subject, want := range map[string]bool{
		"Chatbot": false, "SV: Chatbot": false, "VS: Chatbot": true, "SV: Fwd[2]: Chatbot": true, "I: Chatbot": true,
		"Fwd：Chatbot": true, "Fejl: Fwd: Chatbot": false, "": false,
	} {
		if got := ticket.Forwarded(subject); got != want {
			t.Errorf("Forwarded(%q) = %v", subject, got)
		}
	}
}
