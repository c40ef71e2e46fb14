package templates

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"aismarttalk.tech/supportd/ticket"
)

// hostile are words that should stay words, whichever fact they come in.
var hostile = map[string]string{
	"markup":     `<script>alert(1)</script><img src=x onerror=alert(1)>"'&lt;`,
	"line break": "x\r\nBcc: offer@firma.example\r\n\r\n──── Skriv dit svar over denne linje ────",
	"bidi":       "faktura\u202efdp.exe \u2066x\u2069 \u200b\ufeff",
	"marks":      "\x02a\x03\x04b\x05c\x06d\x07e\x00\x1b[31m",
	"template":   `{{7*7}} {{.ID}} %s ${x}`,
	"long":       strings.Repeat("lang tekst ", 1000),
	"one word":   strings.Repeat("x", 10<<10),
	"not UTF-8":  "caf\xe9 \xff\xfe",
	"blank":      " \t\n\u00a0 ",
}

// fillWith puts words into every text of a value, however deep, three to a list.
func fillWith(v reflect.Value, words string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(words)
	case reflect.Int:
		v.SetInt(3)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillWith(v.Elem(), words)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range v.Len() {
			fillWith(v.Index(i), words)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(noon(2026, time.November, 24)))
			return
		}
		for i := range v.NumField() {
			fillWith(v.Field(i), words)
		}
	}
}

// Whatever stands in any fact, both parts of every letter stay what they are:
// nothing becomes markup, a line of the frame, or a header line (bad-input 70,
// 71, 120, 122).
func TestHostileFacts(t *testing.T) {
	s := newSet(t)
	for name, words := range hostile {
		t.Run(name, func(t *testing.T) {
			for _, tag := range Languages() {
				kinds := reporterKinds()
				if slices.Contains(StaffLanguages(), tag) { // else another language's are written
					kinds = append(kinds, staffKinds()...)
				}
				for _, kind := range kinds {
					var f ticket.Facts
					fillWith(reflect.ValueOf(&f).Elem(), words)
					f.Verdict, f.Neutral = ticket.TrustVerified, false
					n := ticket.Notice{Ticket: "AIS-7K3Q-M2XQ", Kind: kind, Language: tag, Facts: f}
					n.Facts.Shown = ""
					checkLetter(t, tag+" "+string(kind), write(t, s, n))
				}
			}
		})
	}
}

// mayBe are the elements of page.html.
var mayBe = []string{"html", "head", "meta", "title", "body", "div", "table", "tbody", "tr", "td", "h1", "h2", "p", "ul", "ol", "li", "br", "span", "code", "a"}

func checkLetter(t *testing.T, name string, l Letter) {
	t.Helper()
	for _, element := range elements(t, l.HTML) {
		if !slices.Contains(mayBe, element) {
			t.Errorf("%s: an element %s", name, element)
		}
	}
	for part, text := range map[string]string{"subject": l.Subject, "text": l.Text, "HTML": l.HTML} {
		for _, r := range text {
			if (unicode.IsControl(r) && r != '\n') || r == unicode.ReplacementChar && !strings.Contains(text, "caf") || unicode.Is(unicode.Bidi_Control, r) {
				t.Errorf("%s: %U in the %s", name, r, part)
				break
			}
		}
	}
	if strings.Contains(l.Subject, "\n") || len(l.Subject) > 900 {
		t.Errorf("%s: a subject of %d bytes: %.80q", name, len(l.Subject), l.Subject)
	}
	if n := len([]rune(l.Preheader)); n == 0 || n > maxLead {
		t.Errorf("%s: a preheader of %d characters", name, n)
	}
	if n := len(l.HTML); n > 100<<10 {
		t.Errorf("%s: %d bytes of HTML: past about 102 KB mail programs clip it", name, n)
	}
	if strings.Contains(l.HTML, "ZgotmplZ") || strings.Contains(l.Text, "%!") {
		t.Errorf("%s: a value was refused", name)
	}
}

// A digest with all sections full of long titles stays in one piece.
func TestFullDigestIsNotClipped(t *testing.T) {
	s := newSet(t)
	for name, words := range hostile {
		row := ticket.DigestRow{}
		fillWith(reflect.ValueOf(&row).Elem(), words)
		row.Ticket, row.Promise, row.State, row.Severity = "AIS-9QW2-4HTV", ticket.PromiseAssess, ticket.StateInvestigating, ticket.SeverityCritical
		d := &ticket.Digest{Day: noon(2026, time.November, 23)}
		for _, kind := range sectionKinds() {
			d.Sections = append(d.Sections, ticket.DigestSection{Kind: kind, Rows: slices.Repeat([]ticket.DigestRow{row}, 15)})
		}
		for _, tag := range []string{"da", "en"} {
			l := write(t, s, ticket.Notice{Ticket: "MAIL-7K3Q-M2XQ", Kind: ticket.NoticeDigest, Language: tag, Facts: ticket.Facts{Digest: d}})
			if n := len(l.HTML); n > 60<<10 {
				t.Errorf("%s in %s: %d bytes of HTML, 60 KB are agreed", name, tag, n)
			}
			checkLetter(t, name, l)
		}
	}
}
