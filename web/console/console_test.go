package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page/pagetest"
)

func TestInboxShowsWhatWaits(t *testing.T) {
	h := newHouse(t)
	h.receive("Langsom side", "Siden er langsom.")
	worst := h.receive("Chatbot svarer ikke", "Det er kritisk", critical)
	b := h.signedIn(supportAddress)
	doc := b.page(t, "/console", http.StatusOK)
	wantText(t, doc, "Vores tur (2)", "Meldt: kritisk", "ikke markeret", string(worst.Ticket), client, "ikke kontrolleret", "ingen ansvarlig", "ny")
	titles := []string{}
	for _, a := range pagetest.Find(doc, "a") {
		if attr(a, "class") == "title" {
			titles = append(titles, pagetest.Text(a))
		}
	}
	if strings.Join(titles, "; ") != "Chatbot svarer ikke; Langsom side" {
		t.Errorf("rows are %q", titles)
	}
	wantText(t, h.signedIn(devAddress).page(t, "/console", http.StatusOK), "Nothing waits for you.")
	wantText(t, b.page(t, "/console?role=qa", http.StatusOK), "Intet venter på dig.")
}

// Everything is done as a person does it, without scripts: a form, the mail that it
// would send, and the button that sends it.
func TestClassifyWithPreview(t *testing.T) {
	h := newHouse(t)
	id := h.receive("Chatbot svarer ikke", "Det er kritisk", critical).Ticket
	b := h.signedIn(supportAddress)
	doc := b.page(t, "/console/tickets/"+string(id), http.StatusOK)
	wantText(t, doc, "Det er kritisk", "brødtekst", "Klassificér", "kun en udvikler kan", "Kvittering")
	panel := "/console/tickets/" + string(id) + "/do/classify"
	b.page(t, panel, http.StatusOK)
	form := url.Values{"severity": {"high"}, "category": {"chatbot_answers"}, "kind": {"bug"}, "reason": {"I kan stadig skrive til os."}}
	preview := checked(t, b.post(panel, form), http.StatusOK)
	wantText(t, preview, "1 mail bliver sendt", client, "["+string(id)+"]", "I kan stadig skrive til os.", "Modtaget → ")
	if h.ticket(id).State != ticket.StateReported {
		t.Fatal("the preview did it")
	}
	send := hidden(preview)
	send.Set("do", "send")
	first := b.post(panel, send)
	again := b.post(panel, send) // pressed twice
	for _, r := range []*http.Response{first, again} {
		if r.StatusCode != http.StatusSeeOther || !strings.Contains(r.Header.Get("Location"), "done=") {
			t.Errorf("sent: %s, to %q", r.Status, r.Header.Get("Location"))
		}
	}
	tk := h.ticket(id)
	if tk.State != ticket.StateClassified || tk.Severity != ticket.SeverityHigh {
		t.Errorf("the ticket is %s, %s", tk.State, tk.Severity)
	}
	path, _, _ := strings.Cut(first.Header.Get("Location"), "#")
	done := b.page(t, path, http.StatusOK)
	wantText(t, done, "Udført", "Fortryd", "venter på afsendelse")
	undo := "/console/tickets/" + string(id) + "/do/undo"
	shown := checked(t, b.post(undo, url.Values{}), http.StatusOK)
	wantText(t, shown, "Ingen mail bliver sendt")
	send = hidden(shown)
	send.Set("do", "send")
	if r := b.post(undo, send); r.StatusCode != http.StatusSeeOther {
		t.Errorf("undo: %s", r.Status)
	}
	if got := h.ticket(id).State; got != ticket.StateReported {
		t.Errorf("after undo the ticket is %s", got)
	}
	wantText(t, b.page(t, "/console/tickets/"+string(id)+"?view=history", http.StatusOK), "Klassificeret", "fortrudt", "konsol")
}

// Somebody else was first: nothing is done, what changed is told, and the text is kept.
func TestConflict(t *testing.T) {
	h := newHouse(t)
	id := h.receive("Chatbot", "Den svarer ikke.").Ticket
	b := h.signedIn(supportAddress)
	panel := "/console/tickets/" + string(id) + "/do/reply"
	send := hidden(checked(t, b.post(panel, url.Values{"text": {"Vi ser på det."}}), http.StatusOK))
	h.order(id, ticket.Order{Verb: ticket.VerbClassify, Severity: ticket.SeverityHigh}, ticket.RoleSupport)
	send.Set("do", "send")
	doc := checked(t, b.post(panel, send), http.StatusConflict)
	wantText(t, doc, "Billetten blev ændret imens", "Klassificeret", "Udvikler", "høj", "Vi ser på det.", "Prøv igen")
	again := hidden(doc)
	again.Set("do", "preview")
	wantText(t, checked(t, b.post(panel, again), http.StatusOK), "Vi ser på det.", "Send")
}

func TestRefusalsAndFaults(t *testing.T) {
	h := newHouse(t)
	id := h.receive("Chatbot", "Den svarer ikke.").Ticket
	b := h.signedIn(supportAddress)
	at := func(word string) string { return "/console/tickets/" + string(id) + "/do/" + word }
	wantText(t, checked(t, b.post(at("reopen"), url.Values{"reason": {"x"}}), http.StatusConflict), "Det kan ikke gøres nu", "Den er åben")
	doc := checked(t, b.post(at("reply"), url.Values{"text": {"  "}}), http.StatusUnprocessableEntity)
	wantText(t, doc, "teksten mangler")
	// A letter takes so much of a text and no more: it is not cut behind somebody's back.
	long := strings.Repeat("å", 8001)
	for _, do := range []string{"preview", "send"} {
		doc = checked(t, b.post(at("reply"), url.Values{"text": {long}, "do": {do}}), http.StatusUnprocessableEntity)
		wantText(t, doc, "højst 8000 tegn", long)
	}
	wantText(t, b.page(t, at("plan"), http.StatusOK), "Det kan ikke gøres nu", "kun den produktansvarlige")
	// An ID is asked for as those of this desk are written.
	for _, word := range []string{"merge", "link"} {
		wantText(t, b.page(t, at(word), http.StatusOK), "Som det står i mailen: AIS-7K3Q-M2XQ")
	}
	for _, path := range []string{at("help"), at("severity"), at("nothing"), "/console/tickets/AIS-0000-0000", "/console/tickets/x", "/console/nothing"} {
		if r := b.get(path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	// Nothing is done that was not shown.
	wantText(t, checked(t, b.post(at("reply"), url.Values{"text": {"Hej"}, "do": {"send"}}), http.StatusOK), "1 mail bliver sendt")
}

func TestNoteAndReplyAreNotConfused(t *testing.T) {
	h := newHouse(t)
	id := h.receive("Chatbot", "Den svarer ikke.").Ticket
	b := h.signedIn(supportAddress)
	note := b.page(t, "/console/tickets/"+string(id)+"/do/note", http.StatusOK)
	if text := pagetest.Text(note); strings.Contains(text, client) || !strings.Contains(text, "Ingen uden for huset læser den") {
		t.Errorf("the composer of a note reads\n%s", text)
	}
	wantText(t, b.page(t, "/console/tickets/"+string(id)+"/do/reply", http.StatusOK), "Til:", client)
	doc := checked(t, b.post("/console/tickets/"+string(id)+"/do/note", url.Values{"text": {"Ses også i log."}}), http.StatusOK)
	wantText(t, doc, "Ingen mail bliver sendt", "Udfør")
}

// What is begun is kept on the server, also when the session ends meanwhile, and is
// found again after the next sign-in.
func TestDrafts(t *testing.T) {
	h := newHouse(t)
	id := h.receive("Chatbot", "Den svarer ikke.").Ticket
	base := "/console/tickets/" + string(id)
	b := h.signedIn(supportAddress)
	if r := b.post(base+"/drafts/reply", url.Values{"text": {"Halvfærdig"}}); r.StatusCode != http.StatusOK {
		t.Fatalf("saving a draft: %s", r.Status)
	}
	wantText(t, b.page(t, base, http.StatusOK), "Fortsæt kladden: Svar")
	wantText(t, b.page(t, base+"/do/reply", http.StatusOK), "Halvfærdig", "gemte kladde")
	if text := pagetest.Text(h.signedIn(devAddress).page(t, base+"/do/reply", http.StatusOK)); strings.Contains(text, "Halvfærdig") {
		t.Error("a colleague reads the draft")
	}
	h.now = h.now.Add(desk.SessionIdle)
	doc := checked(t, b.post(base+"/do/reply", url.Values{"text": {"Hele svaret"}}), http.StatusUnauthorized)
	wantText(t, doc, "gemt som kladde")
	if next := hidden(doc).Get("next"); next != base+"/do/reply" {
		t.Errorf("sign-in leads to %q", next)
	}
	wantText(t, h.signedIn(supportAddress).page(t, base+"/do/reply", http.StatusOK), "Hele svaret")
	b = h.signedIn(supportAddress)
	b.post(base+"/do/reply", url.Values{"do": {"discard"}})
	if text := pagetest.Text(b.page(t, base+"/do/reply", http.StatusOK)); strings.Contains(text, "Hele svaret") {
		t.Error("the draft is there after it was thrown away")
	}
}

func TestVeryLongThread(t *testing.T) {
	h := newHouse(t)
	out := h.receive("Lang tråd", "Begyndelsen. "+strings.Repeat("Mange ord. ", 5000))
	for range 120 {
		h.now = h.now.Add(time.Minute)
		h.receive("Re: Lang tråd", strings.Repeat("Endnu en linje.\n", 300), answers(out))
	}
	b := h.signedIn(supportAddress)
	base := "/console/tickets/" + string(out.Ticket)
	doc := b.page(t, base, http.StatusOK)
	wantText(t, doc, "Hændelse ", "Vis tidligere", "Se hele mailen")
	wantText(t, b.page(t, base+"?until=1", http.StatusOK), "Begyndelsen", "Vis de seneste")
}

func TestKeysCanBeSwitchedOff(t *testing.T) {
	h := newHouse(t)
	b := h.signedIn(supportAddress)
	wantText(t, b.page(t, "/console/keys", http.StatusOK), "Tasterne er slået til", "næste og forrige billet")
	b.post("/console/keys", url.Values{"keys": {"off"}})
	doc := b.page(t, "/console", http.StatusOK)
	for _, d := range pagetest.Find(doc, "div") {
		if attr(d, "id") == "live" && attr(d, "data-keys") != "false" {
			t.Error("the page still has its keys")
		}
	}
}

// What no scanner read is never called clean, and what is infected is not handed out.
func TestFilesSayWhatAScannerSaid(t *testing.T) {
	h := newHouse(t)
	id := h.receive("Skærmbillede", "Se vedhæftede.", func(in *desk.Incoming) {
		in.Message.Attachments = []ticket.Attachment{{Filename: "ren.png", Size: 10}, {Filename: "syg.zip", Size: 20}, {Filename: "ukendt.pdf", Size: 30}}
		in.Scan = &ticket.Scan{Result: ticket.ScanUnscanned, Attachments: []ticket.FileScan{
			{Result: ticket.ScanClean}, {Result: ticket.ScanInfected, Found: "Test.Virus"}, {Result: ticket.ScanUnscanned},
		}}
	}).Ticket
	doc := h.signedIn(supportAddress).page(t, "/console/tickets/"+string(id), http.StatusOK)
	wantText(t, doc, "ren.png", "scannet, intet fundet", "Virus fundet, udleveres ikke: Test.Virus", "ukendt.pdf", "ikke scannet")
	for _, a := range pagetest.Find(doc, "a") {
		if pagetest.Text(a) == "syg.zip" {
			t.Error("what is infected is a link")
		}
	}
}
