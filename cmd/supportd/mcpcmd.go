package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"

	"aismarttalk.tech/supportd/web/mcp"
)

type mcpCommand struct {
	configFlags
	TokenFile string `required:"" placeholder:"FILE" help:"The file of the token to ask with; its scopes say which tools there are."`
	URL       string `placeholder:"URL" help:"Where the daemon answers, such as https://support.firma.example. Without it the daemon of the data folder."`
}

// Run answers one client of the Model Context Protocol on the standard streams until
// its end of the input.
func (m *mcpCommand) Run(ctx context.Context, h host) error {
	secret, err := os.ReadFile(m.TokenFile)
	if err != nil {
		return failf(exitFailed, "the token cannot be read: %s", reason(err))
	}
	base := m.URL
	if base == "" {
		cfg, err := m.load(h.env)
		if err != nil {
			return err
		}
		r, ok, err := readRunning(cfg.DataDir)
		if err != nil {
			return failf(exitFailed, "the data folder cannot be read: %s", reason(err))
		}
		if !ok {
			return failf(exitTemporary, "no daemon runs on %s; start it with: supportd serve, or give --url", cfg.DataDir)
		}
		base = "http://" + r.HTTP
	}
	server, err := mcp.New(mcp.Config{
		API:  &http.Client{Timeout: apiPatience, Transport: asking{token: strings.TrimSpace(string(secret))}},
		Base: base, Version: buildVersion().Version,
	})
	if err != nil {
		return err
	}
	if err := server.Stdio(ctx, io.NopCloser(h.in), leftOpen{h.out}); err != nil {
		return failf(exitTemporary, "%s", reason(err))
	}
	return nil
}

// asking sends a token with every request.
type asking struct{ token string }

func (a asking) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+a.token)
	return http.DefaultTransport.RoundTrip(r)
}

// leftOpen is a stream that others close.
type leftOpen struct{ io.Writer }

func (leftOpen) Close() error { return nil }
