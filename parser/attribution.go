package parser

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// attribution is the "On … wrote:" above a quoted mail.
type attribution struct {
	end     int  // the line after it
	strong  bool // quoted text may follow without quote marks
	certain bool // even where nothing follows
}

const maxAttribution = 5 // lines that a long one is wrapped into

// attributions finds every line at which an "On … wrote:" begins. It looks
// back from the lines that may end one, so that each line is read a bounded
// number of times.
func (s *splitter) attributions() map[int]attribution {
	found := map[int]attribution{}
	for e := range s.lines {
		if s.lines[e].kind != "" || !s.mayEnd(e) {
			continue
		}
		joined := ""
		for b := e; b >= 0 && b > e-maxAttribution; b-- {
			l := s.lines[b]
			if l.blank() || s.quoted(b) && b < e || len(joined) > 500 {
				break
			}
			joined = strings.TrimSpace(l.plain + " " + joined)
			if a, ok := s.lex.attribution(joined, s.quoteFollows(e+1)); ok {
				a.end = e + 1
				found[b] = a
				break
			}
		}
	}
	return found
}

// mayEnd reports whether line e can be the last of an attribution.
func (s *splitter) mayEnd(e int) bool {
	p := strings.TrimRight(s.lines[e].plain, " -–—_")
	if p == "" || s.quoted(e) {
		return false
	}
	if strings.HasSuffix(p, ":") || strings.HasSuffix(p, "：") || len(p) < len(s.lines[e].plain) {
		return true
	}
	return s.quoteFollows(e + 1)
}

func (s *splitter) quoteFollows(i int) bool {
	j := s.nextFilled(i)
	return j < len(s.lines) && (s.quoted(j) || s.lines[j].mark == spanQuote)
}

// attribution judges the joined lines. before says that quoted lines follow,
// which settles what alone would be in doubt.
func (x *lexicon) attribution(p string, before bool) (attribution, bool) {
	bare := strings.Trim(p, "-–—_ ")
	dashed := len(bare)+4 <= len(p)
	core := strings.TrimRight(bare, ": ：")
	colon := len(core) < len(bare)
	if len(core) < 6 || len(core) > 450 || !colon && !before && !dashed {
		return attribution{}, false
	}
	email := strings.Contains(core, "@")
	date, clock := dateIn(core)
	if before && email && date && len(core) < 200 && (colon || startsWithDigit(core)) {
		return attribution{strong: true}, true // "2011/4/7 Name <name@…>"
	}
	writes := x.writes(core)
	if !writes || !date && !email || !x.begins(core, email) {
		return attribution{}, false
	}
	a := attribution{strong: (email || clock) && (colon || dashed), certain: email && date && colon}
	return a, true
}

// writes reports whether a verb of the lexicon ends the line, or stands before
// a name that does.
func (x *lexicon) writes(core string) bool {
	for _, v := range x.wrote {
		i := strings.LastIndex(core, v.word)
		if i < 0 {
			continue
		}
		tail := core[i+len(v.word):]
		if v.unspaced {
			if len(tail) < 12 {
				return true
			}
			continue
		}
		if i > 0 && isWordEnd(core[:i]) || isWordStart(tail) {
			continue
		}
		if strings.TrimSpace(tail) == "" {
			return !pronounBefore(core[:i])
		}
		if v.named && len(tail) < 160 && !strings.Contains(tail, ". ") && !strings.ContainsAny(tail, "?!") && len(strings.Fields(tail)) <= 10 && !pronounAfter(tail) {
			return true
		}
	}
	return false
}

// begins reports whether the line starts as an attribution does.
func (x *lexicon) begins(core string, email bool) bool {
	first, _, _ := strings.Cut(core, " ")
	first = strings.Trim(first, "\"'<(")
	r, _ := utf8.DecodeRuneInString(first)
	switch {
	case x.starts[first] || x.starts[strings.TrimRight(first, ".,")]:
		return true
	case unicode.IsDigit(r):
		return true
	case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana):
		return true
	}
	return email || isWeekday(strings.TrimRight(first, ".,")) || beginsWithName(core)
}

// beginsWithName reports whether a verb follows within a few words, as in
// "Name Name schrieb am 3.4.2020 um 10:20:".
func beginsWithName(core string) bool {
	fields := strings.Fields(core)
	for i, f := range fields {
		if i > 0 && i <= 4 {
			switch f {
			case "schrieb", "skrev", "wrote", "schreef", "escribió", "escreveu", "kirjoitti", "napisał", "napisał(a)", "napsal", "napsal(a)", "skrifaði", "scrive":
				return true
			}
		}
	}
	return false
}

// isWeekday knows the weekday names with which clients begin.
func isWeekday(w string) bool {
	switch w {
	case "mon", "monday", "tue", "tuesday", "wed", "wednesday", "thu", "thursday", "fri", "friday", "sat", "saturday", "sun", "sunday",
		"man", "mandag", "tir", "tirs", "tirsdag", "ons", "onsdag", "tor", "tors", "torsdag", "fre", "fredag", "lør", "lørdag", "søn", "søndag",
		"mån", "måndag", "tis", "tisdag", "lör", "lördag", "sön", "söndag",
		"mo", "montag", "di", "dienstag", "mi", "mittwoch", "do", "donnerstag", "fr", "freitag", "sa", "samstag", "so", "sonntag",
		"lun", "lundi", "mar", "mardi", "mer", "mercredi", "jeu", "jeudi", "ven", "vendredi", "sam", "samedi", "dim", "dimanche",
		"ma", "maandag", "dinsdag", "wo", "woensdag", "donderdag", "vr", "vrijdag", "za", "zaterdag", "zo", "zondag",
		"lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo", "gio", "giovedì", "martedì", "mercoledì", "venerdì", "lunedì", "sabato", "domenica",
		"seg", "ter", "qua", "qui", "sex", "sáb", "dom", "maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai":
		return true
	}
	return false
}

// pronounBefore reports whether the writer speaks of himself: "I wrote:".
func pronounBefore(s string) bool {
	fields := strings.Fields(s)
	return len(fields) > 0 && isPronoun(fields[len(fields)-1])
}

func pronounAfter(s string) bool {
	fields := strings.Fields(s)
	return len(fields) > 0 && isPronoun(fields[0])
}

func isPronoun(w string) bool {
	switch w {
	case "i", "we", "you", "he", "she", "they", "jeg", "vi", "du", "han", "hun", "de", "jag", "ni", "ich", "wir", "sie", "er", "ik", "wij", "je", "nous", "vous", "yo", "io", "eu", "ja", "minä", "jsem", "ég":
		return true
	}
	return false
}

// dateIn looks for a date or a time of day: a year, three numbers with the
// same sign between them, or hours and minutes.
func dateIn(s string) (date, clock bool) {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			continue
		}
		j := i
		for j < len(s) && s[j] >= '0' && s[j] <= '9' {
			j++
		}
		n := j - i
		switch {
		case n == 4 && (s[i:i+2] == "19" || s[i:i+2] == "20"):
			date = true
		case n <= 2 && j+2 < len(s) && (s[j] == ':' || s[j] == '.' || s[j] == 'h') && isDigit(s[j+1]) && isDigit(s[j+2]) && (j+3 == len(s) || !isDigit(s[j+3])):
			clock, date = true, true
		case n <= 2 && j+1 < len(s) && (s[j] == '/' || s[j] == '-' || s[j] == '.') && isDigit(s[j+1]):
			date = true
		case n <= 2 && j+1 < len(s) && (s[j] == ' ' || s[j] == '.' || s[j] == ','):
			date = date || n > 0 && i > 0
		}
		i = j
	}
	return date, clock
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func startsWithDigit(s string) bool { return s != "" && isDigit(s[0]) }

func isWordEnd(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func isWordStart(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
