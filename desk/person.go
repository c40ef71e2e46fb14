package desk

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// PersonFile is all that is on record of one person.
type PersonFile struct {
	Address string          `json:"address"`
	Names   []string        `json:"names"` // as his mails gave them
	Contact *store.Contact  `json:"contact,omitempty"`
	Tickets []PersonTicket  `json:"tickets"`
	Mails   []store.Mail    `json:"mails"`   // that he wrote, and bounces of letters to him
	Letters []ticket.Notice `json:"letters"` // to him, that are about no one ticket
}

// PersonTicket is a ticket in which he takes part.
type PersonTicket struct {
	Ticket   ticket.Ticket   `json:"ticket"`
	Reporter bool            `json:"reporter"`
	Events   []ticket.Event  `json:"events"`
	Letters  []ticket.Notice `json:"letters"`
}

// Person collects what is on record of an address. All records are read for it.
func (d *Desk) Person(ctx context.Context, address string) (PersonFile, error) {
	p := PersonFile{Address: ticket.FoldAddress(address), Names: []string{}, Tickets: []PersonTicket{}, Mails: []store.Mail{}, Letters: []ticket.Notice{}}
	contact, found, err := d.store.Contact(ctx, address)
	if err != nil {
		return p, fmt.Errorf("reading a contact: %w", err)
	}
	if found {
		p.Contact = &contact
	}
	err = d.store.EachMail(ctx, func(m store.Mail) error {
		if wrote(m, p.Address) || bouncedFor(m, p.Address) {
			p.Mails = append(p.Mails, m)
			p.named(m.Message.From, address)
		}
		return nil
	})
	if err != nil {
		return p, fmt.Errorf("reading the mails: %w", err)
	}
	if err := d.store.EachTicket(ctx, func(t ticket.Ticket) error { return p.addTicket(ctx, d.store, t) }); err != nil {
		return p, fmt.Errorf("reading the tickets: %w", err)
	}
	err = d.store.EachNotice(ctx, func(n ticket.Notice) error {
		if n.Ticket.ForLetter() && ticket.FoldAddress(n.To.Address) == p.Address {
			p.Letters = append(p.Letters, n)
		}
		return nil
	})
	if err != nil {
		return p, fmt.Errorf("reading the letters: %w", err)
	}
	return p, nil
}

func (p *PersonFile) named(a ticket.Address, address string) {
	if ticket.FoldAddress(a.Address) == p.Address && a.Name != "" && !slices.Contains(p.Names, a.Name) && !strings.EqualFold(a.Name, address) {
		p.Names = append(p.Names, a.Name)
	}
}

func (p *PersonFile) addTicket(ctx context.Context, s *store.Store, t ticket.Ticket) error {
	events, err := s.Events(ctx, t.ID)
	if err != nil {
		return err
	}
	x, there := ticket.EraseFrom(t, events, p.Address)
	if !there {
		return nil
	}
	letters, err := s.Notices(ctx, t.ID)
	if err != nil {
		return err
	}
	p.Tickets = append(p.Tickets, PersonTicket{Ticket: t, Reporter: x.Reporter, Events: events, Letters: letters})
	for _, one := range t.Participants {
		p.named(ticket.Address{Name: one.Name, Address: one.Address}, p.Address)
	}
	return nil
}

// wrote reports whether a mail is from an address, as far as anybody can tell.
func wrote(m store.Mail, address string) bool {
	from := ticket.FoldAddress(m.Message.From.Address)
	return from == address || from == "" && ticket.FoldAddress(m.Envelope.From) == address
}

// bouncedFor reports whether a mail tells that a letter did not reach an address. It
// holds that letter.
func bouncedFor(m store.Mail, address string) bool {
	return slices.ContainsFunc(m.Message.Bounce.Recipients, func(r ticket.BouncedRecipient) bool {
		return ticket.FoldAddress(r.Address) == address
	})
}

// Erased counts what an erasure changed.
type Erased struct {
	Records int
	Letters []ticket.Notice // that lost their words: as they were
}

// ErasePerson takes a person out of the records: his tickets keep numbers, states
// and dates, his mails their outcome. It is repeated safely; interrupted, it goes on
// from a fresh Person. What others wrote is not touched.
func (d *Desk) ErasePerson(ctx context.Context, p PersonFile, reason string, by ticket.Actor) (Erased, error) {
	var done Erased
	erased := map[ticket.ID]bool{}
	for _, t := range p.Tickets {
		letters, n, err := d.eraseFrom(ctx, t.Ticket.ID, p.Address, reason, by)
		if err != nil {
			return done, fmt.Errorf("erasing a person from %s: %w", t.Ticket.ID, err)
		}
		done.Letters, done.Records = append(done.Letters, letters...), done.Records+n
		erased[t.Ticket.ID] = t.Reporter
	}
	mails := map[string]bool{}
	for _, m := range p.Mails {
		n, err := d.eraseMail(ctx, m.Outcome.Mail, reason)
		if err != nil {
			return done, fmt.Errorf("erasing mail %s: %w", m.Outcome.Mail, err)
		}
		done.Records += n
		mails[m.Outcome.Mail] = true
	}
	letters, err := d.eraseLetters(ctx, p.Address, erased, mails)
	done.Letters, done.Records = append(done.Letters, letters...), done.Records+len(letters)
	if err != nil {
		return done, fmt.Errorf("erasing letters: %w", err)
	}
	mentions := func(body []byte) bool { return bytes.Contains(bytes.ToLower(body), []byte(p.Address)) }
	answers, err := d.store.ForgetAnswers(ctx, mentions)
	if err != nil {
		return done, fmt.Errorf("erasing remembered answers: %w", err)
	}
	chats, err := d.store.ForgetConversations(ctx, mentions)
	if err != nil {
		return done, fmt.Errorf("erasing conversations: %w", err)
	}
	err = d.store.Update(ctx, func(tx *store.Tx) error { return tx.Forget(p.Address) })
	if err != nil {
		return done, fmt.Errorf("erasing a contact: %w", err)
	}
	done.Records += answers + chats + 1
	return done, nil
}

func (d *Desk) eraseFrom(ctx context.Context, id ticket.ID, address, reason string, by ticket.Actor) (letters []ticket.Notice, records int, err error) {
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		letters, records = nil, 0
		tickets, err := tx.Tickets(id)
		if err != nil {
			return err
		}
		before := tickets[0]
		events, err := tx.Events(id)
		if err != nil {
			return err
		}
		x, there := ticket.EraseFrom(before, events, address)
		if !there {
			return nil
		}
		notices, err := tx.Notices(before)
		if err != nil {
			return err
		}
		for _, n := range notices {
			if !x.Names(n) {
				continue
			}
			if err := tx.PutNotice(x.Notice(n)); err != nil {
				return err
			}
			letters = append(letters, n)
		}
		note := ticket.Event{Number: before.Events + 1, Command: before.Events + 1, At: d.now(), Kind: ticket.EventErased, By: by, Text: reason}
		events = append(x.Events(events), note)
		after := ticket.Ticket{}.Apply(events...)
		after.Notices = before.Notices
		if err := tx.DropDrafts(id); err != nil { // which may repeat his words
			return err
		}
		records = 1 + len(events) + len(letters)
		return tx.SaveTicket(before, after, events)
	})
	return letters, records, err
}

// eraseMail leaves of a mail's record that it came, when, and what became of it: so
// a replay knows it, and does not file it again.
func (d *Desk) eraseMail(ctx context.Context, mail, reason string) (records int, err error) {
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		records = 0
		m, found, err := tx.Mail(mail)
		if err != nil || !found || m.Message.Flag(ticket.FlagErased) && m.Deleted != nil {
			return err
		}
		deleted := m.Deleted
		if deleted == nil {
			deleted = &store.Deletion{At: d.now(), Rule: reason}
		}
		if m.Message.Flag(ticket.FlagErased) { // by an earlier version, which noted no more
			after := m
			after.Deleted = deleted
			return tx.SaveMail(m, after)
		}
		r := d.reception(Incoming{Mail: mail, Envelope: m.Envelope, Message: m.Message, Reading: m.Reading})
		forgotten, err := tx.ForgetClues(mail, m.Outcome.Ticket, r.keys())
		if err != nil {
			return err
		}
		records = 1 + forgotten
		o := m.Outcome
		if m.Decision != nil {
			decision := *m.Decision
			decision.Reason = ""
			if !decision.By.Has(ticket.StaffRoles...) { // he said himself whether the mail was his
				decision.By = ticket.Actor{Address: "erased@erased.invalid", Roles: decision.By.Roles, Door: decision.By.Door}
			}
			m.Decision = &decision
		}
		return tx.SaveMail(m, store.Mail{
			Decision: m.Decision,
			Outcome: ticket.Outcome{
				Mail: o.Mail, Received: o.Received, Outcome: o.Outcome, Ticket: o.Ticket, Trust: o.Trust, Notices: o.Notices, Original: o.Original,
				Reasons: []string{"erased on " + d.now().UTC().Format(time.DateOnly) + ": " + reason},
			},
			Envelope: journal.Envelope{Received: m.Envelope.Received, Protocol: m.Envelope.Protocol},
			Message:  ticket.Message{Size: m.Message.Size, Flags: []string{ticket.FlagErased}},
			Deleted:  deleted,
		})
	})
	return records, err
}

// eraseLetters takes a person out of the letters that are about no one ticket: his
// own, those of staff that name him, and the rows of digests that show his words.
func (d *Desk) eraseLetters(ctx context.Context, address string, tickets map[ticket.ID]bool, mails map[string]bool) ([]ticket.Notice, error) {
	var found, changed []ticket.Notice
	err := d.store.EachNotice(ctx, func(n ticket.Notice) error {
		if n.Ticket.ForLetter() && namesPerson(n, address, tickets, mails) {
			found = append(found, n)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	x := ticket.Erasure{Address: address, As: "erased@erased.invalid", Reporter: true}
	for _, n := range found {
		err := d.store.Update(ctx, func(tx *store.Tx) error {
			now, there, err := tx.Notice(n.Ticket, n.Number)
			if err != nil || !there {
				return err
			}
			return tx.PutNotice(x.Notice(now))
		})
		if err != nil {
			return changed, err
		}
		changed = append(changed, n)
	}
	return changed, nil
}

func namesPerson(n ticket.Notice, address string, tickets map[ticket.ID]bool, mails map[string]bool) bool {
	f := n.Facts
	is := func(one string) bool { return one != "" && ticket.FoldAddress(one) == address }
	if is(n.To.Address) || is(f.Reporter.Address) || is(f.Undelivered.Address) || mails[f.Mail] || len(f.Done) > 0 && tickets[f.Shown] {
		return true
	}
	if f.Digest == nil {
		return false
	}
	for _, s := range f.Digest.Sections {
		for _, row := range s.Rows {
			if tickets[row.Ticket] || mails[row.Mail] || is(row.Person) {
				return true
			}
		}
	}
	return false
}
