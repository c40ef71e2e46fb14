package notifier

import (
	"fmt"
	"mime"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

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
			"a first mail", ticket.Facts{InReplyTo: "1@kunde.example", References: ids(1, 1)},
			"<1@kunde.example>", "<1@kunde.example>", "", "",
		},
		{
			"a conversation", ticket.Facts{InReplyTo: "3@kunde.example", References: ids(1, 3)},
			"<3@kunde.example>", "<1@kunde.example> <2@kunde.example> <3@kunde.example>", "", "",
		},
		{
			"IDs that nobody should write and some do", ticket.Facts{InReplyTo: "no-domain", References: []string{"a..b@[1.2.3.4]", "no-domain"}},
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
			ticket.Facts{Neutral: true, ThreadTopic: "Køb billigt", ThreadIndex: index, InReplyTo: "1@kunde.example", References: ids(1, 1)},
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
