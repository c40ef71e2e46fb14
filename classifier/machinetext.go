package classifier

import (
	"strings"
	"unicode"
)

// machineLevels are the words by which programs grade what they print.
var machineLevels = [...]string{
	"CRITICAL", "CRIT", "FATAL", "ERROR", "ERR", "WARNING", "WARN", "INFO", "NOTICE", "DEBUG", "TRACE", "ALERT", "EMERG", "EMERGENCY",
	"URGENT", "HIGH", "LOW", "SEVERE", "PROBLEM", "OK",
}

// machineLine reports a line that a program printed: it bears a level in the
// manner of logs, or the marks of a console or of structured data.
func machineLine(s string) bool {
	switch {
	case s == "":
		return false
	case strings.HasPrefix(s, "$ "), strings.HasPrefix(s, "{\""), strings.HasPrefix(s, "{ \""), strings.HasPrefix(s, "<?xml"),
		strings.HasPrefix(s, "at ") && strings.HasSuffix(s, ")"), strings.HasPrefix(s, "Traceback"), strings.HasPrefix(s, "\"") && strings.Contains(s, "\": "):
		return true
	}
	if strings.ContainsAny(s, "=\"") {
		lower := strings.ToLower(s)
		for _, mark := range []string{"level=", "severity=", "lvl=", "priority=", "\"level\":", "\"severity\":", "status="} {
			if strings.Contains(lower, mark) {
				return true
			}
		}
	}
	if !hasCapitals(s) {
		return false
	}
	words := strings.Fields(s)
	stamped := timestamp(words[0])
	for _, w := range words[:min(len(words), 4)] {
		stamped = stamped || strings.Count(w, ":") == 2 && timestamp(w) // syslog puts the date before
	}
	for i, w := range words {
		level, rest := levelWord(w)
		switch {
		case level == "":
			continue
		case i == 0 && strings.HasPrefix(rest, ":") && assigns(s):
			return true // CRITICAL: job stopped (rc=3)
		case stamped:
			return true // 2026-11-16 09:12:01 CRITICAL …
		case rest != "" && (rest[0] == ':' || rest[0] == '/') && len(rest) > 1 && isASCII(rest) && !spacedColon(rest):
			return true // CRITICAL:root:…
		case strings.HasPrefix(w, "[") && i > 0 && strings.HasPrefix(words[i-1], "["), strings.HasPrefix(w, "[") && i == 0 && len(words) > 1 && strings.HasPrefix(words[1], "["):
			return true // [app] [CRITICAL] …
		case rest == "" && probe(words, i):
			return true // DISK CRITICAL - free space: / 3%
		}
	}
	return false
}

// hasCapitals reports two capital letters in a row, without which there is no
// level to look for.
func hasCapitals(s string) bool {
	for i := 1; i < len(s); i++ {
		if 'A' <= s[i] && s[i] <= 'Z' && 'A' <= s[i-1] && s[i-1] <= 'Z' {
			return true
		}
	}
	return false
}

// assigns reports what only programs write in a sentence: rc=3, sync_job.
func assigns(s string) bool {
	for i := 1; i+1 < len(s); i++ {
		if (s[i] == '=' || s[i] == '_') && letterOrDigit(s[i-1]) && letterOrDigit(s[i+1]) {
			return true
		}
	}
	return false
}

func letterOrDigit(c byte) bool { return alnum(c|0x20) || alnum(c) }

// levelWord parts a level, in capitals, from what is written against it.
func levelWord(w string) (level, rest string) {
	w = strings.TrimLeft(w, "[(<*|")
	n := 0
	for n < len(w) && 'A' <= w[n] && w[n] <= 'Z' {
		n++
	}
	for _, l := range machineLevels {
		if w[:n] == l {
			return l, strings.TrimLeft(w[n:], "])>*|")
		}
	}
	return "", ""
}

// spacedColon reports a colon that people set: nothing, or a word, follows it.
func spacedColon(rest string) bool {
	rest = strings.TrimLeft(rest, ":/")
	if rest == "" {
		return true
	}
	for i := range len(rest) {
		if rest[i] == ':' || rest[i] == '.' && i+1 < len(rest) || rest[i] == '/' {
			return false
		}
	}
	return true
}

// probe reports the one-line answer of a monitoring check: a name in capitals or
// "is" before the level, a dash or a colon after it, and figures.
func probe(words []string, i int) bool {
	if i > 1 && words[i-1] == "is" && strings.ContainsAny(words[i-2], "/.0123456789") {
		return true // web01/HTTP is CRITICAL
	}
	if i == 0 || i+1 >= len(words) {
		return false
	}
	name := strings.Trim(words[i-1], "*:[]")
	if name != strings.ToUpper(name) || len(name) < 2 || words[i+1] != "-" && words[i+1] != ":" && words[i+1] != "|" {
		return false
	}
	rest := strings.Join(words[i+1:], " ")
	return strings.ContainsFunc(rest, unicode.IsDigit) && isASCII(name)
}

// timestamp reports whether a line's first word is a date or a time of day as
// programs write them.
func timestamp(w string) bool {
	w = strings.Trim(w, "[]()<>,")
	digits, seps := 0, 0
	for i := range len(w) {
		switch c := w[i]; {
		case '0' <= c && c <= '9':
			digits++
		case c == ':' || c == '-' || c == '/' || c == '.' || c == 'T' || c == 'Z' || c == '+':
			seps++
		default:
			return false
		}
	}
	return digits >= 4 && seps >= 1
}
