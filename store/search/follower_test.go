package search_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/search"
	"aismarttalk.tech/supportd/ticket"
)

// poll is how long a change may take to be found by who is not told.
const poll = time.Second

// desk is a store in memory that tickets are written to. Its clock is that of a
// synctest bubble.
type desk struct {
	t       *testing.T
	backend *memkv.Backend
	store   *store.Store
}

func newDesk(t *testing.T) *desk {
	b := memkv.New()
	s, err := store.New(b, store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return &desk{t: t, backend: b, store: s}
}

// write opens the n-th ticket with a mail, or adds one to it.
func (d *desk) write(n int, text string, received time.Time) {
	d.t.Helper()
	err := d.store.Update(d.t.Context(), func(tx *store.Tx) error {
		all, err := tx.Tickets(id(n))
		if err != nil {
			return err
		}
		before := all[0]
		from := ticket.Address{Name: "Åse Lund", Address: "aase@firma.example"}
		e := ticket.Event{Number: before.Events + 1, At: received, Kind: ticket.EventAppended, Entry: &ticket.Entry{From: from, Text: text}}
		if before.ID == "" {
			e.Kind = ticket.EventOpened
			e.Opening = &ticket.Opening{ID: id(n), Subject: fmt.Sprint("sag ", n),
				Participants: []ticket.Participant{{Name: from.Name, Address: from.Address, Reporter: true}}}
		}
		return tx.SaveTicket(before, before.Apply(e), []ticket.Event{e})
	})
	if err != nil {
		d.t.Error(err)
	}
}

// delete removes all records that have the ticket's ID in their key.
func (d *desk) delete(n int) {
	d.t.Helper()
	for _, space := range []string{"ticket/", "event/", "index/"} {
		records, err := d.backend.Scan(d.t.Context(), space, store.PrefixEnd(space), 1000)
		if err != nil {
			d.t.Fatal(err)
		}
		for _, r := range records {
			if strings.Contains(r.Key, string(id(n))) {
				d.apply(store.Batch{Delete: []string{r.Key}})
			}
		}
	}
}

func (d *desk) apply(b store.Batch) {
	d.t.Helper()
	if err := d.backend.Apply(d.t.Context(), b); err != nil {
		d.t.Fatal(err)
	}
}

// node is one index with its follower.
type node struct {
	*search.Follower
	index *search.Index
	log   bytes.Buffer
	stop  func() // and wait; at the end of the test at the latest
}

// follow runs a follower to the end of the test and waits for its first sweep.
func follow(t *testing.T, s search.Source, x *search.Index) *node {
	n := &node{index: x}
	n.Follower = search.NewFollower(x, s, time.Now, zerolog.New(&n.log))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- n.Run(ctx) }()
	n.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error("Run:", err)
		}
	})
	t.Cleanup(n.stop)
	synctest.Wait()
	return n
}

func (n *node) finds(t *testing.T, query string, want int) {
	t.Helper()
	if got := find(n.index, query); len(got) != want {
		t.Errorf("%q finds %v, want %d", query, got, want)
	}
}

// What changes is found at once by a node that is told, and by all within a second.
func TestFollowerFindsChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.write(1, "fakturaen mangler", time.Now())
		a, b := follow(t, d.store, search.New()), follow(t, d.store, search.New())
		if !a.Built() || !b.Built() {
			t.Fatal("the index is not built")
		}
		a.finds(t, "faktura lund sag", 1)

		time.Sleep(30*time.Second + poll/2) // between two looks
		d.write(1, "skærmen er sort", time.Now())
		d.write(2, "skærmen blinker", time.Now())
		a.Wake()
		synctest.Wait()
		a.finds(t, "skærm ", 2)
		b.finds(t, "skærm ", 0)
		time.Sleep(poll)
		synctest.Wait()
		b.finds(t, "skærm ", 2)
		b.finds(t, "fakturaen skærmen", 1)
	})
}

// Two changes within a millisecond are two.
func TestFollowerTellsChangesOfOneMomentApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d, now := newDesk(t), time.Now()
		d.write(1, "fakturaen mangler", now)
		n := follow(t, d.store, search.New())
		d.write(1, "skærmen er sort", now)
		n.Wake()
		synctest.Wait()
		n.finds(t, "skærm ", 1)
	})
}

// Commits are not in the order of the times that they bear.
func TestFollowerFindsWhatIsDatedOtherwise(t *testing.T) {
	for _, c := range []struct {
		what   string
		dated  time.Duration // from now
		within time.Duration
	}{
		{"another node's clock is slow", -30 * time.Second, poll},
		{"mail that waited for the store", -72 * time.Hour, time.Minute},
		{"a clock that is ahead", 24 * time.Hour, poll},
	} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t)
			n := follow(t, d.store, search.New())
			d.write(1, "i tide", time.Now())
			time.Sleep(poll)
			d.write(2, "skæv", time.Now().Add(c.dated))
			time.Sleep(c.within)
			synctest.Wait()
			if len(find(n.index, "skæv ")) != 1 {
				t.Errorf("%s: not found within %v", c.what, c.within)
			}
			d.write(3, "bagefter", time.Now())
			time.Sleep(poll)
			synctest.Wait()
			if len(find(n.index, "bagefter ")) != 1 {
				t.Errorf("%s: what came after it is not found", c.what)
			}
		})
	}
}

// Tickets that have no row of their last change were written before there were any.
func TestFollowerFindsOldTickets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		const many = 1203 // several pages
		for i := range many {
			d.write(i, "fakturaen mangler", time.Now())
		}
		for prefix := "index/updated/"; ; {
			rows, err := d.backend.Scan(t.Context(), prefix, store.PrefixEnd(prefix), 500)
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) == 0 {
				break
			}
			for _, r := range rows {
				d.apply(store.Batch{Delete: []string{r.Key}})
			}
		}
		n := follow(t, d.store, search.New())
		if got := n.index.Len(); got != many {
			t.Errorf("%d of %d tickets are in the index", got, many)
		}
		d.write(7, "skærmen er sort", time.Now())
		time.Sleep(poll)
		synctest.Wait()
		n.finds(t, "skærm ", 1)
	})
}

func TestFollowerForgetsWhatIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.write(1, "fakturaen mangler", time.Now())
		d.write(2, "fakturaen er her", time.Now())
		a, b := follow(t, d.store, search.New()), follow(t, d.store, search.New())
		d.delete(1)
		time.Sleep(time.Minute)
		synctest.Wait()
		for _, n := range []*node{a, b} {
			n.finds(t, "faktura ", 1)
			n.finds(t, string(id(1)), 0)
		}
	})
}

// troubled fails while it is told to, and counts what is read.
type troubled struct {
	*store.Store
	failing atomic.Bool
	reads   atomic.Int64
}

var errAway = errors.New("the store is away")

func (s *troubled) Events(ctx context.Context, id ticket.ID) ([]ticket.Event, error) {
	s.reads.Add(1)
	if s.failing.Load() {
		return nil, errAway
	}
	return s.Store.Events(ctx, id)
}

func (s *troubled) TicketsUpdated(ctx context.Context, since time.Time, after string, limit int) (store.Page[store.Change], error) {
	if s.failing.Load() {
		return store.Page[store.Change]{}, errAway
	}
	return s.Store.TicketsUpdated(ctx, since, after, limit)
}

// A store that is away is asked ever less often, told of once, and read again when
// it is back: but not what was read already.
func TestFollowerOutlivesTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		s := &troubled{Store: d.store}
		s.failing.Store(true)
		d.write(1, "fakturaen mangler", time.Now())
		n := follow(t, s, search.New())
		for range 20 {
			n.Wake()
			time.Sleep(30 * time.Second)
		}
		if tries := s.reads.Load(); n.Built() || tries < 10 || tries > 20 {
			t.Errorf("%d tries in ten minutes; built: %v", tries, n.Built())
		}
		s.failing.Store(false)
		time.Sleep(time.Minute)
		synctest.Wait()
		n.finds(t, "faktura ", 1)

		s.failing.Store(true)
		d.write(2, "skærmen er sort", time.Now())
		time.Sleep(5 * time.Second)
		synctest.Wait()
		n.finds(t, "faktura ", 1)
		n.finds(t, "skærm ", 0)
		s.failing.Store(false)
		s.reads.Store(0)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		n.finds(t, "skærm ", 1)
		if got := s.reads.Load(); got != 1 {
			t.Errorf("%d tickets read when the store was back, want the one that is new", got)
		}
		for text, want := range map[string]int{"falls behind": 2, "follows the store again": 2, "index built": 1} {
			if got := strings.Count(n.log.String(), text); got != want {
				t.Errorf("%d lines say %q, want %d:\n%s", got, text, want, n.log.String())
			}
		}
	})
}

// A follower that starts on an index that is there reads what changed meanwhile.
func TestFollowerGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		s := &troubled{Store: d.store}
		d.write(1, "fakturaen mangler", time.Now())
		d.write(2, "fakturaen er her", time.Now())
		x := search.New()
		follow(t, s, x).stop()
		d.write(2, "skærmen er sort", time.Now())
		s.reads.Store(0)
		n := follow(t, s, x)
		n.finds(t, "skærm ", 1)
		n.finds(t, "faktura ", 2)
		if got := s.reads.Load(); got != 1 {
			t.Errorf("%d tickets read, want one", got)
		}
	})
}

// A damaged ticket keeps no other from being found.
func TestFollowerLeavesOutDamagedTickets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		for i := range 5 {
			d.write(i, "fakturaen mangler", time.Now())
		}
		key := "ticket/" + string(id(2))
		whole, err := d.backend.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		d.apply(store.Batch{Put: []store.Record{{Key: key, Value: []byte("no JSON")}}})
		n := follow(t, d.store, search.New())
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		n.finds(t, "faktura ", 4)
		if got := strings.Count(n.log.String(), "cannot be searched"); !n.Built() || got != 1 {
			t.Errorf("built: %v; told %d times, want once", n.Built(), got)
		}
		d.apply(store.Batch{Put: whole})
		time.Sleep(time.Minute)
		synctest.Wait()
		n.finds(t, "faktura ", 5)
	})
}

// Several nodes write and follow at once, and people search meanwhile.
func TestFollowersAmongWriters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		nodes := []*node{follow(t, d.store, search.New()), follow(t, d.store, search.New()), follow(t, d.store, search.New())}
		var group sync.WaitGroup
		const writers, mails = 4, 60
		for w := range writers {
			group.Go(func() {
				for m := range mails {
					d.write(w*10+m%10, fmt.Sprintf("mail%d fra w%d", m, w), time.Now())
					nodes[w%3].Wake()
					find(nodes[w%3].index, "mail fra w")
					time.Sleep(100 * time.Millisecond)
				}
			})
		}
		group.Wait()
		time.Sleep(poll)
		synctest.Wait()
		for _, n := range nodes {
			n.finds(t, "sag", 10*writers)
			for m := range mails {
				n.finds(t, fmt.Sprintf("mail%d ", m), writers)
			}
		}
	})
}
