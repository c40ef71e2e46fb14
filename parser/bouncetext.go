package parser

import (
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// isTextBounce reports whether a server says in plain words that a mail was
// not delivered. Two signs are needed: a sender that no person has, and words
// that only servers use; a person who complains of a bounce has one of them.
func isTextBounce(h header, m ticket.Message, rep report) bool {
	if strings.HasPrefix(h.token("auto-submitted"), "auto-replied") && rep.kind == "" && vacationSubject(m.Subject) {
		return false
	}
	if n, ok := amazonNotice(m.Text); ok && n.kind() == "Bounce" {
		return true
	}
	if rep.disposition != nil || rep.feedback != nil {
		return false
	}
	subject := containsAny(strings.ToLower(m.Subject), bounceSubjects)
	switch {
	case h.has("x-failed-recipients"):
		return true
	case isDaemon(h, m):
		return subject || saysBounce(m.Text)
	case hasNullSender(h), h.has("x-mlserver"):
		return subject || isNoReply(m.From.Address) && saysBounce(m.Text) // vacation answers have a null sender too
	case m.From.Address == "" || isNoReply(m.From.Address):
		return subject && (saysBounce(m.Text) && addressIn(m.Text) != "" || len(rep.original) > 0)
	}
	return false
}

// saysBounce looks for the words of a mail server at the start of a text.
func saysBounce(text string) bool {
	const enough = 6 << 10
	head, _ := cutText(text, enough)
	return containsAny(strings.ToLower(strings.ReplaceAll(head, "\u2019", "'")), bounceTexts)
}

// isDaemon reports whether a mail comes from a mail server, by its name. A
// postmaster who uses a mail program is a person.
func isDaemon(h header, m ticket.Message) bool {
	local, _, _ := strings.Cut(strings.ToLower(m.From.Address), "@")
	switch local {
	case "mailer-daemon", "mailer_daemon", "mailerdaemon", "mail-daemon", "maildaemon", "mdaemon", "mail.delivery.system", "mail-delivery-system",
		"maildelivery", "mailsystem", "mail-system", "system.administrator", "daemon", "bounce", "bounces":
		return true
	case "postmaster", "post_master", "post-master":
		return !h.has("user-agent") && !h.has("x-originating-ip")
	}
	for _, prefix := range []string{"microsoftexchange", "mailer-daemon", "bounce+"} {
		if strings.HasPrefix(local, prefix) {
			return true
		}
	}
	if strings.HasPrefix(strings.ToLower(m.From.Name), "mailer-daemon") {
		return true
	}
	names := []string{"mail delivery s", "internet mail delivery", "system administrator", "postmaster"}
	return m.From.Address != "" && containsAny(strings.ToLower(m.From.Name), names) && containsAny(strings.ToLower(m.Subject), bounceSubjects)
}

// hasNullSender reports whether a mail came with the null sender that RFC 5321
// section 4.5.5 wants for notifications.
func hasNullSender(h header) bool {
	v := h.get("return-path")
	return v != nil && strings.TrimSpace(string(v)) == "<>"
}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// bounceSubjects are what mail servers write into the subjects of bounces.
var bounceSubjects = []string{
	"delivery status notification", "delivery notification", "delivery report", "delivery failure", "delivery failed", "delivery has failed", "failed delivery", "delivery error", "delivery problem",
	"delivery delayed", "delayed mail", "delivery incomplete", "delivery warning", "undeliver", "returned mail", "returned email", "returned to sender", "returning message", "returning to sender", "mail failed", "failure notice", "failure delivery", "mail failure", "message failure",
	"mail delivery", "message delivery", "could not be delivered", "couldn't be delivered", "cannot be delivered", "not delivered", "non-delivery", "non delivery", "nondeliver", "mail system error", "mail error",
	"warning: could not send", "warning: message", "could not send message", "user unknown", "host unknown", "error sending", "rejected", "mailbox full", "mail could not be", "message status", "loop alert", "are not member",
	"kunne ikke leveres", "ikke leveret", "kan ikke leveres", "uleveret", "leveringsfejl", "ikke levert", "kunne ikke levere", "inte levereras", "olevererat", "inte levererats", "toimittamatta", "ei voitu toimittaa",
	"unzustellbar", "nicht zugestellt", "nicht zustellbar", "zustellung", "fehlgeschlagen", "onbestelbaar", "niet bezorgd", "kan niet worden bezorgd", "non remis", "non distribu", "échec de la remise", "échec", "no se puede entregar", "no entregado", "no se ha podido entregar", "devuelto",
	"non recapitabil", "mancato recapito", "mancata consegna", "não entregue", "não foi possível entregar", "falha na entrega", "niedostarcz", "nie można dostarczyć", "zwrot", "nedoručen", "nedoručiteln", "nelivrat", "nu a fost livrat", "neisporuč",
	"не доставлен", "недоставлен", "не може бути", "エラー", "配信できません", "届きません", "送信できません", "退信", "无法投递", "無法傳遞", "배달", "kézbesít", "teslim edilemedi",
}

// bounceTexts are what they write into the text.
var bounceTexts = []string{
	"could not be delivered", "couldn't be delivered", "cannot be delivered", "can't be delivered", "was not delivered", "wasn't delivered", "could not deliver", "couldn't deliver", "unable to deliver", "not able to deliver", "has not been delivered", "have not been delivered",
	"delivery to the following", "following recipient", "following address", "following destination", "following user", "permanent fatal errors", "failed addresses", "no valid recipients", "not a member", "duplicated message-id", "permanent error", "delivery has failed", "delivery failed", "failed to deliver", "failed permanently", "delivery status notification",
	"returned to sender", "returned below", "undeliverable", "undelivered", "did not reach", "didn't reach", "could not be reached", "could not be sent", "this is a permanent", "given up", "giving up", "i've given up", "transcript of session", "user unknown", "unknown user", "no such user", "unknown local", "unrouteable",
	"mailbox unavailable", "mailbox is full", "mailbox full", "over quota", "quota exceeded", "mailbox not found", "host unknown", "host not found", "relay access denied", "message could not", "your message to", "delivery error", "does not exist", "problem delivering", "still being retried", "will be retried", "will keep trying", "delivery delayed", "rejected by", "was rejected", "has been rejected", "there was an error",
	"kunne ikke leveres", "blev ikke leveret", "er ikke blevet leveret", "kunde inte levereras", "kunne ikke leveres", "konnte nicht zugestellt", "nicht zugestellt", "kon niet worden", "n'a pas pu être", "n'a pas été remis", "no se pudo entregar", "no ha podido ser", "non è stato possibile", "não pôde ser", "não foi entregue", "nie została", "nelze doručit", "не удалось", "не доставлен", "не может быть доставлен", "配信できません", "届きません", "送信できません", "存在しません", "无法投递", "無法",
	"reason:", "<<< 5", "smtp error", "550 ", "554 ", "552 ", "553 ",
}

// textRecipients finds the recipients of a bounce in words: the header that
// Exim and Gmail write, the lines that qmail, Postfix and others begin with
// the address, the addresses that stand alone on a line.
func textRecipients(h header, m ticket.Message) []ticket.BouncedRecipient {
	list := []ticket.BouncedRecipient{}
	head, _ := cutText(m.Text, 16<<10)
	head = aboveOriginal(head)
	lines := strings.Split(head, "\n")
	add := func(address, words string) {
		if address == "" || len(list) >= maxRecipients || strings.EqualFold(address, m.From.Address) {
			return
		}
		for _, r := range list {
			if strings.EqualFold(r.Address, address) {
				return
			}
		}
		r := ticket.BouncedRecipient{Address: address, Status: enhancedCode(words), Diagnostic: diagnosticLine(words)}
		if isDelay(m) {
			r.Action = "delayed"
		}
		complete(&r, words)
		list = append(list, r)
	}
	if n, ok := amazonNotice(m.Text); ok {
		return n.recipients()
	}
	for _, v := range h.all("x-failed-recipients") {
		for item := range strings.SplitSeq(decodeText(v, ""), ",") {
			add(addressIn(item), around(lines, addressIn(item)))
		}
	}
	for i, l := range lines {
		if t := strings.TrimSpace(l); len(list) == 0 || startsWithAddress(t) {
			if a := recipientLine(t); a != "" {
				add(a, strings.Join(lines[i:min(i+8, len(lines))], "\n"))
			}
		}
	}
	if len(list) == 0 {
		for i, l := range lines {
			if a := addressIn(l); a != "" && !isDaemonAddress(a) && !isOwnTo(m, a) {
				add(a, strings.Join(lines[i:min(i+8, len(lines))], "\n"))
				break
			}
		}
	}
	return list
}

// aboveOriginal cuts the copy of the returned mail off.
func aboveOriginal(text string) string {
	low := strings.ToLower(text)
	end := len(text)
	for _, mark := range []string{"below this line is a copy", "this is a copy of the", "original message follows", "----- original message", "-----original message", "--- below the next line", "----- unsent message", "unsent message follows", "return-path:", "\nreceived: "} {
		if i := strings.Index(low, mark); i > 0 && i < end {
			end = i
		}
	}
	return text[:min(end, len(text))]
}

// recipientLine reads a line that consists of an address and little more.
func recipientLine(t string) string {
	a := addressIn(t)
	if a == "" || isDaemonAddress(a) {
		return ""
	}
	if startsWithAddress(t) || len(strings.Fields(t)) <= 3 {
		return a
	}
	low := strings.ToLower(t)
	for _, lead := range []string{"recipient:", "final-recipient:", "to:", "rcpt to:", "recipient address:", "failed recipient:", "could not be delivered to", "delivery to", "your message to", "unable to deliver to", "user "} {
		if strings.Contains(low, lead) {
			return a
		}
	}
	return ""
}

func startsWithAddress(t string) bool {
	a := addressIn(t)
	return a != "" && (strings.HasPrefix(t, a) || strings.HasPrefix(t, "<"+a) || strings.HasPrefix(t, "* "+a) || strings.HasPrefix(t, "'"+a) || strings.HasPrefix(t, "["+a))
}

// addressIn returns the first mail address in s.
func addressIn(s string) string {
	for from := 0; from < len(s); {
		at := strings.IndexByte(s[from:], '@')
		if at < 0 {
			return ""
		}
		at += from
		start := at
		for start > 0 && isLocalByte(s[start-1]) {
			start--
		}
		end := at + 1
		for end < len(s) && (isDomainByte(s[end])) {
			end++
		}
		domain := strings.TrimRight(s[at+1:end], ".-")
		if start < at && strings.Contains(domain, ".") {
			a, _ := cutText(strings.TrimLeft(s[start:at], ".'")+"@"+domain, 320)
			return a
		}
		from = at + 1
	}
	return ""
}

func isLocalByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte(".!#$%&'*+-/=?^_`{|}~", b) >= 0 || b >= 0x80
}

func isDomainByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '.' || b == '-' || b >= 0x80
}

func isDaemonAddress(a string) bool {
	local, _, _ := strings.Cut(strings.ToLower(a), "@")
	return local == "postmaster" || strings.HasPrefix(local, "mailer-daemon")
}

func isOwnTo(m ticket.Message, a string) bool {
	for _, to := range m.To {
		if strings.EqualFold(to.Address, a) {
			return true
		}
	}
	return false
}

// around returns the lines from the one that names the address on.
func around(lines []string, address string) string {
	for i, l := range lines {
		if address != "" && strings.Contains(l, address) {
			return strings.Join(lines[i:min(i+8, len(lines))], "\n")
		}
	}
	return strings.Join(lines[:min(12, len(lines))], "\n")
}

func isDelay(m ticket.Message) bool {
	low := strings.ToLower(m.Subject)
	return containsAny(low, []string{"delayed", "warning", "delay", "forsink", "försen", "verzöger", "still being retried"})
}
