package main

import (
	"bytes"
	"cmp"
	"fmt"
	"mime"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// talkLetter is a letter of the daemon's that arrived.
type talkLetter struct {
	ticket.Notice
	messageID, subject, replyTo, inReplyTo, references string
	text                                               string
}

// aboutTicket reports whether its reader would say that it is about a ticket: the
// one of his own, where that was merged.
func (l talkLetter) aboutTicket(id ticket.ID) bool {
	return cmp.Or(l.Facts.Shown, l.Ticket) == id
}

// newLetters reads the letters that arrived since it was asked last, in the order
// in which they were owed. Each is a letter that the daemon says it has sent, each
// that it says so of is there, and their headers are as they must be.
func (k *talk) newLetters(notices []ticket.Notice) []talkLetter {
	k.t.Helper()
	var fresh []talkLetter
	posts := k.office.letters()
	for _, p := range posts[k.posts:] {
		fresh = append(fresh, k.read(p, notices))
	}
	k.posts = len(posts)
	slices.SortFunc(fresh, func(a, b talkLetter) int {
		return cmp.Or(a.Owed.Compare(b.Owed), cmp.Compare(k.names.of(a.Ticket), k.names.of(b.Ticket)),
			cmp.Compare(a.Number, b.Number), cmp.Compare(a.To.Address, b.To.Address))
	})
	k.letters = append(k.letters, fresh...)
	sent := 0
	for _, n := range notices {
		if !n.Sent.IsZero() {
			sent++
		}
	}
	if sent != len(k.letters) {
		k.t.Fatalf("the daemon says that it sent %d letters; %d arrived", sent, len(k.letters))
	}
	return fresh
}

// read takes a letter apart as its reader's mail program would.
func (k *talk) read(p posted, notices []ticket.Notice) talkLetter {
	k.t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(p.data))
	if err != nil {
		k.t.Fatal(err)
	}
	ring := k.daemon.records.secrets.ring
	l := talkLetter{messageID: bare(m.Header.Get("Message-ID")), text: k.daemon.parser.Parse(p.data).Text}
	id, number, ok := ring.VerifyMessageID(l.messageID)
	i := slices.IndexFunc(notices, func(n ticket.Notice) bool { return n.Ticket == id && n.Number == number })
	if !ok || i < 0 {
		k.t.Fatalf("a letter that the daemon knows nothing of:\n%s", p.data)
	}
	l.Notice = notices[i]
	l.subject = decodedHeader(k.t, m.Header.Get("Subject"))
	l.inReplyTo, l.references = bare(m.Header.Get("In-Reply-To")), m.Header.Get("References")
	if reply, err := netmail.ParseAddress(m.Header.Get("Reply-To")); err == nil {
		l.replyTo = reply.Address
	}
	k.check(l, p, m.Header)
	return l
}

// check looks at what is alike in all letters, or follows from their kind.
func (k *talk) check(l talkLetter, p posted, h netmail.Header) {
	k.t.Helper()
	desk := k.daemon.cfg.Desk.Addresses[0]
	envelope, submitted := p.from, h.Get("Auto-Submitted")
	answers := envelope == "" && submitted == "auto-replied"
	reports := ticket.Reaches(envelope, desk) && envelope != desk && submitted == "auto-generated"
	to, _ := netmail.ParseAddress(h.Get("To"))
	from, _ := netmail.ParseAddress(h.Get("From"))
	ring := k.daemon.records.secrets.ring
	_, tokenHolds := ring.VerifyReply(token(l.replyTo), l.Ticket, []ticket.Participant{{Address: l.To.Address}})
	if l.Kind == ticket.NoticeConfirm {
		tokenHolds = ring.VerifyConfirm(token(l.replyTo), l.Notice)
	}
	for what, ok := range map[string]bool{
		"envelope recipients":      slices.Equal(p.to, []string{l.To.Address}),
		"To":                       to != nil && to.Address == l.To.Address,
		"From":                     from != nil && from.Address == desk,
		"envelope sender":          answers || reports,
		"X-Auto-Response-Suppress": h.Get("X-Auto-Response-Suppress") == "All",
		"Content-Language":         h.Get("Content-Language") == l.Language,
		"Reply-To":                 tokenHolds,
		"In-Reply-To":              l.inReplyTo == "" || k.written[l.inReplyTo] == l.To.Address,
		"References":               l.inReplyTo == "" || strings.HasSuffix(l.references, "<"+l.inReplyTo+">"),
	} {
		if !ok {
			k.t.Errorf("%s of a letter is not as it must be:\n%s", what, p.data)
		}
	}
}

// token is what stands behind the last plus of a reply address.
func token(address string) string {
	local, _, _ := strings.Cut(address, "@")
	return local[strings.LastIndexByte(local, '+')+1:]
}

func bare(messageID string) string { return strings.Trim(messageID, "<>") }

func decodedHeader(t *testing.T, value string) string {
	t.Helper()
	text, err := new(mime.WordDecoder).DecodeHeader(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// showLetters are letters as a script has them. Those that say the same to several
// people are shown once.
func showLetters(letters []talkLetter) (lines []string) {
	for i, l := range letters {
		if i > 0 && l.sameAs(letters[i-1]) {
			continue
		}
		to := l.To.Address
		for _, more := range letters[i+1:] {
			if !more.sameAs(l) {
				break
			}
			to += ", " + more.To.Address
		}
		lines = append(lines, fmt.Sprintf("letter %s to %s", l.Kind, to), "  Subject: "+l.subject)
		if l.inReplyTo != "" {
			lines = append(lines, "  In-Reply-To: "+l.inReplyTo)
		}
		for text := range strings.Lines(strings.TrimSpace(l.text)) {
			lines = append(lines, "    | "+strings.TrimSpace(text))
		}
	}
	return lines
}

func (l talkLetter) sameAs(other talkLetter) bool {
	return l.Kind == other.Kind && l.subject == other.subject && l.text == other.text && l.inReplyTo == other.inReplyTo
}

// lastLetter finds the letter that somebody answers.
func (k *talk) lastLetter(to string, kind ticket.NoticeKind, id ticket.ID) talkLetter {
	k.t.Helper()
	for _, l := range slices.Backward(k.letters) {
		if l.Kind == kind && l.To.Address == to && l.aboutTicket(id) {
			return l
		}
	}
	k.t.Fatalf("%s got no letter %s about %s", to, kind, id)
	return talkLetter{}
}
