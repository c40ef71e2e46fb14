package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"aismarttalk.tech/supportd/web/page"
)

// register lists the operations.
func (s *Server) register(api huma.API) {
	public := s.limited(api, page.NewLimit(publicPerMinute, publicInAll, s.parts.Now))
	o := operations{
		server: s, api: api, once: s.once(api), public: public,
		reports: s.limited(api, page.NewLimit(reportsPerMinute, 0, s.parts.Now)),
	}
	o.tickets()
	o.mails()
	o.letters()
	o.planning()
	o.status()
	o.events()
	o.chat()
	o.token()
	if s.parts.Replay != nil {
		huma.Register(api, o.post("replay", "/replay", "File mails of the journal again, after the store has lost them", adminAccess), s.replay)
	}
	if s.parts.SignIns != nil {
		link := o.bounded(o.get("console-link", "/console/link", "Make a one-time link into the console for one of the staff, and mail it to nobody", adminAccess))
		huma.Register(api, link, s.consoleLink) // no Idempotency-Key: the link is better not kept
	}
	if s.parts.Keeping != nil {
		o.keeping()
	}
	describe(api.OpenAPI())
}

// operations puts together what operations have in common.
type operations struct {
	server *Server
	api    huma.API
	once   middleware
	public middleware // limits what needs no token
	// reports limits what programs report.
	reports middleware
}

type middleware = func(huma.Context, func(huma.Context))

// get is a question to which a token is needed.
func (o operations) get(id, path, summary string, who access) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: APIPath + path, Summary: summary,
		Middlewares: huma.Middlewares{o.server.allow(o.api, who)},
		Security:    []map[string][]string{{"token": {}}}, Errors: []int{400, 401, 403, 404, 422, 503},
	}
}

// post is an order for which a token is needed. It takes an Idempotency-Key.
func (o operations) post(id, path, summary string, who access) huma.Operation {
	op := o.bounded(o.get(id, path, summary, who))
	op.Middlewares = append(op.Middlewares, o.once)
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: new(255)},
		Description: "A name of the caller's choice for this request, such as a UUID. Asked again with it within 24 hours, the request is not carried out again but answered as it was.",
	})
	return op
}

// open is an operation that needs no token.
func (o operations) open(op huma.Operation) huma.Operation {
	op.Middlewares, op.Security = huma.Middlewares{o.public}, nil
	op.Errors = append(op.Errors, http.StatusTooManyRequests)
	return op
}

// bounded makes an operation a POST whose body is bounded in size and time.
func (o operations) bounded(op huma.Operation) huma.Operation {
	op.Method = http.MethodPost
	op.MaxBodyBytes, op.BodyReadTimeout = o.server.cfg.MaxBodyBytes, o.server.cfg.ReadTimeout
	op.Errors = append(op.Errors, 408, 409, 413)
	return op
}

// gone: a mail in the journal may turn out to be damaged.
func gone(op huma.Operation) huma.Operation {
	op.Errors = append(op.Errors, http.StatusGone)
	return op
}

// file says that an operation hands out bytes.
func file(op huma.Operation, contentType string) huma.Operation {
	op.Responses = map[string]*huma.Response{"200": {
		Description: "The bytes.",
		Content:     map[string]*huma.MediaType{contentType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}}
	return op
}

func (o operations) tickets() {
	s := o.server
	list := o.get("list-tickets", "/tickets", "List tickets by when they were opened, or by how well they answer q", staffAccess)
	huma.Register(o.api, o.ticketAnswers(list), s.tickets)
	huma.Register(o.api, o.get("get-ticket", "/tickets/{id}", "One ticket, with all that happened to it", staffAccess), s.getTicket)
	huma.Register(o.api, o.post("command-ticket", "/tickets/{id}/commands", "Do something to a ticket, or see what it would mean", staffAccess), s.command)
	if s.parts.Intake == nil {
		return
	}
	report := o.post("report", "/tickets", "Report for somebody: what he wrote is taken in as his mail would be", reportAccess)
	report.MaxBodyBytes = s.cfg.MaxReportBytes
	report.DefaultStatus = http.StatusCreated
	report.Middlewares = append(huma.Middlewares{o.reports}, report.Middlewares...)
	report.Errors = append(report.Errors, http.StatusTooManyRequests)
	huma.Register(o.api, also(report, o.api, http.StatusAccepted, "Accepted and safe, not filed yet: ask at poll."), s.report)
	poll := o.get("get-report", "/reports/{mail}", "What became of a report, for the token that made it", reportAccess)
	huma.Register(o.api, also(poll, o.api, http.StatusAccepted, "Not filed yet: ask again in a moment."), s.pollReport)
}

// also adds a second status under which a report is answered.
func also(op huma.Operation, api huma.API, status int, about string) huma.Operation {
	answer := reportAnswer{}
	schema := api.OpenAPI().Components.Schemas.Schema(typeOf(answer.Body), true, "Reported")
	op.Responses = map[string]*huma.Response{statusText(status): {
		Description: about, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}},
	}}
	return op
}

func (o operations) mails() {
	s := o.server
	huma.Register(o.api, o.get("list-mails", "/mails", "List what became of mails, oldest first", staffAccess), s.listMails)
	huma.Register(o.api, gone(o.get("get-mail", "/mails/{mail}", "What became of one mail, and why", staffAccess)), s.getMail)
	raw := gone(o.get("get-raw-mail", "/tickets/{id}/raw/{mail}", "A mail of a ticket, as it came", staffAccess))
	huma.Register(o.api, file(raw, "application/octet-stream"), s.getRawMail)
	if s.parts.Parse != nil {
		attachment := gone(o.get("get-attachment", "/tickets/{id}/attachments/{n}", "A file that came with a mail, for saving", staffAccess))
		huma.Register(o.api, file(attachment, "application/octet-stream"), s.getAttachment)
	}
	if s.parts.Held != nil {
		huma.Register(o.api, o.post("release-mail", "/mails/{mail}/release", "File a mail that was held back", staffAccess), s.releaseMail)
		huma.Register(o.api, o.post("drop-mail", "/mails/{mail}/drop", "Leave a mail that was held back where it is", staffAccess), s.dropMail)
	}
}

func (o operations) letters() {
	s := o.server
	huma.Register(o.api, o.get("list-outbox", "/outbox", "List letters by how far they have come", staffAccess), s.listOutbox)
	huma.Register(o.api, o.post("retry-letter", "/outbox/{ticket}/{number}/retry", "Send a letter again that was held, given up or has bounced", staffAccess), s.retryLetter)
	huma.Register(o.api, o.post("drop-letter", "/outbox/{ticket}/{number}/drop", "Settle that such a letter is never sent", staffAccess), s.dropLetter)
	huma.Register(o.api, o.get("list-webhooks", "/webhooks", "List what webhooks have not taken", adminAccess), s.listDeliveries)
	huma.Register(o.api, o.post("retry-webhook", "/webhooks/{delivery}/retry", "Tell a webhook again what was given up", adminAccess), s.retryDelivery)
}

func (o operations) planning() {
	s := o.server
	if s.parts.Planning != nil {
		roadmap := o.open(o.get("roadmap", "/roadmap", "What is planned, in work and done, for everybody to read", staffAccess))
		huma.Register(o.api, o.roadmapAnswers(roadmap), s.roadmap)
		huma.Register(o.api, o.get("list-sprints", "/sprints", "How full the current sprint and the next are", staffAccess), s.sprints)
	}
	if s.parts.Digests != nil {
		huma.Register(o.api, o.get("digest", "/digest", "The day's list of one of the staff, as it would be sent now", staffAccess), s.digest)
		huma.Register(o.api, o.post("send-digest", "/digest", "Send one of the staff his list now", staffAccess), s.sendDigest)
	}
}

func (o operations) status() {
	s := o.server
	ask := o.open(o.bounded(o.get("ask-status", "/status", "Have a one-time link to the status of a ticket mailed to its reporter, or use one", statusAccess)))
	huma.Register(o.api, ask, s.askStatus)
	huma.Register(o.api, o.get("ticket-status", "/tickets/{id}/status", "How a ticket stands, for staff and the token that reported it", statusAccess), s.ticketStatus)
}

func (o operations) chat() {
	if o.server.parts.FAQ != nil {
		huma.Register(o.api, o.open(o.get("search-faq", "/faq", "Look for the answer to a question", statusAccess)), o.server.searchFAQ)
	}
	if o.server.parts.Chat == nil {
		return
	}
	op := o.open(o.bounded(o.get("chat", "/chat", "One turn of a conversation with the chatbot: a question, a report, or a wish for a status", statusAccess)))
	op.MaxBodyBytes = maxChatBody
	huma.Register(o.api, op, o.server.chat)
}

// maxChatBody is of a turn, in bytes: its text may be of letters that JSON escapes.
const maxChatBody = 64 << 10

func (o operations) token() {
	huma.Register(o.api, o.get("get-token", "/token", "What the token of this request opens", anyAccess), o.server.tokenInfo)
}

func (o operations) events() {
	op := o.get("events", "/events", "What happens to tickets, as it happens: server-sent events", staffAccess)
	op.Responses = map[string]*huma.Response{"200": {
		Description: "Events named ticket, each with a StreamEvent as its data, and reset where more was missed than can be told.",
		Content: map[string]*huma.MediaType{"text/event-stream": {
			Schema: o.api.OpenAPI().Components.Schemas.Schema(typeOf(StreamEvent{}), true, "StreamEvent"),
		}},
	}}
	huma.Register(o.api, op, func(ctx context.Context, r *streamRequest) (*huma.StreamResponse, error) {
		return o.server.stream(ctx, r)
	})
}
