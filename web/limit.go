package web

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"aismarttalk.tech/supportd/web/page"
)

// Limits of questions that need no token, and of reports with one.
const (
	publicPerMinute  = 30  // from one network
	publicInAll      = 600 // a minute, from all
	reportsPerMinute = 120 // with one token
)

// limited turns requests away that are too many from one network, or with one
// token.
func (s *Server) limited(api huma.API, l *page.Limit) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		name := page.Network(ctx.RemoteAddr())
		t, known := bearer(s.cfg.Tokens, ctx.Header("Authorization"))
		if known {
			name = "token " + t.Name
		}
		if !l.Pass(name) && !(known && len(t.roles()) > 0) {
			ctx.SetHeader("Retry-After", "60")
			_ = huma.WriteErr(api, ctx, http.StatusTooManyRequests, "too many requests; try again in a minute")
			return
		}
		next(ctx)
	}
}
