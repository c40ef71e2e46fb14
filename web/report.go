package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"aismarttalk.tech/supportd/desk/report"
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

// report takes a report in, and waits a moment for the ticket.
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
	case size > report.MaxFiles:
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
	filed, err := s.box.Put(ctx, b.report(), report.Source{Name: t.Name, Secret: t.Hash[:]}, key)
	switch {
	case errors.Is(err, journal.ErrTooLarge):
		return nil, problem(http.StatusRequestEntityTooLarge, "the report is larger than a mail may be; send fewer or smaller attachments")
	case err != nil:
		return nil, s.failed(err, "taking a report in")
	}
	return reported(filed), nil
}

func (b Report) report() report.Report {
	r := report.Report{
		Address: b.Reporter.Address, Name: b.Reporter.Name, Language: b.Reporter.Language,
		Subject: b.Subject, Text: b.Text, Claim: b.Claim, Verified: b.Verified,
	}
	for _, f := range b.Attachments {
		r.Files = append(r.Files, report.File{Name: f.Filename, ContentType: f.ContentType, Content: f.Content})
	}
	return r
}

func reportPath(mail string) string { return APIPath + "/reports/" + mail }

// reported is what a program is told of its report.
func reported(f report.Filed) *reportAnswer {
	if !f.Done() {
		return &reportAnswer{http.StatusAccepted, Reported{Mail: string(f.Mail), Poll: reportPath(string(f.Mail))}}
	}
	return &reportAnswer{http.StatusCreated, Reported{Mail: string(f.Mail), Outcome: f.Outcome, Ticket: f.Ticket}}
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
	case env.Protocol != journal.ProtocolAPI || !broughtBy(env, t) && len(t.roles()) == 0:
		return nil, none
	case !filed:
		return reported(report.Filed{Mail: journal.ID(p.Mail)}), nil
	}
	a := reported(report.Of(m))
	a.Status = http.StatusOK
	return a, nil
}
