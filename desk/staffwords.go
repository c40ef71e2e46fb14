package desk

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// What staff are told whose commands were not obeyed as a whole.
var (
	withoutToken = ticket.Wording{
		Danish:  "kommandoer virker kun i svar på et brev, du har fået om billetten. Svar på det, og skriv dem der",
		English: "commands work only in answer to a letter that you were sent about the ticket. Answer that, and write them there",
	}
	withoutTicket = ticket.Wording{
		Danish:  "brevet, du svarede på, handler ikke om én billet. Svar på billettens eget brev",
		English: "the letter that you answered is not about one ticket. Answer the ticket's own letter",
	}
	twoTexts = ticket.Wording{
		Danish:  "mailens rene tekst og dens HTML siger ikke det samme, så kommandoerne er ikke udført. Send dem igen som ren tekst",
		English: "the mail's plain text and its HTML differ, so that the commands were not carried out. Send them again as plain text",
	}
	undoAlone = ticket.Wording{
		Danish:  "fortryd skal stå alene i mailen, så det er klart, hvad der fortrydes",
		English: "undo stands alone in a mail, so that it is clear what it undoes",
	}
	nothingNew = ticket.Wording{
		Danish:  "det var sådan i forvejen; intet er ændret",
		English: "it was so already; nothing has changed",
	}
	reporterTold = ticket.Wording{Danish: "rapportøren får besked", English: "the reporter is told"}
	reporterDeaf = ticket.Wording{
		Danish:  "ingen læser breve fra billetten, så der er ikke sendt noget",
		English: "nobody reads the letters of the ticket, so that none was sent",
	}
)

func goesOn(id, into ticket.ID) ticket.Wording {
	return ticket.Wording{
		Danish:  fmt.Sprintf("%s er flettet ind i %s, og mailen gælder den", id, into),
		English: fmt.Sprintf("%s was merged into %s, which the mail is taken to be about", id, into),
	}
}

// shownLine is the first line of an order, as a letter repeats it.
func shownLine(written string) string {
	line, more, _ := strings.Cut(strings.TrimSpace(written), "\n")
	if strings.TrimSpace(more) != "" {
		return strings.TrimSpace(line) + " …"
	}
	return line
}

// unread is the code of an order that could not be read.
func unread(e *ticket.OrderError) ticket.RefusalCode {
	if e.Code == ticket.OrderUnknown {
		return ticket.RefusedVerb
	}
	return ticket.RefusedInput
}

// happened names the events of a change for the outcome's reasons.
func happened(c Change) string {
	if len(c.Events) == 0 {
		return "nothing changed"
	}
	kinds := make([]string, len(c.Events))
	for i, e := range c.Events {
		kinds[i] = string(e.Kind)
	}
	return strings.Join(kinds, ", ")
}

// whatWasDone tells staff what an order did.
func (d *Desk) whatWasDone(c Change, o ticket.Order) ticket.Wording {
	if len(c.Events) == 0 {
		return nothingNew
	}
	said := []ticket.Wording{did(c, o)}
	told := slices.ContainsFunc(c.Notices, func(n ticket.Notice) bool { return !n.Kind.ForStaff() })
	switch {
	case told && o.Verb != ticket.VerbReply && o.Verb != ticket.VerbAsk:
		said = append(said, reporterTold)
	case !told && o.Verb == ticket.VerbReply:
		said = append(said, reporterDeaf)
	}
	var danish, english []string
	for _, w := range said {
		danish, english = append(danish, w.Danish), append(english, w.English)
	}
	return ticket.Wording{Danish: strings.Join(danish, "; "), English: strings.Join(english, "; ")}
}

// did is what an order did to its ticket.
func did(c Change, o ticket.Order) ticket.Wording {
	t := c.After
	switch o.Verb {
	case ticket.VerbClassify:
		w := ticket.Say("alvorlighed %s, kategori %s, type %s", "severity %s, category %s, kind %s", t.Severity, t.Category.Name, t.Kind)
		if t.Hotfix && !c.Before.Hotfix {
			w = ticket.Say("%s; hotfix i sprint %s", "%s; a hotfix in sprint %s", w, t.Sprint.Name)
		}
		return w
	case ticket.VerbPlan:
		if t.Hotfix {
			return ticket.Say("hotfix i sprint %s", "a hotfix in sprint %s", t.Sprint.Name)
		}
		return ticket.Say("planlagt til sprint %s", "planned for sprint %s", t.Sprint.Name)
	case ticket.VerbStart:
		return ticket.Say("du har taget billetten", "you have taken the ticket")
	case ticket.VerbTest:
		return ticket.Say("givet videre til QA (%s)", "handed over to QA (%s)", t.Fix.Result)
	case ticket.VerbPass:
		return ticket.Say("testen er bestået (%s)", "the test is passed (%s)", t.Result)
	case ticket.VerbFail:
		return ticket.Say("testen fejlede; billetten er tilbage hos udviklingen", "the test failed; the ticket is back with the developers")
	case ticket.VerbResolve:
		return ticket.Say("billetten er løst (%s)", "the ticket is resolved (%s)", t.Result)
	case ticket.VerbClose:
		return ticket.Say("billetten er lukket", "the ticket is closed")
	case ticket.VerbReopen:
		return ticket.Say("billetten er genåbnet", "the ticket is reopened")
	case ticket.VerbAsk:
		return ticket.Say("rapportøren er spurgt, og billetten afventer svar", "the reporter is asked, and the ticket waits for the answer")
	case ticket.VerbReply:
		return ticket.Say("svaret til rapportøren er skrevet", "the reply to the reporter is written")
	case ticket.VerbNote:
		if o.Public {
			return ticket.Say("noten er skrevet på billetten", "the note is on the ticket")
		}
		return ticket.Say("teksten er gemt som intern note; rapportøren ser den ikke", "the text is kept as an internal note; the reporter does not see it")
	}
	return didBeside(c, o)
}

// didBeside is what an order did that moves nothing in the ticket's life but on a
// request or by a merge.
func didBeside(c Change, o ticket.Order) ticket.Wording {
	t := c.After
	switch o.Verb {
	case ticket.VerbAssign:
		return ticket.Say("billetten er tildelt %s", "the ticket is assigned to %s", t.Assignee)
	case ticket.VerbMerge:
		return ticket.Say("billetten er flettet ind i %s", "the ticket is merged into %s", o.Into)
	case ticket.VerbLink:
		return ticket.Say("billetten og %s henviser til hinanden", "the ticket and %s refer to each other", o.Other)
	case ticket.VerbAccept:
		return ticket.Say("ønsket er accepteret", "the request is accepted")
	case ticket.VerbDefer:
		return ticket.Say("ønsket er udskudt til %s", "the request is put off until %s", ticket.Date(t.Review))
	case ticket.VerbDecline:
		return ticket.Say("ønsket er afvist", "the request is declined")
	case ticket.VerbTitle:
		return ticket.Say("den offentlige titel er \"%s\"", "the public title is \"%s\"", t.Title)
	case ticket.VerbInvite:
		return ticket.Say("%s deltager nu", "%s takes part now", o.Address)
	case ticket.VerbDismiss:
		return ticket.Say("%s deltager ikke længere", "%s takes part no longer", o.Address)
	case ticket.VerbUndo:
		return ticket.Say("det seneste er fortrudt; tilstanden er %s, og breve derom sendes ikke",
			"the latest is undone; the ticket is %s, and letters about it are not sent", t.State)
	}
	return ticket.Say("%s er udført", "%s is done", o.Verb)
}

// status tells one of ours how a ticket stands.
func (s *staffMail) status(t ticket.Ticket) string {
	lines := []ticket.Wording{ticket.Say("%s siden %s", "%s since %s", t.State, moment(t.Since.In(s.desk.config.Policy.Location)))}
	add := func(there bool, danish, english string, args ...any) {
		if there {
			lines = append(lines, ticket.Say(danish, english, args...))
		}
	}
	local := func(at time.Time) moment { return moment(at.In(s.desk.config.Policy.Location)) }
	add(t.Severity != "", "Alvorlighed: %s", "Severity: %s", t.Severity)
	add(t.Severity == "", "Alvorlighed: %s, ikke bekræftet", "Severity: %s, not confirmed", t.Claim.Severity)
	add(true, "Kategori: %s. Type: %s", "Category: %s. Kind: %s", t.Category.Name, t.Kind)
	add(t.Sprint.Name != "", "Sprint: %s", "Sprint: %s", t.Sprint.Name)
	add(t.Assignee != "", "Ansvarlig: %s", "Assigned to: %s", t.Assignee)
	add(!t.AssessBy.IsZero(), "Vurdering lovet: %s", "Assessment promised: %s", local(t.AssessBy))
	add(!t.AnswerBy.IsZero(), "Svar lovet: %s", "Answer promised: %s", local(t.AnswerBy))
	if words := s.fitting(t); len(words) > 0 {
		var names []string
		for _, w := range words {
			names = append(names, "#"+w.In(s.language))
		}
		add(true, "Du kan: %s", "You can: %s", strings.Join(names, " "))
	}
	said := make([]string, len(lines))
	for i, w := range lines {
		said[i] = w.In(s.language)
	}
	return strings.Join(said, "\n")
}

// moment is a point in time as letters write it.
type moment time.Time

func (m moment) String() string { return time.Time(m).Format("2 January 2006, 15:04") }

func (m moment) In(language string) string {
	if language != "da" {
		return m.String()
	}
	return ticket.Date(m).In("da") + time.Time(m).Format(" kl. 15.04")
}

// help lists the commands that this person can give on the ticket as it stands.
func (s *staffMail) help(t ticket.Ticket) string {
	lines := []string{ticket.Wording{Danish: "du kan skrive, en på hver linje øverst i svaret:", English: "you can write, one a line on top of your answer:"}.In(s.language)}
	for _, w := range s.fitting(t) {
		line := "#" + w.In(s.language)
		if takes := w.Takes.In(s.language); takes != "" {
			line += " (" + takes + ")"
		}
		lines = append(lines, line+": "+w.About.In(s.language))
	}
	return strings.Join(lines, "\n")
}

// fitting are the commands for a person's roles and a ticket's state.
func (s *staffMail) fitting(t ticket.Ticket) []ticket.CommandWord {
	possible := t.Possible()
	return slices.DeleteFunc(ticket.Verbs(), func(w ticket.CommandWord) bool {
		switch w.Verb {
		case ticket.VerbAssign:
			if t.State == ticket.StateClosed {
				return true
			}
		case ticket.VerbNote:
			if w.Short() && t.Finished() { // public: there is no more news
				return true
			}
		case ticket.VerbReply, ticket.VerbLink, ticket.VerbTitle, ticket.VerbInvite, ticket.VerbDismiss,
			ticket.VerbStatus, ticket.VerbUndo, ticket.VerbHelp:
		default:
			if !slices.Contains(possible, string(w.Verb)) {
				return true
			}
		}
		return !s.by.Has(w.Roles...)
	})
}
