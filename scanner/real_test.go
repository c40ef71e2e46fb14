package scanner

import (
	"context"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// The real daemons, where they are installed: what their manuals leave out.

// run starts a daemon until the test ends, and waits for ready.
func run(t *testing.T, s *Scanner, name string, args ...string) {
	t.Helper()
	var said strings.Builder
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM) // it ends its workers
		<-ended
		if t.Failed() {
			t.Log(said.String())
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for s.Checks()[0].Do(ctx) != nil {
		select {
		case <-tick.C:
		case err := <-ended:
			ended <- err
			t.Fatalf("%s ended: %v", name, err)
		case <-ctx.Done():
			t.Fatalf("%s does not answer", name)
		}
	}
}

func installed(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && slices.Contains(strings.Split(os.Getenv("SUPPORTD_TEST_REQUIRE"), ","), name) {
		t.Fatalf("%s is required here and not installed", name)
	}
	if err != nil {
		t.Skipf("%s is not installed: the fake alone was asked", name)
	}
	return path
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// ClamAV with a database of one signature.
func TestRealClamd(t *testing.T) {
	daemon := installed(t, "clamd")
	dir, err := os.MkdirTemp("", "clamd") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	database := filepath.Join(dir, "db")
	if err := os.Mkdir(database, 0o755); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(database, "test.ndb"), "Supportd.Test:0:*:"+hex.EncodeToString([]byte(eicar()))+"\n")
	socket := filepath.Join(dir, "clamd.ctl")
	conf := writeFile(t, filepath.Join(dir, "clamd.conf"), fmt.Sprintf(
		"LocalSocket %s\nDatabaseDirectory %s\nTemporaryDirectory %s\nForeground yes\nStreamMaxLength 1M\nAlertExceedsMax yes\nMaxRecursion 3\n", socket, database, dir))
	s := newScanner(t, Config{Clamd: "unix:" + socket})
	run(t, s, daemon, "--config-file="+conf)

	const found = "Supportd.Test.UNOFFICIAL"
	for _, c := range []struct {
		name string
		raw  string
		want ticket.Scan
	}{
		{"clean", "Subject: hej\r\n\r\nhej\r\n", ticket.Scan{Result: ticket.ScanClean}},
		{"in the text", "Subject: hej\r\n\r\n" + eicar() + "\r\n", ticket.Scan{Result: ticket.ScanInfected, Found: found}},
		{"in Base64", base64Mail(eicar()), ticket.Scan{Result: ticket.ScanInfected, Found: found}},
		{"over its limit", "Subject: hej\r\n\r\n" + strings.Repeat("hej hej\r\n", 1<<18), ticket.Scan{Result: ticket.ScanUnscanned}},
	} {
		got := s.Scan(t.Context(), Facts{}, []byte(c.raw))
		if got.Result != c.want.Result || got.Found != c.want.Found || got.Incomplete() != (c.want.Result == ticket.ScanUnscanned) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
	file := s.Scan(t.Context(), Facts{Attachments: [][]byte{[]byte("hej"), []byte(eicar())}}, []byte("Subject: hej\r\n\r\nhej\r\n"))
	if file.Result != ticket.ScanInfected || file.Attachments[0].Result != ticket.ScanClean || file.Attachments[1].Found != found {
		t.Errorf("in a file: %+v", file)
	}
	// A nest deeper than it unpacks is no clean file (bad-input 116).
	if got := s.Scan(t.Context(), Facts{}, nestedZip(t, 8)); got.Result != ticket.ScanInfected || !strings.HasPrefix(got.Found, "Heuristics.Limits.Exceeded") {
		t.Errorf("nested archives: %+v", got)
	}
}

// Rspamd without any rule of its own but the test pattern that it has built in.
func TestRealRspamd(t *testing.T) {
	daemon := installed(t, "rspamd")
	dir := t.TempDir()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	domains := writeFile(t, filepath.Join(dir, "tld.dat"), "example\n")
	conf := writeFile(t, filepath.Join(dir, "rspamd.conf"), fmt.Sprintf(`
options { filters = ""; tempdir = %[1]q; hs_cache_dir = %[1]q; control_socket = "%[1]s/control"; url_tld = %[2]q;
          dns { nameserver = ["127.0.0.1:1"]; timeout = 0.1s; retransmits = 1; } }
logging { type = "console"; level = "error"; }
worker "normal" { bind_socket = %[3]q; count = 1; mime = true; }
actions { reject = 15; "add header" = 6; greylist = 4; }
`, dir, domains, address))
	s := newScanner(t, Config{Rspamd: "http://" + address})
	run(t, s, daemon, "--insecure", "--no-fork", "--config", conf)

	facts := Facts{Mail: "01kap000000000000000", MailFrom: "kunde@firma.example", To: []string{"contact@firma.example"}, Helo: "mx.firma.example"}
	head := "From: kunde@firma.example\r\nSubject: hej\r\n\r\n"
	if got := s.Scan(t.Context(), facts, []byte(head+"Kan ikke logge ind.\r\n")); got.Spam == nil || got.Spam.Action != ticket.SpamNone || got.Incomplete() {
		t.Errorf("a mail: %+v", got)
	}
	const pattern = "XJS*C4JDBQADN1.NSBN3*2IDNEN*" + "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
	if got := s.Scan(t.Context(), facts, []byte(head+pattern+"\r\n")); got.Spam == nil || got.Spam.Action != ticket.SpamReject || got.Spam.Said != "reject" {
		t.Errorf("spam: %+v", got)
	}
}
