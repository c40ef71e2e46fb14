package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// ErrNoStaff is returned for an address that is not one of ours.
var ErrNoStaff = errors.New("desk: nobody of the staff has this address")

// undeliveredFor is how long digests name a letter that did not arrive, counted from
// when it was owed. It is longer than letters are tried.
const undeliveredFor = 14 * 24 * time.Hour

// Digest is the list that one of ours would get on a day, as things stand now; the
// zero day is today. One without sections is not sent.
func (d *Desk) Digest(ctx context.Context, address string, day time.Time) (ticket.Digest, error) {
	reader, ok := d.reader(address)
	if !ok {
		return ticket.Digest{}, ErrNoStaff
	}
	now := d.now()
	found, err := d.digests(ctx, now, d.edition(reader, now, day))
	if err != nil {
		return ticket.Digest{}, err
	}
	return found[0], nil
}

// SendDigest owes one of ours the list of a day now, whether or not he gets one by
// himself, and returns the letter. A day's list is sent once: where it was owed
// before, that letter is returned. Where nothing is due there is none, and found is
// false.
func (d *Desk) SendDigest(ctx context.Context, address string, day time.Time) (letter ticket.Notice, found bool, err error) {
	reader, ok := d.reader(address)
	if !ok {
		return ticket.Notice{}, false, ErrNoStaff
	}
	now := d.now()
	e := d.edition(reader, now, day)
	made, err := d.digests(ctx, now, e)
	if err != nil {
		return ticket.Notice{}, false, err
	}
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		letter, found, err = d.oweDigest(tx, e, made[0], now)
		return err
	})
	if err != nil {
		return ticket.Notice{}, false, fmt.Errorf("owing a digest: %w", err)
	}
	if found {
		d.owed()
	}
	return letter, found, nil
}

// edition is the list of one reader for one day.
type edition struct {
	reader ticket.Staff
	day    time.Time // any instant of it
	since  time.Time // of the one before, or when it would have been
	weekly bool
}

// edition is that of a day by itself: with what came since the day before, and with
// what is read weekly on Mondays.
func (d *Desk) edition(reader ticket.Staff, now, day time.Time) edition {
	if day.IsZero() {
		day = now
	}
	day = day.In(d.zone())
	return edition{reader: reader, day: day, since: now.In(d.zone()).AddDate(0, 0, -1), weekly: day.Weekday() == time.Monday}
}

func (d *Desk) zone() *time.Location { return d.config.Policy.Location }

func (d *Desk) reader(address string) (ticket.Staff, bool) {
	for _, s := range d.config.Correspondence.Staff {
		if ticket.FoldAddress(s.Address) == ticket.FoldAddress(address) {
			return s, true
		}
	}
	return ticket.Staff{}, false
}

// digests makes the lists of some editions in one walk over all tickets that are not
// closed. It keeps no more than a page of them in memory.
func (d *Desk) digests(ctx context.Context, now time.Time, editions ...edition) ([]ticket.Digest, error) {
	loads, err := d.loads(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("making digests: %w", err)
	}
	drafts := make([]*ticket.DigestDraft, len(editions))
	for i, e := range editions {
		drafts[i] = ticket.NewDigestDraft(ticket.DigestTerms{
			Reader: e.reader, Day: e.day, Now: now, Since: e.since, Weekly: e.weekly, Zone: d.zone(), Loads: loads,
		})
	}
	for _, show := range []func(context.Context, time.Time, []*ticket.DigestDraft) error{d.showTickets, d.showHeld, d.showUndelivered} {
		if err := show(ctx, now, drafts); err != nil {
			return nil, fmt.Errorf("making digests: %w", err)
		}
	}
	made := make([]ticket.Digest, len(drafts))
	for i, draft := range drafts {
		made[i] = draft.Digest()
	}
	return made, nil
}

// openStates are those of tickets that somebody may have to do something about: of
// resolved ones, that the reporter has answered.
var openStates = append([]ticket.State{ticket.StateReported, ticket.StateResolved}, plannedStates...)

func (d *Desk) showTickets(ctx context.Context, _ time.Time, drafts []*ticket.DigestDraft) error {
	if !slices.ContainsFunc(drafts, (*ticket.DigestDraft).HasSections) {
		return nil // an owner's, on another day than his
	}
	for _, state := range openStates {
		for t, err := range d.store.AllTickets(ctx, state) {
			if err != nil {
				return err
			}
			if t.State != state {
				continue // it has moved on meanwhile
			}
			for _, draft := range drafts {
				draft.Ticket(t)
			}
		}
	}
	return nil
}

// showHeld reads those mails alone that are shown: they may be large.
func (d *Desk) showHeld(ctx context.Context, _ time.Time, drafts []*ticket.DigestDraft) error {
	if !wanted(drafts, ticket.SectionHeld) {
		return nil
	}
	mails, err := d.store.MailsByOutcome(ctx, ticket.OutcomeHeld, "", ticket.MaxDigestRows)
	if err != nil {
		return err
	}
	count, err := d.store.CountMails(ctx, ticket.OutcomeHeld)
	if err != nil {
		return err
	}
	for _, draft := range drafts {
		for _, m := range mails.Items {
			draft.HeldMail(m.Outcome, m.Message.From.Address)
		}
		draft.Held(max(count, len(mails.Items)))
	}
	return nil
}

func (d *Desk) showUndelivered(ctx context.Context, now time.Time, drafts []*ticket.DigestDraft) error {
	if !wanted(drafts, ticket.SectionBounced) {
		return nil
	}
	for _, state := range []ticket.NoticeState{ticket.NoticeBounced, ticket.NoticeGivenUp} {
		for n, err := range d.store.AllNoticesIn(ctx, state, now.Add(-undeliveredFor)) {
			if err != nil {
				return err
			}
			if n.State != state {
				continue
			}
			for _, draft := range drafts {
				draft.Undelivered(n)
			}
		}
	}
	return nil
}

func wanted(drafts []*ticket.DigestDraft, kind ticket.SectionKind) bool {
	return slices.ContainsFunc(drafts, func(draft *ticket.DigestDraft) bool { return draft.Wants(kind) })
}

// loads are those of the current sprint and the next.
func (d *Desk) loads(ctx context.Context, now time.Time) (loads []ticket.SprintLoad, err error) {
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		board, err := d.board(tx, now)
		loads = d.config.Calendar.Loads(board, now)[:2]
		return err
	})
	return loads, err
}

// oweDigest owes the letter of an edition in the given Tx, once for each person and
// day: where it was owed before, it returns that one.
func (d *Desk) oweDigest(tx *store.Tx, e edition, made ticket.Digest, now time.Time) (letter ticket.Notice, found bool, err error) {
	before, free, err := d.digestOwed(tx, e, made.Day)
	switch {
	case err != nil:
		return ticket.Notice{}, false, err
	case free == "":
		return before, true, nil
	case len(made.Sections) == 0:
		return ticket.Notice{}, false, nil
	}
	letter, err = d.owe(tx, d.digestLetter(free, e.reader, made, now), causedBy(digestReason(e.reader, made.Day.In(d.zone()))), 0)
	return letter, true, err
}

// digestOwed finds the letter of an edition; if it was not owed yet, the letter ID that
// is free for it.
func (d *Desk) digestOwed(tx *store.Tx, e edition, day time.Time) (letter ticket.Notice, free ticket.ID, err error) {
	reason := digestReason(e.reader, day.In(d.zone()))
	for try := 0; ; try++ {
		id := ticket.LetterID(d.secrets.Tickets, reason, try)
		before, taken, err := tx.Notice(id, 1)
		switch {
		case err != nil:
			return ticket.Notice{}, "", err
		case !taken:
			return ticket.Notice{}, id, nil
		case isDigest(before, ticket.FoldAddress(e.reader.Address), day):
			return before, "", nil
		}
		// Another letter has the ID by chance: 35 bits are few for many years.
	}
}

func digestReason(reader ticket.Staff, day time.Time) string {
	return "digest\x00" + ticket.FoldAddress(reader.Address) + "\x00" + dayName(day)
}

func (d *Desk) digestLetter(id ticket.ID, reader ticket.Staff, made ticket.Digest, now time.Time) ticket.Notice {
	return ticket.Notice{
		Ticket: id, Number: 1, Kind: ticket.NoticeDigest, To: ticket.Address{Name: reader.Name, Address: reader.Address},
		Language: d.config.Correspondence.LetterLanguage(reader.Language),
		Owed:     now, Facts: ticket.Facts{Digest: &made},
	}
}

func isDigest(n ticket.Notice, address string, day time.Time) bool {
	return n.Facts.Digest != nil && n.Facts.Digest.Day.Equal(day) && ticket.FoldAddress(n.To.Address) == address
}

// dayName names a day in letter IDs and jobs.
func dayName(day time.Time) string { return day.Format(time.DateOnly) }
