package parser

import (
	"os"
	"testing"
	"unicode/utf8"

	"aismarttalk.tech/supportd/ticket"
)

// FuzzParse checks the invariants for any bytes. It calls parse, not Parse,
// which would hide a panic.
func FuzzParse(f *testing.F) {
	p := newParser(f)
	for _, file := range mails(f) {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		checkInvariants(t, p.parse(raw))
	})
}

// FuzzSplit checks that any text with any client markup is covered.
func FuzzSplit(f *testing.F) {
	p := newParser(f)
	for _, file := range mails(f) {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(p.Parse(raw).Text, 5, 20, 3, false)
	}
	f.Fuzz(func(t *testing.T, text string, start, end, kind int, forward bool) {
		if !utf8.ValidString(text) {
			t.Skip()
		}
		var spans []span
		if kind > int(spanNone) && kind < int(spanKinds) && 0 <= start && start < end && end <= len(text) {
			spans = append(spans, span{spanKind(kind), start, end})
		}
		checkCover(t, text, p.lex.split(text, spans, forward))
	})
}

// FuzzBounce reads any bytes as a delivery status and any text as a bounce.
func FuzzBounce(f *testing.F) {
	f.Add([]byte("Final-Recipient: rfc822; kunde@firma.example\nAction: failed\nStatus: 5.1.1\n"), "<kunde@firma.example>:\n550 5.1.1 unknown\n")
	f.Add([]byte("Original-Recipient: <a@b.example>\n\n\nFinal-Recipient: x\nAction: delayed\n"), "{\"notificationType\":\"Bounce\"}")
	f.Fuzz(func(t *testing.T, status []byte, text string) {
		if !utf8.ValidString(text) {
			t.Skip()
		}
		m := ticket.Message{Text: text, Subject: "failure notice", From: ticket.Address{Address: "mailer-daemon@firma.example"}}
		for _, rep := range []report{{status: status}, {}} {
			b := readBounce(nil, m, rep)
			if len(b.Recipients) > maxRecipients {
				t.Errorf("%d recipients", len(b.Recipients))
			}
			for _, r := range b.Recipients {
				if !utf8.ValidString(r.Address+r.Action+r.Status+r.Diagnostic) || r.Action == "" || r.Status == "" {
					t.Errorf("recipient %+v", r)
				}
			}
		}
	})
}

// FuzzHTML checks that the spans of rendered HTML lie in its text.
func FuzzHTML(f *testing.F) {
	f.Add("<div class=gmail_quote>a<blockquote type=cite>b</blockquote>c</div>")
	f.Add("<table><tr><td>a<td>b<tr><td><p>c</table><pre>d\n e</pre>")
	f.Fuzz(func(t *testing.T, src string) {
		text, spans, _ := htmlText(src, 1<<16)
		for _, s := range spans {
			if s.start < 0 || s.end <= s.start || s.end > len(text) {
				t.Errorf("span %+v of %d bytes", s, len(text))
			}
		}
	})
}
