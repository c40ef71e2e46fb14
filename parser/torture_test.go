package parser

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// hang is far beyond what any of these mails takes; past it something is not
// linear.
const hang = 20 * time.Second

// parseGuarded parses raw and fails the test where that does not end.
func parseGuarded(t *testing.T, raw []byte) ticket.Message {
	t.Helper()
	p := newParser(t)
	done := make(chan ticket.Message, 1)
	go func() { done <- p.Parse(raw) }()
	select {
	case m := <-done:
		checkInvariants(t, m)
		return m
	case <-time.After(hang):
		t.Fatal("still parsing")
		return ticket.Message{}
	}
}

const head = "From: Test Kunde <kunde@firma.example>\r\nTo: support@firma.example\r\nSubject: Login\r\nMIME-Version: 1.0\r\n"

// nested builds n multiparts inside one another; each has its own boundary.
func nested(n int, closed bool) []byte {
	var b bytes.Buffer
	b.WriteString(head)
	for i := range n {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	b.WriteString("Content-Type: text/plain\r\n\r\nDet virker ikke.\r\n")
	for i := n - 1; closed && i >= 0; i-- {
		fmt.Fprintf(&b, "--b%d--\r\n", i)
	}
	return b.Bytes()
}

// many builds a multipart of n parts.
func many(n int, part string) []byte {
	return []byte(head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n"+part+"\r\n", n) + "--b--\r\n")
}

// TestTorture feeds mails that were made to break parsers. Every one becomes a
// message with its subject; those past a limit are flagged raw.
func TestTorture(t *testing.T) {
	for _, tt := range []struct {
		name string
		raw  []byte
		flag string // "" for none of raw
		text string // must be in the text
	}{
		{"bad-input 72: a subject of 1 MB", []byte("From: a@firma.example\r\nSubject: " + strings.Repeat("x", 1<<20) + "\r\n\r\nHej\r\n"), ticket.FlagTruncated, "Hej"},
		{"bad-input 73: a header of 10 MB", []byte(head + strings.Repeat("X-Fill: "+strings.Repeat("y", 990)+"\r\n", 10_000) + "\r\nHej\r\n"), ticket.FlagRaw, "Hej"},
		{"bad-input 74: 300,000 fields", []byte(head + strings.Repeat("X: y\r\n", 300_000) + "\r\nHej\r\n"), ticket.FlagRaw, "Hej"},
		{"a field of 80,000 lines", []byte(head + "X-Fold: a\r\n" + strings.Repeat(" b\r\n", 60_000) + "\r\nHej\r\n"), "", "Hej"},
		{"bad-input 75: 50,000 addresses", []byte(head + "Cc: " + strings.Repeat("a@b.example, ", 50_000) + "\r\n\r\nHej\r\n"), ticket.FlagRaw, "Hej"},
		{"10,000 addresses", []byte(head + "Cc: " + strings.Repeat("a@b.example, ", 10_000) + "c@b.example\r\n\r\nHej\r\n"), ticket.FlagTruncated, "Hej"},
		{"bad-input 91: 24 unclosed multiparts", nested(24, false), ticket.FlagRaw, "Det virker ikke."},
		{"bad-input 92: 100,000 nested multiparts", nested(100_000, true), ticket.FlagRaw, ""},
		{"bad-input 93: message/rfc822 10,000 deep", []byte(head + strings.Repeat("Content-Type: message/rfc822\r\n\r\n", 10_000) + "\r\nHej\r\n"), ticket.FlagRaw, ""},
		{"a mail that was passed on three times", []byte(head + strings.Repeat("Content-Type: message/rfc822\r\n\r\n", 3) + "\r\nHej\r\n"), "", ""},
		{"bad-input 94: 50,000 empty parts", many(50_000, ""), ticket.FlagRaw, ""},
		{"bad-input 95: 200,000 text parts", many(200_000, "Content-Type: text/plain\r\n\r\nHej\r\n"), ticket.FlagRaw, "Hej"},
		{"bad-input 96: the last boundary is missing", []byte(head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHej\r\n"), "", "Hej"},
		{"bad-input 97: no boundary", []byte(head + "Content-Type: multipart/mixed\r\n\r\nHej\r\n"), ticket.FlagRaw, "Hej"},
		{"bad-input 97: an empty boundary", []byte(head + "Content-Type: multipart/mixed; boundary=\"\"\r\n\r\n--\r\n\r\nHej\r\n----\r\n"), ticket.FlagRaw, "Hej"},
		{"bad-input 97: a boundary of 8,000 characters", []byte(head + "Content-Type: multipart/mixed; boundary=" + strings.Repeat("b", 8000) + "\r\n\r\n--" + strings.Repeat("b", 8000) + "\r\n\r\nHej\r\n"), "", "Hej"},
		{"bad-input 98: the same boundary inside", []byte(head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHej\r\n--b--\r\n--b--\r\n"), ticket.FlagRaw, "Hej"},
		{"bad-input 99: 10,000 sections of a name", []byte(head + "Content-Type: text/plain; x=y" + sections(10_000) + "\r\n\r\nHej\r\n"), ticket.FlagRaw, "Hej"},
		{"bad-input 100: 100,000 parameters", []byte(head + "Content-Type: text/plain" + strings.Repeat("; a=b", 40_000) + "\r\n\r\nHej\r\n"), ticket.FlagRaw, "Hej"},
		{"bad-input 104: base64 without an end", []byte(head + "Content-Transfer-Encoding: base64\r\n\r\nSGVqLCBkZXQgdmlya2Vy"), "", "Hej, det virker"},
		{"bad-input 105: base64 with junk in it", []byte(head + "Content-Transfer-Encoding: base64\r\n\r\nSGVq\x00!!\xffLCBk ZXQg=dmly\r\n??a2Vy"), "", "Hej, det virker"},
		{"bad-input 106: 10 MB of =XX", []byte(head + "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + strings.Repeat("=41", 10<<20/3)), ticket.FlagTruncated, "AAAA"},
		{"bad-input 119: words that look like markers", []byte(head + "\r\n" + strings.Repeat(" on x at y\r\n", 200_000)), "", "on x at y"},
		{"bad-input 119: one line of a thousand starts", []byte(head + "\r\n" + strings.Repeat("On 3/4 at 10:22, ", 20_000) + "wrote:\r\n> x\r\n"), "", "On 3/4"},
		{"200,000 lines that end like markers", []byte(head + "\r\n" + strings.Repeat("den 3. maj skrev a@b.example:\r\n", 60_000)), "", "skrev"},
		{"lines that share their marker with text", []byte(head + "\r\n" + strings.Repeat("x On 3 May 2026 at 10:22, a@b.example wrote:\r\n> y\r\n", 40_000)), "", "wrote"},
		{"labels under 100,000 blank lines", []byte(head + "\r\n" + strings.Repeat("\r\n", 100_000) + strings.Repeat("Fra: x\r\nHej\r\n", 100_000)), "", "Fra"},
		{"our own mail, line by line, above text", []byte(head + "Content-Type: text/html\r\n\r\n<div data-supportd>" + strings.Repeat("x<br>", 200_000) + "</div>Hej"), "", "Hej"},
		{"signatures between quotes", []byte(head + "Content-Type: text/html\r\n\r\n" + strings.Repeat("<blockquote type=cite>x</blockquote><div class=moz-signature>y</div>", 30_000)), "", "x"},
		{"2 MB of line ends", []byte(head + "\r\nHej" + strings.Repeat("\n", 2<<20)), ticket.FlagTruncated, "Hej"},
		{"200,000 labels", []byte(head + "\r\n" + strings.Repeat("Fra: x\r\n\r\n", 100_000)), "", "Fra"},
		{"100,000 signatures", []byte(head + "\r\n" + strings.Repeat("-- \r\nMvh\r\n", 100_000)), "", "Mvh"},
		{"quotes and blank lines in turn", []byte(head + "\r\n" + strings.Repeat("> x\r\n\r\n\r\ny\r\n", 80_000)), "", "x"},
		{"200,000 blank lines between rules", []byte(head + "\r\n" + strings.Repeat("_____\r\n", 50_000) + strings.Repeat("\r\n", 200_000)), "", "____"},
		{"HTML 100,000 deep", []byte(head + "Content-Type: text/html\r\n\r\n" + strings.Repeat("<div>", 100_000) + "Hej"), "", "Hej"},
		{"HTML that closes what it never opened", []byte(head + "Content-Type: text/html\r\n\r\n" + strings.Repeat("<p><div></span>", 100_000) + "Hej"), "", "Hej"},
		{"HTML with a tag that never ends", []byte(head + "Content-Type: text/html\r\n\r\nHej<div " + strings.Repeat("a=b ", 200_000)), "", "Hej"},
		{"HTML of quotes in quotes", []byte(head + "Content-Type: text/html\r\n\r\nHej" + strings.Repeat("<blockquote type=cite>x", 50_000)), "", "Hej"},
		{"a line of 2 MB", []byte(head + "\r\nHej " + strings.Repeat("x", 2<<20) + "\r\n"), ticket.FlagTruncated, "Hej"},
		{"encoded words that never end", []byte("From: a@firma.example\r\nSubject: " + strings.Repeat("=?utf-8?Q?", 20_000) + "\r\n\r\nHej\r\n"), "", "Hej"},
		{"a header of References", []byte(head + "References: " + strings.Repeat("<a@b>", 40_000) + "\r\n\r\nHej\r\n"), "", "Hej"},
		{"addresses that cannot be parsed", []byte(head + "Cc: " + strings.Repeat("<<a@b,\"", 30_000) + "\r\n\r\nHej\r\n"), "", "Hej"},
		{"uuencoded files that never end", []byte(head + "\r\n" + strings.Repeat("begin 644 a\r\n", 50_000)), "", "begin"},
		{"a bounce of 100,000 recipients", []byte("From: mailer-daemon@firma.example\r\nSubject: failure notice\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" + strings.Repeat("Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\n\r\n", 100_000) + "--b--\r\n"), "", ""},
		{"TNEF with four billion properties", tnefOf(0x00069003, "\xff\xff\xff\xff\x01\x10\x00\x10\xff\xff\xff\xff"), "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := parseGuarded(t, tt.raw)
			if tt.flag != "" && !m.Flag(tt.flag) {
				t.Errorf("flags are %v, want %s", m.Flags, tt.flag)
			}
			if tt.flag == "" && m.Flag(ticket.FlagRaw) {
				t.Errorf("flags are %v", m.Flags)
			}
			if !strings.Contains(m.Text, tt.text) {
				short, _ := cutText(m.Text, 300)
				t.Errorf("text is %q, want %q in it", short, tt.text)
			}
			if m.Subject == "" {
				t.Error("the subject is lost")
			}
		})
	}
}

func sections(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ";n*%d=a", i)
	}
	return b.String()
}

// tnefOf makes a mail whose winmail.dat holds one attribute.
func tnefOf(id uint32, value string) []byte {
	n := len(value)
	stream := "\x78\x9f\x3e\x22\x01\x00\x01" + string([]byte{byte(id), byte(id >> 8), byte(id >> 16), byte(id >> 24), byte(n), byte(n >> 8), 0, 0}) + value + "\x00\x00"
	return []byte(head + "Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\n" + stream)
}
