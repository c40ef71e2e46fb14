package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/foxcpp/go-mockdns"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Hosts of the siege and who they may send for.
const (
	staffHost  = "203.0.113.53"
	vendorHost = "192.0.2.77"

	siegeClient   = "kunde@firma.example"      // a participant, whose domain has DMARC
	siegeStranger = "fremmed@andet.example"    // sends from otherHost, and is who he says
	siegeVendor   = "support@vendor.example"   // an honest firm that mails codes
	siegeSupport  = "support@aismarttalk.tech" // staff
)

// siege is a daemon on the Internet with one ticket, of a client, and a relay that
// keeps what leaves.
type siege struct {
	*talk
	a      ticket.ID
	ack    talkLetter // of ticket A, to the client
	steps  int
	before int // letters that were looked at
}

func newSiege(t *testing.T, options ...string) *siege {
	t.Helper()
	txt := func(s string) mockdns.Zone { return mockdns.Zone{TXT: []string{s}} }
	zones := map[string]mockdns.Zone{}
	for domain, host := range map[string]string{
		"firma.example": firmaHost, "andet.example": otherHost, "vendor.example": vendorHost, "aismarttalk.tech": staffHost,
	} {
		zones[domain+"."] = txt("v=spf1 ip4:" + host + " -all")
		zones["_dmarc."+domain+"."] = txt("v=DMARC1; p=reject")
	}
	dns, err := mockdns.NewServerWithLogger(zones, log.New(io.Discard, "", 0), false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dns.Close() })
	k := newTalk(t)
	k.talkDaemon = startTalkDaemon(t, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), append([]string{
		"store.kind=memory", "smtp.resolver=" + dns.LocalAddr().String(), "smtp.trusted_relays=[]", "smtp.check_senders=on",
		`smtp.listeners=[{address: "127.0.0.1:0", protocol: smtp, proxy_from: [127.0.0.0/8]}]`,
	}, options...)...)
	s := &siege{talk: k}
	s.hit(firmaHost, siegeClient, s.desk(), "Kan ikke betale", "Kortet bliver afvist.")
	k.news()
	s.a = k.names.id(t, "A")
	s.ack = k.lastLetter(siegeClient, ticket.NoticeAcknowledgement, s.a)
	s.received()
	return s
}

func (s *siege) desk() string { return s.daemon.cfg.Desk.Addresses[0] }

// hit sends a mail from a host on the Internet, and tells what SMTP answered and what
// became of it.
func (s *siege) hit(host, from, to, subject, text string, headers ...string) (answer, outcome string) {
	s.t.Helper()
	c := s.connect(host)
	defer c.Close()
	answer, id, err := s.hitOn(c, from, to, subject, text, headers...)
	if err != nil {
		s.t.Fatal(err)
	}
	s.settle()
	return answer, s.outcome(id)
}

// flood sends many mails one after the other, over a new connection where the old one
// was closed, and counts the answers.
func (s *siege) flood(host string, n int, mail func(i int) (from, to, subject, text string, headers []string)) (answers string) {
	s.t.Helper()
	counts := map[string]int{}
	c := s.connect(host)
	defer func() { c.Close() }()
	for i := range n {
		from, to, subject, text, headers := mail(i)
		for try := 0; ; try++ {
			answer, _, err := s.hitOn(c, from, to, subject, text, headers...)
			if err == nil {
				counts[answer]++
				break
			}
			if try == 3 {
				s.t.Fatal(err)
			}
			c.Close()
			c = s.connect(host)
		}
	}
	s.settle()
	var said []string
	for _, code := range slices.Sorted(maps.Keys(counts)) {
		said = append(said, fmt.Sprintf("%d× %s", counts[code], code))
	}
	return strings.Join(said, ", ")
}

// connect opens a connection as a host on the Internet.
func (s *siege) connect(host string) *smtp.Client {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.daemon.smtp.Addrs()[0].String())
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(conn, "PROXY TCP4 %s 127.0.0.1 4711 25\r\n", host); err != nil {
		s.t.Fatal(err)
	}
	return smtp.NewClient(conn)
}

// hitOn sends one mail. Headers can bear "Envelope-Sender", which is none of the mail,
// and "Raw", which replaces what stands behind the first four.
func (s *siege) hitOn(c *smtp.Client, from, to, subject, text string, headers ...string) (answer, id string, err error) {
	s.t.Helper()
	s.steps++
	id = fmt.Sprintf("hit-%d@%s", s.steps, ticket.Domain(from))
	s.written[id] = from
	sender := from
	if i := slices.Index(headers, "Envelope-Sender"); i >= 0 {
		sender, headers = headers[i+1], slices.Delete(slices.Clone(headers), i, i+2)
	}
	raw := rawMailText(from, to, subject, id, text, headers...)
	if i := slices.Index(headers, "Raw"); i >= 0 {
		raw = []byte(fmt.Sprintf("From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\nMessage-ID: <%s>\r\n%s", from, to, subject, id, headers[i+1]))
	}
	err = c.SendMail(sender, []string{to}, bytes.NewReader(raw))
	if refused := (*smtp.SMTPError)(nil); errors.As(err, &refused) && refused.Code != 421 { // 421 closes the connection
		return strconv.Itoa(refused.Code), id, nil
	}
	return "250", id, err
}

// outcome is what became of a mail, in short.
func (s *siege) outcome(id string) string {
	s.t.Helper()
	page, err := s.daemon.records.store.MailsByMessageID(s.t.Context(), id, "", 1)
	if err != nil {
		s.t.Fatal(err)
	}
	if len(page.Items) == 0 {
		return "refused"
	}
	o := page.Items[0].Outcome
	switch {
	case o.Ticket == "":
		return string(o.Outcome)
	case o.Ticket == s.a && o.Outcome == ticket.OutcomeHeld:
		return "held for A"
	case o.Ticket == s.a:
		return string(o.Outcome) + " A"
	}
	return string(o.Outcome) + " another"
}

// outcomes counts what became of all mails whose outcome is kept under a kind.
func (s *siege) outcomes(kind ticket.OutcomeKind) int {
	s.t.Helper()
	n, after := 0, ""
	for {
		page, err := s.daemon.records.store.MailsByOutcome(s.t.Context(), kind, after, 200)
		if err != nil {
			s.t.Fatal(err)
		}
		n += len(page.Items)
		if page.Next == "" {
			return n
		}
		after = page.Next
	}
}

// took is what left since it was asked last: to whom, and which letters.
type took struct {
	posts []posted
	kinds map[string][]string // by recipient
}

// received waits until nothing is owed, and tells what left.
func (s *siege) received() took {
	s.t.Helper()
	s.settle()
	all := s.office.letters()
	w := took{posts: all[s.before:], kinds: map[string][]string{}}
	s.before = len(all)
	ring := s.daemon.records.secrets.ring
	for _, p := range w.posts {
		id, number, ok := ring.VerifyMessageID(s.daemon.parser.Parse(p.data).MessageID)
		if !ok || len(p.to) != 1 {
			s.t.Fatalf("a letter that is not ours:\n%s", p.data)
		}
		n, found := s.notice(id, number)
		if !found {
			s.t.Fatalf("letter %d of %s is not on record", number, id)
		}
		kind := string(n.Kind)
		if n.Facts.Neutral && n.Kind == ticket.NoticeAcknowledgement {
			kind = "neutral acknowledgement"
		}
		w.kinds[p.to[0]] = append(w.kinds[p.to[0]], kind)
	}
	return w
}

func (s *siege) notice(id ticket.ID, number int) (n ticket.Notice, found bool) {
	s.t.Helper()
	err := s.daemon.records.store.Update(s.t.Context(), func(tx *store.Tx) error {
		var err error
		n, found, err = tx.Notice(id, number)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n, found
}

// to is what an address received, in short.
func (w took) to(address string) string {
	if len(w.kinds[address]) == 0 {
		return "nothing"
	}
	counts := map[string]int{}
	var order []string
	for _, k := range w.kinds[address] {
		if counts[k]++; counts[k] == 1 {
			order = append(order, k)
		}
	}
	slices.Sort(order)
	for i, k := range order {
		if counts[k] > 1 {
			order[i] = fmt.Sprintf("%d× %s", counts[k], k)
		}
	}
	return strings.Join(order, ", ")
}

// says reports whether a letter to somebody holds a text.
func (w took) says(s *siege, address, text string) bool {
	return slices.ContainsFunc(w.posts, func(p posted) bool {
		m := s.daemon.parser.Parse(p.data)
		return p.to[0] == address && strings.Contains(m.Subject+"\n"+m.Text, text)
	})
}
