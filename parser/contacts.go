package parser

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"aismarttalk.tech/supportd/ticket"
)

// isName reports whether a line holds one to four capitalised words.
func isName(text string) bool {
	t := strings.Trim(strings.TrimSpace(text), "*_.,!")
	words := strings.Fields(t)
	return len(words) >= 1 && len(words) <= 4 && len(t) <= 50 && !strings.ContainsAny(t, ":@/?0123456789") && capitalised(words)
}

func isWord(s string) bool {
	for _, r := range strings.Trim(s, ".,!") {
		if !unicode.IsLetter(r) {
			return false
		}
	}
	return true
}

// contacts marks a block of contact details that ends the text without any
// greeting: a name first, and at least two lines of telephone, address, link.
func (s *splitter) contacts(from, to int) {
	const enough = 2
	details, at := 0, -1
	for end := to; end > from; {
		for end > from && (s.lines[end-1].blank() || s.lines[end-1].kind != "") {
			end--
		}
		start, n, ok := s.contactParagraph(from, end)
		if !ok {
			break
		}
		if details += n; details >= enough && isTitle(s.lines[start].text) {
			at = start
		}
		end = start
	}
	if at >= 0 && (s.nextFilled(from) < at || to < len(s.lines)) && !s.announced(from, at) {
		s.fill(at, to, ticket.SegmentSignature)
	}
}

// contactParagraph looks at the paragraph that ends before line end: where it
// starts, how many of its lines are contact details, and whether it may be
// part of a block of them.
func (s *splitter) contactParagraph(from, end int) (start, details int, ok bool) {
	const longest = 70 // runes
	start = end
	for start > from && !s.lines[start-1].blank() && s.lines[start-1].kind == "" {
		start--
		l := s.lines[start]
		switch {
		case isContact(l.plain):
			details++
		case utf8.RuneCountInString(l.text) > longest || isSentence(l.text) || strings.HasPrefix(l.plain, "- "):
			return start, 0, false
		}
	}
	return start, details, start < end && (details > 0 || isLabelled(s.lines[start].text))
}

// titles marks a name with a title or a company under it, when they end the
// text as a paragraph of their own: people sign so without greeting.
func (s *splitter) titles(from, to int) {
	const most = 5 // lines
	end := s.lastFilled(from, to) + 1
	start := end
	for start > from && !s.lines[start-1].blank() && s.lines[start-1].kind == "" {
		start--
	}
	if n := end - start; n < 2 || n > most || s.nextFilled(from) >= start || s.announced(from, start) || !isTitle(s.lines[start].text) {
		return
	}
	for i := start + 1; i < end; i++ {
		if !isPosition(s.lines[i].text) {
			return
		}
	}
	s.fill(start, to, ticket.SegmentSignature)
}

// isPosition reports whether a line can name somebody's work: a few words,
// the first with a capital, no sentence and no list.
func isPosition(text string) bool {
	t := strings.Trim(text, "* \t")
	words := strings.Fields(t)
	return len(words) > 0 && len(words) <= 9 && capitalised(words[:1]) && !strings.ContainsAny(t, ":;?!=") && !strings.HasSuffix(t, ".") && !strings.HasSuffix(t, ",")
}

// announced reports whether the text above line i ends with a colon: what
// follows is what it is about.
func (s *splitter) announced(from, i int) bool {
	above := s.lastFilled(from, i)
	return above >= from && strings.HasSuffix(s.lines[above].plain, ":")
}

// isLabelled reports whether a line without contact details may stand between
// lines that have them: an address, an image.
func isLabelled(text string) bool {
	t := strings.Trim(text, "* \t")
	return strings.HasPrefix(t, "[") || isName(t) || strings.ContainsAny(t, "0123456789") && len(strings.Fields(t)) <= 7
}

// isTitle reports whether a line names a person: "Test Kunde | Ejer".
func isTitle(text string) bool {
	head, _, _ := strings.Cut(text, "|")
	head, _, _ = strings.Cut(head, ",")
	return len(strings.Fields(head)) > 1 && isName(head)
}

// isContact reports whether a line is a telephone number, a mail address, a
// link or a company number, with hardly anything else.
func isContact(plain string) bool {
	if len(plain) > 100 {
		return false
	}
	words := strings.Fields(plain)
	if len(words) == 0 || len(words) > 12 {
		return false
	}
	if i := strings.IndexByte(plain, '+'); i >= 0 {
		if number, _, _ := strings.Cut(plain[i:], "<"); isPhone(strings.TrimSpace(number)) {
			return true
		}
	}
	first := strings.Trim(words[0], ":.|")
	switch first {
	case "tel", "tlf", "telefon", "phone", "mobil", "mobile", "mob", "fax", "cell", "direkte", "direct", "cvr", "cvr-nr", "kvk", "btw", "iban", "vat", "web", "www", "skype", "t", "m", "f", "e", "w", "p", "puh", "gsm", "email", "e-mail", "mail", "twitter", "linkedin", "org.nr", "orgnr", "ust-id":
		return len(words) > 1 || strings.Contains(words[0], ":")
	}
	if len(words) <= 3 && (strings.Contains(plain, "@") || strings.Contains(plain, "http") || strings.HasPrefix(first, "www.")) {
		return true
	}
	return isPhone(plain)
}

// isPhone reports whether a line is a telephone number with its signs.
func isPhone(plain string) bool {
	digits, other := 0, 0
	for _, r := range plain {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune(" +-.()/", r):
			other++
		}
	}
	return digits >= 7 && digits <= 16 && other <= digits/2 && strings.ContainsAny(plain, "+-() ")
}

func capitalised(words []string) bool {
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(strings.Trim(w, "(\"'")); !unicode.IsUpper(r) {
			return false
		}
	}
	return true
}
