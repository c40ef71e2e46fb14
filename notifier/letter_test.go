package notifier

import (
	"bytes"
	"flag"
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

// answers are the letters that answer a mail by themselves.
var answers = []ticket.NoticeKind{
	ticket.NoticeAcknowledgement, ticket.NoticeFollowup,
	ticket.NoticeStatus, ticket.NoticeRoadmap, ticket.NoticeConfirm, ticket.NoticeStaffCommanded,
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
	for _, language := range templates.Languages() {
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
	first, second := newComposer(t), newComposer(t)
	for _, s := range templates.Samples("da") {
		one, two := compose(t, first, s.Notice), compose(t, second, s.Notice)
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
			if slices.Contains(answers, n.Kind) {
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
			_, ok := keys.VerifyReply(token, n.Ticket, participant)
			if n.Kind == ticket.NoticeConfirm { // its own, which opens nothing else
				ok = !ok && keys.VerifyConfirm(token, n)
			}
			if !ours || !ok {
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
		if slices.Contains(answers, n.Kind) {
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

func BenchmarkCompose(b *testing.B) {
	c, n := newComposer(b), sample(b, "da", "acknowledgement-critical")
	for b.Loop() {
		if _, err := c.Compose(n); err != nil {
			b.Fatal(err)
		}
	}
}
