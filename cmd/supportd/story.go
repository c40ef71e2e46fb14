package main

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"path/filepath"
	"time"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// People of the demonstration.
const (
	demoClient   = "kunde@firma.example"
	demoEnglish  = "client@company.example"
	demoStranger = "fremmed@andet.example"
	demoStaff    = "first-line@aismarttalk.tech"
	nullSender   = ""
)

// run tells the story, one mail after the other.
func (d *demonstration) run(ctx context.Context) error {
	d.say("supportd takes mail at %s (SMTP) and answers at http://%s.", d.daemon.smtp.Addrs()[0], d.daemon.web.Addr())
	d.say("All that it keeps is in %s.", d.dir)
	err := d.tell(ctx)
	if err != nil {
		return failf(exitFailed, "the demo stopped: %s; the daemon's log is %s", err, filepath.Join(d.dir, "supportd.log"))
	}
	return d.err
}

func (d *demonstration) tell(ctx context.Context) error {
	fault, err := d.opened(ctx, "1-critical.eml", demoClient, "A client reports a fault, and marks it as critical.")
	if err != nil {
		return err
	}
	d.say("   The first acknowledgement was there %s after the start of this demo.", d.now().Sub(d.started).Round(time.Millisecond))
	question, err := d.opened(ctx, "2-question.eml", demoEnglish, "Another one asks a question, in English.")
	if err != nil {
		return err
	}
	d.step("The first client answers the acknowledgement; its reply address names the ticket.")
	if err := d.sent(ctx, "3-reply.eml", demoClient, fault, ticket.OutcomeAppended); err != nil {
		return err
	}
	d.step("A vacation answer comes from the same address: it is kept, and never answered.")
	if err := d.sent(ctx, "4-vacation.eml", nullSender, fault, ticket.OutcomeAuto); err != nil {
		return err
	}
	d.step("A mail server says that the other acknowledgement did not arrive: the letter is marked.")
	if err := d.sent(ctx, "5-bounce.eml", nullSender, question, ticket.OutcomeBounce); err != nil {
		return err
	}
	d.step("A stranger has seen the tracking ID somewhere and writes: that is a ticket of its own.")
	if err := d.sent(ctx, "6-stranger.eml", demoStranger, fault, ticket.OutcomeOpened); err != nil {
		return err
	}
	return d.finish(ctx, fault, question)
}

// finish is the part in which staff act.
func (d *demonstration) finish(ctx context.Context, fault, question *letter) error {
	resolved, err := d.mend(ctx, fault)
	if err != nil {
		return err
	}
	d.step("It still fails, says the client: his answer reopens the ticket.")
	if err := d.sent(ctx, "7-still-broken.eml", demoClient, resolved, ticket.OutcomeReopened); err != nil {
		return err
	}
	d.step("Support answers the question: no bug, so no test is needed.")
	answer, err := d.command(ctx, question.ticket, web.Command{As: demoStaff, Order: ticket.Order{
		Verb: ticket.VerbResolve, Result: ticket.ResultAnswer,
		Text: "One chatbot can answer in several languages: choose them under Settings, Languages.",
	}})
	if err != nil {
		return err
	}
	d.read(answer)
	return d.summary(ctx)
}

// mend leads a fault through the process, and returns the letter with the result.
func (d *demonstration) mend(ctx context.Context, fault *letter) (result *letter, err error) {
	for _, s := range []struct {
		says  string
		order ticket.Order
	}{
		{"Support confirms that it is critical: it is a hotfix in the current sprint, and the client hears of it.",
			ticket.Order{Verb: ticket.VerbClassify, Severity: ticket.SeverityCritical, Category: "chatbot_answers"}},
		{"A developer takes it.", ticket.Order{Verb: ticket.VerbStart}},
		{"The fix is ready for QA.", ticket.Order{Verb: ticket.VerbTest, Text: "Forbindelsen til modellen fornyes.", How: "Spørg på hjemmesiden."}},
		{"QA has tested it: only now is it called fixed.",
			ticket.Order{Verb: ticket.VerbPass, Verified: "Chatbotten svarer igen på hjemmesiden, i to browsere."}},
	} {
		d.step("%s", s.says)
		if result, err = d.command(ctx, fault.ticket, web.Command{Order: s.order}); err != nil {
			return nil, err
		}
		d.read(result)
	}
	return result, nil
}

// opened sends a mail that must open a ticket, shows what was understood, and
// returns the acknowledgement.
func (d *demonstration) opened(ctx context.Context, name, from, title string) (*letter, error) {
	d.step("%s", title)
	m, err := d.send(ctx, name, from, nil)
	if err != nil {
		return nil, err
	}
	d.show(m)
	d.say("   → understood: %s; language %s", understood(m.Reading), orNone(m.Reading.Language, "in doubt"))
	for _, p := range m.Promises {
		if p.Kind != ticket.NoticeAcknowledgement {
			continue
		}
		l, err := d.letter(p)
		if err != nil {
			return nil, err
		}
		d.say("   The acknowledgement, written %s after the mail was accepted:", p.Sent.Sub(d.accepted).Round(time.Millisecond))
		d.read(l)
		return l, nil
	}
	return nil, errors.New("the mail was not acknowledged")
}

func understood(r ticket.Reading) string {
	claim := "no severity is marked"
	if r.Claim.Evidence != "" {
		claim = fmt.Sprintf("claims to be %s (%q in the %s)", r.Claim.Severity, r.Claim.Evidence, r.Claim.Where)
	}
	return fmt.Sprintf("%s; kind %s, category %s", claim, r.Kind, r.Category.Name)
}

// sent sends a mail whose outcome is known beforehand: the demo must not tell a
// story that did not happen.
func (d *demonstration) sent(ctx context.Context, name, from string, to *letter, want ticket.OutcomeKind) error {
	m, err := d.send(ctx, name, from, to)
	if err != nil {
		return err
	}
	d.show(m)
	if m.Outcome.Outcome != want {
		return fmt.Errorf("%s became %s where %s was expected", name, m.Outcome.Outcome, want)
	}
	return nil
}

func (d *demonstration) summary(ctx context.Context) error {
	var list web.TicketList
	if _, err := d.api.get(ctx, web.APIPath+"/tickets", nil, &list); err != nil {
		return err
	}
	d.say("\nAt the end:\n")
	if d.err != nil {
		return d.err
	}
	if err := ticketTable(d.out, list, d.api.zone, 0); err != nil {
		return err
	}
	d.say("\nLetters are in %s, the raw mails in %s. Remove all with: rm -r %s",
		dataFolder(d.dir).outgoing(), dataFolder(d.dir).journal(), d.dir)
	return nil
}

// encodeSubject writes a subject as a header has it (RFC 2047).
func encodeSubject(s string) string { return mime.QEncoding.Encode("utf-8", s) }
