package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/ticket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const support = "contact+support@aismarttalk.tech"

// house is a desk over a store in memory, with a clock that stands still.
type house struct {
	t       testing.TB
	desk    *desk.Desk
	store   *store.Store
	now     time.Time
	keys    ticket.Keyring
	mails   int
	relayed bool // mail comes through a trusted relay
	config  desk.Config
}

var secrets = desk.Secrets{
	Tickets: bytes.Repeat([]byte("t"), 32),
	Keys:    ticket.Keyring{Current: '1', Keys: map[byte][]byte{'1': bytes.Repeat([]byte("k"), 32)}},
}

func newHouse(t testing.TB, b store.Backend, change ...func(*desk.Config)) *house {
	t.Helper()
	copenhagen, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.New(b, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, store: s, now: time.Date(2026, 11, 23, 13, 5, 0, 0, time.UTC), keys: secrets.Keys}
	c := desk.Config{
		Addresses: []string{support}, Prefix: "AIS",
		Policy:         ticket.Policy{ReopenWindow: 14 * 24 * time.Hour, QuietDays: 5, RemindDays: []int{3, 7}, Location: copenhagen},
		Calendar:       ticket.Calendar{FirstMonday: time.Date(2026, 1, 5, 0, 0, 0, 0, copenhagen), Weeks: 2, Capacity: 2, Location: copenhagen},
		PlanAfter:      24 * time.Hour,
		Categories:     []string{"login", "billing", ticket.CategoryOther},
		Correspondence: ticket.Correspondence{Languages: []string{"da", "en"}, Default: "da"},
	}
	for _, f := range change {
		f(&c)
	}
	h.relayed, h.config = len(c.TrustedRelays) > 0, c
	h.desk, err = desk.New(c, secrets, desk.Deps{Store: s, Now: func() time.Time { return h.now }, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func memory(t testing.TB, change ...func(*desk.Config)) *house {
	return newHouse(t, memkv.New(), change...)
}

// mail makes a mail from a person to us, which the options change.
func (h *house) mail(from, subject, text string, options ...func(*desk.Incoming)) desk.Incoming {
	h.mails++
	key := fmt.Sprintf("mail%d", h.mails)
	in := desk.Incoming{
		Mail:     key,
		Envelope: journal.Envelope{Received: h.now, From: from, To: []string{support}, Peer: "127.0.0.1:40000", Protocol: "ESMTP"},
		Message: ticket.Message{
			MessageID: key + "@firma.example", Subject: subject, From: ticket.Address{Address: from}, Identified: true,
			To: []ticket.Address{{Address: support}}, Text: text, Reply: text,
			Segments: []ticket.Segment{{Kind: ticket.SegmentText, End: len(text)}}, ContentHash: "hash of " + key,
		},
		Reading: ticket.Reading{
			Language: "da", LanguageSure: true, Kind: ticket.KindBug, Category: ticket.Category{Name: ticket.CategoryOther},
			Claim: ticket.Claim{Severity: ticket.SeverityNormal, Where: ticket.WhereNone},
		},
	}
	for _, o := range options {
		o(&in)
	}
	return in
}

func answering(ids ...string) func(*desk.Incoming) {
	return func(in *desk.Incoming) { in.Message.InReplyTo = ids }
}

func to(address string) func(*desk.Incoming) {
	return func(in *desk.Incoming) {
		in.Envelope.To = []string{address}
		in.Message.To = []ticket.Address{{Address: address}}
	}
}

func results(s string) func(*desk.Incoming) {
	return func(in *desk.Incoming) { in.Message.AuthResults = []string{s} }
}

func (h *house) receive(in desk.Incoming) ticket.Outcome {
	h.t.Helper()
	out, err := h.desk.Receive(context.Background(), in)
	if err != nil {
		h.t.Fatalf("Receive(%s): %v", in.Mail, err)
	}
	return out
}

func (h *house) want(out ticket.Outcome, kind ticket.OutcomeKind, id ticket.ID) {
	h.t.Helper()
	if out.Outcome != kind || id != "" && out.Ticket != id {
		h.t.Errorf("outcome of %s is %s on %s, want %s on %s; reasons: %q", out.Mail, out.Outcome, out.Ticket, kind, id, out.Reasons)
	}
}

func (h *house) ticket(id ticket.ID) ticket.Ticket {
	h.t.Helper()
	t, ok, err := h.store.Ticket(context.Background(), id)
	if err != nil || !ok {
		h.t.Fatalf("ticket %s: there %v, error %v", id, ok, err)
	}
	return t
}

func (h *house) notices(id ticket.ID) (kinds []ticket.NoticeKind) {
	h.t.Helper()
	for n := 1; n <= h.ticket(id).Notices; n++ {
		kinds = append(kinds, h.notice(id, n).Kind)
	}
	return kinds
}

func (h *house) notice(id ticket.ID, number int) ticket.Notice {
	h.t.Helper()
	var n ticket.Notice
	err := h.store.Update(context.Background(), func(tx *store.Tx) (err error) {
		var ok bool
		if n, ok, err = tx.Notice(id, number); err == nil && !ok {
			err = fmt.Errorf("notice %d of %s is not on record", number, id)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h *house) order(id ticket.ID, o ticket.Order, roles ...ticket.Role) error {
	_, err := h.desk.Order(context.Background(), id, o, ticket.Actor{Address: "first-line@aismarttalk.tech", Roles: roles})
	return err
}

func (h *house) resolve(id ticket.ID) {
	h.t.Helper()
	o := ticket.Order{Verb: ticket.VerbResolve, Text: "Slå det til under Indstillinger."}
	if err := h.order(id, o, ticket.RoleSupport); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) wantNotices(id ticket.ID, kinds ...ticket.NoticeKind) {
	h.t.Helper()
	if got := h.notices(id); !slices.Equal(got, kinds) {
		h.t.Errorf("notices of %s are %v, want %v", id, got, kinds)
	}
}

func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }
