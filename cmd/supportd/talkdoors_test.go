package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// doors are the ways in. By each of them alone a ticket can be led through its
// life; the clock closes it.
var doors = []ticket.Door{ticket.DoorMail, ticket.DoorCLI, ticket.DoorAPI}

// What the reporter writes in the life that is led at each door.
const (
	lifeReporter = "kunde@firma.example"
	lifeSubject  = "Kritisk: alle samtaler er væk"
	lifeText     = "Alle samtaler fra i går er væk."
)

// life is what staff do, in the words of staff mail: who, after which hour since
// the report, in answer to which letter where it is done by mail.
var life = []struct {
	hour   int
	role   string
	letter ticket.NoticeKind
	orders string
}{
	{1, "support", ticket.NoticeStaffCritical, "#klassificer høj data_loss fejl\n#grund Samtalerne ligger i arkivet."},
	{1, "support", ticket.NoticeStaffCritical, "#titel Samtaler vises ikke\n#note Kunden er ringet op."},
	{2, "owner", ticket.NoticeStaffCritical, "#planlæg 2026-25"},
	{3, "owner", ticket.NoticeStaffCritical, "#planlæg hotfix"},
	{4, "dev", ticket.NoticeStaffPlanned, "#start\n#offentlig Vi har fundet samtalerne."},
	{5, "dev", ticket.NoticeStaffPlanned, "#workaround Se under Arkiv.\nSådan prøver du: Log ind som kunden."},
	{6, "qa", ticket.NoticeStaffTest, "#fejlet Arkivet er tomt."},
	{7, "dev", ticket.NoticeStaffFailed, "#test Samtalerne vises igen.\nSådan prøver du: Log ind som kunden."},
	{8, "qa", ticket.NoticeStaffTest, "#bestået Alle samtaler fra i går vises.\nGælder ikke: samtaler fra før 2025."},
	{9, "support", ticket.NoticeStaffCritical, "#svar Tak for din tålmodighed."},
}

// The same life, led by mail alone, by the command line alone and by the API alone,
// gives the same events, but for the door and what names the mails.
func TestThreeDoors(t *testing.T) {
	logs := map[ticket.Door][]ticket.Event{}
	for _, door := range doors {
		t.Run(string(door), func(t *testing.T) { logs[door] = live(t, door) })
	}
	var kinds []string
	for _, e := range logs[ticket.DoorMail] {
		kinds = append(kinds, string(e.Kind))
	}
	const want = "opened classified titled noted planned moved started noted handed-over failed handed-over resolved replied closed"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("by mail these events happened:\n%s\nwant\n%s", got, want)
	}
	same := cmp.Options{
		cmpopts.IgnoreFields(ticket.Actor{}, "Door", "Mail"),
		cmpopts.IgnoreFields(ticket.Entry{}, "Mail", "MessageID", "Thread", "Flags"),
		cmpopts.IgnoreFields(ticket.Opening{}, "ID"),
	}
	for _, door := range doors[1:] {
		if diff := cmp.Diff(logs[ticket.DoorMail], logs[door], same); diff != "" {
			t.Errorf("the life by %s is another than by mail (-mail +%s):\n%s", door, door, diff)
		}
	}
	for door, events := range logs {
		for _, e := range events {
			byStaff := e.By.Has(ticket.StaffRoles...)
			if byStaff && e.By.Door != door {
				t.Errorf("event %d came by the door %q, not by %s", e.Number, e.By.Door, door)
			}
		}
	}
}

// live leads the life at a door, and returns its events.
func live(t *testing.T, door ticket.Door) []ticket.Event {
	start := time.Date(2026, time.November, 23, 8, 0, 0, 0, time.UTC)
	const secret = "the form on the web site reports with this token"
	token := filepath.Join(t.TempDir(), "form.token")
	if err := os.WriteFile(token, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	k := newTalk(t)
	k.talkDaemon = startTalkDaemon(t, start, fmt.Sprintf("http.tokens=[{name: form, token_file: %s, scopes: [report, 'report:verified']}]", token))
	switch door {
	case ticket.DoorMail:
		k.send(k.newMail(lifeReporter, k.daemon.cfg.Desk.Addresses[0], lifeSubject, lifeText), "")
	case ticket.DoorCLI:
		k.deliver(k.newMail(lifeReporter, k.daemon.cfg.Desk.Addresses[0], lifeSubject, lifeText))
	case ticket.DoorAPI:
		k.report(secret, web.Report{Reporter: web.Reporter{Address: lifeReporter}, Subject: lifeSubject, Text: lifeText, Verified: true})
	}
	k.news()
	id := k.names.id(t, "A")
	for _, s := range life {
		k.at(start.Add(time.Duration(s.hour) * time.Hour))
		k.news()
		var came []string
		if door == ticket.DoorMail {
			k.send(k.answerTo(k.lastLetter(person(s.role), s.letter, id), s.orders), "")
		} else {
			came = k.orders(string(door), s.role, id, s.orders)
		}
		if k.news(); len(came) > 0 {
			t.Fatalf("%s %q: %q", s.role, s.orders, came)
		}
	}
	k.at(start.AddDate(0, 0, 6))
	k.news()
	return k.events(id)
}

// report reports as a form on a web site does.
func (k *talk) report(token string, r web.Report) {
	k.t.Helper()
	var reported web.Reported
	if err := k.ask(token, "/tickets", r, &reported); err != nil {
		k.t.Fatal(err)
	}
	m, _, err := k.daemon.records.store.Mail(k.t.Context(), reported.Mail)
	if err != nil {
		k.t.Fatal(err)
	}
	k.written[m.Outcome.MessageID] = r.Reporter.Address // he has it not, but his letters hang together by it
}

// ask asks the API as any program does. The error is the reason that it gives.
func (k *talk) ask(token, path string, body, out any) error {
	k.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		k.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(k.t.Context(), http.MethodPost, k.api.base+web.APIPath+path, bytes.NewReader(data))
	if err != nil {
		k.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := k.api.http.Do(r)
	if err != nil {
		k.t.Fatal(err)
	}
	defer answer.Body.Close()
	if data, err = io.ReadAll(answer.Body); err != nil {
		k.t.Fatal(err)
	}
	if answer.StatusCode/100 != 2 {
		var problem struct{ Detail string }
		if err := json.Unmarshal(data, &problem); err != nil {
			k.t.Fatalf("%s: %s", answer.Status, data)
		}
		return errors.New(problem.Detail)
	}
	if err := json.Unmarshal(data, out); err != nil {
		k.t.Fatal(err)
	}
	return nil
}

// deliver hands a mail to supportd deliver, as a mail program would.
func (k *talk) deliver(m talkMessage) {
	k.t.Helper()
	if err := k.run(m.raw(k, ""), append([]string{"deliver", "-f", m.from, m.to}, k.flags...)...); err != nil {
		k.t.Fatal(err)
	}
}

// run runs a command of the program beside the daemon, and returns what it says
// where it fails.
func (k *talk) run(in []byte, args ...string) error {
	k.t.Helper()
	var out, errOut bytes.Buffer
	switch code := run(k.t.Context(), args, host{in: bytes.NewReader(in), out: &out, errOut: &errOut, now: k.clock.now}); code {
	case exitOK:
		return nil
	case exitUsage, exitConfig:
		k.t.Fatalf("%q: %s", args, errOut.String())
	}
	return errors.New(strings.TrimPrefix(strings.TrimSpace(errOut.String()), "supportd: "))
}

// orderArgs are an order as it is typed.
func orderArgs(t *testing.T, id ticket.ID, o ticket.Order, as string) []string {
	t.Helper()
	data, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(data, &fields); err != nil {
		t.Fatal(err)
	}
	args := []string{"ticket", string(o.Verb), string(id), "--as", as}
	for name, value := range fields {
		switch value := value.(type) {
		case bool:
			args = append(args, "--"+name)
		case []any:
			for _, one := range value {
				args = append(args, "--question", one.(string))
			}
		case string:
			switch name {
			case "command":
			case "closing":
				if value == string(ticket.ClosingConfirmed) { // the other goes without saying
					args = append(args, "--confirmed")
				}
			default:
				args = append(args, "--"+name, value)
			}
		}
	}
	return args
}
