package console

import (
	"slices"
	"sync"

	"aismarttalk.tech/supportd/ticket"
)

// Bounds of what is told to open pages.
const (
	liveReaders = 500 // pages that listen at once
	liveBuffer  = 64  // messages that one may be behind
)

// live tells open pages which tickets have changed, and who else reads the one that
// they show. What happened a page asks for itself: a message is a hint, and one that
// is lost is made good when the page comes back. It is safe for concurrent use.
type live struct {
	mu     sync.Mutex         // guards all below
	pages  map[*openPage]bool // that listen
	closed bool
}

// openPage is a page that somebody has open and that listens.
type openPage struct {
	address, name string
	ticket        ticket.ID // that it shows; "" for a list
	hints         chan hint // closed when the page is cut off
}

// hint is one thing to look at anew.
type hint struct {
	Kind    string    // ticket, readers
	Ticket  ticket.ID // that has changed
	Readers []string  // of the ticket that the page shows, without its own
}

func newLive() *live { return &live{pages: map[*openPage]bool{}} }

// join begins to tell a page; nil if too many listen, or the daemon stops.
func (l *live) join(address, name string, id ticket.ID) *openPage {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(l.pages) >= liveReaders {
		return nil
	}
	p := &openPage{address: address, name: name, ticket: id, hints: make(chan hint, liveBuffer)}
	l.pages[p] = true
	l.tellReaders(id)
	return p
}

func (l *live) leave(p *openPage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drop(p)
	l.tellReaders(p.ticket)
}

// changed tells all pages of a ticket. It never blocks.
func (l *live) changed(id ticket.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for p := range l.pages {
		l.tell(p, hint{Kind: "ticket", Ticket: id})
	}
}

// readers are the others who have a ticket open, each once, by name.
func (l *live) readers(id ticket.ID, without string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.readersOf(id, without)
}

func (l *live) readersOf(id ticket.ID, without string) []string {
	var names []string
	for p := range l.pages {
		if p.ticket == id && p.address != without && !slices.Contains(names, p.name) {
			names = append(names, p.name)
		}
	}
	slices.Sort(names)
	return names
}

// tellReaders tells the pages of a ticket who reads it.
func (l *live) tellReaders(id ticket.ID) {
	if id == "" {
		return
	}
	for p := range l.pages {
		if p.ticket == id {
			l.tell(p, hint{Kind: "readers", Ticket: id, Readers: l.readersOf(id, p.address)})
		}
	}
}

// tell cuts a page off that is too far behind: it comes back and looks at all anew.
func (l *live) tell(p *openPage, h hint) {
	select {
	case p.hints <- h:
	default:
		l.drop(p)
	}
}

func (l *live) drop(p *openPage) {
	if l.pages[p] {
		delete(l.pages, p)
		close(p.hints)
	}
}

func (l *live) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for p := range l.pages {
		l.drop(p)
	}
}
