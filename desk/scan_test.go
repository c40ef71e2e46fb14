package desk_test

import (
	"strings"
	"testing"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
)

// scanned makes a mail of which scanners said something.
func scanned(s ticket.Scan) func(*desk.Incoming) {
	return func(in *desk.Incoming) { in.Scan = &s }
}

var (
	infected  = ticket.Scan{Result: ticket.ScanInfected, Found: "Test.Virus"}
	unscanned = ticket.Scan{Result: ticket.ScanUnscanned, Missed: []string{"clamd: no verdict"}}
	spam      = ticket.Scan{Result: ticket.ScanClean, Spam: &ticket.SpamScan{Action: ticket.SpamReject, Said: "reject", Score: 20, Required: 15}}
	marked    = ticket.Scan{Result: ticket.ScanClean, Spam: &ticket.SpamScan{Action: ticket.SpamFlag, Said: "greylist", Score: 5, Required: 15}}
)

// What becomes of a mail for what scanners said of it (bad-input 116, 117). It is
// never dropped, and never answered because of it.
func TestScannedMail(t *testing.T) {
	hold := func(c *desk.Config) { c.OnUnscanned = desk.UnscannedHold }
	automatic := func(in *desk.Incoming) {
		in.Message.Automatic = ticket.Automatic{Is: true, Kind: ticket.AutomaticNotification, Reasons: []string{"Auto-Submitted"}}
	}
	for _, c := range []struct {
		name    string
		config  func(*desk.Config)
		options []func(*desk.Incoming)
		outcome ticket.OutcomeKind
		told    int // letters to staff
		flag    string
	}{
		{"clean", nil, []func(*desk.Incoming){scanned(ticket.Scan{Result: ticket.ScanClean})}, ticket.OutcomeOpened, 0, ""},
		{"a virus", nil, []func(*desk.Incoming){scanned(infected)}, ticket.OutcomeHeld, 2, ""},
		{"a virus from a machine", nil, []func(*desk.Incoming){scanned(infected), automatic}, ticket.OutcomeHeld, 2, ""},
		{"no verdict", nil, []func(*desk.Incoming){scanned(unscanned)}, ticket.OutcomeOpened, 0, ticket.FlagUnscanned},
		{"no verdict, and none wanted without", hold, []func(*desk.Incoming){scanned(unscanned)}, ticket.OutcomeHeld, 2, ""},
		{"spam", nil, []func(*desk.Incoming){scanned(spam)}, ticket.OutcomeHeld, 0, ""},
		{"perhaps spam", nil, []func(*desk.Incoming){scanned(marked)}, ticket.OutcomeOpened, 0, ticket.FlagSpam},
	} {
		t.Run(c.name, func(t *testing.T) {
			options := []func(*desk.Config){staffed, checked}
			if c.config != nil {
				options = append(options, c.config)
			}
			h := memory(t, options...)
			in := h.mail(client, "Emne", "Tekst", append(c.options, dmarc("pass", client))...)
			out := h.receive(in)
			h.want(out, c.outcome, out.Ticket)
			if c.outcome == ticket.OutcomeHeld {
				letters := h.lettersOf(in.Mail)
				if len(letters) != c.told {
					t.Errorf("%d letters: %+v", len(letters), letters)
				}
				for _, l := range letters {
					if l.Kind != ticket.NoticeStaffHeld {
						t.Errorf("a letter %s to %s", l.Kind, l.To.Address)
					}
				}
				return
			}
			flags := strings.Join(h.ticket(out.Ticket).Flags, " ")
			if c.flag != "" && !strings.Contains(flags, c.flag) || c.flag == "" && flags != "" {
				t.Errorf("flags %q, want %q", flags, c.flag)
			}
		})
	}
}

// The same virus again is a duplicate, and staff are not told again.
func TestVirusSentTwice(t *testing.T) {
	h := memory(t, staffed, checked)
	in := h.mail(client, "Emne", "Tekst", scanned(infected), dmarc("pass", client))
	h.want(h.receive(in), ticket.OutcomeHeld, "")
	again := h.mail(client, "Emne", "Tekst", scanned(infected), dmarc("pass", client))
	again.Message.MessageID, again.Message.ContentHash = in.Message.MessageID, in.Message.ContentHash
	h.want(h.receive(again), ticket.OutcomeDuplicate, "")
	if letters := h.lettersOf(again.Mail); len(letters) != 0 {
		t.Errorf("%+v", letters)
	}
}

// A virus in an answer touches no ticket; the one it was for is suspected. A verified
// participant is believed more than the spam filter.
func TestScannedAnswers(t *testing.T) {
	h := memory(t, staffed, checked)
	id := h.receive(h.mail(client, "Emne", "Første", dmarc("pass", client))).Ticket
	answer := func(s ticket.Scan, verdict string) ticket.Outcome {
		return h.receive(h.mail(client, "Emne", "Svar", answering("mail1@firma.example"), dmarc(verdict, client), scanned(s)))
	}
	h.want(answer(infected, "pass"), ticket.OutcomeHeld, id)
	if h.ticket(id).Entries != 1 {
		t.Error("the ticket was touched")
	}
	h.want(answer(spam, "fail"), ticket.OutcomeHeld, id)
	h.want(answer(spam, "pass"), ticket.OutcomeAppended, id)
}
