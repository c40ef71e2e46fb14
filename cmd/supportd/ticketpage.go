package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// ticketPage shows a ticket: the facts, the mails on it, what happened, the
// letters owed, and what can be done next.
func ticketPage(w io.Writer, t web.TicketDetails, zone *time.Location) error {
	p := &pageWriter{w: w}
	p.facts(t, zone)
	for _, e := range t.Entries {
		p.printf("\n%s  %s  (%s, mail %s)\n", stamp(e.At, zone), visible(address(e.From)), e.Trust, e.Mail)
		p.warn(e)
		p.quoted(e.Text)
		for _, a := range e.Attachments {
			p.printf("  attached: %s, %s, %d bytes\n", visible(a.Filename), visible(a.ContentType), a.Size)
		}
	}
	p.printf("\n")
	for _, e := range t.Events {
		p.printf("%s  %-10s by %s%s\n", stamp(e.At, zone), e.Kind, visible(e.By.Address), visible(eventText(e)))
	}
	for _, n := range t.Promises {
		p.printf("%s  letter %d   %s to %s: %s%s\n", stamp(n.Owed, zone), n.Number, n.Kind, visible(n.To), n.State, visible(after(letterText(n))))
	}
	if len(t.Possible) > 0 {
		p.printf("\n")
		p.fact("Possible now", strings.Join(t.Possible, ", "))
	}
	return p.err
}

// facts are the lines on top.
func (p *pageWriter) facts(t web.TicketDetails, zone *time.Location) {
	p.fact("Ticket", string(t.ID))
	p.fact("Subject", t.Subject)
	p.fact("Title", t.Title)
	p.fact("State", string(t.State)+parenthesis(string(t.Result))+since(stamp(t.Since, zone)))
	p.fact("Merged into", string(t.MergedInto))
	p.fact("Severity", claimed(t))
	p.fact("Category", withEvidence(t.Category, t.CategoryEvidence))
	p.fact("Kind", string(t.Kind))
	p.fact("Sprint", sprintText(t, zone))
	p.fact("Assignee", t.Assignee)
	p.fact("Reporter", reporterText(t))
	for _, o := range t.Participants {
		if !o.Reporter {
			p.fact("Participant", address(ticket.Address{Name: o.Name, Address: o.Address}))
		}
	}
	p.fact("Decision", decisionText(t, zone))
	if t.Fix != nil {
		p.fact("Fix", string(t.Fix.Result)+": "+oneLine(t.Fix.Text))
		p.fact("How to check", oneLine(t.Fix.How))
	}
	if t.FailedTests > 0 {
		p.fact("Failed tests", fmt.Sprint(t.FailedTests))
	}
	if t.Waiting != nil {
		for _, q := range t.Waiting.Questions {
			p.fact("Asked", oneLine(q))
		}
		p.fact("Remind on", stamp(t.Waiting.RemindOn, zone))
	}
	p.fact("Opened", stamp(t.Opened, zone))
	p.fact("Client wrote", stamp(t.Answered, zone))
	p.fact("Assess by", stamp(t.AssessBy, zone))
	p.fact("Answer by", stamp(t.AnswerBy, zone))
	p.fact("Reopened", stamp(t.Reopened, zone))
	p.fact("Closes", stamp(t.ClosesOn, zone))
	p.fact("Closed", stamp(t.Closed, zone))
	p.fact("Reopens", untilText(stamp(t.ReopensUntil, zone)))
	p.fact("Continues", string(t.Follows))
	p.fact("Goes on in", idList(t.FollowedBy))
	p.fact("Links", idList(t.Links))
	p.fact("Duplicates", idList(t.Duplicates))
	p.fact("Flags", strings.Join(t.Flags, ", "))
}

func (p *pageWriter) warn(e web.Entry) {
	if e.Banner != "" {
		p.printf("  ! %s\n", visible(e.Banner))
	}
	if e.AsksReopen {
		p.printf("  ! it answers a finished ticket, and its sender is not verified: whether to reopen is yours to decide\n")
	}
}

// claimed tells the claim and what staff made of it.
func claimed(t web.TicketDetails) string {
	if t.Confirmed == "" {
		return "claimed " + claimText(t.Claim)
	}
	return string(t.Confirmed) + "; claimed " + claimText(t.Claim)
}

func reporterText(t web.TicketDetails) string {
	switch {
	case t.Silent:
		return t.Reporter + " (nobody reads letters there)"
	case t.Unproven:
		return t.Reporter + " (the address is not proved)"
	}
	return t.Reporter
}

func sprintText(t web.TicketDetails, zone *time.Location) string {
	if t.SprintDays == nil {
		return ""
	}
	s := t.SprintDays
	text := fmt.Sprintf("%s, %s to %s", s.Name, s.Start.In(zone).Format(time.DateOnly), s.End.In(zone).Format(time.DateOnly))
	if t.Hotfix {
		text += ", hotfix"
	}
	if t.FirstSprint != "" && t.FirstSprint < s.Name {
		text += ", late: " + t.FirstSprint + " was promised first"
	}
	return text
}

func decisionText(t web.TicketDetails, zone *time.Location) string {
	text := string(t.Decision)
	if t.Quarter != "" {
		text += ", for " + t.Quarter
	}
	if !t.Review.IsZero() {
		text += ", to look at again on " + t.Review.In(zone).Format(time.DateOnly)
	}
	return text
}

// eventText is what an event says, in a line.
func eventText(e web.Event) string {
	var parts []string
	say := func(name, s string) {
		if s = oneLine(s); s != "" {
			parts = append(parts, name+templates.Shorten(s, 80))
		}
	}
	if e.Kind == ticket.EventClassified {
		say("", string(e.Severity))
		say("", e.Category)
		say("", string(e.TicketKind))
	}
	say("", e.Sprint)
	say("from ", e.From)
	if e.Hotfix {
		say("", "hotfix")
	}
	for _, m := range e.Pushed {
		say("pushes out ", string(m.Ticket))
	}
	for _, s := range []string{
		e.Title, string(e.Decision), e.Quarter, string(e.Result), string(e.Closing), e.Reason, e.Text, e.How, e.Verified, e.Limits,
		strings.Join(e.Questions, " / "), string(e.Other), e.Assignee, e.Status, string(e.Promise),
	} {
		say("", s)
	}
	if e.Participant != nil {
		say("", e.Participant.Address)
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, "; ")
}

// letterText is the latest that is known of a letter.
func letterText(n web.Promise) string {
	switch {
	case n.Reason != "":
		return n.Reason
	case len(n.Tries) > 0:
		return n.Tries[len(n.Tries)-1].Reply
	case n.State == ticket.NoticeQueued:
		return "not tried yet"
	}
	return ""
}

// after puts a text behind another.
func after(s string) string {
	if s == "" {
		return ""
	}
	return ", " + s
}

func since(s string) string {
	if s == "" {
		return ""
	}
	return " since " + s
}

func parenthesis(s string) string {
	if s == "" {
		return ""
	}
	return fmt.Sprintf(" (%s)", s)
}

func untilText(s string) string {
	if s == "" {
		return ""
	}
	return "on an answer until " + s
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func idList(ids []ticket.ID) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = string(id)
	}
	return strings.Join(all, ", ")
}
