package parser

import (
	"bytes"
	"net/mail"
	"strings"
	"time"
)

// maxMessageID is the length past which a Message-ID is unusable: RFC 5322
// allows a line of 998, and nobody needs half of that.
const maxMessageID = 500

// messageIDs finds the identifiers in a Message-ID, In-Reply-To or References
// field, in order and once each, without angle brackets. Old mailers write
// prose and comments between them, others fold inside the brackets.
func messageIDs(value []byte, limit int) []string {
	var ids []string
	seen := make(map[string]bool)
	rest := value
	for {
		start := bytes.IndexByte(rest, '<')
		if start < 0 {
			break
		}
		rest = rest[start+1:]
		end := bytes.IndexAny(rest, "<>")
		if end < 0 {
			break
		}
		if rest[end] == '<' {
			rest = rest[end:]
			continue
		}
		if id, ok := cleanMessageID(rest[:end]); ok && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
		rest = rest[end+1:]
	}
	if len(ids) == 0 {
		if id, ok := cleanMessageID(value); ok && strings.Contains(id, "@") {
			ids = append(ids, id)
		}
	}
	return firstAndLast(ids, limit)
}

// cleanMessageID accepts what may stand in a header of ours again: printable,
// without blanks, of bounded length. Blanks from folding are dropped.
func cleanMessageID(b []byte) (string, bool) {
	if len(b) > 2*maxMessageID {
		return "", false
	}
	id := strings.Join(strings.Fields(strings.ToValidUTF8(string(b), "")), "")
	if id == "" || len(id) > maxMessageID {
		return "", false
	}
	for _, r := range id {
		if r <= ' ' || r >= 0x7f || r == '<' || r == '>' {
			return "", false
		}
	}
	return id, true
}

// firstAndLast keeps the root of a thread and its newest mails.
func firstAndLast(ids []string, limit int) []string {
	if len(ids) <= limit {
		return ids
	}
	head := limit / 5
	return append(ids[:head:head], ids[len(ids)-(limit-head):]...)
}

// parseDate reads a Date header. Absurd dates are none: a mail of the year
// 9999 must not sort above all others.
func parseDate(value []byte) time.Time {
	s := strings.TrimSpace(strings.ToValidUTF8(string(value), ""))
	if len(s) > 200 {
		return time.Time{}
	}
	t, err := mail.ParseDate(s)
	if err != nil {
		t = parseOddDate(s)
	}
	if t.Year() < 1980 || t.Year() > 2100 {
		return time.Time{}
	}
	return t
}

// parseOddDate tries the forms that scripts and old mailers write.
func parseOddDate(s string) time.Time {
	if i := strings.IndexByte(s, '('); i > 0 {
		s = s[:i]
	}
	s = strings.Join(strings.Fields(s), " ")
	for _, layout := range []string{
		time.RFC3339,
		"Mon, 2 Jan 2006 15:04:05",
		"2 Jan 2006 15:04:05",
		"Mon Jan 2 15:04:05 2006",
		"Mon Jan 2 15:04:05 MST 2006",
		"Mon Jan 2 15:04:05 2006 -0700",
		"Mon, 2 January 2006 15:04:05 -0700",
		"Monday, 2 January 2006 15:04:05 -0700",
		"Mon, 2 Jan 2006 15:04:05 MST-0700",
		"Mon, 2 Jan 2006 15.04.05 -0700",
		"Mon, 2-Jan-2006 15:04:05 -0700",
		"2006-01-02 15:04:05 -0700",
		"2006-01-02 15:04:05",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}
