package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/web"
)

// httpAnswer is what a request got.
type httpAnswer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request; further headers come in pairs of name and value. Redirects
// are not followed.
func (c *badCase) ask(token, method, path, body string, headers ...string) httpAnswer {
	c.Helper()
	r, err := http.NewRequestWithContext(c.Context(), method, c.api.base+path, strings.NewReader(body))
	if err != nil {
		c.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		if r.Header.Set(headers[i], headers[i+1]); headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		c.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		c.Fatal(err)
	}
	return httpAnswer{answer.StatusCode, answer.Header, string(data)}
}

// fetch asks for the nth file of a mail, counted from 1.
func (c *badCase) fetch(m web.MailDetails, n int) httpAnswer {
	c.Helper()
	return c.ask(c.api.token, "GET", filePath(m, n), "")
}

// reportSecret and statusSecret are tokens of a program that reports, and of one
// that may only ask.
const (
	reportSecret = "a form on the web site reports with this token"
	statusSecret = "a page on the web site asks with this token"
)

// withPrograms gives tokens to programs.
func withPrograms(t *testing.T, s *houseSettings) {
	token := func(name, secret string, scopes ...string) tokenSettings {
		path := filepath.Join(t.TempDir(), name+".token")
		if err := os.WriteFile(path, []byte(secret), 0o600); err != nil {
			t.Fatal(err)
		}
		return tokenSettings{Name: name, TokenFile: path, Scopes: scopes}
	}
	s.HTTP.Tokens = []tokenSettings{token("form", reportSecret, "report", "status"), token("page", statusSecret, "status")}
}
