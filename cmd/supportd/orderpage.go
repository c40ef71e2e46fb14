package main

import (
	"fmt"
	"strings"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// owedLast are the letters that the latest event of a ticket owes. Those of one
// command are owed at one instant, its event's.
func owedLast(t web.TicketDetails) []web.Promise {
	var owed []web.Promise
	for _, p := range t.Promises {
		if n := len(t.Events); n > 0 && p.Owed.Equal(t.Events[n-1].At) {
			owed = append(owed, p)
		}
	}
	return owed
}

// lettersText says who hears of an order, and when.
func lettersText(owed []web.Promise, offline bool) string {
	var letters []string
	sent := true
	for _, p := range owed {
		if p.State == ticket.NoticeWithdrawn {
			continue
		}
		letters = append(letters, fmt.Sprintf("%s to %s", p.Kind, visible(p.To)))
		sent = sent && p.State == ticket.NoticeSent
	}
	list := strings.Join(letters, ", ")
	switch {
	case len(letters) == 0:
		return "Nobody is written to."
	case sent:
		return "Letters sent: " + list + "."
	case offline:
		return "No daemon runs: letters leave when it is started: " + list + "."
	}
	return "Letters on their way: " + list + "."
}
