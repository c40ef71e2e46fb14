package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// ticketPage shows a ticket: the facts, the mails on it, what happened, and the
// letters owed.
func ticketPage(w io.Writer, t web.TicketDetails, zone *time.Location) error {
	p := &pageWriter{w: w}
	p.fact("Ticket", string(t.ID))
	p.fact("Subject", t.Subject)
	p.fact("State", string(t.State)+parenthesis(string(t.Result)))
	p.fact("Severity", claimed(t))
	p.fact("Category", withEvidence(t.Category, t.CategoryEvidence))
	p.fact("Kind", string(t.Kind))
	p.fact("Reporter", t.Reporter)
	p.fact("Opened", stamp(t.Opened, zone))
	p.fact("Closes", stamp(t.ClosesOn, zone))
	p.fact("Closed", stamp(t.Closed, zone))
	p.fact("Reopens", untilText(stamp(t.ReopensUntil, zone)))
	p.fact("Continues", string(t.Follows))
	p.fact("Flags", strings.Join(t.Flags, ", "))
	for _, e := range t.Entries {
		p.printf("\n%s  %s  (%s, mail %s)\n", stamp(e.At, zone), visible(address(e.From)), e.Trust, e.Mail)
		p.warn(e)
		for line := range strings.Lines(e.Text) {
			p.printf("  │ %s\n", visible(strings.TrimRight(line, "\n")))
		}
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
	return p.err
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

func eventText(e web.Event) string {
	var parts []string
	for _, s := range []string{string(e.Result), string(e.Closing), e.Reason, e.Text, e.Verified, e.Limits, string(e.Other)} {
		if s != "" {
			parts = append(parts, shorten(strings.Join(strings.Fields(s), " "), 80))
		}
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
