package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/notifier"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
)

// A rotation reaches the running daemon, breaks no thread, and changes no letter that
// was owed before.
func TestKeysRotateUnderARunningDaemon(t *testing.T) {
	t.Chdir(t.TempDir())
	s := testSettings(t.TempDir())
	b := startDaemon(t, s)
	var log lockedBuffer
	gate, err := newLogGate(&log, logSettings{Level: "info", Format: "json"}, false)
	if err != nil {
		t.Fatal(err)
	}
	r := &reloader{daemon: b.daemon, gate: gate, log: gate.logger(), flags: configFlags{Set: []string{"data_dir=" + s.DataDir}}, current: b.daemon.cfg.settings}
	hangups := make(chan os.Signal, 1)
	defer notifyHangup(hangups)()
	defer r.onEach(hangups)()

	first := b.write("kunde@firma.example", b.support(), "Fejl", "Det virker ikke.")
	old := b.letterOf(first, ticket.NoticeAcknowledgement)
	composer := b.composer()
	notices, err := b.daemon.records.store.Notices(t.Context(), first.Ticket)
	if err != nil {
		t.Fatal(err)
	}
	before, err := composer.Compose(notices[0])
	if err != nil {
		t.Fatal(err)
	}

	out := mustRun(t, append([]string{"keys", "rotate"}, setFlags(s)...)...)
	if !strings.Contains(out, "Key 1 signs from now on.") || !strings.Contains(out, "was told") {
		t.Errorf("it says: %s", out)
	}
	if err := b.until(t.Context(), func() (bool, error) { return b.daemon.records.secrets.ring.Version() == "1", nil }); err != nil {
		t.Fatal("the daemon did not take the key over:", err)
	}
	if after, err := composer.Compose(notices[0]); err != nil || after.MessageID != before.MessageID || !bytes.Equal(after.Data, before.Data) {
		t.Errorf("a letter that was owed before has changed: %s, was %s; %v", after.MessageID, before.MessageID, err)
	}
	b.expect(b.write("kunde@firma.example", old.replyTo, "SV", "Stadig ikke."), ticket.OutcomeAppended, first.Ticket)
	second := b.write("nabo@firma.example", b.support(), "Andet", "Noget andet.")
	ack := b.letterOf(second, ticket.NoticeAcknowledgement)
	if compact := strings.ToLower(strings.ReplaceAll(string(second.Ticket), "-", "")); !strings.Contains(ack.replyTo, "+"+compact+"1") {
		t.Errorf("a new letter is signed by %s", ack.replyTo)
	}
	b.expect(b.write("nabo@firma.example", ack.replyTo, "SV", "Mere."), ticket.OutcomeAppended, second.Ticket)
	b.stop()

	mustRun(t, append([]string{"keys", "rotate", "--keep=2"}, setFlags(s)...)...)
	out = mustRun(t, append([]string{"keys", "list"}, setFlags(s)...)...)
	if lines := strings.Split(strings.TrimSpace(out), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[1], "1") || !strings.HasPrefix(lines[2], "2") || !strings.HasSuffix(lines[2], "yes") {
		t.Errorf("after a retirement:\n%s", out)
	}
	if code, _, _ := command(t, "", append([]string{"keys", "rotate", "--keep=1"}, setFlags(s)...)...); code != exitUsage {
		t.Errorf("--keep=1: exit %d", code)
	}
}

func (b *bench) composer() *notifier.Composer {
	b.t.Helper()
	texts, err := templates.New(b.daemon.cfg.planned.texts)
	if err != nil {
		b.t.Fatal(err)
	}
	c, err := notifier.NewComposer(b.daemon.cfg.planned.notifier, texts, b.daemon.records.secrets.ring)
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}
