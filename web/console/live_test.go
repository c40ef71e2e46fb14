package console_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page/pagetest"
)

// listener reads the stream of hints of an open page.
type listener struct {
	t     *testing.T
	lines chan string
	close func()
}

func (b *browser) listen(t *testing.T, id ticket.ID) *listener {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := b.request(http.MethodGet, "/console/events?ticket="+string(id), nil).WithContext(ctx)
	answer := b.do(r)
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("listening: %s", answer.Status)
	}
	l := &listener{t, make(chan string, 100), cancel}
	go func() {
		defer close(l.lines)
		for s := bufio.NewScanner(answer.Body); s.Scan(); {
			l.lines <- s.Text()
		}
	}()
	t.Cleanup(cancel)
	l.until(": hints")
	return l
}

// until reads on to a line that begins so.
func (l *listener) until(prefix string) string {
	l.t.Helper()
	guard := time.After(30 * time.Second) // against hanging
	for {
		select {
		case line, ok := <-l.lines:
			if !ok {
				l.t.Fatalf("the stream ended before %q", prefix)
			}
			if strings.HasPrefix(line, prefix) {
				return line
			}
		case <-guard:
			l.t.Fatalf("%q never came", prefix)
		}
	}
}

// An open page hears which ticket has changed, and who else reads its own; nobody hears
// of himself.
func TestLivePages(t *testing.T) {
	h := newHouse(t)
	id := h.receive("Chatbot", "Den svarer ikke.").Ticket
	mine, theirs := h.signedIn(supportAddress), h.signedIn(devAddress)
	l := mine.listen(t, id)
	if line := l.until("data:"); !strings.Contains(line, `"readers":""`) {
		t.Errorf("alone, I hear %s", line)
	}
	other := theirs.listen(t, id)
	if line := l.until("data:"); !strings.Contains(line, "Udvikler") {
		t.Errorf("when a colleague comes, I hear %s", line)
	}
	if text := pagetest.Text(theirs.page(t, "/console/tickets/"+string(id), http.StatusOK)); !strings.Contains(text, "Support is reading too") {
		t.Errorf("the colleague's page does not say that I read: %.300s", text)
	}
	h.order(id, ticket.Order{Verb: ticket.VerbNote, Text: "Ses i log."}, ticket.RoleDev)
	l.until("event: ticket")
	if line := l.until("data:"); !strings.Contains(line, string(id)) {
		t.Errorf("I hear of %s", line)
	}
	other.close()
	l.until("event: readers")
	if line := l.until("data:"); !strings.Contains(line, `"readers":""`) {
		t.Errorf("when he has gone, I hear %s", line)
	}
}

// A row that has changed can be had alone.
func TestRowsAlone(t *testing.T) {
	h := newHouse(t)
	id := h.receive("Chatbot", "Den svarer ikke.").Ticket
	b := h.signedIn(supportAddress)
	h.order(id, ticket.Order{Verb: ticket.VerbClassify, Severity: ticket.SeverityHigh}, ticket.RoleSupport)
	r := b.get("/console/rows?ids=" + string(id) + ",AIS-0000-0000,<script>")
	body := make([]byte, 16<<10)
	n, _ := r.Body.Read(body)
	if s := string(body[:n]); r.StatusCode != http.StatusOK || strings.Count(s, "<li") != 1 || !strings.Contains(s, "Bekræftet: høj") {
		t.Errorf("%s: %s", r.Status, s)
	}
}
