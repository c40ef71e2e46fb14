package ticket

import "time"

// Letters that no event owes: they answer a mail, or tell of one. Their number and
// time, and the ID of those that are about no one ticket, are for whoever owes
// them to set.

// Commanded answers commands by mail: what was done, what was refused, and why.
// The zero Ticket is a mail that was about none.
func (c Correspondence) Commanded(t Ticket, to Staff, done []Done) Notice {
	n := c.letterTo(to, NoticeStaffCommanded)
	if t.ID != "" {
		n.Facts = c.staffFacts(t, Event{})
	}
	n.Facts.Done = done
	return n
}

// HeldMail is a mail that waits for staff.
type HeldMail struct {
	Mail      string
	From      Address
	Suspected ID // the ticket that it may belong to; "" if none
	Trust     Trust
	Reason    Wording
}

// Held tells support of a mail that was held back; none of its words are shown.
func (c Correspondence) Held(m HeldMail) []Notice {
	var owed []Notice
	for _, s := range c.Staff {
		if !(Actor{Roles: s.Roles}).Has(RoleSupport) {
			continue
		}
		n := c.letterTo(s, NoticeStaffHeld)
		n.Facts = Facts{
			Mail: m.Mail, Reporter: m.From, Follows: m.Suspected, Shown: m.Suspected,
			Verdict: m.Trust, Reason: m.Reason.In(n.Language),
		}
		owed = append(owed, n)
	}
	return owed
}

// SignIn sends one of ours the link into the console that he asked for.
func (c Correspondence) SignIn(to Staff, link string, expires time.Time) Notice {
	n := c.letterTo(to, NoticeStaffSignIn)
	n.Facts.Link, n.Facts.Expires = link, expires
	return n
}

// ShowRoadmap answers somebody who asked for the roadmap.
func (c Correspondence) ShowRoadmap(view Roadmap, to Address, language string) Notice {
	return Notice{Kind: NoticeRoadmap, To: to, Language: c.LetterLanguage(language), Facts: Facts{Roadmap: &view}}
}

func (c Correspondence) letterTo(s Staff, kind NoticeKind) Notice {
	return Notice{Kind: kind, To: Address{Name: s.Name, Address: s.Address}, Language: c.LetterLanguage(s.Language)}
}

// Answers makes a letter part of the thread of the mail that it answers.
func (n Notice) Answers(t Thread) Notice {
	n.Facts.InReplyTo, n.Facts.References = t.MessageID, threadReferences(t)
	n.Facts.ThreadTopic, n.Facts.ThreadIndex = t.Topic, t.Index
	return n
}

// StaffAt finds one of ours by address.
func (c Correspondence) StaffAt(address string) (Staff, bool) {
	for _, s := range c.Staff {
		if FoldAddress(s.Address) == FoldAddress(address) {
			return s, true
		}
	}
	return Staff{}, false
}
