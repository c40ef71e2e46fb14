package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"aismarttalk.tech/supportd/store/search"
	"aismarttalk.tech/supportd/ticket"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// id is the n-th of our tracking IDs.
func id(n int) ticket.ID { return ticket.DeriveID("AIS", []byte("secret"), "search", n) }

// at is the version of a ticket that last changed n minutes after noon.
func at(n int) search.Version {
	return search.Version{Updated: noon.Add(time.Duration(n) * time.Minute), Events: 1}
}

// find returns the IDs of all hits.
func find(x *search.Index, query string) []ticket.ID {
	hits, _ := x.Search(query, "", 1000)
	var ids []ticket.ID
	for _, h := range hits {
		ids = append(ids, h.ID)
	}
	return ids
}

func finds(written, asked string) bool {
	x := search.New()
	x.Put(search.Document{ID: id(1), Texts: []string{written}})
	return len(find(x, asked)) == 1
}

// What is asked for ends in a blank here: no word is unfinished.
func TestInflection(t *testing.T) {
	for _, c := range []struct{ language, forms string }{
		{"da", "faktura fakturaen fakturaer fakturaerne fakturaens"},
		{"da", "kunde kunden kunder kunderne kundens kundernes"},
		{"da", "fejl fejlen fejlene"},
		{"da", "besked beskeden beskeder beskederne"},
		{"da", "løsning løsningen løsninger løsningerne"},
		{"da", "nøgle nøglen nøgler nøglerne"},
		{"da", "adgangskode adgangskoden adgangskoder adgangskoderne"},
		{"da", "virke virker virkede virket"},
		{"da", "leverandør leverandøren leverandører leverandørens"},
		{"da", "åbne åbner åbnede"},
		{"da", "crashe crasher crashede"},
		{"da", "sted stedet steder stederne"},
		{"da", "skærm skærmen skærme skærmene"},
		{"da", "arbejdsløs arbejdsløst"},
		{"en", "crash crashes crashed crashing"},
		{"en", "invoice invoices invoiced"},
		{"en", "reply replies replied"},
		{"en", "customer customers customer's"},
		{"en", "setting settings"},
		{"en", "upload uploads uploaded uploading"},
	} {
		forms := strings.Fields(c.forms)
		for _, written := range forms {
			for _, asked := range forms {
				if !finds("se "+written+" her", asked+" ") {
					t.Errorf("%s: %q does not find %q", c.language, asked, written)
				}
			}
		}
	}
}

func TestLetters(t *testing.T) {
	for _, c := range []struct {
		written, asked string
		found          bool
	}{
		{"LØSNING", "løsning", true},
		{"løsning", "LØSNING", true},
		{"løsningen", "loesning", true},
		{"loesningen", "løsning", true},
		{"skærm", "skaerm", true},
		{"skaerm", "skærm", true},
		{"på tåget", "taaget", true},
		{"aabner", "åbner", true},
		{"lösning", "løsning", true}, // as a Swede writes it
		{"blå", "bla", false},        // å is no a
		{"høj", "hoj", false},
		{"Müller", "mueller", true},
		{"idéer", "ideer", true},
		{"Łódź", "lodz", true},
		{"Þór", "thor", true},
		{"Straße", "strasse", true},
		{"ﬁl", "fil", true},
		{"ｆａｋｔｕｒａ", "faktura", true},
		{"skærm", "ska\u0308rm", true}, // a and a combining mark
		{"fak\u00adtura", "faktura", true},
		{"Kunden’s", "kundens", true},
		{"don't", "dont", true},
		{"'faktura'", "faktura", true},
		{"Привет", "привет", true},
		{"請求書が届かない", "請求書", true},
		{"請求書が届かない", "書請", false},
		{"ab\xffcd", "cd", true},
	} {
		if got := finds(c.written, c.asked+" "); got != c.found {
			t.Errorf("%q finds %q: %v, want %v", c.asked, c.written, got, c.found)
		}
	}
}

// shelf holds the documents that the queries below look through.
func shelf() *search.Index {
	x := search.New()
	for n, d := range []search.Document{
		{Subject: "Faktura mangler", Reporter: "Åse Lund aase@firma.example",
			Texts: []string{"Vi kan ikke finde fakturaen for oktober.", "Svar: den er sendt igen."}},
		{Subject: "Login crashes", Reporter: "Bob Stone bob@north.example",
			Texts: []string{"The app crashed twice. See invoice INV-2041."}},
		{Subject: "Spørgsmål", Reporter: "Carl Vest carl.vest@firma.example",
			Texts: []string{"Hvordan åbner jeg chatbotten?", "intern note: se " + string(id(1)) + ", samme IT-afdeling"}},
		{Subject: "Fakturafejl", Reporter: "Dorte Øst dorte@sub.firma.example",
			Texts: []string{"Beløbet for oktober er forkert, finde fejlen?"}},
	} {
		d.ID, d.Version = id(n), at(n)
		x.Put(d)
	}
	return x
}

func TestQueries(t *testing.T) {
	x := shelf()
	compact := strings.ReplaceAll(string(id(1)), "-", "")
	for _, c := range []struct {
		what, query string
		want        []int // tickets, in order
	}{
		{"one word", "beløbet ", []int{3}},
		{"all words must be there", "oktober forkert", []int{3}},
		{"whatever their order", "finde oktober ", []int{3, 0}},
		{"in any field", "crashes bob", []int{1}},
		{"the subject counts more than what is newer", "faktura ", []int{0}},
		{"the last word is unfinished", "faktu", []int{3, 0}},
		{"finished by a blank", "faktu ", nil},
		{"or by a full stop", "faktu.", nil},
		{"an asterisk is for what is unfinished too", "faktu* oktober", []int{3, 0}},
		{"only the last word is unfinished", "faktu oktober", nil},
		{"a letter of the next word changes nothing", "faktura o", []int{3, 0}[1:]},
		{"nor does a word that says little", "fakturaen for den og the", []int{0}},
		{"which is found where it is alone", "jeg", []int{2}},
		{"a phrase", `"finde fakturaen"`, []int{0}},
		{"a phrase in another order", `"fakturaen finde"`, nil},
		{"a phrase as it is written", `"finde faktura"`, nil},
		{"a phrase that is still typed", `"finde faktur`, []int{0}},
		{"a phrase and a word", `oktober "finde fejlen"`, []int{3}},
		{"typographic quotes", "„finde fakturaen“", []int{0}},
		{"no phrase across texts", `"oktober svar"`, nil},
		{"an address", "aase@firma.example", []int{0}},
		{"a domain", "firma.example", []int{3, 2, 0}},
		{"the beginning of an address", "dorte@s", []int{3}},
		{"a name with Danish letters", "øst ", []int{3}},
		{"a number with a hyphen", "INV-2041", []int{1}},
		{"a phrase by hyphen, inflected", "it-afdelingen", []int{2}},
		{"a tracking ID, where it is mentioned too", string(id(1)), []int{1, 2}},
		{"… in lower case", strings.ToLower(string(id(1))), []int{1, 2}},
		{"… without hyphens", compact, []int{1, 2}},
		{"… in blanks", strings.ReplaceAll(string(id(1)), "-", " "), []int{1, 2}},
		{"… begun", string(id(1))[:8], []int{1, 2}},
		{"… beside a word", "crashes " + compact, []int{1}},
		{"nobody wrote it", "zebra", nil},
	} {
		var want []ticket.ID
		for _, n := range c.want {
			want = append(want, id(n))
		}
		if got := find(x, c.query); !slices.Equal(got, want) {
			t.Errorf("%s: %q finds %v, want %v", c.what, c.query, got, want)
		}
	}
}

// Whatever is asked, the answer is what was found, or nothing.
func TestHostileQueries(t *testing.T) {
	x := shelf()
	for _, c := range []struct {
		what, query string
		want        int
	}{
		{"nothing", "", 0},
		{"blanks", " \t\n\u00a0", 0},
		{"punctuation", "!!! ... ??? --- ***", 0},
		{"words that say little", "og i at det", 0},
		{"quotes", strings.Repeat(`"`, 10_000), 0},
		{"a quote alone", `"`, 0},
		{"a regular expression", "(a+)+$|.*[^x]", 0},
		{"what other engines understand", "subject:faktura~2^9 AND NOT -mangler", 0},
		{"NUL and broken UTF-8", "\x00\xff\xfe", 0},
		{"one long word", strings.Repeat("a", 10_000), 0},
		{"many words", strings.Repeat("faktura ", 2_000), 1},
		{"many phrases", strings.Repeat("a-b-c ", 2_000), 0},
		{"many that are unfinished", strings.Repeat("fa* ", 2_500), 2},
		{"letters that grow when folded", strings.Repeat("\ufdfa", 3_000), 0},
	} {
		if got := find(x, c.query); len(got) != c.want {
			t.Errorf("%s: finds %v, want %d", c.what, got, c.want)
		}
	}
}

// Pages join without gap or repetition, whatever is filed between them.
func TestPagesJoin(t *testing.T) {
	fill := func() *search.Index {
		x := search.New()
		for n := range 40 {
			d := search.Document{ID: id(n), Subject: "faktura", Version: at(n % 7)}
			if n%3 == 0 {
				d.Subject, d.Texts = "andet", []string{"se fakturaen"}
			}
			x.Put(d)
		}
		return x
	}
	want := find(fill(), "faktura")
	if len(want) != 40 {
		t.Fatalf("%d of 40 found", len(want))
	}
	for _, limit := range []int{1, 2, 7, 39, 40, 41} {
		x := fill()
		var got []ticket.ID
		for after, more := "", true; more; more = after != "" {
			hits, next := x.Search("faktura", after, limit)
			for _, h := range hits {
				got = append(got, h.ID)
			}
			if len(hits) > limit || len(got) > 2*len(want) {
				t.Fatalf("limit %d: a page of %d, %d in all", limit, len(hits), len(got))
			}
			after = next
			x.Put(search.Document{ID: ticket.ID(fmt.Sprintf("AIS-%d", len(got))), Texts: []string{"intet om det"}, Version: at(99)})
		}
		if !slices.Equal(got, want) {
			t.Errorf("limit %d: %v, want %v", limit, got, want)
		}
	}
}

func TestOddPages(t *testing.T) {
	x := shelf()
	for _, c := range []struct {
		after string
		limit int
		want  int
	}{
		{"", 0, 0}, {"", -1, 0}, {"", 1 << 40, 3},
		{"no cursor", 10, 3}, {"1.2", 10, 3}, {"x.y.z", 10, 3}, {"-9.0.AIS", 10, 0},
	} {
		if hits, next := x.Search("firma.example", c.after, c.limit); len(hits) != c.want || next != "" {
			t.Errorf("after %q, limit %d: %d hits and %q, want %d", c.after, c.limit, len(hits), next, c.want)
		}
	}
}

func TestOrder(t *testing.T) {
	x := search.New()
	for n, d := range []search.Document{
		{Texts: []string{"login"}, Version: at(9)},
		{Subject: "login", Version: at(1)},
		{Subject: "login", Version: at(2)},
		{Reporter: "login", Version: at(8)},
		{Subject: "logins", Version: at(9)},
		{Subject: "login-side", Version: at(2)},
	} {
		d.ID = id(n)
		x.Put(d)
	}
	same := []ticket.ID{id(2), id(5)}
	slices.Sort(same)
	want := append(same, id(1), id(4), id(3), id(0))
	if got := find(x, "login "); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestPutAndRemove(t *testing.T) {
	x := search.New()
	x.Put(search.Document{ID: id(1), Subject: "faktura", Texts: []string{"gammel"}, Version: at(1)})
	x.Put(search.Document{ID: id(1), Subject: "ordre", Texts: []string{"ny", "faktura"}, Version: at(2)})
	x.Put(search.Document{ID: id(2), Subject: "ordre", Version: at(1)})
	if v, ok := x.Version(id(1)); !ok || !v.Same(at(2)) || v.Same(at(3)) || v.Same(search.Version{Updated: v.Updated, Events: 7}) {
		t.Errorf("Version = %v, %v", v, ok)
	}
	for query, want := range map[string]int{"gammel ": 0, "ny ": 1, "faktura ": 1, "ordre ": 2} {
		if got := find(x, query); len(got) != want {
			t.Errorf("%q finds %v, want %d", query, got, want)
		}
	}
	x.Remove(id(1))
	x.Remove(id(9))
	if got := find(x, "ordre "); x.Len() != 1 || !slices.Equal(got, []ticket.ID{id(2)}) || !slices.Equal(x.IDs(), got) {
		t.Errorf("after Remove: %v of %v", got, x.IDs())
	}
	if _, ok := x.Version(id(1)); ok {
		t.Error("what was removed has a version")
	}
}

// A ticket that never ends is found by its first text, its latest ones, and the
// beginning of long ones.
func TestDocumentsAreBounded(t *testing.T) {
	d := search.Document{ID: id(1), Texts: []string{"allerførst"}}
	for n := range 3000 {
		d.Texts = append(d.Texts, fmt.Sprintf("mail%d med lidt tekst", n))
	}
	d.Texts = append(d.Texts, "tidligt "+strings.Repeat("fyld ", 5000)+" sidstnævnte")
	x := search.New()
	x.Put(d)
	for query, want := range map[string]int{"allerførst ": 1, "mail2999 ": 1, "tidligt ": 1, "mail3 ": 0, "sidstnævnte ": 0} {
		if got := find(x, query); len(got) != want {
			t.Errorf("%q finds %d, want %d", query, len(got), want)
		}
	}
}
