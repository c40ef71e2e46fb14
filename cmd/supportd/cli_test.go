package main

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// command runs a command line and returns its exit code and what it printed.
func command(t *testing.T, stdin string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, host{in: strings.NewReader(stdin), out: &o, errOut: &e, now: time.Now})
	return code, o.String(), e.String()
}

// A command works alike with the daemon and without it; a letter that it owes
// then leaves at the next start.
func TestCommandsWithAndWithoutDaemon(t *testing.T) {
	t.Chdir(t.TempDir()) // where no supportd.yaml is
	s := testSettings(t.TempDir())
	b := startDaemon(t, s)
	data := "--set=data_dir=" + s.DataDir
	staff := `--set=staff=[{address: first-line@aismarttalk.tech, roles: [support, qa]}]`
	id := string(b.write("kunde@firma.example", b.support(), "Hvor finder jeg min faktura?", "Jeg kan ikke finde den.").Ticket)

	_, with, _ := command(t, "", "ticket", "show", id, data)
	refusedCode, _, refused := command(t, "", "ticket", "close", id, data)
	b.stop()
	_, without, _ := command(t, "", "ticket", "show", id, data)
	if with != without || !strings.Contains(with, "Hvor finder jeg min faktura?") {
		t.Errorf("with the daemon:\n%s\nwithout:\n%s", with, without)
	}
	if refusedCode != exitFailed || !strings.Contains(refused, "needs a reason") {
		t.Errorf("closing without a reason: exit %d, %s", refusedCode, refused)
	}

	code, out, errOut := command(t, "Den ligger under Konto, Fakturaer.", "ticket", "resolve", id, "--result=answer", "--text=-", "--as=first-line@aismarttalk.tech", data, staff, "--set=desk.undo_window=0s")
	if code != exitOK || !strings.Contains(out, id+" is resolved. No daemon runs; when it is started, these letters leave: resolved to kunde@firma.example.") {
		t.Fatalf("exit %d %s%s", code, out, errOut)
	}
	b = startDaemon(t, s)
	if err := b.until(t.Context(), func() (bool, error) {
		letters, err := filepath.Glob(filepath.Join(dataFolder(s.DataDir).outgoing(), "*.3.*.eml"))
		return len(letters) == 1, err
	}); err != nil {
		t.Error("the answer did not leave:", err)
	}
	if got := b.ticket(ticket.ID(id)); got.State != ticket.StateResolved || got.Events[len(got.Events)-1].By.Address != "first-line@aismarttalk.tech" {
		t.Errorf("%+v", got.Events)
	}
}

// A mail in a pipe goes through the daemon's own door, here LMTP on a socket.
func TestDeliverToARunningDaemon(t *testing.T) {
	t.Chdir(t.TempDir())
	s := testSettings(t.TempDir())
	s.SMTP.Listeners = []listenerSettings{{Address: "unix:" + filepath.Join(s.DataDir, "lmtp"), Protocol: "lmtp"}}
	b := startDaemon(t, s)
	data := "--set=data_dir=" + s.DataDir
	mail := string(rawMailText("kunde@firma.example", b.support(), "Hej", "pipe@firma.example", "Hej."))
	for _, c := range []struct {
		to   string
		code int
	}{
		{b.support(), exitOK},
		{"postmaster@aismarttalk.tech", exitOK},
		{"nobody@aismarttalk.tech", exitNoUser},
		{"kunde@firma.example", exitNoUser},
	} {
		if code, out, errOut := command(t, mail, "deliver", "-f", "kunde@firma.example", c.to, data); code != c.code || out != "" {
			t.Errorf("%s: exit %d %s%s", c.to, code, out, errOut)
		}
	}
	m, err := b.became(t.Context(), "pipe@firma.example")
	if err != nil || m.Outcome.Outcome != ticket.OutcomeOpened || m.Envelope.Protocol != "LMTP" {
		t.Errorf("%+v %v", m.Outcome, err)
	}
}

// What a mail holds does nothing to the terminal (bad-input 70 and 122).
func TestTerminalIsSafe(t *testing.T) {
	var b bytes.Buffer
	row := web.TicketRow{Subject: "evil\x1b[2J\u202etxt", Reporter: "a\tb\nc@firma.example"}
	if err := ticketTable(&b, web.TicketList{Tickets: []web.TicketRow{row}}, time.UTC, 0); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "\x1b\u202e\t") || strings.Count(b.String(), "\n") != 2 {
		t.Errorf("%q", b.String())
	}
	if !strings.Contains(b.String(), `evil\u001b[2J\u202etxt`) {
		t.Errorf("%q", b.String())
	}
}

// A ticket says when it closes as long as it can, and tells times in the desk's
// zone, by name.
func TestTicketPageTellsTimes(t *testing.T) {
	b := startDaemon(t, testSettings(t.TempDir()))
	id := b.write("kunde@firma.example", b.support(), "Hej", "Hej.").Ticket
	page := func() string {
		var out bytes.Buffer
		if err := ticketPage(&out, b.ticket(id), b.api.zone); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	closes := regexp.MustCompile(`(?m)^Closes +[-0-9]+ [:0-9]+ CES?T$`)
	closed := regexp.MustCompile(`(?m)^Closed +[-0-9]+ [:0-9]+ CES?T$`)
	for _, step := range []struct {
		do             *web.Command
		closes, closed bool
	}{
		{nil, false, false},
		{&web.Command{Order: ticket.Order{Verb: ticket.VerbResolve, Result: "answer", Text: "Sådan."}}, true, false},
		{&web.Command{Order: ticket.Order{Verb: ticket.VerbClose}}, false, true},
	} {
		if step.do != nil {
			if _, err := b.command(t.Context(), id, *step.do); err != nil {
				t.Fatal(err)
			}
		}
		if got := page(); closes.MatchString(got) != step.closes || closed.MatchString(got) != step.closed {
			t.Errorf("after %+v:\n%s", step.do, got)
		}
	}
}
