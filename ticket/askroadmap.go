package ticket

import "strings"

// AsksRoadmap reports whether a mail asks for the public roadmap: its subject is
// that word alone, in Danish or English, or with a year or a quarter behind it.
// The period is 2026, 2026-Q4, or "" for the current quarter.
func AsksRoadmap(subject string) (period string, ok bool) {
	word, rest, _ := strings.Cut(unwrap(strings.Join(strings.Fields(plainText(subject)), " ")), " ")
	if !sameWord(unwrap(word), "køreplan") && !sameWord(unwrap(word), "køreplanen") && unwrap(word) != "roadmap" {
		return "", false
	}
	rest = unwrap(strings.TrimPrefix(strings.TrimPrefix(rest, "for "), "the "))
	if rest == "" || readQuarter(&rest) || isYear(rest) {
		return rest, true
	}
	return "", false
}

func isYear(s string) bool {
	if len(s) != 4 || s[0] != '2' {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
