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

// FuzzParse checks what holds for any bytes: Parse returns, its text is valid
// UTF-8, and the segments cover it.
func FuzzParse(f *testing.F) {
	p := newParser(f)
	f.Add([]byte("From: a@firma.example\r\nSubject: x\r\n\r\nHej\r\n> citat\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		checkInvariants(t, p.Parse(raw))
	})
}

func checkInvariants(t *testing.T, m ticket.Message) {
	t.Helper()
	if !utf8.ValidString(m.Text) || !utf8.ValidString(m.Subject) || !utf8.ValidString(m.From.Name) || !utf8.ValidString(m.From.Address) {
		t.Error("text that is not UTF-8")
	}
	pos := 0
	for _, s := range m.Segments {
		if s.Start != pos || s.End < s.Start {
			t.Fatalf("segment %+v does not begin at %d", s, pos)
		}
		pos = s.End
	}
	if pos != len(m.Text) {
		t.Errorf("segments end at %d of %d", pos, len(m.Text))
	}
}
