package page

import (
	"errors"
	"net/http"
	"os"
	"strings"
)

// Guard is what stands before a page.
type Guard struct {
	MaxBody int64  // bytes of a request's body; 0 means 64 KiB
	Limit   *Limit // by network; nil lets all pass
	// FramedBy are the sites that may show the page in a frame, https://firma.example;
	// none: nobody may.
	FramedBy []string
	// Framing lets the page show pages of ours in frames of its own.
	Framing bool
}

const maxFormBody = 64 << 10

// Guard has a page answer with the headers that every page bears, and only requests
// that are not too many, not too large, and, if they change something, not sent by
// a page of another site (bad-input 142).
//
// That is told by Sec-Fetch-Site, which browsers set where the page came by TLS or
// from this machine. They send "Origin: null" from our pages, since those tell
// nobody where they were: on plain HTTP elsewhere forms are refused.
func (s *Site) Guard(g Guard, next http.Handler) http.Handler {
	policy := g.policy()
	if g.MaxBody == 0 {
		g.MaxBody = maxFormBody
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Robots-Tag", "noindex")
		h.Set("Cache-Control", "no-store")
		if err := s.origin.Check(r); err != nil {
			s.Error(w, r, http.StatusForbidden)
			return
		}
		if g.Limit != nil && !g.Limit.Pass(Network(r.RemoteAddr)) {
			h.Set("Retry-After", "60")
			s.Error(w, r, http.StatusTooManyRequests)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, g.MaxBody)
		next.ServeHTTP(w, r)
	})
}

func (g Guard) policy() string {
	ancestors, frames := "'none'", ""
	if len(g.FramedBy) > 0 {
		ancestors = strings.Join(g.FramedBy, " ")
	}
	if g.Framing {
		frames = "frame-src 'self'; "
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " + frames +
		"frame-ancestors " + ancestors + "; form-action 'self'; base-uri 'none'"
}

// Form reads the form of a request, without its files. If it cannot, it has
// answered, and reports false.
func (s *Site) Form(w http.ResponseWriter, r *http.Request) bool {
	if err := r.ParseForm(); err != nil {
		s.Unreadable(w, r, err)
		return false
	}
	return true
}

// Unreadable answers a request whose body could not be read.
func (s *Site) Unreadable(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusBadRequest
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		status = http.StatusRequestEntityTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		status = http.StatusRequestTimeout
	}
	s.Error(w, r, status)
}
