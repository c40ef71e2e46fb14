package parser

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// Parser reads mails. It is safe for concurrent use: it holds tables and
// limits, and keeps nothing of a mail.
type Parser struct {
	cfg Config
	lex *lexicon
}

// New makes a Parser with the limits of c.
func New(c Config) (*Parser, error) {
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("checking limits of the parser: %w", err)
	}
	return &Parser{cfg: c.withDefaults(), lex: newLexicon()}, nil
}

// Parse reads one mail. It always returns a Message that can be filed; Flags
// say what was odd or could not be read. Attachment contents may share memory
// with raw, which must not be changed afterwards.
func (p *Parser) Parse(raw []byte) (m ticket.Message) {
	// Decoders of other people run over hostile bytes here. Should one panic,
	// the mail is a raw ticket and the next one is read.
	defer func() {
		if fault := recover(); fault != nil {
			m = p.salvageMail(raw)
		}
	}()
	return p.parse(raw)
}

func (p *Parser) parse(raw []byte) ticket.Message {
	h, body, odd, headerErr := splitHeader(raw, p.cfg.HeaderBytes, p.cfg.HeaderFields)
	m := ticket.Message{Size: len(raw), ContentHash: contentHash(h, body)}
	r := &bodyReader{cfg: p.cfg, flags: map[string]bool{}}
	if odd.shifted {
		r.flag(ticket.FlagRaw)
	}
	if odd.junk {
		r.flag(ticket.FlagBadHeader)
	}
	if headerErr != nil {
		r.flag(ticket.FlagRaw)
		r.flag(ticket.FlagTruncated)
	}
	if bytes.IndexByte(raw, 0) >= 0 {
		r.flag(ticket.FlagNUL)
	}
	r.charset = declaredCharset(h, p.cfg)
	p.readHeader(&m, h, r)

	c := p.readBody(h, body, headerErr != nil, r)
	m.Attachments = c.attachments
	p.readText(&m, c.blocks, r)
	m.Bounce = readBounce(h, m, r.report)
	m.Automatic = p.readAutomatic(h, m, r.report)
	m.Flags = sortedFlags(r.flags)
	return m
}

// HTML is the HTML text of a mail as its sender wrote it, in UTF-8; "" where there is
// none, or none that can be read. It is hostile: no browser may see it as it is.
func (p *Parser) HTML(raw []byte) (markup string) {
	defer func() {
		if recover() != nil { // as in Parse
			markup = ""
		}
	}()
	h, body, _, err := splitHeader(raw, p.cfg.HeaderBytes, p.cfg.HeaderFields)
	r := &bodyReader{cfg: p.cfg, flags: map[string]bool{}, charset: declaredCharset(h, p.cfg)}
	p.readBody(h, body, err != nil, r)
	return r.markup
}

// readBody walks the MIME tree; a mail whose header is past its limit is not
// taken apart, for the boundary may have stood behind the cut.
func (p *Parser) readBody(h header, body []byte, salvage bool, r *bodyReader) content {
	if salvage {
		return content{blocks: []block{r.salvage(body)}, attachments: []ticket.Attachment{}}
	}
	w := walker{cfg: p.cfg}
	root := w.read(h, body, "text/plain", 0)
	if w.err != nil {
		r.flag(ticket.FlagRaw)
	}
	c := r.read(root)
	if c.empty() && w.err != nil {
		c.blocks = append(c.blocks, r.salvage(body))
	}
	if c.attachments == nil {
		c.attachments = []ticket.Attachment{}
	}
	return c
}

// readText joins the blocks to one text and its segments. Each block is split
// alone: what one quotes to its end says nothing of the next.
func (p *Parser) readText(m *ticket.Message, blocks []block, r *bodyReader) {
	var text strings.Builder
	m.Segments = []ticket.Segment{}
	forward := isForwardSubject(m.Subject)
	for _, b := range blocks {
		if b.empty() {
			continue
		}
		start := text.Len()
		if n := len(m.Segments); n > 0 && m.Text[start-1] != '\n' {
			text.WriteByte('\n')
			start++
			m.Segments[n-1].End = start
		}
		text.WriteString(b.text)
		m.Text = text.String()
		for _, s := range p.lex.split(b.text, b.spans, forward) {
			m.Segments = append(m.Segments, ticket.Segment{Kind: s.Kind, Start: start + s.Start, End: start + s.End})
		}
	}
	m.Reply = newText(m.Text, m.Segments)
	if strings.Contains(m.Text, "-----BEGIN PGP MESSAGE-----") {
		r.flag(ticket.FlagEncrypted)
	}
	if strings.Contains(m.Text, "-----BEGIN PGP SIGNED MESSAGE-----") {
		r.flag(ticket.FlagSigned)
	}
	switch {
	case m.Text == "":
		r.flag(ticket.FlagEmpty)
	case m.Reply == "":
		keepSomething(m, r)
	}
}

// keepSomething makes all text new where nothing would have remained of a mail
// without quotes. Where somebody only sent a quote back, or passed a mail on,
// the segments stay: nothing in them is the sender's own claim or command.
func keepSomething(m *ticket.Message, r *bodyReader) {
	for _, seg := range m.Segments {
		switch seg.Kind {
		case ticket.SegmentQuote, ticket.SegmentForward, ticket.SegmentMarker:
			r.flag(ticket.FlagQuoteOnly)
			return
		}
	}
	m.Segments = []ticket.Segment{{Kind: ticket.SegmentText, End: len(m.Text)}}
	m.Reply = newText(m.Text, m.Segments)
	r.flag(ticket.FlagAllNew)
}

// declaredCharset is the character set of the mail's own Content-Type.
func declaredCharset(h header, c Config) string {
	ct, err := parseContent(h.get("content-type"), c.ContentBytes, c.ContentParams)
	if err != nil {
		return ""
	}
	return ct.params["charset"]
}

// isForwardSubject knows the prefixes of forwarded mails. VS is a forward in
// Danish and Norwegian, and a reply in Finnish.
func isForwardSubject(subject string) bool {
	prefix, _, found := strings.Cut(subject, ":")
	if !found || len(prefix) > 8 {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(prefix)) {
	case "fw", "fwd", "vs", "vb", "wg", "tr", "rv", "enc", "doorst", "i", "pd", "fs", "vl", "továbbítás", "ilt", "转发", "轉寄", "전달":
		return true
	}
	return false
}

func sortedFlags(set map[string]bool) []string {
	flags := make([]string, 0, len(set))
	for f := range set {
		flags = append(flags, f)
	}
	slices.Sort(flags)
	return flags
}

// salvageMail is the message of a mail that broke a decoder.
func (p *Parser) salvageMail(raw []byte) ticket.Message {
	r := &bodyReader{cfg: p.cfg, flags: map[string]bool{ticket.FlagRaw: true}}
	h, body, _, _ := splitHeader(raw, p.cfg.HeaderBytes, p.cfg.HeaderFields)
	text := r.salvage(body).text
	subject, _ := cutText(cleanLine(string(h.get("subject"))), p.cfg.ValueBytes)
	m := ticket.Message{
		Size: len(raw), ContentHash: contentHash(h, body), Subject: subject,
		Text: text, Reply: strings.TrimSpace(text), Segments: []ticket.Segment{}, Attachments: []ticket.Attachment{},
	}
	if text != "" {
		m.Segments = append(m.Segments, ticket.Segment{Kind: ticket.SegmentText, End: len(text)})
	}
	m.Flags = sortedFlags(r.flags)
	return m
}
