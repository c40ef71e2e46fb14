package parser

import (
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// readAutomatic says whether a machine wrote the mail (RFC 3834), by what it
// declares of itself.
func (p *Parser) readAutomatic(h header, m ticket.Message, rep report) ticket.Automatic {
	a := ticket.Automatic{Reasons: []string{}}
	mark := func(kind ticket.AutomaticKind, reason string) {
		if !a.Is {
			a.Is, a.Kind = true, kind
		}
		a.Reasons = append(a.Reasons, reason)
	}
	if m.Bounce.Is {
		mark(ticket.AutomaticBounce, "a delivery report")
	}
	if rep.feedback != nil {
		mark(ticket.AutomaticFeedback, "a feedback report (RFC 5965)")
	}
	if len(m.LoopMarks) > 0 {
		mark(ticket.AutomaticLoop, loopHeader)
	}
	if v := h.token("auto-submitted"); v != "" && !strings.HasPrefix(v, "no") {
		kind := ticket.AutomaticNotification
		if strings.HasPrefix(v, "auto-replied") {
			kind = ticket.AutomaticReply
		}
		mark(kind, "Auto-Submitted: "+v)
	}
	switch v := h.token("precedence"); v {
	case "bulk", "junk":
		mark(ticket.AutomaticBulk, "Precedence: "+v)
	case "list":
		mark(ticket.AutomaticList, "Precedence: list")
	case "auto_reply":
		mark(ticket.AutomaticReply, "Precedence: auto_reply")
	}
	return a
}
