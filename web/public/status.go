package public

import (
	"errors"
	"net/http"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// asked is the form that asks for a link.
type asked struct {
	page.Form
	Spent bool // a link did not work, which is why the form is shown
}

// proofed is the page behind a one-time link: a button that spends it.
type proofed struct{ Proof string }

// maxProof bounds what is taken for a proof, in bytes.
const maxProof = 200

// statusForm is the form that asks for a link; with a proof, the button that spends
// it. It looks nothing up: a scanner that follows the link learns and spends nothing.
func (d *Door) statusForm(w http.ResponseWriter, r *http.Request) {
	if proof := r.URL.Query().Get("proof"); proof != "" && len(proof) <= maxProof {
		d.status.Write(w, r, "confirm", page.View{TitleKey: "confirm.title", Data: proofed{proof}})
		return
	}
	d.writeAsk(w, r, http.StatusOK, asked{Form: d.askForm(r)})
}

func (d *Door) writeAsk(w http.ResponseWriter, r *http.Request, status int, a asked) {
	title := "ask.title"
	if a.Spent {
		title = "spent.title"
	}
	d.status.Write(w, r, "ask", page.View{Status: status, TitleKey: title, Current: "/status", Data: a})
}

func (d *Door) askForm(r *http.Request) page.Form {
	say := d.status.Texts(r)
	return page.Form{Fields: []page.Field{
		{Name: "id", Kind: page.FieldText, Label: say("ask.id"), Hint: say("ask.id.hint", d.sampleID()), Required: true, Max: 64, Autocomplete: "off"},
		{Name: "address", Kind: page.FieldEmail, Label: say("ask.address"), Hint: say("ask.address.hint"), Required: true, Max: 254, Autocomplete: "email"},
	}}
}

// sampleID is what a tracking ID looks like.
func (d *Door) sampleID() string { return d.parts.Prefix + "-7K3Q-M2XQ" }

// askStatus has a link mailed. What it says, and when, is the same for every ID and
// address (bad-input 140).
func (d *Door) askStatus(w http.ResponseWriter, r *http.Request) {
	if !d.parts.Site.Form(w, r) {
		return
	}
	form := d.askForm(r)
	form.Read(r.PostForm)
	say := d.status.Texts(r)
	id, ok := ticket.ParseID(d.parts.Prefix, form.Value("id"))
	if !ok {
		form.Fault("id", say("fault.id", d.sampleID()))
	}
	if !ticket.ValidAddress(form.Value("address")) {
		form.Fault("address", say("fault.address"))
	}
	if len(form.Faults()) > 0 {
		d.writeAsk(w, r, http.StatusUnprocessableEntity, asked{Form: form})
		return
	}
	if err := d.parts.Desk.AskStatusLink(r.Context(), id, form.Value("address")); err != nil {
		d.parts.Site.Failed(w, r, err, "noting a question for a status")
		return
	}
	d.status.Write(w, r, "asked", page.View{TitleKey: "asked.title"})
}

// spendProof takes the proof and leads to a page that can be loaded again; the desk
// says why so.
func (d *Door) spendProof(w http.ResponseWriter, r *http.Request) {
	if !d.parts.Site.Form(w, r) {
		return
	}
	path, err := d.parts.Desk.ShowStatus(r.Context(), r.PostForm.Get("proof"))
	switch {
	case errors.Is(err, desk.ErrNoProof):
		d.writeAsk(w, r, http.StatusGone, asked{Form: d.askForm(r), Spent: true})
	case err != nil:
		d.parts.Site.Failed(w, r, err, "spending a proof")
	default:
		http.Redirect(w, r, path, http.StatusSeeOther)
	}
}

// stood is where a ticket stands.
type stood struct {
	ID        ticket.ID // as its reporter knows it
	Status    ticket.Status
	Fix, Next string
	Period    string // of the roadmap that shows it; "" for none
	Now       time.Time
}

// standing is the page behind a signed link.
func (d *Door) standing(w http.ResponseWriter, r *http.Request) {
	id, err := d.parts.Desk.StatusByToken(r.PathValue("token"))
	if err != nil {
		d.writeAsk(w, r, http.StatusGone, asked{Form: d.askForm(r), Spent: true})
		return
	}
	t, found, err := d.follow(r, id)
	if err != nil {
		d.parts.Site.Failed(w, r, err, "reading a ticket for its status")
		return
	}
	if !found { // its reporter had it erased
		d.parts.Site.Error(w, r, http.StatusNotFound)
		return
	}
	s, language, err := d.stood(r, id, t)
	if err != nil {
		d.parts.Site.Failed(w, r, err, "reading how a ticket stands")
		return
	}
	d.status.Write(w, r, "standing", page.View{
		Lang: language, Title: d.parts.Texts.Wording(language).Ticket() + " " + string(id), Data: s,
	})
}

// maxMerges bounds how far a ticket is followed into those it was merged into.
const maxMerges = 5

// follow reads a ticket, or the one that it goes on in.
func (d *Door) follow(r *http.Request, id ticket.ID) (t ticket.Ticket, found bool, err error) {
	for range maxMerges {
		t, found, err = d.parts.Tickets.Ticket(r.Context(), id)
		if err != nil || !found || t.MergedInto == "" {
			return t, found, err
		}
		id = t.MergedInto
	}
	return t, found, err
}

// stood says how a ticket stands to whoever knows it by an ID, in his language. Who
// knows a duplicate learns nothing of the other one's reporter: neither what he
// marked nor in which language he wrote.
func (d *Door) stood(r *http.Request, id ticket.ID, t ticket.Ticket) (stood, string, error) {
	events, err := d.parts.Tickets.Events(r.Context(), t.ID)
	if err != nil {
		return stood{}, "", err
	}
	s := stood{ID: id, Status: t.Status(events), Now: d.parts.Now()}
	language := t.Language
	if id != t.ID {
		if !s.Status.Confirmed {
			s.Status.Severity = ""
		}
		for _, j := range t.Joined {
			if j.ID == id {
				language = j.Language
			}
		}
	}
	if language == "" {
		language = d.status.Language(r)
	}
	st := s.Status
	facts := ticket.Facts{
		State: st.State, Since: st.Since, Kind: st.Kind, Hotfix: t.Hotfix, Result: st.Result,
		Sprint: t.Sprint.Name, SprintStart: t.Sprint.Start, SprintEnd: t.Sprint.End,
		AssessBy: st.AssessBy, AnswerBy: st.AnswerBy, CloseOn: st.ClosesOn, ReopenBy: st.ReopenBy,
	}
	s.Period = t.Quarter
	if sprint, err := ticket.ParseSprint(t.Sprint.Name); err == nil {
		s.Period = d.parts.Calendar.Quarter(sprint).String()
	}
	s.Fix, s.Next, err = d.parts.Texts.Standing(ticket.Notice{Ticket: id, Language: language, Facts: facts})
	if t.Finished() {
		s.Fix = ""
	}
	return s, language, err
}
