package public

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page/pagetest"
)

// A one-time link is spent by the button and not by whoever looks at it; what it
// showed can be loaded again for an hour.
func TestOneTimeLink(t *testing.T) {
	h := newHouse(t)
	id := h.open("da", "Hemmeligt emne")
	asked := h.said(h.post("/status", url.Values{"id": {strings.ToLower(string(id))}, "address": {"Kunde1@butik.example"}}), 200)
	mustSay(t, asked, "Se i din mail")
	link := h.links(id, ticket.NoticeStatus)[0]

	for range 3 { // a scanner looks at it
		doc := h.document(h.get(link), 200)
		mustSay(t, pagetest.Text(doc), "Vis billetten")
		mustNotSay(t, pagetest.Text(doc), string(id), "Modtaget")
	}
	proof := url.Values{"proof": {link[strings.Index(link, "=")+1:]}}
	r := h.post("/status/show", proof)
	shown := r.Header.Get("Location")
	if r.StatusCode != http.StatusSeeOther || !strings.HasPrefix(shown, "/t/") {
		t.Fatalf("%d %s", r.StatusCode, shown)
	}
	for range 2 { // and again
		said := h.said(h.get(shown), 200)
		mustSay(t, said, "Billet "+string(id), "Modtaget", "Meldt: høj", "24. november 2026 kl. 9.00", "Support vurderer alvorlighed og kategori", "svar på mailen fra os")
		mustNotSay(t, said, "Hemmelig", "kunde1@butik.example")
	}
	mustSay(t, h.said(h.post("/status/show", proof), 410), "Linket er brugt. Få et nyt.", "Sporings-ID", "Send mig en mail")
	h.advance(61 * time.Minute)
	mustSay(t, h.said(h.get(shown), 410), "Linket er brugt. Få et nyt.")
}

// bad-input 140: whoever asks learns nothing but that he asked.
func TestStatusAnswersAlike(t *testing.T) {
	h := newHouse(t)
	id := h.open("da", "Emne")
	var first string
	for _, c := range []url.Values{
		{"id": {string(id)}, "address": {"kunde1@butik.example"}},
		{"id": {string(id)}, "address": {"fremmed@andet.example"}},
		{"id": {"AIS-0000-0000"}, "address": {"kunde1@butik.example"}},
	} {
		r := h.post("/status", c)
		body, err := io.ReadAll(r.Body)
		if err != nil || r.StatusCode != 200 {
			t.Fatal(r.StatusCode, err)
		}
		if first == "" {
			first = string(body)
		}
		if string(body) != first {
			t.Errorf("%v is answered otherwise:\n%s", c, body)
		}
	}
}

func TestStatusFormFaults(t *testing.T) {
	h := newHouse(t)
	doc := h.document(h.post("/status", url.Values{"id": {"AIS-7K3Q-M2XX"}, "address": {"kunde"}}), 422)
	mustSay(t, pagetest.Text(doc), "Skriv sporings-ID'et, som det står i mailen: AIS-7K3Q-M2XQ", "Skriv hele mailadressen")
	if got := pagetest.Attr(pagetest.ByID(doc, "f-id"), "value"); got != "AIS-7K3Q-M2XX" {
		t.Errorf("the ID became %q", got)
	}
}

// The link in a letter shows the same for ninety days, and no other ticket.
func TestSignedLink(t *testing.T) {
	h := newHouse(t)
	id, other := h.open("da", "Emne"), h.open("da", "Andet emne")
	link := h.links(id, ticket.NoticeAcknowledgement)[0]
	mustSay(t, h.said(h.get(link), 200), string(id))
	otherLink := h.links(other, ticket.NoticeAcknowledgement)[0]
	token, otherToken := strings.Split(link, "."), strings.Split(otherLink, ".")
	for name, forged := range map[string]string{
		"another ticket":   otherToken[0] + "." + token[1] + "." + token[2],
		"a later expiry":   token[0] + ".zzzzzz." + token[2],
		"a changed mac":    link[:len(link)-1] + string('0'+(link[len(link)-1]+1)%2),
		"no mac":           token[0] + "." + token[1],
		"an unknown key":   token[0] + "." + token[1] + ".9" + token[2][1:],
		"far too long":     link + strings.Repeat("0", 5000),
		"escaped slashes":  "/t/..%2f..%2fetc",
		"bytes of no text": "/t/%00%ff",
	} {
		if r := h.get(forged); r.StatusCode == 200 {
			t.Errorf("%s works", name)
		}
	}
	h.advance(89 * 24 * time.Hour)
	h.said(h.get(link), 200)
	h.advance(2 * 24 * time.Hour)
	h.said(h.get(link), 410)
}

// Each stage says what comes next, in the ticket's own language and not the
// browser's.
func TestStandingInEveryLanguage(t *testing.T) {
	h := newHouse(t)
	seen := map[string]bool{}
	for _, lang := range templates.Languages() {
		id := h.open(lang, "Subject")
		h.order(id, ticket.Order{Verb: ticket.VerbClassify, Severity: ticket.SeverityCritical, Category: "login"})
		h.order(id, ticket.Order{Verb: ticket.VerbPlan})
		link := h.links(id, ticket.NoticeAcknowledgement)[0]
		r := h.get(link, "Accept-Language", "en")
		if got := r.Header.Get("Content-Language"); got != lang {
			t.Errorf("the ticket in %s is shown in %s", lang, got)
		}
		said := h.said(r, 200)
		mustSay(t, said, string(id), "2026-24")
		said = regexp.MustCompile(string(id)).ReplaceAllString(said, "")
		if seen[said] {
			t.Errorf("the page in %s reads as another", lang)
		}
		seen[said] = true
	}
}

func TestStandingOnItsWay(t *testing.T) {
	h := newHouse(t)
	id := h.open("en", "Subject")
	link := h.links(id, ticket.NoticeAcknowledgement)[0]
	for _, c := range []struct {
		order ticket.Order
		says  []string
	}{
		{ticket.Order{Verb: ticket.VerbClassify, Severity: ticket.SeverityHigh, Category: "login"}, []string{"Classified", "Confirmed: high"}},
		{ticket.Order{Verb: ticket.VerbPlan}, []string{"The fix is planned for sprint 2026-24 (23 November – 6 December).", "See the roadmap: Q4 2026"}},
		{ticket.Order{Verb: ticket.VerbStart}, []string{"Under investigation", "We will write when a fix is ready for testing."}},
		{ticket.Order{Verb: ticket.VerbAsk, Questions: []string{"Which browser?"}}, []string{"Waiting for you", "The questions are in the mail from us. Reply to it."}},
	} {
		h.order(id, c.order)
		said := h.said(h.get(link), 200)
		mustSay(t, said, c.says...)
		mustNotSay(t, said, "Which browser?", "Hemmelig")
	}
}

// Who reported a duplicate sees how the other ticket stands, under his own ID.
func TestStandingOfADuplicate(t *testing.T) {
	h := newHouse(t)
	first, second := h.open("en", "Subject"), h.open("da", "Emne")
	link := h.links(second, ticket.NoticeAcknowledgement)[0]
	h.order(second, ticket.Order{Verb: ticket.VerbMerge, Into: first})
	said := h.said(h.get(link), 200)
	mustSay(t, said, "Billet "+string(second), "Modtaget")
	mustNotSay(t, said, string(first), "Meldt")
}

// bad-input 140, 142, 144: too many, from elsewhere, under another name.
func TestStatusIsGuarded(t *testing.T) {
	h := newHouse(t)
	form := url.Values{"id": {"AIS-0000-0000"}, "address": {"kunde1@butik.example"}}
	h.said(h.post("/status", form, "Sec-Fetch-Site", "cross-site"), 403)
	for range formsPerMinute {
		h.said(h.post("/status", form), 200)
	}
	r := h.post("/status", form)
	if r.Header.Get("Retry-After") == "" {
		t.Error("too many, and not told when to come again")
	}
	h.said(r, 429)
	h.advance(time.Minute)
	h.said(h.post("/status", form), 200)
}
