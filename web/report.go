package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// Report is what POST /tickets takes: what somebody wrote in a form or a chat.
type Report struct {
	Reporter    Reporter        `json:"reporter"`
	Subject     string          `json:"subject" minLength:"1" maxLength:"300" doc:"One line."`
	Text        string          `json:"text" minLength:"1" maxLength:"100000" doc:"What happened, in the reporter's words."`
	Claim       ticket.Severity `json:"claim,omitempty" enum:"critical,high,normal,low" doc:"The severity that the reporter chose. Absent: what his words say."`
	Attachments []ReportFile    `json:"attachments,omitempty" maxItems:"10" doc:"Files, 10 MiB in all once decoded."`
	Verified    bool            `json:"verified,omitempty" doc:"The program has proved that the address is the reporter's. Only for a token with the scope report:verified; without it the acknowledgement repeats nothing of the report."`
}

// Reporter is for whom a program reports.
type Reporter struct {
	Address  string `json:"address" maxLength:"254" doc:"Mail address; the acknowledgement goes there."`
	Name     string `json:"name,omitempty" maxLength:"100"`
	Language string `json:"language,omitempty" maxLength:"20" pattern:"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$" doc:"BCP 47, such as da; absent: the language of the text."`
}

// ReportFile is a file that comes with a report.
type ReportFile struct {
	Filename    string `json:"filename" minLength:"1" maxLength:"200"`
	ContentType string `json:"content_type,omitempty" maxLength:"100" pattern:"^[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+$" doc:"application/octet-stream if absent."`
	Content     []byte `json:"content" maxLength:"14000000" doc:"In base64."`
}

// maxFiles bounds the files of a report, decoded.
const maxFiles = 10 << 20

type reportRequest struct {
	Caller
	IdempotencyKey string `header:"Idempotency-Key" hidden:"true"`
	Body           Report
}

// Reported is what became of a report.
type Reported struct {
	Mail    string             `json:"mail" doc:"Under this ID the report was accepted; GET /mails/{mail} tells all of it to staff."`
	Ticket  ticket.ID          `json:"ticket,omitempty" doc:"Tracking ID. Absent while the report is not filed, and where it waits for staff."`
	Outcome ticket.OutcomeKind `json:"outcome,omitempty" doc:"opened; or appended, where it repeats or continues what the same address wrote; or held, for staff to look at."`
	Poll    string             `json:"poll,omitempty" doc:"Where to ask what became of it."`
}

type reportAnswer struct {
	Status int
	Body   Reported
}

// Intake is where mail is accepted: the journal.
type Intake interface {
	Put(ctx context.Context, e journal.Envelope, r io.Reader) (journal.ID, error)
}

const (
	// reportPatience is how long a report waits for its ticket.
	reportPatience = 3 * time.Second
	reportLook     = 20 * time.Millisecond
)

// report makes a mail of a report and takes it in as any other, so that nothing is
// lost and one way files all. It waits a moment for the ticket.
func (s *Server) report(ctx context.Context, r *reportRequest) (*reportAnswer, error) {
	t := s.token(r.Caller)
	b := r.Body
	size := 0
	for _, f := range b.Attachments {
		size += len(f.Content)
	}
	field := ""
	switch {
	case !ticket.ValidAddress(b.Reporter.Address):
		field = "reporter.address"
	case size > maxFiles:
		return nil, problem(http.StatusRequestEntityTooLarge, "the attachments are larger than 10 MiB in all")
	case strings.TrimSpace(b.Text) == "":
		field = "text"
	case strings.TrimSpace(b.Subject) == "":
		field = "subject"
	case b.Verified && !t.has(ScopeVerified):
		return nil, problem(http.StatusForbidden, "only a token with the scope report:verified may say that an address is verified; leave out verified")
	}
	if field != "" {
		p := problem(http.StatusUnprocessableEntity, field+" is missing or not what it should be")
		p.Field = field
		return nil, p
	}
	return s.takeIn(ctx, t, b, r.IdempotencyKey)
}

func (s *Server) takeIn(ctx context.Context, t Token, b Report, key string) (*reportAnswer, error) {
	now := s.parts.Now()
	messageID, err := s.reportID(t, key)
	if err != nil {
		return nil, s.failed(err, "naming a report")
	}
	if key != "" { // it may have been accepted when the answer got lost
		before, found, err := s.reportedAs(ctx, messageID, now)
		if err != nil {
			return nil, s.failed(err, "looking for a report")
		}
		if found {
			return reported(before), nil
		}
	}
	raw, err := reportMail(b, s.parts.Support, messageID, now)
	if err != nil {
		return nil, s.failed(err, "making a mail of a report")
	}
	env := journal.Envelope{
		Received: now, From: b.Reporter.Address, To: []string{s.parts.Support}, Peer: "api", Protocol: journal.ProtocolAPI,
		SMTPUTF8: ticket.NeedsSMTPUTF8(b.Reporter.Address), Language: strings.ToLower(b.Reporter.Language), Severity: string(b.Claim), Token: t.Name,
	}
	if b.Verified {
		env.Flags = []string{ticket.FlagVouched}
	}
	id, err := s.parts.Intake.Put(ctx, env, raw)
	switch {
	case errors.Is(err, journal.ErrTooLarge):
		return nil, problem(http.StatusRequestEntityTooLarge, "the report is larger than a mail may be; send fewer or smaller attachments")
	case err != nil:
		return nil, s.failed(err, "accepting a report")
	}
	return s.awaitFiling(ctx, id), nil
}

// reportedAs finds the mail that a report with an idempotency key became, as long as
// the key counts: used again on another day, it is for another report.
func (s *Server) reportedAs(ctx context.Context, messageID string, now time.Time) (store.Mail, bool, error) {
	for after, more := "", true; more; more = after != "" {
		page, err := s.parts.Store.MailsByMessageID(ctx, messageID, after, reportsAtOnce)
		if err != nil {
			return store.Mail{}, false, err
		}
		for _, m := range page.Items {
			if now.Sub(m.Outcome.Received) < store.ClaimLife {
				return m, true, nil
			}
		}
		after = page.Next
	}
	return store.Mail{}, false, nil
}

// reportsAtOnce is how many mails of one Message-ID are read at a time.
const reportsAtOnce = 20

// awaitFiling waits a moment for a mail to be filed. The mail is kept, whatever
// the store says meanwhile.
func (s *Server) awaitFiling(ctx context.Context, id journal.ID) *reportAnswer {
	ctx, cancel := context.WithTimeout(ctx, reportPatience)
	defer cancel()
	tick := time.NewTicker(reportLook)
	defer tick.Stop()
	for {
		if m, ok, err := s.parts.Store.Mail(ctx, string(id)); err == nil && ok {
			return reported(m)
		}
		select {
		case <-ctx.Done():
			return &reportAnswer{http.StatusAccepted, Reported{Mail: string(id), Poll: reportPath(string(id))}}
		case <-tick.C:
		}
	}
}

func reportPath(mail string) string { return APIPath + "/reports/" + mail }

// reported is what became of a mail that is filed.
func reported(m store.Mail) *reportAnswer {
	a := &reportAnswer{http.StatusCreated, Reported{Mail: m.Outcome.Mail, Outcome: m.Outcome.Outcome, Ticket: m.Outcome.Ticket}}
	if !slices.Contains(filedOutcomes, m.Outcome.Outcome) {
		a.Body.Ticket = "" // it is only suspected to be for that one
	}
	return a
}

var filedOutcomes = []ticket.OutcomeKind{
	ticket.OutcomeOpened, ticket.OutcomeAppended, ticket.OutcomeReopened, ticket.OutcomeFollowup, ticket.OutcomeDuplicate,
}

type reportPoll struct {
	MailPath
	Caller
}

// pollReport tells the program that reported what became of it.
func (s *Server) pollReport(ctx context.Context, p *reportPoll) (*reportAnswer, error) {
	t := s.token(p.Caller)
	none := problem(http.StatusNotFound, "this token has made no report "+p.Mail)
	m, filed, err := s.mail(ctx, p.Mail)
	if err != nil {
		return nil, err
	}
	env := m.Envelope
	if !filed {
		waiting, err := s.parts.Journal.Read(journal.ID(p.Mail))
		if errors.Is(err, journal.ErrNotFound) {
			return nil, none
		}
		if err != nil {
			return nil, s.failed(err, "reading a mail from the journal")
		}
		env = waiting.Envelope
	}
	switch {
	case env.Protocol != journal.ProtocolAPI || env.Token != t.Name && len(t.roles()) == 0:
		return nil, none
	case !filed:
		return &reportAnswer{http.StatusAccepted, Reported{Mail: p.Mail, Poll: reportPath(p.Mail)}}, nil
	}
	a := reported(m)
	a.Status = http.StatusOK
	return a, nil
}
