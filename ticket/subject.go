package ticket

import (
	"slices"
	"strings"
)

// Prefixes that mail programs put before the subject of an answer or of a
// forwarded mail. VS is "videresendt" in Danish and Norwegian but "vastaus"
// in Finnish; as an answer it has its references, so that it counts as
// forwarded here.
var (
	answerPrefixes = []string{
		"re", "sv", "aw", "antw", "antwort", "r", "odp", "ref", "rif", "res", "bls", "ynt", "svar", "vá", "atb", "hl",
	}
	forwardPrefixes = []string{
		"fwd", "fw", "wg", "tr", "vb", "vs", "vl", "rv", "enc", "i", "pd", "ilt", "doorst",
		"vidarebefordrat", "videresendt", "továbbítás",
	}
)

// Forwarded reports whether one of the prefixes of a subject says that the mail
// was passed on.
func Forwarded(subject string) bool {
	for {
		prefix, rest, ok := subjectPrefix(subject)
		if !ok {
			return false
		}
		if slices.Contains(forwardPrefixes, prefix) {
			return true
		}
		subject = rest
	}
}

// maxSubjectPrefix bounds in bytes what may stand before the colon.
const maxSubjectPrefix = 20

// subjectPrefix cuts one "Re:", "Fwd[2]:", "RE(3):" or "Re^4:" off a subject.
func subjectPrefix(subject string) (prefix, rest string, ok bool) {
	subject = strings.TrimSpace(subject)
	i := strings.IndexAny(subject, ":：")
	if i < 0 || i > maxSubjectPrefix {
		return "", subject, false
	}
	head, rest := subject[:i], strings.TrimPrefix(strings.TrimPrefix(subject[i:], ":"), "：")
	if count := strings.IndexAny(head, "[(^"); count > 0 {
		head = head[:count]
	}
	head = strings.ToLower(strings.TrimSpace(head))
	if slices.Contains(answerPrefixes, head) || slices.Contains(forwardPrefixes, head) {
		return head, strings.TrimSpace(rest), true
	}
	return "", subject, false
}

// BareSubject is the reporter's own subject, so that every mail of a ticket can
// bear it alike: without the prefixes of answers, and without the tracking IDs
// that stand before or behind it. An ID within his sentence is his word and
// stays. So does a single letter before a colon, which may be a drive. A bare
// subject stays as it is.
func BareSubject(subject, prefix string) string {
	s := strings.Join(strings.Fields(subject), " ")
	for {
		next := s
		if head, rest, ok := subjectPrefix(s); ok && len(head) > 1 {
			next = rest
		}
		next = cutID(prefix, next)
		if next == s {
			return s
		}
		s = next
	}
}

// cutID cuts a tracking ID off the beginning or the end of a text, with the
// brackets around it.
func cutID(prefix, text string) string {
	want := foldID(prefix)
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		if want == "" || i > 0 && isIDRune(runes[i-1]) {
			continue // inside a word
		}
		_, n, ok := readID(runes[i:], prefix, want)
		if !ok {
			continue
		}
		before := strings.TrimSpace(strings.TrimRight(string(runes[:i]), " [("))
		after := strings.TrimSpace(strings.TrimLeft(string(runes[i+n:]), " ])"))
		if before == "" || after == "" {
			return before + after
		}
		i += n - 1
	}
	return text
}
