package web

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
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
	mux.HandleFunc("/", nothingHere)
	s.register(humago.New(mux, apiConfig(s.parts.Version)))
	return withHeaders(mux)
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

// register lists the operations.
func (s *Server) register(api huma.API) {
	staff := s.staffOnly(api)
	get := func(id, path, summary string) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: http.MethodGet, Path: APIPath + path, Summary: summary, Middlewares: staff,
			Security: []map[string][]string{{"token": {}}}, Errors: []int{400, 401, 403, 404, 503},
		}
	}
	huma.Register(api, get("list-tickets", "/tickets", "List tickets, the oldest first; without a filter state after state"), s.listTickets)
	huma.Register(api, get("get-ticket", "/tickets/{id}", "One ticket, with all that happened to it"), s.getTicket)
	huma.Register(api, get("list-mails", "/mails", "List what became of mails, oldest first"), s.listMails)
	huma.Register(api, get("list-outbox", "/outbox", "List letters by how far they have come"), s.listOutbox)

	// A mail in the journal may turn out to be damaged.
	gone := func(o huma.Operation) huma.Operation {
		o.Errors = append(o.Errors, http.StatusGone)
		return o
	}
	huma.Register(api, gone(get("get-raw-mail", "/tickets/{id}/raw/{mail}", "A mail of a ticket, as it came")), s.getRawMail)
	huma.Register(api, gone(get("get-mail", "/mails/{mail}", "What became of one mail, and why")), s.getMail)

	post := func(id, path, summary string) huma.Operation {
		o := get(id, path, summary)
		o.Method = http.MethodPost
		o.MaxBodyBytes, o.BodyReadTimeout = s.cfg.MaxBodyBytes, s.cfg.ReadTimeout
		o.Errors = append(o.Errors, 408, 409, 413, 422)
		return o
	}
	huma.Register(api, post("command-ticket", "/tickets/{id}/commands", "Do something to a ticket"), s.command)
	admin := func(o huma.Operation) huma.Operation {
		o.Middlewares = s.allow(api, Token.admin, "this token has not the scope admin; the operator's is in admin.token of the data folder")
		return o
	}
	if s.parts.Replay != nil {
		huma.Register(api, admin(post("replay", "/replay", "File mails of the journal again, after the store has lost them")), s.replay)
	}
	if s.parts.Keeping != nil {
		long := func(o huma.Operation) huma.Operation {
			o = admin(o)
			o.Middlewares = append(o.Middlewares, longAnswer)
			return o
		}
		huma.Register(api, long(get("backup", "/backup", "A backup of store, keys, journal and archive, as a tar stream that ends with its manifest")), s.backup)
		huma.Register(api, long(get("export-person", "/person/export", "All that is kept of one person, as a tar stream")), s.exportPerson)
		huma.Register(api, long(post("erase-person", "/person/erase", "Erase what is kept of one person")), s.erasePerson)
		take := admin(post("import", "/import", "Take in an old mail"))
		take.MaxBodyBytes = s.cfg.MaxImportBytes
		huma.Register(api, take, s.importMail)
	}
}

// staffOnly lets only tokens of staff and of the admin pass.
func (s *Server) staffOnly(api huma.API) huma.Middlewares {
	return s.allow(api, func(t Token) bool { return len(t.roles()) > 0 },
		"this token has no scope of staff; ask the operator for one with staff:support, staff:dev, staff:qa, staff:owner or admin")
}

// allow lets only tokens pass that may, before a byte of the body is read.
func (s *Server) allow(api huma.API, may func(Token) bool, refusal string) huma.Middlewares {
	return huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
		t, ok := bearer(s.cfg.Tokens, ctx.Header("Authorization"))
		switch {
		case !ok:
			ctx.SetHeader("WWW-Authenticate", "Bearer")
			_ = huma.WriteErr(api, ctx, http.StatusUnauthorized,
				"send a token: Authorization: Bearer …; the operator's is in admin.token of the data folder")
		case !may(t):
			_ = huma.WriteErr(api, ctx, http.StatusForbidden, refusal)
		default:
			next(ctx)
		}
	}}
}

// withHeaders sets on every answer what no answer should lack: browsers are to
// show nothing of it, run nothing of it and keep nothing of it.
func withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func nothingHere(w http.ResponseWriter, _ *http.Request) {
	writeProblem(w, http.StatusNotFound, "there is nothing here for this method and path; /openapi.json lists what there is")
}
