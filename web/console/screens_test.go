package console_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/search"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/console"
	"aismarttalk.tech/supportd/web/page/pagetest"
)

const ownerAddress = "owner@firma.example"

// search finds tickets by an index that is built anew for each question.
func (h *house) search(query, after string, limit int) (ids []ticket.ID, next string) {
	x := search.New()
	err := h.store.EachTicket(h.t.Context(), func(t ticket.Ticket) error {
		events, err := h.store.Events(h.t.Context(), t.ID)
		x.Put(search.DocumentOf(t, events))
		return err
	})
	if err != nil {
		h.t.Error(err)
	}
	hits, next := x.Search(query, after, limit)
	for _, one := range hits {
		ids = append(ids, one.ID)
	}
	return ids, next
}

func operations(context.Context) console.Operations {
	return console.Operations{
		Version: "v1.2.3", Started: time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC), KeyVersions: []string{"1", "2"}, Signs: "2",
		Checks:  []console.Health{{Name: "store", OK: true}, {Name: "relay"}},
		Journal: journal.Stats{Pending: 3, Parked: 1, Oldest: time.Date(2026, 11, 23, 12, 5, 0, 0, time.UTC)},
		Parked:  []journal.Parked{{ID: "01kap000000000000099", Reason: "the disk is full", At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}},
		Metrics: "http://127.0.0.1:9464/metrics",
	}
}

// forged has a mail claim to be from a domain that says it is not.
func forged(in *desk.Incoming) {
	in.Check = &ticket.SenderCheck{Trust: ticket.TrustFailed, Reason: "DMARC fails", SPF: ticket.SPFCheck{Result: ticket.CheckFail, Domain: "kunde.example"},
		DMARC: ticket.DMARCCheck{Result: ticket.CheckFail, Domain: "kunde.example", Policy: "reject"}}
}

func fromMachine(in *desk.Incoming) {
	in.Message.Automatic = ticket.Automatic{Is: true, Kind: "vacation", Reasons: []string{"Auto-Submitted: auto-replied"}}
}

// held has a mail kept off a ticket, and returns both.
func (h *house) held() (mail string, id ticket.ID) {
	h.t.Helper()
	first := h.receive("Chatbot svarer ikke", "Den svarer ikke.")
	out := h.receive("Re: Chatbot svarer ikke", "Send mig alle mails på sagen.", answers(first), forged)
	if out.Outcome != ticket.OutcomeHeld {
		h.t.Fatalf("the mail became %s: %v", out.Outcome, out.Reasons)
	}
	return out.Mail, first.Ticket
}

// stuck gives up every letter that is owed.
func (h *house) stuck() []ticket.Notice {
	h.t.Helper()
	o := store.NewOutbox(h.store)
	at := h.now.Add(time.Hour)
	leased, err := o.Lease(h.t.Context(), at, time.Minute, 100)
	if err != nil {
		h.t.Fatal(err)
	}
	var all []ticket.Notice
	for _, l := range leased {
		if err := o.GiveUp(h.t.Context(), l, at, "550 5.1.1 no such user", "the relay refuses it"); err != nil {
			h.t.Fatal(err)
		}
		all = append(all, l.Notice)
	}
	return all
}

func screenPaths() []string {
	return []string{
		"/console/planning", "/console/mail", "/console/mail?list=auto", "/console/mail?list=bounce", "/console/mail?list=dropped",
		"/console/outbox", "/console/outbox?state=given-up", "/console/outbox?state=bounced", "/console/outbox?state=queued",
		"/console/roadmap", "/console/roadmap?period=2026", "/console/operations", "/console/digests", "/console/digests/" + supportAddress,
		"/console/digests/" + devAddress, "/console/search", "/console/search?q=siden", "/console/search?status=reported&severity=high",
	}
}

// Every screen is a page as pages must be, in the language of its reader, with nothing
// in the house and with much.
func TestScreensArePages(t *testing.T) {
	for _, tickets := range []int{0, 400} {
		t.Run(fmt.Sprint(tickets), func(t *testing.T) {
			h := newHouse(t)
			h.fill(tickets)
			if tickets > 0 {
				h.held()
				h.receive("Fraværende", "Jeg er på ferie.", fromMachine)
				h.stuck()
			}
			for _, who := range []struct{ address, lang, words string }{
				{supportAddress, "da", "Planlægning"}, {devAddress, "en", "Planning"}, {ownerAddress, "da", "Køreplan"},
			} {
				b := h.signedIn(who.address)
				for _, path := range screenPaths() {
					doc := b.page(t, path, http.StatusOK)
					wantText(t, doc, who.words)
					if got := attr(pagetest.Find(doc, "html")[0], "lang"); got != who.lang {
						t.Errorf("%s is in %q, want %q", path, got, who.lang)
					}
					if n := searchFields(doc); n != 1 {
						t.Errorf("%s has %d fields to search in", path, n)
					}
				}
			}
		})
	}
}

func searchFields(doc *html.Node) (n int) {
	for _, in := range pagetest.Find(doc, "input") {
		if attr(in, "type") == "search" {
			n++
		}
	}
	return n
}

func TestScreensAreForStaff(t *testing.T) {
	h := newHouse(t)
	mail, _ := h.held()
	b := h.browser()
	for _, path := range append(screenPaths(), "/console/mail/"+mail, "/console/mail/"+mail+"/html") {
		if r := b.get(path); r.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	for _, path := range []string{"/console/mail/" + mail + "/decide", "/console/digests/" + supportAddress} {
		if r := b.post(path, url.Values{"do": {"send"}, "way": {"new"}}); r.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	h := newHouse(t)
	out := h.receive("Chatbot", "Den svarer ikke.")
	b := h.signedIn(supportAddress)
	for _, path := range []string{
		"/console/mail?list=opened", "/console/mail/" + out.Mail, "/console/mail/nothing", "/console/mail/01kap000000000000999",
		"/console/outbox?state=sent", "/console/outbox/AIS-0000-0000/1", "/console/outbox/" + string(out.Ticket) + "/99",
		"/console/outbox/" + string(out.Ticket) + "/x", "/console/roadmap?period=soon", "/console/digests/nobody@firma.example",
	} {
		if r := b.get(path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	for _, path := range []string{"/console/search?status=reported&after=%00", "/console/mail?list=auto&after=x"} {
		if r := b.get(path); r.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
}

// A page weighs the same with ten thousand tickets: each column is bounded, and says
// how many more there are.
func TestPlanningIsBounded(t *testing.T) {
	h := newHouse(t)
	h.fill(10_000)
	doc := h.signedIn(ownerAddress).page(t, "/console/planning", http.StatusOK)
	columns := findClass(doc, "column")
	if len(columns) != len(ticket.States()) {
		t.Fatalf("the board has %d columns", len(columns))
	}
	for i, state := range ticket.States() {
		if id := "col-" + string(state); pagetest.ByID(columns[i], id) == nil {
			t.Errorf("column %d is not that of %s", i, state)
		}
		if n := len(pagetest.Find(columns[i], "li")); n > 7 {
			t.Errorf("%s shows %d tickets", state, n)
		}
	}
	wantText(t, doc, "og flere end 193 til", "Backlog uden sprint", "Vis flere")
}

func TestBoardSaysHowManyMore(t *testing.T) {
	h := newHouse(t)
	for i := range 14 {
		h.receive(fmt.Sprintf("Sag %d", i), "Den svarer ikke.")
	}
	doc := h.signedIn(supportAddress).page(t, "/console/planning", http.StatusOK)
	wantText(t, doc, "og 7 flere", "Kun den produktansvarlige kan planlægge")
	if n := len(findClass(doc, "moves")); n != 0 {
		t.Errorf("support may move %d tickets", n)
	}
}

func (h *house) classified(subject string, level ticket.Severity) ticket.ID {
	id := h.receive(subject, "Den svarer ikke.").Ticket
	h.order(id, ticket.Order{Verb: ticket.VerbClassify, Severity: level, Category: "login", Kind: ticket.KindBug}, ticket.RoleSupport)
	return id
}

// The owner plans from the page: one press shows the letters, another sends them.
func TestPlanFromTheBacklog(t *testing.T) {
	h := newHouse(t)
	id := h.classified("Faktura mangler linje", ticket.SeverityHigh)
	b := h.signedIn(ownerAddress)
	doc := b.page(t, "/console/planning", http.StatusOK)
	wantText(t, doc, "0 af 10 pladser er taget", "Faktura mangler linje", "Intet bliver skubbet ud", "→ 2026-24", "→ 2026-25")
	plan := "/console/tickets/" + string(id) + "/do/plan"
	preview := checked(t, b.post(plan, url.Values{"sprint": {"2026-25"}, "do": {"preview"}}), http.StatusOK)
	wantText(t, preview, "2026-25", "1 mail bliver sendt")
	send := hidden(preview)
	send.Set("do", "send")
	if r := b.post(plan, send); r.StatusCode != http.StatusSeeOther {
		t.Fatal(r.Status)
	}
	if got := h.ticket(id).Sprint.Name; got != "2026-25" {
		t.Errorf("it is in sprint %q", got)
	}
	doc = b.page(t, "/console/planning", http.StatusOK)
	wantText(t, doc, "1 af 10 pladser er taget", "Alle klassificerede fejl har en sprint")
	wantText(t, b.page(t, "/console/roadmap", http.StatusOK), "Faktura mangler linje", "ingen offentlig titel", "Se den offentlige køreplan")
	wantText(t, b.page(t, "/console/roadmap?period=2026", http.StatusOK), "planlagt: 1")
}

// When the current sprint is full, the page says what one more hotfix would push out;
// asking changes nothing.
func TestHotfixCost(t *testing.T) {
	h := newHouse(t)
	for i := range 10 {
		level := ticket.SeverityHigh
		if i == 9 {
			level = ticket.SeverityLow
		}
		id := h.classified(fmt.Sprintf("Sag %d", i), level)
		h.order(id, ticket.Order{Verb: ticket.VerbPlan, Sprint: "2026-24"}, ticket.RoleOwner)
	}
	b := h.signedIn(ownerAddress)
	for range 2 {
		wantText(t, b.page(t, "/console/planning", http.StatusOK), "10 af 10 pladser er taget", "fuld", "Sag 9 → 2026-25")
	}
}

func TestReleaseHeldMail(t *testing.T) {
	h := newHouse(t)
	mail, id := h.held()
	b := h.signedIn(supportAddress)
	wantText(t, b.page(t, "/console", http.StatusOK), "Post (1)")
	wantText(t, b.page(t, "/console/mail", http.StatusOK), "Re: Chatbot svarer ikke", client, "holdt tilbage", string(id))
	at := "/console/mail/" + mail
	wantText(t, b.page(t, at, http.StatusOK), "Send mig alle mails på sagen.", "SPF: fail", "DMARC: fail (kunde.example, p=reject)", "Formodet billet", "Afgør")

	preview := checked(t, b.post(at+"/decide", url.Values{"way": {"ticket"}, "ticket": {string(id)}}), http.StatusOK)
	wantText(t, preview, "Mailen kommer på billetten", "mails bliver sendt", "Frigiv")
	if m := h.mail(mail); m.Decision != nil {
		t.Fatal("the preview did it")
	}
	events := h.ticket(id).Events
	send := hidden(preview)
	send.Set("do", "send")
	for range 2 { // pressed twice
		if r := b.post(at+"/decide", send); r.StatusCode != http.StatusSeeOther {
			t.Errorf("released: %s", r.Status)
		}
	}
	if got := h.ticket(id).Events; got != events+1 {
		t.Errorf("the ticket has %d events more", got-events)
	}
	wantText(t, b.page(t, at, http.StatusOK), "Support frigav mailen", string(id))
	wantText(t, b.page(t, "/console/mail", http.StatusOK), "Ingen mail er holdt tilbage")
}

// What a release to a new ticket would send is shown in its words, and then sent.
func TestReleaseAsNew(t *testing.T) {
	h := newHouse(t)
	mail, id := h.held()
	b := h.signedIn(ownerAddress)
	at := "/console/mail/" + mail + "/decide"
	preview := checked(t, b.post(at, url.Values{"way": {"new"}}), http.StatusOK)
	wantText(t, preview, "Mailen opretter en ny billet", client)
	shown := h.mail(mail).Outcome.Ticket
	send := hidden(preview)
	send.Set("do", "send")
	if r := b.post(at, send); r.StatusCode != http.StatusSeeOther {
		t.Fatal(r.Status)
	}
	m := h.mail(mail)
	if m.Outcome.Ticket == id || m.Outcome.Ticket == shown || m.Outcome.Outcome != ticket.OutcomeOpened {
		t.Errorf("it is %s on %s", m.Outcome.Outcome, m.Outcome.Ticket)
	}
	if text := pagetest.Text(preview); len(m.Outcome.Notices) > 0 && !strings.Contains(text, string(m.Outcome.Ticket)) {
		t.Errorf("the preview did not name %s:\n%s", m.Outcome.Ticket, text)
	}
}

// Of two who decide about one mail, the second is told who was first, also where both
// decided alike; and nothing is done twice.
func TestSecondToDecideIsTold(t *testing.T) {
	for _, second := range []url.Values{
		{"way": {"drop"}, "reason": {"Spam"}, "do": {"send"}},
		{"way": {"new"}, "do": {"send"}},
		{"way": {"drop"}, "reason": {"Svindel"}, "do": {"preview"}},
		{"way": {"ticket"}, "ticket": {"AIS-7K3Q-M2XQ"}, "do": {"send"}},
	} {
		h := newHouse(t)
		mail, _ := h.held()
		at := "/console/mail/" + mail + "/decide"
		if r := h.signedIn(supportAddress).post(at, url.Values{"way": {"drop"}, "reason": {"Spam"}, "do": {"send"}}); r.StatusCode != http.StatusSeeOther {
			t.Fatal(r.Status)
		}
		doc := checked(t, h.signedIn(ownerAddress).post(at, second), http.StatusConflict)
		wantText(t, doc, "En kollega var først", "Support lagde mailen til side", "Din afgørelse er ikke udført")
		if d := h.mail(mail).Decision; d == nil || d.By.Address != supportAddress {
			t.Errorf("%v: decided by %+v", second, d)
		}
	}
}

// Who changes his mind is told that he has decided, and not that a colleague has.
func TestDecidingTwice(t *testing.T) {
	h := newHouse(t)
	mail, _ := h.held()
	at := "/console/mail/" + mail + "/decide"
	b := h.signedIn(supportAddress)
	if r := b.post(at, url.Values{"way": {"drop"}, "reason": {"Spam"}, "do": {"send"}}); r.StatusCode != http.StatusSeeOther {
		t.Fatal(r.Status)
	}
	doc := checked(t, b.post(at, url.Values{"way": {"new"}, "do": {"send"}}), http.StatusConflict)
	wantText(t, doc, "Du har allerede afgjort mailen", "Support lagde mailen til side")
	if strings.Contains(pagetest.Text(doc), "En kollega var først") {
		t.Error("a colleague is blamed")
	}
}

func TestDecisionsAtFault(t *testing.T) {
	h := newHouse(t)
	mail, _ := h.held()
	at := "/console/mail/" + mail + "/decide"
	b := h.signedIn(supportAddress)
	for _, c := range []struct {
		form   url.Values
		status int
		text   string
	}{
		{url.Values{"way": {"drop"}, "do": {"send"}}, http.StatusUnprocessableEntity, "Skriv, hvorfor mailen bliver lagt til side"},
		{url.Values{"way": {"ticket"}, "ticket": {"x"}}, http.StatusUnprocessableEntity, "Skriv sporings-ID'et"},
		{url.Values{"do": {"send"}}, http.StatusUnprocessableEntity, "Vælg, hvad der skal ske"},
		{url.Values{"way": {"drop"}, "reason": {"Spam"}}, http.StatusOK, "Der bliver ikke sendt noget"},
	} {
		wantText(t, checked(t, b.post(at, c.form), c.status), c.text)
	}
	dev := h.signedIn(devAddress)
	wantText(t, dev.page(t, "/console/mail/"+mail, http.StatusOK), "only support or the product owner may decide")
	checked(t, dev.post(at, url.Values{"way": {"drop"}, "reason": {"Spam"}, "do": {"send"}}), http.StatusConflict)
	if h.mail(mail).Decision != nil {
		t.Error("it was decided on")
	}
}

func (h *house) mail(id string) store.Mail {
	h.t.Helper()
	m, found, err := h.store.Mail(h.t.Context(), id)
	if err != nil || !found {
		h.t.Fatal(found, err)
	}
	return m
}

// HTML of a held mail is shown cleaned, and under a policy that lets it do nothing.
func TestHeldHTML(t *testing.T) {
	h := newHouse(t)
	mail, _ := h.held()
	h.raw[journal.ID(mail)] = []byte("Content-Type: text/html\r\n\r\n<p>Hej</p><script>alert(1)</script><img src=https://spy.example/x>")
	b := h.signedIn(supportAddress)
	if frames := pagetest.Find(b.page(t, "/console/mail/"+mail, http.StatusOK), "iframe"); len(frames) != 1 || attr(frames[0], "sandbox") != "" {
		t.Errorf("%d frames", len(frames))
	}
	r := b.get("/console/mail/" + mail + "/html")
	body := new(strings.Builder)
	if err := r.Write(body); err != nil {
		t.Fatal(err)
	}
	if text := body.String(); !strings.Contains(text, "Hej") || strings.Contains(text, "alert") || strings.Contains(text, "spy.example/x\"") {
		t.Error(text)
	}
	if csp := r.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("policy %q", csp)
	}
}

// Lists of mails are paged to their end, each mail once.
func TestMailListsArePaged(t *testing.T) {
	h := newHouse(t)
	const mails = 60
	var want []string
	for i := range mails {
		h.now = h.now.Add(time.Minute)
		want = append(want, h.receive(fmt.Sprintf("Fraværende %d", i), strings.Repeat("Ferie ", i+1), fromMachine).Mail)
	}
	slices.Reverse(want) // the newest first
	b := h.signedIn(supportAddress)
	var got []string
	for path := "/console/mail?list=auto"; path != ""; {
		doc := b.page(t, path, http.StatusOK)
		path = ""
		for _, n := range findClass(doc, "row") {
			got = append(got, attr(n, "data-mail"))
		}
		for _, n := range findClass(doc, "more") {
			path = attr(n, "href")
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d mails are listed, want %d, the newest first", len(got), len(want))
	}
}

func TestBounce(t *testing.T) {
	h := newHouse(t)
	out := h.receive("Chatbot", "Den svarer ikke.")
	notices, err := h.store.Notices(t.Context(), out.Ticket)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(notices, func(n ticket.Notice) bool { return n.Kind == ticket.NoticeAcknowledgement })
	keys := ticket.Keyring{Current: '1', Keys: map[byte][]byte{'1': []byte(strings.Repeat("k", 32))}}
	h.receive("Undeliverable", "Ikke leveret", func(in *desk.Incoming) {
		in.Envelope.From, in.Message.From = "", ticket.Address{Address: "mailer-daemon@kunde.example"}
		in.Message.Bounce = ticket.Bounce{Is: true, OriginalMessageID: keys.MessageID(out.Ticket, notices[i].Number, "firma.example"),
			Recipients: []ticket.BouncedRecipient{{Address: client, Action: "failed", Status: "5.1.1", Diagnostic: "550 no such user"}}}
	})
	b := h.signedIn(supportAddress)
	wantText(t, b.page(t, "/console/mail?list=bounce", http.StatusOK), "5.1.1", client, "550 no such user", "Kvittering", "Løftet står åbent", string(out.Ticket))
	wantText(t, b.page(t, "/console/outbox?state=bounced", http.StatusOK), "Kvittering → "+client)
}

// A letter that was given up is shown whole, and sent again or dropped once that is
// confirmed. The second of two is told how it stands.
func TestStuckLetters(t *testing.T) {
	h := newHouse(t)
	h.receive("Chatbot", "Den svarer ikke.")
	stuck := h.stuck()
	i := slices.IndexFunc(stuck, func(n ticket.Notice) bool { return n.Kind == ticket.NoticeAcknowledgement })
	at := "/console/outbox/" + string(stuck[i].Ticket) + "/" + strconv.Itoa(stuck[i].Number)
	b, other := h.signedIn(supportAddress), h.signedIn(devAddress)
	wantText(t, b.page(t, "/console/outbox?state=given-up", http.StatusOK), "Kvittering → "+client, "the relay refuses it", "550 5.1.1 no such user")
	wantText(t, b.page(t, at, http.StatusOK), "Send igen …", "Vi har modtaget en mail fra denne adresse")
	wantText(t, checked(t, b.post(at, url.Values{"do": {"retry"}}), http.StatusOK), "Brevet bliver sendt til "+client)
	if n := h.notice(stuck[i]); n.State != ticket.NoticeGivenUp {
		t.Fatalf("before it was confirmed it is %s", n.State)
	}
	if r := b.post(at, url.Values{"do": {"retry"}, "sure": {"retry"}}); r.StatusCode != http.StatusSeeOther {
		t.Fatal(r.Status)
	}
	if n := h.notice(stuck[i]); n.State != ticket.NoticeQueued {
		t.Errorf("it is %s", n.State)
	}
	wantText(t, checked(t, other.post(at, url.Values{"do": {"drop"}, "sure": {"drop"}}), http.StatusConflict), "is queued")
	if r := b.post(at, url.Values{"do": {"send"}}); r.StatusCode != http.StatusBadRequest {
		t.Error(r.Status)
	}
}

func (h *house) notice(n ticket.Notice) ticket.Notice {
	h.t.Helper()
	now, found, err := h.store.Notice(h.t.Context(), n.Ticket, n.Number)
	if err != nil || !found {
		h.t.Fatal(found, err)
	}
	return now
}

// A letter that lets its reader in is listed like others, and its words are shown to
// nobody.
func TestSignInLetterIsNotShown(t *testing.T) {
	h := newHouse(t)
	if err := h.desk.AskSignIn(t.Context(), supportAddress, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := h.desk.DoChores(t.Context()); err != nil {
		t.Fatal(err)
	}
	stuck := h.stuck()
	i := slices.IndexFunc(stuck, func(n ticket.Notice) bool { return n.Kind == ticket.NoticeStaffSignIn })
	if i < 0 {
		t.Fatal(errors.New("no letter was owed"))
	}
	doc := h.signedIn(devAddress).page(t, "/console/outbox/"+string(stuck[i].Ticket)+"/1", http.StatusOK)
	wantText(t, doc, "Therefore it is not shown")
	if text := pagetest.Text(doc); strings.Contains(text, "link=") {
		t.Errorf("the page reads\n%s", text)
	}
}

func TestDigestPreview(t *testing.T) {
	h := newHouse(t)
	b := h.signedIn(supportAddress)
	mine, other := "/console/digests/"+supportAddress, "/console/digests/"+devAddress
	wantText(t, b.page(t, mine, http.StatusOK), "Intet venter. Derfor bliver der ikke sendt nogen liste")
	h.receive("Chatbot svarer ikke", "Det er kritisk", critical)
	wantText(t, b.page(t, mine, http.StatusOK), "Dagens support 23. november", "meldt kritisk", "Send nu …")
	wantText(t, b.page(t, other, http.StatusOK), "Du kan kun sende din egen liste")
	checked(t, b.post(other, url.Values{"do": {"send"}}), http.StatusConflict)
	wantText(t, checked(t, b.post(mine, url.Values{"do": {"ask"}}), http.StatusOK), "Send listen til "+supportAddress+" nu?")
	if last, err := h.desk.LastDigest(t.Context(), supportAddress); err != nil || last != nil {
		t.Fatalf("before it was confirmed: %v, error %v", last, err)
	}
	if r := b.post(mine, url.Values{"do": {"send"}}); r.StatusCode != http.StatusSeeOther {
		t.Fatal(r.Status)
	}
	wantText(t, b.page(t, mine, http.StatusOK), "Listen for i dag er allerede sendt", "venter på afsendelse")
	wantText(t, b.page(t, "/console/operations", http.StatusOK), "venter på afsendelse")
}

func TestOperations(t *testing.T) {
	doc := newHouse(t)
	page := doc.signedIn(supportAddress).page(t, "/console/operations", http.StatusOK)
	wantText(t, page, "En del virker ikke", "relay ! virker ikke", "v1.2.3", "1, 2 (2 underskriver)", "den ældste: 1 t", "the disk is full",
		"supportd keys rotate", "http://127.0.0.1:9464/metrics")
}

func TestSearch(t *testing.T) {
	h := newHouse(t)
	one := h.receive("Faktura mangler linje", "Linjen om moms er væk.").Ticket
	h.receive("Langsom side", "Siden er langsom.")
	b := h.signedIn(supportAddress)
	titles := func(query string) (all []string) {
		for _, a := range pagetest.Find(b.page(t, "/console/search?"+query, http.StatusOK), "a") {
			if attr(a, "class") == "title" {
				all = append(all, pagetest.Text(a))
			}
		}
		return all
	}
	for query, want := range map[string][]string{
		"q=moms": {"Faktura mangler linje"}, "status=reported": {"Langsom side", "Faktura mangler linje"}, "q=siden&status=closed": nil,
		"reporter=" + url.QueryEscape(client): {"Langsom side", "Faktura mangler linje"}, "assignee=none&q=langsom": {"Langsom side"},
		"status=nonsense&q=moms": {"Faktura mangler linje"}, "sprint=2026-24": nil, "q=%00%ff": nil,
	} {
		if got := titles(query); !slices.Equal(got, want) {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
		h.now = h.now.Add(time.Second)
	}
	wantText(t, b.page(t, "/console/search?q=siden&status=closed", http.StatusOK), "Ingen billetter passer", "at søge uden filtre", "færre eller andre ord")
	if r := b.get("/console/search?q=" + strings.ToLower(string(one))); r.StatusCode != http.StatusSeeOther || !strings.HasSuffix(r.Header.Get("Location"), string(one)) {
		t.Errorf("an ID leads to %s", r.Header.Get("Location"))
	}
}

// A search is paged to its end, by filters and by words, each ticket once.
func TestSearchIsPaged(t *testing.T) {
	h := newHouse(t)
	h.fill(1000)
	b := h.signedIn(supportAddress)
	for _, query := range []string{"status=reported", "status=reported&kind=bug&category=login", "q=virker&status=reported"} {
		seen := map[string]bool{}
		for path := "/console/search?" + query; path != ""; {
			doc := b.page(t, path, http.StatusOK)
			path = ""
			for _, n := range findClass(doc, "row") {
				if id := attr(n, "data-ticket"); seen[id] {
					t.Fatalf("%s: %s is shown twice", query, id)
				} else {
					seen[id] = true
				}
			}
			for _, n := range findClass(doc, "more") {
				path = attr(n, "href")
			}
		}
		if len(seen) != 100 {
			t.Errorf("%s finds %d tickets, want 100", query, len(seen))
		}
	}
}

func TestCountsAreBounded(t *testing.T) {
	h := newHouse(t)
	first := h.receive("Chatbot", "Den svarer ikke.")
	for i := range 120 {
		h.receive("Re: Chatbot", strings.Repeat("x", i+1), answers(first), forged)
	}
	wantText(t, h.signedIn(supportAddress).page(t, "/console", http.StatusOK), "Post (99+)")
}
