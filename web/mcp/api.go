package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// api asks the HTTP API in a caller's name.
type api struct {
	client *http.Client
	base   string
}

// headerPeer carries the address of a client from the handler to its tools. What
// the client itself sends under this name is overwritten.
const headerPeer = "Supportd-Peer"

// caller is who asks: his token, and from where, since limits go by that.
type caller struct {
	authorization string // "": the client of the API sends its own
	peer          string
}

func callerOf(h http.Header) caller {
	return caller{authorization: h.Get("Authorization"), peer: h.Get(headerPeer)}
}

// maxAnswer bounds what is read of one answer, in bytes.
const maxAnswer = 8 << 20

// errUnavailable is what a tool says when the desk does not answer. What went wrong
// inside is for the log of the daemon, not for a model.
var errUnavailable = errors.New("the desk does not answer; try again in a moment")

// ask sends a request and returns the status and the answer.
func (a api) ask(ctx context.Context, c caller, method, path string, query url.Values, body any, header http.Header) (int, []byte, error) {
	var send io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return 0, nil, fmt.Errorf("encoding a request: %w", err)
		}
		send = bytes.NewReader(data)
	}
	address := a.base + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, method, address, send)
	if err != nil {
		return 0, nil, errUnavailable
	}
	r.RemoteAddr = c.peer
	for name, values := range header {
		r.Header[name] = values
	}
	if c.authorization != "" {
		r.Header.Set("Authorization", c.authorization)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := a.client.Do(r)
	if err != nil {
		return 0, nil, errUnavailable
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return 0, nil, errUnavailable
	}
	return answer.StatusCode, data, nil
}

// call is ask for an answer that must be a good one, as a JSON object. What the API
// refuses is told in its own words, which are meant for the caller.
func (a api) call(ctx context.Context, c caller, method, path string, query url.Values, body any, header http.Header) (map[string]any, error) {
	status, data, err := a.ask(ctx, c, method, path, query, body, header)
	if err != nil {
		return nil, err
	}
	var object map[string]any
	if err := json.Unmarshal(data, &object); err != nil {
		return nil, errUnavailable
	}
	if status >= 300 {
		return nil, refusal(status, object)
	}
	return object, nil
}

func refusal(status int, problem map[string]any) error {
	text, _ := problem["detail"].(string)
	if text == "" {
		text = http.StatusText(status)
	}
	faults, _ := problem["errors"].([]any)
	for _, f := range faults {
		fault, _ := f.(map[string]any)
		text += fmt.Sprintf("; %v: %v", fault["location"], fault["message"])
	}
	return errors.New(text)
}

// grant is what a token opens.
type grant struct{ Scopes []string }

// grant asks what a caller's token opens. Any status but 200 is the API's refusal.
func (a api) grant(ctx context.Context, c caller) (grant, int, error) {
	var g grant
	status, data, err := a.ask(ctx, c, http.MethodGet, "/api/v1/token", nil, nil, nil)
	if err != nil || status != http.StatusOK {
		return g, status, err
	}
	if err := json.Unmarshal(data, &g); err != nil {
		return g, 0, errUnavailable
	}
	return g, status, nil
}

// need is what a tool wants of a token.
type need struct {
	scope string // as the refusal names it; "": any token will do
	staff bool   // a role of staff will do
}

// may reports whether the API would let a token through; that decides in the end.
func (g grant) may(n need) bool {
	isStaff := func(s string) bool { return s == "admin" || strings.HasPrefix(s, "staff:") }
	return n.scope == "" || slices.Contains(g.Scopes, n.scope) || n.staff && slices.ContainsFunc(g.Scopes, isStaff)
}
