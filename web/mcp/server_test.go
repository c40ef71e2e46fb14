package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// desk is an API that knows a few tokens and remembers what it was asked.
type desk struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

var scopesOf = map[string][]string{
	"bot":   {"report", "status"},
	"first": {"staff:support"},
	"asker": {"status"},
}

func newDesk(t *testing.T) *desk {
	d := &desk{}
	d.Server = httptest.NewServer(d)
	t.Cleanup(d.Close)
	return d
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	scopes, known := scopesOf[token]
	body, _ := io.ReadAll(r.Body)
	if r.URL.Path != "/api/v1/token" {
		d.mu.Lock()
		d.asked = append(d.asked, strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s", token, r.Method, r.URL, r.Header.Get("Idempotency-Key"), body)))
		d.mu.Unlock()
	}
	w.Header().Set("Content-Type", "application/json")
	switch {
	case !known:
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"detail":"send a token"}`)
	case r.URL.Path == "/api/v1/token":
		_ = json.NewEncoder(w).Encode(map[string]any{"name": token, "scopes": scopes})
	case strings.HasSuffix(r.URL.Path, "/AIS-0000-0000"):
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `{"detail":"there is no ticket AIS-0000-0000"}`)
	case strings.HasSuffix(r.URL.Path, "/AIS-LONG-LONG"):
		_ = json.NewEncoder(w).Encode(map[string]any{"id": "AIS-LONG-LONG", "events": slices.Repeat([]any{1}, 1000)})
	default:
		_, _ = io.WriteString(w, `{"id":"AIS-7K3Q-M2XQ","event":7,"state":"reported"}`)
	}
}

func (d *desk) requests() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.asked)
}

// sending is a client of the API that has a token of its own.
type sending struct{ token string }

func (s sending) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+s.token)
	return http.DefaultTransport.RoundTrip(r)
}

// overHTTP connects the SDK's own client over streamable HTTP.
func overHTTP(t *testing.T, d *desk, token string) *sdk.ClientSession {
	t.Helper()
	s, err := New(Config{API: d.Client(), Base: d.URL, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	door := httptest.NewServer(s.Handler())
	t.Cleanup(door.Close)
	return connect(t, &sdk.StreamableClientTransport{Endpoint: door.URL, HTTPClient: &http.Client{Transport: sending{token}}, MaxRetries: -1})
}

// overStdio connects it over a pair of streams.
func overStdio(t *testing.T, d *desk, token string) *sdk.ClientSession {
	t.Helper()
	s, err := New(Config{API: &http.Client{Transport: sending{token}}, Base: d.URL, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	toServer, fromClient := io.Pipe()
	toClient, fromServer := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- s.Stdio(t.Context(), toServer, fromServer) }()
	session := connect(t, &sdk.IOTransport{Reader: toClient, Writer: fromClient})
	t.Cleanup(func() {
		_ = session.Close()
		if err := <-ended; err != nil {
			t.Error("serving the streams:", err)
		}
	})
	return session
}

func connect(t *testing.T, transport sdk.Transport) *sdk.ClientSession {
	t.Helper()
	session, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), transport, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// Every tool is one request, in the caller's name, alike over both transports.
func TestTools(t *testing.T) {
	cases := []struct {
		name  string
		token string
		tool  string
		args  map[string]any
		want  string
	}{
		{"a question", "asker", "search_faq", map[string]any{"question": "Hvad er en hotfix?", "language": "da"}, "asker GET /api/v1/faq?language=da&q=Hvad+er+en+hotfix%3F"},
		{
			"a report", "bot", "open_ticket",
			map[string]any{"address": "kunde@firma.example", "subject": "Fejl", "text": "Intet virker.", "severity": "high", "request_id": "r1"},
			`bot POST /api/v1/tickets r1 {"claim":"high","reporter":{"address":"kunde@firma.example"},"subject":"Fejl","text":"Intet virker."}`,
		},
		{"a ticket of the token's own", "bot", "ticket_status", map[string]any{"ticket": "AIS-7K3Q-M2XQ"}, "bot GET /api/v1/tickets/AIS-7K3Q-M2XQ/status"},
		{
			"a link by mail", "bot", "ticket_status", map[string]any{"ticket": "AIS-7K3Q-M2XQ", "address": "kunde@firma.example"},
			`bot POST /api/v1/status  {"address":"kunde@firma.example","ticket":"AIS-7K3Q-M2XQ"}`,
		},
		{"a proof", "bot", "ticket_status", map[string]any{"proof": "p1"}, `bot POST /api/v1/status  {"proof":"p1"}`},
		{"a list", "first", "list_tickets", map[string]any{"severity": "critical", "limit": 500}, "first GET /api/v1/tickets?limit=100&order=newest&severity=critical"},
		{"a ticket, its ID as written", "first", "get_ticket", map[string]any{"ticket": "a/../b"}, "first GET /api/v1/tickets/a%2F..%2Fb"},
		{
			"a note", "first", "note", map[string]any{"ticket": "AIS-7K3Q-M2XQ", "text": "Ses i log."},
			`first POST /api/v1/tickets/AIS-7K3Q-M2XQ/commands  {"command":"note","text":"Ses i log."}`,
		},
	}
	transports := map[string]func(*testing.T, *desk, string) *sdk.ClientSession{"http": overHTTP, "stdio": overStdio}
	for name, open := range transports {
		for _, c := range cases {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				d := newDesk(t)
				result, err := open(t, d, c.token).CallTool(t.Context(), &sdk.CallToolParams{Name: c.tool, Arguments: c.args})
				if err != nil || result.IsError {
					t.Fatalf("%v %+v", err, result)
				}
				if diff := cmp.Diff([]string{c.want}, d.requests()); diff != "" {
					t.Errorf("what the API was asked (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// A client sees the tools that its token may use, and no others.
func TestToolsByScope(t *testing.T) {
	for token, want := range map[string][]string{
		"asker": {"search_faq", "ticket_status"},
		"bot":   {"open_ticket", "search_faq", "ticket_status"},
		"first": {"get_ticket", "list_tickets", "note", "open_ticket", "search_faq", "ticket_status"},
	} {
		listed, err := overHTTP(t, newDesk(t), token).ListTools(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, tool := range listed.Tools {
			got = append(got, tool.Name)
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", token, diff)
		}
	}
}

// A call without the scope is refused by HTTP (bad-input 146), as is one without a
// token, and nothing of either reaches the API's tickets.
func TestCallsThatAreRefused(t *testing.T) {
	d := newDesk(t)
	s, err := New(Config{API: d.Client(), Base: d.URL})
	if err != nil {
		t.Fatal(err)
	}
	call := func(tool string) string {
		return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"` + tool + `","arguments":{}}}`
	}
	for _, c := range []struct {
		name, token, body string
		status            int
		says              string
	}{
		{"a reporter's token lists tickets", "bot", call("list_tickets"), 403, "staff:support"},
		{"a token for status opens one", "asker", call("open_ticket"), 403, "scope report"},
		{"no token", "", call("search_faq"), 401, "http.tokens"},
		{"an unknown token", "guess", call("search_faq"), 401, "http.tokens"},
		{"a body without end", "bot", call(strings.Repeat("x", maxMessage)), 413, "bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/mcp", strings.NewReader(c.body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", "application/json, text/event-stream")
			r.Header.Set("Authorization", "Bearer "+c.token)
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	if asked := d.requests(); len(asked) > 0 {
		t.Errorf("the API was asked %q", asked)
	}
}

// What the API refuses is told in its words, and a long thread by its end.
func TestAnswers(t *testing.T) {
	session := overHTTP(t, newDesk(t), "first")
	refused, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: "get_ticket", Arguments: map[string]any{"ticket": "AIS-0000-0000"}})
	if err != nil || !refused.IsError || !strings.Contains(textOf(refused), "there is no ticket AIS-0000-0000") {
		t.Errorf("%v %+v", err, refused)
	}
	long, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: "get_ticket", Arguments: map[string]any{"ticket": "AIS-LONG-LONG"}})
	if err != nil || long.IsError {
		t.Fatalf("%v %+v", err, long)
	}
	var shown struct {
		Events []int `json:"events"`
		Left   int   `json:"events_left_out"`
	}
	if err := json.Unmarshal([]byte(textOf(long)), &shown); err != nil || len(shown.Events) != newest || shown.Left != 1000-newest {
		t.Errorf("%v %+v", err, shown)
	}
}

func textOf(r *sdk.CallToolResult) string {
	var all bytes.Buffer
	for _, c := range r.Content {
		if t, ok := c.(*sdk.TextContent); ok {
			all.WriteString(t.Text)
		}
	}
	return all.String()
}

// A desk that does not answer says so, and a wrong token ends the program at once.
func TestWithoutADesk(t *testing.T) {
	d := newDesk(t)
	s, err := New(Config{API: &http.Client{Transport: sending{"guess"}}, Base: d.URL})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stdio(context.Background(), io.NopCloser(strings.NewReader("")), nopWriter{}); err == nil || !strings.Contains(err.Error(), "token") {
		t.Error("a wrong token:", err)
	}
	d.Close()
	if err := s.Stdio(context.Background(), io.NopCloser(strings.NewReader("")), nopWriter{}); err == nil {
		t.Error("no desk: no error")
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/mcp", strings.NewReader("{}")))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("no desk: %d", w.Code)
	}
}

type nopWriter struct{}

func (nopWriter) Write(p []byte) (int, error) { return len(p), nil }
func (nopWriter) Close() error                { return nil }
