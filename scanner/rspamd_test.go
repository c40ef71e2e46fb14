package scanner

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/ticket"
)

// fakeRspamd answers every mail alike.
func fakeRspamd(t *testing.T, status int, answer string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/ping" {
			io.WriteString(w, "pong\r\n")
			return
		}
		w.WriteHeader(status)
		io.WriteString(w, answer)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// Each action of rspamd means something, and none drops a mail.
func TestRspamdActions(t *testing.T) {
	for said, want := range map[string]ticket.SpamAction{
		"no action": ticket.SpamNone, "greylist": ticket.SpamFlag, "soft reject": ticket.SpamFlag,
		"add header": ticket.SpamFlag, "rewrite subject": ticket.SpamFlag, "reject": ticket.SpamReject,
	} {
		answer := `{"is_skipped":false,"score":7.5,"required_score":15,"action":"` + said + `",
			"symbols":{"LOW":{"score":0.5},"HIGH":{"score":7},"INFO":{"score":0}}}`
		s := newScanner(t, Config{Rspamd: fakeRspamd(t, http.StatusOK, answer)})
		got := s.Scan(t.Context(), Facts{}, []byte("hej"))
		wanted := ticket.Scan{Result: ticket.ScanUnscanned, Spam: &ticket.SpamScan{
			Action: want, Said: said, Score: 7.5, Required: 15, Symbols: []string{"HIGH", "LOW"},
		}}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", said, diff)
		}
	}
}

func TestRspamdWithoutVerdict(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		answer string
	}{
		"refused":              {http.StatusForbidden, `{"error":"wrong password"}`},
		"broken":               {http.StatusInternalServerError, ``},
		"no JSON":              {http.StatusOK, `<html>`},
		"half of it":           {http.StatusOK, `{"score":1,"action":"no act`},
		"no verdict":           {http.StatusOK, `{}`},
		"no score":             {http.StatusOK, `{"action":"no action"}`},
		"an action of its own": {http.StatusOK, `{"score":1,"action":"explode"}`},
		"skipped":              {http.StatusOK, `{"is_skipped":true,"score":0,"action":"no action"}`},
		"leads elsewhere":      {http.StatusFound, `{"score":0,"action":"no action"}`},
		"endless":              {http.StatusOK, `{"score":0,"action":"no action","x":"` + strings.Repeat("x", maxRspamdReply) + `"}`},
	} {
		s := newScanner(t, Config{Rspamd: fakeRspamd(t, c.status, c.answer)})
		if got := s.Scan(t.Context(), Facts{}, []byte("hej")); got.Spam != nil || !got.Incomplete() || got.SpamAction() != ticket.SpamNone {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// rspamd is told who sent the mail and how, in headers that a stranger's words cannot
// break out of.
func TestRspamdIsTold(t *testing.T) {
	var got http.Header
	var body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		got, body = r.Header, r.Method+" "+r.URL.Path+" "+string(raw)
		io.WriteString(w, `{"score":0,"action":"no action"}`)
	}))
	t.Cleanup(server.Close)
	s := newScanner(t, Config{Rspamd: server.URL + "/", Password: "hemmelig"})
	s.Scan(t.Context(), Facts{
		Mail: "01kap000000000000000", Client: netip.MustParseAddr("203.0.113.25"), Helo: "mx.firma.example\r\nPassword: x",
		MailFrom: "kunde@firma.example", To: []string{"a@firma.example", "b\n@firma.example", "c@firma.example"},
	}, []byte("hej"))
	want := map[string][]string{
		"Queue-Id": {"01kap000000000000000"}, "From": {"kunde@firma.example"}, "Ip": {"203.0.113.25"}, "Helo": nil,
		"Rcpt": {"a@firma.example", "c@firma.example"}, "Password": {"hemmelig"},
	}
	for name, values := range want {
		if diff := cmp.Diff(values, got[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if body != "POST /checkv2 hej" {
		t.Errorf("asked %q", body)
	}
}

func TestRspamdThatHangs(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	t.Cleanup(func() { close(release); server.Close() })
	s := newScanner(t, Config{Rspamd: server.URL, Timeout: 50 * time.Millisecond})
	if got := s.Scan(t.Context(), Facts{}, []byte("hej")); !got.Incomplete() || got.Spam != nil {
		t.Errorf("%+v", got)
	}
	if got := s.Scan(t.Context(), Facts{}, []byte("hej")); !strings.Contains(strings.Join(got.Missed, ""), "still away") {
		t.Errorf("the next: %+v", got)
	}
}

// A report through the API and imported mail have no envelope that a filter could
// judge.
func TestRspamdIsNotAskedAboutReports(t *testing.T) {
	s := newScanner(t, Config{Rspamd: fakeRspamd(t, http.StatusOK, `{"score":99,"action":"reject"}`)})
	if got := s.Scan(t.Context(), Facts{NotMail: true}, []byte("hej")); got.Spam != nil || got.Incomplete() {
		t.Errorf("%+v", got)
	}
}

func FuzzRspamd(f *testing.F) {
	f.Add([]byte(`{"score":1,"action":"no action","symbols":{"A":{"score":1}}}`))
	f.Add([]byte(`{"is_skipped":true}`))
	f.Fuzz(func(t *testing.T, answer []byte) {
		scan, err := readRspamd(answer)
		if err == nil && (scan.Said == "" || len(scan.Symbols) > maxSymbols) {
			t.Errorf("%q: %+v", answer, scan)
		}
	})
}
