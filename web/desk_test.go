package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/classifier"
	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/parser"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
)

// house is a real desk over a journal and a store, behind a real HTTP server.
type house struct {
	t      *testing.T
	url    string
	web    *Server
	desk   *desk.Desk
	store  *store.Store
	jrn    *journal.Journal
	clock  *clock
	tokens map[string]string // secrets by name
	number int               // of mails sent
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

const supportAddress = "contact+support@firma.example"

var houseScopes = map[string][]Scope{
	"admin": {ScopeAdmin}, "chatbot": {ScopeReport, ScopeStatus}, "portal": {ScopeReport, ScopeVerified, ScopeStatus},
	"support": {"staff:support"}, "dev": {"staff:dev"}, "qa": {"staff:qa"}, "owner": {"staff:owner"},
}

// theClassifier takes half a second to make, and never changes.
var theClassifier = sync.OnceValues(func() (*classifier.Classifier, error) { return classifier.New(classifier.Config{}) })

// fromJournal has the raw mails of a journal.
type fromJournal struct{ *journal.Journal }

func (j fromJournal) Open(_ context.Context, id journal.ID) (io.ReadCloser, error) {
	m, err := j.Read(id)
	if err != nil {
		return nil, archive.ErrNotFound
	}
	return m.Open()
}

// newHouse opens one. Changes of its desk's configuration are made by change.
func newHouse(t *testing.T, change func(*desk.Config, *Parts)) *house {
	t.Helper()
	h := &house{t: t, clock: &clock{at: noon}, tokens: map[string]string{}}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	h.store, err = store.New(memkv.New(), store.Config{})
	must(err)
	h.jrn, err = journal.Open(journal.Config{Dir: t.TempDir(), MaxBytes: 20 << 20, Retention: time.Hour}, journal.Deps{Now: h.clock.now})
	must(err)
	read, err := parser.New(parser.Config{})
	must(err)
	understand, err := theClassifier()
	must(err)
	cfg := deskConfig(t)
	parts := Parts{
		Store: h.store, Archive: fromJournal{h.jrn}, Journal: h.jrn, Intake: h.jrn, Prefix: "AIS", Support: supportAddress,
		Staff: cfg.Correspondence.Staff, Version: "test", Now: h.clock.now, Random: rand.Reader, Log: zerolog.Nop(),
		Parse: read.Parse, Letter: plainLetter,
		Replay: func(context.Context, time.Time) (int, error) { return 0, nil },
	}
	if change != nil {
		change(&cfg, &parts)
	}
	secrets := desk.Secrets{Tickets: bytes.Repeat([]byte{7}, 32), Keys: ticket.Keyring{Current: '0', Keys: map[byte][]byte{'0': bytes.Repeat([]byte{8}, 32)}}}
	h.desk, err = desk.New(cfg, secrets, desk.Deps{Store: h.store, Now: h.clock.now, Changed: func(id ticket.ID) { h.web.Changed(id) }, Log: zerolog.Nop()})
	must(err)
	parts.Desk, parts.Planning, parts.Digests, parts.Held, parts.SignIns = h.desk, h.desk, h.desk, h.desk, h.desk
	parts.FAQ = standardAnswers(t)
	parts.Chat = h.chat(parts)
	web := Config{Listen: "127.0.0.1:0"}
	for name, scopes := range houseScopes {
		h.tokens[name] = name + "-secret-of-these-tests-000001"
		token, err := NewToken(name, h.tokens[name], scopes...)
		must(err)
		web.Tokens = append(web.Tokens, token)
	}
	h.web, err = New(web, parts)
	must(err)
	must(h.web.Listen())
	h.url = "http://" + h.web.Addr().String()

	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	reader := desk.Reader{Parse: read.Parse, Classify: understand.Classify}
	running.Go(func() { _ = h.desk.Run(ctx, h.jrn, reader, 2) })
	running.Go(func() {
		if err := h.web.Run(ctx); err != nil {
			t.Error("Run:", err)
		}
	})
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		stop()
		running.Wait()
		h.jrn.Close()
	})
	return h
}

func deskConfig(t *testing.T) desk.Config {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	staff := []ticket.Staff{
		{Address: "support@ours.example", Name: "Sanne", Roles: []ticket.Role{ticket.RoleSupport}, Language: "da"},
		{Address: "owner@ours.example", Name: "Ove", Roles: []ticket.Role{ticket.RoleOwner}, Language: "en"},
	}
	return desk.Config{
		Addresses: []string{supportAddress}, Prefix: "AIS",
		Policy:         ticket.Policy{ReopenWindow: 14 * 24 * time.Hour, QuietDays: 5, Location: zone},
		Correspondence: ticket.Correspondence{Staff: staff, Languages: templates.Languages(), Default: "da"},
		Calendar:       ticket.Calendar{FirstMonday: time.Date(2026, 1, 5, 0, 0, 0, 0, zone), Weeks: 2, Capacity: 10, Location: zone},
		PlanAfter:      -1, Categories: classifier.Categories(), UndoWindow: 10 * time.Second,
	}
}

// plainLetter stands in for the templates.
func plainLetter(n ticket.Notice) (templates.Letter, error) {
	return templates.Letter{Subject: string(n.Kind), Text: "to " + n.To.Address}, nil
}

// reply is an answer as it came.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (r reply) problem(t *testing.T) Problem {
	t.Helper()
	var p Problem
	if err := json.Unmarshal(r.body, &p); err != nil || r.header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%d is no problem: %s", r.status, r.body)
	}
	return p
}

// ask makes one request with a token by name. Headers come in pairs.
func (h *house) ask(token, method, path, body string, headers ...string) reply {
	h.t.Helper()
	r, err := http.NewRequest(method, h.url+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+h.tokens[token])
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return reply{answer.StatusCode, answer.Header, data}
}

// answer is the answer to a request that must succeed.
func answer[T any](h *house, token, method, path, body string, headers ...string) T {
	h.t.Helper()
	r := h.ask(token, method, path, body, headers...)
	var v T
	if r.status > 299 {
		h.t.Fatalf("%s %s %s: %d %s", method, path, body, r.status, r.body)
	}
	if err := json.Unmarshal(r.body, &v); err != nil {
		h.t.Fatalf("%s %s: %v in %s", method, path, err, r.body)
	}
	return v
}

// open reports a ticket, and returns its ID.
func (h *house) open(token, subject, text string) ticket.ID {
	h.t.Helper()
	h.number++
	r := answer[Reported](h, token, "POST", "/api/v1/tickets", fmt.Sprintf(
		`{"reporter":{"address":"kunde%d@firma.example","name":"Karen Kunde","language":"da"},"subject":%q,"text":%q}`, h.number, subject, text))
	if r.Ticket == "" {
		h.t.Fatalf("no ticket: %+v", r)
	}
	return r.Ticket
}

func commands(id ticket.ID) string { return "/api/v1/tickets/" + string(id) + "/commands" }

// do gives a command that must succeed.
func (h *house) do(token string, id ticket.ID, body string) CommandResult {
	h.t.Helper()
	return answer[CommandResult](h, token, "POST", commands(id), body)
}
