package templates

import (
	"regexp"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// maxSubject bounds a reporter's subject in runes. With the ID it stays far from
// the 998 octets of a header line however it is encoded.
const maxSubject = 120

// What mail programs put before the subject of an answer or a forwarded mail,
// with counts as in Re[2]: and Re(2):. Single letters are left out: they may be
// drives.
var replyPrefix = regexp.MustCompile(`(?i)^(?:re|sv|vs|vb|aw|wg|antw|antwort|svar|fw|fwd|vl|ref|rif|rv|tr|odp|pd|res|enc|ynt|ilt|doorst|vá|továbbítás|atb|hl)` +
	`\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]\s*`)

// What may be a tracking ID in a subject, brackets included.
var subjectID = regexp.MustCompile(`(?i)[\[(]?\s*\b[a-z]{2,5}[\s\p{Pd}]{0,3}[0-9a-z]{4}[\s\p{Pd}]{0,3}[0-9a-z]{4}\b\s*[\])]?`)

// CleanSubject is the reporter's own subject: without the prefixes of answers
// and forwarded mails, without tracking IDs of this prefix, without line breaks
// and invisible characters, of bounded length. It is its own fixed point, so that
// it does not matter whether a subject was cleaned before.
func CleanSubject(prefix, subject string) string {
	for s := subject; ; {
		next := cleanSubjectOnce(prefix, s)
		if next == s {
			return s
		}
		s = next
	}
}

func cleanSubjectOnce(prefix, s string) string {
	s = subjectID.ReplaceAllStringFunc(oneLine(s), func(found string) string {
		if _, ours := ticket.ParseID(prefix, strings.Trim(found, "[]() ")); ours {
			return " "
		}
		return found
	})
	s = replyPrefix.ReplaceAllString(oneLine(s), "")
	// What looks like an encoded word after decoding would be decoded once more
	// by whoever reads the letter (RFC 2047).
	s = strings.ReplaceAll(s, "=?", "= ?")
	return shorten(oneLine(s), maxSubject)
}

// subject is what stands in the letter's Subject. All letters to a reporter about
// one ticket have the same, so that they stay in one conversation.
func (w words) subject(n ticket.Notice) string {
	id := " [" + string(n.Ticket) + "]"
	if n.Facts.Neutral {
		return w.NeutralSubject + id
	}
	prefix, _, _ := strings.Cut(string(n.Ticket), "-")
	if own := CleanSubject(prefix, n.Facts.Subject); own != "" {
		return "Re: " + own + id
	}
	return w.NoSubject + id
}
