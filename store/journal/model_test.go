package journal

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// model is what a journal is to its users: a list.
type model struct {
	mails []*modelled // in order of acceptance
}

type modelled struct {
	id     ID
	text   string
	state  State
	handed bool
	reason string
}

func (m *model) in(state State, handed bool) []*modelled {
	var list []*modelled
	for _, x := range m.mails {
		if x.state == state && x.handed == handed {
			list = append(list, x)
		}
	}
	return list
}

// Any sequence of calls, restarts included, does to the journal what it does to
// a list.
func TestModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "")
		if err != nil {
			rt.Fatal(err)
		}
		clk := newClock()
		cfg := Config{Dir: dir, SegmentBytes: 1500, LargeBytes: 300, Retention: 10 * time.Hour}
		deps := Deps{Now: clk.now, Boot: "a", disk: rapidDisk{}}
		j, err := Open(cfg, deps)
		if err != nil {
			rt.Fatal(err)
		}
		defer func() { j.Close() }()
		m := &model{}

		pick := func(rt *rapid.T, from []*modelled) *modelled {
			if len(from) == 0 {
				rt.Skip("none")
			}
			return rapid.SampledFrom(from).Draw(rt, "mail")
		}
		ok := func(err error) {
			if err != nil {
				rt.Fatal(err)
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"put": func(rt *rapid.T) {
				text := strings.Repeat("x", rapid.IntRange(0, 600).Draw(rt, "size"))
				id, err := j.Put(t.Context(), envelope(""), strings.NewReader(text))
				ok(err)
				m.mails = append(m.mails, &modelled{id: id, text: text, state: StatePending})
				clk.advance(time.Minute)
			},
			"next": func(rt *rapid.T) {
				waiting := m.in(StatePending, false)
				if len(waiting) == 0 {
					idle(t, j)
					return
				}
				got, err := j.Next(t.Context())
				ok(err)
				if got.ID != waiting[0].id {
					rt.Fatalf("Next: %s, want the oldest, %s", got.ID, waiting[0].id)
				}
				waiting[0].handed = true
			},
			"done": func(rt *rapid.T) {
				x := pick(rt, m.in(StatePending, rapid.Bool().Draw(rt, "handed")))
				ok(j.Done(x.id))
				x.state, x.handed = StateDone, false
			},
			"release": func(rt *rapid.T) {
				x := pick(rt, m.in(StatePending, true))
				j.Release(x.id, time.Time{})
				x.handed = false
			},
			"park": func(rt *rapid.T) {
				x := pick(rt, m.in(StatePending, true))
				reason := rapid.String().Draw(rt, "reason")
				ok(j.Park(x.id, reason))
				x.state, x.handed, x.reason = StateParked, false, strings.ToValidUTF8(reason, "\uFFFD")
			},
			"retry": func(rt *rapid.T) {
				x := pick(rt, m.in(StateParked, false))
				ok(j.Retry(x.id))
				x.state = StatePending
			},
			"restart": func(rt *rapid.T) {
				ok(j.Close())
				var err error
				j, err = Open(cfg, deps)
				ok(err)
				for _, x := range m.in(StatePending, true) {
					x.handed = false
				}
			},
			"sweep": func(rt *rapid.T) {
				clk.advance(time.Hour)
				ok(j.Sweep(t.Context(), clk.now(), nil))
				// Which done mails are old enough depends on their segments; but
				// none that is younger than the retention may be gone.
				m.mails = slices.DeleteFunc(m.mails, func(x *modelled) bool {
					_, err := j.Read(x.id)
					gone := errors.Is(err, ErrNotFound)
					if gone && (x.state != StateDone || clk.now().Sub(x.id.Time()) <= cfg.Retention) {
						rt.Fatalf("Sweep deleted mail %s, %s", x.id, x.state)
					}
					return gone
				})
			},
			"replay": func(rt *rapid.T) {
				since := clk.now().Add(-time.Duration(rapid.IntRange(0, 300).Draw(rt, "minutes")) * time.Minute)
				want := 0
				for _, x := range m.in(StateDone, false) {
					if !x.id.Time().Before(since) {
						x.state = StatePending
						want++
					}
				}
				n, err := j.Replay(since)
				ok(err)
				if n != want {
					rt.Fatalf("Replay: %d, want %d", n, want)
				}
			},
			"": func(rt *rapid.T) { m.compare(rt, j) },
		})
	})
}

// compare checks the whole journal, by its own account and by a reader's.
func (m *model) compare(rt *rapid.T, j *Journal) {
	st := j.Stats()
	pending := len(m.in(StatePending, true)) + len(m.in(StatePending, false))
	if st.Pending != pending || st.Parked != len(m.in(StateParked, false)) || st.Damaged != 0 {
		rt.Fatalf("%+v, want %d pending, %d parked", st, pending, len(m.in(StateParked, false)))
	}
	r := &Reader{layout: j.layout, boot: j.deps.Boot}
	i := 0
	for item, err := range r.All() {
		if err != nil || i == len(m.mails) {
			rt.Fatalf("mail %d of %d: %v", i, len(m.mails), err)
		}
		x := m.mails[i]
		b, err := item.Bytes()
		if err != nil || item.ID != x.id || string(b) != x.text || item.State != x.state {
			rt.Fatalf("mail %d: %s %s with %d bytes, %v; want %s %s with %d", i, item.ID, item.State, len(b), err, x.id, x.state, len(x.text))
		}
		if x.state == StateParked && item.Parked.Reason != x.reason {
			rt.Fatalf("parked because of %q, want %q", item.Parked.Reason, x.reason)
		}
		i++
	}
	if i != len(m.mails) {
		rt.Fatalf("%d mails, want %d", i, len(m.mails))
	}
}
