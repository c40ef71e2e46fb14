package desk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// ErrAhead says that a mail answers what is not on file yet. When the journal is
// replayed, an answer may be handed out beside the mail that opened its ticket.
var ErrAhead = errors.New("it answers a ticket or letter of ours that is not on file yet")

// Receive files a mail: it settles the outcome and commits all that follows
// from it. It is idempotent by Incoming.Mail: a mail that was filed before
// gives its outcome again and changes nothing. After an error the mail may or
// may not have been filed; receiving it again finds out.
func (d *Desk) Receive(ctx context.Context, in Incoming) (ticket.Outcome, error) {
	r := d.reception(in)
	view, err := d.askedRoadmap(ctx, r)
	if err != nil {
		return ticket.Outcome{}, fmt.Errorf("making the roadmap that mail %s asks for: %w", in.Mail, err)
	}
	var out ticket.Outcome
	fresh := false
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		keys := r.keys()
		before, clues, err := tx.Received(in.Mail, r.sender, keys)
		if err != nil {
			return err
		}
		if before.Outcome.Outcome != "" {
			out, fresh = before.Outcome, false
			return nil
		}
		f := newFiling(d, tx, r, clues)
		f.roadmap = view
		if err := f.settle(); err != nil {
			return err
		}
		out, fresh = f.out, true
		return f.save()
	})
	if err != nil {
		return ticket.Outcome{}, fmt.Errorf("filing mail %s: %w", in.Mail, err)
	}
	if fresh {
		d.log.Info().Str("mail", in.Mail).Str("outcome", string(out.Outcome)).Str("ticket", string(out.Ticket)).
			Str("trust", string(out.Trust)).Int("notices", len(out.Notices)).Msg("mail filed")
		d.owed() // most mails owe a letter, not all of them on their ticket
	}
	return out, nil
}

// filing is one run of settling a mail within a transaction.
type filing struct {
	reception
	desk    *Desk
	tx      *store.Tx
	known   map[string]store.Clue
	roadmap *ticket.Roadmap // that the mail asks for; nil if it does not
	// released: who of the staff files the mail, which was held; nil while it comes
	// in.
	released *ticket.Actor
	cause    cause // of the letters that it owes
	out      ticket.Outcome
}

// newFiling is given the clues of r.keys as the store has them.
func newFiling(d *Desk, tx *store.Tx, r reception, clues []store.Clue) *filing {
	f := &filing{desk: d, tx: tx, reception: r, known: map[string]store.Clue{}, cause: causedByMail(r.Mail)}
	for i, key := range r.keys() {
		f.known[key] = clues[i]
	}
	return f
}

// occasion is that of what the mail does, in the name of somebody.
func (f *filing) occasion(by ticket.Actor) occasion {
	return occasion{by: by, at: f.at, cause: f.cause}
}

// try carries out a part that may fail by itself, and takes it back then; see Tx.Try.
func (f *filing) try(fn func() error) error {
	owed := maps.Clone(f.cause.owed)
	err := f.tx.Try(fn)
	if err != nil {
		f.cause.owed = owed
	}
	return err
}

// settle asks one question after the other; the first that has an answer
// settles the outcome. The order is that of the rules.
func (f *filing) settle() error {
	f.out = ticket.Outcome{
		Mail: f.Mail, MessageID: f.Message.MessageID, Received: f.at, Trust: shownTrust(f.verdict.trust),
		Reasons: []string{}, Notices: []int{},
	}
	if err := f.reached(); err != nil {
		return err
	}
	questions := []func() (bool, error){
		f.isOurs, f.isBounce, f.isDangerous, f.isAutomatic, f.isDuplicate, f.isConfirmation, f.isStaff, f.isQuarantined, f.isSpam, f.asksRoadmap, f.thread,
	}
	for _, question := range questions {
		if settled, err := question(); settled || err != nil {
			return err
		}
	}
	return nil
}

// reached: who writes to us and is who he says has a mailbox, whatever a server
// said of it.
func (f *filing) reached() error {
	if f.sender == "" || !f.verdict.echo() {
		return nil
	}
	contact, err := f.tx.Contact(f.sender)
	if err != nil || contact.Undeliverable == "" {
		return err
	}
	contact.Undeliverable, contact.Since = "", time.Time{}
	return f.tx.PutContact(f.sender, contact)
}

func (f *filing) because(format string, args ...any) {
	f.out.Reasons = append(f.out.Reasons, fmt.Sprintf(format, args...))
}

func (f *filing) become(kind ticket.OutcomeKind, format string, args ...any) (bool, error) {
	f.out.Outcome = kind
	f.because(format, args...)
	return true, nil
}

// hold keeps the mail from any ticket until staff decide, and tells support of it.
func (f *filing) hold(reason ticket.Wording) (bool, error) {
	_, _ = f.become(ticket.OutcomeHeld, "%s", reason.English)
	from := f.Message.From
	if f.sender == "" {
		from = ticket.Address{Address: f.Envelope.From}
	}
	letters := f.desk.config.Correspondence.Held(ticket.HeldMail{
		Mail: f.Mail, From: from, Suspected: f.out.Ticket, Trust: f.verdict.trust, Reason: reason,
	})
	return true, f.desk.oweLetters(f.tx, f.cause, f.at, letters...)
}

// isOurs: our own mail coming back would answer itself for ever.
func (f *filing) isOurs() (bool, error) {
	keys, domain := f.desk.secrets.Keys, ticket.Domain(f.desk.config.Addresses[0])
	for _, mark := range f.Message.LoopMarks {
		if keys.VerifyLoopMark(mark, domain) && !f.Message.Bounce.Is {
			return f.become(ticket.OutcomeRefusedLoop, "it bears our own loop header: a mail of ours came back")
		}
	}
	if id, number, ok := keys.VerifyMessageID(f.Message.MessageID); ok {
		f.out.Ticket = id
		return f.become(ticket.OutcomeRefusedLoop, "its Message-ID is that of notice %d of %s: a mail of ours came back", number, id)
	}
	return false, nil
}

// isBounce: a bounce is joined to the notice that bounced, and changes nothing
// if it names none of ours.
func (f *filing) isBounce() (bool, error) {
	if !f.Message.Bounce.Is {
		return false, nil
	}
	id, number, how := f.bouncedNotice()
	if how == "" {
		return f.become(ticket.OutcomeBounce, "a bounce that names no notice of ours: nothing changes")
	}
	n, ok, err := f.tx.Notice(id, number)
	if err != nil {
		return false, err
	}
	if !ok && f.MayWait {
		return false, ErrAhead
	}
	if !ok {
		return f.become(ticket.OutcomeBounce, "a bounce of notice %d of %s, which is not on record: nothing changes", number, id)
	}
	if !id.ForLetter() {
		f.out.Ticket = id
	}
	f.out.Notices = append(f.out.Notices, number)
	status, diagnostic, failed := f.bounceStatus()
	if failed {
		n.State, n.Bounce, n.Reason = ticket.NoticeBounced, f.Mail, status+" "+diagnostic
		if err := f.tx.PutNotice(n); err != nil {
			return false, err
		}
		if err := f.tellBounce(n, status+" "+diagnostic); err != nil {
			return false, err
		}
		if err := f.markUndeliverable(n.To.Address, status, diagnostic); err != nil {
			return false, err
		}
		return f.become(ticket.OutcomeBounce, "notice %d of %s did not reach %s (%s), known by %s", number, id, n.To.Address, status, how)
	}
	return f.become(ticket.OutcomeBounce, "notice %d of %s to %s is delayed or only reported on (%s), known by %s: recorded", number, id, n.To.Address, status, how)
}

// tellBounce notes on the ticket that a letter did not arrive, which staff hear of.
// Of a bounce of such a letter nobody is told: it would bounce again.
func (f *filing) tellBounce(n ticket.Notice, status string) error {
	if n.Ticket.ForLetter() || n.Kind == ticket.NoticeStaffBounced {
		return nil
	}
	tickets, err := f.tx.Tickets(n.Ticket)
	if err != nil || tickets[0].ID == "" {
		return err
	}
	by := system
	if f.Envelope.Quiet {
		by.Door = ticket.DoorImport
	}
	_, err = f.desk.do(f.tx, tickets[0], ticket.Undelivered{Notice: n, Mail: f.Mail, Status: status}, f.occasion(by))
	return err
}

// noMailbox is the code of a server that knows no such mailbox (RFC 3463 section
// 3.2).
const noMailbox = "5.1.1"

// markUndeliverable remembers that nothing reaches an address, until it writes to
// us.
func (f *filing) markUndeliverable(address, status, diagnostic string) error {
	if status != noMailbox {
		return nil
	}
	contact, err := f.tx.Contact(address)
	if err != nil {
		return err
	}
	contact.Undeliverable, contact.Since = strings.TrimSpace(status+" "+diagnostic), f.at
	f.because("nothing more is sent to %s until it writes to us", address)
	return f.tx.PutContact(address, contact)
}

func (f *filing) bouncedNotice() (ticket.ID, int, string) {
	if id, number, ok := f.desk.secrets.Keys.VerifyMessageID(f.Message.Bounce.OriginalMessageID); ok {
		return id, number, "its Message-ID"
	}
	for _, to := range f.Envelope.To {
		if id, number, ok := ticket.NoticeOf(to, f.desk.secrets.Keys); ok {
			return id, number, "the address it came to"
		}
	}
	return "", 0, ""
}

// bounceStatus sums up the recipients of a bounce. One that names none failed.
func (f *filing) bounceStatus() (status, diagnostic string, failed bool) {
	if len(f.Message.Bounce.Recipients) == 0 {
		return "no status", "", true
	}
	for _, r := range f.Message.Bounce.Recipients {
		status, diagnostic = r.Status, r.Diagnostic
		if r.Action == "failed" || r.Action == "" && (status == "" || status[0] == '5') {
			return status, diagnostic, true
		}
	}
	return status, diagnostic, false
}

// isAutomatic: a machine is never answered and moves nothing. What monitoring
// writes to us opens a ticket all the same; an answer to an invitation joins
// its ticket.
func (f *filing) isAutomatic() (bool, error) {
	a := f.Message.Automatic
	if !a.Is {
		return false, nil
	}
	f.out.Reasons = append(f.out.Reasons, a.Reasons...)
	choice, err := f.choose()
	if err != nil {
		return false, err
	}
	who, staff := f.desk.config.Correspondence.StaffAt(f.sender)
	id, answers := f.ownToken(who)
	switch {
	case choice.standing != standingNone:
		f.out.Ticket = choice.ticket.ID
		known := choice.standing == standingParticipant && f.verdict.trust != ticket.TrustFailed
		if a.Kind == ticket.AutomaticCalendar && known {
			return true, f.append(choice, "an answer to an invitation")
		}
	case staff && answers: // his letters were answered for him
		if !id.ForLetter() {
			f.out.Ticket = id
		}
	case a.Kind == ticket.AutomaticNotification:
		f.because("a machine's report, written to us and no answer to us: it opens a ticket and is never answered")
		return false, nil
	}
	return f.become(ticket.OutcomeAuto, "automatic mail (%s): kept, no ticket is touched", a.Kind)
}

// isDuplicate: the same mail again is one entry and one acknowledgement.
func (f *filing) isDuplicate() (bool, error) {
	c := f.known[f.ownKey]
	if c.Mail == "" || c.Mentioned {
		return false, nil
	}
	if c.Hash != f.Message.ContentHash {
		f.because("its Message-ID was seen on mail %s with other content: both are kept", c.Mail)
		f.Message.Flags = append(slices.Clip(f.Message.Flags), ticket.FlagReusedID)
		return false, nil
	}
	if better, err := f.isBetterCopy(c); better || err != nil {
		return false, err
	}
	f.out.Ticket, f.out.Original = c.Ticket, c.Mail
	return f.become(ticket.OutcomeDuplicate, "the same mail came before, as %s", c.Mail)
}

// isBetterCopy reports whether the copy that came before was held and this one
// is verified, where that one was not. A forwarder can break the signature of a
// mail that also comes straight; which of the two comes first must not matter.
func (f *filing) isBetterCopy(before store.Clue) (bool, error) {
	if before.Ticket != "" || f.verdict.trust != ticket.TrustVerified {
		return false, nil
	}
	m, _, err := f.tx.Mail(before.Mail)
	if err != nil || m.Outcome.Outcome != ticket.OutcomeHeld || m.Outcome.Trust == ticket.TrustVerified {
		return false, err
	}
	f.because("its copy %s was held; this one is verified", before.Mail)
	return true, nil
}

// isQuarantined: mail that only a forger or a broken program writes waits for
// staff.
func (f *filing) isQuarantined() (bool, error) {
	if f.Message.Flag(ticket.FlagTwoFrom) {
		return f.hold(ticket.Say("den har mere end én Fra-linje, så afsenderen kan ikke fastslås",
			"it has more than one From header: who wrote it cannot be told"))
	}
	if f.sender != "" && f.desk.own(f.sender) {
		return f.hold(ticket.Say("den angiver vores egen adresse %s som afsender", "it claims to be from %s, an address of ours", f.sender))
	}
	return false, nil
}

// save records the outcome, and under which names the mail will be known.
func (f *filing) save() error {
	m := store.Mail{Outcome: f.out, Envelope: f.Envelope, Message: recorded(f.Message), Reading: f.Reading, Check: f.Check, Scan: f.Scan}
	if err := f.tx.SaveMail(store.Mail{}, m); err != nil {
		return err
	}
	return f.remember()
}

// remember notes under which names the mail will be known.
func (f *filing) remember() error {
	here := store.Clue{Mail: f.Mail, Hash: f.Message.ContentHash, At: f.at}
	if f.filed() {
		here.Ticket = f.out.Ticket
	}
	if own := f.known[f.ownKey]; own.Mail == "" || own.Mentioned || own.Ticket == "" && f.filed() {
		if err := f.tx.SaveClue(f.ownKey, here); err != nil {
			return err
		}
	}
	if !f.filed() {
		return nil
	}
	for _, key := range f.mentionKeys {
		if f.known[key].At.IsZero() && key != f.ownKey {
			if err := f.tx.SaveClue(key, store.Clue{Ticket: f.out.Ticket, At: f.at, Mentioned: true}); err != nil {
				return err
			}
		}
	}
	if f.wordsKey != "" && !f.recent(f.known[f.wordsKey]) {
		return f.tx.SaveClue(f.wordsKey, here)
	}
	return nil
}

// filed reports whether the mail stands on a ticket.
func (f *filing) filed() bool {
	switch f.out.Outcome {
	case ticket.OutcomeOpened, ticket.OutcomeAppended, ticket.OutcomeReopened, ticket.OutcomeFollowup, ticket.OutcomeConfirmed:
		return true
	}
	return false
}

// recent reports whether a clue of the same words is young enough to count.
func (f *filing) recent(c store.Clue) bool {
	return c.Mail != "" && f.at.Sub(c.At).Abs() <= repeatWindow
}

// asRefused unwraps a ticket's refusal.
func asRefused(err error, code ticket.RefusalCode) bool {
	var refused *ticket.Refused
	return errors.As(err, &refused) && refused.Code == code
}

// assessBy is by when a ticket that came in at a time is to be assessed; zero if
// nothing is promised.
func (d *Desk) assessBy(s ticket.Severity, at time.Time) time.Time {
	return d.config.Policy.Promises.AssessBy(s, at)
}
