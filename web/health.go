package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Check asks one part of the daemon whether it works. The error is logged and
// not shown: /readyz may be asked by anybody.
type Check struct {
	Name string
	Do   func(context.Context) error
	// Optional: without it the daemon does its work, if less of it.
	Optional bool
}

// checkTimeout bounds each check, so that a part that hangs is told of as one
// that fails.
const checkTimeout = 2 * time.Second

// Health is the answer of /readyz: 200 if all is well that it cannot do without, else 503.
type Health struct {
	Status string            `json:"status"`           // one of those below
	Checks map[string]string `json:"checks,omitempty"` // name → ok or failing
}

// What a daemon says of itself.
const (
	HealthOK       = "ok"
	HealthFailing  = "failing"
	HealthStopping = "stopping"
)

// Run makes the check, for checkTimeout at most.
func (c Check) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	return c.Do(ctx)
}

// alive says that the process answers, and nothing more.
func (s *Server) alive(w http.ResponseWriter, _ *http.Request) {
	writeHealth(w, http.StatusOK, Health{Status: HealthOK})
}

// ready names each part and whether it works: 503 if one does not that is not optional.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	h := Health{Status: HealthOK, Checks: map[string]string{}}
	code := http.StatusOK
	for _, c := range s.parts.Checks {
		err := c.Run(r.Context())
		h.Checks[c.Name] = HealthOK
		if err != nil {
			s.log.Warn().Str("part", c.Name).Err(err).Msg("not ready")
			h.Checks[c.Name] = HealthFailing
			if !c.Optional {
				h.Status, code = HealthFailing, http.StatusServiceUnavailable
			}
		}
	}
	if s.draining.Load() {
		h.Status, code = HealthStopping, http.StatusServiceUnavailable
	}
	writeHealth(w, code, h)
}

func writeHealth(w http.ResponseWriter, code int, h Health) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(h) // the client's loss
}
