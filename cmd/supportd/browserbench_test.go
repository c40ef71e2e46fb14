package main

import (
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/storetest"
)

// requests are those of one round: enough for a 95th percentile.
const requests = 200

// BenchmarkConsoleFirstByte asks a daemon with 100,000 tickets on bolt for pages of the
// console, one after the other by real HTTP, and tells the 95th percentile of the time
// to the first byte.
func BenchmarkConsoleFirstByte(b *testing.B) {
	if testing.Short() {
		b.Skip("it fills a store with 100,000 tickets")
	}
	s := testSettings(b.TempDir())
	s.Staff[0].Roles = []string{"support", "dev", "qa", "owner"}
	now := time.Now()
	fillBolt(b, s.DataDir, 100_000, now)
	d, _ := runDaemon(b, planned(b, s), world{now: time.Now, random: rand.Reader, log: zerolog.New(zerolog.NewTestWriter(b)).Level(zerolog.WarnLevel)})
	cookie := sessionOf(b, d, s.Staff[0].Address)
	for _, one := range []struct{ name, path string }{
		{"inbox", "/console"},
		{"inbox of dev", "/console?role=dev"},
		{"inbox, one group", "/console?role=support&group=ours"},
		{"ticket", "/console/tickets/" + string(storetest.FilledID(60_000))},
		{"panel", "/console/tickets/" + string(storetest.FilledID(60_000)) + "/do/classify"},
		{"board and planning", "/console/planning"},
		{"held", "/console/mail"},
		{"search", "/console/search?q=nummer+60000"},
		{"search, all", "/console/search?q=virker"},
	} {
		b.Run(one.name, func(b *testing.B) {
			var times []time.Duration
			for b.Loop() {
				for range requests {
					times = append(times, firstByte(b, "http://"+d.web.Addr().String()+one.path, cookie))
				}
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(0, "ns/op") // of a round: it tells nothing
		})
	}
}

// fillBolt makes the store of a data folder before its daemon starts.
func fillBolt(b *testing.B, dir string, tickets int, now time.Time) {
	b.Helper()
	kv, err := boltkv.Open(boltkv.Config{Path: dataFolder(dir).bolt()})
	if err != nil {
		b.Fatal(err)
	}
	filled, err := store.New(kv, store.Config{})
	if err != nil {
		b.Fatal(err)
	}
	storetest.Fill(b, filled, tickets, now)
	if err := kv.Close(); err != nil {
		b.Fatal(err)
	}
}

// sessionOf signs one of the staff in, at the desk itself.
func sessionOf(b *testing.B, d *daemon, staff string) string {
	b.Helper()
	link, err := d.records.desk.SignInLink(b.Context(), staff)
	if err != nil {
		b.Fatal(err)
	}
	in, err := d.records.desk.SignIn(b.Context(), link[strings.Index(link, "link=")+len("link="):], "")
	if err != nil {
		b.Fatal(err)
	}
	return "supportd=" + in.Secret
}

// firstByte is how long a page takes to begin.
func firstByte(b *testing.B, address, cookie string) (took time.Duration) {
	b.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Cookie", cookie)
	began := time.Now()
	r = r.WithContext(httptrace.WithClientTrace(b.Context(), &httptrace.ClientTrace{GotFirstResponseByte: func() { took = time.Since(began) }}))
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer a.Body.Close()
	if _, err := io.Copy(io.Discard, a.Body); err != nil || a.StatusCode != http.StatusOK {
		b.Fatalf("%s: %d %v", address, a.StatusCode, err)
	}
	return took
}
