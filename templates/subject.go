package templates

import (
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// maxSubject bounds a reporter's subject in runes. With the ID it stays far from
// the 998 octets of a header line however it is encoded.
const maxSubject = 120

// CleanSubject is the reporter's own subject as a letter may bear it: bare as
// ticket.BareSubject says, without line breaks and invisible characters, of bounded
// length. It is its own fixed point, so that it does not matter whether a subject
// was cleaned before.
func CleanSubject(prefix, subject string) string {
	for s := subject; ; {
		next := cleanSubjectOnce(prefix, s)
		if next == s {
			return s
		}
		s = next
	}
}

func cleanSubjectOnce(prefix, s string) string {
	s = ticket.BareSubject(oneLine(s), prefix)
	// What looks like an encoded word after decoding would be decoded once more
	// by whoever reads the letter (RFC 2047).
	s = strings.ReplaceAll(s, "=?", "= ?")
	return Shorten(oneLine(s), maxSubject)
}

// subject is what stands in the letter's Subject. All letters to a reporter about
// one ticket have the same, so that they stay in one conversation; a letter that
// says its own, as those to staff do, has that.
func (w words) subject(n ticket.Notice, said string) string {
	return w.bareSubject(n, oneLine(said)) + subjectID(n)
}

func (w words) bareSubject(n ticket.Notice, said string) string {
	f := n.Facts
	switch own := CleanSubject(n.Ticket.Prefix(), f.Subject); {
	case n.Kind.ForStaff():
		return said
	case n.Kind == ticket.NoticeConfirm:
		return said
	case f.Neutral:
		return w.NeutralSubject
	case own != "":
		return "Re: " + own
	case said != "":
		return said
	}
	return w.NoSubject
}

// subjectID is the tracking ID in brackets. A letter that is about no ticket has
// none, nor has one about a mail of which it is not certain what it belongs to.
func subjectID(n ticket.Notice) string {
	if shown(n).ForLetter() || n.Kind == ticket.NoticeStaffHeld {
		return ""
	}
	return " [" + string(shown(n)) + "]"
}
