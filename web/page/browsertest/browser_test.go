package browsertest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// A browser that told nothing of faults would let all pages pass: each kind is told.
func TestFaultsAreTold(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/gone.png":
			http.NotFound(w, r)
			return
		case "/favicon.ico": // a browser asks when it likes
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'self'; style-src 'self'; script-src 'self' 'unsafe-inline'")
		_, _ = w.Write([]byte(`<!doctype html><html><title>x</title><p style="color: red">x</p><img src="/gone.png">
<script>console.log("said"); setTimeout(() => { throw new Error("thrown"); })</script>`))
	}))
	t.Cleanup(server.Close)
	b := Start(t)
	tab := b.Tab(time.Unix(0, 0))
	tab.Open(server.URL)
	for _, want := range []string{"Content Security Policy", "gone.png", "said", "thrown"} {
		if !b.until(func() bool {
			b.mu.Lock()
			defer b.mu.Unlock()
			return slices.ContainsFunc(b.faults, func(f string) bool { return strings.Contains(f, want) })
		}) {
			t.Errorf("nothing is told of %q", want)
			continue
		}
		b.Expect(want)
	}
	if got := tab.Eval("new Date().getTime()"); got != "0" {
		t.Errorf("the page's clock says %s", got)
	}
	if axe := Axe(t, "../../.."); axe != "" {
		found := strings.Join(tab.Violations(axe), "\n")
		for _, rule := range []string{"html-has-lang", "image-alt"} {
			if !strings.Contains(found, rule) {
				t.Errorf("axe found no fault of %s, but %s", rule, found)
			}
		}
	}
}
