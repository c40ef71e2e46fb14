package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"aismarttalk.tech/supportd/web"
)

// resultText says in a line what an order has done, and who hears of it.
func resultText(r web.CommandResult, offline bool) string {
	if len(r.Done) == 0 {
		return fmt.Sprintf("%s is %s. It was so already: nothing has changed.", r.ID, r.State)
	}
	text := fmt.Sprintf("%s is %s.", r.ID, r.State)
	for _, o := range r.Others {
		text += fmt.Sprintf(" %s is %s.", o.Ticket, o.State)
	}
	return text + " " + lettersText(r.Letters, offline)
}

// lettersText says who is written to, and when.
func lettersText(owed []web.Letter, offline bool) string {
	letters := make([]string, len(owed))
	for i, l := range owed {
		letters[i] = fmt.Sprintf("%s to %s", l.Kind, visible(l.To.Address))
	}
	list := strings.Join(letters, ", ")
	switch {
	case len(letters) == 0:
		return "Nobody is written to."
	case offline:
		return "No daemon runs; when it is started, these letters leave: " + list + "."
	}
	return "Letters on their way: " + list + "."
}

// previewPage shows what an order would do, with the letters as they would be
// written.
func previewPage(w io.Writer, r web.CommandResult, zone *time.Location) error {
	p := &pageWriter{w: w}
	if len(r.Done) == 0 {
		p.printf("%s is %s, and would stay as it is.\n", r.ID, r.State)
		return p.err
	}
	p.printf("%s would be %s. Nothing is done yet.\n", r.ID, r.State)
	p.events(r.Done)
	for _, o := range r.Others {
		p.printf("%s would be %s:\n", o.Ticket, o.State)
		p.events(o.Done)
	}
	if len(r.Letters) == 0 {
		p.printf("Nobody would be written to.\n")
	}
	for _, l := range r.Letters {
		p.printf("\nLetter: %s to %s, not before %s\n", l.Kind, visible(address(l.To)), stamp(l.Leaves, zone))
		p.quoted("Subject: " + l.Subject)
		p.quoted(strings.TrimSpace(l.Text))
	}
	return p.err
}

func (p *pageWriter) events(events []web.Event) {
	for _, e := range events {
		p.printf("  %s%s\n", e.Kind, visible(eventText(e)))
	}
}

// quoted writes a text of somebody else, line by line.
func (p *pageWriter) quoted(text string) {
	for line := range strings.Lines(text) {
		p.printf("  │ %s\n", visible(strings.TrimRight(line, "\n")))
	}
}
