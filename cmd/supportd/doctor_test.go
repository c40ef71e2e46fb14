package main

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store/storetest"
)

// zone is a resolver of its own.
type zone struct {
	mx  map[string][]*net.MX
	txt map[string][]string
}

func (z zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	if list, ok := z.mx[name]; ok {
		return list, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	if name == "_dmarc.down.example" {
		return nil, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	}
	if list, ok := z.txt[name]; ok {
		return list, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// examined runs the doctor and returns "part verdict" for each finding.
func examined(t *testing.T, s settings, z zone, now time.Time) (string, *doctor) {
	t.Helper()
	d := doctor{cfg: planned(t, s), resolver: z, now: func() time.Time { return now }}
	d.examine(t.Context())
	var lines []string
	for _, f := range d.findings {
		lines = append(lines, f.Part+" "+string(f.Grade))
		t.Log(f.Part, f.Grade, f.Detail)
	}
	return strings.Join(lines, "\n"), &d
}

func TestDoctor(t *testing.T) {
	good := zone{
		mx:  map[string][]*net.MX{"firma.example": {{Host: "mx.firma.example."}}},
		txt: map[string][]string{"firma.example": {"unrelated", "v=spf1 mx -all"}, "_dmarc.firma.example": {"v=DMARC1; p=reject"}},
	}
	s := testSettings(t.TempDir())
	s.Desk.Addresses = []string{"contact@firma.example"}
	b := startDaemon(t, s)
	b.stop()
	if err := os.Chmod(s.DataDir, 0o700); err != nil {
		t.Fatal(err)
	}
	closeAll(t, s.DataDir)
	healthy := "files ok\nkeys ok\ndisk ok\nclock ok\nstore ok\nrelay warning\nclamd warning\nMX ok\nSPF ok\nDMARC ok"
	if got, _ := examined(t, s, good, time.Now()); got != healthy {
		t.Errorf("healthy:\n%s", got)
	}
	for name, c := range map[string]struct {
		break_ func(*settings) zone
		now    time.Time
		want   string
	}{
		"others may read": {func(s *settings) zone {
			if err := os.Chmod(filepath.Join(s.DataDir, "keys", "ticket"), 0o644); err != nil {
				t.Fatal(err)
			}
			return good
		}, time.Now(), "files bad"},
		"no keys":        {func(s *settings) zone { s.DataDir = filepath.Join(s.DataDir, "other"); return good }, time.Now(), "keys bad"},
		"clock set back": {func(*settings) zone { return good }, time.Now().Add(-time.Hour), "clock bad"},
		"no relay there": {func(s *settings) zone { s.Relay.Host, s.Relay.Port = "127.0.0.1", 1; return good }, time.Now(), "relay bad"},
		"disk is full":   {func(s *settings) zone { s.Limits.FreeDiskBytes = 1 << 60; return good }, time.Now(), "disk bad"},
		"no MX":          {func(*settings) zone { return zone{txt: good.txt} }, time.Now(), "MX bad"},
		"null MX":        {func(*settings) zone { return zone{mx: map[string][]*net.MX{"firma.example": {{Host: "."}}}} }, time.Now(), "MX bad"},
		"two SPF": {func(*settings) zone {
			return zone{mx: good.mx, txt: map[string][]string{"firma.example": {"v=spf1 -all", "v=spf1 mx"}}}
		}, time.Now(), "SPF bad"},
		"no DMARC": {func(*settings) zone { return zone{mx: good.mx} }, time.Now(), "DMARC warning"},
		"DNS down": {func(s *settings) zone { s.Desk.Addresses = []string{"contact@down.example"}; return good }, time.Now(), "DMARC warning"},
	} {
		t.Run(name, func(t *testing.T) {
			closeAll(t, s.DataDir)
			sick := s
			z := c.break_(&sick)
			if got, _ := examined(t, sick, z, c.now); !strings.Contains(got, c.want) {
				t.Errorf("want %q in\n%s", c.want, got)
			}
		})
	}
}

// closeAll takes all files from others, whatever the umask of the test is.
func closeAll(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			return os.Chmod(name, 0o700)
		}
		return os.Chmod(name, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A real Redis tells its settings: without an append-only file it forgets.
func TestDoctorAsksRedis(t *testing.T) {
	for want, args := range map[string][]string{
		"redis bad":     {"--appendonly", "no"},
		"redis warning": {"--appendonly", "yes", "--appendfsync", "everysec"},
		"redis ok":      {"--appendonly", "yes", "--appendfsync", "always"},
	} {
		redis := storetest.Redis(t, args...)
		if !redis.Real {
			want = "redis warning" // a stand-in does not tell
		}
		s := testSettings(t.TempDir())
		s.Store.Kind, s.Store.URL = "redis", redis.URL()
		if got, _ := examined(t, s, zone{}, time.Now()); !strings.Contains(got, want) {
			t.Errorf("want %q in\n%s", want, got)
		}
	}
}
