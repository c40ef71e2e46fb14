package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// talkConfig is the configuration that all talks begin with.
const talkConfig = "../../testdata/conversations/supportd.yaml"

// stoppedClock stands still until it is set.
type stoppedClock struct {
	mu sync.Mutex // guards at
	at time.Time
}

func (c *stoppedClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *stoppedClock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// fixedChance gives the same bytes in every run, so that tickets have the same
// IDs. Safe for concurrent use.
type fixedChance struct {
	mu     sync.Mutex // guards source
	source *rand.ChaCha8
}

func (c *fixedChance) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.source.Read(p)
}

// talkDaemon is a daemon with a relay, whose clock a script sets.
type talkDaemon struct {
	*demonstration // sends to it and asks it
	t              *testing.T
	clock          *stoppedClock
	office         *postOffice
	flags          []string // with which commands find its configuration
}

// startTalkDaemon runs a daemon until the test ends. Options are those of --set.
func startTalkDaemon(t *testing.T, start time.Time, options ...string) *talkDaemon {
	t.Helper()
	office := openPostOffice(t)
	dir := t.TempDir()
	f := configFlags{Config: talkConfig, Set: append([]string{
		"data_dir=" + dir, "relay.port=" + strconv.Itoa(office.addr.Port),
	}, options...)}
	cfg, err := f.load(nil)
	if err != nil {
		t.Fatal(err)
	}
	clock := &stoppedClock{at: start}
	d, _ := runDaemon(t, cfg, world{
		now: clock.now, random: &fixedChance{source: rand.NewChaCha8([32]byte{})},
		log: zerolog.New(zerolog.NewTestWriter(t)).Level(zerolog.ErrorLevel),
	})
	td := &talkDaemon{
		demonstration: newDemonstration(d, dir, host{out: io.Discard, now: clock.now}, start),
		t:             t, clock: clock, office: office, flags: []string{"--config", f.Config},
	}
	for _, set := range f.Set {
		td.flags = append(td.flags, "--set", set)
	}
	return td
}

// at sets the clock and has done what is due by it.
func (d *talkDaemon) at(now time.Time) {
	d.t.Helper()
	if now.Before(d.clock.now()) {
		d.t.Fatalf("the clock cannot go back to %v", now)
	}
	d.clock.set(now)
	// The daemon itself would look within seconds, of the real clock.
	if _, err := d.daemon.records.desk.DoChores(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
	d.daemon.notifier.Wake()
	d.settle()
}

// settle waits until nothing is left to do at the time that the clock shows:
// all mail is filed, and no job is due or at work.
func (d *talkDaemon) settle() {
	d.t.Helper()
	busy := ""
	err := d.until(d.t.Context(), func() (bool, error) {
		if n := d.daemon.journal.Stats().Pending; n > 0 {
			busy = fmt.Sprintf("%d mails are not filed", n)
			return false, nil
		}
		var err error
		busy, err = dueJob(d.t.Context(), d.daemon.records.store, d.clock.now())
		return busy == "", err
	})
	if err != nil {
		d.t.Fatalf("%v: %s", err, busy)
	}
}

// longestLease is longer than any job is leased, and shorter than the daemon puts
// off what it tries again: a leased job that is due by then is at work.
const longestLease = time.Minute

// dueJob names a job that is due or leased; "" if there is none.
func dueJob(ctx context.Context, s *store.Store, now time.Time) (string, error) {
	jobs := store.Prefix("job")
	records, err := s.Scan(ctx, jobs, store.PrefixEnd(jobs), 1000)
	if err != nil {
		return "", err
	}
	for _, r := range records {
		parts := strings.Split(r.Key, "/") // job/<queue>/<due>/<id>
		var job struct{ Try int }
		if err := json.Unmarshal(r.Value, &job); err != nil {
			return "", err
		}
		by := now
		if job.Try > 0 {
			by = now.Add(longestLease)
		}
		if r.Key <= store.JobKey(parts[1], by, parts[3]) {
			return r.Key, nil
		}
	}
	return "", nil
}

// notices are all letters that are owed or were, sent ones too.
func (d *talkDaemon) notices() []ticket.Notice {
	d.t.Helper()
	var all []ticket.Notice
	for _, state := range []ticket.NoticeState{
		ticket.NoticeQueued, ticket.NoticeSent, ticket.NoticeBounced, ticket.NoticeGivenUp, ticket.NoticeHeld, ticket.NoticeWithdrawn,
	} {
		some, err := d.daemon.records.store.NoticesIn(d.t.Context(), state, 1000)
		if err != nil {
			d.t.Fatal(err)
		}
		all = append(all, some...)
	}
	return all
}

// tickets are all there are, with their events.
func (d *talkDaemon) tickets() map[ticket.ID]ticket.Ticket {
	d.t.Helper()
	page, err := d.daemon.records.store.TicketIDs(d.t.Context(), "", 100)
	if err != nil {
		d.t.Fatal(err)
	}
	all := map[ticket.ID]ticket.Ticket{}
	for _, id := range page.Items {
		t, _, err := d.daemon.records.store.Ticket(d.t.Context(), id)
		if err != nil {
			d.t.Fatal(err)
		}
		all[id] = t
	}
	return all
}

func (d *talkDaemon) events(id ticket.ID) []ticket.Event {
	d.t.Helper()
	events, err := d.daemon.records.store.Events(d.t.Context(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return events
}
