package main

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// guardRows are about files that a scanner looks at.
func guardRows() []badInput {
	isHeld := func(content string) func(*badCase) {
		return func(c *badCase) {
			m := c.deliver(c.withFile("Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64", base64.StdEncoding.EncodeToString([]byte(content))))
			c.outcome(m, ticket.OutcomeHeld)
			c.silent(m)
		}
	}
	return []badInput{
		{number: 116, what: "a zip bomb", own: withScanner("Heuristics.Limits.Exceeded FOUND"), check: isHeld("PK\x03\x04 bomb")},
		{number: 117, what: "EICAR", own: withScanner("Eicar-Test-Signature FOUND"), check: isHeld(`X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`)},
	}
}

// withScanner has mails with a zip file or the test signature of scanners looked at
// by a clamd that says what it found.
func withScanner(found string) func(*testing.T, *houseSettings) {
	return func(t *testing.T, s *houseSettings) {
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
				go scan(conn, found)
			}
		}()
		t.Cleanup(func() { l.Close(); <-done })
		s.Scanners.Clamd = l.Addr().String()
	}
}

// scan answers one command of clamd's protocol.
func scan(conn net.Conn, found string) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	if command, err := r.ReadString(0); err != nil || command != "zINSTREAM\x00" {
		io.WriteString(conn, "PONG\x00")
		return
	}
	var body strings.Builder
	for {
		var n uint32
		if binary.Read(r, binary.BigEndian, &n) != nil || n == 0 {
			break
		}
		if _, err := io.CopyN(&body, r, int64(n)); err != nil {
			break
		}
	}
	verdict := "stream: OK\x00"
	if s := body.String(); strings.Contains(s, "PK\x03\x04") || strings.Contains(s, "EICAR-STANDARD") || strings.Contains(s, "application/zip") {
		verdict = "stream: " + found + "\x00"
	}
	io.WriteString(conn, verdict)
}
