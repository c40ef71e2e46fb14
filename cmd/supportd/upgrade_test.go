package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// Below testdata/upgrade lies, for each schema version there was, what a supportd of
// that version left behind: its keys, journal, archive and records, as its backup wrote
// them. Every later version must read them all. A folder that is there is never
// written again: with -update the test makes the one of the present version, if it is
// missing.
const upgrades = "../../testdata/upgrade"

// upgraded is what must be found again, in upgraded.json of each folder.
type upgraded struct {
	Mails   []upgradedMail   `json:"mails"`
	Tickets []upgradedTicket `json:"tickets"`
	ReplyTo string           `json:"reply_to"` // of an acknowledgement
	Thread  ticket.ID        `json:"thread"`   // where an answer to it belongs
}

type upgradedMail struct {
	Mail, MessageID string
	Outcome         ticket.OutcomeKind
	Ticket          ticket.ID
}

type upgradedTicket struct {
	ID               ticket.ID
	State            ticket.State
	Subject          string
	Mails, Events    int
	Letters, Command int // commands: done by staff, which no replay brings back
}

func upgradeSettings(dir string) settings {
	s := testSettings(dir)
	s.SMTP.Hostname = "support.firma.example"
	return s
}

func makeUpgrade(t *testing.T, to string) {
	t.Helper()
	s := upgradeSettings(t.TempDir())
	b := startDaemon(t, s)
	first := b.write("kunde@firma.example", b.support(), "Kritisk: chatbotten svarer ikke", "Vores chatbot svarer ikke. Det er kritisk.")
	ack := b.letterOf(first, ticket.NoticeAcknowledgement)
	b.write("kunde@firma.example", ack.replyTo, "SV: Kritisk", "Heller ikke efter en genstart.")
	second := b.write("nabo@andet.example", b.support(), "Hvor er min faktura?", "Jeg kan ikke finde den. Æblegrød.")
	b.write("nabo@andet.example", b.support(), "Autosvar", "Jeg er på ferie.", "Auto-Submitted", "auto-replied")
	mustRun(t, append([]string{"ticket", "resolve", string(second.Ticket), "--result=answer", "--text=Under Konto.", "--as=first-line@aismarttalk.tech"}, staffFlags(b)...)...)
	b.settled()
	if err := b.daemon.journal.Sweep(t.Context(), time.Now().Add(48*time.Hour), b.daemon.archive); err != nil {
		t.Fatal(err)
	}
	b.write("fremmed@tredje.example", b.support(), "Om "+string(first.Ticket), "Den er sikkert min.")
	b.settled()
	mustRun(t, append([]string{"backup", to}, setFlags(s)...)...)
	want := b.upgraded(5)
	want.ReplyTo, want.Thread = ack.replyTo, first.Ticket
	text, err := json.MarshalIndent(want, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(to, "upgraded.json"), append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// upgraded collects what a daemon has of the mails mail-1 to mail-n.
func (b *bench) upgraded(n int) upgraded {
	b.t.Helper()
	b.settled()
	var u upgraded
	seen := map[ticket.ID]bool{}
	for i := range n {
		m, err := b.became(b.t.Context(), fmt.Sprintf("mail-%d@firma.example", i+1))
		if err != nil {
			b.t.Fatal(err)
		}
		u.Mails = append(u.Mails, upgradedMail{m.Mail, m.MessageID, m.Outcome.Outcome, m.Ticket})
		if m.Ticket == "" || seen[m.Ticket] {
			continue
		}
		seen[m.Ticket] = true
		t := b.ticket(m.Ticket)
		u.Tickets = append(u.Tickets, upgradedTicket{t.ID, t.State, t.Subject, t.Mails, len(t.Events), len(t.Promises), staffEvents(t)})
	}
	return u
}

func staffEvents(t web.TicketDetails) int {
	n := 0
	for _, e := range t.Events {
		if e.By.Door != ticket.DoorMail {
			n++
		}
	}
	return n
}

// byMail leaves what a replay of the journal brings back.
func (u upgraded) byMail() upgraded {
	for i := range u.Tickets {
		if u.Tickets[i].Command > 0 {
			u.Tickets[i] = upgradedTicket{ID: u.Tickets[i].ID, Subject: u.Tickets[i].Subject, Mails: u.Tickets[i].Mails}
		}
	}
	return u
}

func TestUpgrade(t *testing.T) {
	present := filepath.Join(upgrades, fmt.Sprintf("v%d", store.SchemaVersion))
	if _, err := os.Stat(present); os.IsNotExist(err) && *update {
		makeUpgrade(t, present)
	}
	folders, err := filepath.Glob(filepath.Join(upgrades, "v*"))
	if err != nil || len(folders) < store.SchemaVersion {
		t.Fatalf("%d folders for %d versions; -update makes the newest; %v", len(folders), store.SchemaVersion, err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			folder, err := filepath.Abs(folder)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			want := readUpgraded(t, folder)
			// Its days go on where they stopped: no quiet days have passed since.
			made, start := journal.ID(want.Mails[len(want.Mails)-1].Mail).Time().Add(time.Minute), time.Now()
			clock := func() time.Time { return made.Add(time.Since(start)) }
			copied := filepath.Join(t.TempDir(), "backup")
			if err := os.CopyFS(copied, os.DirFS(folder)); err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(filepath.Join(copied, "upgraded.json")); err != nil {
				t.Fatal(err)
			}
			s := upgradeSettings(filepath.Join(t.TempDir(), "data"))
			s.Retention.Journal = 1 << 62 // its mails are from long ago
			mustRun(t, append([]string{"restore", copied}, setFlags(s)...)...)
			b := startDaemonAt(t, s, clock)
			b.steps = len(want.Mails)
			got := b.upgraded(len(want.Mails))
			got.ReplyTo, got.Thread = want.ReplyTo, want.Thread
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the records:\n%s", diff)
			}
			for _, m := range want.Mails {
				if _, err := archive.Read(t.Context(), rawMail{b.daemon.journal, b.daemon.archive}, journal.ID(m.Mail)); err != nil {
					t.Errorf("the raw mail %s: %v", m.Mail, err)
				}
			}
			archived, err := b.daemon.archive.Open(t.Context(), journal.ID(want.Mails[0].Mail))
			if err != nil {
				t.Fatal("the archive:", err)
			}
			archived.Close()
			// Keys: what was signed then is known today.
			b.expect(b.write("kunde@firma.example", want.ReplyTo, "SV", "Nu virker det igen."), ticket.OutcomeAppended, want.Thread)
			b.stop()

			// The journal alone brings back what came by mail, under the same IDs.
			if err := os.Remove(dataFolder(s.DataDir).bolt()); err != nil {
				t.Fatal(err)
			}
			mustRun(t, append([]string{"replay"}, setFlags(s)...)...)
			b = startDaemonAt(t, s, clock)
			got = b.upgraded(len(want.Mails))
			got.ReplyTo, got.Thread = want.ReplyTo, want.Thread
			want.Tickets[0].Mails++ // the answer above
			want.Tickets[0].Events++
			for i := range got.Tickets {
				got.Tickets[i].Letters, want.Tickets[i].Letters = 0, 0 // of today's rules
				if want.Tickets[i].Command > 0 {
					got.Tickets[i].Command = 1
				}
			}
			if diff := cmp.Diff(want.byMail(), got.byMail()); diff != "" {
				t.Errorf("the journal alone:\n%s", diff)
			}
		})
	}
}

func readUpgraded(t *testing.T, folder string) upgraded {
	t.Helper()
	var u upgraded
	text, err := os.ReadFile(filepath.Join(folder, "upgraded.json"))
	if err == nil {
		err = json.Unmarshal(text, &u)
	}
	if err != nil {
		t.Fatal(err)
	}
	return u
}
