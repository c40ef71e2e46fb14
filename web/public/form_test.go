package public

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page/pagetest"
)

// upload is a form as a browser sends it, with files by name.
func upload(t *testing.T, fields url.Values, files map[string][]byte) (contentType string, body []byte) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for name, values := range fields {
		for _, v := range values {
			if err := w.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, content := range files {
		part, err := w.CreateFormFile(fileField, name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), out.Bytes()
}

func (h *house) report(fields url.Values, files map[string][]byte) *http.Response {
	h.t.Helper()
	contentType, body := upload(h.t, fields, files)
	return h.do("POST", "/report", contentType, bytes.NewReader(body), "Accept-Language", "da")
}

// tickets are all that nobody has looked at.
func (h *house) tickets() []ticket.Ticket {
	h.t.Helper()
	p, err := h.store.TicketsByStatus(h.t.Context(), ticket.StateReported, "", 100)
	if err != nil {
		h.t.Fatal(err)
	}
	return p.Items
}

func filled() url.Values {
	return url.Values{
		"key": {"AAAAAAAAAAAAAAAAAAAAAA"}, "what": {"Ingen kan logge ind.\r\nDer står fejl 502."}, "expected": {"At komme ind."},
		"where": {"Forsiden"}, "severity": {"critical"}, "address": {"karen@butik.example"}, "name": {"Karen"}, "website": {""},
	}
}

// What stands in the form becomes a ticket as a mail would, with its claim, its
// files, and nothing proved.
func TestReport(t *testing.T) {
	h := newHouse(t)
	doc := h.document(h.report(filled(), map[string][]byte{"../../skærm.png": []byte("\x89PNG")}), 200)
	all := h.tickets()
	if len(all) != 1 {
		t.Fatalf("%d tickets", len(all))
	}
	got := all[0]
	said := pagetest.Text(doc)
	mustSay(t, said, string(got.ID), "k…@butik.example", "Det sker nu", "Du har meldt den som kritisk")
	mustNotSay(t, said, "karen@")
	if got.Subject != "Ingen kan logge ind." || got.Claim.Severity != ticket.SeverityCritical || got.Language != "da" || !got.Neutral {
		t.Errorf("the ticket: %+v", got)
	}
	events, err := h.store.Events(t.Context(), got.ID)
	if err != nil || events[0].Entry == nil {
		t.Fatal(err)
	}
	entry := events[0].Entry
	if want := "Ingen kan logge ind.\nDer står fejl 502.\n\nHvad ventede du?\nAt komme ind.\n\nHvor skete det?\nForsiden"; strings.TrimSpace(entry.Text) != want {
		t.Errorf("its text: %q", entry.Text)
	}
	if len(entry.Attachments) != 1 || strings.Contains(entry.Attachments[0].Filename, "/") {
		t.Errorf("its files: %+v", entry.Attachments)
	}
}

// A double press, a reload or a lost answer opens one ticket; other words another.
func TestReportOnce(t *testing.T) {
	h := newHouse(t)
	answers := make([]string, 4)
	var pressing sync.WaitGroup
	for i := range answers {
		pressing.Go(func() {
			r := h.report(filled(), nil)
			body, _ := io.ReadAll(r.Body)
			answers[i] = fmt.Sprint(r.StatusCode, string(body))
		})
	}
	pressing.Wait()
	for _, a := range answers[1:] {
		if a != answers[0] {
			t.Errorf("one press is answered otherwise than another:\n%s\n%s", answers[0], a)
		}
	}
	all := h.tickets()
	if len(all) != 1 || all[0].Entries != 1 || !strings.Contains(answers[0], string(all[0].ID)) {
		t.Fatalf("%d tickets: %+v", len(all), all)
	}
	other := filled()
	other.Set("address", "ole@butik.example")
	other.Set("what", "Fakturaen mangler en linje.")
	h.said(h.report(other, nil), 200)
	if n := len(h.tickets()); n != 2 {
		t.Errorf("%d tickets after another report under the same key", n)
	}
}

// A form without files may come as browsers without scripts or programs send it.
func TestReportWithoutMultipart(t *testing.T) {
	h := newHouse(t)
	form := filled()
	form.Del("key")
	mustSay(t, h.said(h.post("/report", form), 200), string(h.tickets()[0].ID))
}

// What is wrong stands above, and all that was written is still there.
func TestReportFaults(t *testing.T) {
	for name, c := range map[string]struct {
		change func(url.Values)
		files  map[string][]byte
		says   string
	}{
		"nothing happened":    {func(f url.Values) { f.Set("what", " \r\n ") }, nil, "Skriv, hvad der skete"},
		"no address":          {func(f url.Values) { f.Del("address") }, nil, "Skriv hele mailadressen"},
		"a broken address":    {func(f url.Values) { f.Set("address", "karen@butik.example\r\nBcc: x@y.example") }, nil, "Skriv hele mailadressen"},
		"too long":            {func(f url.Values) { f.Set("where", strings.Repeat("å", maxLine+1)) }, nil, "Skriv kortere: højst 500 tegn"},
		"no such severity":    {func(f url.Values) { f.Set("severity", "apocalyptic") }, nil, "Vælg en af de fire"},
		"what programs write": {func(f url.Values) { f.Set("website", "https://spam.example") }, nil, "Lad det sidste felt stå tomt"},
		"files with a fault":  {func(f url.Values) { f.Del("address") }, map[string][]byte{"a.txt": []byte("a")}, "Vælg filerne igen"},
		"too many files": {func(url.Values) {}, map[string][]byte{
			"1": {1}, "2": {1}, "3": {1}, "4": {1}, "5": {1}, "6": {1}, "7": {1}, "8": {1}, "9": {1}, "10": {1}, "11": {1},
		}, "Vælg færre filer: højst 10"},
		"large files": {func(url.Values) {}, map[string][]byte{"a.bin": make([]byte, 10<<20+1)}, "Filerne er større end 10 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			form := filled()
			c.change(form)
			doc := h.document(h.report(form, c.files), 422)
			said := pagetest.Text(doc)
			if strings.Count(said, c.says) != 2 {
				t.Errorf("want %q above and at its field:\n%s", c.says, said)
			}
			for name, id := range map[string]string{"expected": "f-expected", "name": "f-name"} {
				if got := pagetest.Attr(pagetest.ByID(doc, id), "value"); got != form.Get(name) {
					t.Errorf("%s became %q", name, got)
				}
			}
			kept := false
			for _, in := range pagetest.Find(doc, "input") {
				kept = kept || pagetest.Attr(in, "name") == "key" && pagetest.Attr(in, "value") == form.Get("key")
			}
			if !kept {
				t.Error("the key of the form is another")
			}
			if n := len(h.tickets()); n != 0 {
				t.Errorf("%d tickets", n)
			}
		})
	}
}

// bad-input 143 and 142: what is too large, in too many parts, no form at all, or
// another site's.
func TestReportRefused(t *testing.T) {
	h := newHouse(t)
	large, body := upload(t, filled(), map[string][]byte{"a.bin": make([]byte, maxUpload)})
	h.said(h.do("POST", "/report", large, bytes.NewReader(body)), 413)
	parts := url.Values{}
	for i := range maxFields + 1 {
		parts.Set(fmt.Sprint("f", i), "")
	}
	kind, body := upload(t, parts, nil)
	h.said(h.do("POST", "/report", kind, bytes.NewReader(body)), 400)
	kind, body = upload(t, filled(), map[string][]byte{"a.bin": make([]byte, 10_000)})
	h.said(h.do("POST", "/report", kind, bytes.NewReader(body[:len(body)-100])), 400)
	h.said(h.do("POST", "/report", "multipart/form-data", strings.NewReader("x")), 400)
	h.said(h.post("/report", filled(), "Origin", "https://evil.example"), 403)
	if n := len(h.tickets()); n != 0 {
		t.Errorf("%d tickets", n)
	}
}

// Whoever writes under another's address is not told of that one's ticket.
func TestReportNamesNoTicketOfAnother(t *testing.T) {
	h := newHouse(t)
	first := h.said(h.report(filled(), nil), 200)
	id := string(h.tickets()[0].ID)
	mustSay(t, first, id)
	again := filled()
	again.Set("key", "BBBBBBBBBBBBBBBBBBBBBB")
	said := h.said(h.report(again, nil), 200)
	mustNotSay(t, said, id)
	mustSay(t, said, "Vi har modtaget din henvendelse")
}
