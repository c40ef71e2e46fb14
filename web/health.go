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
}

// checkTimeout bounds each check, so that a part that hangs is told of as one
// that fails.
const checkTimeout = 2 * time.Second

type health struct {
	Status string            `json:"status"` // ok, failing, stopping
	Checks map[string]string `json:"checks,omitempty"`
}

// alive says that the process answers, and nothing more.
func (s *Server) alive(w http.ResponseWriter, _ *http.Request) {
	writeHealth(w, http.StatusOK, health{Status: "ok"})
}

// ready names each part and whether it works: 503 if one does not.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	h := health{Status: "ok", Checks: map[string]string{}}
	code := http.StatusOK
	for _, c := range s.parts.Checks {
		ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
		err := c.Do(ctx)
		cancel()
		h.Checks[c.Name] = "ok"
		if err != nil {
			s.log.Warn().Str("part", c.Name).Err(err).Msg("not ready")
			h.Checks[c.Name] = "failing"
			h.Status, code = "failing", http.StatusServiceUnavailable
		}
	}
	if s.draining.Load() {
		h.Status, code = "stopping", http.StatusServiceUnavailable
	}
	writeHealth(w, code, h)
}

func writeHealth(w http.ResponseWriter, code int, h health) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(h) // the client's loss
}
