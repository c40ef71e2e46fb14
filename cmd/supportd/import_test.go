package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

func TestMbox(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string // raw mails; "!" for one that cannot be read
	}{
		"two": {"From a@firma.example Mon Nov 23 08:12:00 2026\nSubject: a\n\nhej\n\nFrom b@firma.example Mon Nov 23 08:13:00 2026\nSubject: b\n\nhallo\n",
			[]string{"Subject: a\n\nhej\n", "Subject: b\n\nhallo\n"}},
		"From in a text": {"From a@firma.example Mon Nov 23 08:12:00 2026\nSubject: a\n\n>From now on\n>>From quoted\n\nFrom here it fails.\n",
			[]string{"Subject: a\n\nFrom now on\n>From quoted\n\nFrom here it fails.\n"}},
		"CRLF, zone, no end": {"From MAILER-DAEMON Mon Nov  3 08:12:00 2026 +0100\r\nSubject: a\r\n\r\nhej", []string{"Subject: a\r\n\r\nhej"}},
		"too large":          {"From a Mon Nov 23 08:12:00 2026\nX: " + strings.Repeat("x", 300) + "\n\nFrom b Mon Nov 23 08:12:00 2026\nSubject: b\n\n", []string{"!", "Subject: b\n"}},
		"no mbox":            {"Subject: a\n\nhej\n", []string{"!"}},
		"empty":              {"", nil},
		"blank lines":        {"\n\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for m := range mbox("box", strings.NewReader(c.text), 200) {
				if m.err != nil {
					got = append(got, "!")
					continue
				}
				got = append(got, string(m.raw))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whatever the file, reading it ends, and no mail is over the limit.
func FuzzMbox(f *testing.F) {
	f.Add([]byte("From a Mon Nov 23 08:12:00 2026\nSubject: a\n\n>From x\n\nFrom b Mon Nov 23 08:12:00 2026\n\n"))
	f.Add([]byte("From \n\n\nFrom"))
	f.Fuzz(func(t *testing.T, b []byte) {
		mails := 0
		for m := range mbox("box", bytes.NewReader(b), 100) {
			if mails++; len(m.raw) > 100 || mails > 1+bytes.Count(b, []byte("From ")) {
				t.Fatalf("mail %d of %d bytes", mails, len(m.raw))
			}
		}
	})
}

// oldBox is an mbox with a thread, a stranger's mail and something that is no mail.
func oldBox(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for i, m := range []string{
		"From: Kunde <kunde@firma.example>\nTo: contact+support@aismarttalk.tech\nSubject: Kritisk: alt er nede\nMessage-ID: <old-1@firma.example>\nDate: Mon, 2 Mar 2026 08:00:00 +0100\n\nIngenting virker.\n",
		"From: Kunde <kunde@firma.example>\nTo: contact+support@aismarttalk.tech\nSubject: SV: Kritisk: alt er nede\nMessage-ID: <old-2@firma.example>\nIn-Reply-To: <old-1@firma.example>\nDate: Tue, 3 Mar 2026 08:00:00 +0100\n\nStadig ikke.\n",
		"\x89PNG no mail at all\n",
		"From: Anden <anden@andet.example>\nTo: contact+support@aismarttalk.tech\nSubject: Faktura\nMessage-ID: <old-3@andet.example>\n\nHvor er min faktura?\n",
	} {
		fmt.Fprintf(&b, "From x Wed Mar  4 08:0%d:00 2026\n%s\n", i, m)
	}
	name := filepath.Join(t.TempDir(), "old.mbox")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// Old mail opens tickets, threads join, nobody is written to, and a second run takes
// nothing in again; with the daemon and without it.
func TestImportOfOldMail(t *testing.T) {
	t.Chdir(t.TempDir())
	box := oldBox(t)
	for _, running := range []bool{true, false} {
		t.Run(map[bool]string{true: "with the daemon", false: "without"}[running], func(t *testing.T) {
			s := testSettings(t.TempDir())
			s.Desk.Promises = map[string]promiseSettings{"normal": {Assess: 1, Answer: 1}}
			b := startDaemon(t, s)
			if !running {
				b.stop()
			}
			args := append([]string{"import", "mbox", box}, setFlags(s)...)
			code, out, errOut := command(t, "", args...)
			if code != exitFailed || !strings.Contains(out, "3 mails taken in, 0 on file before, 1 skipped") || !strings.Contains(errOut, "mail 3 is skipped: these bytes are no mail") {
				t.Fatalf("exit %d, %s%s", code, out, errOut)
			}
			if !running {
				b = startDaemon(t, s)
			}
			first := b.arrived(t, "old-1@firma.example")
			b.expect(first, ticket.OutcomeOpened, first.Ticket)
			b.expect(b.arrived(t, "old-2@firma.example"), ticket.OutcomeAppended, first.Ticket)
			other := b.arrived(t, "old-3@andet.example")
			b.expect(other, ticket.OutcomeOpened, other.Ticket)
			if got := b.ticket(first.Ticket); len(got.Promises) != 0 || got.Opened.UTC().Format("2006-01-02 15:04") != "2026-03-02 07:00" || got.Mails != 2 || got.Reporter != "kunde@firma.example" {
				t.Errorf("%d letters, opened %v, %d mails, reporter %v", len(got.Promises), got.Opened, got.Mails, got.Reporter)
			}
			if got := b.ticket(other.Ticket); got.Opened.UTC().Format("2006-01-02 15:04") != "2026-03-04 08:03" {
				t.Errorf("without a Date: opened %v, want the time of the From line", got.Opened)
			}
			if !running {
				b.stop()
			}
			if _, out, _ := command(t, "", args...); !strings.Contains(out, "0 mails taken in, 3 on file before, 1 skipped") {
				t.Errorf("the second run says: %s", out)
			}
			if running { // what is new is answered: the ticket is no dead one
				ack := b.write("kunde@firma.example", b.support(), "SV: alt er nede", "Hallo?", "In-Reply-To", "<old-2@firma.example>")
				b.expect(ack, ticket.OutcomeAppended, first.Ticket)
			}
		})
	}
}

func TestImportOfAFolderWithNotices(t *testing.T) {
	t.Chdir(t.TempDir())
	s := testSettings(t.TempDir())
	b := startDaemon(t, s)
	box := t.TempDir()
	for _, sub := range []string{"cur", "new", "tmp"} {
		if err := os.Mkdir(filepath.Join(box, sub), 0o700); err != nil {
			t.Fatal(err)
		}
		raw := rawMailText(sub+"@firma.example", b.support(), "Fejl", sub+"@firma.example", "Det virker ikke.")
		if err := os.WriteFile(filepath.Join(box, sub, "1.2.host:2,S"), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := mustRun(t, append([]string{"import", "maildir", "--send-notices", "--json", box}, setFlags(s)...)...)
	if out != `{"taken":2,"known":0,"skipped":0}`+"\n" { // tmp holds what is still being delivered
		t.Errorf("%s", out)
	}
	m := b.arrived(t, "cur@firma.example")
	b.letterOf(m, ticket.NoticeAcknowledgement)
	if code, _, errOut := command(t, "", append([]string{"import", "maildir", t.TempDir()}, setFlags(s)...)...); code != exitFailed || !strings.Contains(errOut, "is no maildir") {
		t.Errorf("exit %d, %s", code, errOut)
	}
}

// arrived waits until a mail is filed. It is the subtest's, which may end before the
// daemon's.
func (b *bench) arrived(t *testing.T, messageID string) web.MailDetails {
	t.Helper()
	m, err := b.became(t.Context(), messageID)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
