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
	demoBooks    = "bogholderi@firma.example"
	demoEnglish  = "client@company.example"
	demoStranger = "fremmed@andet.example"
	demoSupport  = "first-line@aismarttalk.tech"
	demoDev      = "dev@aismarttalk.tech"
	demoQA       = "qa@aismarttalk.tech"
	demoOwner    = "owner@aismarttalk.tech"
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
	if err := d.correspond(ctx, fault, question); err != nil {
		return err
	}
	resolved, err := d.mend(ctx, fault)
	if err != nil {
		return err
	}
	d.step("It still fails, says the client: his answer reopens the ticket.")
	if err := d.sent(ctx, "7-still-broken.eml", demoClient, resolved, ticket.OutcomeReopened); err != nil {
		return err
	}
	if err := d.plan(ctx); err != nil {
		return err
	}
	if err := d.act(ctx, question.ticket, deed{
		"Support answers the question: no bug, so no test is needed.", demoSupport,
		ticket.Order{Verb: ticket.VerbResolve, Text: "One chatbot can answer in several languages: choose them under Settings, Languages."},
		ticket.NoticeResolved, true,
	}); err != nil {
		return err
	}
	return d.summary(ctx)
}

// correspond is what else comes in by mail.
func (d *demonstration) correspond(ctx context.Context, fault, question *letter) error {
	for _, s := range []struct {
		says, mail, from string
		to               *letter
		outcome          ticket.OutcomeKind
	}{
		{"The first client answers the acknowledgement; its reply address names the ticket.", "3-reply.eml", demoClient, fault, ticket.OutcomeAppended},
		{"A vacation answer comes from the same address: it is kept, and never answered.", "4-vacation.eml", nullSender, fault, ticket.OutcomeAuto},
		{"A mail server says that the other acknowledgement did not arrive: it is marked, and support is told.", "5-bounce.eml", nullSender, question, ticket.OutcomeBounce},
		{"A stranger has seen the tracking ID somewhere and writes: that is a ticket of its own.", "6-stranger.eml", demoStranger, fault, ticket.OutcomeOpened},
	} {
		d.step("%s", s.says)
		if err := d.sent(ctx, s.mail, s.from, s.to, s.outcome); err != nil {
			return err
		}
	}
	return nil
}

// deed is what one of staff does, and the letter to show for it.
type deed struct {
	says, as string
	order    ticket.Order
	letter   ticket.NoticeKind
	whole    bool // show all of the letter
}

// mend leads a fault through the process, with a test that fails, and returns
// the letter with the result.
func (d *demonstration) mend(ctx context.Context, fault *letter) (result *letter, err error) {
	for _, s := range []deed{
		{
			"Support confirms that it is critical: that makes it a hotfix in the current sprint, at once.", demoSupport,
			ticket.Order{Verb: ticket.VerbClassify, Severity: ticket.SeverityCritical, Category: "chatbot_answers", Title: "Chatbot svarer ikke på hjemmesiden"},
			ticket.NoticeClassified, true,
		},
		{"A developer takes it.", demoDev, ticket.Order{Verb: ticket.VerbStart}, ticket.NoticeInvestigating, false},
		{
			"He hands a fix over to QA, and says how to check it.", demoDev,
			ticket.Order{Verb: ticket.VerbTest, Text: "The connection to the model is renewed.", How: "Ask something on the web site."},
			ticket.NoticeStaffTest, true,
		},
		{
			"QA tests it, and it fails: back to the developer. The client is not told that it is fixed.", demoQA,
			ticket.Order{Verb: ticket.VerbFail, Text: "The second question still gives error 502."},
			ticket.NoticeFailed, false,
		},
		{
			"A better fix goes to QA.", demoDev,
			ticket.Order{Verb: ticket.VerbTest, Text: "The connection is renewed for every question.", How: "Ask three questions in a row."},
			ticket.NoticeTesting, false,
		},
		{
			"QA passes it: only now is it called fixed.", demoQA,
			ticket.Order{Verb: ticket.VerbPass, Verified: "Chatbotten svarer igen på hjemmesiden, i to browsere."},
			ticket.NoticeResolved, true,
		},
	} {
		if err := d.act(ctx, fault.ticket, s); err != nil {
			return nil, err
		}
	}
	return d.latest, nil
}

// plan is the way of a fault that is not critical: the owner plans it.
func (d *demonstration) plan(ctx context.Context) error {
	bug, err := d.opened(ctx, "8-invoice.eml", demoBooks, "His colleague reports another fault, without a mark.")
	if err != nil {
		return err
	}
	if err := d.act(ctx, bug.ticket, deed{
		"Support classifies it.", demoSupport,
		ticket.Order{Verb: ticket.VerbClassify, Severity: ticket.SeverityNormal, Category: "billing", Kind: ticket.KindBug, Title: "Linje mangler på fakturaen"},
		ticket.NoticeClassified, false,
	}); err != nil {
		return err
	}
	return d.act(ctx, bug.ticket, deed{
		"The product owner plans it: into the first sprint with room.", demoOwner, ticket.Order{Verb: ticket.VerbPlan}, ticket.NoticePlanned, false,
	})
}

// act has one of staff do something, and shows who hears of it.
func (d *demonstration) act(ctx context.Context, id ticket.ID, s deed) error {
	d.step("%s", s.says)
	owed, err := d.command(ctx, id, web.Command{As: s.as, Order: s.order})
	if err != nil {
		return fmt.Errorf("%s: %w", s.order.Verb, err)
	}
	d.promised(owed)
	if d.latest, err = d.letterIn(owed, s.letter); err != nil {
		return fmt.Errorf("%s: %w", s.order.Verb, err)
	}
	if s.whole {
		d.read(d.latest)
	} else {
		d.glance(d.latest)
	}
	return nil
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
	if err := ticketTable(d.out, list, d.api.zone, d.width); err != nil {
		return err
	}
	var plans roadmap
	if _, err := d.api.get(ctx, web.APIPath+"/roadmap", nil, &plans); err != nil {
		return err
	}
	d.say("\nWhat the public may read of it:\n")
	if d.err != nil {
		return d.err
	}
	if err := plans.page(d.out, d.api.zone, d.width, false); err != nil {
		return err
	}
	d.say("\nLetters are in %s, the raw mails in %s. Remove all with: rm -r %s",
		dataFolder(d.dir).outgoing(), dataFolder(d.dir).journal(), d.dir)
	return nil
}

// encodeSubject writes a subject as a header has it (RFC 2047).
func encodeSubject(s string) string { return mime.QEncoding.Encode("utf-8", s) }
