package web

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"aismarttalk.tech/supportd/ticket"
)

// Who may ask for an operation.
var (
	staffAccess = access{func(t Token) bool { return len(t.roles()) > 0 },
		"this token has no scope of staff; ask the operator for one with staff:support, staff:dev, staff:qa, staff:owner or admin"}
	adminAccess = access{Token.admin,
		"this token has not the scope admin; the operator's is in admin.token of the data folder"}
	reportAccess = access{func(t Token) bool { return t.has(ScopeReport) || len(t.roles()) > 0 },
		"this token has not the scope report; ask the operator for one that has"}
	anyAccess    = access{func(Token) bool { return true }, ""}
	statusAccess = access{func(t Token) bool { return t.has(ScopeStatus) || len(t.roles()) > 0 },
		"this token has not the scope status; ask the operator for one that has"}
)

// access says which tokens open an operation, and what the others are told.
type access struct {
	may     func(Token) bool
	refusal string
}

// allow lets only tokens pass that may, before a byte of the body is read.
func (s *Server) allow(api huma.API, a access) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		t, ok := bearer(s.cfg.Tokens, ctx.Header("Authorization"))
		switch {
		case !ok:
			ctx.SetHeader("WWW-Authenticate", "Bearer")
			_ = huma.WriteErr(api, ctx, http.StatusUnauthorized,
				"send a token: Authorization: Bearer …; the operator's is in admin.token of the data folder")
		case !a.may(t):
			_ = huma.WriteErr(api, ctx, http.StatusForbidden, a.refusal)
		default:
			next(ctx)
		}
	}
}

// HeaderDoor is the header by which the program's own command line says that it
// asks, so that events name it and not the API.
const HeaderDoor = "Supportd-Door"

// Caller is the part of a request that says who asks, and through which program.
// It is exported because huma fills exported parts only.
type Caller struct {
	Authorization string `header:"Authorization" hidden:"true"`
	Door          string `header:"Supportd-Door" hidden:"true"`
}

// token is the caller's; the middleware of the operation let it pass.
func (s *Server) token(c Caller) Token {
	t, _ := bearer(s.cfg.Tokens, c.Authorization)
	return t
}

// actor is in whose name a token acts: its own, or for the admin's that of a
// staff member.
func (s *Server) actor(c Caller, as string) (ticket.Actor, error) {
	t := s.token(c)
	door := ticket.DoorAPI
	if t.admin() && c.Door == string(ticket.DoorCLI) {
		door = ticket.DoorCLI
	}
	if as == "" {
		return ticket.Actor{Address: "token:" + t.Name, Name: t.Name, Roles: t.roles(), Door: door}, nil
	}
	if !t.admin() {
		return ticket.Actor{}, problem(http.StatusForbidden, "only the admin's token may act in another's name; leave out \"as\"")
	}
	for _, p := range s.parts.Staff {
		if ticket.FoldAddress(p.Address) == ticket.FoldAddress(as) {
			return ticket.Actor{Address: p.Address, Name: p.Name, Roles: p.Roles, Door: door}, nil
		}
	}
	return ticket.Actor{}, problem(http.StatusConflict, "nobody of the staff has this address; the configuration lists them under staff")
}
