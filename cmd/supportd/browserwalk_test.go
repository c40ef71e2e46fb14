package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page/browsertest"
)

const visitor = "kunde@kunde.example"

var proofLetters = regexp.MustCompile(`(https://\S+/status\?proof=\S+)`)

// The way of a fault, in a real browser: a visitor asks the chatbot on a client's own
// page, is not helped, opens a ticket and follows it; staff sign in by mailed links and
// take it through the process; it is reopened when it still fails. No page of it tells
// a fault, or breaks its policy.
func TestWalkInChromium(t *testing.T) {
	b := newBrowserBed(t, "2026-11-24 09:00")
	support := b.tab()
	b.signIn(support, "support")
	support.Reads("Intet venter på dig")
	connectedTo(support)

	id := b.walkWidget()
	support.Wait(`!document.getElementById("pill").hidden`, "true") // it came by itself
	status := b.tab()
	b.walkStatus(status, id)
	status.Reads("Modtaget")
	standing := status.Eval("location.href") // signed: it can be kept

	b.walkClassify(support, id)
	owner := b.tab()
	b.signIn(owner, "owner")
	b.walkCommand(owner, id, "plan", "")
	dev := b.tab()
	b.signIn(dev, "dev")
	b.walkCommand(dev, id, "start", "")
	b.walkCommand(dev, id, "test", "Svaret kommer igen. Prøv på forsiden.")
	qa := b.tab()
	b.signIn(qa, "qa")
	b.walkCommand(qa, id, "pass", "Chatbotten svarer på to browsere.")
	status.Open(standing)
	status.Reads("Løst")
	status.Reads("Virker det ikke hos dig, så svar på mailen fra os")

	b.send(b.answerTo(b.lastLetterTo(visitor), "Det virker stadig ikke. Den svarer ikke."), "")
	b.at(b.clock.now())
	if s := b.talkDaemon.tickets()[id].State; s != ticket.StateInvestigating && s != ticket.StateReported {
		t.Fatalf("after the reopening it is %s", s)
	}
	support.Open(supportSite + "/console/tickets/" + string(id))
	support.Reads("Det virker stadig ikke")
	status.Open(standing)
	status.Wait(`document.querySelector("main .lead").innerText.includes("Løst")`, "false")
}

// The same without scripts: a report by the chat, and a command of staff with its
// letter shown before it is sent.
func TestWalkWithoutScripts(t *testing.T) {
	b := newBrowserBed(t, "2026-11-24 09:00")
	chat := b.tab()
	chat.WithoutScripts()
	chat.Open(supportSite + "/chat")
	say := func(text string) {
		chat.Fill("#text", text)
		chat.Click("#say button")
	}
	press := func(what string) { chat.Click(`#choices button[value="` + what + `"]`) }
	say("Hvordan genåbner jeg en billet?")
	chat.Reads("Hjalp det?")
	press("report")
	say("Chatbotten svarer ikke på vores hjemmeside siden i morges.")
	press("high")
	press("skip")
	say(visitor)
	chat.Reads("Dette sender vi")
	press("send")
	chat.Reads("Vi har sendt en kvittering til")
	id := b.onlyTicket()

	support := b.tab()
	support.WithoutScripts()
	b.signIn(support, "support")
	support.Reads(string(id))
	b.walkCommand(support, id, "classify", "")
	status := b.tab()
	status.WithoutScripts()
	b.walkStatus(status, id)
	status.Reads("Klassificeret")
}

func connectedTo(tab *browsertest.Tab) {
	tab.Wait(`document.getElementById("connection").className === "" && document.getElementById("connection").textContent !== ""`, "true")
}

// walkWidget talks to the chatbot on a client's page until there is a ticket.
func (b *browserBed) walkWidget() ticket.ID {
	b.t.Helper()
	tab := b.tab()
	tab.Open(clientSite + "/")
	tab.Press("body > button")
	chat := tab.Frame("/widget")
	say := func(text string) {
		chat.Fill("#text", text)
		chat.Press("#say button")
	}
	chat.Reads("Jeg er en chatbot")
	say("Hvordan genåbner jeg en billet?")
	chat.Reads("Hjalp det?")
	chat.Press(`#choices button[value="report"]`)
	chat.Reads("Hvad skete der")
	say("Chatbotten svarer ikke på vores hjemmeside siden i morges.")
	chat.Reads("Hvor alvorligt er det?")
	chat.Press(`#choices button[value="high"]`)
	chat.Reads("Hvor skete det?")
	chat.Press(`#choices button[value="skip"]`)
	chat.Reads("Hvilken mailadresse")
	say(visitor)
	chat.Reads("Dette sender vi")
	if n := len(b.talkDaemon.tickets()); n != 0 {
		b.t.Fatalf("%d tickets before the confirmation", n)
	}
	chat.Press(`#choices button[value="send"]`)
	chat.Reads("Vi har sendt en kvittering til")
	id := b.onlyTicket()
	chat.Reads(string(id))
	return id
}

// onlyTicket is the one that the visitor opened.
func (b *browserBed) onlyTicket() ticket.ID {
	b.t.Helper()
	b.settle()
	for id, t := range b.talkDaemon.tickets() {
		if r, ok := t.Reporter(); ok && r.Address == visitor {
			return id
		}
	}
	b.t.Fatal("no ticket was opened")
	return ""
}

// walkStatus reads the acknowledgement, and has a link mailed by the ID in it. Nobody
// has proved that the chat's visitor is who he says, so that it has none itself.
func (b *browserBed) walkStatus(tab *browsertest.Tab, id ticket.ID) {
	b.t.Helper()
	if got := b.mailed(visitor, regexp.MustCompile(`(AIS-[0-9A-Z-]+)`)); got != string(id)+"." && got != string(id) {
		b.t.Fatalf("the acknowledgement is of %q, want %s", got, id)
	}
	tab.Open(supportSite + "/status")
	tab.Fill("#f-id", string(id))
	tab.Fill("#f-address", visitor)
	tab.Click("main form button")
	tab.Reads("Se i din mail")
	tab.Open(b.mailed(visitor, proofLetters))
	tab.Click("main form button")
}

// walkClassify confirms what the reporter said by the keyboard alone, from the inbox
// to the letter.
func (b *browserBed) walkClassify(tab *browsertest.Tab, id ticket.ID) {
	b.t.Helper()
	tab.TabTo("#pill a")
	tab.KeyTo("Enter")
	tab.Key("j")
	tab.Wait(`document.activeElement.closest(".row").dataset.ticket`, string(id))
	tab.KeyTo("Enter")
	tab.Reads("høj")
	tab.KeyTo("s")
	tab.Wait("location.pathname", "/console/tickets/"+string(id)+"/do/classify")
	tab.TabTo(`button[value="preview"]`)
	tab.KeyTo("Enter")
	tab.Wait(`document.querySelector(".mailed .facts").innerText.includes("`+visitor+`")`, "true")
	if state := b.talkDaemon.tickets()[id].State; state != ticket.StateReported {
		b.t.Fatalf("it is %s before the letter was sent", state)
	}
	shown := tab.Eval(`document.querySelector(".mailed .words").innerText`)
	tab.TabTo(`button[value="send"]`)
	tab.KeyTo("Enter")
	tab.Reads("Klassificeret")
	b.settle()
	sent := b.mailed(visitor, regexp.MustCompile(`(?s)(Vi har vurderet.*)Venlig`))
	if !strings.Contains(words(shown), words(sent)) {
		b.t.Errorf("the letter says\n%s\nand what was shown\n%s", sent, shown)
	}
}

// walkCommand gives a command by its pages, in two presses, with a text where it
// wants one.
func (b *browserBed) walkCommand(tab *browsertest.Tab, id ticket.ID, word, text string) {
	b.t.Helper()
	before := b.talkDaemon.tickets()[id].State
	tab.Open(supportSite + "/console/tickets/" + string(id))
	tab.Click(`a[href$="/do/` + word + `"]`)
	if text != "" {
		tab.Fill("main textarea", text)
	}
	tab.Click(`button[value="preview"]`)
	tab.Click(`button[value="send"]`)
	tab.Wait(`!!document.getElementById("done")`, "true")
	b.settle()
	if after := b.talkDaemon.tickets()[id].State; after == before {
		b.t.Fatalf("%s left the ticket %s", word, after)
	}
}

// words is a text without its line breaks.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// lastLetterTo is what somebody finds on top of his mail.
func (b *browserBed) lastLetterTo(address string) (l talkLetter) {
	b.t.Helper()
	for _, p := range b.office.letters() {
		if m := b.daemon.parser.Parse(p.data); slices.Contains(p.to, address) && len(m.ReplyTo) > 0 {
			l = talkLetter{messageID: m.MessageID, subject: m.Subject, replyTo: m.ReplyTo[0].Address, text: m.Text}
			l.To.Address = address
		}
	}
	return l
}
