package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// What the web has beside the API.
const (
	consolePath = "/console"
	signInPath  = "/console/signin"
	mcpPath     = "/mcp"
)

// consoleRows are about the pages of the console and about MCP.
func consoleRows() []badInput {
	hostileHTML := func(bodies ...string) func(*badCase) {
		return func(c *badCase) {
			s := c.signIn()
			for _, body := range bodies {
				m := c.deliver(c.mail("Subject: Login\r\nContent-Type: text/html; charset=utf-8\r\n", "<p>Det virker ikke.</p>"+body))
				shown := s.get(consolePath + "/tickets/" + string(m.Ticket) + "/mails/" + m.Mail + "/html")
				if !strings.Contains(shown.body, "Det virker ikke.") {
					c.Errorf("%s: %d, the mail is not shown: %.300s", body, shown.status, shown.body)
				}
				if bad := actsInHTML.FindString(shown.body); bad != "" {
					c.Errorf("%s: %q is left", body, bad)
				}
				if csp := shown.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
					c.Errorf("the policy is %q", csp)
				}
			}
		}
	}
	return []badInput{
		{number: 111, what: "HTML that acts or fetches", own: withPages, check: hostileHTML(
			"<script>alert(1)</script>", "<img src=https://ond.example/a.png onerror=alert(1)>", "<a href=\"javascript:alert(1)\">x</a>",
			"<a href=\"data:text/html,<script>alert(1)</script>\">x</a>", "<meta http-equiv=refresh content=\"0;url=https://ond.example\">",
			"<form action=https://ond.example><input name=a></form>", "<base href=https://ond.example>",
			"<p style=\"background:url(https://ond.example/b)\">x</p>", "<img srcset=\"https://ond.example/c 2x\">", "<style>@import 'https://ond.example/d'</style>",
		)},
		{number: 112, what: "HTML that mutates when it is parsed again", own: withPages, check: hostileHTML(
			"<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
			"<math><style><img src=x onerror=alert(1)></style></math>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
			"<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
		)},
		{number: 142, what: "a form from another site", own: withPages, check: func(c *badCase) {
			m := c.deliver(c.mail("Subject: Login\r\n", "Det virker ikke."))
			s := c.signIn()
			for _, origin := range [][]string{{"Origin", "https://ond.example"}, {"Sec-Fetch-Site", "cross-site"}, {"Origin", "null"}} {
				a := s.post(consolePath+"/tickets/"+string(m.Ticket)+"/do/close", url.Values{"reason": {"x"}}, origin...)
				if a.status != http.StatusForbidden {
					c.Errorf("%q: %d", origin, a.status)
				}
			}
			if a := s.post(consolePath+"/tickets/"+string(m.Ticket)+"/do/close", url.Values{}, "Sec-Fetch-Site", "same-origin"); a.status == http.StatusForbidden {
				c.Errorf("our own page: %d", a.status)
			}
			if t := c.ticket(m.Ticket); t.State != ticket.StateReported {
				c.Errorf("the ticket is %s", t.State)
			}
		}},
		{number: 145, what: "a session that was fixed, or has ended", own: withPages, check: func(c *badCase) {
			s := c.signIn()
			if a := s.get(consolePath); a.status != http.StatusOK {
				c.Fatalf("signed in, and not let in: %d", a.status)
			}
			fixed := session{c, strings.Split(s.cookie, "=")[0] + "=chosen-by-somebody-else"}
			if a := fixed.get(consolePath); a.status == http.StatusOK {
				c.Errorf("a session that we never gave opens the console: %d", a.status)
			}
			s.post(consolePath+"/signout", url.Values{})
			if a := s.get(consolePath + "/rows"); a.status != http.StatusUnauthorized && a.status != http.StatusSeeOther {
				c.Errorf("after signing out: %d", a.status)
			}
		}},
		{number: 146, what: "a call by MCP without the scope", own: withPrograms, check: func(c *badCase) {
			const call = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_tickets","arguments":{}}}`
			if a := c.ask("", "POST", mcpPath, call, "Accept", "application/json, text/event-stream"); a.status != http.StatusUnauthorized {
				c.Errorf("without a token: %d %s", a.status, a.body)
			}
			if a := c.ask(statusSecret, "POST", mcpPath, call, "Accept", "application/json, text/event-stream"); a.status != http.StatusForbidden {
				c.Errorf("without the scope: %d %s", a.status, a.body)
			}
		}},
	}
}

// actsInHTML is what must not be left of a mail's HTML: what runs, what leads away by
// itself, and what is fetched from elsewhere.
var actsInHTML = regexp.MustCompile(`(?i)<script|<iframe|<object|<embed|<form|<base|<meta[^>]+refresh|<[^>]+\son[a-z]+\s*=|<[^>]+(?:javascript|vbscript):|<[^>]+\s(?:href|src)\s*=\s*["']?data:text|url\(\s*["']?https?:|<[^>]+\ssrcset|<(?:img|link|source|video|audio)[^>]+\s(?:src|href)\s*=\s*["']?(?:https?:)?//|@import`)

// withPages is a daemon whose pages are there, and to which letters link.
func withPages(_ *testing.T, s *houseSettings) {
	s.Desk.PublicURL = "https://support.aismarttalk.tech"
}

// session is a browser in which one of the staff is signed in.
type session struct {
	c      *badCase
	cookie string
}

// signIn opens the link that is mailed to one of the staff.
func (c *badCase) signIn() session {
	c.Helper()
	staff := c.daemon.cfg.Staff[0].Address
	form := []string{"Content-Type", "application/x-www-form-urlencoded"}
	c.ask("", "POST", signInPath, url.Values{"address": {staff}}.Encode(), form...)
	link := c.signInLink(staff)
	a := c.ask("", "POST", signInPath+"/open", url.Values{"link": {link}}.Encode(), form...)
	cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
	if cookie == "" {
		c.Fatalf("no session: %d %s", a.status, a.body)
	}
	return session{c, cookie}
}

// signInLink is what the latest letter to one of the staff has to sign in by.
func (c *badCase) signInLink(staff string) (link string) {
	c.Helper()
	err := c.until(c.Context(), func() (bool, error) {
		for _, l := range c.outgoing(staff) {
			if found := signInLinks.FindStringSubmatch(l.Text); found != nil {
				link = found[1]
			}
		}
		return link != "", nil
	})
	if err != nil {
		c.Fatal("no link was mailed:", err)
	}
	return link
}

var signInLinks = regexp.MustCompile(signInPath + `\?\S*link=([\w.~%-]+)`)

func (s session) get(path string) httpAnswer {
	s.c.Helper()
	return s.c.ask("", "GET", path, "", "Cookie", s.cookie)
}

func (s session) post(path string, form url.Values, headers ...string) httpAnswer {
	s.c.Helper()
	return s.c.ask("", "POST", path, form.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded", "Cookie", s.cookie}, headers...)...)
}
