package console

import (
	"testing"

	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// What the pages put together from a kind and a prefix has words in each language:
// what happened, letters, doors, sections' turns, commands and their fields.
func TestWordsForEveryKind(t *testing.T) {
	words, err := page.ReadWords(folder("words"))
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	add := func(prefix string, names ...string) {
		for _, n := range names {
			keys = append(keys, prefix+n)
		}
	}
	for _, e := range []ticket.EventKind{
		ticket.EventOpened, ticket.EventAppended, ticket.EventAnswered, ticket.EventReopened, ticket.EventFollowed, ticket.EventClassified, ticket.EventPlanned,
		ticket.EventMoved, ticket.EventStarted, ticket.EventHandedOver, ticket.EventFailed, ticket.EventResolved, ticket.EventClosed, ticket.EventNoted, ticket.EventReplied,
		ticket.EventAsked, ticket.EventReminded, ticket.EventAssigned, ticket.EventTitled, ticket.EventMerged, ticket.EventAbsorbed, ticket.EventLinked, ticket.EventDecided,
		ticket.EventInvited, ticket.EventDismissed, ticket.EventBounced, ticket.EventOverdue, ticket.EventAskedStatus, ticket.EventUndone, ticket.EventErased,
	} {
		add("event.", string(e))
	}
	for _, s := range templates.Samples("da") {
		add("notice.", string(s.Notice.Kind))
	}
	for _, s := range []ticket.NoticeState{
		ticket.NoticeQueued, ticket.NoticeSent, ticket.NoticeBounced, ticket.NoticeGivenUp, ticket.NoticeHeld, ticket.NoticeWithdrawn, ticket.NoticeDropped,
	} {
		add("letter.", string(s))
	}
	for _, d := range []ticket.Door{ticket.DoorMail, ticket.DoorAPI, ticket.DoorCLI, ticket.DoorWeb, ticket.DoorClock, ticket.DoorImport} {
		add("door.", string(d))
	}
	add("decision.", string(ticket.DecisionAccepted), string(ticket.DecisionDeferred), string(ticket.DecisionDeclined))
	add("promise.", string(ticket.PromiseAssess), string(ticket.PromiseAnswer))
	add("where.", ticket.WhereSubject, ticket.WhereBody, ticket.WhereHeader, ticket.WhereNone)
	for _, r := range ticket.InboxRoles() {
		add("role.", string(r))
		for _, g := range ticket.Inbox(r) {
			add("turn.", string(g.Turn))
		}
	}
	for _, w := range ticket.Verbs() {
		if !offered(w) {
			continue
		}
		add("do.", w.Name)
		for _, f := range fieldsOf(w) {
			add("field.", string(f))
		}
	}
	for _, lang := range []string{"da", "en"} {
		for _, key := range keys {
			if _, ok := words[lang][key]; !ok {
				t.Errorf("%s: there are no words for %s", lang, key)
			}
		}
	}
}
