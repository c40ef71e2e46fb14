package desk

import (
	"errors"
	"slices"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// isStaff settles what one of ours writes as such. His mail is obeyed where three
// things hold: his address is listed, he is who he says, and he answers a letter
// whose reply address is his own. Commands without all three change nothing; what
// else he writes is anybody's mail.
func (f *filing) isStaff() (bool, error) {
	who, ok := f.desk.config.Correspondence.StaffAt(f.sender)
	if !ok || f.sender == "" || f.desk.own(f.sender) || f.Message.Automatic.Is {
		return false, nil
	}
	orders, rest := ticket.ReadOrders(f.Message.Reply, f.desk.Terms())
	id, own := f.ownToken(who)
	if !own && !givesOrders(orders) {
		return false, nil
	}
	t, err := f.answered(id)
	if err != nil {
		return false, err
	}
	if r, ok := t.Reporter(); ok && len(orders) == 0 && ticket.FoldAddress(r.Address) == f.sender {
		return false, nil // he reported it himself, and adds to it
	}
	f.because("sender: %s", f.verdict.reason)
	if !f.verdict.echo() || f.mute {
		f.out.Ticket = t.ID
		return f.hold(ticket.Say("den er sendt i en medarbejders navn (%s), men afsenderen er ikke verificeret",
			"it was sent in the name of %s of the staff, who could not be verified", who.Address))
	}
	held, err := f.toldOf(id, who)
	if err != nil {
		return false, err
	}
	s := &staffMail{filing: f, who: who, home: t, orders: orders, rest: rest}
	s.language = f.desk.config.Correspondence.LetterLanguage(who.Language)
	s.by = ticket.Actor{Address: who.Address, Name: who.Name, Roles: who.Roles, Door: ticket.DoorMail, Mail: f.Mail}
	switch {
	case !own:
		return true, s.turnDown(withoutToken)
	case held != "" && !(f.Message.Flag(ticket.FlagConflict)):
		return true, s.decideHeld(held)
	case held != "":
		return true, s.turnDown(twoTexts)
	case t.ID == "":
		return true, s.turnDown(withoutTicket)
	case f.Message.Flag(ticket.FlagConflict) && len(orders) > 0:
		return true, s.turnDown(twoTexts)
	}
	return true, s.obey(id)
}

// givesOrders tells commands from a line that merely begins with a number sign.
func givesOrders(orders []ticket.OrderLine) bool {
	return slices.ContainsFunc(orders, func(l ticket.OrderLine) bool {
		return l.Err == nil || l.Err.Code != ticket.OrderUnknown || l.Err.Suggest != ""
	})
}

// ownToken finds the ticket, or the letter, whose reply address the mail was sent
// to, if that address was given to this person.
func (f *filing) ownToken(who ticket.Staff) (ticket.ID, bool) {
	m := ticket.Message{To: f.Message.To, Cc: f.Message.Cc, DeliveredTo: f.Message.DeliveredTo}
	toLetters := ticket.Clues(m, f.Envelope.To, ticket.LetterPrefix)
	for _, c := range slices.Concat(f.clues, toLetters) {
		if c.Kind != ticket.ClueToken {
			continue
		}
		id, _ := ticket.TokenTicket(c.Value)
		if _, ok := f.desk.secrets.Keys.VerifyReply(c.Value, id, []ticket.Participant{{Address: who.Address}}); ok {
			return id, true
		}
	}
	return "", false
}

// answered is the ticket whose letter is answered, or the one that it goes on in;
// the zero Ticket where the letter was about none.
func (f *filing) answered(id ticket.ID) (ticket.Ticket, error) {
	if id == "" || id.ForLetter() {
		return ticket.Ticket{}, nil
	}
	tickets, err := f.tickets([]ticket.ID{id})
	if err != nil {
		return ticket.Ticket{}, err
	}
	if tickets[0].ID == "" && f.MayWait {
		return ticket.Ticket{}, ErrAhead
	}
	return tickets[0], nil
}

// staffMail is one run of carrying out what one of ours wrote.
type staffMail struct {
	*filing
	who      ticket.Staff
	by       ticket.Actor
	language string
	home     ticket.Ticket // whose letter he answers
	orders   []ticket.OrderLine
	rest     string
	done     []ticket.Done
	taken    bool // the mail's attachments went with an order
	changes  []changed
}

// changed is an order that did something, and where in done it is told.
type changed struct {
	Change
	at int
}

// turnDown answers that nothing was done, and what to do instead.
func (s *staffMail) turnDown(why ticket.Wording) error {
	s.done = append(s.done, ticket.Done{Line: s.firstLine(), Text: why.In(s.language), Refused: ticket.RefusedInput})
	return s.answer("nothing was done: %s", why.English)
}

func (s *staffMail) firstLine() string {
	if len(s.orders) == 0 {
		return ""
	}
	return shownLine(s.orders[0].Written)
}

// obey carries the orders out one after the other, each on what those before it
// made of the ticket. One that is refused keeps none of the others from being
// done. What is left of the mail stays inside.
func (s *staffMail) obey(id ticket.ID) error {
	if id != s.home.ID {
		s.done = append(s.done, ticket.Done{OK: true, Text: goesOn(id, s.home.ID).In(s.language)})
	}
	for _, l := range s.orders {
		if err := s.carryOut(l); err != nil {
			return err
		}
	}
	if err := s.keepRest(); err != nil {
		return err
	}
	s.offerUndo()
	return s.answer("a mail of the staff's, in answer to a letter about %s", id)
}

func (s *staffMail) carryOut(l ticket.OrderLine) error {
	line := shownLine(l.Written)
	if l.Err != nil {
		s.refuse(line, unread(l.Err), l.Err.In(s.language), l.Err)
		return nil
	}
	t, err := s.now()
	if err != nil {
		return err
	}
	switch l.Order.Verb {
	case ticket.VerbHelp:
		s.tell(line, s.help(t))
		return nil
	case ticket.VerbStatus:
		s.tell(line, s.status(t))
		return nil
	case ticket.VerbUndo:
		if len(s.orders) > 1 {
			s.refuse(line, ticket.RefusedInput, undoAlone.In(s.language), errors.New(undoAlone.English))
			return nil
		}
	}
	return s.order(t, l.Order, line)
}

// order does one thing to the ticket, and notes what became of it.
func (s *staffMail) order(t ticket.Ticket, o ticket.Order, line string) error {
	a := asked{Order: o, occasion: s.occasion(s.by)}
	carries := !s.taken && (o.Verb == ticket.VerbReply || o.Verb == ticket.VerbNote)
	if carries {
		a.attachments = s.attachments()
	}
	var done Change
	err := s.try(func() (err error) {
		done, err = s.desk.order(s.tx, t, a)
		return err
	})
	var refused *ticket.Refused
	switch {
	case errors.As(err, &refused):
		s.refuse(line, refused.Code, refused.In(s.language), refused)
		return nil
	case err != nil:
		return err
	}
	s.taken = s.taken || carries
	if t.ID == s.home.ID {
		s.out.Notices = append(s.out.Notices, done.numbers()...)
	}
	undo, err := s.undoing(done, o)
	if err != nil {
		return err
	}
	if len(done.Events) > 0 {
		s.changes = append(s.changes, changed{done, len(s.done)})
	}
	s.done = append(s.done, ticket.Done{Line: line, OK: true, Text: s.desk.whatWasDone(done, o).In(s.language), Undo: undo})
	s.because("%s: %s", o.Verb, happened(done))
	return nil
}

// now is the ticket as the orders so far have left it, or the one that it was
// merged into.
func (s *staffMail) now() (ticket.Ticket, error) {
	tickets, err := s.tickets([]ticket.ID{s.home.ID})
	if err != nil {
		return ticket.Ticket{}, err
	}
	return tickets[0], nil
}

func (s *staffMail) refuse(line string, code ticket.RefusalCode, text string, why error) {
	s.done = append(s.done, ticket.Done{Line: line, Text: text, Refused: code})
	s.because("refused (%s): %v", code, why)
}

func (s *staffMail) tell(line, text string) {
	s.done = append(s.done, ticket.Done{Line: line, OK: true, Text: text})
}

// keepRest keeps as an internal note what no order took: loose text, and files.
func (s *staffMail) keepRest() error {
	text := s.rest
	if ticket.SignsOff(text) {
		text = ""
	}
	if text == "" && !s.taken {
		text = s.fileNames()
	}
	if text == "" {
		return nil
	}
	t, err := s.now()
	if err != nil {
		return err
	}
	return s.order(t, ticket.Order{Verb: ticket.VerbNote, Text: text}, "")
}

// attachments names the files of the mail, which stay where they are.
func (s *staffMail) attachments() []ticket.AttachmentRef {
	var refs []ticket.AttachmentRef
	for i, a := range s.Message.Attachments {
		refs = append(refs, ticket.AttachmentRef{Mail: s.Mail, Number: i + 1, Filename: a.Filename, ContentType: a.ContentType, Size: a.Size})
	}
	return refs
}

// fileNames lists the files that came for themselves, and not within a text.
func (s *staffMail) fileNames() string {
	var names []string
	for _, a := range s.Message.Attachments {
		if !a.Inline {
			names = append(names, a.Filename)
		}
	}
	return strings.Join(names, "\n")
}

// undoing is the line of mail that is the opposite of an order, if there is one
// that the ticket would obey now.
func (s *staffMail) undoing(done Change, o ticket.Order) (string, error) {
	line := opposite(done, o, s.language)
	if line == "" {
		return "", nil
	}
	works, err := s.wouldWork(line)
	if !works {
		line = ""
	}
	return line, err
}

// offerUndo names undo where nothing else takes back the one thing that was done,
// and its letters wait for that.
func (s *staffMail) offerUndo() {
	if len(s.changes) != 1 {
		return
	}
	c := s.changes[0]
	if s.done[c.at].Undo != "" || len(c.Notices) > 0 && s.desk.config.UndoWindow == 0 {
		return
	}
	if _, err := c.After.Decide(ticket.Undo{Undoes: c.Events, Before: c.Before}, s.by, s.at); err == nil {
		s.done[c.at].Undo = "#" + ticket.VerbUndo.In(s.language)
	}
}

// errTried ends the trial of an order that would work.
var errTried = errors.New("desk: only tried")

// wouldWork tries a line of mail, and takes back what it did.
func (s *staffMail) wouldWork(line string) (bool, error) {
	lines, _ := ticket.ReadOrders(line, s.desk.Terms())
	if len(lines) != 1 || lines[0].Err != nil {
		return false, nil
	}
	t, err := s.now()
	if err != nil {
		return false, err
	}
	err = s.try(func() error {
		done, err := s.desk.order(s.tx, t, asked{Order: lines[0].Order, occasion: s.occasion(s.by)})
		if err == nil && len(done.Events) > 0 {
			err = errTried
		}
		return err
	})
	if refused := (*ticket.Refused)(nil); errors.As(err, &refused) {
		return false, nil
	}
	if errors.Is(err, errTried) {
		return true, nil
	}
	return false, err
}

// answer owes the letter that tells what became of the mail, and settles its
// outcome.
func (s *staffMail) answer(format string, args ...any) error {
	n := s.desk.config.Correspondence
	letter := func(t ticket.Ticket) ticket.Notice { return n.Commanded(t, s.who, s.done).Answers(s.entry().Thread) }
	_, _ = s.become(ticket.OutcomeCommand, format, args...)
	if s.home.ID == "" {
		return s.desk.oweLetters(s.tx, s.cause, s.at, letter(ticket.Ticket{}))
	}
	tickets, err := s.tx.Tickets(s.home.ID)
	if err != nil {
		return err
	}
	number, err := s.desk.oweOn(s.tx, tickets[0], letter(tickets[0]), s.cause, s.at)
	s.out.Ticket, s.out.Notices = s.home.ID, append(s.out.Notices, number)
	return err
}
