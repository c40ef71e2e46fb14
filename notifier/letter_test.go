package notifier

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
)

var update = flag.Bool("update", false, "write the golden letters anew")

func testConfig() Config {
	c := DefaultConfig()
	c.DeskName = "Firma support"
	c.Address = "contact+support@firma.example"
	c.Prefix = "AIS"
	return c
}

func testKeys() ticket.Keyring {
	return ticket.Keyring{Current: '1', Keys: map[byte][]byte{'1': bytes.Repeat([]byte("k"), 32)}}
}

func newComposer(t testing.TB) *Composer {
	t.Helper()
	texts, err := templates.New(templates.Config{
		DeskName: "Firma support", Timezone: "Europe/Copenhagen", DefaultLanguage: "da",
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewComposer(testConfig(), texts, testKeys())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func compose(t testing.TB, c *Composer, n ticket.Notice) Letter {
	t.Helper()
	l, err := c.Compose(n)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// sample returns a sample notice, to be changed.
func sample(t testing.TB, language, name string) ticket.Notice {
	t.Helper()
	for _, s := range templates.Samples(language) {
		if s.Name == name {
			return s.Notice
		}
	}
	t.Fatalf("there is no sample %q", name)
	return ticket.Notice{}
}

// parsed reads a letter as a mail program does.
type parsed struct {
	mail.Header
	text, html string
}

func parse(t testing.TB, data []byte) parsed {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("content type %q, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	next := func(want string) string {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		if got := part.Header.Get("Content-Type"); got != want {
			t.Errorf("part of type %q, want %q", got, want)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(string(body), "\r\n", "\n")
	}
	p := parsed{Header: m.Header, text: next("text/plain; charset=UTF-8"), html: next("text/html; charset=UTF-8")}
	if _, err := parts.NextRawPart(); err != io.EOF {
		t.Errorf("behind the HTML part: %v", err)
	}
	return p
}

// The letters of every kind, language and variant, as they leave.
func TestGoldenLetters(t *testing.T) {
	c := newComposer(t)
	const dir = "../testdata/letters"
	var want []string
	for _, language := range []string{"da", "en"} {
		for _, s := range templates.Samples(language) {
			name := language + "-" + s.Name + ".eml"
			want = append(want, name)
			t.Run(name, func(t *testing.T) {
				got := compose(t, c, s.Notice)
				file := filepath.Join(dir, name)
				if *update {
					if err := os.WriteFile(file, got.Data, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				golden, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(golden, got.Data) {
					t.Errorf("the letter is not as in %s (run with -update if that is meant):\n%s", file, got.Data)
				}
			})
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !slices.Contains(want, filepath.Base(file)) {
			t.Errorf("%s belongs to no sample", file)
		}
	}
}

func TestLettersAreTheSameEachTime(t *testing.T) {
	for _, s := range templates.Samples("da") {
		one, two := compose(t, newComposer(t), s.Notice), compose(t, newComposer(t), s.Notice)
		if !bytes.Equal(one.Data, two.Data) || one.MessageID != two.MessageID || one.From != two.From {
			t.Errorf("%s: a resend would differ from the first sending", s.Name)
		}
	}
}

func TestHeader(t *testing.T) {
	c, keys := newComposer(t), testKeys()
	for _, s := range templates.Samples("en") {
		t.Run(s.Name, func(t *testing.T) {
			n := s.Notice
			l := compose(t, c, n)
			p := parse(t, l.Data)
			submitted := "auto-generated"
			if n.Kind == ticket.NoticeAcknowledgement || n.Kind == ticket.NoticeFollowup {
				submitted = "auto-replied"
			}
			for name, want := range map[string]string{
				"From":                     `"Firma support" <contact+support@firma.example>`,
				"To":                       "<" + n.To.Address + ">",
				"Date":                     "Mon, 23 Nov 2026 13:05:00 +0000",
				"Message-Id":               "<" + l.MessageID + ">",
				"Auto-Submitted":           submitted,
				"X-Auto-Response-Suppress": "All",
				"Content-Language":         "en",
				"Mime-Version":             "1.0",
			} {
				if got := p.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if mark := p.Get("X-Supportd-Loop"); !keys.VerifyLoopMark(mark, "firma.example") {
				t.Errorf("the loop mark %q is not ours", mark)
			}
			if id, number, ok := keys.VerifyMessageID(l.MessageID); !ok || id != n.Ticket || number != n.Number {
				t.Errorf("Message-ID %s: notice %d of %s, %v", l.MessageID, number, id, ok)
			}
			reply, err := p.AddressList("Reply-To")
			if err != nil || len(reply) != 1 {
				t.Fatalf("Reply-To %v, %v", reply, err)
			}
			token, ours := strings.CutPrefix(strings.TrimSuffix(reply[0].Address, "@firma.example"), "contact+support+")
			participant := []ticket.Participant{{Address: n.To.Address}}
			if _, ok := keys.VerifyReply(token, n.Ticket, participant); !ours || !ok {
				t.Errorf("the reply address %q proves nothing", reply[0].Address)
			}
			if local, _, _ := strings.Cut(reply[0].Address, "@"); len(local) > 64 {
				t.Errorf("%q is too long for a local part", local)
			}
		})
	}
}

// Automatic answers have the null envelope sender; of the others a bounce finds its
// way back by the recipient that it is sent to.
func TestEnvelope(t *testing.T) {
	c, keys := newComposer(t), testKeys()
	for _, s := range templates.Samples("da") {
		n := s.Notice
		l := compose(t, c, n)
		if l.To != n.To.Address {
			t.Errorf("%s goes to %q", s.Name, l.To)
		}
		if n.Kind == ticket.NoticeAcknowledgement || n.Kind == ticket.NoticeFollowup {
			if l.From != "" {
				t.Errorf("%s: envelope sender %q, want none", s.Name, l.From)
			}
			continue
		}
		name, ours := strings.CutPrefix(strings.TrimSuffix(l.From, "@firma.example"), "contact+support+")
		if id, number, ok := keys.VerifyNotice(name); !ours || !ok || id != n.Ticket || number != n.Number {
			t.Errorf("%s: envelope sender %q names notice %d of %s, %v", s.Name, l.From, number, id, ok)
		}
		if local, _, _ := strings.Cut(l.From, "@"); len(local) > 64 {
			t.Errorf("%q is too long for a local part", local)
		}
	}
}

func TestThread(t *testing.T) {
	ids := func(from, to int) (all []string) {
		for i := from; i <= to; i++ {
			all = append(all, fmt.Sprintf("%d@kunde.example", i))
		}
		return all
	}
	const index = "Adxd0V9kq2vYw0Q3TQyV1cN2c5Zl4A=="
	for _, tc := range []struct {
		name                     string
		facts                    ticket.Facts
		inReplyTo, references    string
		threadTopic, threadIndex string
	}{
		{"nothing to answer", ticket.Facts{}, "", "", "", ""},
		{
			"a first mail", ticket.Facts{InReplyTo: "1@kunde.example"},
			"<1@kunde.example>", "<1@kunde.example>", "", "",
		},
		{
			"the answered mail comes last", ticket.Facts{InReplyTo: "3@kunde.example", References: ids(1, 2)},
			"<3@kunde.example>", "<1@kunde.example> <2@kunde.example> <3@kunde.example>", "", "",
		},
		{
			"each once", ticket.Facts{InReplyTo: "2@kunde.example", References: append(ids(1, 2), ids(1, 2)...)},
			"<2@kunde.example>", "<1@kunde.example> <2@kunde.example>", "", "",
		},
		{
			"the first four and the last six", ticket.Facts{InReplyTo: "30@kunde.example", References: ids(1, 30)},
			"<30@kunde.example>", "<" + strings.Join(append(ids(1, 4), ids(25, 30)...), "> <") + ">", "", "",
		},
		{
			"IDs that nobody should write and some do", ticket.Facts{InReplyTo: "no-domain", References: []string{"a..b@[1.2.3.4]"}},
			"<no-domain>", "<a..b@[1.2.3.4]> <no-domain>", "", "",
		},
		{
			"bad-input 79: an ID of 10 kB", ticket.Facts{InReplyTo: strings.Repeat("x", 10<<10) + "@kunde.example"},
			"", "", "", "",
		},
		{
			"bad-input 79: an ID with a line break", ticket.Facts{InReplyTo: "x@kunde.example>\r\nBcc: <offer@kunde.example"},
			"", "", "", "",
		},
		{
			"bad-input 71: references with a line break", ticket.Facts{References: []string{"x\r\n y", "a b", "ok@kunde.example", "<", "æ@kunde.example"}},
			"", "<ok@kunde.example>", "", "",
		},
		{
			"Outlook's", ticket.Facts{ThreadTopic: "Login virker ikke", ThreadIndex: index},
			"", "", "Login virker ikke", index,
		},
		{
			"bad-input 71: a topic with a line break", ticket.Facts{ThreadTopic: "Login\r\nBcc: offer@kunde.example", ThreadIndex: index + "\r\nBcc: x"},
			"", "", "Login Bcc: offer@kunde.example", "",
		},
		{
			"an index that is none", ticket.Facts{ThreadIndex: "AAAA"},
			"", "", "", "",
		},
		{
			"bad-input 137: no words to a sender who did not authenticate",
			ticket.Facts{Neutral: true, ThreadTopic: "Køb billigt", ThreadIndex: index, InReplyTo: "1@kunde.example"},
			"<1@kunde.example>", "<1@kunde.example>", "", "",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			n := sample(t, "da", "acknowledgement")
			n.Facts = tc.facts
			p := parse(t, compose(t, newComposer(t), n).Data)
			for name, want := range map[string]string{
				"In-Reply-To": tc.inReplyTo, "References": tc.references,
				"Thread-Topic": tc.threadTopic, "Thread-Index": tc.threadIndex,
			} {
				if got := p.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			checkHeader(t, p)
		})
	}
}

func TestRecipients(t *testing.T) {
	c := newComposer(t)
	for _, tc := range []struct{ address, rcpt string }{ // rcpt "" = refused
		{"kunde@kunde.example", "kunde@kunde.example"},
		{"kunde+a@kunde.example", "kunde+a@kunde.example"},
		{`o'brien@kunde.example`, `o'brien@kunde.example`},
		{"two words@kunde.example", `"two words"@kunde.example`},
		{"kunde@dømæne.example", "kunde@xn--dmne-woa0i.example"},
		{"søren@kunde.example", "søren@kunde.example"},
		{"", ""},
		{"kunde", ""},
		{"@kunde.example", ""},
		{"kunde@", ""},
		{"a@b@c@", ""},
		{"kunde@kunde.example\r\nRCPT TO:<x@y.example>", ""},
		{"kunde@kunde.example> <x@y.example", ""},
		{"kunde\x00@kunde.example", ""},
		{strings.Repeat("x", 65) + "@kunde.example", ""},
		{"kunde@" + strings.Repeat("x.", 130) + "example", ""},
	} {
		n := sample(t, "da", "acknowledgement")
		n.To = ticket.Address{Name: "Køb billigt hos ond.example", Address: tc.address}
		l, err := c.Compose(n)
		if tc.rcpt == "" {
			if err == nil {
				t.Errorf("%q: a letter to %q", tc.address, l.To)
			}
			continue
		}
		if err != nil || l.To != tc.rcpt {
			t.Errorf("%q: RCPT <%s>, %v, want <%s>", tc.address, l.To, err, tc.rcpt)
			continue
		}
		if to := parse(t, l.Data).Get("To"); to != "<"+tc.rcpt+">" {
			t.Errorf("%q: To %q: the address alone, no name that a sender chose", tc.address, to)
		}
	}
}

// Whatever words and headers a sender wrote, the letter has the header fields that
// we gave it, once each, and nothing else (bad-input 71).
func TestSubjectStaysInItsField(t *testing.T) {
	for _, tc := range []struct{ subject, want string }{
		{"x\r\n Bcc: offer@firma.example", "Re: x Bcc: offer@firma.example [AIS-7K3Q-M2XQ]"},
		{"=?utf-8?q?x=0d=0aBcc:_y@firma.example?=", "Re: = ?utf-8?q?x=0d=0aBcc:_y@firma.example?= [AIS-7K3Q-M2XQ]"},
		{"{{7*7}} %s <script>", "Re: {{7*7}} %s <script> [AIS-7K3Q-M2XQ]"},   // bad-input 120
		{"gnp\u202egnp.exe \u200bæøå", "Re: gnpgnp.exe æøå [AIS-7K3Q-M2XQ]"}, // bad-input 70
		{strings.Repeat("æ", 5000), "Re: " + strings.Repeat("æ", 119) + "… [AIS-7K3Q-M2XQ]"},
		{strings.Repeat("x", 5000), "Re: " + strings.Repeat("x", 119) + "… [AIS-7K3Q-M2XQ]"},
	} {
		n := sample(t, "da", "acknowledgement")
		n.Facts.Subject = tc.subject
		l := compose(t, newComposer(t), n)
		p := parse(t, l.Data)
		got, err := new(mime.WordDecoder).DecodeHeader(p.Get("Subject"))
		if err != nil || got != tc.want {
			t.Errorf("subject %q, %v, want %q", got, err, tc.want)
		}
		checkHeader(t, p)
	}
}

// allowed are the fields of a letter, with the number that it must have at least.
var allowed = map[string]int{
	"From": 1, "To": 1, "Reply-To": 1, "Subject": 1, "Date": 1, "Message-Id": 1, "Mime-Version": 1,
	"Content-Type": 1, "Content-Language": 1, "Auto-Submitted": 1, "X-Auto-Response-Suppress": 1,
	"X-Supportd-Loop": 1, "In-Reply-To": 0, "References": 0, "Thread-Topic": 0, "Thread-Index": 0,
}

func checkHeader(t testing.TB, p parsed) {
	t.Helper()
	for name, values := range p.Header {
		if _, ours := allowed[name]; !ours || len(values) > 1 {
			t.Errorf("%d fields %s: %q", len(values), name, values)
		}
	}
	for name, least := range allowed {
		if len(p.Header[name]) < least {
			t.Errorf("no field %s", name)
		}
	}
}

func FuzzCompose(f *testing.F) {
	f.Add("kunde@kunde.example", "Login\r\nBcc: x", "1@kunde.example", "topic", "Adxd0V9kq2vYw0Q3TQyV1cN2c5Zl4A==", "tekst\r\n.\r\n")
	f.Add("søren@kunde.example", "=?utf-8?q?x?=", "x>\r\nBcc: <y", "=?", "\r\n", "--supportd-\r\n")
	c := newComposer(f)
	f.Fuzz(func(t *testing.T, to, subject, id, topic, index, words string) {
		n := sample(t, "da", "resolved-answer")
		n.To = ticket.Address{Name: subject, Address: to}
		n.Facts.Subject, n.Facts.Text, n.Facts.Verified, n.Facts.Limits = subject, words, words, words
		n.Facts.InReplyTo, n.Facts.References = id, []string{topic, id}
		n.Facts.ThreadTopic, n.Facts.ThreadIndex, n.Facts.Category, n.Facts.Link = topic, index, topic, index
		l, err := c.Compose(n)
		if err != nil {
			n.To.Address = "kunde@kunde.example" // all else must have words
			l = compose(t, c, n)
		}
		if strings.ContainsAny(l.From+l.To+l.MessageID, "\r\n<>") {
			t.Errorf("envelope %q %q", l.From, l.To)
		}
		checkHeader(t, parse(t, l.Data))
	})
}

func BenchmarkCompose(b *testing.B) {
	c, n := newComposer(b), sample(b, "da", "acknowledgement-critical")
	for b.Loop() {
		if _, err := c.Compose(n); err != nil {
			b.Fatal(err)
		}
	}
}
