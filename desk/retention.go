package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Retention is how long what is kept, by kind; 0 is for ever. What an open ticket
// needs is kept whatever stands here.
type Retention struct {
	Mail          time.Duration // raw bytes of mails on tickets, from when the ticket was closed
	Auto          time.Duration // mails of machines that stand on no ticket, from when they came
	Held          time.Duration // mails that staff have dropped, from when they did
	ClosedTickets time.Duration // every word on a ticket, from when it was closed
	Letters       time.Duration // words of letters that are about no one ticket, from when they were owed
}

// Validate reports all that is wrong. A mail must not be deleted while the journal,
// of which a replay files it again, still has it.
func (r Retention) Validate(journal time.Duration) error {
	var faults []error
	for _, one := range []struct {
		key    string
		time   time.Duration
		replay bool // what a replay would bring back
	}{
		{"mail", r.Mail, true}, {"auto", r.Auto, true}, {"held", r.Held, true}, {"closed_tickets", r.ClosedTickets, true}, {"letters", r.Letters, false},
	} {
		switch {
		case one.time < 0:
			faults = append(faults, fmt.Errorf("retention.%s: must not be negative; 0 is for ever", one.key))
		case one.replay && one.time > 0 && one.time < journal:
			faults = append(faults, fmt.Errorf("retention.%s: must not be shorter than retention.journal, %v; or 0 for ever", one.key, journal))
		}
	}
	return errors.Join(faults...)
}

func (r Retention) any() bool { return r != Retention{} }

// Retained counts what a run of retention did, or would do.
type Retained struct {
	Mail    int `json:"mail"`    // whose bytes went
	Auto    int `json:"auto"`    // which lost their words too
	Held    int `json:"held"`    // likewise
	Tickets int `json:"tickets"` // of which the shell is left
	Letters int `json:"letters"` // on no ticket, which lost their words
}

// Sum is how many things that is in all.
func (r Retained) Sum() int { return r.Mail + r.Auto + r.Held + r.Tickets + r.Letters }

// retentionBatch is how many records are looked at at once.
const retentionBatch = 100

// Retain lets go of what is past its time: the records say so from then on, and the
// bytes are for whoever has an archive to delete (store.DeletedMails). With dry it
// counts only. What fails is left for the next run and keeps nothing else from being
// done. It may be interrupted and repeated at any time, and run on several nodes.
func (d *Desk) Retain(ctx context.Context, dry bool) (Retained, error) {
	r := retaining{Desk: d, now: d.now(), dry: dry, rules: d.config.Retention}
	var errs []error
	for _, rule := range []struct {
		after time.Duration
		run   func(context.Context) error
	}{{r.rules.ClosedTickets, r.tickets}, {r.rules.Mail, r.mails}, {r.rules.Auto, r.autos}, {r.rules.Held, r.dropped}, {r.rules.Letters, r.letters}} {
		if rule.after > 0 && ctx.Err() == nil {
			errs = append(errs, rule.run(ctx))
		}
	}
	return r.done, errors.Join(errs...)
}

// retaining is one run.
type retaining struct {
	*Desk
	now   time.Time
	dry   bool
	rules Retention
	done  Retained
	due   map[ticket.ID]bool // tickets that become shells, and their mails with them
}

// past reports whether something that was over at a time has been kept long enough.
func (r *retaining) past(over time.Time, after time.Duration) bool {
	return !over.IsZero() && !over.Add(after).After(r.now)
}

// eachOld hands the mails under an outcome that came so long ago to visit.
func (r *retaining) eachOld(ctx context.Context, kind ticket.OutcomeKind, after time.Duration, visit func(store.Mail) error) error {
	var errs []error
	for from := ""; ; {
		page, err := r.store.OldMails(ctx, kind, r.now.Add(-after).Add(time.Millisecond), from, retentionBatch)
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		for _, m := range page.Items {
			if err := visit(m); err != nil {
				errs = append(errs, fmt.Errorf("mail %s: %w", m.Outcome.Mail, err))
			}
		}
		if from = page.Next; from == "" || ctx.Err() != nil {
			return errors.Join(errs...)
		}
	}
}

// mails lets go of the bytes of mails on tickets.
func (r *retaining) mails(ctx context.Context) error {
	var errs []error
	for _, kind := range []ticket.OutcomeKind{
		ticket.OutcomeOpened, ticket.OutcomeAppended, ticket.OutcomeReopened, ticket.OutcomeFollowup,
		ticket.OutcomeCommand, ticket.OutcomeConfirmed, ticket.OutcomeDuplicate,
	} {
		errs = append(errs, r.eachOld(ctx, kind, r.rules.Mail, func(m store.Mail) error {
			if m.Outcome.Ticket == "" || r.due[m.Outcome.Ticket] {
				return nil
			}
			over, err := r.over(ctx, m.Outcome.Ticket)
			if err != nil || !r.past(over, r.rules.Mail) {
				return err
			}
			return r.let(&r.done.Mail, func() error {
				return r.store.Update(ctx, func(tx *store.Tx) error {
					before, found, err := tx.Mail(m.Outcome.Mail)
					if err != nil || !found || before.Deleted != nil {
						return err
					}
					after := before
					after.Deleted = &store.Deletion{At: r.now, Rule: "retention.mail"}
					return tx.SaveMail(before, after)
				})
			})
		}))
	}
	return errors.Join(errs...)
}

// let counts one thing, and does it unless the run is dry.
func (r *retaining) let(count *int, do func() error) error {
	if !r.dry {
		if err := do(); err != nil {
			return err
		}
	}
	*count++
	return nil
}

// autos lets go of mails that stand on no ticket.
func (r *retaining) autos(ctx context.Context) error {
	var errs []error
	for _, kind := range []ticket.OutcomeKind{ticket.OutcomeAuto, ticket.OutcomeBounce, ticket.OutcomeRefusedLoop, ticket.OutcomeDuplicate} {
		errs = append(errs, r.eachOld(ctx, kind, r.rules.Auto, func(m store.Mail) error {
			if kind == ticket.OutcomeDuplicate && m.Outcome.Ticket != "" {
				return nil // that is of a ticket's mail
			}
			return r.whole(ctx, m, &r.done.Auto, "retention.auto")
		}))
	}
	return errors.Join(errs...)
}

// dropped lets go of mails that staff have dropped. What they have not decided on
// waits for them.
func (r *retaining) dropped(ctx context.Context) error {
	return r.eachOld(ctx, store.Dropped, r.rules.Held, func(m store.Mail) error {
		if m.Decision == nil || !r.past(m.Decision.At, r.rules.Held) {
			return nil
		}
		return r.whole(ctx, m, &r.done.Held, "retention.held")
	})
}

// whole lets go of a mail with its words, unless a ticket that it concerns is open.
func (r *retaining) whole(ctx context.Context, m store.Mail, count *int, rule string) error {
	if m.Outcome.Ticket != "" {
		over, err := r.over(ctx, m.Outcome.Ticket)
		if err != nil || over.IsZero() {
			return err
		}
	}
	return r.let(count, func() error {
		_, err := r.eraseMail(ctx, m.Outcome.Mail, rule)
		return err
	})
}

// mergedDepth bounds how far a merged ticket is followed.
const mergedDepth = 10

// over is when a ticket and those that it was merged into were closed; zero while one
// of them is open.
func (r *retaining) over(ctx context.Context, id ticket.ID) (time.Time, error) {
	var over time.Time
	for range mergedDepth {
		t, found, err := r.store.Ticket(ctx, id)
		if err != nil || !found || t.State != ticket.StateClosed {
			return time.Time{}, err
		}
		if t.Closed.After(over) {
			over = t.Closed
		}
		if id = t.MergedInto; id == "" {
			return over, nil
		}
	}
	return time.Time{}, nil
}

// letters lets go of the words of digests and of answers to staff.
func (r *retaining) letters(ctx context.Context) error {
	var old []ticket.Notice
	err := r.store.EachLetter(ctx, func(n ticket.Notice) error {
		if n.State != ticket.NoticeQueued && n.Reason != ticket.ReasonErased && r.past(n.Owed, r.rules.Letters) {
			old = append(old, n)
		}
		return ctx.Err()
	})
	if err != nil {
		return fmt.Errorf("reading old letters: %w", err)
	}
	x := ticket.Erasure{Reporter: true}
	for _, n := range old {
		err := r.let(&r.done.Letters, func() error {
			return r.store.Update(ctx, func(tx *store.Tx) error {
				now, there, err := tx.Notice(n.Ticket, n.Number)
				if err != nil || !there || now.State == ticket.NoticeQueued {
					return err
				}
				return tx.PutNotice(x.Notice(now))
			})
		})
		if err != nil {
			return fmt.Errorf("letter %s: %w", n.Ticket, err)
		}
	}
	return nil
}
