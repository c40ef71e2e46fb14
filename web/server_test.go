package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/ticket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	adminSecret   = "admin-secret-of-these-tests-0001"
	supportSecret = "support-secret-of-these-tests-01"
	chatbotSecret = "chatbot-secret-of-these-tests-01"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// fixture is a server over a store in memory with a few tickets and mails.
type fixture struct {
	*Server
	desk    *scriptedDesk
	archive fakeArchive
	journal *fakeJournal
	ids     []ticket.ID
}

type fakeJournal struct {
	mails  map[journal.ID]journal.Mail
	parked []journal.Parked
	since  time.Time // of the last replay
}

func (j *fakeJournal) replay(_ context.Context, since time.Time) (int, error) {
	j.since = since
	return 3, nil
}

func (j *fakeJournal) Put(context.Context, journal.Envelope, io.Reader) (journal.ID, error) {
	return "", journal.ErrFull
}

func (j *fakeJournal) Parked() []journal.Parked { return j.parked }

func (j *fakeJournal) Read(id journal.ID) (journal.Mail, error) {
	m, ok := j.mails[id]
	if !ok {
		return journal.Mail{}, journal.ErrNotFound
	}
	return m, nil
}

// scriptedDesk notes what it was asked and answers as told.
type scriptedDesk struct {
	Desk  // what is not scripted
	id    ticket.ID
	order ticket.Order
	by    ticket.Actor
	err   error
}

func (d *scriptedDesk) OrderSeen(_ context.Context, id ticket.ID, o ticket.Order, by ticket.Actor, _ int) (desk.Change, error) {
	d.id, d.order, d.by = id, o, by
	return desk.Change{}, d.err
}

type fakeArchive map[journal.ID]string

// damaged stands in a fakeArchive for a mail whose bytes have changed, and ends
// one that shows it at its end.
const damaged = "(damaged)"

func (a fakeArchive) Open(_ context.Context, mail journal.ID) (io.ReadCloser, error) {
	raw, ok := a[mail]
	if !ok {
		return nil, archive.ErrNotFound
	}
	if raw == damaged {
		return nil, fmt.Errorf("reading mail %s: %w", mail, journal.ErrDamaged)
	}
	if whole, ok := strings.CutSuffix(raw, damaged); ok {
		return io.NopCloser(io.MultiReader(strings.NewReader(whole), iotest.ErrReader(journal.ErrDamaged))), nil
	}
	return io.NopCloser(strings.NewReader(raw)), nil
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	st, err := store.New(memkv.New(), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{desk: &scriptedDesk{}, archive: fakeArchive{}, journal: &fakeJournal{}}
	f.Server, err = New(Config{Listen: "127.0.0.1:0", Tokens: tokens(t)}, Parts{
		Desk: f.desk, Store: st, Archive: f.archive, Journal: f.journal, Prefix: "AIS", Version: "test", Log: zerolog.Nop(),
		Intake: f.journal, Parse: func([]byte) ticket.Message { return ticket.Message{} }, Planning: &desk.Desk{}, Digests: &desk.Desk{}, Held: &desk.Desk{}, SignIns: &desk.Desk{},
		Replay: f.journal.replay, Now: func() time.Time { return noon }, Random: rand.Reader,
		Staff: []ticket.Staff{{Address: "qa@ours.example", Name: "QA", Roles: []ticket.Role{ticket.RoleQA}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	f.file(t, "kunde@firma.example", "Kritisk: chatbotten svarer ikke", ticket.SeverityCritical)
	f.file(t, "client@company.example", "How do I add a language?", ticket.SeverityNormal)
	f.file(t, "kunde@firma.example", "Faktura mangler linje", ticket.SeverityNormal)
	return f
}

func tokens(t *testing.T) []Token {
	t.Helper()
	var all []Token
	for _, spec := range []struct {
		name, secret string
		scopes       []Scope
	}{
		{"admin", adminSecret, []Scope{ScopeAdmin}},
		{"support", supportSecret, []Scope{"staff:support"}},
		{"chatbot", chatbotSecret, []Scope{ScopeReport, ScopeStatus}},
	} {
		token, err := NewToken(spec.name, spec.secret+"\n", spec.scopes...)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, token)
	}
	return all
}

// file puts a ticket with one mail into the store, as the desk would.
func (f *fixture) file(t *testing.T, from, subject string, claim ticket.Severity) {
	t.Helper()
	n := len(f.ids)
	id := ticket.DeriveID("AIS", bytes.Repeat([]byte{7}, 32), fmt.Sprint(n), 0)
	mail := fmt.Sprintf("01kap0000000000000%02d", n)
	at := noon.Add(time.Duration(n) * time.Minute)
	fresh, err := ticket.Ticket{}.Decide(ticket.Open{
		Opening: ticket.Opening{
			ID: id, Subject: subject, Language: "da",
			Participants: []ticket.Participant{{Address: from, Reporter: true}},
			Reading:      ticket.Reading{Claim: ticket.Claim{Severity: claim}, Category: ticket.Category{Name: "other"}, Kind: ticket.KindBug},
		},
		Entry: ticket.Entry{Mail: mail, MessageID: mail + "@firma.example", From: ticket.Address{Address: from}, Text: "Hej", Trust: ticket.TrustNone},
	}, ticket.Actor{Address: from, Roles: []ticket.Role{ticket.RoleReporter}}, at)
	if err != nil {
		t.Fatal(err)
	}
	err = f.parts.Store.Update(t.Context(), func(tx *store.Tx) error {
		before, err := tx.Tickets(id)
		if err != nil {
			return err
		}
		record, _, err := tx.Mail(mail)
		if err != nil {
			return err
		}
		err = tx.SaveMail(record, store.Mail{
			Outcome:  ticket.Outcome{Mail: mail, MessageID: mail + "@firma.example", Received: at, Outcome: ticket.OutcomeOpened, Ticket: id},
			Envelope: journal.Envelope{From: from, To: []string{"contact+support@aismarttalk.tech"}},
			Message:  ticket.Message{Subject: subject, From: ticket.Address{Address: from}},
		})
		return errors.Join(err, tx.SaveTicket(before[0], before[0].Apply(fresh...), fresh))
	})
	if err != nil {
		t.Fatal(err)
	}
	f.archive[journal.ID(mail)] = "Subject: " + subject + "\r\n\r\n<script>alert(1)</script>"
	f.ids = append(f.ids, id)
}

// ask sends one request with the admin's token.
func (f *fixture) ask(method, path, body string) *httptest.ResponseRecorder {
	return f.askWith(adminSecret, method, path, strings.NewReader(body))
}

func (f *fixture) askWith(secret, method, path string, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, body)
	r.Header.Set("Content-Type", "application/json")
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	w := httptest.NewRecorder()
	f.http.Handler.ServeHTTP(w, r)
	return w
}

func decode[T any](t *testing.T, w *httptest.ResponseRecorder) T {
	t.Helper()
	var v T
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatal(err)
	}
	return v
}
