package parser

import (
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// TestAutomatic shows what makes a mail automatic, and what does not.
func TestAutomatic(t *testing.T) {
	p, err := New(Config{OwnDomains: []string{"desk.example"}})
	if err != nil {
		t.Fatal(err)
	}
	const answers = "In-Reply-To: <n1@desk.example>\n"
	for _, tt := range []struct {
		name, header string
		kind         ticket.AutomaticKind // "" for a person
	}{
		{"nothing", "", ""},
		{"Auto-Submitted: no", "Auto-Submitted: no\n", ""},
		{"Auto-Submitted: no, with a comment", "Auto-Submitted: no; by=kunde\n", ""},
		{"an automatic answer", "Auto-Submitted: auto-replied\n", ticket.AutomaticReply},
		{"an automatic mail", "Auto-Submitted: auto-generated\n", ticket.AutomaticNotification},
		{"a value of tomorrow", "Auto-Submitted: auto-notified; owner-email=x\n", ticket.AutomaticNotification},
		{"Precedence: bulk", "Precedence: bulk\n", ticket.AutomaticBulk},
		{"Precedence: JUNK", "Precedence: JUNK\n", ticket.AutomaticBulk},
		{"Precedence: list", "Precedence: list\n", ticket.AutomaticList},
		{"Precedence: auto_reply", "Precedence: auto_reply\n", ticket.AutomaticReply},
		{"Precedence: first-class", "Precedence: first-class\n", ""},
		{"List-Id", "List-Id: <a.b.example>\n", ticket.AutomaticList},
		{"List-Unsubscribe", "List-Unsubscribe: <mailto:a@b.example>\n", ticket.AutomaticBulk},
		{"no automatic answers, please", "X-Auto-Response-Suppress: OOF, AutoReply\n", ticket.AutomaticReply},
		{"no receipts, please", "X-Auto-Response-Suppress: DR, RN, NRN\n", ""},
		{"X-Auto-Response-Suppress: None", "X-Auto-Response-Suppress: None\n", ""},
		{"X-Autoreply", "X-Autoreply: yes\n", ticket.AutomaticReply},
		{"X-Autoreply: no", "X-Autoreply: no\n", ""},
		{"X-Loop", "X-Loop: a@b.example\n", ticket.AutomaticLoop},
		{"bad-input 90: our own loop header, forged", "X-Supportd-Loop: x\n", ""},
		{"a null return path", "Return-Path: <>\n", ticket.AutomaticNotification},
		{"a return path", "Return-Path: <kunde@firma.example>\n", ""},
		{"no-reply", "From: No-Reply <no-reply@firma.example>\n", ticket.AutomaticNotification},
		{"ikke-svar", "From: ikke-svar@firma.example\n", ticket.AutomaticNotification},
		{"the postmaster's machine", "From: postmaster@firma.example\n", ticket.AutomaticNotification},
		{"the postmaster in person", "From: postmaster@firma.example\nUser-Agent: Thunderbird\n", ""},
		{"a vacation answer to us", answers + "Subject: Fraværende: Re: Login\n", ticket.AutomaticVacation},
		{"a vacation answer to us, Finnish", answers + "Subject: Poissa: Re: Login\n", ticket.AutomaticVacation},
		{"a vacation answer to us, German", answers + "Subject: Abwesenheitsnotiz\n", ticket.AutomaticVacation},
		{"a vacation answer before a reply's prefix", "Subject: Automatic reply: Re: Login\n", ticket.AutomaticVacation},
		{"a vacation answer to others", "In-Reply-To: <x@other.example>\nSubject: Fraværende\n", ""},
		{"a person on automatic answers", "Subject: Autosvar virker ikke\n", ""},
		{"a person on automatic answers, replying", answers + "Subject: Re: Autosvar virker ikke\n", ""},
		{"a person on his automobile", answers + "Subject: Automobil\n", ""},
		{"a person on absence", "Subject: Fravær: hvordan registreres det?\n", ""},
		{"an invitation", "Content-Type: text/calendar; method=REQUEST\n", ""},
		{"an answer to an invitation", "Content-Type: text/calendar; method=REPLY\n", ticket.AutomaticCalendar},
	} {
		t.Run(tt.name, func(t *testing.T) {
			header := tt.header
			if !hasField(header, "From: ") {
				header += "From: kunde@firma.example\n"
			}
			if !hasField(header, "Subject: ") {
				header += "Subject: Login\n"
			}
			m := p.Parse([]byte(header + "\nHej, vi er på ferie.\n"))
			if m.Automatic.Is != (tt.kind != "") || m.Automatic.Kind != tt.kind {
				t.Errorf("got %+v, want %q", m.Automatic, tt.kind)
			}
			if m.Automatic.Is != (len(m.Automatic.Reasons) > 0) {
				t.Errorf("reasons are %q", m.Automatic.Reasons)
			}
		})
	}
}

func hasField(header, name string) bool {
	h, _, _, _ := splitHeader([]byte(header+"\n"), 1<<10, 50)
	return h.has(map[string]string{"From: ": "from", "Subject: ": "subject"}[name])
}

// TestNoBounce shows mails that speak of bounces and are none.
func TestNoBounce(t *testing.T) {
	p := newParser(t)
	const said = "\n550 5.1.1 <anden@kunde.example>: Recipient address rejected: User unknown. Your message could not be delivered.\n"
	for name, header := range map[string]string{
		"a person asks":                 "From: kunde@firma.example\nSubject: Undelivered Mail Returned to Sender\n",
		"a postmaster asks":             "From: Postmaster <postmaster@firma.example>\nSubject: Delivery failed\nUser-Agent: Thunderbird\n",
		"a vacation answer":             "From: kunde@firma.example\nSubject: Automatisk svar: Login\nReturn-Path: <>\nAuto-Submitted: auto-replied\n",
		"a vacation answer, headerless": "From: kunde@firma.example\nSubject: Tak for din mail\nReturn-Path: <>\n",
	} {
		if m := p.Parse([]byte(header + said)); m.Bounce.Is || len(m.Bounce.Recipients) > 0 {
			t.Errorf("%s: %+v", name, m.Bounce)
		}
	}
}

// TestStatusRecipients shows delivery statuses as servers write them.
func TestStatusRecipients(t *testing.T) {
	for _, tt := range []struct {
		name, status string
		want         []ticket.BouncedRecipient
	}{
		{"as the RFC wants it", "Reporting-MTA: dns; mx.firma.example\n\nFinal-Recipient: rfc822; kunde@firma.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown\n",
			[]ticket.BouncedRecipient{{Address: "kunde@firma.example", Action: "failed", Status: "5.1.1", Diagnostic: "550 5.1.1 unknown"}}},
		{"the address that we wrote to", "Original-Recipient: rfc822; kunde@firma.example\nFinal-Recipient: rfc822; a@mx.firma.example\nAction: failed\nStatus: 5.2.2\n",
			[]ticket.BouncedRecipient{{Address: "kunde@firma.example", Action: "failed", Status: "5.2.2"}}},
		{"two recipients", "Final-Recipient: rfc822; kunde@firma.example\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; anden@firma.example\nAction: delayed\nStatus: 4.2.2\n",
			[]ticket.BouncedRecipient{{Address: "kunde@firma.example", Action: "failed", Status: "5.1.1"}, {Address: "anden@firma.example", Action: "delayed", Status: "4.2.2"}}},
		{"two recipients without a blank line", "Final-Recipient: rfc822; kunde@firma.example\nAction: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822; anden@firma.example\nAction: failed\nStatus: 5.1.1\n",
			[]ticket.BouncedRecipient{{Address: "kunde@firma.example", Action: "failed", Status: "5.1.1"}, {Address: "anden@firma.example", Action: "failed", Status: "5.1.1"}}},
		{"a blank line inside", "Final-Recipient: rfc822; kunde@firma.example\n\nAction: failed\nStatus: 5.1.1\n",
			[]ticket.BouncedRecipient{{Address: "kunde@firma.example", Action: "failed", Status: "5.1.1"}}},
		{"no type before the address, a folded reason", "Final-Recipient: <kunde@firma.example>\nAction: Failed (bounced)\nStatus: 5.0.0 (permanent)\nDiagnostic-Code: smtp; 552\n 5.2.2 mailbox\n full\n",
			[]ticket.BouncedRecipient{{Address: "kunde@firma.example", Action: "failed", Status: "5.2.2", Diagnostic: "552 5.2.2 mailbox full"}}},
		{"no status, but words", "Final-Recipient: rfc822; kunde@firma.example\nAction: failed\nDiagnostic-Code: smtp; user unknown\n",
			[]ticket.BouncedRecipient{{Address: "kunde@firma.example", Action: "failed", Status: "5.1.1", Diagnostic: "user unknown"}}},
		{"no action, a transient status", "Final-Recipient: rfc822; kunde@firma.example\nStatus: 4.4.1\n",
			[]ticket.BouncedRecipient{{Address: "kunde@firma.example", Action: "delayed", Status: "4.4.1"}}},
		{"nothing of use", "Hello\n\nWorld\n", []ticket.BouncedRecipient{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := statusRecipients([]byte(tt.status))
			if len(got) != len(tt.want) {
				t.Fatalf("got %+v", got)
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Errorf("got %+v, want %+v", got[i], tt.want[i])
				}
			}
		})
	}
}

func TestEnhancedCode(t *testing.T) {
	for in, want := range map[string]string{
		"550 5.1.1 unknown":        "5.1.1",
		"(#4.4.2)":                 "4.4.2",
		"5.7.509 denied":           "5.7.509",
		"host 5.1.1.7 said no":     "",
		"version 15.4.2":           "",
		"host [192.0.2.5] timeout": "",
		"":                         "",
	} {
		if got := enhancedCode(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
