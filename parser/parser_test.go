package parser

import (
	"testing"
	"unicode/utf8"

	"aismarttalk.tech/supportd/ticket"
)

func newParser(t testing.TB) *Parser {
	t.Helper()
	p, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// checkInvariants checks what holds for any bytes: all text is valid UTF-8,
// and the segments cover Text without gap or overlap.
func checkInvariants(t *testing.T, m ticket.Message) {
	t.Helper()
	texts := []string{m.Text, m.Reply, m.Subject, m.From.Name, m.From.Address, m.MessageID, m.ThreadTopic, m.Bounce.OriginalMessageID}
	for _, a := range m.Attachments {
		texts = append(texts, a.Filename, a.ContentType, a.ContentID)
	}
	for _, a := range append(append(m.To, m.Cc...), m.ReplyTo...) {
		texts = append(texts, a.Name, a.Address)
	}
	for _, r := range m.Bounce.Recipients {
		texts = append(texts, r.Address, r.Action, r.Status, r.Diagnostic)
	}
	texts = append(texts, m.Automatic.Reasons...)
	texts = append(texts, m.References...)
	for _, s := range texts {
		if !utf8.ValidString(s) {
			t.Errorf("not UTF-8: %q", s)
		}
	}
	checkCover(t, m.Text, m.Segments)
}

func checkCover(t *testing.T, text string, segs []ticket.Segment) {
	t.Helper()
	pos := 0
	for _, s := range segs {
		if s.Start != pos || s.End <= s.Start {
			t.Fatalf("segment %+v does not follow %d", s, pos)
		}
		pos = s.End
	}
	if pos != len(text) {
		t.Fatalf("segments end at %d of %d", pos, len(text))
	}
}

func TestConfigValidate(t *testing.T) {
	if err := (Config{}).Validate(); err != nil {
		t.Errorf("the defaults: %v", err)
	}
	if err := (Config{Depth: 51}).Validate(); err == nil {
		t.Error("a depth of 51 is accepted")
	}
	if _, err := New(Config{Parts: 1, HeaderFields: 2}); err == nil {
		t.Error("limits that no mail fits into are accepted")
	}
}

// A decoder that panics costs its mail the structure, never the program.
func TestSalvageMail(t *testing.T) {
	m := newParser(t).salvageMail([]byte("From: a@firma.example\r\nSubject: Login\r\n\r\nDet virker ikke.\r\n"))
	checkInvariants(t, m)
	if m.Subject != "Login" || m.Reply != "Det virker ikke." || !m.Flag(ticket.FlagRaw) {
		t.Errorf("got %+v", m)
	}
}
