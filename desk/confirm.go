package desk

import (
	"errors"
	"fmt"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// askOwner asks a participant, in whose name the mail came, whether he wrote it: once
// for a ticket and day, so that a forger cannot fill his mailbox, and never a machine.
// The letter's ID derives from ticket and day, so that the first of a day is the
// only one.
func (f *filing) askOwner(t ticket.Ticket) error {
	owner, ok := t.Participant(f.sender)
	if !ok || t.Silent || f.mute || f.Message.Automatic.Is || f.Envelope.Quiet {
		return nil
	}
	if contact, err := f.tx.Contact(f.sender); err != nil || contact.Undeliverable != "" {
		return err
	}
	reason := fmt.Sprintf("confirm %s %s", t.ID, f.at.UTC().Format(time.DateOnly))
	for try := 0; ; try++ {
		letter := ticket.LetterID(f.desk.secrets.Tickets, reason, try)
		asked, taken, err := f.tx.Notice(letter, 1)
		switch {
		case err != nil:
			return err
		case taken && asked.Kind == ticket.NoticeConfirm && asked.Facts.Shown == t.ID:
			f.because("%s was asked today about another mail", asked.To.Address)
			return nil
		case taken:
			continue // another letter has the same ID
		}
		n := f.desk.config.Correspondence.AskOwner(t, f.Mail, owner, f.at)
		n.Ticket, n.Owed = letter, f.at
		f.because("%s is asked whether he wrote it", owner.Address)
		_, err = f.desk.owe(f.tx, n, f.cause, 0)
		return err
	}
}

// isConfirmation: the answer to that question settles what becomes of the held mail.
//
// What proves who answers is the token, and not DMARC: who was asked writes with the
// same programs over the same servers as before, so that his answer will often fail as
// his mail did. The token stood in one letter, to his address alone, and in nothing
// that staff or anybody else is shown; it settles one mail, once, within a week. It
// counts only where the answer was really sent to it, bears the address that was asked,
// and says yes or no in words: a vacation answer that looks like a person's says
// neither. A machine's answer and a bounce were settled before.
func (f *filing) isConfirmation() (bool, error) {
	n, ok, err := f.askedWith()
	if err != nil || !ok {
		return false, err
	}
	held, found, err := f.tx.Mail(n.Facts.Mail)
	if err != nil || !found {
		return false, err
	}
	f.because("it answers the question to %s about mail %s", n.To.Address, n.Facts.Mail)
	f.out.Ticket = n.Facts.Shown
	said := ticket.ReadConfirmation(f.Message.Reply, n.Language)
	switch {
	case f.sender != ticket.FoldAddress(n.To.Address):
		return f.hold(ticket.Say("den svarer på et spørgsmål, som en anden fik", "it answers a question that somebody else was asked"))
	case held.Decision != nil:
		return f.become(ticket.OutcomeConfirmed, "the mail was decided on before: nothing changes")
	case f.at.After(n.Facts.Expires):
		return f.hold(ticket.Say("den svarer for sent på spørgsmålet om mail %s", "it answers the question about mail %s too late", n.Facts.Mail))
	case said == ticket.ConfirmUnclear || f.mute:
		return f.hold(ticket.Say("den svarer hverken ja eller nej på spørgsmålet om mail %s", "it says neither yes nor no to the question about mail %s", n.Facts.Mail))
	}
	by := ticket.Actor{Address: f.sender, Name: n.To.Name, Roles: []ticket.Role{ticket.RoleReporter}, Door: ticket.DoorMail, Mail: f.Mail}
	if said == ticket.ConfirmNo {
		if err := f.desk.drop(f.tx, held, by, "its owner says that he did not write it", f.at); err != nil {
			return false, err
		}
		return f.become(ticket.OutcomeConfirmed, "he did not write it: the mail was dropped")
	}
	return true, f.confirmed(held, by)
}

// askedWith finds the question whose own reply address the mail was sent to.
func (f *filing) askedWith() (ticket.Notice, bool, error) {
	for _, c := range ticket.Clues(ticket.Message{}, f.Envelope.To, ticket.LetterPrefix) {
		id, ok := ticket.TokenTicket(c.Value)
		if c.Kind != ticket.ClueToken || !ok {
			continue
		}
		n, found, err := f.tx.Notice(id, 1)
		if err != nil {
			return ticket.Notice{}, false, err
		}
		if !found && f.MayWait {
			return ticket.Notice{}, false, ErrAhead
		}
		if found && f.desk.secrets.Keys.VerifyConfirm(c.Value, n) {
			return n, true, nil
		}
	}
	return ticket.Notice{}, false, nil
}

// confirmed puts the held mail on its ticket, and the answer behind it if that says
// more than yes.
func (f *filing) confirmed(held store.Mail, by ticket.Actor) error {
	after, err := f.desk.release(f.tx, held, f.out.Ticket, by, f.at)
	if refused := (*ticket.Refused)(nil); errors.As(err, &refused) {
		_, err = f.hold(ticket.Say("mailen, som den bekræfter, kunne ikke komme på billetten", "the mail that it confirms could not go to the ticket: %v", refused))
		return err
	}
	if err != nil {
		return err
	}
	f.out.Ticket = after.Outcome.Ticket
	if !ticket.OnlyConfirms(f.Message.Reply) || len(f.Message.Attachments) > 0 {
		f.released = &by
		if err := f.appendReleased(f.out.Ticket, "an answer to a question of ours"); err != nil {
			return err
		}
	}
	_, err = f.become(ticket.OutcomeConfirmed, "he wrote it: mail %s was released", held.Outcome.Mail)
	return err
}
