package parser

import (
	"slices"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// TestSender shows who counts as the writer of a mail. Only identified
// addresses may act; the others are for display.
func TestSender(t *testing.T) {
	p := newParser(t)
	for _, tt := range []struct {
		name, header string
		address      string
		identified   bool
		flag         string
	}{
		{"a plain address", "From: kunde@firma.example", "kunde@firma.example", true, ""},
		{"a name and an address", "From: Test Kunde <kunde@firma.example>", "kunde@firma.example", true, ""},
		{"bad-input 60: no From", "To: x@desk.example", "", false, ticket.FlagNoFrom},
		{"bad-input 60: an empty From", "From:", "", false, ticket.FlagNoFrom},
		{"bad-input 61: two From headers", "From: kunde@firma.example\nFrom: chef@desk.example", "kunde@firma.example", false, ticket.FlagTwoFrom},
		{"bad-input 62: two mailboxes", "From: kunde@firma.example, chef@desk.example", "kunde@firma.example", false, ticket.FlagMultiFrom},
		{"bad-input 63: a group", "From: undisclosed-recipients:;", "", false, ticket.FlagNoFrom},
		{"bad-input 63: a group with a member", "From: Chef: kunde@firma.example;", "kunde@firma.example", false, ticket.FlagNoFrom},
		{"bad-input 64: an address before the address", "From: chef@desk.example <kunde@firma.example>", "kunde@firma.example", false, ticket.FlagBadFrom},
		{"bad-input 65: an address in an encoded word", "From: =?utf-8?Q?chef=40desk.example?= <kunde@firma.example>", "kunde@firma.example", true, ""},
		{"bad-input 65: an encoded word that holds brackets", "From: =?utf-8?Q?=3Cchef=40desk.example=3E?= <kunde@firma.example>", "kunde@firma.example", true, ""},
		{"bad-input 66: an address as a quoted name", "From: \"chef@desk.example\" <kunde@firma.example>", "kunde@firma.example", true, ""},
		{"bad-input 67: an address in a comment", "From: kunde@firma.example (chef@desk.example)", "kunde@firma.example", true, ""},
		{"bad-input 67: a comment first", "From: (chef@desk.example) kunde@firma.example", "kunde@firma.example", true, ""},
		{"bad-input 68: Sender and Reply-To are others", "From: kunde@firma.example\nSender: chef@desk.example\nReply-To: chef@desk.example", "kunde@firma.example", true, ""},
		{"bad-input 69: a domain other than ASCII", "From: kunde@fïrma.example", "kunde@xn--frma-5pa.example", true, ticket.FlagPunycode},
		{"bad-input 69: a domain in punycode", "From: kunde@xn--frma-5pa.example", "kunde@xn--frma-5pa.example", true, ticket.FlagPunycode},
		{"bad-input 81: a name in raw latin-1", "From: Pr\xf8ve <kunde@firma.example>", "kunde@firma.example", true, ""},
		{"bad-input 83: a blank before the colon", "From : kunde@firma.example", "kunde@firma.example", true, ticket.FlagBadHeader},
		{"two addresses without a comma", "From: <kunde@firma.example> <chef@desk.example>", "chef@desk.example", false, ticket.FlagBadFrom},
		{"a source route", "From: <@chef.example:kunde@firma.example>", "", false, ticket.FlagBadFrom},
		{"a NUL in the address", "From: kunde\x00@firma.example", "kunde@firma.example", false, ticket.FlagBadFrom},
		{"an address in raw latin-1", "From: pr\xf8ve@firma.example", "prøve@firma.example", false, ticket.FlagBadFrom},
		{"an address in UTF-8", "From: prøve@firma.example", "prøve@firma.example", true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := p.Parse([]byte(tt.header + "\nSubject: Login\n\nHej\n"))
			checkInvariants(t, m)
			if m.From.Address != tt.address || m.Identified != tt.identified {
				t.Errorf("from %q, identified %v", m.From.Address, m.Identified)
			}
			if tt.flag != "" && !m.Flag(tt.flag) {
				t.Errorf("flags are %v, want %s", m.Flags, tt.flag)
			}
			if tt.flag == "" && len(m.Flags) > 0 {
				t.Errorf("flags are %v", m.Flags)
			}
		})
	}
}

// TestOddHeaders shows headers that break rules, and what is made of them.
func TestOddHeaders(t *testing.T) {
	p := newParser(t)
	for _, tt := range []struct {
		name, raw     string
		subject, text string
		flag          string
	}{
		{"bad-input 70: signs that turn the writing stay for the door to escape", "Subject: a\u202eb\n\nHej", "a\u202eb", "Hej", ""},
		{"bad-input 71: a line end in an encoded word", "Subject: =?utf-8?Q?x=0D=0ABcc:_y?=\n\nHej", "x  Bcc: y", "Hej", ""},
		{"bad-input 71: a folded field", "Subject: x\n Bcc: y\n\nHej", "x Bcc: y", "Hej", ""},
		{"bad-input 81: two character sets in one field", "Subject: =?iso-8859-1?Q?=F8?= \xe6\n\nHej", "ø æ", "Hej", ""},
		{"bad-input 82: a byte order mark first", "\xef\xbb\xbfSubject: Login\n\nHej", "Login", "Hej", ""},
		{"bad-input 82: a byte order mark below a trace field", "Received: from a\n\xef\xbb\xbfSubject: Login\n\nHej", "Login", "Hej", ticket.FlagBadHeader},
		{"bad-input 82: a NUL in a name", "Sub\x00ject: x\nSubject: Login\n\nHej", "Login", "Hej", ticket.FlagNUL},
		{"bad-input 84: an mbox line first", "From kunde Thu Nov 12 2026\nSubject: Login\n\nHej", "Login", "Hej", ticket.FlagRaw},
		{"bad-input 85: a blank first", " x\nSubject: Login\n\nHej", "Login", "Hej", ticket.FlagRaw},
		{"bad-input 86: no blank line", "Subject: Login\nHej med jer\nDet virker ikke", "Login", "Hej med jer\nDet virker ikke", ticket.FlagBadHeader},
		{"bad-input 86: nothing at all", "", "", "", ticket.FlagEmpty},
		{"bad-input 88: two subjects", "Subject: Login\nSubject: Faktura\n\nHej", "Login", "Hej", ticket.FlagBadHeader},
		{"junk between fields", "X-A: b\nhvad er det\nSubject: Login\n\nHej", "Login", "Hej", ticket.FlagBadHeader},
		{"a character cut between two words", "Subject: =?utf-8?Q?p=C3?=\n =?utf-8?Q?=A5?=\n\nHej", "på", "Hej", ""},
		{"a word of an unknown encoding stays", "Subject: =?utf-8?X?abc?=\n\nHej", "=?utf-8?X?abc?=", "Hej", ""},
		{"a word with blanks in it", "Subject: =?utf-8?Q?en mail?=\n\nHej", "en mail", "Hej", ""},
		{"a word in quotes", "Subject: \"=?utf-8?B?U8O4?=\"\n\nHej", "\"Sø\"", "Hej", ""},
		{"old Macintosh line ends in the text", "Subject: Login\n\nHej\rmed jer", "Login", "Hej\nmed jer", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := p.Parse([]byte(tt.raw))
			checkInvariants(t, m)
			if m.Subject != tt.subject {
				t.Errorf("subject is %q, want %q", m.Subject, tt.subject)
			}
			if strings.TrimSpace(m.Text) != tt.text {
				t.Errorf("text is %q, want %q", m.Text, tt.text)
			}
			if tt.flag != "" && !m.Flag(tt.flag) {
				t.Errorf("flags are %v, want %s", m.Flags, tt.flag)
			}
		})
	}
}

func TestMessageIDs(t *testing.T) {
	for _, tt := range []struct {
		name, value string
		want        []string
	}{
		{"one", "<a@b.example>", []string{"a@b.example"}},
		{"several, one twice", "<a@b.example> <c@d.example>\t<a@b.example>", []string{"a@b.example", "c@d.example"}},
		{"prose between", "Your mail of Monday <a@b.example> \"Kunde\" (c@d.example)", []string{"a@b.example"}},
		{"folded inside", "<a@ b.example>", []string{"a@b.example"}},
		{"no brackets", "a@b.example", []string{"a@b.example"}},
		{"brackets that never close", "<a@b.example <c@d.example>", []string{"c@d.example"}},
		{"nothing usable", "hello", nil},
		{"bad-input 79: far too long", "<" + strings.Repeat("x", 10_000) + "@b.example>", nil},
		{"controls", "<a\x01@b.example>", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := messageIDs([]byte(tt.value), 100); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	long := messageIDs([]byte(strings.Repeat("<a@b.example>", 1)+numbered(300)), 100)
	if len(long) != 100 || long[0] != "a@b.example" || long[99] != "m299@b.example" {
		t.Errorf("of a long thread %d remain, from %s to %s", len(long), long[0], long[len(long)-1])
	}
}

func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("<m" + string(rune('0'+i/100)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10)) + "@b.example>")
	}
	return b.String()
}

func TestParseDate(t *testing.T) {
	noon := time.Date(2026, 11, 12, 14, 5, 0, 0, time.FixedZone("", 3600))
	for _, tt := range []struct {
		name, value string
		want        time.Time
	}{
		{"as the RFC wants it", "Thu, 12 Nov 2026 14:05:00 +0100", noon},
		{"with a comment", "Thu, 12 Nov 2026 14:05:00 +0100 (CET)", noon},
		{"with dots in the time", "Thu, 12 Nov 2026 14.05.00 +0100", noon},
		{"as of a database", "2026-11-12 14:05:00 +0100", noon},
		{"bad-input 80: absent", "", time.Time{}},
		{"bad-input 80: no date", "i går", time.Time{}},
		{"bad-input 80: year 9999", "Mon, 1 Jan 9999 00:00:00 +0000", time.Time{}},
		{"bad-input 80: 1970", "Thu, 1 Jan 1970 00:00:00 +0000", time.Time{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := parseDate([]byte(tt.value)); !got.Equal(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestContentHash: bad-input 77 and 78. What servers add changes nothing, what
// the sender wrote changes all.
func TestContentHash(t *testing.T) {
	p := newParser(t)
	const mail = "From: kunde@firma.example\r\nSubject: Login\r\nMessage-ID: <1@firma.example>\r\n\r\nHej\r\n"
	want := p.Parse([]byte(mail)).ContentHash
	for _, tt := range []struct {
		name, raw string
		same      bool
	}{
		{"trace fields", "Received: from a by b\r\n\tfor c\r\nReturn-Path: <>\r\nDelivered-To: x\r\nX-Original-To: y\r\nAuthentication-Results: z; dkim=pass\r\nDKIM-Signature: v=1\r\nX-Spam-Score: 1\r\n" + mail, true},
		{"LF for CRLF", strings.ReplaceAll(mail, "\r\n", "\n"), true},
		{"a subject folded anew", strings.Replace(mail, "Subject: Login", "Subject:\r\n Login", 1), true},
		{"another text", mail + ".", false},
		{"another subject", strings.Replace(mail, "Login", "Logind", 1), false},
		{"another Message-ID", strings.Replace(mail, "<1@", "<2@", 1), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := p.Parse([]byte(tt.raw)).ContentHash; (got == want) != tt.same {
				t.Errorf("same hash: %v", got == want)
			}
		})
	}
}

// bad-input 89: a relay strips forged Authentication-Results by its name; what
// it could not see there, as within an encoded word, is not read out of it.
func TestAuthResultsAreNotDecoded(t *testing.T) {
	p := newParser(t)
	for _, value := range []string{
		"=?utf-8?q?mx=2Edesk=2Eexample=3B_dmarc=3Dpass?=",
		"=?utf-8?b?bXguZGVzay5leGFtcGxl?=; dmarc=pass",
		"mx.\x01desk.example; dmarc=pass",
		"+AG0-x.desk.example; dmarc=pass \xff",
	} {
		m := p.Parse([]byte("Authentication-Results: " + value + "\nContent-Type: text/plain; charset=utf-7\nFrom: kunde@firma.example\n\nHej\n"))
		if len(m.AuthResults) != 1 || strings.Contains(m.AuthResults[0], "mx.desk.example") {
			t.Errorf("%q was read as %q", value, m.AuthResults)
		}
	}
}
