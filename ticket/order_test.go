package ticket_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/ticket"
)

// One form for all doors: what the API takes and what a mail says are equal.
func TestOrderRead(t *testing.T) {
	long := strings.Repeat("å", ticket.MaxText)
	for _, c := range []struct{ body, want, fault string }{
		{`{"command":"classify","severity":"critical","category":"login"}`, `{"command":"classify","severity":"critical","category":"login"}`, ""},
		{`{"command":"Klassificer","severity":"kritisk"}`, `{"command":"classify","severity":"critical"}`, ""},
		{`{"command":"resolve","result":"fixed","verified":" login "}`, `{"command":"resolve","result":"fixed","verified":"login"}`, ""},
		{`{"command":"resolve","text":"Sådan"}`, `{"command":"resolve","result":"answer","text":"Sådan"}`, ""},
		{`{"command":"close"}`, `{"command":"close","closing":"staff"}`, ""},
		{`{"command":"ask","questions":[" Hvor? ",""]}`, `{"command":"ask","questions":["Hvor?"]}`, ""},
		{`{"command":"workaround","text":"genstart"}`, `{"command":"test","result":"workaround","text":"genstart"}`, ""},
		{`{"command":"public","text":"x"}`, `{"command":"note","text":"x","public":true}`, ""},
		{`{"command":"accept","quarter":"4. kvartal 2026","title":"Eksport\ntil CSV"}`, `{"command":"accept","title":"Eksport til CSV","quarter":"2026-Q4"}`, ""},

		{`{"command":""}`, "", "unknown"},
		{`{"command":"clsoe"}`, "", "unknown suggest=close"},
		{`{"command":"close","severity":"low"}`, "", "extra severity"},
		{`{"command":"reply","text":"x","public":true}`, "", "extra public"},
		{`{"command":"start","hotfix":true}`, "", "extra hotfix"},
		{`{"command":"plan","sprint":"2026-25","hotfix":true}`, "", "conflict sprint"},
		{`{"command":"close","closing":"confirmed","reason":"x"}`, "", "conflict reason"},
		{`{"command":"close","closing":"quiet"}`, "", "value closing possible=confirmed,staff"},
		{`{"command":"test","text":"x","result":"answer"}`, "", "value result possible=fixed,workaround"},
		{`{"command":"defer","reason":"x","review":"31.2.2026"}`, "", "value review"},
		{`{"command":"accept","quarter":"2026-Q5"}`, "", "value quarter"},
		{`{"command":"ask","questions":["  "]}`, "", "missing questions"},
		{`{"command":"invite","address":"karin"}`, "", "value address"},
		{`{"command":"reply","text":"` + long + `"}`, `{"command":"reply","text":"` + long + `"}`, ""},
		{`{"command":"reply","text":"` + long + `å"}`, "", "long text"}, // its letter would be cut
		{`{"command":"pass","verified":"` + long + `å"}`, "", "long verified"},
		{`{"command":"ask","questions":["` + long + `","Hvor?"]}`, "", "long questions"},
		{`{"command":"note","text":"` + long + `å"}`, `{"command":"note","text":"` + long + `å"}`, ""}, // stays inside
		{`{"command":"public","text":"` + long + `å"}`, "", "long text"},
	} {
		var o ticket.Order
		if err := json.Unmarshal([]byte(c.body), &o); err != nil {
			t.Fatal(err)
		}
		got, err := o.Read(terms)
		var fell *ticket.OrderError
		switch {
		case errors.As(err, &fell):
			if fault(fell) != c.fault {
				t.Errorf("%s: %s, want %s", c.body, fault(fell), c.fault)
			}
		case c.fault != "":
			t.Errorf("%s is read as %+v, want %s", c.body, got, c.fault)
		default:
			if b, _ := json.Marshal(got); string(b) != c.want {
				t.Errorf("%s is read as %s, want %s", c.body, b, c.want)
			}
		}
	}
}

func TestOrderWithoutCategories(t *testing.T) {
	o, err := ticket.Order{Verb: ticket.VerbClassify, Category: "Login."}.Read(ticket.OrderTerms{Prefix: "AIS"})
	if err != nil || o.Category != "login" {
		t.Errorf("%+v, %v", o, err)
	}
}

// The table is whole: every verb has its own row, every name leads to one row,
// each row says in both languages what it does, and needs only what it takes.
func TestVerbs(t *testing.T) {
	own, names := map[ticket.Verb]int{}, map[string]string{}
	for _, w := range ticket.Verbs() {
		if !w.Short() {
			own[w.Verb]++
		}
		for _, name := range append([]string{w.Name, w.Danish}, w.Aliases...) {
			found, ok := ticket.VerbNamed(strings.ToUpper(name))
			if !ok || found.Name != w.Name {
				t.Errorf("%q of %s leads to %q", name, w.Name, found.Name)
			}
			if row, taken := names[name]; taken && row != w.Name {
				t.Errorf("%q stands for %s and %s", name, row, w.Name)
			}
			names[name] = w.Name
		}
		if w.About.In("da") == w.About.In("en") || w.About.Danish == "" || w.About.English == "" || len(w.Roles) == 0 || (w.Takes.Danish == "") != (w.Takes.English == "") {
			t.Errorf("%s is not described: %+v", w.Name, w)
		}
		for _, f := range w.Needs {
			if !slices.Contains(w.Fields, f) {
				t.Errorf("%s needs %s and does not take it", w.Name, f)
			}
		}
	}
	if len(own) != 24 {
		t.Errorf("%d verbs", len(own))
	}
	for _, w := range ticket.Verbs() {
		if own[w.Verb] != 1 {
			t.Errorf("%s has %d rows of its own", w.Verb, own[w.Verb])
		}
	}
	first := ticket.Verbs()
	first[0].Name = "changed"
	if diff := cmp.Diff("classify", ticket.Verbs()[0].Name); diff != "" {
		t.Error(diff)
	}
}
