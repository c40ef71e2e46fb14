package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// Everything that Karen's mails say is one of these words, plain or in an encoding.
const (
	karen      = "karen.hemmelig@firma.example"
	karensName = "Karen Hemmelig"
	karensFile = "Hemmeligt bilag om Karen."
)

// traces are the forms in which her words may stand on disk: plain, whatever the case;
// and as mail encodes them.
func traces() [][]byte {
	words := [][]byte{[]byte("hemmelig"), []byte("karen")}
	for from := range 3 { // base64 has three ways to write the middle of a text
		text := base64.StdEncoding.EncodeToString([]byte(karensFile)[from : 3*(len(karensFile)/3)-3+from])
		words = append(words, bytes.ToLower([]byte(text[4:len(text)-4])))
	}
	return words
}

// tracesIn lists the files below a folder that hold a trace, and the records.
func tracesIn(t *testing.T, dir string, b store.Backend) []string {
	t.Helper()
	var found []string
	look := func(where string, data []byte) {
		data = bytes.ToLower(data)
		for _, w := range traces() {
			if bytes.Contains(data, w) {
				found = append(found, where+": "+string(w))
			}
		}
	}
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		look(name, append(data, name...))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if b == nil {
		return found
	}
	if err := store.Export(t.Context(), b, func(r store.Record) error { look(r.Key, append(r.Value, r.Key...)); return nil }); err != nil {
		t.Fatal(err)
	}
	return found
}

// karensLife leaves her all over: two tickets with attachments and answers, one
// resolved; a held mail, a machine's, mail in the archive, letters, a conversation, and
// another's ticket in which she takes part.
func karensLife(t *testing.T, b *bench) (hers, others web.MailDetails) {
	t.Helper()
	mime := func(subject, id, text string, headers ...string) string {
		var h strings.Builder
		for i := 0; i < len(headers); i += 2 {
			h.WriteString(headers[i] + ": " + headers[i+1] + "\r\n")
		}
		return "From: " + karensName + " <" + karen + ">\r\nTo: " + b.support() + "\r\nSubject: " + subject + "\r\nMessage-ID: <" + id + "@karen.example>\r\n" + h.String() +
			"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text +
			"\r\n--b\r\nContent-Type: text/plain; name=hemmelig.txt\r\nContent-Disposition: attachment; filename=hemmelig.txt\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
			base64.StdEncoding.EncodeToString([]byte(karensFile)) + "\r\n--b--\r\n"
	}
	post := func(raw, to, id string) web.MailDetails {
		t.Helper()
		if err := b.post(t.Context(), []byte(raw), karen, to); err != nil {
			t.Fatal(err)
		}
		return b.arrived(t, id+"@karen.example")
	}
	hers = post(mime("Kritisk: Hemmelig sag", "1", "Hemmeligt: alt er nede for Karen."), b.support(), "1")
	ack := b.letterOf(hers, ticket.NoticeAcknowledgement)
	post(mime("SV: Hemmelig sag", "2", "Mere hemmeligt."), ack.replyTo, "2")
	post(mime("Autosvar", "3", "Karen er på ferie.", "Auto-Submitted", "auto-replied"), ack.replyTo, "3")
	post(mime("Hemmelig faktura", "4", "Hvor er Karens faktura?"+strings.Repeat(" Hemmelig.", 40_000)), b.support(), "4") // a large mail
	mustRun(t, append([]string{"ticket", "resolve", string(hers.Ticket), "--result=answer", "--text=Hej Karen, det er hemmeligt.", "--as=first-line@aismarttalk.tech"}, staffFlags(b)...)...)

	b.chat("!report", "Hemmeligt: Karen kan ikke logge ind.", "!high", "!skip", karen)

	others = b.write("nabo@andet.example", b.support(), "Naboens sag", "Naboen har et problem.")
	return hers, others
}

func staffFlags(b *bench) []string {
	return append(setFlags(b.daemon.cfg.settings), `--set=staff=[{address: first-line@aismarttalk.tech, roles: [support, qa]}]`)
}

// Nothing is left of an erased person, in any file and any record, with the daemon and
// without it, in bolt and in Redis; the tickets keep what is not hers; a replay brings
// nothing back; and the certificate says so without naming her.
func TestErasedPersonLeavesNoByte(t *testing.T) {
	for _, c := range []struct {
		name    string
		redis   bool
		running bool
	}{
		{"bolt, without a daemon", false, false},
		{"bolt, with a daemon", false, true},
		{"Redis, with a daemon", true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			s := testSettings(t.TempDir())
			if c.redis {
				s.Store.Kind, s.Store.URL = "redis", storetest.Redis(t).URL()
			}
			b := startDaemon(t, s)
			hers, others := karensLife(t, b)
			before := b.ticket(hers.Ticket)
			b.settled()
			// Half of it is in the archive.
			if err := b.daemon.journal.Sweep(t.Context(), time.Now().Add(24*time.Hour), b.daemon.archive); err != nil {
				t.Fatal(err)
			}
			if len(tracesIn(t, s.DataDir, b.daemon.records.backend)) < 10 {
				t.Fatal("she is hardly there before: this test proves nothing")
			}
			if !c.running {
				b.stop()
			}
			erase := append([]string{"person", "erase", karen}, setFlags(s)...)
			out := mustRun(t, append(erase, "--dry-run")...)
			if !strings.Contains(out, "This would be erased: 4 mails, from 2 tickets.") {
				t.Errorf("the dry run says: %s", out)
			}
			if code, _, _ := command(t, "", erase...); code != exitUsage {
				t.Errorf("without a reason: exit %d", code)
			}
			if code, _, errOut := command(t, "", append(erase, "--reason=Karen Hemmelig bad om det")...); code != exitFailed || !strings.Contains(errOut, "names the person") {
				t.Errorf("a reason that names her: exit %d, %s", code, errOut)
			}
			var cert web.Erasure
			out = mustRun(t, append(erase, "--json", "--reason=request 17 of 2026")...)
			if err := json.Unmarshal([]byte(out), &cert); err != nil {
				t.Fatal(err)
			}
			if len(cert.Tickets) != 2 || len(cert.Mails) != 4 || cert.Mails[0].SHA256 == "" || len(cert.Left) != 0 {
				t.Errorf("certificate: %+v", cert)
			}
			if !c.running {
				b = startDaemon(t, s)
			}
			if found := tracesIn(t, s.DataDir, b.daemon.records.backend); len(found) > 0 {
				t.Errorf("left:\n%s", strings.Join(found, "\n"))
			}
			after := b.ticket(hers.Ticket)
			if after.State != ticket.StateResolved || !after.Opened.Equal(before.Opened) || after.Mails != before.Mails || len(after.Promises) != len(before.Promises) {
				t.Errorf("her ticket lost more than it should: %s %v %d", after.State, after.Opened, after.Mails)
			}
			if got := b.ticket(others.Ticket); got.Subject != "Naboens sag" {
				t.Errorf("another's ticket changed: %q", got.Subject)
			}

			mustRun(t, append([]string{"replay"}, setFlags(s)...)...)
			b.settled()
			if found := tracesIn(t, s.DataDir, b.daemon.records.backend); len(found) > 0 {
				t.Errorf("a replay brought back:\n%s", strings.Join(found, "\n"))
			}
			if again := b.write(karen, b.support(), "En ny sag", "Det er en ny."); again.Outcome.Outcome != ticket.OutcomeOpened || again.Ticket == hers.Ticket {
				t.Errorf("when she writes again it becomes %s %s", again.Outcome.Outcome, again.Ticket)
			}
		})
	}
}

// settled waits until nothing is left to file or to send.
func (b *bench) settled() {
	b.t.Helper()
	err := b.until(b.t.Context(), func() (bool, error) {
		owed, err := b.daemon.records.store.NoticesIn(b.t.Context(), ticket.NoticeQueued, 1)
		return b.daemon.journal.Stats().Pending == 0 && len(owed) == 0, err
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// What another wrote about her is named, for people to decide, and not cut.
func TestErasureNamesWhatOthersWrote(t *testing.T) {
	t.Chdir(t.TempDir())
	s := testSettings(t.TempDir())
	b := startDaemon(t, s)
	karensLife(t, b)
	quoting := b.write("nabo@andet.example", b.support(), "Om en anden", "Jeg skriver for "+karen+", som ikke kan.")
	b.settled()
	out := mustRun(t, append([]string{"person", "erase", karen, "--reason=request 17"}, setFlags(s)...)...)
	if !strings.Contains(out, quoting.Mail) || !strings.Contains(out, string(quoting.Ticket)) || strings.Contains(strings.ToLower(out), "karen") {
		t.Errorf("it says: %s", out)
	}
	raw, err := archive.Read(t.Context(), rawMail{b.daemon.journal, b.daemon.archive}, journal.ID(quoting.Mail))
	if err != nil || !bytes.Contains(raw, []byte(karen)) {
		t.Errorf("another's mail was cut: %v", err)
	}
}

// An export has every mail as it came, every letter as it went, and an index.
func TestPersonExport(t *testing.T) {
	t.Chdir(t.TempDir())
	s := testSettings(t.TempDir())
	b := startDaemon(t, s)
	hers, others := karensLife(t, b)
	b.settled()
	mustRun(t, append([]string{"person", "export", karen, "--out", "karen"}, setFlags(s)...)...)
	var index personIndex
	text, err := os.ReadFile("karen/index.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &index); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, f := range index.Files {
		count[f.What]++
		if info, err := os.Stat(filepath.Join("karen", f.File)); err != nil || info.Size() != int64(f.Size) {
			t.Errorf("%s: %v", f.File, err)
		}
	}
	if count["ticket"] != 2 || count["raw mail"] != 4 || count["mail"] != 4 || count["letter"] != 6 || count["contact"] != 1 {
		t.Errorf("%v", count)
	}
	raw, err := os.ReadFile("karen/mails/" + hers.Mail + ".eml")
	if err != nil || !bytes.Contains(raw, []byte("Hemmeligt: alt er nede")) {
		t.Errorf("the raw mail: %v", err)
	}
	if _, err := os.Stat("karen/tickets/" + string(others.Ticket) + ".json"); err == nil {
		t.Error("another's ticket is in it")
	}
	if code, _, _ := command(t, "", append([]string{"person", "export", "nobody", "--out", "x"}, setFlags(s)...)...); code != exitUsage {
		t.Errorf("no address: exit %d", code)
	}
}
