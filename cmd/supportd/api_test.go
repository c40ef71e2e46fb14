package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// A report through the API is filed as a mail is, and found by its words; a daemon
// that is told to stop does not wait for those who listen to events.
func TestReportThroughTheDaemon(t *testing.T) {
	b := startDaemon(t, testSettings(t.TempDir()))
	r, err := http.NewRequest("GET", b.api.base+web.APIPath+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+b.api.token)
	events, err := http.DefaultClient.Do(r)
	if err != nil || events.StatusCode != http.StatusOK {
		t.Fatal(events, err)
	}
	defer events.Body.Close()

	report := web.Report{Reporter: web.Reporter{Address: "kunde@firma.example"}, Subject: "Fakturaen", Text: "Kvitteringerne mangler."}
	body := strings.NewReader(`{"reporter":{"address":"` + report.Reporter.Address + `"},"subject":"` + report.Subject + `","text":"` + report.Text + `"}`)
	if r, err = http.NewRequest("POST", b.api.base+web.APIPath+"/tickets", body); err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+b.api.token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil || answer.StatusCode != http.StatusCreated {
		t.Fatal(answer, err)
	}
	answer.Body.Close()

	var list web.TicketList
	err = b.until(t.Context(), func() (bool, error) { // the index follows
		_, err := b.api.get(t.Context(), web.APIPath+"/tickets", url.Values{"q": {"kvittering"}}, &list)
		return len(list.Tickets) == 1, err
	})
	if err != nil || list.Tickets[0].Reporter != report.Reporter.Address {
		t.Errorf("%+v %v", list, err)
	}
	b.stop()
}

// Every fault of a webhook is told, with its place.
func TestWebhookSettings(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("good", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=\n")
	s := testSettings(dir)
	s.HTTP.Webhooks = []webhookSettings{
		{URL: "https://firma.example/a", SecretFile: good, Events: []string{"opened"}},
		{URL: "https://firma.example/a", SecretFile: good},
		{URL: "http://firma.example/b", SecretFile: good},
		{URL: "https://firma.example/c", SecretFile: file("bad", "12345")},
		{URL: "https://firma.example/d"},
		{URL: "https://firma.example/e", SecretFile: filepath.Join(dir, "none")},
	}
	plan, faults := configuration{settings: s}.plan()
	if len(plan.webhooks) != 1 || len(plan.desk.Webhooks) != 1 || plan.desk.Webhooks[0].Events[0] != ticket.EventOpened {
		t.Errorf("%+v", plan.desk.Webhooks)
	}
	for _, want := range []string{"stands twice", "want https", "whsec_ and 24 to 64", "name the file", "cannot be read"} {
		if !strings.Contains(faults.Error(), want) {
			t.Errorf("not told: %s in\n%v", want, faults)
		}
	}
	if len(faults) != 5 {
		t.Errorf("%d faults:\n%v", len(faults), faults)
	}
}
