package main

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// virus is what the clamd of these tests knows.
const virus = "VIRUS-" + "4711"

// openClamd is a clamd on loopback that finds virus.
func openClamd(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go answerAsClamd(conn)
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr().String()
}

func answerAsClamd(conn net.Conn) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	command, err := r.ReadString(0)
	if err != nil || command == "zPING\x00" {
		io.WriteString(conn, "PONG\x00")
		return
	}
	var body strings.Builder
	for n := uint32(0); binary.Read(r, binary.BigEndian, &n) == nil && n > 0; {
		io.CopyN(&body, r, int64(n))
	}
	if strings.Contains(body.String(), virus) {
		io.WriteString(conn, "stream: Test.Virus FOUND\x00")
		return
	}
	io.WriteString(conn, "stream: OK\x00")
}

// withFile makes a mail one with a file.
func withFile(content string) []string {
	return []string{"Raw", "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSe filen.\r\n" +
		"--b\r\nContent-Type: application/octet-stream; name=fil.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString([]byte(content)) + "\r\n--b--\r\n"}
}

// A virus comes on no ticket, is told to staff alone, and is handed out only to who
// says that he was warned (bad-input 117). Of each file trace says what is known.
func TestInfectedFiles(t *testing.T) {
	s := newSiege(t, "scanners.clamd="+openClamd(t))
	if _, outcome := s.hit(firmaHost, siegeClient, s.ack.replyTo, "SV: fil", "", withFile("hej "+virus)...); outcome != "held for A" {
		t.Fatalf("a file with a virus: %s", outcome)
	}
	took := s.received()
	if took.to(siegeClient) != "nothing" || took.to(siegeSupport) != "staff-held" {
		t.Errorf("the client got %s, staff %s", took.to(siegeClient), took.to(siegeSupport))
	}
	held := s.mailOf(t, "hit-2@firma.example")
	if held.Scan == nil || held.Scan.Result != ticket.ScanInfected || held.Scan.Of(1).Found != "Test.Virus" {
		t.Errorf("the API says %+v", held.Scan)
	}
	var out strings.Builder
	if err := tracePage(&out, held, s.daemon.cfg.zone()); err != nil || !strings.Contains(out.String(), "infected Test.Virus") {
		t.Errorf("trace says %v\n%s", err, out.String())
	}
	if err := s.ask(s.api.token, "/mails/"+held.Mail+"/release", web.ReleaseOrder{}, new(any)); err != nil {
		t.Fatal(err)
	}
	_, outcome := s.hit(firmaHost, siegeClient, s.ack.replyTo, "SV: ren fil", "", withFile("hej")...)
	if outcome != "appended A" {
		t.Fatalf("a clean file: %s", outcome)
	}
	clean := s.mailOf(t, "hit-3@firma.example")
	for path, want := range map[string]string{
		"/raw/" + held.Mail:                              "409",
		"/raw/" + held.Mail + "?infected=true":           "200 infected",
		"/attachments/" + held.Mail + ".1":               "409",
		"/attachments/" + held.Mail + ".1?infected=true": "200 infected",
		"/raw/" + clean.Mail:                             "200 clean",
		"/attachments/" + clean.Mail + ".1":              "200 clean",
	} {
		if got := s.fetch(t, path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// A scanner that is away delays no mail for long and loses none; /readyz names it and
// the daemon is ready all the same.
func TestScannerAway(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	s := newSiege(t, "scanners.clamd="+l.Addr().String())
	if _, outcome := s.hit(firmaHost, siegeClient, s.ack.replyTo, "SV: fil", "", withFile("hej")...); outcome != "appended A" {
		t.Errorf("while the scanner is away: %s", outcome)
	}
	if flags := s.tickets()[s.a].Flags; !slices.Contains(flags, ticket.FlagUnscanned) {
		t.Errorf("flags %q", flags)
	}
	if got := s.fetch(t, "/attachments/"+s.mailOf(t, "hit-2@firma.example").Mail+".1"); got != "200 unscanned" {
		t.Errorf("the file: %s", got)
	}
	var ready web.Health
	if _, err := s.api.get(t.Context(), "/readyz", nil, &ready); err != nil || ready.Status != web.HealthOK || ready.Checks["clamd"] != web.HealthFailing {
		t.Errorf("readyz: %+v %v", ready, err)
	}
}

// mailOf is the record of a mail as the API has it.
func (s *siege) mailOf(t *testing.T, messageID string) web.MailDetails {
	t.Helper()
	m, err := s.became(t.Context(), messageID)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// fetch is the status of a file of ticket A, and what is said of its scan.
func (s *siege) fetch(t *testing.T, path string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.api.base+web.APIPath+"/tickets/"+string(s.a)+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.api.token)
	answer, err := s.api.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return strings.TrimSpace(strings.Fields(answer.Status)[0] + " " + answer.Header.Get("Supportd-Scan"))
}
