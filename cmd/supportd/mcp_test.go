package main

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// The SDK's own client opens a ticket and reads its status, over both transports,
// and staff's token reads the ticket and adds a note.
func TestProgramsOpenTickets(t *testing.T) {
	s := testSettings(t.TempDir())
	files := t.TempDir()
	for name, scopes := range map[string][]string{"chatbot": {"report", "status"}, "staff": {"staff:support"}} {
		file := filepath.Join(files, name)
		if err := os.WriteFile(file, []byte("secret-of-"+name+"-0123456789\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		s.HTTP.Tokens = append(s.HTTP.Tokens, tokenSettings{Name: name, TokenFile: file, Scopes: scopes})
	}
	b := startDaemon(t, s)
	base := "http://" + b.daemon.web.Addr().String()
	overHTTP := func(name string) sdk.Transport {
		return &sdk.StreamableClientTransport{
			Endpoint: base + "/mcp", MaxRetries: -1,
			HTTPClient: &http.Client{Transport: asking{token: "secret-of-" + name + "-0123456789"}},
		}
	}
	overStdio := func(name string) sdk.Transport {
		cmd := exec.Command("supportd", "mcp", "--token-file", filepath.Join(files, name), "--url", base)
		cmd.Stderr = os.Stderr
		return &sdk.CommandTransport{Command: cmd}
	}
	for _, c := range []struct {
		name, words string
		transport   func(string) sdk.Transport
	}{{"http", "Fakturaen mangler en linje.", overHTTP}, {"stdio", "Chatbotten svarer ikke.", overStdio}} {
		t.Run(c.name, func(t *testing.T) {
			bot := connectMCP(t, c.transport("chatbot"))
			opened := callTool[struct {
				Ticket  string `json:"ticket"`
				Outcome string `json:"outcome"`
			}](t, bot, "open_ticket", map[string]any{"address": "kunde@firma.example", "subject": c.words, "text": c.words, "language": "da"})
			if opened.Ticket == "" || opened.Outcome != "opened" {
				t.Fatalf("%+v", opened)
			}
			type status struct {
				Ticket string `json:"ticket"`
				State  string `json:"state"`
				Event  int    `json:"event"`
			}
			if got := callTool[status](t, bot, "ticket_status", map[string]any{"ticket": opened.Ticket}); got.State != "reported" || got.Ticket != opened.Ticket {
				t.Errorf("%+v", got)
			}
			staff := connectMCP(t, c.transport("staff"))
			before := callTool[status](t, staff, "get_ticket", map[string]any{"ticket": opened.Ticket})
			noted := callTool[status](t, staff, "note", map[string]any{"ticket": opened.Ticket, "text": "Ses også i log."})
			if noted.Event <= before.Event || noted.State != "reported" {
				t.Errorf("before %+v, after a note %+v", before, noted)
			}
		})
	}
}

func connectMCP(t *testing.T, transport sdk.Transport) *sdk.ClientSession {
	t.Helper()
	session, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), transport, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// callTool calls a tool that must work, and reads what it answers.
func callTool[T any](t *testing.T, session *sdk.ClientSession, name string, args map[string]any) T {
	t.Helper()
	result, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: name, Arguments: args})
	if err != nil {
		t.Fatal(name, err)
	}
	data, err := json.Marshal(result.StructuredContent)
	var out T
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	if err != nil || result.IsError {
		t.Fatalf("%s: %v, %s", name, err, data)
	}
	return out
}
