package console

import (
	"strconv"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// detailsOf are the facts of an event that is shown as a line: all that it says and its
// kind does not.
func detailsOf(e ticket.Event, in page.Context) []detail {
	lang := in.Lang
	var all []detail
	short := func(key, value string) {
		if value != "" {
			all = append(all, detail{Key: key, Value: value})
		}
	}
	long := func(key, value string) {
		if value = strings.TrimSpace(value); value != "" {
			all = append(all, detail{Key: key, Value: value, Long: strings.Contains(value, "\n") || len(value) > 60})
		}
	}
	day := func(key string, at time.Time) {
		if !at.IsZero() {
			all = append(all, detail{Key: key, Day: at})
		}
	}
	word := func(key, prefix, value string) {
		if value != "" {
			all = append(all, detail{Key: key, ValueKey: prefix + value})
		}
	}
	short("field.severity", e.Severity.In(lang))
	short("field.category", in.Category(e.Category))
	short("field.kind", e.TicketKind.In(lang))
	short("field.sprint", e.Sprint.Name)
	short("field.from", e.From)
	if e.Hotfix {
		short("field.hotfix", "hotfix")
	}
	short("field.result", e.Result.In(lang))
	word("field.decision", "decision.", string(e.Decision))
	short("field.quarter", e.Quarter)
	word("field.promise", "promise.", string(e.Promise))
	short("field.to", e.Assignee)
	short("field.other", string(e.Other))
	if e.Participant != nil {
		short("field.address", e.Participant.Address)
	}
	for _, m := range e.Pushed {
		short("field.pushed", string(m.Ticket)+" → "+m.To)
	}
	long("field.title", e.Title)
	long("field.text", e.Text)
	long("field.how", e.How)
	long("field.verified", e.Verified)
	long("field.limits", e.Limits)
	long("field.reason", e.Reason)
	for i, q := range e.Questions {
		long("field.question", strconv.Itoa(i+1)+". "+q)
	}
	short("field.status", e.Status)
	day("field.review", e.Review)
	return all
}
