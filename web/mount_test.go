package web

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/web/page"
)

// mounted is a server with a page and a page for all that is not there, behind a
// proxy.
func mounted(t *testing.T) http.Handler {
	t.Helper()
	s, err := store.New(memkv.New(), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	says := func(text string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(text + " " + r.RemoteAddr)) })
	}
	server, err := New(
		Config{Listen: "127.0.0.1:0", TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}},
		Parts{
			Store: s, Now: func() time.Time { return noon }, Log: zerolog.Nop(),
			Mounts: []page.Mount{{Pattern: "GET /page", Handler: says("page")}, {Pattern: "/", Handler: says("nothing")}},
		},
	)
	if err != nil {
		t.Fatal(err)
	}
	return server.Handler()
}

// Pages stand beside the API, which answers for its own paths itself.
func TestMounts(t *testing.T) {
	h := mounted(t)
	for path, want := range map[string]string{
		"/page": "page 198.51.100.7:0", "/elsewhere": "nothing 198.51.100.7:0",
	} {
		r := httptest.NewRequest("GET", path, nil)
		r.RemoteAddr = "10.0.0.1:5"
		r.Header.Set("X-Forwarded-For", "203.0.113.1, 198.51.100.7")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Body.String() != want {
			t.Errorf("%s: %s, want %s", path, w.Body, want)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/api/v1/nothing", nil))
	if w.Code != http.StatusNotFound || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("a path of the API: %d %s", w.Code, w.Body)
	}
}
