package desk_test

import (
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// Letters lead to pages: those to staff to the ticket in the console, those to its reporter
// to where it stands.
func TestLettersLeadToPages(t *testing.T) {
	h := consoleHouse(t)
	id := h.receive(h.mail(client, "Emne", "Den svarer ikke.")).Ticket
	want := map[ticket.NoticeKind]string{
		ticket.NoticeAcknowledgement: "https://support.firma.example/t/",
		ticket.NoticeStaffNew:        "https://support.firma.example/console/tickets/" + string(id),
	}
	h.wantNotices(id, ticket.NoticeAcknowledgement, ticket.NoticeStaffNew)
	for number := 1; number <= len(want); number++ {
		if n := h.notice(id, number); !strings.HasPrefix(n.Facts.Link, want[n.Kind]) {
			t.Errorf("%s leads to %q, want %q", n.Kind, n.Facts.Link, want[n.Kind])
		}
	}
}
