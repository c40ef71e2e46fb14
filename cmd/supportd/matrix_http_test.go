package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/web"
)

// talkHTTP sends raw bytes, and returns what comes until the connection ends.
func (c *badCase) talkHTTP(request string) string {
	c.Helper()
	conn, err := net.Dial("tcp", c.daemon.web.Addr().String())
	if err != nil {
		c.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(matrixPatience))
	if _, err := io.WriteString(conn, request); err != nil {
		c.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if e, ok := err.(net.Error); ok && e.Timeout() {
		c.Fatalf("the connection is still open; it said %.300q", answer)
	}
	return string(answer)
}

// httpRows are about requests.
func httpRows() []badInput {
	hasty := func(_ *testing.T, s *houseSettings) {
		s.plan = func(p *plan) { p.web.HeaderTimeout, p.web.ReadTimeout = impatience, impatience }
	}
	return []badInput{
		{number: 140, what: "guessing tracking IDs", own: func(*testing.T, *houseSettings) {}, check: func(c *badCase) {
			m := c.deliver(c.mail("Subject: Login\r\n", "Det virker ikke."))
			const nobodys = "AIS-7K3Q-M2XQ"
			ask := func(id, address string) httpAnswer {
				return c.ask("", "POST", web.APIPath+"/status", fmt.Sprintf(`{"ticket":%q,"address":%q}`, id, address))
			}
			right := ask(string(m.Ticket), c.client())
			for _, wrong := range []httpAnswer{ask(string(m.Ticket), "x@y.example"), ask(nobodys, c.client())} {
				if wrong.status != right.status || wrong.body != right.body || right.status != http.StatusOK {
					c.Errorf("%d %s differs from %d %s", wrong.status, wrong.body, right.status, right.body)
				}
			}
			if a, b := c.ask("", "GET", ticketPath(string(m.Ticket)), ""), c.ask("", "GET", ticketPath(nobodys), ""); a.status != http.StatusUnauthorized || a.body != b.body {
				c.Errorf("without a token: %d %s and %d %s", a.status, a.body, b.status, b.body)
			}
			last := httpAnswer{}
			for range 30 {
				last = ask(nobodys, c.client())
			}
			if last.status != http.StatusTooManyRequests {
				c.Errorf("after many: %d", last.status)
			}
		}},
		{number: 141, what: "a file or mail of another ticket", own: withPrograms, check: func(c *badCase) {
			file := c.deliver(c.withFile("Content-Type: application/pdf; name=a.pdf", "%PDF"))
			other := c.deliver(c.mail("Subject: Andet\r\n", "Noget helt andet."))
			crossed := file
			crossed.Ticket = other.Ticket
			for _, path := range []string{filePath(crossed, 1), ticketPath(string(other.Ticket)) + "/raw/" + file.Mail, filePath(file, 2)} {
				if a := c.ask(c.api.token, "GET", path, ""); a.status != http.StatusNotFound || strings.Contains(a.body, "%PDF") {
					c.Errorf("%s: %d", path, a.status)
				}
			}
			if a := c.ask(reportSecret, "GET", ticketPath(string(file.Ticket))+"/status", ""); a.status != http.StatusNotFound {
				c.Errorf("the status of a ticket that another reported: %d", a.status)
			}
		}},
		{number: 143, what: "a slow request, 100 MB of JSON, deep JSON", own: hasty, check: func(c *badCase) {
			m := c.deliver(c.mail("Subject: Login\r\n", "Det virker ikke."))
			path := ticketPath(string(m.Ticket)) + "/commands"
			c.talkHTTP("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ") // until it is cut off
			post := "POST " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + c.api.token + "\r\nContent-Type: application/json\r\nContent-Length: "
			if a := c.talkHTTP(post + "100\r\n\r\n{"); !strings.HasPrefix(a, "HTTP/1.1 408 ") {
				c.Errorf("a slow body: %.300s", a)
			}
			if a := c.talkHTTP(post + "104857600\r\n\r\n{\"command\":\"" + strings.Repeat("x", 2<<20)); !strings.HasPrefix(a, "HTTP/1.1 413 ") {
				c.Errorf("100 MB: %.300s", a)
			}
			if a := c.ask(c.api.token, "POST", path, `{"command":`+strings.Repeat("[", 100_000)); a.status != http.StatusBadRequest {
				c.Errorf("deep JSON: %d", a.status)
			}
		}},
		{number: 144, what: "a forged Host header", own: func(*testing.T, *houseSettings) {}, check: func(c *badCase) {
			const evil = "ond.example"
			m := c.deliver(c.mail("Subject: Login\r\n", "Det virker ikke."))
			for _, path := range []string{"/openapi.json", web.APIPath + "/roadmap", ticketPath(string(m.Ticket)), "/nothing", consolePath} {
				for _, name := range []string{"Host", "X-Forwarded-Host", "Forwarded"} {
					a := c.ask(c.api.token, "GET", path, "", name, map[bool]string{true: "host=" + evil, false: evil}[name == "Forwarded"])
					if strings.Contains(a.body+fmt.Sprint(a.header), evil) {
						c.Errorf("%s with %s answers %v %.300s", path, name, a.header, a.body)
					}
				}
			}
			c.ask("", "POST", web.APIPath+"/status", fmt.Sprintf(`{"ticket":%q,"address":%q}`, m.Ticket, c.client()), "Host", evil)
			if _, err := c.daemon.records.desk.DoChores(c.Context()); err != nil {
				c.Fatal(err)
			}
			c.daemon.notifier.Wake()
			if err := c.until(c.Context(), func() (bool, error) { return c.sentTo(c.client()) == 2, nil }); err != nil {
				c.Fatal("no letter with the status: ", err)
			}
			for _, l := range c.outgoing(c.client()) {
				if strings.Contains(l.Text, evil) {
					c.Errorf("a letter links to %s:\n%s", evil, l.Text)
				}
			}
		}},
		{number: 147, what: "metacharacters of Redis, line ends, braces in IDs", check: func(c *badCase) {
			for _, id := range []string{"*", "AIS-*", "{desk}", "a\r\nDEL x", "AIS-7K3Q-M2XQ\r\nX: y", "../../x", "ticket/x", "[a-z]", "\x00", "AIS-7K3Q-M2XQ{x}"} {
				escaped := url.PathEscape(id)
				for _, path := range []string{web.APIPath + "/tickets/" + escaped, web.APIPath + "/mails/" + escaped, web.APIPath + "/tickets/" + escaped + "/raw/" + escaped, web.APIPath + "/tickets/" + escaped + "/attachments/" + escaped} {
					if a := c.ask(c.api.token, "GET", path, ""); a.status != http.StatusBadRequest || a.header.Get("X") != "" {
						c.Errorf("%q: %d %s", path, a.status, a.body)
					}
				}
			}
		}},
	}
}
