package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// mediaCSV is RFC 4180's, which names the columns in its first line.
const mediaCSV = "text/csv"

// HeaderNext holds the cursor of the next page where an answer has no other place
// for it.
const HeaderNext = "Supportd-Next"

// tickets lists tickets, as JSON or for a spreadsheet.
func (s *Server) tickets(ctx context.Context, q *ticketQuery) (*huma.StreamResponse, error) {
	list, err := s.listTickets(ctx, q)
	if err != nil {
		return nil, err
	}
	if !wants(q.Accept, mediaCSV) {
		return jsonAnswer(list.Body)
	}
	var b bytes.Buffer
	if err := WriteCSV(&b, list.Body.Tickets); err != nil {
		return nil, s.failed(err, "writing tickets as CSV")
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", mediaCSV+"; charset=utf-8; header=present")
		ctx.SetHeader("Content-Disposition", `attachment; filename="tickets.csv"`)
		if list.Body.Next != "" {
			ctx.SetHeader(HeaderNext, list.Body.Next)
		}
		_, _ = ctx.BodyWriter().Write(b.Bytes()) // the client's loss
	}}, nil
}

var csvColumns = []string{
	"id", "state", "severity", "confirmed", "kind", "category", "sprint", "assignee", "opened", "updated", "mails", "reporter", "language", "subject", "title", "flags",
}

// WriteCSV writes tickets for a spreadsheet (RFC 4180). Times are RFC 3339, in UTC.
// Reporters write subjects and names, and what they write stays text there: see
// inert.
func WriteCSV(w io.Writer, tickets []TicketRow) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	_ = out.Write(csvColumns) // errors are kept for Error
	stamp := func(t time.Time) string { return t.UTC().Format(time.RFC3339) }
	for _, t := range tickets {
		severity := t.Confirmed
		if severity == "" {
			severity = t.Claim.Severity
		}
		row := []string{
			string(t.ID), string(t.State), string(severity), strconv.FormatBool(t.Confirmed != ""), string(t.Kind), t.Category, t.Sprint, t.Assignee,
			stamp(t.Opened), stamp(t.Updated), strconv.Itoa(t.Mails), t.Reporter, t.Language, t.Subject, t.Title, strings.Join(t.Flags, " "),
		}
		for i, cell := range row {
			row[i] = inert(cell)
		}
		_ = out.Write(row)
	}
	out.Flush()
	return out.Error()
}

// inert is a cell that no spreadsheet takes for a formula (bad-input 121): one that
// begins like one, be it behind blanks or in full width, is marked as text by an
// apostrophe. So is one that begins so behind a semicolon, at which some split.
func inert(cell string) string {
	parts := strings.Split(cell, ";")
	for i, p := range parts {
		if begin := strings.TrimLeft(p, " \u00a0\u200b\ufeff"); begin != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(begin)[0]) {
			parts[i] = "'" + p
		}
	}
	return strings.Join(parts, ";")
}

// ticketAnswers describes an answer that has two forms.
func (o operations) ticketAnswers(op huma.Operation) huma.Operation {
	schema := o.api.OpenAPI().Components.Schemas.Schema(typeOf(TicketList{}), true, "TicketList")
	op.Responses = map[string]*huma.Response{"200": {
		Description: "A page of tickets. For Accept: text/csv, a table for spreadsheets, with the cursor of the next page in the header " + HeaderNext + ".",
		Content: map[string]*huma.MediaType{
			"application/json": {Schema: schema},
			mediaCSV:           {Schema: &huma.Schema{Type: huma.TypeString}},
		},
		Headers: map[string]*huma.Param{HeaderNext: {
			Schema: &huma.Schema{Type: huma.TypeString}, Description: "With text/csv: the cursor of the next page; absent at the end.",
		}},
	}}
	return op
}
