package main

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// Each way through the life of a ticket, told by mail, over real SMTP and a relay:
// the same on every kind of store, to the last word of each letter.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("../../testdata/conversations/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no conversations:", err)
	}
	redis := storetest.Redis(t)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		for kind, options := range map[string][]string{
			"bolt":  {"store.kind=bolt"},
			"redis": {"store.kind=redis", "store.url=" + redis.URL(), "store.desk=" + name},
		} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				golden(t, file, holdTalk(t, readTalk(t, file), options...))
			})
		}
	}
}

// talk is a conversation that is being held.
type talk struct {
	*talkDaemon
	t     *testing.T
	names talkNames

	mails   int
	written map[string]string // who wrote which mail, by Message-ID
	posts   int               // letters that were looked at
	letters []talkLetter
	notices map[string]ticket.NoticeState // those that were not sent, as they were shown
	tickets map[ticket.ID]string          // as they were shown
}

func newTalk(t *testing.T) *talk {
	return &talk{t: t, written: map[string]string{}, notices: map[string]ticket.NoticeState{}, tickets: map[ticket.ID]string{}}
}

// holdTalk plays a script and returns it with what came of it.
func holdTalk(t *testing.T, script talkScript, options ...string) string {
	t.Helper()
	k := newTalk(t)
	var b strings.Builder
	at := 0
	defer func() {
		if t.Failed() {
			t.Logf("the talk ended in line %d; until then:\n%s", at, b.String())
		}
	}()
	for _, s := range script.steps {
		at = s.number
		if option, ok := strings.CutPrefix(s.line, "with "); ok && k.talkDaemon == nil {
			options = append(options, option)
			s.write(&b, nil)
			continue
		}
		came := k.step(s, options)
		if t.Failed() {
			t.FailNow()
		}
		s.write(&b, k.names.hide(came))
	}
	return b.String()
}

// What people do, as scripts write it.
var (
	talkAt     = regexp.MustCompile(`^at (\d{4}-\d\d-\d\d \d\d:\d\d)$`)
	talkMail   = regexp.MustCompile(`^mail (\S+?)(?: \((\w+)\))?: (.+)$`)
	talkAnswer = regexp.MustCompile(`^answer (\S+) to ([a-z-]+) ([A-Z])(?: of (\S+))?(?: \((\w+)\))?$`)
	talkOrder  = regexp.MustCompile(`^(api|cli) (\w+) on ([A-Z])$`)
)

// step does one thing and returns what came of it.
func (k *talk) step(s talkStep, options []string) (came []string) {
	k.t.Helper()
	if a := talkAt.FindStringSubmatch(s.line); a != nil {
		k.set(a[1], options)
		return k.news()
	}
	if k.talkDaemon == nil {
		k.t.Fatal("a talk begins with at")
	}
	if a := talkMail.FindStringSubmatch(s.line); a != nil {
		m := k.newMail(person(a[1]), k.daemon.cfg.Desk.Addresses[0], k.names.reveal(a[3]), k.names.reveal(s.text()))
		return append(k.send(m, a[2]), k.news()...)
	}
	if a := talkAnswer.FindStringSubmatch(s.line); a != nil {
		l := k.lastLetter(person(cmp.Or(a[4], a[1])), ticket.NoticeKind(a[2]), k.names.id(k.t, a[3]))
		l.To.Address = person(a[1])
		return append(k.send(k.answerTo(l, k.names.reveal(s.text())), a[5]), k.news()...)
	}
	if a := talkOrder.FindStringSubmatch(s.line); a != nil {
		return append(k.orders(a[1], a[2], k.names.id(k.t, a[3]), k.names.reveal(s.text())), k.news()...)
	}
	if s.line == "log" {
		return k.log()
	}
	k.t.Fatal("there is no such step")
	return nil
}

// set sets the clock, and starts the daemon if it is set for the first time.
func (k *talk) set(text string, options []string) {
	k.t.Helper()
	zone, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		k.t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		k.t.Fatal(err)
	}
	if k.talkDaemon == nil {
		k.talkDaemon = startTalkDaemon(k.t, at, options...)
	}
	k.at(at)
}

// person is the address of one of ours by his role, or what it is given.
func person(who string) string {
	if strings.Contains(who, "@") {
		return who
	}
	return who + "@aismarttalk.tech"
}

// orders gives the orders of a text, each by itself, at a door other than mail.
func (k *talk) orders(door, role string, id ticket.ID, text string) (came []string) {
	k.t.Helper()
	read, rest := ticket.ReadOrders(text, k.daemon.records.desk.Terms())
	if len(read) == 0 || rest != "" {
		k.t.Fatalf("not all of this is orders; the rest is %q", rest)
	}
	for _, line := range read {
		if line.Err != nil {
			k.t.Fatal(line.Err)
		}
		if err := k.order(door, id, line.Order, person(role)); err != nil {
			came = append(came, "refused: "+err.Error())
		}
	}
	return came
}

// order gives one order at a door. The error is what the person is told.
func (k *talk) order(door string, id ticket.ID, o ticket.Order, as string) error {
	k.t.Helper()
	if door == string(ticket.DoorCLI) {
		return k.run(nil, append(orderArgs(k.t, id, o, as), k.flags...)...)
	}
	var after web.CommandResult
	return k.ask(k.api.token, "/tickets/"+string(id)+"/commands", web.Command{Order: o, As: as}, &after)
}

// news is all that changed since the last step: tickets, then letters.
func (k *talk) news() (came []string) {
	k.t.Helper()
	k.settle()
	tickets := k.talkDaemon.tickets()
	k.names.meet(slices.Collect(maps.Values(tickets)))
	for _, id := range k.names.tickets {
		if now := standing(tickets[id]); now != k.tickets[id] {
			k.tickets[id] = now
			came = append(came, string(id)+" is "+now)
		}
	}
	notices := k.talkDaemon.notices()
	came = append(came, showLetters(k.newLetters(notices))...)
	return append(came, k.unsent(notices)...)
}

// unsent tells of letters that will not leave, or not yet.
func (k *talk) unsent(notices []ticket.Notice) (came []string) {
	for _, n := range notices {
		key := fmt.Sprint(n.Ticket, n.Number)
		if n.State == ticket.NoticeSent || k.notices[key] == n.State {
			continue
		}
		k.notices[key] = n.State
		line := fmt.Sprintf("letter %s to %s is %s", n.Kind, n.To.Address, n.State)
		if n.Reason != "" {
			line += ": " + n.Reason
		}
		came = append(came, line)
	}
	return came
}

// standing is where a ticket stands.
func standing(t ticket.Ticket) string {
	text := string(t.State)
	for _, more := range []struct {
		is   bool
		what string
	}{
		{t.Severity != "", string(t.Severity)},
		{t.Kind != ticket.KindBug, string(t.Kind)},
		{t.Sprint.Name != "", "sprint " + t.Sprint.Name},
		{t.Hotfix, "hotfix"},
		{t.Assignee != "", "with " + t.Assignee},
		{t.Decision != "", string(t.Decision)},
		{t.Result != "", string(t.Result)},
		{t.MergedInto != "", "merged into " + string(t.MergedInto)},
		{t.Follows != "", "follows " + string(t.Follows)},
	} {
		if more.is {
			text += ", " + more.what
		}
	}
	return text
}

// log lists the events of all tickets.
func (k *talk) log() (came []string) {
	for _, id := range k.names.tickets {
		came = append(came, string(id))
		for _, e := range k.events(id) {
			line := fmt.Sprintf("  %2d %s %s by %s (%s)", e.Number, e.At.In(k.daemon.cfg.zone()).Format("01-02 15:04"), e.Kind, e.By.Address, e.By.Door)
			if what := eventDetail(e); what != "" {
				line += ": " + what
			}
			came = append(came, line)
		}
	}
	return came
}

// eventDetail is what an event says beside its kind, in short.
func eventDetail(e ticket.Event) string {
	var parts []string
	for _, p := range []string{
		string(e.Severity), e.Category, string(e.TicketKind), e.From, e.Sprint.Name, string(e.Result), string(e.Closing),
		string(e.Decision), string(e.Promise), e.Assignee, string(e.Other),
	} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	if e.Hotfix {
		parts = append(parts, "hotfix")
	}
	for _, m := range e.Pushed {
		parts = append(parts, fmt.Sprintf("pushes %s out to %s", m.Ticket, m.To))
	}
	return strings.Join(parts, " ")
}
