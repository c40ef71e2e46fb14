package desk

import (
	"errors"
	"fmt"

	"aismarttalk.tech/supportd/ticket"
)

// What staff are told who answer a letter about a held mail.
var (
	oneDecision = ticket.Wording{
		Danish:  "én mail kan kun afgøres på én måde; skriv én linje",
		English: "one mail can be decided on in one way only; write one line",
	}
	heldHelp = ticket.Wording{
		Danish:  "du kan skrive én af linjerne:\n#frigiv: mailen kommer på den formodede billet\n#frigiv (et sporings-ID): på en anden billet\n#frigiv ny: på en ny billet\n#afvis (grunden): den bliver, hvor den er",
		English: "you can write one of the lines:\n#release: the mail goes to the suspected ticket\n#release (a tracking ID): to another ticket\n#release new: to a new ticket\n#drop (the reason): it stays where it is",
	}
	heldUnknown = ticket.Wording{
		Danish:  "det kan ikke gøres med en mail, der er holdt tilbage. Skriv #frigiv, #frigiv ny eller #afvis",
		English: "that cannot be done to a mail that is held. Write #release, #release new or #drop",
	}
	heldDropped = ticket.Wording{
		Danish:  "mailen er afvist; den bliver på listen over mails og kommer på ingen billet",
		English: "the mail is dropped; it stays on record and goes to no ticket",
	}
)

// toldOf finds the held mail that a letter told one of ours of; "" if it told of
// none.
func (f *filing) toldOf(letter ticket.ID, who ticket.Staff) (string, error) {
	if !letter.ForLetter() {
		return "", nil
	}
	for number := 1; number <= len(f.desk.config.Correspondence.Staff); number++ {
		n, found, err := f.tx.Notice(letter, number)
		if err != nil || !found {
			return "", err
		}
		if n.Kind == ticket.NoticeStaffHeld && ticket.FoldAddress(n.To.Address) == ticket.FoldAddress(who.Address) {
			return n.Facts.Mail, nil
		}
	}
	return "", nil
}

// decideHeld carries out what one of ours wrote in answer to a letter about a held
// mail, and answers it as any command.
func (s *staffMail) decideHeld(mail string) error {
	orders := ticket.ReadHeldOrders(s.Message.Reply, s.desk.config.Prefix)
	decisions := 0
	for _, o := range orders {
		if !o.Help {
			decisions++
		}
	}
	for _, o := range orders {
		line := shownLine(o.Written)
		switch {
		case o.Help:
			s.tell(line, heldHelp.In(s.language))
		case decisions > 1:
			s.refuse(line, ticket.RefusedInput, oneDecision.In(s.language), errors.New(oneDecision.English))
		case o.Err != nil && o.Err.Code == ticket.OrderUnknown:
			s.refuse(line, ticket.RefusedVerb, heldUnknown.In(s.language), o.Err)
		case o.Err != nil:
			s.refuse(line, ticket.RefusedInput, o.Err.In(s.language), o.Err)
		default:
			if err := s.decide(mail, o, line); err != nil {
				return err
			}
		}
	}
	if len(orders) == 0 {
		s.refuse("", ticket.RefusedInput, heldUnknown.In(s.language), errors.New("it holds no command"))
	}
	return s.answer("a mail of the staff's, in answer to a letter about held mail %s", mail)
}

// decide does one thing to the held mail, and notes what became of it.
func (s *staffMail) decide(mail string, o ticket.HeldOrder, line string) error {
	var done ticket.Wording
	err := s.tx.Try(func() error {
		if err := mayDecide(s.by); err != nil {
			return err
		}
		m, found, err := s.tx.Mail(mail)
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("deciding on mail %s: %w", mail, ErrNoMail)
		}
		if o.Drop {
			done = heldDropped
			return s.desk.dropAs(s.tx, m, o.Reason, s.by, s.at)
		}
		after, err := s.desk.releaseAs(s.tx, m, Release{Ticket: o.Ticket, New: o.New}, s.by, s.at)
		done = ticket.Say("mailen er frigivet og er nu på billet %s", "the mail is released, and is on ticket %s now", after.Outcome.Ticket)
		return err
	})
	var refused *ticket.Refused
	switch {
	case errors.As(err, &refused):
		s.refuse(line, refused.Code, refused.In(s.language), refused)
	case err != nil:
		return err
	default:
		s.tell(line, done.In(s.language))
		s.because("%s", done.English)
	}
	return nil
}
