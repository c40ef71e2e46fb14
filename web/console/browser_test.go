package console_test

import (
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page/browsertest"
)

// connected waits until the page hears of what changes.
func connected(c *browsertest.Tab) {
	c.Wait(`document.getElementById("connection").className === "" && document.getElementById("connection").textContent !== ""`, "true")
}

// What the script adds, in a real browser: keys that are dead in fields, rows that
// change in place, a pill for what is new, who else reads, and drafts that save
// themselves. Nothing of it breaks the policy of its page.
func TestScript(t *testing.T) {
	h := newHouse(t)
	first := h.receive("Første sag", "Den svarer ikke.", critical).Ticket
	second := h.receive("Anden sag", "Langsom.").Ticket
	c := browsertest.Start(t).Tab(h.now)
	link, err := h.desk.SignInLink(t.Context(), supportAddress)
	if err != nil {
		t.Fatal(err)
	}
	in, err := h.desk.SignIn(t.Context(), strings.SplitAfter(link, "link=")[1], "")
	if err != nil {
		t.Fatal(err)
	}
	c.Cookie(h.server.URL, "supportd", in.Secret)

	c.Open(h.server.URL + "/console")
	connected(c)
	c.Key("j")
	c.Key("j")
	c.Wait(`document.querySelector(".row.here").dataset.ticket`, string(second))
	c.Key("k")
	c.Wait(`document.activeElement.textContent`, "Første sag")

	h.order(second, ticket.Order{Verb: ticket.VerbClassify, Severity: ticket.SeverityHigh}, ticket.RoleSupport)
	c.Wait(`document.getElementById("row-`+string(second)+`").innerText.includes("Bekræftet: høj")`, "true")
	c.Wait(`[...document.querySelectorAll(".row")].map(r => r.dataset.ticket).join()`, string(first)+","+string(second))
	c.Wait(`document.activeElement.textContent`, "Første sag")
	h.receive("Tredje sag", "Ny.")
	c.Wait(`document.getElementById("pill").hidden + document.getElementById("pill").innerText`, "false1 ny eller ændret billet – vis")
	c.Wait(`document.querySelectorAll(".row").length`, "2")

	page := h.server.URL + "/console/tickets/" + string(first)
	c.Open(page)
	connected(c)
	h.signedIn(devAddress).listen(t, first)
	c.Wait(`document.getElementById("readers").innerText`, "Udvikler læser også")
	c.KeyTo("n")
	c.Wait("location.href", page+"/do/note")
	c.Eval(`document.querySelector("textarea").focus()`)
	c.Key("j", "r", "n") // dead in fields, but as letters
	c.Wait(`document.querySelector("textarea").value`, "jrn")
	c.Wait(`document.getElementById("draft-state").textContent.includes("Kladde gemt kl. 14.05")`, "true")
	drafts, err := h.store.Drafts(t.Context(), first, supportAddress)
	if err != nil || drafts["note"].Fields["text"] != "jrn" {
		t.Errorf("drafts %+v, error %v", drafts, err)
	}
	c.Wait("location.href", page+"/do/note")
}
