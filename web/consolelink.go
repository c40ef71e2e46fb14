package web

import (
	"context"
	"errors"
	"net/http"

	"aismarttalk.tech/supportd/desk"
)

// SignIns make links into the console; desk.Desk's methods say more.
type SignIns interface {
	SignInLink(ctx context.Context, address string) (string, error)
}

// ConsoleLinkOrder is what POST /console/link takes.
type ConsoleLinkOrder struct {
	As string `json:"as" minLength:"3" maxLength:"320" doc:"The address of the staff member whom the link signs in."`
}

// ConsoleLink is a link into the console.
type ConsoleLink struct {
	Path string `json:"path" doc:"Of the console, below the address at which browsers reach it. It works once, for 15 minutes."`
}

type consoleLinkRequest struct{ Body ConsoleLinkOrder }

type consoleLinkAnswer struct{ Body ConsoleLink }

func (s *Server) consoleLink(ctx context.Context, r *consoleLinkRequest) (*consoleLinkAnswer, error) {
	path, err := s.parts.SignIns.SignInLink(ctx, r.Body.As)
	if errors.Is(err, desk.ErrNoStaff) {
		return nil, problem(http.StatusConflict, "nobody of the staff has this address; the configuration lists them under staff")
	}
	if err != nil {
		return nil, s.failed(err, "making a sign-in link")
	}
	return &consoleLinkAnswer{ConsoleLink{Path: path}}, nil
}
