package web

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
)

// Every operation is asked, and every answer is as the description says, those to
// wrong questions too.
func TestAnswersAreAsDescribed(t *testing.T) {
	h := newHouse(t, nil)
	doc := readDescription(t, h)
	id := h.open("portal", "Kan ikke logge ind", "Fejl 502 hver gang.")
	h.do("support", id, `{"command":"ask","questions":["Hvornår?"]}`)
	h.do("support", id, `{"command":"note","text":"Ringet."}`)
	mail := answer[TicketDetails](h, "support", "GET", "/api/v1/tickets/"+string(id), "").Entries[0].Mail
	giveUpAll(t, h)
	giveUpDelivery(t, h)
	withFile := answer[Reported](h, "portal", "POST", "/api/v1/tickets",
		`{"reporter":{"address":"ny@firma.example"},"subject":"Fil","text":"Se her.","attachments":[{"filename":"log.txt","content":"aGVq"}]}`)
	var held []string
	for i := range 2 {
		held = append(held, "/api/v1/mails/"+answer[Reported](h, "portal", "POST", "/api/v1/tickets",
			fmt.Sprintf(`{"reporter":{"address":%q},"subject":"Os selv %d","text":"Hej %d."}`, supportAddress, i, i)).Mail)
	}
	at := "/api/v1/tickets/" + string(id)
	for _, c := range []struct {
		token, method, path, body string
		status                    int
	}{
		{"support", "GET", "/api/v1/tickets", "", 200},
		{"support", "GET", "/api/v1/tickets?limit=0", "", 422},
		{"", "GET", "/api/v1/tickets", "", 401},
		{"chatbot", "GET", "/api/v1/tickets", "", 403},
		{"support", "GET", at, "", 200},
		{"support", "GET", "/api/v1/tickets/AIS-0000-0000", "", 404},
		{"support", "GET", "/api/v1/tickets/what", "", 400},
		{"support", "POST", at + "/commands", `{"command":"classify","severity":"critical","category":"login"}`, 200},
		{"support", "POST", at + "/commands", `{"command":"pass","verified":"x"}`, 409},
		{"support", "POST", at + "/commands", `{"command":"close","expected_event":1}`, 409},
		{"support", "POST", at + "/commands", `{"command":"clse"}`, 422},
		{"support", "POST", at + "/commands", `{"comand":"close"}`, 422},
		{"portal", "POST", "/api/v1/tickets", `{"reporter":{"address":"ny@firma.example"},"subject":"Hej","text":"Hej igen."}`, 201},
		{"portal", "POST", "/api/v1/tickets", `{"reporter":{"address":"ny"},"subject":"Hej","text":"Hej."}`, 422},
		{"portal", "GET", "/api/v1/reports/" + mail, "", 200},
		{"chatbot", "GET", "/api/v1/reports/" + mail, "", 404},
		{"support", "GET", "/api/v1/mails?outcome=opened", "", 200},
		{"support", "GET", "/api/v1/mails/" + mail, "", 200},
		{"support", "GET", at + "/raw/" + mail, "", 200},
		{"support", "GET", at + "/attachments/" + mail + ".1", "", 404},
		{"support", "GET", "/api/v1/tickets/" + string(withFile.Ticket) + "/attachments/" + withFile.Mail + ".1", "", 200},
		{"dev", "POST", held[0] + "/drop", `{"reason":"Reklame"}`, 409},
		{"support", "POST", held[0] + "/release", `{"new":true,"ticket":"AIS-0000-0000"}`, 422},
		{"support", "POST", held[0] + "/release", `{"new":true}`, 200},
		{"support", "POST", held[1] + "/drop", `{"reason":"Reklame"}`, 200},
		{"support", "GET", held[1], "", 200},
		{"support", "GET", "/api/v1/mails?outcome=dropped", "", 200},
		{"support", "POST", "/api/v1/mails/" + mail + "/release", `{"new":true}`, 409},
		{"support", "GET", "/api/v1/outbox?state=given-up", "", 200},
		{"support", "POST", "/api/v1/outbox/" + string(id) + "/1/retry", "", 200},
		{"support", "POST", "/api/v1/outbox/" + string(id) + "/1/retry", "", 409},
		{"support", "POST", "/api/v1/outbox/" + string(id) + "/2/drop", "", 200},
		{"support", "POST", "/api/v1/outbox/" + string(id) + "/999/drop", "", 404},
		{"admin", "GET", "/api/v1/webhooks", "", 200},
		{"admin", "POST", "/api/v1/webhooks/AIS-0000-0000.1.x/retry", "", 404},
		{"admin", "POST", "/api/v1/webhooks/one/retry", "", 204},
		{"admin", "POST", "/api/v1/webhooks/one/retry", "", 409},
		{"", "POST", "/api/v1/chat", `{"text":"Hvad er et hotfix?"}`, 200},
		{"", "GET", "/api/v1/faq?q=hvad+er+et+hotfix", "", 200},
		{"", "GET", "/api/v1/faq?q=" + strings.Repeat("x", 501), "", 422},
		{"", "POST", "/api/v1/chat", `{"txt":"Hvad er et hotfix?"}`, 422},
		{"", "GET", "/api/v1/roadmap?year=2026", "", 200},
		{"", "GET", "/api/v1/roadmap?internal=true", "", 403},
		{"", "GET", "/api/v1/roadmap?quarter=2026-Q5", "", 422},
		{"support", "GET", "/api/v1/sprints", "", 200},
		{"support", "GET", "/api/v1/digest?for=support@ours.example", "", 200},
		{"support", "GET", "/api/v1/digest?for=nobody@ours.example", "", 404},
		{"admin", "POST", "/api/v1/console/link", `{"as":"support@ours.example"}`, 200},
		{"admin", "POST", "/api/v1/console/link", `{"as":"nobody@ours.example"}`, 409},
		{"support", "POST", "/api/v1/console/link", `{"as":"support@ours.example"}`, 403},
		{"admin", "POST", "/api/v1/digest", `{"for":"support@ours.example"}`, 200},
		{"support", "POST", "/api/v1/digest", `{"for":"support@ours.example"}`, 403},
		{"", "POST", "/api/v1/status", fmt.Sprintf(`{"ticket":%q,"address":"kunde1@firma.example"}`, id), 200},
		{"", "POST", "/api/v1/status", `{"proof":"none"}`, 404},
		{"portal", "GET", at + "/status", "", 200},
		{"chatbot", "GET", at + "/status", "", 404},
		{"chatbot", "GET", "/api/v1/token", "", 200},
		{"", "GET", "/api/v1/token", "", 401},
		{"admin", "POST", "/api/v1/replay", `{}`, 200},
	} {
		r := h.ask(c.token, c.method, c.path, c.body)
		if r.status != c.status {
			t.Errorf("%s %s %s: %d, want %d: %s", c.method, c.path, c.body, r.status, c.status, r.body)
			continue
		}
		for _, fault := range doc.check(c.method, c.path, r) {
			t.Errorf("%s %s answered %d: %s\n%s", c.method, c.path, r.status, fault, r.body)
		}
	}
	if dropped := answer[MailList](h, "support", "GET", "/api/v1/mails?outcome=dropped", "").Mails; len(dropped) != 1 {
		t.Errorf("%d dropped mails are listed", len(dropped))
	}
	delete(doc.unasked, "get /api/v1/events") // never ends: TestEvents
	for op := range doc.unasked {
		t.Errorf("%s was not asked with success", op)
	}
}

// giveUpAll gives up all letters that are owed, so that people may decide.
func giveUpAll(t *testing.T, h *house) {
	t.Helper()
	box := store.NewOutbox(h.store)
	h.clock.advance(time.Minute)
	leased, err := box.Lease(t.Context(), h.clock.now(), time.Minute, 100)
	if err != nil || len(leased) < 2 {
		t.Fatal(len(leased), err)
	}
	for _, l := range leased {
		if err := box.GiveUp(t.Context(), l, h.clock.now(), "550 no", "refused"); err != nil {
			t.Fatal(err)
		}
	}
}

// giveUpDelivery leaves one delivery to a webhook given up.
func giveUpDelivery(t *testing.T, h *house) {
	t.Helper()
	err := h.store.Update(t.Context(), func(tx *store.Tx) error {
		return tx.OweDelivery(store.Delivery{ID: "one", Hook: "https://firma.example/hooks", Owed: h.clock.now(), Body: []byte(`{}`)})
	})
	if err != nil {
		t.Fatal(err)
	}
	queue := store.NewDeliveries(h.store)
	leased, err := queue.Lease(t.Context(), h.clock.now(), time.Minute, 1)
	if err != nil || len(leased) != 1 {
		t.Fatal(leased, err)
	}
	if err := queue.GiveUp(t.Context(), leased[0], h.clock.now(), "500"); err != nil {
		t.Fatal(err)
	}
}

// description is /openapi.json as a program reads it.
type description struct {
	paths   map[string]any
	schemas map[string]any
	unasked map[string]bool
}

func readDescription(t *testing.T, h *house) description {
	t.Helper()
	doc := answer[map[string]any](h, "", "GET", "/openapi.json", "")
	d := description{
		paths:   doc["paths"].(map[string]any),
		schemas: doc["components"].(map[string]any)["schemas"].(map[string]any),
		unasked: map[string]bool{},
	}
	for path, item := range d.paths {
		for method := range item.(map[string]any) {
			d.unasked[method+" "+path] = true
		}
	}
	return d
}

var pathParam = regexp.MustCompile(`\\\{[^}]*\\\}`)

// check compares an answer with what is said of it, and returns what differs.
func (d description) check(method, target string, r reply) []string {
	target, _, _ = strings.Cut(target, "?")
	method = strings.ToLower(method)
	for path, item := range d.paths {
		form := "^" + pathParam.ReplaceAllString(regexp.QuoteMeta(path), `[^/]+`) + "$"
		op, ok := item.(map[string]any)[method]
		if !ok || !regexp.MustCompile(form).MatchString(target) {
			continue
		}
		if r.status < 300 {
			delete(d.unasked, method+" "+path)
		}
		said, ok := op.(map[string]any)["responses"].(map[string]any)[fmt.Sprint(r.status)]
		if !ok {
			return []string{"no such status is described"}
		}
		if len(r.body) == 0 {
			return nil
		}
		content, _ := said.(map[string]any)["content"].(map[string]any)
		kind, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
		media, ok := content[kind].(map[string]any)
		if !ok {
			return []string{"no answer of type " + kind + " is described"}
		}
		if !strings.HasSuffix(kind, "json") {
			return nil
		}
		var v any
		if err := json.Unmarshal(r.body, &v); err != nil {
			return []string{err.Error()}
		}
		return d.faults(media["schema"].(map[string]any), v, "answer")
	}
	return []string{"no such operation is described"}
}

// faults says where a value is not what a schema says; a word of the schema that it
// does not know is a fault too.
func (d description) faults(schema map[string]any, v any, where string) []string {
	var all []string
	wrong := func(format string, args ...any) { all = append(all, where+" "+fmt.Sprintf(format, args...)) }
	for word, said := range schema {
		switch word {
		case "$ref":
			name := said.(string)[strings.LastIndex(said.(string), "/")+1:]
			all = append(all, d.faults(d.schemas[name].(map[string]any), v, where)...)
		case "type":
			if types, many := said.([]any); many {
				if !slices.ContainsFunc(types, func(k any) bool { return is(v, k.(string)) }) {
					wrong("is %T, not one of %v", v, types)
				}
			} else if !is(v, said.(string)) {
				wrong("is %T, not %v", v, said)
			}
		case "enum":
			if !slices.Contains(said.([]any), v) {
				wrong("is %v, not one of %v", v, said)
			}
		case "format":
			if text, ok := v.(string); ok && said == "date-time" {
				if _, err := time.Parse(time.RFC3339, text); err != nil {
					wrong("%v", err)
				}
			}
		case "required":
			for _, name := range said.([]any) {
				if object, ok := v.(map[string]any); ok && !has(object, name.(string)) {
					wrong("has no %v", name)
				}
			}
		case "properties":
			for name, inner := range said.(map[string]any) {
				if object, ok := v.(map[string]any); ok && has(object, name) {
					all = append(all, d.faults(inner.(map[string]any), object[name], where+"."+name)...)
				}
			}
		case "additionalProperties":
			properties, _ := schema["properties"].(map[string]any)
			if object, ok := v.(map[string]any); ok && said == false {
				for name := range object {
					if !has(properties, name) {
						wrong("has %s, which is not described", name)
					}
				}
			}
		case "items":
			if list, ok := v.([]any); ok {
				for i, item := range list {
					all = append(all, d.faults(said.(map[string]any), item, fmt.Sprintf("%s[%d]", where, i))...)
				}
			}
		case "description", "examples", "default", "title", "contentEncoding", "minimum", "maximum", "maxLength", "minLength":
		default:
			wrong("is described by %s, which this test does not know", word)
		}
	}
	return all
}

func has(object map[string]any, name string) bool { _, ok := object[name]; return ok }

func is(v any, kind string) bool {
	switch kind {
	case "null":
		return v == nil
	case "object":
		_, ok := v.(map[string]any)
		return ok
	case "array":
		_, ok := v.([]any)
		return ok
	case "string":
		_, ok := v.(string)
		return ok
	case "boolean":
		_, ok := v.(bool)
		return ok
	case "integer":
		n, ok := v.(float64)
		return ok && n == float64(int64(n))
	}
	_, ok := v.(float64)
	return ok && kind == "number"
}

// Each field of an order is described, and each verb can be given.
func TestOrdersAreDescribed(t *testing.T) {
	h := newHouse(t, nil)
	d := readDescription(t, h)
	for name, p := range d.schemas["Command"].(map[string]any)["properties"].(map[string]any) {
		if p.(map[string]any)["description"] == nil {
			t.Errorf("%s is not described", name)
		}
		if _, ours := orderFields[name]; !ours && name != "as" && name != "expected_event" {
			t.Errorf("%s has no row in orderFields", name)
		}
	}
}
