package desk_test

import (
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// merged are two tickets, of two reporters who know nothing of each other; the second
// goes on in the first.
func merged(t *testing.T) (h *house, first, second ticket.ID) {
	h = memory(t, readers(t, atEight, "support"))
	first = h.opened("Fakturaer til Hansen mangler")
	second = h.receive(h.mail(stranger, "Kan ikke se mine bilag", "De er væk")).Ticket
	h.must(second, "support", ticket.Order{Verb: ticket.VerbMerge, Into: first})
	return h, first, second
}

// The reporter of a duplicate is told the state under his own ID and subject: those
// of the other reporter are not for him.
func TestStatusOfADuplicateNamesItsOwn(t *testing.T) {
	h, first, second := merged(t)
	h.want(h.receive(h.mail(stranger, "Re: Kan ikke se mine bilag ["+string(second)+"]", "Status?")), ticket.OutcomeAppended, first)
	n := h.notice(first, h.ticket(first).Notices)
	if n.Kind != ticket.NoticeStatus || n.To.Address != stranger {
		t.Fatalf("the last letter is %s to %s", n.Kind, n.To.Address)
	}
	if n.Facts.Subject != "Kan ikke se mine bilag" || n.Facts.Shown != second {
		t.Errorf("it is about %q and shows %s", n.Facts.Subject, n.Facts.Shown)
	}
}

// The same words again, under another Message-ID, follow their ticket into the one
// that it was merged into.
func TestRepetitionFollowsAMerge(t *testing.T) {
	h, first, second := merged(t)
	h.want(h.receive(h.mail(stranger, "Kan ikke se mine bilag", "De er væk")), ticket.OutcomeAppended, first)
	if got := h.ticket(second).Entries; got != 1 {
		t.Errorf("the duplicate, which is closed, has %d mails", got)
	}
}
