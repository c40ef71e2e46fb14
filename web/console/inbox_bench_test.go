package console_test

import (
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/storetest"
)

// fill makes n tickets as a desk has them after years.
func (h *house) fill(n int) {
	h.t.Helper()
	storetest.Fill(h.t, h.store, n, h.now)
}

func boltHouse(t testing.TB, tickets int) *house {
	b, err := boltkv.Open(boltkv.Config{Path: filepath.Join(t.TempDir(), "store.bolt")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	h := newHouseOn(t, b)
	h.fill(tickets)
	return h
}

// BenchmarkInbox asks for pages by real HTTP, from one client after the other, and tells
// the 95th percentile of the time to the first byte.
func BenchmarkInbox(b *testing.B) {
	if testing.Short() {
		b.Skip("it fills a store with 100,000 tickets")
	}
	h := boltHouse(b, 100_000)
	for _, one := range []struct{ name, who, path string }{
		{"support", supportAddress, "/console"},
		{"dev", devAddress, "/console"},
		{"owner", "owner@firma.example", "/console"},
		{"ticket", supportAddress, "/console/tickets/" + string(storetest.FilledID(60_000))},
	} {
		b.Run(one.name, func(b *testing.B) {
			browser := h.signedIn(one.who)
			var times []time.Duration
			weight := int64(0)
			for b.Loop() {
				began := time.Now()
				r, err := browser.http.Do(browser.request(http.MethodGet, one.path, nil))
				if err != nil || r.StatusCode != http.StatusOK {
					b.Fatal(r, err)
				}
				times = append(times, time.Since(began))
				weight, _ = io.Copy(io.Discard, r.Body)
				r.Body.Close()
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
			b.ReportMetric(float64(weight), "page-B")
		})
	}
}

// An inbox of 10,000 tickets is paged through to its end: each ticket once, the
// worst first, and no page heavier than others.
func TestInboxIsPaged(t *testing.T) {
	const tickets = 10_000
	h := newHouse(t)
	h.fill(tickets)
	b := h.signedIn(supportAddress)
	seen := map[string]bool{}
	for path := "/console?group=ours"; path != ""; {
		doc := b.page(t, path, http.StatusOK)
		path = ""
		for _, n := range findClass(doc, "row") {
			id := attr(n, "data-ticket")
			if seen[id] {
				t.Fatalf("%s is shown twice", id)
			}
			seen[id] = true
		}
		for _, n := range findClass(doc, "more") {
			path = "/console" + attr(n, "href")[len("/console"):]
		}
	}
	if want := tickets / 10; len(seen) != want { // those that are reported
		t.Errorf("%d tickets are our turn, want %d", len(seen), want)
	}
}
