package web

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"aismarttalk.tech/supportd/web/page"
)

// APIPath is where the API begins.
const APIPath = "/api/v1"

// Handler is everything that the server answers, also for use without
// listening.
func (s *Server) Handler() http.Handler { return s.http.Handler }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.alive)
	mux.HandleFunc("GET /readyz", s.ready)
	mux.HandleFunc(APIPath+"/", nothingHere)
	caught := false
	for _, m := range s.parts.Mounts {
		mux.Handle(m.Pattern, m.Handler)
		caught = caught || m.Pattern == "/"
	}
	if !caught {
		mux.HandleFunc("/", nothingHere)
	}
	s.register(humago.New(mux, apiConfig(s.parts.Version)))
	return page.BehindProxies(s.cfg.TrustedProxies, withHeaders(mux))
}

// apiConfig switches off what huma adds by itself: its page of documentation
// loads scripts from elsewhere, its $schema links are built from the Host
// header (bad-input 144), and its validation errors echo what was sent.
func apiConfig(version string) huma.Config {
	c := huma.DefaultConfig("supportd", version)
	c.DocsPath, c.SchemasPath, c.CreateHooks = "", "", nil
	c.Transformers = []huma.Transformer{withoutEcho}
	c.RejectUnknownQueryParameters = true
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "A token of http.tokens, or the one in admin.token of the data folder."},
	}
	return c
}

// withHeaders sets on every answer what no answer should lack: browsers are to
// show nothing of it, run nothing of it and keep nothing of it. Pages set their own
// in place of these.
func withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		filePolicy(w.Header())
		next.ServeHTTP(w, r)
	})
}

// filePolicy is for what browsers are to save and never to show.
func filePolicy(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
}

func nothingHere(w http.ResponseWriter, _ *http.Request) {
	writeProblem(w, http.StatusNotFound, "there is nothing here for this method and path; /openapi.json lists what there is")
}
