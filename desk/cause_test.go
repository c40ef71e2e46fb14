package desk_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/sent"
	"aismarttalk.tech/supportd/ticket"
)

// sentLetters is what left before the store lost it.
type sentLetters []sent.Letter

func (s *sentLetters) Find(key string) (sent.Letter, bool) {
	i := slices.IndexFunc(*s, func(l sent.Letter) bool { return l.Key == key })
	if i < 0 {
		return sent.Letter{}, false
	}
	return (*s)[i], true
}

func (s *sentLetters) Highest(id ticket.ID) (highest int) {
	for _, l := range *s {
		if l.Ticket == id {
			highest = max(highest, l.Number)
		}
	}
	return highest
}

// forget gives the house an empty store in place of the one that it has, and a desk
// that knows what has left.
func (h *house) forget(left *sentLetters) {
	h.t.Helper()
	s, err := store.New(memkv.New(), store.Config{})
	if err != nil {
		h.t.Fatal(err)
	}
	h.store = s
	h.desk, err = desk.New(h.config, secrets, desk.Deps{Store: s, Now: func() time.Time { return h.now }, Sent: left, Log: zerolog.Nop()})
	if err != nil {
		h.t.Fatal(err)
	}
}

// pay sends what is due.
func (h *house) pay(left *sentLetters) {
	h.t.Helper()
	ctx, outbox := context.Background(), store.NewOutbox(h.store)
	leased, err := outbox.Lease(ctx, h.now.Add(time.Hour), time.Minute, 1000)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, l := range leased {
		*left = append(*left, sent.Letter{Key: l.Notice.Sending(), Ticket: l.Notice.Ticket, Number: l.Notice.Number, At: h.now, Reply: "250 ok"})
		if err := outbox.Sent(ctx, l, h.now, "250 ok"); err != nil {
			h.t.Fatal(err)
		}
	}
}

// owed lists the letters that wait, by ticket, number and kind.
func (h *house) owed() (owed []string) {
	h.t.Helper()
	for n, err := range h.store.AllNoticesIn(context.Background(), ticket.NoticeQueued, time.Time{}) {
		if err != nil {
			h.t.Fatal(err)
		}
		owed = append(owed, fmt.Sprintf("%s.%d %s", n.Ticket, n.Number, n.Kind))
	}
	return owed
}

// The store is emptied and the mails are filed again, in another order: their letters
// get their numbers back and are recorded as sent; a letter of a command that is given
// again leaves, under a number that no letter ever had.
func TestLettersThatLeftAreNotOwedAgain(t *testing.T) {
	h := memory(t, readers(t, atEight, "support"))
	left := &sentLetters{}
	h.forget(left)
	first := h.mail("kunde@firma.example", "Fejl", "Chatbotten svarer ikke.")
	out := h.receive(first)
	id := out.Ticket
	h.pay(left)
	classify := ticket.Order{Verb: ticket.VerbClassify, Severity: ticket.SeverityHigh, Category: "login"}
	if err := h.order(id, classify, ticket.RoleSupport); err != nil {
		t.Fatal(err)
	}
	h.pay(left)
	more := h.mail("kunde@firma.example", "SV: Fejl", "Heller ikke i dag.", answering(h.keys.MessageID(id, 1, "aismarttalk.tech")))
	h.want(h.receive(more), ticket.OutcomeAppended, id)
	held := h.mail("fremmed@andet.example", "SV: Fejl", "Hvad med mig?", answering(h.keys.MessageID(id, 1, "aismarttalk.tech")))
	h.want(h.receive(held), ticket.OutcomeHeld, id)
	h.pay(left)
	if owed := h.owed(); len(owed) > 0 {
		t.Fatalf("not all was sent: %q", owed)
	}
	before := h.allNotices(id)
	highest := left.Highest(id)

	h.forget(left)
	for _, in := range []desk.Incoming{first, held, more} {
		h.receive(in)
	}
	if owed := h.owed(); len(owed) > 0 {
		t.Errorf("owed again: %q", owed)
	}
	for _, n := range h.allNotices(id) {
		i := slices.IndexFunc(before, func(b ticket.Notice) bool { return b.Number == n.Number })
		if i < 0 || before[i].Kind != n.Kind || n.State != ticket.NoticeSent || !n.Sent.Equal(before[i].Sent) || n.Identity != before[i].Identity {
			t.Errorf("letter %d is now the %s, %s at %v", n.Number, n.Kind, n.State, n.Sent)
		}
	}
	if err := h.order(id, classify, ticket.RoleSupport); err != nil {
		t.Fatal(err)
	}
	if want := []string{fmt.Sprintf("%s.%d classified", id, highest+1)}; !slices.Equal(h.owed(), want) {
		t.Errorf("given again the command owes %q, want %q", h.owed(), want)
	}
}

func (h *house) allNotices(id ticket.ID) []ticket.Notice {
	h.t.Helper()
	all, err := h.store.Notices(context.Background(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

// A letter that had not left when the store was lost is owed still.
func TestLettersThatHadNotLeftAreOwedStill(t *testing.T) {
	h := memory(t)
	left := &sentLetters{}
	first, second := h.mail("a@firma.example", "Fejl", "Intet svar."), h.mail("b@andet.example", "Fejl", "Langsom.")
	h.forget(left)
	h.receive(first)
	h.pay(left)
	id := h.receive(second).Ticket
	h.forget(left)
	h.receive(second)
	h.receive(first)
	if want := []string{fmt.Sprintf("%s.1 acknowledgement", id)}; !slices.Equal(h.owed(), want) {
		t.Errorf("owed: %q, want %q", h.owed(), want)
	}
}

// What the clock owes, it owes once, though the store has forgotten that it paid: a
// broken promise, and the day's list.
func TestTheClockOwesOnce(t *testing.T) {
	h := memory(t, readers(t, atEight, "support"), promising)
	left := &sentLetters{}
	h.forget(left)
	in := h.mail("kunde@firma.example", "Fejl", "Chatbotten svarer ikke.")
	began, due := h.now, h.now.AddDate(0, 0, 7)
	live := func(until time.Time) {
		h.now = began
		h.receive(in)
		h.schedule()
		h.now = until
		h.chores()
	}
	live(due)
	var kinds []string
	for _, o := range h.owed() {
		_, kind, _ := strings.Cut(o, " ")
		kinds = append(kinds, kind)
	}
	if slices.Sort(kinds); !slices.Equal(kinds, []string{"acknowledgement", "digest", "staff-new", "staff-overdue", "staff-overdue"}) {
		t.Fatalf("the clock and a mail owe %q", kinds)
	}
	h.pay(left)

	h.forget(left)
	live(due.Add(time.Minute))
	if owed := h.owed(); len(owed) > 0 {
		t.Errorf("owed again: %q", owed)
	}
}

// One mail may owe somebody two letters of a kind. Both leave, and neither again.
func TestTwoLettersOfAKindByOneMail(t *testing.T) {
	h := memory(t, staffed, checked)
	left := &sentLetters{}
	h.forget(left)
	first := h.mail("kunde@firma.example", "Fejl", "Chatbotten svarer ikke.", dmarc("pass", "kunde@firma.example"))
	id := h.receive(first).Ticket
	h.pay(left)
	twice := h.answer(id, anne, "#alvorlighed kritisk\n#svar\nVi ser på det.\n#svar\nVi ser på det.", dmarc("pass", anne))
	h.want(h.receive(twice), ticket.OutcomeCommand, id)
	var sendings []string
	for _, n := range h.allNotices(id) {
		if slices.Contains(sendings, n.Sending()) || n.Sending() == "" {
			t.Errorf("letter %d, the %s, has the identity of another", n.Number, n.Kind)
		}
		sendings = append(sendings, n.Sending())
	}
	replies := 0
	for _, o := range h.owed() {
		if strings.HasSuffix(o, " reply") {
			replies++
		}
	}
	if replies != 2 {
		t.Fatalf("two answers owe %q", h.owed())
	}
	h.pay(left)

	h.forget(left)
	h.receive(first)
	h.receive(twice)
	if owed := h.owed(); len(owed) > 0 {
		t.Errorf("owed again: %q", owed)
	}
}
