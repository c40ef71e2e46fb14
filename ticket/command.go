package ticket

import (
	"fmt"
	"time"
)

// Command is something that somebody wants done to a ticket. The set is
// closed: one type for each verb of the process.
type Command interface {
	decide(t Ticket, by Actor, now time.Time) ([]Event, error)
}

// Refused says why a ticket did not obey. Its reason is written for the person
// who gave the command, in the two languages of staff.
type Refused struct {
	Code   RefusalCode
	Reason string // in English
	Danish string
}

// RefusalCode lets a caller branch on a refusal.
type RefusalCode string

// Codes of refusals.
const (
	RefusedState  RefusalCode = "state"  // not in this state
	RefusedRole   RefusalCode = "role"   // not by this person
	RefusedInput  RefusalCode = "input"  // something is missing or wrong
	RefusedWindow RefusalCode = "window" // the reopening window has passed
	RefusedVerb   RefusalCode = "verb"   // there is no such command
	RefusedLate   RefusalCode = "late"   // what it would take back has left
)

func (r *Refused) Error() string { return r.Reason }

// In is the reason in a language of staff.
func (r *Refused) In(language string) string {
	return Wording{Danish: r.Danish, English: r.Reason}.In(language)
}

// Refuse makes a *Refused of a format in each language, as Say does. The English
// one keeps the names that programs know: reported, not Received.
func Refuse(code RefusalCode, english, danish string, args ...any) error {
	return &Refused{Code: code, Reason: fmt.Sprintf(english, args...), Danish: fmt.Sprintf(danish, named(args, "da")...)}
}

// Decide returns the events that a command causes, numbered and stamped, or
// refuses with a *Refused. It changes nothing.
func (t Ticket) Decide(c Command, by Actor, now time.Time) ([]Event, error) {
	events, err := c.decide(t, by, now)
	if err != nil {
		return nil, err
	}
	for i := range events {
		events[i].Number = t.Events + 1 + i
		events[i].Command = t.Events + 1
		events[i].At = now
		events[i].By = by
	}
	return events, nil
}

// Policy is what an operator chose about the life of tickets.
type Policy struct {
	ReopenWindow time.Duration  // after closing, to the end of the last day
	QuietDays    int            // between resolved and closed
	Location     *time.Location // whose days count
	// RemindDays are the days, after a question to the reporter, on which we
	// remind him of it.
	RemindDays []int
	// Promises are what reporters are promised.
	Promises Promises
}

// answerBy is by when the reporter, who waits since a time, is to hear of us if the
// ticket is of a severity; the zero time where nothing is promised. To a machine
// nothing is.
func (t Ticket) answerBy(p Policy, s Severity, from time.Time) time.Time {
	if t.Silent {
		return time.Time{}
	}
	return p.Promises.AnswerBy(s, from)
}

// remindOn is when a reporter who was asked at a time is reminded next, having
// been reminded so often; the zero time if not again.
func (p Policy) remindOn(asked time.Time, reminders int) time.Time {
	if reminders >= len(p.RemindDays) {
		return time.Time{}
	}
	return asked.In(p.Location).AddDate(0, 0, p.RemindDays[reminders])
}

// remindAgain is when a reporter who is reminded now is reminded next: on the day
// that counts from the question, but not at once where this reminder comes late.
func (p Policy) remindAgain(w Waiting, now time.Time) time.Time {
	next := w.Reminders + 1
	if next >= len(p.RemindDays) {
		return time.Time{}
	}
	days := p.RemindDays[next] - p.RemindDays[w.Reminders]
	if on := w.RemindOn.In(p.Location).AddDate(0, 0, days); on.After(now) {
		return on
	}
	return now.In(p.Location).AddDate(0, 0, days)
}

// reopenBy is the end of the last day on which an answer reopens. Letters name
// the day alone, so that all of it counts.
func (p Policy) reopenBy(closed time.Time) time.Time {
	last := closed.Add(p.ReopenWindow).In(p.Location)
	return time.Date(last.Year(), last.Month(), last.Day()+1, 0, 0, 0, 0, p.Location).Add(-time.Nanosecond)
}

// closeOn is when a resolved ticket closes if nothing is heard.
func (p Policy) closeOn(resolved time.Time) time.Time {
	return resolved.In(p.Location).AddDate(0, 0, p.QuietDays)
}

// WindowDays is the reopening window in whole days, as letters name it.
func (p Policy) WindowDays() int { return int(p.ReopenWindow / (24 * time.Hour)) }
