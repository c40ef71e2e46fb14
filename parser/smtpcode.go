package parser

import "strings"

// enhancedCode finds the first enhanced status code in s (RFC 3463), "5.1.1".
func enhancedCode(s string) string {
	for i := 0; i+4 < len(s); i++ {
		if s[i] != '2' && s[i] != '4' && s[i] != '5' || i > 0 && (isDigit(s[i-1]) || s[i-1] == '.') || s[i+1] != '.' {
			continue
		}
		subject := digitsAt(s, i+2)
		if subject == 0 || subject > 3 || i+2+subject >= len(s) || s[i+2+subject] != '.' {
			continue
		}
		detail := digitsAt(s, i+3+subject)
		end := i + 3 + subject + detail
		if detail == 0 || detail > 3 || end < len(s) && s[end] == '.' && end+1 < len(s) && isDigit(s[end+1]) {
			continue // an IP address or a version
		}
		return s[i:end]
	}
	return ""
}

func digitsAt(s string, i int) int {
	n := 0
	for i+n < len(s) && isDigit(s[i+n]) {
		n++
	}
	return n
}

// statusFromWords gives a status to what a server only says in words.
func statusFromWords(words string) string {
	low := strings.ToLower(words)
	if code := enhancedCode(words); code != "" {
		return code
	}
	for _, known := range []struct {
		status string
		words  []string
	}{
		{"5.1.1", []string{"user unknown", "unknown user", "no such user", "unknown local", "mailbox unavailable", "mailbox not found", "does not exist", "doesn't exist", "unknown recipient", "recipient unknown", "invalid recipient", "no mailbox", "address rejected", "not a valid", "no longer", "存在しません", "not listed", "unrouteable"}},
		{"5.2.2", []string{"quota", "mailbox is full", "mailbox full", "over limit", "too much mail"}},
		{"5.2.1", []string{"disabled", "inactive", "suspended"}},
		{"5.1.2", []string{"host unknown", "host not found", "domain not found", "no such domain", "unknown host", "no mx", "couldn't find any host", "name or service"}},
		{"5.3.4", []string{"too large", "too big", "size limit", "exceeds"}},
		{"5.7.1", []string{"spam", "blocked", "denied", "blacklist", "not permitted", "policy", "rejected"}},
		{"4.4.1", []string{"timed out", "timeout", "connection refused", "could not connect", "retry"}},
	} {
		if containsAny(low, known.words) {
			return known.status
		}
	}
	if code := replyCode(words); code != "" {
		return code[:1] + ".0.0"
	}
	return "5.0.0"
}

// replyCode finds a permanent or transient SMTP reply code.
func replyCode(s string) string {
	for i := 0; i+2 < len(s); i++ {
		if (s[i] == '4' || s[i] == '5') && digitsAt(s, i) == 3 && (i == 0 || !isDigit(s[i-1]) && s[i-1] != '.') && s[i+1] <= '7' {
			return s[i : i+3]
		}
	}
	return ""
}

// diagnosticLine picks the lines in which a server gives its reason.
func diagnosticLine(words string) string {
	for l := range strings.Lines(words) {
		if t := strings.TrimSpace(l); replyCode(t) != "" || enhancedCode(t) != "" {
			return t
		}
	}
	lines := strings.Split(words, "\n")
	for _, l := range lines[1:] {
		if t := strings.TrimSpace(l); t != "" {
			return t
		}
	}
	return strings.TrimSpace(lines[0])
}
