package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// lockedBuffer may be written and read at once.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// serve runs the command line to its end.
func serve(ctx context.Context, out, errOut io.Writer, args ...string) int {
	return run(ctx, append([]string{"serve"}, args...), host{in: strings.NewReader(""), out: out, errOut: errOut, now: time.Now})
}

// The banner says where everything is; the daemon ends in order when told to.
func TestServe(t *testing.T) {
	t.Chdir(t.TempDir())
	ctx, stop := context.WithCancel(t.Context())
	r, w := io.Pipe()
	errOut := &lockedBuffer{}
	code := make(chan int, 1)
	go func() {
		code <- serve(ctx, w, errOut, "--set", "http.listen=127.0.0.1:0", "--set", `smtp.listeners=[{address: "127.0.0.1:0"}]`)
		w.Close()
	}()
	first := make([]byte, 4096)
	n, err := r.Read(first) // all in one write, so that no line of a log comes between
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"takes mail for contact+support@aismarttalk.tech", "mail in", "supportd-data/outgoing/*.eml", "supportd-data/admin.token", "supportd-data/store.bolt", "these are the defaults"} {
		if !strings.Contains(string(first[:n]), want) {
			t.Errorf("the banner does not say %q:\n%s", want, first[:n])
		}
	}

	// SIGHUP reloads.
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); !strings.Contains(errOut.String(), "configuration reloaded"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no reload:", errOut) // a poll with a hang guard
		}
	}

	// A second daemon on the same folder: one clear line (fault 25).
	var second bytes.Buffer
	if got := serve(t.Context(), io.Discard, &second, "--set", "http.listen=127.0.0.1:0"); got != exitFailed {
		t.Error("the second daemon: exit", got)
	}
	want := "supportd: another supportd works on ./supportd-data; stop it, or give this one a data_dir of its own\n"
	if diff := cmp.Diff(want, second.String()); diff != "" {
		t.Error(diff)
	}
	stop()
	if got := <-code; got != exitOK {
		t.Errorf("exit %d: %s", got, errOut)
	}
	if _, err := os.Stat(filepath.Join("supportd-data", runningFile)); err == nil {
		t.Error("the addresses were left behind")
	}
}

func TestServeOnABusyPort(t *testing.T) {
	t.Chdir(t.TempDir())
	busy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	addr := busy.Addr().String()
	for name, args := range map[string][]string{
		"http": {"--set", "http.listen=" + addr, "--set", `smtp.listeners=[{address: "127.0.0.1:0"}]`},
		"smtp": {"--set", "http.listen=127.0.0.1:0", "--set", `smtp.listeners=[{address: "` + addr + `"}]`},
	} {
		t.Run(name, func(t *testing.T) {
			var errOut bytes.Buffer
			code := serve(t.Context(), io.Discard, &errOut, args...)
			want := "supportd: " + addr + " is taken by another program; stop that, or choose another in smtp.listeners, http.listen or http.admin_listen\n"
			if diff := cmp.Diff(want, errOut.String()); code != exitFailed || diff != "" {
				t.Errorf("exit %d\n%s", code, diff)
			}
		})
	}
}

// A reload takes over what it can and says what wants a restart; a broken
// configuration changes nothing (fault 26).
func TestReload(t *testing.T) {
	b := startDaemon(t, testSettings(t.TempDir()))
	file := filepath.Join(t.TempDir(), "supportd.yaml")
	var log lockedBuffer
	gate, err := newLogGate(&log, logSettings{Level: "info", Format: "json"}, false)
	if err != nil {
		t.Fatal(err)
	}
	r := &reloader{daemon: b.daemon, gate: gate, log: gate.logger(), flags: configFlags{Config: file}, current: b.daemon.cfg.settings}
	reload := func(text string) string {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		log.b.Reset()
		r.reload()
		return log.String()
	}
	before := b.write("kunde@firma.example", b.support(), "Hej", "Feltet er gult.")
	if got := reload("severity: {phrases: {da: {critical: [feltet er gult]}}}\nlog: {level: info}\nsmtp: {hostname: other.example}\n"); !strings.Contains(got, "configuration reloaded") ||
		!strings.Contains(got, `"changed":["severity.phrases"]`) || !strings.Contains(got, "smtp.hostname") {
		t.Error(got)
	}
	after := b.write("kunde@firma.example", b.support(), "Igen", "Feltet er gult nu.")
	if before.Reading.Claim.Evidence != "" || after.Reading.Claim.Evidence != "Feltet er gult" {
		t.Errorf("the new phrase is not used: %+v", after.Reading.Claim)
	}
	if got := reload("severity: {phrases: {da: {urgent: [x]}}}\nlgo: {}\n"); !strings.Contains(got, "the old one stays") || !strings.Contains(got, "did you mean log?") {
		t.Error(got)
	}
	again := b.write("kunde@firma.example", b.support(), "Stadig", "Feltet er gult endnu.")
	if again.Reading.Claim.Evidence != "Feltet er gult" {
		t.Errorf("the old phrases are gone: %+v", again.Reading.Claim)
	}
	reload("log: {level: error}\n")
	if got := reload("log: {level: error}\n"); got != "" {
		t.Error("the level is error, and yet:", got)
	}
}
