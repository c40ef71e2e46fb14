package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// standIn answers for the parts of the API that these commands are about, with
// what a test lays down, and keeps what it was asked.
type standIn struct {
	roadmap  ticket.Roadmap
	internal ticket.InternalRoadmap
	ics      string
	sprints  []ticket.InternalSprint
	digest   ticket.Digest
	asked    []string
}

func (s *standIn) ask(what ...string) { s.asked = append(s.asked, strings.Join(what, " ")) }

func (s *standIn) Roadmap(_ context.Context, period string) (ticket.Roadmap, error) {
	s.ask("roadmap", period)
	return s.roadmap, nil
}

func (s *standIn) InternalRoadmap(_ context.Context, period string) (ticket.InternalRoadmap, error) {
	s.ask("internal", period)
	return s.internal, nil
}

func (s *standIn) RoadmapCalendar(_ context.Context, period string) (string, error) {
	s.ask("calendar", period)
	return s.ics, nil
}

func (s *standIn) Sprints(context.Context) ([]ticket.InternalSprint, error) { return s.sprints, nil }

func (s *standIn) Digest(_ context.Context, address string, _ time.Time) (ticket.Digest, error) {
	if !strings.HasSuffix(address, "@aismarttalk.tech") {
		return ticket.Digest{}, desk.ErrNoStaff
	}
	return s.digest, nil
}

func (s *standIn) SendDigest(_ context.Context, address string, _ time.Time) (ticket.Notice, bool, error) {
	s.ask("send", address)
	if !strings.HasSuffix(address, "@aismarttalk.tech") {
		return ticket.Notice{}, false, desk.ErrNoStaff
	}
	return ticket.Notice{}, len(s.digest.Sections) > 0, nil
}

func (s *standIn) Release(_ context.Context, mail string, how desk.Release, by ticket.Actor) (ticket.Outcome, error) {
	s.ask("release", mail, string(how.Ticket), fmt.Sprint(how.New), by.Address)
	return ticket.Outcome{}, nil
}

func (s *standIn) Drop(_ context.Context, mail string, by ticket.Actor, reason string) (ticket.Outcome, error) {
	s.ask("drop", mail, reason, by.Address)
	return ticket.Outcome{}, &ticket.Refused{Code: ticket.RefusedState, Reason: "it is dropped already"}
}

// api serves the real API over an empty store, with a stand-in behind it, as a
// daemon does that runs on the folder. It returns the flag that names the folder.
func (s *standIn) api(t *testing.T) (data string) {
	settings := testSettings(t.TempDir())
	settings.Store.Kind = "memory"
	return s.apiOver(t, settings)
}

func (s *standIn) apiOver(t *testing.T, settings settings) (data string) {
	t.Helper()
	t.Chdir(t.TempDir()) // where no supportd.yaml is
	cfg := planned(t, settings)
	w := world{now: time.Now, random: rand.Reader, log: zerolog.Nop()}
	r, err := openRecords(cfg, w, told{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.backend.Close() })
	parts := r.parts(cfg, w)
	parts.Planning, parts.Digests, parts.Held = s, s, s
	api := cfg.planned.web
	if api.Tokens, err = withAdminToken(nil, r.secrets.admin); err != nil {
		t.Fatal(err)
	}
	server, err := web.New(api, parts)
	if err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewServer(server.Handler())
	t.Cleanup(listening.Close)
	at := running{PID: os.Getpid(), HTTP: strings.TrimPrefix(listening.URL, "http://")}
	if err := at.write(settings.DataDir); err != nil {
		t.Fatal(err)
	}
	return "--set=data_dir=" + settings.DataDir
}

func sprint(name string, taken, done int) ticket.SprintLoad {
	start := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	return ticket.SprintLoad{Sprint: name, Start: start, End: start.AddDate(0, 0, 13), Capacity: 10, Taken: taken, Done: done}
}

func TestRoadmapCommand(t *testing.T) {
	bug := ticket.RoadmapItem{Title: "Chatbot does not answer", Category: "chatbot_answers", Severity: ticket.SeverityCritical, State: ticket.StateTesting, Sprint: "2026-24", Late: true}
	wish := ticket.RoadmapItem{Title: "Answers in Finnish", Category: "chatbot_answers", State: ticket.StateClassified, Quarter: "2026-Q4"}
	s := &standIn{
		roadmap: ticket.Roadmap{
			Period:   "2026-Q4",
			Sprints:  []ticket.RoadmapSprint{{SprintLoad: sprint("2026-24", 3, 1), Current: true, Items: []ticket.RoadmapItem{bug}, Untitled: 2}},
			Requests: []ticket.RoadmapItem{wish},
		},
		internal: ticket.InternalRoadmap{
			Period: "2026",
			Quarters: []ticket.InternalPart{{Quarter: "2026-Q4", Planned: 4, InWork: 2, Done: 1, More: 5, Items: []ticket.InternalItem{
				{RoadmapItem: bug, ID: "AIS-7K3Q-M2XQ", Subject: "Hj\x1blp", Assignee: "dev@aismarttalk.tech", Hotfix: true},
				{RoadmapItem: ticket.RoadmapItem{Category: "login", State: ticket.StatePlanned}, ID: "AIS-9QW2-4HTD", Subject: "Log\x1bind"},
			}}},
		},
		ics: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
	}
	data := s.api(t)
	for _, c := range []struct {
		args  []string
		asked string
		code  int
		want  []string
	}{
		{nil, "roadmap ", exitOK, []string{
			"Roadmap 2026-Q4\n", "2026-24  2026-11-23  2026-12-06  3 of 10  7     1     now\n",
			"2026-24  testing     critical  chatbot_answers  Chatbot does not answer (late)\n",
			"2026-Q4  classified            chatbot_answers  Answers in Finnish\n", "2026-24: 2 more without a public title\n",
		}},
		{[]string{"--quarter", "2026-q4"}, "roadmap 2026-Q4", exitOK, nil},
		{[]string{"--year", "2026", "--internal"}, "internal 2026", exitOK, []string{
			"2026-Q4  4        2        1\n", "AIS-7K3Q-M2XQ  testing  critical, hotfix", "dev@aismarttalk.tech  Chatbot does not answer (late)\n",
			`no public title: Log\u001bind`, "2026-Q4: 5 more not listed\n",
		}},
		{[]string{"--ics", "--year=2026"}, "calendar 2026", exitOK, []string{s.ics}},
		{[]string{"--json"}, "roadmap ", exitOK, []string{`{"period":"2026-Q4"`}},
		{[]string{"--year=2026", "--quarter=2026-Q4"}, "", exitUsage, nil},
		{[]string{"--ics", "--internal"}, "", exitUsage, nil},
		{[]string{"--quarter=autumn"}, "", exitUsage, nil},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			s.asked = nil
			code, out, errOut := command(t, "", append([]string{"roadmap", data}, c.args...)...)
			if code != c.code || strings.Join(s.asked, ",") != c.asked {
				t.Fatalf("exit %d, asked for %q; %s", code, s.asked, errOut)
			}
			for _, want := range c.want {
				if !strings.Contains(out, want) {
					t.Errorf("%q is missing in\n%s", want, out)
				}
			}
		})
	}
}

func TestSprintsCommand(t *testing.T) {
	late := ticket.InternalItem{ID: "AIS-9QW2-4HTD", RoadmapItem: ticket.RoadmapItem{Title: "Log in", Category: "login", State: ticket.StatePlanned, Late: true}}
	s := &standIn{sprints: []ticket.InternalSprint{
		{SprintLoad: sprint("2026-24", 12, 1), Current: true, Items: []ticket.InternalItem{late}, More: 11}, {SprintLoad: sprint("2026-25", 0, 0)},
	}}
	code, out, errOut := command(t, "", "sprints", s.api(t))
	const want = "Sprints\n\n" +
		"SPRINT   FROM        TO          TAKEN     FREE  DONE\n" +
		"2026-24  2026-11-23  2026-12-06  12 of 10  0     1     now\n" +
		"2026-25  2026-11-23  2026-12-06  0 of 10   10    0\n" +
		"\n" +
		"WHEN     ID             STATE    SEVERITY  CATEGORY  ASSIGNEE  TITLE\n" +
		"2026-24  AIS-9QW2-4HTD  planned            login               Log in (late)\n" +
		"2026-24: 11 more not listed\n"
	if code != exitOK || out != want {
		t.Errorf("exit %d %s\n%s", code, errOut, out)
	}
}

func TestDigestCommand(t *testing.T) {
	load := sprint("2026-24", 3, 1)
	s := &standIn{digest: ticket.Digest{
		Day: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), Sprint: &load,
		Sections: []ticket.DigestSection{
			{Kind: ticket.SectionOverdue, More: 7, Rows: []ticket.DigestRow{{
				Ticket: "AIS-9QW2-4HTD", Title: "Faktura mangler linje", State: ticket.StateReported, Severity: ticket.SeverityHigh,
				Promise: ticket.PromiseAssess, By: time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC),
			}}},
			{Kind: "unheard-of", Rows: []ticket.DigestRow{{Mail: "01m81sna5mw50rq6df5x", Title: "Held", Reason: "DMARC failed"}}},
		},
	}}
	data := s.api(t)
	code, out, errOut := command(t, "", "digest", "--for=first-line@aismarttalk.tech", data)
	for _, want := range []string{
		"Digest of first-line@aismarttalk.tech, 2026-11-23\n", "\nOverdue promises\n", "high (claim)", "assess promised for 2026-11-23 12:00:00 CET",
		"and 7 more\n", "\nunheard-of\n", "01m81sna5mw50rq6df5x", "DMARC failed", "3 of 10",
	} {
		if code != exitOK || !strings.Contains(out, want) {
			t.Errorf("exit %d %s: %q is missing in\n%s", code, errOut, want, out)
		}
	}

	// Without --for it is of each of the staff, as the configuration lists them.
	staff := "--set=staff=[{address: a@aismarttalk.tech, roles: [support]}, {address: b@elsewhere.example, roles: [dev]}]"
	code, out, errOut = command(t, "", "digest", "--send", data, staff)
	if got := strings.Join(s.asked, ", "); code != exitFailed || got != "send a@aismarttalk.tech, send b@elsewhere.example" ||
		out != "The digest of a@aismarttalk.tech is on its way.\n" || !strings.Contains(errOut, "b@elsewhere.example: nobody of the staff") {
		t.Errorf("exit %d, %s\n%s%s", code, got, out, errOut)
	}
	if code, _, errOut = command(t, "", "digest", data); code != exitFailed || !strings.Contains(errOut, "name somebody with --for") {
		t.Errorf("without staff: exit %d %s", code, errOut)
	}
}

func TestHeldCommand(t *testing.T) {
	settings := testSettings(t.TempDir())
	b := startDaemon(t, settings)
	opened := b.write("kunde@firma.example", b.support(), "Faktura", "Linje 3 mangler.")
	ack := b.letterOf(opened, ticket.NoticeAcknowledgement)
	held := b.write("fremmed@andet.example", b.support(), "SV: Faktura", "Hvad handler det om?", "In-Reply-To", "<"+ack.messageID+">")
	b.expect(held, ticket.OutcomeHeld, opened.Ticket)
	b.stop()

	s := &standIn{}
	data := s.apiOver(t, settings)
	code, out, errOut := command(t, "", "held", "list", data)
	for _, want := range []string{held.Mail, "fremmed@andet.example", string(opened.Ticket), "SV: Faktura"} {
		if code != exitOK || !strings.Contains(out, want) {
			t.Errorf("exit %d %s: %q is missing in\n%s", code, errOut, want, out)
		}
	}
	for _, c := range []struct {
		args  []string
		asked string
		code  int
		told  string
	}{
		{[]string{"release", held.Mail}, "release " + held.Mail + "  false token:admin", exitOK, "Mail " + held.Mail + ": held " + string(opened.Ticket)},
		{[]string{"release", held.Mail, "--new", "--as=first-line@aismarttalk.tech"}, "release " + held.Mail + "  true first-line@aismarttalk.tech", exitOK, "Mail "},
		{[]string{"release", held.Mail, "--ticket", string(opened.Ticket)}, "release " + held.Mail + " " + string(opened.Ticket) + " false token:admin", exitOK, "Mail "},
		{[]string{"release", held.Mail, "--ticket", string(opened.Ticket), "--new"}, "", exitUsage, "can't be used together"},
		{[]string{"release", "01m81sna5mw50rq6df5x"}, "", exitFailed, "there is no mail 01m81sna5mw50rq6df5x on file"},
		{[]string{"drop", held.Mail, "--reason", "Reklame"}, "drop " + held.Mail + " Reklame token:admin", exitFailed, "it is dropped already"},
		{[]string{"drop", held.Mail}, "", exitUsage, "missing flags: --reason"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			s.asked = nil
			code, out, errOut := command(t, "", slices.Concat([]string{"held"}, c.args, []string{data})...)
			if got := strings.Join(s.asked, ", "); code != c.code || got != c.asked || !strings.Contains(out+errOut, c.told) {
				t.Errorf("exit %d, asked %q\n%s%s", code, got, out, errOut)
			}
		})
	}
}
