package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// asksStatus reports whether the mail asks where its ticket stands, and its sender
// is known well enough to be told. From anybody else it is a mail like others, and
// nothing is revealed.
func (f *filing) asksStatus() bool {
	return f.verdict.echo() && !f.mute && ticket.AsksStatus(f.Message.Subject, f.Message.Reply, f.desk.config.Prefix)
}

// tellStatus answers a participant who asks for the state of his ticket. What he
// writes besides is filed as any mail is, so that somebody reads it.
func (f *filing) tellStatus(c choice) error {
	onlyAsks := ticket.AsksStatus("", f.Message.Reply, f.desk.config.Prefix) || strings.TrimSpace(f.Message.Reply) == ""
	ask := ticket.AskStatus{}
	t := c.ticket
	if onlyAsks && len(f.Message.Attachments) == 0 {
		entry := f.entry()
		ask.Entry = &entry
		f.out.Ticket = t.ID
		f.because("%s", c.why)
		_, _ = f.become(ticket.OutcomeAppended, "%s, and asks for its state", c.reason())
	} else {
		if err := f.append(c, c.reason()+", and asks for its state"); err != nil {
			return err
		}
		tickets, err := f.tx.Tickets(f.out.Ticket)
		if err != nil {
			return err
		}
		t = tickets[0]
	}
	done, err := f.desk.do(f.tx, t, ask, f.occasion(f.actor(c.standing)))
	f.out.Notices = append(f.out.Notices, done.numbers()...)
	return err
}

// askedRoadmap makes the roadmap that a mail asks for; nil if it asks for none, or
// its sender is not known well enough to be answered with more than an
// acknowledgement. It reads much, so that it runs before the transaction.
func (d *Desk) askedRoadmap(ctx context.Context, r reception) (*ticket.Roadmap, error) {
	period, asks := ticket.AsksRoadmap(r.Message.Subject)
	strong := slices.ContainsFunc(r.clues, func(c ticket.Clue) bool { return c.Kind.Strong() })
	if !asks || strong || r.sender == "" || r.mute || r.Message.Automatic.Is || !r.verdict.echo() || saysMore(r.Incoming) {
		return nil, nil
	}
	view, err := d.Roadmap(ctx, period)
	if err != nil {
		return nil, err
	}
	return &view, nil
}

// saysMore reports whether a mail under such a subject wants more than the
// roadmap: a question of its own is not lost on an automatic answer.
func saysMore(in Incoming) bool {
	const polite = 25 // words of a request with greeting and name
	text := strings.ToLower(in.Message.Reply)
	asks := strings.Contains(text, "?") && !strings.Contains(text, "roadmap") && !strings.Contains(text, "køreplan")
	marked := in.Reading.Claim.Where != "" && in.Reading.Claim.Where != ticket.WhereNone
	return len(strings.Fields(text)) > polite || asks || marked
}

// asksRoadmap answers with the public roadmap, and opens no ticket.
func (f *filing) asksRoadmap() (bool, error) {
	if f.roadmap == nil {
		return false, nil
	}
	language, err := f.language()
	if err != nil {
		return false, err
	}
	letter := f.desk.config.Correspondence.ShowRoadmap(*f.roadmap, f.Message.From, language).Answers(f.entry().Thread)
	letter.Facts.Subject = ticket.BareSubject(f.Message.Subject, f.desk.config.Prefix)
	if err := f.desk.oweLetters(f.tx, f.cause, f.at, letter); err != nil {
		return false, fmt.Errorf("owing the roadmap: %w", err)
	}
	f.because("sender: %s", f.verdict.reason)
	return f.become(ticket.OutcomeCommand, "asked for the roadmap")
}
