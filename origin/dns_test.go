package origin_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/foxcpp/go-mockdns"

	"aismarttalk.tech/supportd/origin"
	"aismarttalk.tech/supportd/ticket"
)

// counting counts the questions, and can be made to answer otherwise.
type counting struct {
	mockdns.Resolver
	asked atomic.Int32
	txt   func(ctx context.Context, name string) ([]string, error) // nil: from the zones
}

func (c *counting) LookupTXT(ctx context.Context, name string) ([]string, error) {
	c.asked.Add(1)
	if c.txt != nil {
		return c.txt(ctx, name)
	}
	return c.Resolver.LookupTXT(ctx, name)
}

func (c *counting) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	c.asked.Add(1)
	return c.Resolver.LookupMX(ctx, name)
}

func (c *counting) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	c.asked.Add(1)
	return c.Resolver.LookupIPAddr(ctx, host)
}

// Records that lead nowhere, or everywhere, end soon and pass for nothing.
func TestTortureRecords(t *testing.T) {
	reject := "v=DMARC1; p=reject"
	include := func(n int) (z []string) { // a chain of includes
		for i := range n {
			z = append(z, fmt.Sprintf("s%d.firma.example", i), fmt.Sprintf("v=spf1 include:s%d.firma.example -all", i+1))
		}
		return z
	}
	mx := with(firma(reject), "firma.example", "v=spf1 mx mx:a.example mx:b.example mx:c.example mx:d.example mx:e.example mx:f.example mx:g.example mx:h.example mx:i.example -all")
	for _, name := range []string{"firma", "a", "b", "c", "d", "e", "f", "g", "h", "i"} {
		zone := mx[name+".example."]
		for i := range 10 {
			host := fmt.Sprintf("mx%d.%s.example.", i, name)
			zone.MX = append(zone.MX, net.MX{Host: host})
			mx[host] = mockdns.Zone{A: []string{"192.0.2.1"}}
		}
		mx[name+".example."] = zone
	}
	for _, c := range []struct {
		name  string
		zones map[string]mockdns.Zone
		spf   ticket.CheckResult
	}{
		{"SPF includes itself", with(firma(reject), "firma.example", "v=spf1 include:firma.example -all"), ticket.CheckPermError},
		{"SPF redirects to itself", with(firma(reject), "firma.example", "v=spf1 redirect=firma.example"), ticket.CheckPermError},
		{"a long chain", with(with(firma(reject), include(50)...), "firma.example", "v=spf1 include:s0.firma.example -all"), ticket.CheckPermError},
		{"a hundred mail hosts", mx, ticket.CheckPermError},
		{"two records", with(firma(reject), "firma.example", "v=spf1 +all\nv=spf1 -all"), ticket.CheckPermError},
		{"a huge record", with(firma(reject), "firma.example", "v=spf1 "+strings.Repeat("ip4:192.0.2.1 ", 4000)+"+all"), ticket.CheckPermError},
		{"rubbish", with(firma(reject), "firma.example", "v=spf1 \x00\xff %{%{ ip4:999 +all"), ticket.CheckPermError},
		{"a thousand terms", with(firma(reject), "firma.example", "v=spf1 "+strings.Repeat("ip4:192.0.2.1 ", 1000)+"-all"), ticket.CheckFail},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &counting{Resolver: mockdns.Resolver{Zones: c.zones}}
			got := newChecker(t, r).Check(context.Background(), facts(stranger, client, client), letter(client))
			if got.SPF.Result != c.spf || got.Trust == verified {
				t.Errorf("%s: %+v", got.Trust, got.SPF)
			}
			if n := r.asked.Load(); n > 70 {
				t.Errorf("%d questions to DNS", n)
			}
		})
	}
}

// A policy that is larger than any in use cannot be read, and so cannot be kept or
// broken.
func TestHugePolicy(t *testing.T) {
	z := firma("v=DMARC1; p=reject; " + strings.Repeat("x=1; ", 20_000))
	if got := check(t, z, facts(stranger, client, client), letter(client)); got.Trust != unverified || got.DMARC.Result != ticket.CheckTempError {
		t.Errorf("%+v", got)
	}
}

// A DNS that never answers costs the configured time and no verdict (fault 24).
func TestSilentDNS(t *testing.T) {
	r := &counting{txt: func(ctx context.Context, _ string) ([]string, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	short := func(c *origin.Config) { c.Timeout = 50 * time.Millisecond }
	got := newChecker(t, r, short).Check(context.Background(), facts(home, client, client), sign(t, letter(client), "firma.example"))
	if results(got) != "spf temperror, dkim temperror, dmarc temperror" || got.Trust != unverified {
		t.Errorf("%+v", got)
	}
}

// Whatever else a resolver answers is no pass either.
func TestBogusAnswers(t *testing.T) {
	for name, answer := range map[string]func(context.Context, string) ([]string, error){
		"refused":      func(context.Context, string) ([]string, error) { return nil, &net.DNSError{Err: "server misbehaving"} },
		"a CNAME loop": func(context.Context, string) ([]string, error) { return nil, errors.New("CNAME loop") },
		"an answer and an error": func(context.Context, string) ([]string, error) {
			return []string{"v=spf1 +all"}, &net.DNSError{Err: "half an answer", IsTemporary: true}
		},
		"a panic": func(context.Context, string) ([]string, error) { panic("rubbish") },
	} {
		got := newChecker(t, &counting{txt: answer}).Check(context.Background(), facts(home, client, client), sign(t, letter(client), "firma.example"))
		if results(got) != "spf temperror, dkim temperror, dmarc temperror" || got.Trust != unverified {
			t.Errorf("%s: %+v", name, got)
		}
	}
	rubbish := func(context.Context, string) ([]string, error) {
		return []string{"", "\x00", "v=DMARC1", "v=spf1", "=", ";"}, nil
	}
	got := newChecker(t, &counting{txt: rubbish}).Check(context.Background(), facts(home, client, client), sign(t, letter(client), "firma.example"))
	if got.Trust != unverified {
		t.Errorf("%+v", got)
	}
}

// Mails of one domain ask DNS once a minute, and of trouble again after seconds.
// No search list of the machine's is tried.
func TestAnswersAreRemembered(t *testing.T) {
	now := time.Date(2026, 11, 23, 13, 5, 0, 0, time.UTC)
	r := &counting{Resolver: mockdns.Resolver{Zones: firma("v=DMARC1; p=reject")}}
	fail := false
	r.txt = func(ctx context.Context, name string) ([]string, error) {
		if !strings.HasSuffix(name, ".") {
			t.Errorf("asked for %q, which is not absolute", name)
		}
		if fail {
			return nil, &net.DNSError{Err: "away", IsTemporary: true}
		}
		return r.Resolver.LookupTXT(ctx, name)
	}
	c, err := origin.New(origin.DefaultConfig(), origin.Deps{Resolver: r, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	step := func(later time.Duration, away bool, want ticket.Trust, questions int32) {
		t.Helper()
		now, fail = now.Add(later), away
		before := r.asked.Load()
		if got := c.Check(context.Background(), facts(home, client, client), letter(client)); got.Trust != want {
			t.Errorf("%s: %+v", results(got), got)
		}
		if n := r.asked.Load() - before; n != questions {
			t.Errorf("%d questions, want %d", n, questions)
		}
	}
	step(0, false, verified, 2)
	step(30*time.Second, true, verified, 0)
	step(time.Minute, true, unverified, 2)
	step(time.Second, false, unverified, 0)
	step(5*time.Second, false, verified, 2)
}

func TestConfig(t *testing.T) {
	if err := origin.DefaultConfig().Validate(); err != nil {
		t.Error(err)
	}
	for name, spoil := range map[string]func(*origin.Config){
		"no time":       func(c *origin.Config) { c.Timeout = 0 },
		"too much time": func(c *origin.Config) { c.Timeout = time.Minute },
		"no signatures": func(c *origin.Config) { c.MaxVerifications = 0 },
		"no lookups":    func(c *origin.Config) { c.MaxLookups = 0 },
	} {
		c := origin.DefaultConfig()
		spoil(&c)
		if _, err := origin.New(c, origin.Deps{}); err == nil {
			t.Errorf("%s: no fault", name)
		}
	}
}
