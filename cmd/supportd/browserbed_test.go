package main

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page/browsertest"
)

// The sites of the tests in a real browser, as their visitors call them.
const (
	supportSite = "https://support.firma.example"
	clientSite  = "https://www.kunde.example"
)

// browserBed is a daemon behind a TLS proxy, with SMTP, a relay and a stopped clock,
// the page of a client that shows the widget, and a browser that reaches both.
type browserBed struct {
	*talk
	browser *browsertest.Browser
	proxy   *httptest.Server
}

// newBrowserBed begins at a time as scripts write it.
func newBrowserBed(t *testing.T, at string) *browserBed {
	t.Helper()
	if testing.Short() {
		t.Skip("it starts a browser")
	}
	b := &browserBed{talk: newTalk(t)}
	b.set(at, []string{
		"desk.public_url=" + supportSite, "http.widget_sites=[" + clientSite + "]", "http.trusted_proxies=[127.0.0.1/32]",
	})
	daemon := &url.URL{Scheme: "http", Host: b.daemon.web.Addr().String()}
	b.proxy = httptest.NewTLSServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(daemon)
			r.SetXForwarded()
			r.Out.Host = r.In.Host
		},
		ErrorLog: log.New(io.Discard, "", 0), // of streams that end with their page
	})
	t.Cleanup(b.proxy.Close)
	client := httptest.NewTLSServer(http.HandlerFunc(clientPage))
	t.Cleanup(client.Close)
	b.browser = browsertest.Start(t, "support.firma.example", b.proxy.Listener.Addr().String(), "www.kunde.example", client.Listener.Addr().String())
	return b
}

// clientPage is a page of somebody else's: one line of it is ours.
func clientPage(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		w.WriteHeader(http.StatusNoContent) // the icon
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(`<!doctype html><html lang="da"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Kundens side</title><main><h1>Kundens side</h1><p>Her sælger vi stole.</p></main>
<script src="` + supportSite + `/widget.js" async></script></html>`))
}

// tab is a browser of somebody's own, as wide as a screen.
func (b *browserBed) tab() *browsertest.Tab {
	b.t.Helper()
	tab := b.browser.Tab(b.clock.now())
	tab.Language("da")
	tab.Show(browsertest.Look{Width: 1200, Height: 800})
	return tab
}

// mailed is what the latest letter to somebody has of a pattern's first group.
func (b *browserBed) mailed(to string, pattern *regexp.Regexp) (found string) {
	b.t.Helper()
	err := b.until(b.t.Context(), func() (bool, error) {
		for _, l := range slices.Backward(b.office.letters()) {
			if m := pattern.FindStringSubmatch(b.daemon.parser.Parse(l.data).Text); m != nil && slices.Contains(l.to, to) {
				found = m[1]
				return true, nil
			}
		}
		return false, nil
	})
	if err != nil {
		for _, l := range b.office.letters() {
			b.t.Logf("to %s:\n%s", l.to, b.daemon.parser.Parse(l.data).Text)
		}
		b.t.Fatalf("%s got no letter with %s: %v", to, pattern, err)
	}
	return found
}

var signInLetters = regexp.MustCompile(`(https://\S+/console/signin\?\S*link=\S+)`)

// signIn asks for a link, follows it from the letter, and presses its button.
func (b *browserBed) signIn(tab *browsertest.Tab, role string) {
	b.t.Helper()
	tab.Open(supportSite + "/console")
	b.browser.Expect("401") // the sign-in page says so
	tab.Reads("Log ind")
	tab.Fill("#f-address", person(role))
	tab.Click("main form button")
	tab.Open(b.mailed(person(role), signInLetters))
	tab.Click("main form button")
	tab.Wait("location.pathname", "/console")
}

// incoming is a mail of a client's, and the ticket that it opens.
func (b *browserBed) incoming(from, subject, text string) ticket.ID {
	b.t.Helper()
	b.send(b.newMail(from, b.daemon.cfg.Desk.Addresses[0], subject, text), "")
	b.news()
	for id, t := range b.talkDaemon.tickets() {
		if t.Subject == subject {
			return id
		}
	}
	b.t.Fatalf("%q opened no ticket", subject)
	return ""
}

// staff has orders given at the API.
func (b *browserBed) staff(role string, id ticket.ID, lines ...string) {
	b.t.Helper()
	if refused := b.orders("api", role, id, strings.Join(lines, "\n")); len(refused) > 0 {
		b.t.Fatal(refused)
	}
	b.news()
}
