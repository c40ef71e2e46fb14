package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// chat takes turns of a new conversation: words, or a press behind "!". It returns the
// last answer.
func (b *bench) chat(turns ...string) web.ChatAnswer {
	b.t.Helper()
	var a web.ChatAnswer
	for _, text := range turns {
		turn := web.ChatTurn{Conversation: a.Conversation, Text: text, Language: "da"}
		if press, ok := strings.CutPrefix(text, "!"); ok {
			turn.Text, turn.Press = "", press
		}
		body, err := json.Marshal(turn)
		if err != nil {
			b.t.Fatal(err)
		}
		r, err := http.Post("http://"+b.daemon.web.Addr().String()+"/api/v1/chat", "application/json", bytes.NewReader(body))
		if err != nil {
			b.t.Fatal(err)
		}
		data, err := io.ReadAll(r.Body)
		r.Body.Close()
		a = web.ChatAnswer{}
		if err != nil || r.StatusCode != http.StatusOK || json.Unmarshal(data, &a) != nil {
			b.t.Fatalf("%q: %d %s %v", text, r.StatusCode, data, err)
		}
	}
	return a
}

func saidBy(a web.ChatAnswer) string {
	var all []string
	for _, l := range a.Said {
		for _, block := range l.Blocks {
			all = append(all, block.Text)
		}
	}
	return strings.Join(all, "\n")
}

// A daemon answers from the operator's files, in the words of the configured model,
// and a report from the chat is acknowledged as a mail is.
func TestChatOfADaemon(t *testing.T) {
	s := testSettings(t.TempDir())
	s.Chat.FAQDir = t.TempDir()
	own := "---\nid: coffee\nlanguage: da\nquestions: [Hvor er kaffen?]\n---\nKaffen er i køkkenet. Spørg {address}.\n"
	if err := os.WriteFile(filepath.Join(s.Chat.FAQDir, "coffee.md"), []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"choices":[{"message":{"content":"I køkkenet er kaffen. Spørg [1]."}}]}`)
	}))
	defer model.Close()
	s.Chat.Model.URL, s.Chat.Model.Model = model.URL+"/v1", "small"
	b := startDaemon(t, s)
	if got := saidBy(b.chat("hvor er kaffen henne?")); !strings.HasPrefix(got, "I køkkenet er kaffen. Spørg "+b.support()+".") {
		t.Error(got)
	}
	if got := saidBy(b.chat("Our chatbot is down and nobody can work")); !strings.Contains(got, "I can create a ticket") {
		t.Errorf("English is not understood: %s", got)
	}
	a := b.chat("!report", "Chatbotten svarer ikke.", "!critical", "!skip", "kunde@firma.example", "!send")
	ids := ticket.FindIDs("AIS", saidBy(a))
	if len(ids) != 1 {
		t.Fatal(saidBy(a))
	}
	b.settled()
	d := b.ticket(ids[0])
	if d.Claim.Severity != ticket.SeverityCritical || len(d.Promises) == 0 || d.Promises[0].Kind != ticket.NoticeAcknowledgement {
		t.Fatalf("%+v", d)
	}
	letter, err := b.letter(d.Promises[0])
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(letter.text, string(ids[0])) || strings.Contains(letter.text, "svarer ikke") {
		t.Errorf("the acknowledgement: %s", letter.text)
	}
}

// What is wrong with an operator's answers, the model or the sites is a fault of the
// configuration, and says where.
func TestChatConfiguration(t *testing.T) {
	s := testSettings(t.TempDir())
	s.Chat.FAQDir = t.TempDir()
	bad := "---\nid: coffee\nlanguage: da\nquestion: [Hvor er kaffen?]\n---\nHer.\n"
	if err := os.WriteFile(filepath.Join(s.Chat.FAQDir, "coffee.md"), []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Chat.Model.URL, s.Chat.Model.KeyFile = "model.example", filepath.Join(s.DataDir, "no.key")
	s.HTTP.WidgetSites = []string{"https://firma.example", "firma.example/side"}
	_, faults := configuration{settings: s}.plan()
	for _, want := range []string{
		`chat.faq_dir`, `coffee.md:4: there is no key "question"`, "chat.model.url", "chat.model.model", "chat.model.key_file", "http.widget_sites[1]",
	} {
		if !strings.Contains(faults.Error(), want) {
			t.Errorf("%s is not among\n%v", want, faults)
		}
	}
}
