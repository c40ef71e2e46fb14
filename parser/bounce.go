package parser

import (
	"bytes"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

const maxRecipients = 100 // of one notification that are kept

// readBounce says whether the mail reports on the delivery of another one, and
// what it tells: the machine-readable part (RFC 3464) where there is one, else
// the words of the servers that write none.
func readBounce(h header, m ticket.Message, rep report) ticket.Bounce {
	b := ticket.Bounce{Recipients: []ticket.BouncedRecipient{}}
	switch {
	case rep.status != nil:
		b.Recipients = statusRecipients(rep.status)
		b.Is = !onlyDelivered(b.Recipients)
	case isDaemon(h, m) && hasStatusLines(m.Text):
		b.Recipients = statusRecipients([]byte(m.Text))
		b.Is = len(b.Recipients) > 0
	}
	if !b.Is && rep.status == nil && isTextBounce(h, m, rep) {
		b.Is = true
	}
	if !b.Is {
		b.Recipients = []ticket.BouncedRecipient{}
		return b
	}
	if len(b.Recipients) == 0 {
		b.Recipients = textRecipients(h, m)
	}
	b.OriginalMessageID = originalMessageID(h, m, rep)
	return b
}

// statusRecipients reads the groups of a message/delivery-status. Servers put
// blank lines where none belong and forget them where they do, so that a group
// begins at each Final-Recipient or Original-Recipient that comes a second time.
func statusRecipients(data []byte) []ticket.BouncedRecipient {
	list := []ticket.BouncedRecipient{}
	var group map[string]string
	flush := func() {
		if r, ok := recipientOf(group); ok && len(list) < maxRecipients {
			list = append(list, r)
		}
		group = nil
	}
	key := ""
	for len(data) > 0 {
		var line []byte
		line, data = cutLine(data)
		line = bytes.TrimLeft(line, "> ")
		if colon := fieldColon(line); colon > 0 {
			key = strings.ToLower(string(trimSpace(line[:colon])))
			if group == nil {
				group = map[string]string{}
			}
			if _, twice := group[key]; twice && (key == "final-recipient" || key == "original-recipient" || key == "action") {
				flush()
				group = map[string]string{}
			}
			if _, twice := group[key]; !twice {
				group[key] = decodeText(trimSpace(line[colon+1:]), "")
			}
			continue
		}
		switch {
		case len(trimSpace(line)) == 0:
			if group["final-recipient"] != "" && group["action"]+group["status"] != "" {
				flush()
			}
			key = ""
		case key != "" && group != nil && len(group[key]) < 2000:
			group[key] += " " + decodeText(trimSpace(line), "")
		}
	}
	flush()
	return list
}

// recipientOf makes a recipient of the fields of one group. The address is
// that which we wrote to, where the server tells it.
func recipientOf(group map[string]string) (ticket.BouncedRecipient, bool) {
	address := typedAddress(group["original-recipient"])
	if address == "" {
		address = typedAddress(group["final-recipient"])
	}
	if address == "" {
		address = typedAddress(group["x-actual-recipient"])
	}
	if address == "" && group["final-recipient"] == "" && group["action"] == "" {
		return ticket.BouncedRecipient{}, false
	}
	r := ticket.BouncedRecipient{Address: address, Action: firstWord(group["action"]), Diagnostic: untyped(group["diagnostic-code"])}
	r.Status = enhancedCode(group["status"])
	if inner := enhancedCode(r.Diagnostic); inner != "" && (r.Status == "" || strings.HasSuffix(r.Status, ".0.0") && inner[0] == r.Status[0]) {
		r.Status = inner
	}
	complete(&r, r.Diagnostic)
	return r, true
}

// complete fills in what the server left out: status from the words, action
// from the class of the status.
func complete(r *ticket.BouncedRecipient, words string) {
	if r.Status == "" || strings.HasSuffix(r.Status, ".0.0") {
		if said := statusFromWords(words); r.Status == "" || said[0] == r.Status[0] {
			r.Status = said
		}
	}
	switch r.Action {
	case "failed", "delayed", "delivered", "relayed", "expanded":
	default:
		r.Action = "failed"
		if strings.HasPrefix(r.Status, "4.") {
			r.Action = "delayed"
		} else if strings.HasPrefix(r.Status, "2.") {
			r.Action = "delivered"
		}
	}
	r.Diagnostic, _ = cutText(cleanLine(r.Diagnostic), 500)
}

// typedAddress reads "rfc822; a@firma.example".
func typedAddress(v string) string {
	v = untyped(v)
	if a := addressIn(v); a != "" {
		return a
	}
	return ""
}

// untyped takes off the type that stands before a value, "smtp; 550 …".
func untyped(v string) string {
	if kind, rest, found := strings.Cut(v, ";"); found && len(kind) < 20 && !strings.ContainsAny(strings.TrimSpace(kind), " @<") {
		v = rest
	}
	return strings.TrimSpace(v)
}

func firstWord(s string) string {
	if fields := strings.Fields(strings.ToLower(s)); len(fields) > 0 {
		return strings.Trim(fields[0], ".,;()")
	}
	return ""
}

// onlyDelivered reports whether a notification tells of success alone.
func onlyDelivered(list []ticket.BouncedRecipient) bool {
	for _, r := range list {
		if r.Action == "failed" || r.Action == "delayed" {
			return false
		}
	}
	return len(list) > 0
}

func hasStatusLines(text string) bool {
	head, _ := cutText(text, 16<<10)
	low := strings.ToLower(head)
	return strings.Contains(low, "final-recipient:") && (strings.Contains(low, "\naction:") || strings.Contains(low, "\nstatus:"))
}

// originalMessageID finds the Message-ID of the mail reported on: in its
// header, in the copy that a server put into its text, or in the fields of the
// report that answer it.
func originalMessageID(h header, m ticket.Message, rep report) string {
	if len(rep.original) > 0 {
		original, _, _, _ := splitHeader(rep.original[:min(len(rep.original), 256<<10)], 256<<10, 1000)
		if ids := messageIDs(original.get("message-id"), 1); len(ids) > 0 {
			return ids[0]
		}
	}
	for l := range strings.Lines(m.Text) {
		l = strings.TrimLeft(l, "> \t|")
		if len(l) > 11 && strings.EqualFold(l[:11], "message-id:") {
			if ids := messageIDs([]byte(l[11:]), 1); len(ids) > 0 {
				return ids[0]
			}
		}
	}
	if n, ok := amazonNotice(m.Text); ok && n.messageID() != "" {
		return n.messageID()
	}
	if len(m.InReplyTo) > 0 {
		return m.InReplyTo[0]
	}
	if len(m.References) > 0 {
		return m.References[len(m.References)-1]
	}
	if ids := messageIDs(h.get("x-ms-exchange-parent-message-id"), 1); len(ids) > 0 {
		return ids[0]
	}
	return ""
}
