package phrasing_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"aismarttalk.tech/supportd/chatbot/phrasing"
	"aismarttalk.tech/supportd/faq"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// model is a scripted one: it says what it is told to, and notes what it is asked.
type model struct {
	*httptest.Server
	client *phrasing.Client
	now    time.Time

	mu     sync.Mutex
	says   func(w http.ResponseWriter, r *http.Request) // guarded by mu
	asked  []string                                     // bodies; guarded by mu
	bearer string                                       // guarded by mu
}

func newModel(t *testing.T, timeout time.Duration) *model {
	t.Helper()
	m := &model{now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	m.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		m.mu.Lock()
		m.asked, m.bearer = append(m.asked, string(body)), r.Header.Get("Authorization")
		says := m.says
		m.mu.Unlock()
		says(w, r)
	}))
	var err error
	m.client, err = phrasing.New(phrasing.Config{URL: m.URL + "/v1/", Model: "small", Key: "secret", Timeout: timeout}, func() time.Time { return m.now })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.client.Close(); m.Close() })
	return m
}

func (m *model) say(text string) {
	m.script(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"role": "assistant", "content": text}}}})
	})
}

// questions are what it was asked, as JSON.
func (m *model) questions() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.asked)
}

func (m *model) script(f func(http.ResponseWriter, *http.Request)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.says = f
}

const answer = "Write to contact+support@firma.example, or create the ticket here in the chat. You get an acknowledgement by email, with a tracking ID such as AIS-7K3Q-M2XQ, within 5 days.\n\nMore at https://support.firma.example/roadmap."

func (m *model) phrase(t *testing.T, asked string) ([]faq.Block, error) {
	t.Helper()
	return m.client.Phrase(t.Context(), "en", asked, faq.Blocks(answer))
}

func TestPhrase(t *testing.T) {
	m := newModel(t, 30*time.Second)
	m.say("You can create the ticket right here in the chat, or write to [1]. The acknowledgement comes by email within [3] days, with a tracking ID such as [2].\n\nThere is more at [4].")
	got, err := m.phrase(t, "Where do I write, I am client@company.example, about AIS-9QW2-4HTD and 12345678?")
	if err != nil {
		t.Fatal(err)
	}
	if text := faq.Text(got); text != "You can create the ticket right here in the chat, or write to contact+support@firma.example. The acknowledgement comes by email within 5 days, "+
		"with a tracking ID such as AIS-7K3Q-M2XQ.\n\nThere is more at https://support.firma.example/roadmap." {
		t.Error(text)
	}
	// Neither addresses nor tickets leave the house, the visitor's or ours.
	asked := m.questions()[0]
	for _, secret := range []string{"@", "AIS-", "12345678", "firma.example", "company.example", "https"} {
		if strings.Contains(asked, secret) {
			t.Errorf("the model sees %q: %s", secret, asked)
		}
	}
	if m.bearer != "Bearer secret" || !strings.Contains(asked, `"model":"small"`) || strings.Contains(asked, "tool") {
		t.Errorf("%s %s", m.bearer, asked)
	}
}

// Whatever a model says that is not the answer is not said.
func TestHostileModel(t *testing.T) {
	for name, said := range map[string]string{
		"nothing":           " \n ",
		"a mark is missing": "Write to [1] with [2] within [3] days.",
		"a mark of its own": "Write to [1] or [9], ID [2], within [3] days, more at [4].",
		"a link":            "Write to [1], ID [2], within [3] days, more at [4] or https://evil.example.",
		"a bare host":       "Write to [1], ID [2], within [3] days, more at [4] or www.evil.example",
		"a mail address":    "Write to [1] or boss@evil.example, ID [2], within [3] days, more at [4].",
		"a number":          "Write to [1] or call 70 10 20 30, ID [2], within [3] days, more at [4].",
		"a tag":             "Write to [1], ID [2], within [3] days, more at [4].<img src=x onerror=alert(1)>",
		"a named link":      "Write to [1], ID [2], within [3] days, more at [4]. [Click](javascript:alert)",
		"a code block":      "```\nWrite to [1], ID [2], within [3] days, more at [4].\n```",
		"too much":          "Write to [1], ID [2], within [3] days, more at [4]." + strings.Repeat(" Write to the ticket chat.", 30),
		"asks for a secret": "Write to [1] with your password, create the ticket here in the chat, tracking ID [2], within [3] days, more at [4].",
		"makes a promise":   "Write to [1], we guarantee a tracking ID [2] by email within [3] days, more at [4].",
		"another subject":   "The weather turns sunny tomorrow with mild winds from southern regions. [1] [2] [3] [4]",
		"a template":        "Write to [1] {{.Secret}} ID [2], within [3] days, more at [4].",
		"hidden characters": "Write to [1], ID [2], within [3] days, more at [4] ev\u200bil\u202e @evil.example x@evil.example",
	} {
		m := newModel(t, 30*time.Second)
		m.say(said)
		if got, err := m.phrase(t, "Where do I write?"); err == nil {
			t.Errorf("%s: %s", name, faq.Text(got))
		} else if strings.Contains(err.Error(), "evil") {
			t.Errorf("%s: the error has its words: %v", name, err)
		}
	}
}

// A model that does not answer as it should costs an answer its wording, and nothing
// else; one that fails time after time is left alone for a minute.
func TestBrokenModel(t *testing.T) {
	for name, says := range map[string]func(http.ResponseWriter, *http.Request){
		"an error":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"no JSON":   func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "Hello") },
		"no choice": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"choices":[]}`) },
		"a tool": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"choices":[{"message":{"tool_calls":[{"name":"close"}]}}]}`)
		},
		"a flood": func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 1<<20)) },
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		},
		"silence": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		timeout := 30 * time.Second
		if name == "silence" {
			timeout = 100 * time.Millisecond
		}
		m := newModel(t, timeout)
		m.script(says)
		for range 5 {
			if _, err := m.phrase(t, "Where?"); err == nil {
				t.Fatalf("%s passes", name)
			}
		}
		if n := len(m.questions()); n > 3 && name != "a tool" {
			t.Errorf("%s: asked %d times", name, n)
		}
		if name == "silence" {
			continue // in so short a time the next answer may be late too
		}
		m.now = m.now.Add(time.Minute)
		m.say("Create the ticket in the chat or write to [1]: acknowledgement with tracking ID [2], [3] days, [4].")
		if _, err := m.phrase(t, "Where?"); err != nil {
			t.Errorf("%s: a minute later: %v", name, err)
		}
	}
}

func TestConfig(t *testing.T) {
	for url, ok := range map[string]bool{
		"http://127.0.0.1:11434/v1": true, "https://api.example/v1": true, "": false, "ftp://x.example": false, "https://user:pw@x.example": false, "x.example": false,
	} {
		if err := (phrasing.Config{URL: url, Model: "m", Timeout: time.Second}).Validate(); (err == nil) != ok {
			t.Errorf("%q: %v", url, err)
		}
	}
	if err := (phrasing.Config{}).Validate(); err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("%v", err)
	}
}
