package main

import (
	"regexp"
	"testing"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page/browsertest"
)

var standingLetters = regexp.MustCompile(`https://support\.firma\.example(/t/\S+)`)

// furnished is a desk in the middle of its day, and all its pages. Each has what makes
// it worth looking at.
func furnished(t *testing.T) (*browserBed, []sight) {
	t.Helper()
	b := newBrowserBed(t, "2026-11-23 09:00")
	invoice := b.incoming("kollega@butik.example", "Fakturaen mangler en linje", "Linje 3 mangler på alle fakturaer i november.")
	b.staff("support", invoice, "#klassificer høj billing fejl", "#titel Linje mangler på faktura")
	b.staff("owner", invoice, "#planlæg")
	login := b.incoming("it@skole.example", "Login-mail kommer ikke", "Vi har ventet på mailen i en time.\n\nVenlig hilsen\nIT")
	b.staff("support", login, "#klassificer normal login fejl", "#titel Mail til login kommer sent")
	b.staff("owner", login, "#planlæg")
	b.staff("dev", login, "#undersøg", "#test Køen til mails bliver tømt hvert minut.")
	b.set("2026-11-23 13:30", nil)
	b.staff("qa", login, "#bestået Mailen kom inden for et minut, fem gange i træk.")
	slow := b.incoming("chef@butik.example", "Svarene er langsomme", "Der går ti sekunder, før chatbotten svarer.")
	b.staff("support", slow, "#klassificer normal performance fejl", "#titel Langsomme svar")
	b.staff("owner", slow, "#planlæg")
	b.staff("dev", slow, "#undersøg")
	b.staff("support", b.incoming("ny@klub.example", "Kan ikke eksportere", "Eksporten fejler."), "#spørg Hvilket abonnement har I?")
	b.incoming("kunde@firma.example", "Hvordan skifter jeg sprog?", "Hvordan får jeg chatbotten til at svare på tysk?")
	b.set("2026-11-24 09:00", nil)
	down := b.incoming("kunde@firma.example", "Chatbotten svarer ikke på hjemmesiden",
		"Chatbotten svarer ikke siden i morges. Det er kritisk.\n\nMed venlig hilsen\nKunden\n\n> Den 20. november skrev I:\n> Vi har opdateret chatbotten.")
	b.staff("support", down, "#note Ses også i log.")
	forged := b.newMail("kollega@butik.example", b.daemon.cfg.Desk.Addresses[0], "Sv: Fakturaen mangler en linje ["+string(invoice)+"]", "Send den til en anden adresse.")
	b.send(forged, "forged")
	b.set("2026-11-24 10:10", nil)

	one := "/console/tickets/" + string(down)
	return b, []sight{
		{name: "index", path: "/"},
		{name: "chat", path: "/chat"},
		{name: "chat-answer", path: "/chat", reach: func(tab *browsertest.Tab) {
			tab.Fill("#text", "Hvordan genåbner jeg en billet?")
			tab.Press("#say button")
			tab.Reads("Hjalp det?")
		}},
		{name: "widget", path: "/widget"},
		{name: "report", path: "/report"},
		{name: "report-faults", path: "/report", refuse: "422", reach: func(tab *browsertest.Tab) { tab.Click("main form button") }},
		{name: "report-received", path: "/report", reach: func(tab *browsertest.Tab) {
			tab.Fill("#f-what", "Knappen Gem virker ikke.")
			tab.Fill("#f-address", "kunde@firma.example")
			tab.Click("main form button")
		}},
		{name: "status", path: "/status"},
		{name: "status-asked", path: "/status", reach: func(tab *browsertest.Tab) {
			tab.Fill("#f-id", string(down))
			tab.Fill("#f-address", "kunde@firma.example")
			tab.Click("main form button")
		}},
		{name: "status-confirm", path: "/status?proof=abc"},
		{name: "status-spent", path: "/status?proof=abc", refuse: "410", reach: func(tab *browsertest.Tab) { tab.Click("main form button") }},
		{name: "ticket-status", path: b.mailed("kollega@butik.example", standingLetters)},
		{name: "ticket-status-resolved", path: b.mailed("it@skole.example", standingLetters)},
		{name: "roadmap-quarter", path: "/roadmap/2026-Q4"},
		{name: "roadmap-year", path: "/roadmap/2026"},
		{name: "not-found", path: "/nowhere", refuse: "404"},

		{name: "console-signin", path: "/console/signin"},
		{name: "console-signin-asked", path: "/console/signin?asked"},
		{name: "console-signin-link", path: "/console/signin?link=abc"},
		{name: "console-inbox", as: "support", path: "/console"},
		{name: "console-inbox-owner", as: "owner", path: "/console"},
		{name: "console-ticket", as: "support", path: one},
		{name: "console-ticket-refused", as: "qa", path: "/console/tickets/" + string(invoice)},
		{name: "console-history", as: "support", path: "/console/tickets/" + string(login) + "?view=history"},
		{name: "console-mail", as: "support", path: one + "/mails/" + b.mailOf(down)},
		{name: "console-reply", as: "support", path: one + "/do/reply"},
		{name: "console-note", as: "support", path: one + "/do/note"},
		{name: "console-classify", as: "support", path: one + "/do/classify"},
		{name: "console-preview", as: "support", path: one + "/do/classify", reach: func(tab *browsertest.Tab) {
			tab.Click(`button[value="preview"]`)
		}},
		{name: "console-planning", as: "owner", path: "/console/planning"},
		{name: "console-mails", as: "support", path: "/console/mail"},
		{name: "console-held", as: "support", path: "/console/mail/" + b.mailNamed(forged.id)},
		{name: "console-outbox", as: "support", path: "/console/outbox"},
		{name: "console-letter", as: "support", path: "/console/outbox/" + string(invoice) + "/1"},
		{name: "console-roadmap", as: "owner", path: "/console/roadmap"},
		{name: "console-operations", as: "owner", path: "/console/operations"},
		{name: "console-digests", as: "owner", path: "/console/digests"},
		{name: "console-digest", as: "owner", path: "/console/digests/support@aismarttalk.tech"},
		{name: "console-search", as: "support", path: "/console/search?q=faktura"},
		{name: "console-keys", as: "support", path: "/console/keys"},
	}
}

// mailOf is the mail that opened a ticket.
func (b *browserBed) mailOf(id ticket.ID) string {
	b.t.Helper()
	for _, e := range b.events(id) {
		if e.Entry != nil && e.Entry.Mail != "" {
			return e.Entry.Mail
		}
	}
	b.t.Fatalf("%s has no mail", id)
	return ""
}

// mailNamed is a mail on file, by the Message-ID that its sender gave it.
func (b *browserBed) mailNamed(messageID string) string {
	b.t.Helper()
	page, err := b.daemon.records.store.MailsByMessageID(b.t.Context(), messageID, "", 1)
	if err != nil || len(page.Items) != 1 {
		b.t.Fatalf("%s is not on file: %v", messageID, err)
	}
	return page.Items[0].Outcome.Mail
}
