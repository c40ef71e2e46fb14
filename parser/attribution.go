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
		broken := s.lex.brokenEnd(s.lines[e].plain)
		if !broken && !s.mayEnd(e) {
			continue
		}
		follows := s.quoteFollows(e + 1)
		joined, written, best, rank := "", "", -1, startNone
		var kept attribution
		for b := e; b >= 0 && b > e-maxAttribution; b-- {
			l := s.lines[b]
			if !broken && (l.blank() || s.quoted(b)) || len(joined) > 500 {
				break
			}
			joined = strings.TrimSpace(strings.TrimLeft(l.plain, "> ") + " " + joined)
			written = l.text + " " + written
			a, start := s.lex.attribution(joined, written, follows)
			if start > rank {
				best, rank, kept = b, start, a
			}
			if start == startWord {
				break
			}
		}
		if best >= 0 {
			kept.end = e + 1
			found[best] = kept
		}
	}
	return found
}

// brokenEnd knows the end of an attribution whose address was broken over
// lines, so that it looks quoted: "> wrote:".
func (x *lexicon) brokenEnd(plain string) bool {
	if len(plain) > 40 || !strings.HasPrefix(plain, ">") || !strings.HasSuffix(plain, ":") {
		return false
	}
	word := strings.Trim(plain, "> :")
	for _, v := range x.wrote {
		if word == v.word {
			return true
		}
	}
	return false
}

// splitShared cuts lines in two where a client put its attribution behind the
// last words of the text: "Thanks. On Wed, 4 Apr 2012, a@firma.example wrote:".
func (s *splitter) splitShared() {
	const tries = 50 // of one mail; nobody quotes more mails than that
	var lines []line
	done, tried := 0, 0
	for i, l := range s.lines {
		if len(l.text) > 400 || tried == tries || !strings.HasSuffix(l.plain, ":") || s.quoted(i) || !s.quoteFollows(i+1) {
			continue
		}
		if _, start := s.lex.attribution(l.plain, l.text, true); start == startWord || start == startDigit {
			continue
		}
		tried++
		if at := s.lex.sharedAt(l.text); at > 0 {
			head := line{start: l.start, end: l.start + at, text: l.text[:at], plain: plainLine(l.text[:at]), mark: l.mark}
			tail := line{start: l.start + at, end: l.end, text: l.text[at:], plain: plainLine(l.text[at:]), mark: l.mark}
			lines = append(append(lines, s.lines[done:i]...), head, tail)
			done = i + 1
		}
	}
	if done > 0 {
		s.lines = append(lines, s.lines[done:]...)
	}
}

// sharedAt finds where in a line an attribution begins.
func (x *lexicon) sharedAt(text string) int {
	for i := 1; i < len(text); i++ {
		if text[i-1] != ' ' && text[i-1] != '-' {
			continue
		}
		word, _, _ := strings.Cut(text[i:], " ")
		if !x.starts[strings.ToLower(word)] {
			continue
		}
		if _, start := x.attribution(plainLine(text[i:]), text[i:], true); start == startWord {
			return len(strings.TrimRight(text[:i], " -"))
		}
	}
	return 0
}

// mayEnd reports whether line e can be the last of an attribution.
func (s *splitter) mayEnd(e int) bool {
	p := strings.TrimRight(s.lines[e].plain, " -–—_")
	if p == "" || s.quoted(e) || len(s.lines[e].text) > 500 {
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

// startRank says how surely a line is the first of an attribution.
type startRank int

const (
	startNone  startRank = iota
	startName            // only an address or a name says so
	startDigit           // begins with a date, which may be a wrapped one
	startWord            // "On", "Den", "Am", a weekday
)

// attribution judges the joined lines, plain and as written. before says that
// quoted lines follow, which settles what alone would be in doubt.
func (x *lexicon) attribution(p, written string, before bool) (attribution, startRank) {
	bare := strings.Trim(p, "-–—_ ")
	dashed := len(bare)+4 <= len(p) && strings.HasPrefix(p, "--") && strings.HasSuffix(p, "--")
	core := strings.TrimRight(bare, ": ：")
	colon := len(core) < len(bare)
	if len(core) < 6 || len(core) > 450 || !colon && !before && !dashed {
		return attribution{}, startNone
	}
	email := strings.Contains(core, "@")
	date, clock := dateIn(core)
	rank := x.begins(core)
	v, writes := x.writes(core)
	switch {
	case writes && dashed:
		return attribution{strong: true, certain: true}, max(rank, startName)
	case writes && (date || email) && (rank > startName || email || before && beginsWithName(core)):
		named := email || clock && (v.unspaced || nameBeside(written, v))
		a := attribution{strong: named && colon, certain: email && date && colon}
		return a, max(rank, startName)
	case email && date && clock && colon && rank > startName && strings.HasSuffix(core, ">") && len(core) < 200:
		return attribution{strong: true}, rank // Yandex: date, name, address, no verb
	case before && email && date && len(core) < 200 && (colon || rank == startDigit):
		return attribution{strong: true}, max(rank, startName) // "2011/4/7 Name <name@…>"
	}
	return attribution{}, startNone
}

// writes finds the verb of the lexicon that ends the line, or stands before a
// name that does.
func (x *lexicon) writes(core string) (verb, bool) {
	for _, v := range x.wrote {
		if !strings.Contains(core, v.word) {
			continue // nearly always, and asked far quicker than LastIndex does
		}
		i := strings.LastIndex(core, v.word)
		tail := core[i+len(v.word):]
		switch {
		case v.unspaced:
			if len(tail) < 12 {
				return v, true
			}
		case i > 0 && isWordEnd(core[:i]) || isWordStart(tail):
		case strings.TrimSpace(tail) == "":
			if !pronounBefore(core[:i]) {
				v.named = false
				return v, true
			}
		case v.named && isNameTail(tail, strings.Contains(core, "@")):
			return v, true
		}
	}
	return verb{}, false
}

// nameBeside reports whether a name stands where the writer's does: a word
// with a capital or in quotes, behind the verb or before it. "Our customer
// wrote:" is somebody telling, not a mail program.
func nameBeside(written string, v verb) bool {
	words := strings.Fields(written)
	last := v.word[strings.LastIndexByte(v.word, ' ')+1:]
	for i, w := range words {
		if strings.ToLower(strings.Trim(w, ":*_,")) != last {
			continue
		}
		j := i - len(strings.Fields(v.word))
		if v.named {
			j = i + 1
		}
		if j < 0 || j >= len(words) {
			return false
		}
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(words[j], "*_"))
		return !unicode.IsLower(r)
	}
	return false
}

// isNameTail reports whether what stands behind the verb can be the writer's
// name, perhaps with the date.
func isNameTail(tail string, email bool) bool {
	return len(tail) < 160 && len(strings.Fields(tail)) <= 10 && !strings.ContainsAny(tail, "?!") && (email || !strings.Contains(tail, ". ")) && !pronounAfter(tail)
}

// begins says how the line starts.
func (x *lexicon) begins(core string) startRank {
	first, _, _ := strings.Cut(core, " ")
	first = strings.Trim(first, "\"'<(")
	bare := strings.TrimRight(first, ".,")
	r, _ := utf8.DecodeRuneInString(first)
	switch {
	case isInner(bare):
		return startDigit
	case x.starts[first] || x.starts[bare] || isWeekday(bare) || unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana):
		return startWord
	case unicode.IsDigit(r):
		return startDigit
	}
	return startNone
}

// isInner knows the words before a time of day. They begin a line only where
// the line was wrapped there.
func isInner(word string) bool {
	switch word {
	case "at", "kl", "klo", "um", "às", "ore", "alle", "o", "u", "v":
		return true
	}
	return false
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

func isWordEnd(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func isWordStart(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
