package classifier

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word or a piece of punctuation of a folded text.
type token struct {
	form       string // folded
	start, end int32  // byte offsets into the source text
	sentence   int32  // index into text.sentences
	clause     int32  // number of the clause within the text
	id         int32  // number of the word in the rules, once the matcher has looked
	lines      uint8  // line ends before it: 0, 1, 2 for more
	word       bool   // a word or a number, not punctuation
	space      bool   // white space, or nothing, stands before it
	off        bool   // not the reporter's prose: a file name, an address, a log line
}

// span is a range of token indexes, to exclusive.
type span struct{ from, to int }

// sentence is a span of tokens that ends where its writer ended it.
type sentence struct {
	span
	question bool
}

// text is one piece of a message, taken apart.
type text struct {
	meant     []correction // by token, as far as asked
	src       string
	toks      []token
	sentences []sentence
	silent    []bool  // by token: it tells nothing of the mail's subject
	matches   []match // by from, longer first
	// byRole holds indexes into matches, in order, role after role; those of role
	// r begin at roleFrom[r].
	byRole   []int32
	roleFrom [roleCount + 1]int32
	subject  bool
}

// tokenize takes src apart.
func tokenize(src string) *text {
	f := fold(src)
	t := &text{src: src, toks: make([]token, 0, len(src)/4+8)}
	s := scanner{f: f, t: t}
	s.run()
	t.toks = joinSpaced(t.toks)
	t.split()
	return t
}

type scanner struct {
	f     folded
	t     *text
	lines uint8
	space bool
}

func (s *scanner) run() {
	s.space, s.lines = true, 2
	for i := 0; i < len(s.f.s); {
		r, n := utf8.DecodeRuneInString(s.f.s[i:])
		if unicode.IsSpace(r) {
			if r == '\n' && s.lines < 2 {
				s.lines++
			}
			s.space = true
			i += n
			continue
		}
		end := i
		for end < len(s.f.s) {
			r, n := utf8.DecodeRuneInString(s.f.s[end:])
			if unicode.IsSpace(r) {
				break
			}
			end += n
		}
		s.chunk(i, end)
		i = end
	}
}

// chunk takes apart what stands between two white spaces.
func (s *scanner) chunk(i, end int) {
	off := technical(s.f.s[i:end])
	for i < end {
		j, word := s.next(i, end)
		if !word && s.f.s[i:j] == "-" && !s.space && j < end && len(s.t.toks) > 0 && s.t.toks[len(s.t.toks)-1].word && wordAt(s.f.s[j:]) {
			i = j // inside a compound: no token of its own
			continue
		}
		s.emit(i, j, word, off)
		i = j
		if i < end && s.f.s[i] == '\'' && word && wordAt(s.f.s[i+1:]) {
			i++ // an elision that next has cut: d'urgent is two words
		}
	}
}

func (s *scanner) emit(i, j int, word, off bool) {
	k := token{
		form: s.f.s[i:j], start: s.f.from[i], end: s.f.to[j-1],
		word: word, space: s.space, lines: s.lines, off: off,
	}
	s.t.toks = append(s.t.toks, k)
	s.space, s.lines = false, 0
}

// next finds the end of the token at i: a word, or a single rune of anything
// else.
func (s *scanner) next(i, end int) (j int, word bool) {
	text := s.f.s
	r, n := utf8.DecodeRuneInString(text[i:])
	if !wordRune(r) {
		return i + n, false
	}
	for j = i + n; j < end; j += n {
		r, n = utf8.DecodeRuneInString(text[j:])
		if wordRune(r) {
			continue
		}
		if r != '\'' || !wordAt(text[j+n:end]) {
			break
		}
		// An elided article or pronoun stands apart (l'urgence, dell'accesso);
		// English contractions stay whole (isn't, we're).
		if rest := len(text[j+n:end]) - len(strings.TrimLeftFunc(text[j+n:end], wordRune)); rest >= 3 || j-i <= 1 {
			break
		}
	}
	return j, true
}

func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

func wordAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && wordRune(r)
}

// technical reports a chunk that is an address, a path, a file or field name,
// an assignment: text for machines, where no word is said of anything.
func technical(c string) bool {
	if !inner(c) {
		return false
	}
	call := strings.Contains(c, "()")
	c = strings.Trim(c, ".,;:!?()[]\"'*_«»“”„…")
	if len(c) < 3 {
		return false
	}
	switch {
	case strings.Contains(c, "://"), strings.HasPrefix(c, "www."), strings.Contains(c, ":/"),
		strings.Contains(c, "::"), strings.Contains(c, `\`), call,
		strings.HasPrefix(c, "--") && wordAt(c[2:]), strings.Contains(c, "\":"), strings.Contains(c, "</"):
		return true
	case c[0] == '/' && (strings.Count(c, "/") > 1 || strings.Contains(c, "-")):
		return true
	}
	for i := 1; i+1 < len(c); i++ {
		switch c[i] {
		case '@', '=', '_':
			if alnum(c[i-1]) && alnum(c[i+1]) {
				return true
			}
		case '.':
			if alnum(c[i-1]) && extension(c[i+1:]) {
				return true
			}
		}
	}
	return false
}

// inner reports a sign within a chunk that no plain word has.
func inner(c string) bool {
	for i := range len(c) {
		switch c[i] {
		case ':', '/', '\\', '(', '"', '@', '=', '_', '.':
			if i+1 < len(c) {
				return true
			}
		case '-':
			if i == 0 {
				return true
			}
		}
	}
	return false
}

// extension reports what may follow the dot of a file name or a domain.
func extension(s string) bool {
	n := 0
	for n < len(s) && alnum(s[n]) {
		n++
	}
	return n > 0 && n <= 5 && (n == len(s) || s[n] == '.' || s[n] == '/' || s[n] == ':')
}

func alnum(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

// joinSpaced puts words together that were written with a blank after each
// letter, as people do for emphasis: K R I T I S K.
func joinSpaced(toks []token) []token {
	out := toks[:0]
	for i := 0; i < len(toks); {
		j := i
		for j < len(toks) && toks[j].word && len(toks[j].form) <= utf8.UTFMax && utf8.RuneCountInString(toks[j].form) == 1 &&
			!unicode.IsDigit(rune(toks[j].form[0])) && (j == i || toks[j].lines == 0) {
			j++
		}
		if j-i < 5 {
			out = append(out, toks[i])
			i++
			continue
		}
		var b strings.Builder
		for _, t := range toks[i:j] {
			b.WriteString(t.form)
		}
		joined := toks[i]
		joined.form, joined.end = b.String(), toks[j-1].end
		out = append(out, joined)
		i = j
	}
	return out
}
