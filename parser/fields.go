package parser

import (
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// loopHeader is our own mark on everything we send.
const loopHeader = "x-supportd-loop"

// readHeader fills in what the mail's header says.
func (p *Parser) readHeader(m *ticket.Message, h header, r *bodyReader) {
	m.Subject = p.value(h.get("subject"), r)
	from, identified, flags := sender(h, r.charset)
	m.From, m.Identified = from, identified
	for _, f := range flags {
		r.flag(f)
	}
	for _, key := range []string{"subject", "date", "to", "cc", "message-id"} {
		if len(h.all(key)) > 1 {
			r.flag(ticket.FlagBadHeader) // the first counts (bad-input 88)
		}
	}
	m.To = p.addresses(h, "to", r)
	m.Cc = p.addresses(h, "cc", r)
	m.ReplyTo = p.addresses(h, "reply-to", r)
	if m.To == nil {
		m.To = []ticket.Address{}
	}
	for _, key := range []string{"delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to"} {
		for _, v := range h.all(key) {
			if a := strings.Trim(p.value(v, r), "<> "); a != "" && len(m.DeliveredTo) < 20 {
				m.DeliveredTo = append(m.DeliveredTo, a)
			}
		}
	}
	if ids := messageIDs(h.get("message-id"), 1); len(ids) > 0 {
		m.MessageID = ids[0]
	}
	m.InReplyTo = messageIDs(h.get("in-reply-to"), p.cfg.References)
	m.References = messageIDs(h.get("references"), p.cfg.References)
	m.Date = parseDate(h.get("date"))
	m.ThreadTopic = p.value(h.get("thread-topic"), r)
	m.ThreadIndex = p.value(h.get("thread-index"), r)
	for _, f := range h {
		switch f.key {
		case "x-priority", "x-msmail-priority", "importance", "priority":
			if len(m.Marks) < 10 {
				m.Marks = append(m.Marks, ticket.Header{Name: f.name, Value: p.value(f.value, r)})
			}
		case "authentication-results":
			if len(m.AuthResults) < 50 {
				m.AuthResults = append(m.AuthResults, p.verbatim(f.value, r))
			}
		case loopHeader:
			if len(m.LoopMarks) < 50 {
				m.LoopMarks = append(m.LoopMarks, p.value(f.value, r))
			}
		}
	}
}

// value decodes a header value and cuts it to its limit.
func (p *Parser) value(v []byte, r *bodyReader) string {
	// An encoded word may shrink to a third of its source, not to less.
	const shrink = 4
	if limit := shrink * p.cfg.ValueBytes; len(v) > limit {
		v = v[:limit]
		r.flag(ticket.FlagTruncated)
	}
	text, cut := cutText(decodeText(v, r.charset), p.cfg.ValueBytes)
	if cut {
		r.flag(ticket.FlagTruncated)
	}
	return text
}

// verbatim is a value as it stands. Authentication-Results have no encoded words
// (RFC 8601 section 2.2), and a relay that takes forged ones out of a mail does
// not look into any: decoding here would make a trusted name of what was none.
func (p *Parser) verbatim(v []byte, r *bodyReader) string {
	text, cut := cutText(cleanLine(string(v)), p.cfg.ValueBytes)
	if cut {
		r.flag(ticket.FlagTruncated)
	}
	return text
}

func (p *Parser) addresses(h header, key string, r *bodyReader) []ticket.Address {
	list, cut := addresses(h.all(key), r.charset, p.cfg.Addresses)
	if cut {
		r.flag(ticket.FlagTruncated)
	}
	return list
}
