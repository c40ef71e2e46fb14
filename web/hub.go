package web

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Bounds of the stream of events.
const (
	// hubMemory is how many events can be asked for again.
	hubMemory = 1024
	// hubBuffer is how far a listener may fall behind before he is cut off.
	hubBuffer = 256
	// hubKnown bounds of how many tickets the hub knows what was told.
	hubKnown = 10_000
	// hubListeners is how many may listen at once.
	hubListeners = 100
)

// StreamEvent is an event of a ticket as listeners get it.
type StreamEvent struct {
	Ticket ticket.ID    `json:"ticket"`
	State  ticket.State `json:"state" doc:"Of the ticket now, which may be after later events."`
	Event
}

// told is an event with its place in the stream.
type told struct {
	place uint64
	event StreamEvent
}

// hub tells listeners what happens to tickets. Changed is told which have changed;
// Run reads what happened to them. A place in the stream holds within this process:
// its name begins with that of the hub. It is safe for concurrent use.
type hub struct {
	store *store.Store
	log   zerolog.Logger
	name  string // in IDs
	wake  chan struct{}
	ended chan struct{} // closed with the hub

	mu        sync.Mutex // guards all below
	closed    bool
	changed   map[ticket.ID]bool
	known     map[ticket.ID]int // number of the latest event that was told
	last      uint64            // place of the latest event
	memory    []told            // the latest, in order
	listeners map[*listener]bool
}

type listener struct {
	events chan told // closed when the listener is cut off
}

func newHub(st *store.Store, started time.Time, log zerolog.Logger) *hub {
	return &hub{
		store: st, log: log, name: strconv.FormatInt(started.UnixMilli(), 36),
		changed: map[ticket.ID]bool{}, wake: make(chan struct{}, 1), ended: make(chan struct{}), known: map[ticket.ID]int{}, listeners: map[*listener]bool{},
	}
}

// Changed says that a ticket was changed. It never blocks.
func (h *hub) Changed(id ticket.ID) {
	h.mu.Lock()
	h.changed[id] = true
	h.mu.Unlock()
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// Run tells until ctx ends.
func (h *hub) Run(ctx context.Context) {
	defer h.close()
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.ended:
			return
		case <-h.wake:
		}
		for _, id := range h.take() {
			if err := h.read(ctx, id); err != nil && ctx.Err() == nil {
				h.log.Warn().Err(err).Str("ticket", string(id)).Msg("reading what happened to a ticket; listeners are not told")
			}
		}
	}
}

func (h *hub) take() []ticket.ID {
	h.mu.Lock()
	defer h.mu.Unlock()
	ids := make([]ticket.ID, 0, len(h.changed))
	for id := range h.changed {
		ids = append(ids, id)
	}
	clear(h.changed)
	return ids
}

// read tells what happened to a ticket since it was told of last; of one that was
// not told of yet, the latest command.
func (h *hub) read(ctx context.Context, id ticket.ID) error {
	t, ok, err := h.store.Ticket(ctx, id)
	if err != nil || !ok {
		return err
	}
	events, err := h.store.Events(ctx, id)
	if err != nil || len(events) == 0 {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	from, known := h.known[id]
	if !known {
		from = max(events[len(events)-1].Command, 1) - 1
	}
	if len(h.known) >= hubKnown {
		clear(h.known)
	}
	h.known[id] = len(events)
	for _, e := range events[min(from, len(events)):] {
		h.tell(StreamEvent{Ticket: id, State: t.State, Event: eventOf(e)})
	}
	return nil
}

// tell hands an event to all listeners. One whose buffer is full is cut off: he
// comes back and asks for what he missed.
func (h *hub) tell(e StreamEvent) {
	h.last++
	one := told{h.last, e}
	h.memory = append(h.memory, one)
	if over := len(h.memory) - hubMemory; over > 0 {
		h.memory = append(h.memory[:0:0], h.memory[over:]...)
	}
	for l := range h.listeners {
		select {
		case l.events <- one:
		default:
			h.drop(l)
		}
	}
}

func (h *hub) drop(l *listener) {
	if h.listeners[l] {
		delete(h.listeners, l)
		close(l.events)
	}
}

// listen begins a stream behind an ID, or now if it is "". Missed are the events
// in between; gap says that there were more than the hub remembers, so that the
// listener must read anew what he shows. It returns nil if too many listen.
func (h *hub) listen(after string) (l *listener, missed []told, gap bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.listeners) >= hubListeners {
		return nil, nil, false
	}
	if after != "" {
		missed, gap = h.since(after)
	}
	l = &listener{events: make(chan told, hubBuffer)}
	h.listeners[l] = true
	return l, missed, gap
}

func (h *hub) since(after string) (missed []told, gap bool) {
	name, number, _ := strings.Cut(after, "-")
	place, err := strconv.ParseUint(number, 10, 64)
	if err != nil || name != h.name || place > h.last {
		return nil, true // of a former run
	}
	if place == h.last {
		return nil, false
	}
	first := h.memory[0].place
	if place+1 < first {
		return nil, true
	}
	return append([]told(nil), h.memory[place+1-first:]...), false
}

func (h *hub) leave(l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(l)
}

// id names a place in the stream.
func (h *hub) id(place uint64) string { return fmt.Sprintf("%s-%d", h.name, place) }

// now is the ID of the latest place.
func (h *hub) now() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.id(h.last)
}

// close ends all streams.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	h.closed = true
	close(h.ended)
	for l := range h.listeners {
		h.drop(l)
	}
}
