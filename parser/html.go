package parser

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// span is a stretch of rendered text that the markup of a mail client names.
type span struct {
	kind       spanKind
	start, end int // bytes of the rendered text
}

type spanKind int

// The kinds, in the order of what they say about the past.
const (
	spanNone spanKind = iota
	spanSignature
	spanMarker  // the line above an earlier mail
	spanQuote   // an earlier mail
	spanForward // a mail passed on
	spanTail    // from here to the end is an earlier mail
	spanOwn     // our own mail, by its data-supportd attribute
	spanKinds
)

// htmlText renders HTML as text and says which parts of it client markup
// declares quoted. It reads tokens, not a tree: x/net/html builds no tree of
// more than 512 open elements, which Outlook exceeds, and the work here must
// stay linear whatever the nesting.
func htmlText(src string, limit int) (text string, spans []span, truncated bool) {
	r := &htmlReader{open: map[atom.Atom]int{}}
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		switch z.Next() {
		case html.ErrorToken:
			r.closeAll()
			return r.out.String(), r.spans, false
		case html.TextToken:
			r.text(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			r.start(z)
		case html.EndTagToken:
			name, _ := z.TagName()
			r.end(atom.Lookup(name))
		}
		if r.out.Len() > limit {
			r.closeAll()
			return r.out.String(), r.spans, true
		}
	}
}

// htmlReader is the state of one rendering.
type htmlReader struct {
	out    strings.Builder
	spans  []span
	stack  []element
	open   map[atom.Atom]int // how many of each stand on the stack
	hidden int               // elements on the stack whose text is not shown
	pre    int               // pre elements on the stack
	breaks int               // line ends owed before the next text: 1 line, 2 paragraph
	blank  bool              // a blank is owed before the next text
	tail   int               // stretch that began at a tail mark: its start + 1
	tailAs spanKind
}

// element is an open element and what ends with it.
type element struct {
	name   atom.Atom
	kind   spanKind
	start  int
	hidden bool
	pre    bool
	breaks int
}

func (r *htmlReader) start(z *html.Tokenizer) {
	raw, hasAttr := z.TagName()
	name := atom.Lookup(raw)
	at := readAttributes(z, hasAttr)
	const maxOpen = 20000 // past it, elements are inline and nobody waits for their end
	if r.void(name, at) || name == 0 || len(r.stack) >= maxOpen {
		return // elements that HTML does not know, such as <o:p>, are inline
	}
	r.closeImplied(name)
	e := element{name: name, breaks: blockBreaks(name, at), hidden: at.hidden || isInvisible(name), pre: name == atom.Pre}
	if e.breaks > 0 {
		r.block(e.breaks)
	}
	if name == atom.Td || name == atom.Th {
		r.blank = true
	}
	if e.hidden {
		r.hidden++
	}
	if e.pre {
		r.pre++
	}
	switch kind := containerKind(name, at); kind {
	case spanNone:
	case spanTail, spanForward:
		r.startTail(kind)
	default:
		r.block(1)
		e.kind, e.start, e.breaks = kind, r.position(), max(e.breaks, 1)
	}
	r.stack = append(r.stack, e)
	r.open[name]++
}

// void handles the elements that have no end tag.
func (r *htmlReader) void(name atom.Atom, at attributes) bool {
	switch name {
	case atom.Br:
		if r.hidden == 0 {
			r.lineBreak()
		}
	case atom.Hr:
		r.block(1)
		if isDivider(at) {
			r.startTail(spanTail)
		}
	case atom.Img:
		if isEmoji(at.alt) {
			r.text([]byte(at.alt))
		}
	case atom.Meta, atom.Link, atom.Input, atom.Col, atom.Base, atom.Area, atom.Wbr, atom.Embed, atom.Source, atom.Track, atom.Param:
	default:
		return false
	}
	return true
}

// closeImplied closes what HTML closes by itself: a paragraph at the next
// paragraph, an item at the next item, a cell at the next cell.
func (r *htmlReader) closeImplied(name atom.Atom) {
	if len(r.stack) == 0 {
		return
	}
	top := r.stack[len(r.stack)-1].name
	switch {
	case top == atom.P && (name == atom.P || name == atom.Div || name == atom.Blockquote || name == atom.Table || name == atom.Ul || name == atom.Ol || name == atom.Pre),
		top == atom.Li && name == atom.Li,
		(top == atom.Td || top == atom.Th) && (name == atom.Td || name == atom.Th || name == atom.Tr),
		top == atom.Tr && name == atom.Tr:
		r.pop()
	}
}

func (r *htmlReader) end(name atom.Atom) {
	if name == atom.P && r.open[name] == 0 {
		r.block(1)
		return
	}
	if r.open[name] == 0 {
		return
	}
	for len(r.stack) > 0 {
		top := r.stack[len(r.stack)-1].name
		r.pop()
		if top == name {
			return
		}
	}
}

func (r *htmlReader) pop() {
	e := r.stack[len(r.stack)-1]
	r.stack = r.stack[:len(r.stack)-1]
	r.open[e.name]--
	if e.hidden {
		r.hidden--
	}
	if e.pre {
		r.pre--
	}
	if e.kind != 0 {
		r.addSpan(e.kind, e.start)
	}
	if e.breaks > 0 {
		r.block(e.breaks)
	}
}

func (r *htmlReader) closeAll() {
	for len(r.stack) > 0 {
		r.pop()
	}
	if r.tail > 0 {
		r.addSpan(r.tailAs, r.tail-1)
	}
}

func (r *htmlReader) startTail(kind spanKind) {
	if r.tail == 0 && r.hidden == 0 {
		r.block(1)
		r.tail, r.tailAs = r.position()+1, kind
	}
}

func (r *htmlReader) addSpan(kind spanKind, start int) {
	if end := r.out.Len(); end > start {
		r.spans = append(r.spans, span{kind, start, end})
	}
}

// position is where the next text will stand, after the line ends it is owed.
func (r *htmlReader) position() int {
	if r.out.Len() == 0 {
		return 0
	}
	return r.out.Len() + r.breaks
}

// block owes the next text that many line ends.
func (r *htmlReader) block(n int) {
	if r.hidden == 0 {
		r.breaks = max(r.breaks, n)
		r.blank = false
	}
}

// lineBreak adds one to what is owed; two in a row are an empty line.
func (r *htmlReader) lineBreak() {
	r.blank = false
	if r.breaks < 4 {
		r.breaks++
	}
}

// text writes character data with its white space collapsed.
func (r *htmlReader) text(b []byte) {
	if r.hidden > 0 {
		return
	}
	if r.pre > 0 {
		r.preText(b)
		return
	}
	for len(b) > 0 {
		word := bytes.IndexAny(b, " \t\r\n\f")
		if word == 0 {
			r.blank = true
			b = bytes.TrimLeft(b, " \t\r\n\f")
			continue
		}
		if word < 0 {
			word = len(b)
		}
		r.word(b[:word])
		b = b[word:]
	}
}

func (r *htmlReader) word(b []byte) {
	switch {
	case r.out.Len() == 0:
	case r.breaks > 0:
		r.out.WriteString("\n\n\n\n"[:r.breaks])
	case r.blank:
		r.out.WriteByte(' ')
	}
	r.breaks, r.blank = 0, false
	if bytes.ContainsFunc(b, isOddSpace) {
		b = []byte(cleanLine(string(b)))
	}
	r.out.Write(b)
}

// isOddSpace reports whether a rune of a word is a control or ends a line.
func isOddSpace(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

func (r *htmlReader) preText(b []byte) {
	for len(b) > 0 {
		line := b
		i := bytes.IndexByte(b, '\n')
		if i >= 0 {
			line = b[:i]
		}
		if line = bytes.TrimRight(line, "\r"); len(line) > 0 {
			r.word(line)
		}
		if i < 0 {
			return
		}
		r.lineBreak()
		b = b[i+1:]
	}
}

// blockBreaks says how many line ends stand around an element.
func blockBreaks(name atom.Atom, at attributes) int {
	switch name {
	case atom.P:
		if at.tight || strings.Contains(at.class, "msonormal") || strings.Contains(at.class, "msoplaintext") {
			return 1
		}
		return 2
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Ul, atom.Ol, atom.Dl, atom.Pre:
		return 2
	case atom.Div, atom.Tr, atom.Table, atom.Li, atom.Dt, atom.Dd, atom.Section, atom.Article, atom.Header, atom.Footer,
		atom.Main, atom.Aside, atom.Nav, atom.Form, atom.Fieldset, atom.Center, atom.Address, atom.Figure, atom.Body,
		atom.Tbody, atom.Thead, atom.Caption, atom.Option:
		return 1
	}
	return 0
}

// isInvisible reports whether an element's text is never shown.
func isInvisible(name atom.Atom) bool {
	switch name {
	case atom.Head, atom.Title, atom.Style, atom.Script, atom.Template, atom.Object, atom.Svg, atom.Noframes, atom.Iframe:
		return true
	}
	return false
}

// isEmoji reports whether an image's replacement text is a pictogram, which
// clients send as images, and not a description.
func isEmoji(alt string) bool {
	if alt == "" || utf8.RuneCountInString(alt) > 8 {
		return false
	}
	for _, r := range alt {
		if r < 0x2000 {
			return false
		}
	}
	return true
}
