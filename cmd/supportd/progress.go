package main

import (
	"fmt"
	"io"
	"time"
)

// progressEvery is how often progress is told anew.
const progressEvery = 200 * time.Millisecond

// progress tells somebody at a terminal how far long work has come, on a line that
// is written over. The zero value tells nobody.
type progress struct {
	w     io.Writer
	what  string // mails
	total int
	now   func() time.Time

	done int
	told time.Time
}

// newProgress tells progress where the output does not show it and somebody looks
// on.
func newProgress(h host, what string, total int) *progress {
	if h.terminal || !h.watched {
		return &progress{}
	}
	return &progress{w: h.errOut, what: what, total: total, now: h.now, told: h.now()}
}

// step counts one piece of work.
func (p *progress) step() {
	if p.w == nil {
		return
	}
	p.done++
	if now := p.now(); now.Sub(p.told) >= progressEvery {
		p.told = now
		fmt.Fprintf(p.w, "\r%d of %d %s ", p.done, p.total, p.what)
	}
}

// end clears the line.
func (p *progress) end() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
