package chat_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/chatbot"
	"aismarttalk.tech/supportd/desk/chat"
	"aismarttalk.tech/supportd/desk/report"
	"aismarttalk.tech/supportd/faq"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/ticket"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// fixture is a room over a store in memory, whose reports and questions for a status
// are noted.
type fixture struct {
	*chat.Room
	store   *store.Store
	records store.Backend
	now     time.Time
	full    bool // no report may pass
	err     error
	reports map[string]report.Report // by key
	asked   []string
	phrase  func(asked string) ([]faq.Block, error)
}

func (f *fixture) Once(_ context.Context, r report.Report, by report.Source, key string) (report.Filed, error) {
	if f.err != nil {
		return report.Filed{}, f.err
	}
	if !by.Page || by.Name == "" {
		return report.Filed{}, errors.New("it comes from no page")
	}
	f.reports[key] = r
	return report.Filed{Mail: "m", Ticket: "AIS-7K3Q-M2XQ", Outcome: ticket.OutcomeOpened}, nil
}

func (f *fixture) AskStatusLink(_ context.Context, id ticket.ID, address string) error {
	f.asked = append(f.asked, string(id)+" "+address)
	return f.err
}

func (f *fixture) Pass(string) bool { return !f.full }

func (f *fixture) Phrase(_ context.Context, _, asked string, answer []faq.Block) ([]faq.Block, error) {
	if f.phrase == nil {
		return answer, nil
	}
	return f.phrase(asked)
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	records := memkv.New()
	st, err := store.New(records, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{store: st, records: records, now: noon, reports: map[string]report.Report{}}
	f.Room = chat.New(f.parts(t, f))
	return f
}

func (f *fixture) parts(t *testing.T, reports chat.Reports) chat.Parts {
	t.Helper()
	book, err := faq.New(faq.Values{}, faq.Standard())
	if err != nil {
		t.Fatal(err)
	}
	bot, err := chatbot.New(chatbot.Config{Prefix: "AIS", Address: "contact+support@firma.example"}, book)
	if err != nil {
		t.Fatal(err)
	}
	return chat.Parts{
		Bot: bot, Store: f.store, Reports: reports, Status: f, Opens: f, Phrase: f, Now: func() time.Time { return f.now }, Random: rand.Reader, Log: zerolog.Nop(),
	}
}

// say takes turns that must succeed: words, or a press behind "!". It returns the
// last answer.
func (f *fixture) say(t *testing.T, conversation string, turns ...string) chat.Answer {
	t.Helper()
	var a chat.Answer
	for _, text := range turns {
		var err error
		if a, err = f.Take(t.Context(), turn(conversation, text)); err != nil {
			t.Fatal(err)
		}
		conversation = a.Conversation
	}
	return a
}

func turn(conversation, text string) chat.Turn {
	in := chatbot.Input{Text: text}
	if press, ok := strings.CutPrefix(text, "!"); ok {
		in = chatbot.Input{Press: chatbot.Press(press)}
	}
	return chat.Turn{Conversation: conversation, Language: "da", Input: in}
}

func words(a chat.Answer) string {
	var out strings.Builder
	for _, l := range a.Said {
		for _, b := range l.Blocks {
			out.WriteString(b.Text + "\n")
		}
	}
	return out.String()
}

var toTheCheck = []string{"!report", "Chatbotten svarer ikke.", "!high", "!skip", "kunde@firma.example"}

// A conversation is nowhere but in the store, so that any daemon goes on with it.
func TestReport(t *testing.T) {
	f := newFixture(t)
	if a := f.say(t, "", ""); a.Conversation != "" || len(a.Said) != 1 || len(a.Buttons) != 2 {
		t.Fatalf("looking begins a conversation: %+v", a)
	}
	a := f.say(t, "", toTheCheck...)
	if len(f.reports) != 0 || len(a.Summary) != 3 {
		t.Fatalf("before the press: %v, %+v", f.reports, a)
	}
	id := a.Conversation
	a = f.say(t, id, "!send")
	if !strings.Contains(words(a), "AIS-7K3Q-M2XQ er oprettet. Vi har sendt en kvittering til k…@firma.example.") || a.Conversation != id {
		t.Errorf("%+v", a)
	}
	for _, r := range f.reports {
		if r.Address != "kunde@firma.example" || r.Claim != ticket.SeverityHigh || r.Verified || r.Language != "da" {
			t.Errorf("%+v", r)
		}
	}
	// All of it can be shown again, and nothing of it is left of the draft.
	a = f.say(t, id, "")
	if len(a.Said) != 14 || !a.Said[1].Mine || words(chat.Answer{Said: a.Said[1:2]}) != "Opret billet\n" {
		t.Errorf("%d lines: %+v", len(a.Said), a.Said)
	}
}

// Pressed twice at once, or again because the answer got lost, one report is handed
// in.
func TestSendingTwice(t *testing.T) {
	f := newFixture(t)
	id := f.say(t, "", toTheCheck...).Conversation
	var group sync.WaitGroup
	var mu sync.Mutex
	f.Room = chat.New(f.parts(t, onceAtATime{f, &mu}))
	for range 8 {
		group.Go(func() { _, _ = f.Take(context.Background(), turn(id, "!send")) })
	}
	group.Wait()
	if len(f.reports) != 1 {
		t.Errorf("%d reports", len(f.reports))
	}
}

// onceAtATime is a fixture for use by several at once.
type onceAtATime struct {
	*fixture
	mu *sync.Mutex
}

func (o onceAtATime) Once(ctx context.Context, r report.Report, by report.Source, key string) (report.Filed, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.fixture.Once(ctx, r, by, key)
}

// What cannot be taken in is kept, and can be sent again.
func TestReportThatFails(t *testing.T) {
	f := newFixture(t)
	id := f.say(t, "", toTheCheck...).Conversation
	f.err = errors.New("disk on fire")
	a := f.say(t, id, "!send")
	if !strings.Contains(words(a), "Din tekst står her stadig") || len(a.Summary) != 3 || strings.Contains(words(a), "fire") {
		t.Errorf("%+v", a)
	}
	f.err = nil
	if a = f.say(t, id, "!send"); len(f.reports) != 1 || !strings.Contains(words(a), "er oprettet") {
		t.Errorf("%+v", a)
	}
}

// One report too many from a network leaves the conversation as it was.
func TestTooManyReports(t *testing.T) {
	f := newFixture(t)
	id := f.say(t, "", toTheCheck...).Conversation
	f.full = true
	if _, err := f.Take(t.Context(), turn(id, "!send")); !errors.Is(err, chat.ErrTooMany) {
		t.Fatal(err)
	}
	f.full = false
	if f.say(t, id, "!send"); len(f.reports) != 1 {
		t.Errorf("%v", f.reports)
	}
}

// A question for a status is passed on, and answered alike for all (bad-input 140).
func TestStatus(t *testing.T) {
	f := newFixture(t)
	mine := f.say(t, "", "AIS-7K3Q-M2XQ kunde@firma.example")
	other := f.say(t, "", "AIS-7K3Q-M2XQ fremmed@andet.example")
	if words(mine) != words(other) || len(f.asked) != 2 {
		t.Errorf("%s\n%s\n%v", words(mine), words(other), f.asked)
	}
	f.err = errors.New("the store is away")
	if _, err := f.Take(t.Context(), turn("", "AIS-7K3Q-M2XQ kunde@firma.example")); err == nil {
		t.Error("a question that was not noted is said to be")
	}
}

// A conversation ends two hours after its last turn at the earliest, and is then
// deleted; what somebody writes to it begins a new one, and he is told.
func TestForgotten(t *testing.T) {
	f := newFixture(t)
	id := f.say(t, "", "!report", "Det fejler.").Conversation
	f.now = f.now.Add(chat.Life)
	if a := f.say(t, id, "!high"); a.Step != chatbot.StepWhere || a.Conversation != id {
		t.Fatalf("too early: %+v", a)
	}
	f.now = f.now.Add(chat.Life + chat.Life/2)
	if n, err := f.store.Expire(t.Context(), f.now); err != nil || n != 1 {
		t.Errorf("%d deleted, %v", n, err)
	}
	if a := f.say(t, id, "!skip"); a.Conversation != "" || !strings.Contains(words(a), "slettet") {
		t.Errorf("a press: %+v", a)
	}
	a := f.say(t, id, "Hvad er et hotfix?")
	if a.Conversation == id || a.Conversation == "" || !strings.HasPrefix(words(a), "Samtalen er slettet") || a.Step != chatbot.StepAnswered {
		t.Errorf("words: %+v", a)
	}
	if a := f.say(t, "../../etc/passwd", "hej"); len(a.Conversation) != 32 {
		t.Errorf("a name of one's own: %+v", a)
	}
}

// The store does not have the name of a conversation, so that who reads it cannot
// go on with it; and what it has of one is bounded.
func TestKept(t *testing.T) {
	f := newFixture(t)
	id := f.say(t, "", "!report").Conversation
	for range 30 {
		f.say(t, id, strings.Repeat("å", chatbot.MaxText), "!cancel", "!report")
	}
	found := 0
	err := store.Export(t.Context(), f.records, func(r store.Record) error {
		if strings.HasPrefix(r.Key, "chat/") {
			found++
			if len(r.Value) > 128<<10 {
				t.Errorf("%d bytes", len(r.Value))
			}
		}
		if bytes.Contains(r.Value, []byte(id)) || strings.Contains(r.Key, id) {
			t.Errorf("%s has the name", r.Key)
		}
		return nil
	})
	if err != nil || found != 1 {
		t.Error(found, err)
	}
}

// Answers may be put in other words, and only they; what goes wrong there is not
// seen.
func TestPhrasing(t *testing.T) {
	f := newFixture(t)
	f.phrase = func(asked string) ([]faq.Block, error) {
		return []faq.Block{{Kind: faq.Paragraph, Text: "Om " + asked}}, nil
	}
	if a := f.say(t, "", "Hvad er et hotfix?"); !strings.HasPrefix(words(a), "Om Hvad er et hotfix?\nHjalp det?") {
		t.Error(words(a))
	}
	if a := f.say(t, "", "hej"); strings.Contains(words(a), "Om hej") {
		t.Error(words(a))
	}
	f.phrase = func(string) ([]faq.Block, error) { return nil, fmt.Errorf("no answer") }
	if a := f.say(t, "", "Hvad er et hotfix?"); !strings.HasPrefix(words(a), "Et hotfix er rettelsen af") {
		t.Error(words(a))
	}
}
