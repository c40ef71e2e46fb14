package page

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page/pagetest"
)

var noon = time.Date(2026, 11, 23, 13, 5, 0, 0, time.UTC)

func texts(t *testing.T) *templates.Set {
	t.Helper()
	set, err := templates.New(templates.Config{DeskName: "Firma support", Timezone: "Europe/Copenhagen", DefaultLanguage: "da"})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func site(t *testing.T) *Site {
	t.Helper()
	s, err := New(
		Config{DeskName: "Firma support", Support: "support@firma.example", DefaultLanguage: "da", PublicURL: "https://support.firma.example"},
		Deps{Texts: texts(t), Now: func() time.Time { return noon }, Log: zerolog.New(zerolog.NewTestWriter(t))},
	)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// door is what a door would show: a page with all that the shell offers.
func door() Source {
	return Source{
		Templates: fstest.MapFS{
			"_part.html": {Data: []byte(`{{define "part"}}<p>{{.Data}}</p>{{end}}`)},
			"page.html": {Data: []byte(`{{define "main"}}<h1>{{.Title}}</h1>{{template "part" ($.With .Data.Note)}}
<p>{{.N "tickets" 1}} · {{.N "tickets" 3}} · {{.State "testing"}} · {{.Severity "critical" false}} · {{.Severity "low" true}} · {{.Severity "" true}}</p>
<p><time datetime="{{.ISO .Data.At}}">{{.When .Data.At}}</time> · {{.Date .Data.At}} · {{.Waited .Data.At}} · {{.Size 120400}}</p>
{{template "faults" (.With .Data.Form)}}
<form method="post" action="/page">{{template "fields" (.With .Data.Form)}}<button>{{.T "send"}}</button></form>{{end}}`)},
		},
		Words: fstest.MapFS{
			"da.json": {Data: []byte(`{"title":"En side","send":"Send","tickets.one":"%d billet","tickets.other":"%d billetter"}`)},
			"en.json": {Data: []byte(`{"title":"A page","send":"Send","tickets.one":"%d ticket","tickets.other":"%d tickets"}`)},
		},
	}
}

type sample struct {
	Note string
	At   time.Time
	Form Form
}

func show(t *testing.T, s *Site, g Guard) http.Handler {
	t.Helper()
	pages, err := s.Pages(door())
	if err != nil {
		t.Fatal(err)
	}
	return s.Guard(g, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.Form(w, r) {
			return
		}
		form := Form{Fields: []Field{
			{Name: "address", Kind: FieldEmail, Label: "Mail", Hint: "Din adresse", Required: true, Autocomplete: "email"},
			{Name: "text", Kind: FieldArea, Label: "Tekst"},
			{Name: "level", Kind: FieldChoice, Label: "Alvor", Options: []Option{{Value: "a", Label: "A", Hint: "først"}, {Value: "b", Label: "B"}}},
			{Name: "pick", Kind: FieldSelect, Label: "Vælg", Options: []Option{{Value: "x", Label: "X"}}},
			{Name: "files", Kind: FieldFiles, Label: "Filer"},
		}}
		form.Read(r.Form)
		if r.Method == http.MethodPost && form.Value("address") == "" {
			form.Fault("address", "Skriv din mailadresse")
		}
		pages.Write(w, r, "page", View{TitleKey: "title", Current: "/status", Data: sample{"<b>note</b>", noon.Add(-12 * time.Minute), form}})
	}))
}

func ask(h http.Handler, method, target string, body string, header ...string) *http.Response {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestPage(t *testing.T) {
	h := show(t, site(t), Guard{})
	doc := pagetest.Check(t, ask(h, "GET", "/page", "", "Accept-Language", "en-GB, da;q=0.5"))
	said := pagetest.Text(doc)
	for _, want := range []string{
		"A page", "<b>note</b>", "1 ticket · 3 tickets", "In testing", "Reported: critical", "Confirmed: low",
		"23 November 2026, 13:53", "12 min", "120 kB", "Mail", "Text", "(optional)",
	} {
		if want == "Text" {
			want = "Tekst"
		}
		if !strings.Contains(said, want) {
			t.Errorf("the page does not say %q:\n%s", want, said)
		}
	}
	doc = pagetest.Check(t, ask(h, "GET", "/page", ""))
	if said := pagetest.Text(doc); !strings.Contains(said, "23. november 2026 kl. 13.53") || !strings.Contains(said, "I test") {
		t.Errorf("the Danish page says:\n%s", said)
	}
}

// What was written stays when something is wrong, and the summary leads to it.
func TestFormKeepsText(t *testing.T) {
	h := show(t, site(t), Guard{})
	sent := url.Values{"text": {"\r\nfirst\r\n</textarea><script>x</script>"}, "level": {"b"}, "pick": {"x"}}
	doc := pagetest.Check(t, ask(h, "POST", "/page", sent.Encode()))
	if got := pagetest.ByID(doc, "f-text").FirstChild.Data; got != "first\n</textarea><script>x</script>" {
		t.Errorf("the text became %q", got)
	}
	if pagetest.Attr(pagetest.ByID(doc, "f-address"), "aria-invalid") != "true" {
		t.Error("the field at fault is not marked")
	}
	if said := pagetest.Text(doc); strings.Count(said, "Skriv din mailadresse") != 2 {
		t.Errorf("want the fault in the summary and at the field:\n%s", said)
	}
}

func TestLanguageChoice(t *testing.T) {
	h := show(t, site(t), Guard{})
	for _, c := range []struct{ target, accept, cookie, want string }{
		{"/page", "", "", "da"}, // the desk's
		{"/page", "en", "", "en"},
		{"/page", "nb-NO", "", "da"}, // the nearest
		{"/page", "ja", "", "da"},
		{"/page", "en", "lang=da", "da"}, // chosen before
		{"/page?lang=en", "da", "lang=da", "en"},
		{"/page?lang=xx", "en", "", "en"},
		{"/page", strings.Repeat("en-GB,", 1000), "", "en"},
		{"/page", ";;;q=,", "", "da"},
	} {
		r := ask(h, "GET", c.target, "", "Accept-Language", c.accept, "Cookie", c.cookie)
		if got := r.Header.Get("Content-Language"); got != c.want {
			t.Errorf("%s for %.20q with %q is in %s, want %s", c.target, c.accept, c.cookie, got, c.want)
		}
		if chosen := strings.Contains(c.target, "lang=en"); chosen != (len(r.Cookies()) == 1) {
			t.Errorf("%s sets %d cookies", c.target, len(r.Cookies()))
		}
	}
}

// bad-input 142: a form of another site changes nothing.
func TestForeignForm(t *testing.T) {
	h := show(t, site(t), Guard{})
	for _, c := range []struct {
		name   string
		header []string
		want   int
	}{
		{"ours", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"ours, without telling where it was", []string{"Sec-Fetch-Site", "same-origin", "Origin", "null"}, 200},
		{"typed by hand", []string{"Sec-Fetch-Site", "none"}, 200},
		{"no browser", nil, 200},
		{"another site's", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a neighbour's", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"an old browser at another site", []string{"Origin", "https://evil.example"}, 403},
	} {
		r := ask(h, "POST", "/page", "address=a", c.header...)
		if r.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", c.name, r.StatusCode, c.want)
		}
		pagetest.Check(t, r)
	}
	if r := ask(h, "GET", "/page", "", "Sec-Fetch-Site", "cross-site"); r.StatusCode != 200 {
		t.Errorf("a link of another site: %d", r.StatusCode)
	}
}

func TestTooMuch(t *testing.T) {
	s := site(t)
	h := show(t, s, Guard{MaxBody: 100, Limit: NewLimit(2, 0, func() time.Time { return noon })})
	if r := ask(h, "POST", "/page", "text="+strings.Repeat("a", 200)); r.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body: %d", r.StatusCode)
	}
	ask(h, "GET", "/page", "")
	r := ask(h, "GET", "/page", "")
	if r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") == "" {
		t.Errorf("the third request: %d", r.StatusCode)
	}
	pagetest.Check(t, r)
}

func TestFraming(t *testing.T) {
	s := site(t)
	for _, c := range []struct {
		g    Guard
		want string
	}{
		{Guard{}, "frame-ancestors 'none';"},
		{Guard{FramedBy: []string{"https://firma.example", "https://www.firma.example"}}, "frame-ancestors https://firma.example https://www.firma.example;"},
		{Guard{Framing: true}, "frame-src 'self';"},
	} {
		if got := ask(show(t, s, c.g), "GET", "/page", "").Header.Get("Content-Security-Policy"); !strings.Contains(got, c.want) {
			t.Errorf("%+v: %s", c.g, got)
		}
	}
}

// Each error page says what is wrong and what to do.
func TestErrorPages(t *testing.T) {
	s := site(t)
	for _, status := range []int{400, 403, 404, 405, 408, 413, 429, 500, 503, 418} {
		for _, lang := range s.errors.Languages() {
			h := s.Guard(Guard{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.Error(w, r, status) }))
			r := ask(h, "GET", "/x", "", "Accept-Language", lang)
			if r.StatusCode != status {
				t.Errorf("%d is %d", status, r.StatusCode)
			}
			if said := pagetest.Text(pagetest.Check(t, r)); !strings.Contains(said, "support@firma.example") {
				t.Errorf("%d in %s: %s", status, lang, said)
			}
		}
	}
}

// A page without a word, a key or a template is found when the program starts.
func TestPagesRefused(t *testing.T) {
	s := site(t)
	for name, c := range map[string]struct{ page, da, en string }{
		"a word that is not there":      {`{{define "main"}}{{if true}}{{.T "none"}}{{end}}{{end}}`, `{"a":"a"}`, `{"a":"a"}`},
		"a plural without its one":      {`{{define "main"}}{{range .Data}}{{$.N "a" 2}}{{end}}{{end}}`, `{"a.other":"a"}`, `{"a.other":"a"}`},
		"a key in Danish alone":         {`{{define "main"}}{{end}}`, `{"a":"a","b":"b"}`, `{"a":"a"}`},
		"a key in English alone":        {`{{define "main"}}{{end}}`, `{"a":"a"}`, `{"a":"a","b":"b"}`},
		"another number of verbs":       {`{{define "main"}}{{end}}`, `{"a":"%s"}`, `{"a":"a"}`},
		"a template that is not there":  {`{{define "main"}}{{if .Data}}{{template "none" .}}{{end}}{{end}}`, `{"a":"a"}`, `{"a":"a"}`},
		"a template that is wrong":      {`{{define "main"}}{{end}`, `{"a":"a"}`, `{"a":"a"}`},
		"a word that the shell has not": {`{{define "main"}}{{with .Data}}{{$.Frame "none"}}{{end}}{{end}}`, `{"a":"a"}`, `{"a":"a"}`},
	} {
		_, err := s.Pages(Source{
			Templates: fstest.MapFS{"page.html": {Data: []byte(c.page)}},
			Words:     fstest.MapFS{"da.json": {Data: []byte(c.da)}, "en.json": {Data: []byte(c.en)}},
		})
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestAssets(t *testing.T) {
	s := site(t)
	at := s.assets.URL("style.css")
	plain := ask(s.assets, "GET", at, "")
	if plain.StatusCode != 200 || !strings.Contains(plain.Header.Get("Cache-Control"), "immutable") || !strings.Contains(text(t, plain), "--accent") {
		t.Errorf("the style sheet: %d %v", plain.StatusCode, plain.Header)
	}
	packed := ask(s.assets, "GET", at, "", "Accept-Encoding", "br, gzip")
	if packed.Header.Get("Content-Encoding") != "gzip" || len(text(t, packed)) > 10_000 {
		t.Errorf("the packed style sheet: %v", packed.Header)
	}
	if r := ask(s.assets, "GET", at, "", "Accept-Encoding", "gzip;q=0"); r.Header.Get("Content-Encoding") != "" {
		t.Error("packed for who refuses it")
	}
	if r := ask(s.assets, "GET", "/assets/style.000000000000.css", ""); r.StatusCode != 404 {
		t.Errorf("an old hash: %d", r.StatusCode)
	}
	if s.assets.URL("none.css") != "" {
		t.Error("an asset that is not there has an address")
	}
}

func TestNetwork(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"192.0.2.7:1", "192.0.2.200:9", true},
		{"192.0.2.7:1", "192.0.3.7:1", false},
		{"[2001:db8::1]:1", "[2001:db8::ffff:1]:2", true},
		{"[2001:db8::1]:1", "[2001:db8:0:1::1]:2", false},
		{"[::ffff:192.0.2.7]:1", "192.0.2.9:1", true},
	} {
		if got := Network(c.a) == Network(c.b); got != c.same {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}

func TestBehindProxies(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct{ name, peer, header, want string }{
		{"no proxy", "192.0.2.7:1", "198.51.100.1", "192.0.2.7:1"},
		{"ours", "10.1.1.1:1", "198.51.100.1", "198.51.100.1:0"},
		{"ours, and what the client wrote himself", "10.1.1.1:1", "203.0.113.9, 198.51.100.1", "198.51.100.1:0"},
		{"two of ours", "10.1.1.1:1", "198.51.100.1, 10.2.2.2", "198.51.100.1:0"},
		{"with a port", "10.1.1.1:1", "198.51.100.1:4711", "198.51.100.1:0"},
		{"version 6", "[::1]:1", "2001:db8::1", "[2001:db8::1]:0"},
		{"nonsense", "10.1.1.1:1", "unknown", "10.1.1.1:1"},
		{"nothing", "10.1.1.1:1", "", "10.1.1.1:1"},
	} {
		var got string
		h := BehindProxies(proxies, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr }))
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		r.Header.Set("X-Forwarded-For", c.header)
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestLimit(t *testing.T) {
	now := noon
	l := NewLimit(2, 3, func() time.Time { return now })
	var passed []bool
	for _, name := range []string{"a", "a", "a", "b"} {
		passed = append(passed, l.Pass(name))
	}
	if passed[0] != true || passed[1] != true || passed[2] != false || passed[3] != false {
		t.Errorf("passed: %v", passed)
	}
	if now = now.Add(time.Minute); !l.Pass("a") {
		t.Error("the next minute does not begin anew")
	}
}

// Names are forgotten when there are too many of them, what passes in all is not: who
// comes from many networks is bounded too.
func TestLimitForgetsNames(t *testing.T) {
	l := NewLimit(1, maxKnown+1, func() time.Time { return noon })
	for i := range maxKnown + 1 {
		if !l.Pass(strconv.Itoa(i)) {
			t.Fatalf("request %d does not pass", i)
		}
	}
	if l.Pass("one more") {
		t.Error("more pass than may in all")
	}
}

// Every state and severity has a drawing of its own.
func TestShapes(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range ticket.States() {
		seen[string(StateShape(s).SVG())] = true
	}
	if len(seen) != len(ticket.States()) {
		t.Errorf("%d drawings for %d states", len(seen), len(ticket.States()))
	}
	clear(seen)
	for _, s := range []ticket.Severity{ticket.SeverityCritical, ticket.SeverityHigh, ticket.SeverityNormal, ticket.SeverityLow} {
		seen[string(SeverityShape(s).SVG())] = true
	}
	if len(seen) != 4 {
		t.Errorf("%d drawings for 4 severities", len(seen))
	}
}

func TestConfig(t *testing.T) {
	good := Config{DeskName: "Firma", DefaultLanguage: "da", PublicURL: "https://support.firma.example"}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for _, url := range []string{"support.firma.example", "https://support.firma.example/", "https://u:p@firma.example", "ftp://firma.example", "https://firma.example?x=1"} {
		bad := good
		bad.PublicURL = url
		if bad.Validate() == nil {
			t.Errorf("%s is accepted", url)
		}
	}
}
