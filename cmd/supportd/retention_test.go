package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/archive/archivetest"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/web"
)

// hands is a clock that a test turns forward; between, it runs like any other.
type hands struct{ ahead atomic.Int64 }

func (h *hands) now() time.Time       { return time.Now().Add(time.Duration(h.ahead.Load())) }
func (h *hands) turn(d time.Duration) { h.ahead.Add(int64(d)) }

// The bytes of a closed ticket's mail go from the archive when their time is over, of
// whatever kind it is; who asks for them is told when and by which rule; an open
// ticket's stay; and a replay brings none back for long.
func TestRetentionClearsTheArchive(t *testing.T) {
	const day = 24 * time.Hour
	for _, kind := range []string{"folder", "bucket", "bucket and Redis"} {
		t.Run(kind, func(t *testing.T) {
			t.Chdir(t.TempDir())
			s, flags := testSettings(t.TempDir()), setFlags
			s.Retention.Mail, s.Retention.Letters = 30*day, 30*day
			if strings.HasPrefix(kind, "bucket") {
				s, flags = withBucket(t, s, archivetest.NewBucket(t)), bucketFlags
			}
			if strings.HasSuffix(kind, "Redis") {
				s.Store.Kind, s.Store.URL = "redis", storetest.Redis(t).URL()
			}
			clock := &hands{}
			b := startDaemonAt(t, s, clock.now)
			closed := b.write("kunde@firma.example", b.support(), "Lukket", "Hej.")
			open := b.write("nabo@firma.example", b.support(), "Åben", "Hej.")
			args := append(flags(s), "--set=staff=[{address: first-line@aismarttalk.tech, roles: [support, qa]}]", "--as=first-line@aismarttalk.tech")
			mustRun(t, append([]string{"ticket", "resolve", string(closed.Ticket), "--result=answer", "--text=Sådan."}, args...)...)
			mustRun(t, append([]string{"ticket", "close", string(closed.Ticket)}, args...)...)
			b.settled()
			leave := func() {
				t.Helper()
				for range 2 {
					clock.turn(9 * day)
					if err := b.daemon.journal.Sweep(t.Context(), clock.now(), b.daemon.archive); err != nil {
						t.Fatal(err)
					}
				}
			}
			leave()
			retention := append([]string{"retention", "--json", "--set=retention.mail=720h", "--set=retention.letters=720h"}, flags(s)...)
			run := func(more ...string) (r web.Retention) {
				t.Helper()
				if err := json.Unmarshal([]byte(mustRun(t, append(retention, more...)...)), &r); err != nil {
					t.Fatal(err)
				}
				return r
			}
			if r := run(); r.Sum() != 0 || r.Files != 0 {
				t.Errorf("before its time: %+v", r)
			}
			clock.turn(12 * day)
			if r := run("--dry-run"); r.Mail != 1 || !r.DryRun || r.Files != 0 {
				t.Errorf("dry: %+v", r)
			}
			b.expectRaw(closed)
			run()
			if _, err := b.daemon.archive.Open(t.Context(), journal.ID(closed.Mail)); !errors.Is(err, archive.ErrNotFound) {
				t.Error("its bytes are there still:", err)
			}
			b.expectRaw(open)
			for _, path := range []string{"/raw/" + closed.Mail, "/attachments/" + closed.Mail + ".1"} {
				_, err := b.api.get(t.Context(), web.APIPath+"/tickets/"+string(closed.Ticket)+path, nil, nil)
				if err == nil || !strings.Contains(err.Error(), "were deleted on "+clock.now().UTC().Format(time.DateOnly)+" (retention.mail)") {
					t.Errorf("%s: %v", path, err)
				}
			}
			if trace := mustRun(t, append([]string{"trace", closed.Mail}, flags(s)...)...); !strings.Contains(trace, "by retention.mail") {
				t.Errorf("trace says nothing of it:\n%s", trace)
			}

			// Another node's archive, or a replay's, has it again.
			if err := b.daemon.archive.Put(t.Context(), journal.ID(closed.Mail), strings.NewReader("again")); err != nil {
				t.Fatal(err)
			}
			if r := run(); r.Mail != 0 || r.Files != 1 {
				t.Errorf("when it came back: %+v", r)
			}
			var left []journal.ID
			for id, err := range b.daemon.archive.All(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				left = append(left, id)
			}
			if !slices.Equal(left, []journal.ID{journal.ID(open.Mail)}) {
				t.Errorf("left in the archive: %v, want %s alone", left, open.Mail)
			}
		})
	}
}

// Letters in a folder go by their age; others' files stay.
func TestRetentionOfLettersInAFolder(t *testing.T) {
	s := testSettings(t.TempDir())
	s.Retention.Letters = 48 * time.Hour
	clock := &hands{}
	b := startDaemonAt(t, s, clock.now)
	b.write("kunde@firma.example", b.support(), "Hej", "Hej.")
	b.settled()
	folder := dataFolder(s.DataDir).outgoing()
	count := func() int {
		files, err := filepath.Glob(filepath.Join(folder, "*.eml"))
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	before := count()
	if n, err := b.daemon.keeper().clearLetters(); n != 0 || err != nil || before == 0 {
		t.Errorf("on the same day %d of %d went, %v", n, before, err)
	}
	if err := os.Mkdir(filepath.Join(folder, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	clock.turn(72 * time.Hour)
	if n, err := b.daemon.keeper().clearLetters(); n != before || err != nil || count() != 0 {
		t.Errorf("three days later %d of %d went, %v", n, before, err)
	}
}

func TestRetentionIsNotShorterThanTheJournal(t *testing.T) {
	s := testSettings(t.TempDir())
	s.Retention.Mail = time.Hour
	if _, bad := (configuration{settings: s}).plan(); len(bad) != 1 || bad[0].Key != "retention.mail" {
		t.Errorf("%v", bad)
	}
}
