package desk

import (
	"fmt"
	"slices"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// standing is what a clue entitles a sender to, worst to best.
type standing int

const (
	standingNone        standing = iota
	standingHeld                 // a stranger with a reference that is not his
	standingGuest                // no participant, but entitled to append
	standingParticipant          // takes part
)

// choice is the ticket that a mail is for, and why.
type choice struct {
	ticket   ticket.Ticket
	standing standing
	clue     ticket.Clue // zero if none names it and the mail repeats another
	why      string
}

// reason says how the mail leads to the ticket.
func (c choice) reason() string {
	if c.clue.Kind == "" {
		return fmt.Sprintf("it repeats a mail on %s", c.ticket.ID)
	}
	return fmt.Sprintf("it names %s by a %s", c.ticket.ID, c.clue.Kind)
}

// candidate is a ticket that a clue names.
type candidate struct {
	clue ticket.Clue
	id   ticket.ID
	weak bool // another mail has merely mentioned this Message-ID
}

// candidates resolves clues to tracking IDs, best first. A reference counts if
// we issued it, have filed it, or a mail that we filed refers to it.
func (f *filing) candidates() []candidate {
	var list []candidate
	add := func(c candidate) {
		if c.id != "" && len(list) < maxCandidates {
			list = append(list, c)
		}
	}
	for _, c := range f.clues {
		switch c.Kind {
		case ticket.ClueToken:
			id, _ := ticket.TokenTicket(c.Value)
			add(candidate{clue: c, id: id})
		case ticket.ClueReference:
			if id, _, ok := f.desk.secrets.Keys.VerifyMessageID(c.Value); ok {
				if !id.ForLetter() { // one that is about no ticket names none
					add(candidate{clue: c, id: id})
				}
				continue
			}
			known := f.known[store.MessageClue(c.Value)]
			add(candidate{clue: c, id: known.Ticket, weak: known.Mentioned})
		default:
			add(candidate{clue: c, id: ticket.ID(c.Value)})
		}
	}
	// A mail that answers this one may have come first.
	if own := f.known[f.ownKey]; own.Mentioned {
		add(candidate{clue: ticket.Clue{Kind: ticket.ClueReference, Value: f.Message.MessageID}, id: own.Ticket, weak: true})
	}
	return list
}

// choose finds the ticket that the mail is for: one in which the sender takes
// part before any other, and among equals the one with the best clue.
func (f *filing) choose() (choice, error) {
	candidates := f.candidates()
	if len(candidates) == 0 {
		if f.outran() {
			return choice{}, ErrAhead
		}
		return choice{}, nil
	}
	ids := make([]ticket.ID, len(candidates))
	for i, c := range candidates {
		ids[i] = c.id
	}
	tickets, err := f.tickets(ids)
	if err != nil {
		return choice{}, err
	}
	var best choice
	ahead := false
	for i, c := range candidates {
		if tickets[i].ID == "" {
			ahead = ahead || f.issued(c)
			continue
		}
		if s, why := f.standing(c, tickets[i]); s > best.standing {
			best = choice{tickets[i], s, c.clue, why}
		}
	}
	if ahead && f.MayWait && best.standing == standingNone {
		return choice{}, ErrAhead
	}
	return best, nil
}

// tickets reads tickets by ID. In place of one that was merged it gives the one
// that it goes on in.
func (f *filing) tickets(ids []ticket.ID) ([]ticket.Ticket, error) {
	tickets, err := f.tx.Tickets(ids...)
	for i := range tickets {
		for range maxMerges {
			if err != nil || tickets[i].MergedInto == "" {
				break
			}
			var into []ticket.Ticket
			if into, err = f.tx.Tickets(tickets[i].MergedInto); err == nil {
				tickets[i] = into[0]
			}
		}
	}
	return tickets, err
}

// maxMerges bounds how far the trail of a merged ticket is followed.
const maxMerges = 8

// issued reports whether a clue proves, without its ticket, that we gave it out:
// as the Message-ID of a letter, or as a token to this sender.
func (f *filing) issued(c candidate) bool {
	keys := f.desk.secrets.Keys
	switch c.clue.Kind {
	case ticket.ClueReference:
		_, _, ok := keys.VerifyMessageID(c.clue.Value)
		return ok
	case ticket.ClueToken:
		_, ok := keys.VerifyReply(c.clue.Value, c.id, []ticket.Participant{{Address: f.sender}})
		return ok
	}
	return false
}

// standing says what a clue is worth in this sender's hands.
func (f *filing) standing(c candidate, t ticket.Ticket) (standing, string) {
	if c.clue.Kind == ticket.ClueToken {
		if _, ok := f.desk.secrets.Keys.VerifyReply(c.clue.Value, c.id, t.Participants); !ok {
			return standingNone, "" // altered, or of another ticket
		}
	}
	if f.sender != "" {
		if p, ok := t.Participant(f.sender); ok {
			return standingParticipant, p.Address + " takes part in the ticket"
		}
	}
	if !c.clue.Kind.Strong() || c.weak {
		return standingNone, "" // a name that anybody may know
	}
	if f.sender == "" {
		return standingHeld, "the sender has no identity"
	}
	if p, ok := colleague(t, f.sender); ok {
		return standingGuest, fmt.Sprintf("%s is no participant but of the same organisation as %s", f.sender, p.Address)
	}
	if c.clue.Kind == ticket.ClueToken && f.addressedTo(c.clue.Value) {
		return standingGuest, f.sender + " is no participant but wrote to a reply address of the ticket"
	}
	return standingHeld, f.sender + " does not take part in the ticket"
}

// addressedTo reports whether the mail was really sent to the token's address,
// rather than showing it in a header.
func (f *filing) addressedTo(token string) bool {
	return slices.ContainsFunc(f.Envelope.To, func(to string) bool {
		for _, c := range ticket.Clues(ticket.Message{}, []string{to}, f.desk.config.Prefix) {
			if c.Value == token {
				return true
			}
		}
		return false
	})
}

// thread files the mail on its ticket, or opens one.
func (f *filing) thread() (bool, error) {
	best, err := f.choose()
	if err != nil {
		return false, err
	}
	f.because("sender: %s", f.verdict.reason)
	if best.standing == standingNone {
		repeats, err := f.repeats()
		if err != nil {
			return false, err
		}
		if repeats.standing == standingNone {
			return true, f.open("nothing in it names a ticket that the sender may write to", ticket.Ticket{})
		}
		best = repeats
	}
	switch {
	case best.standing == standingHeld:
		f.out.Ticket = best.ticket.ID
		return f.hold(ticket.Wording{Danish: f.strange(), English: best.reason() + ", but " + best.why})
	case f.verdict.trust == ticket.TrustFailed:
		f.out.Ticket = best.ticket.ID
		if err := f.askOwner(best.ticket); err != nil {
			return false, err
		}
		return f.hold(ticket.Wording{
			Danish:  "afsenderen står på billetten, men kontrollen af domænet (DMARC) fejlede",
			English: best.reason() + ", but the check of the sender failed",
		})
	}
	if best.standing == standingParticipant && f.asksStatus() {
		return true, f.tellStatus(best)
	}
	return true, f.append(best, best.reason())
}

// strange says in Danish why a mail that names a ticket waits for staff.
func (f *filing) strange() string {
	if f.sender == "" {
		return "den svarer på en billet, men afsenderen kan ikke fastslås"
	}
	return f.sender + " deltager ikke i billetten, som mailen svarer på"
}

// repeats finds the ticket of a mail with the same words that this sender sent a
// moment ago under another Message-ID.
func (f *filing) repeats() (choice, error) {
	c := f.known[f.wordsKey]
	if f.wordsKey == "" || !f.recent(c) || c.Ticket == "" {
		return choice{}, nil
	}
	tickets, err := f.tickets([]ticket.ID{c.Ticket})
	if err != nil {
		return choice{}, err
	}
	if _, ok := tickets[0].Participant(f.sender); !ok {
		return choice{}, nil
	}
	f.out.Original = c.Mail
	why := fmt.Sprintf("the same sender wrote the same words within %v, as %s", repeatWindow, c.Mail)
	return choice{ticket: tickets[0], standing: standingParticipant, why: why}, nil
}

// append adds the mail to the ticket, reopening it or opening another one after
// it where the ticket says so.
func (f *filing) append(c choice, why string) error {
	trusted := c.standing == standingParticipant && (f.verdict.accepted() || f.released != nil)
	entry := f.entry()
	if c.standing == standingGuest || f.released != nil {
		entry.Banner = c.why
	}
	if reporter, ok := c.ticket.Reporter(); ok && trusted && f.released == nil && ticket.FoldAddress(reporter.Address) == f.sender {
		entry.Joins = f.desk.joining(f.reception, c.ticket)
	}
	quiet := f.saidAgain(c.ticket) || f.mute || f.Message.Automatic.Is || f.out.Original != "" || f.Envelope.Quiet
	command := ticket.Append{Entry: entry, MayReopen: trusted, Quiet: quiet, Policy: f.policy()}
	done, err := f.desk.do(f.tx, c.ticket, command, f.occasion(f.actor(c.standing)))
	if asRefused(err, ticket.RefusedWindow) {
		return f.open(err.Error(), c.linkable(trusted))
	}
	if err != nil {
		return err
	}
	kind := outcomeOf(done.Events)
	f.out.Ticket, f.out.Notices = c.ticket.ID, done.numbers()
	f.because("%s", c.why)
	if f.verdict.trust == ticket.TrustUnverified {
		f.because("the sender is marked unverified")
	}
	if c.ticket.Finished() && kind == ticket.OutcomeAppended {
		f.because("the ticket stays %s", done.After.State)
	}
	_, err = f.become(kind, "%s", why)
	return err
}

// saidAgain reports whether the same sender wrote the same words on the ticket a moment
// ago, under another Message-ID: people press a button twice, and machines answer each
// other. Nobody needs to be told twice.
func (f *filing) saidAgain(t ticket.Ticket) bool {
	before := f.known[f.wordsKey]
	return f.wordsKey != "" && !t.Finished() && before.Ticket == t.ID && f.recent(before)
}

// outcomeOf names what a mail did to the ticket that it was for.
func outcomeOf(events []ticket.Event) ticket.OutcomeKind {
	for _, e := range events {
		switch e.Kind {
		case ticket.EventReopened:
			return ticket.OutcomeReopened
		case ticket.EventClosed:
			return ticket.OutcomeConfirmed
		}
	}
	return ticket.OutcomeAppended
}

// linkable is the closed ticket that a new one may name as its forerunner: none
// for somebody who is not known to take part in it.
func (c choice) linkable(trusted bool) ticket.Ticket {
	if !trusted {
		return ticket.Ticket{}
	}
	return c.ticket
}

// actor is the sender as an event names him, or who released his mail.
func (f *filing) actor(s standing) ticket.Actor {
	if f.released != nil {
		return *f.released
	}
	a := ticket.Actor{Address: f.sender, Name: f.Message.From.Name, Door: ticket.DoorMail}
	if f.Envelope.Quiet {
		a.Door = ticket.DoorImport
	}
	if s == standingParticipant {
		a.Roles = []ticket.Role{ticket.RoleReporter}
	}
	return a
}

// open makes a ticket of the mail; one that follows a closed ticket names it.
func (f *filing) open(why string, old ticket.Ticket) error {
	id, err := f.freshID()
	if err != nil {
		return err
	}
	language, err := f.language()
	if err != nil {
		return err
	}
	opening := ticket.Opening{
		ID: id, Subject: ticket.BareSubject(f.Message.Subject, f.desk.config.Prefix), Language: language,
		Participants: f.desk.participants(f.reception), Reading: f.Reading,
		Silent:  f.sender == "" || f.mute || f.Message.Automatic.Is,
		Neutral: !f.verdict.echo(),
		Follows: old.ID,
	}
	if !opening.Silent && !f.Envelope.Quiet {
		opening.AssessBy = f.desk.assessBy(f.Reading.Claim.Severity, f.at)
	}
	kind := ticket.OutcomeOpened
	if old.ID != "" {
		kind = ticket.OutcomeFollowup
		opening.WindowDays = f.desk.config.Policy.WindowDays()
		if _, err := f.desk.do(f.tx, old, ticket.Follow{Other: id}, f.occasion(f.actor(standingParticipant))); err != nil {
			return err
		}
	}
	if opening.Reading.Claim.Severity == ticket.SeverityCritical {
		if opening.Free, opening.Capacity, err = f.desk.room(f.tx, f.at); err != nil {
			return err
		}
	}
	done, err := f.desk.do(f.tx, ticket.Ticket{}, ticket.Open{Opening: opening, Entry: f.entry(), Policy: f.policy()}, f.occasion(f.actor(standingParticipant)))
	if err != nil {
		return err
	}
	f.out.Ticket, f.out.Notices = id, done.numbers()
	switch {
	case opening.Silent:
		f.because("nobody is answered: %s", f.silence())
	case f.Envelope.Quiet:
		f.because("nobody is answered: it is old mail that was imported")
	}
	_, err = f.become(kind, "%s", why)
	return err
}

func (f *filing) silence() string {
	switch {
	case f.Message.Automatic.Is:
		return "a machine wrote it"
	case f.mute && f.Envelope.From != "":
		return "its envelope sender claims to be one of our own addresses"
	case f.mute:
		return "its envelope sender is null"
	}
	return "the mail has no identity"
}

// freshID derives the ticket's ID from the mail, past any that are taken. That
// it was free is checked on commit.
func (f *filing) freshID() (ticket.ID, error) {
	for try := 0; ; try++ {
		id := ticket.DeriveID(f.desk.config.Prefix, f.desk.secrets.Tickets, f.Mail, try)
		tickets, err := f.tx.Tickets(id)
		if err != nil || tickets[0].ID == "" {
			return id, err
		}
	}
}

// language is that of letters to the sender: of this mail where it is sure,
// else of his last one, else the best guess there is.
func (f *filing) language() (string, error) {
	if f.sender == "" {
		return f.Reading.Language, nil
	}
	contact, err := f.tx.Contact(f.sender)
	if err != nil || !f.Reading.LanguageSure || contact.Language == f.Reading.Language {
		return contact.Language, err
	}
	contact.Language = f.Reading.Language
	return contact.Language, f.tx.PutContact(f.sender, contact)
}
