package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// filed is what a replay must bring back: the outcome and the ticket of each mail. The
// letters are named by their Message-IDs; one that is written again has another time.
type filed struct {
	Mails   []string
	Letters []string
}

const replayedMails = 20

// converse leaves mails of all sorts behind: openings, answers to them by token
// and by reference, and a machine's.
func converse(b *bench) {
	for i := range replayedMails / 4 {
		client := fmt.Sprintf("kunde-%d@firma.example", i)
		first := b.write(client, b.support(), fmt.Sprintf("Fejl %d", i), fmt.Sprintf("Felt %d er tomt.", i))
		ack := b.letterOf(first, ticket.NoticeAcknowledgement)
		b.expect(b.write(client, ack.replyTo, "SV", "Felt a også."), ticket.OutcomeAppended, first.Ticket)
		b.expect(b.write(client, b.support(), "SV", "Felt b også.", "In-Reply-To", "<"+ack.messageID+">"), ticket.OutcomeAppended, first.Ticket)
		b.expect(b.write(client, ack.replyTo, "Autosvar", "Jeg er på ferie.", "Auto-Submitted", "auto-replied"), ticket.OutcomeAuto, first.Ticket)
	}
	err := b.until(b.t.Context(), func() (bool, error) { return b.daemon.journal.Stats().Pending == 0, nil })
	if err != nil {
		b.t.Fatal(err) // a mail is marked as done a moment after it is on file
	}
}

// filed waits for all mails of converse and their letters.
func (b *bench) filed() filed {
	b.t.Helper()
	var mails []web.MailDetails
	for i := range replayedMails {
		m, err := b.became(b.t.Context(), fmt.Sprintf("mail-%d@firma.example", i+1))
		if err != nil {
			b.t.Fatal(err)
		}
		mails = append(mails, m)
	}
	var f filed
	for _, m := range mails { // only now are all entries there
		entries := 0
		if m.Ticket != "" {
			entries = b.ticket(m.Ticket).Mails
		}
		f.Mails = append(f.Mails, fmt.Sprintf("%s %s %s, %d mails on it, %d letters", m.Mail, m.Outcome.Outcome, m.Ticket, entries, len(m.Outcome.Notices)))
	}
	letters, err := filepath.Glob(filepath.Join(dataFolder(b.dir).outgoing(), "*.eml"))
	if err != nil || len(letters) == 0 {
		b.t.Fatal("no letters:", err)
	}
	for _, l := range letters {
		info, err := os.Stat(l)
		if err != nil {
			b.t.Fatal(err)
		}
		f.Letters = append(f.Letters, fmt.Sprintf("%s of %s", filepath.Base(l), info.ModTime()))
	}
	slices.Sort(f.Letters)
	return f
}

// Redis is emptied under a running daemon (fault 20): it says so, and a replay
// brings back the same tickets, one entry for each mail, and sends no letter again.
func TestReplayAfterRedisWasEmptied(t *testing.T) {
	redis := storetest.Redis(t)
	s := testSettings(t.TempDir())
	s.Store.Kind, s.Store.URL = "redis", redis.URL()
	b := startDaemon(t, s)
	converse(b)
	want := b.filed()

	flush(t, redis.Addr)
	if health, err := b.api.health(t.Context()); err != nil || health.Checks["store"] != web.HealthFailing {
		t.Errorf("health of an emptied store: %+v %v", health, err)
	}
	code, out, errOut := command(t, "", "replay", "--set=data_dir="+s.DataDir)
	if say := fmt.Sprintf("%d mails are pending again; the daemon files what the store has lost.\n", replayedMails); code != exitOK || out != say {
		t.Errorf("exit %d: %s%s", code, out, errOut)
	}
	if diff := cmp.Diff(want, b.filed()); diff != "" {
		t.Error(diff)
	}
	if health, err := b.api.health(t.Context()); err != nil || health.Status != web.HealthOK {
		t.Errorf("health after the replay: %+v %v", health, err)
	}
}

func flush(t *testing.T, addr string) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("*1\r\n$8\r\nFLUSHALL\r\n")); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 5)
	if _, err := conn.Read(answer); err != nil || string(answer) != "+OK\r\n" {
		t.Fatalf("%q %v", answer, err)
	}
}

// Without a daemon the next start files what was lost. What was not lost stays as
// it is, however often it is replayed.
func TestReplayWithoutADaemon(t *testing.T) {
	s := testSettings(t.TempDir())
	b := startDaemon(t, s)
	converse(b)
	want := b.filed()
	for _, lose := range []bool{false, true} {
		b.stop()
		if lose {
			if err := os.Remove(dataFolder(s.DataDir).bolt()); err != nil {
				t.Fatal(err)
			}
		}
		code, out, errOut := command(t, "", "replay", "--since=1h", "--set=data_dir="+s.DataDir)
		if !strings.HasPrefix(out, fmt.Sprintf("%d mails are pending again; no daemon runs", replayedMails)) || code != exitOK {
			t.Fatalf("exit %d: %s%s", code, out, errOut)
		}
		if code, out, _ := command(t, "", "replay", "--json", "--set=data_dir="+s.DataDir); code != exitOK || out != `{"pending":0}`+"\n" {
			t.Errorf("what is pending already: exit %d, %s", code, out)
		}
		b = startDaemon(t, s)
		if diff := cmp.Diff(want, b.filed()); diff != "" {
			t.Errorf("store lost: %v\n%s", lose, diff)
		}
		if err := b.until(t.Context(), func() (bool, error) { return b.daemon.journal.Stats().Pending == 0, nil }); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSince(t *testing.T) {
	zone := time.FixedZone("CET", 3600)
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"":                          {},
		"2026-11-23T09:00:00+01:00": now.Add(-4 * time.Hour),
		"2026-11-23":                now.Add(-13 * time.Hour),
		"36h":                       now.Add(-36 * time.Hour),
	} {
		if got, err := sinceTime(text, now, zone); err != nil || !got.Equal(want) {
			t.Errorf("%q: %v %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"yesterday", "-1h", "0s", "7", "2026-13-01"} {
		if got, err := sinceTime(text, now, zone); err == nil {
			t.Errorf("%q was taken for %v", text, got)
		}
	}
}
