package web

import (
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"aismarttalk.tech/supportd/ticket"
)

func typeOf(v any) reflect.Type { return reflect.TypeOf(v) }

func statusText(code int) string { return strconv.Itoa(code) }

// describe adds to the description what huma cannot read off types.
func describe(doc *huma.OpenAPI) {
	doc.Info.Description = "Support mail as tickets. Every error is application/problem+json and says what to do. " +
		"Lists go on where their next says. Times are RFC 3339."
	schemas := doc.Components.Schemas
	// huma describes errors as its own model; ours says more.
	ours := schemas.Schema(typeOf(Problem{}), false, "Problem")
	if model, ok := schemas.Map()["ErrorModel"]; ok {
		*model = *ours
	}
	for name, media := range examples {
		for _, item := range doc.Paths {
			for _, op := range []*huma.Operation{item.Get, item.Post} {
				if op != nil && op.OperationID == name && op.RequestBody != nil {
					op.RequestBody.Content["application/json"].Examples = media
				}
			}
		}
	}
}

// TransformSchema says of each field of an order what it is for, how long it may be
// and what it may hold. Words for a value in Danish or English do as well as its
// name, so that the names are one of two choices.
func (Command) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	for field, about := range orderFields {
		p := s.Properties[field]
		p.Description = about.doc
		switch {
		case p.Type == huma.TypeString && len(about.values) == 0:
			p.MaxLength = new(about.max)
		case p.Type == huma.TypeString:
			named := &huma.Schema{Type: huma.TypeString, Enum: about.values}
			word := &huma.Schema{Type: huma.TypeString, MaxLength: new(about.max), Description: "Or a word for it, in Danish or English."}
			named.PrecomputeMessages()
			word.PrecomputeMessages()
			p.Type, p.AnyOf = "", []*huma.Schema{named, word}
		case p.Type == huma.TypeArray:
			p.MaxItems, p.Items.MaxLength = new(20), new(about.max)
		}
		p.PrecomputeMessages()
	}
	return s
}

// orderField is what the description says of a field of an order.
type orderField struct {
	doc    string
	max    int // characters
	values []any
}

// Lengths of fields.
const (
	maxWord = 60
	maxLine = 300
	maxText = 50_000
)

var orderFields = map[string]orderField{
	"command":   {"What is to be done.", maxWord, verbs()},
	"severity":  {"classify: how bad it is.", maxWord, []any{ticket.SeverityCritical, ticket.SeverityHigh, ticket.SeverityNormal, ticket.SeverityLow}},
	"category":  {"classify: the subject area, one of the desk's.", maxWord, nil},
	"kind":      {"classify: what it is.", maxWord, []any{ticket.KindBug, ticket.KindQuestion, ticket.KindFeatureRequest}},
	"title":     {"title, accept: what the public may read of it.", maxLine, nil},
	"sprint":    {"plan: a sprint such as 2026-25; absent: the first with room.", 10, nil},
	"hotfix":    {"plan: into the current sprint, whatever it pushes out.", 0, nil},
	"to":        {"assign: an address of the staff, or me.", 320, nil},
	"into":      {"merge: the ticket that stays.", 64, nil},
	"other":     {"link: the other ticket.", 64, nil},
	"result":    {"test, resolve: how it was settled.", maxWord, []any{ticket.ResultFixed, ticket.ResultWorkaround, ticket.ResultAnswer}},
	"text":      {"test, fail, resolve, ask, reply, note, accept, decline: the words. The reporter reads those of resolve, ask, reply, accept and decline.", maxText, nil},
	"verified":  {"pass, resolve: what was checked; the reporter reads it.", maxText, nil},
	"limits":    {"pass, resolve: what it does not cover; the reporter reads it.", maxText, nil},
	"how":       {"test: how to check it.", maxText, nil},
	"reason":    {"close, reopen, defer, decline: why. The reporter reads those of close, defer and decline.", maxText, nil},
	"questions": {"ask: the questions, each on its own.", 2000, nil},
	"public":    {"note: the reporter reads it.", 0, nil},
	"quarter":   {"accept: the quarter, such as 2026-Q4.", 10, nil},
	"review":    {"defer: the day to look again, such as 2026-12-01.", 20, nil},
	"closing":   {"close: on whose word.", maxWord, []any{ticket.ClosingConfirmed, ticket.ClosingStaff}},
	"address":   {"invite, dismiss: whom.", 320, nil},
	"name":      {"invite: his name.", 100, nil},
}

// verbs are the commands that can be given here.
func verbs() []any {
	var all []any
	for _, w := range ticket.Verbs() {
		if !w.Short() && w.Verb != ticket.VerbHelp && w.Verb != ticket.VerbStatus {
			all = append(all, w.Verb)
		}
	}
	return all
}

// examples are requests as they are made, by operation.
var examples = map[string]map[string]*huma.Example{
	"command-ticket": {
		"classify": {Summary: "Confirm that it is critical", Value: map[string]any{"command": "classify", "severity": "critical", "category": "login"}},
		"pass":     {Summary: "QA has passed the fix", Value: map[string]any{"command": "pass", "verified": "Log ind virker i Chrome og Firefox."}},
		"close":    {Summary: "Close what came twice, in a colleague's name", Value: map[string]any{"command": "close", "reason": "Sendt to gange.", "as": "first-line@firma.example"}},
	},
	"report": {"chat": {Summary: "From a chat", Value: map[string]any{
		"reporter": map[string]any{"address": "kunde@firma.example", "name": "Karen Kunde", "language": "da"},
		"subject":  "Kan ikke logge ind", "text": "Siden i morges står der bare fejl 502.", "claim": "high",
	}}},
	"ask-status": {
		"link":  {Summary: "Ask for a link", Value: map[string]any{"ticket": "AIS-7K3Q-M2XQ", "address": "kunde@firma.example"}},
		"proof": {Summary: "Use it", Value: map[string]any{"proof": "b1p8…"}},
	},
	"chat": {
		"ask":  {Summary: "Ask something", Value: map[string]any{"text": "Hvad er et hotfix?", "language": "da"}},
		"send": {Summary: "Hand in the report that was shown", Value: map[string]any{"conversation": "Zk3…", "press": "send"}},
	},
	"release-mail": {"new": {Summary: "As a ticket of its own", Value: map[string]any{"new": true}}},
	"drop-mail":    {"spam": {Summary: "Nobody wants it", Value: map[string]any{"reason": "Reklame"}}},
	"console-link": {"one": {Summary: "For first line", Value: map[string]any{"as": "first-line@firma.example"}}},
	"send-digest":  {"one": {Summary: "To first line", Value: map[string]any{"for": "first-line@firma.example"}}},
}
