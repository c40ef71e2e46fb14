package web

import (
	"context"

	"aismarttalk.tech/supportd/ticket"
)

// TokenInfo is what a token opens, for the program that has it.
type TokenInfo struct {
	Name   string        `json:"name"`
	Scopes []Scope       `json:"scopes"`
	Roles  []ticket.Role `json:"roles" doc:"The roles of staff in which it acts."`
}

type tokenRequest struct{ Caller }

type tokenAnswer struct{ Body TokenInfo }

func (s *Server) tokenInfo(_ context.Context, r *tokenRequest) (*tokenAnswer, error) {
	t := s.token(r.Caller)
	return &tokenAnswer{TokenInfo{Name: t.Name, Scopes: orEmpty(t.Scopes), Roles: orEmpty(t.roles())}}, nil
}
