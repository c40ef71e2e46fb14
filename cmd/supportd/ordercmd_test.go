package main

import (
	"bytes"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"aismarttalk.tech/supportd/ticket"
)

// model is the command line as run has it.
func model(t *testing.T) *kong.Node {
	t.Helper()
	k, err := newParser(t.Context(), &cli{}, host{out: io.Discard, errOut: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	return k.Model.Node
}

// notByCommand are verbs for mail alone: ticket show tells the state, --help what
// there is.
var notByCommand = []ticket.Verb{ticket.VerbStatus, ticket.VerbHelp}

// Every verb of the process is a command, with a flag for each field that the
// verb takes and for no other.
func TestOrderCommandsAreTheTableOfVerbs(t *testing.T) {
	node := childNamed(model(t), "ticket")
	for _, w := range ticket.Verbs() {
		if w.Short() || slices.Contains(notByCommand, w.Verb) {
			continue
		}
		c := childNamed(node, w.Name)
		if c == nil {
			t.Errorf("there is no command ticket %s", w.Name)
			continue
		}
		var fields []ticket.OrderField
		for _, f := range c.Flags {
			if field := f.Tag.Get("field"); field != "" {
				fields = append(fields, ticket.OrderField(field))
				if need := slices.Contains(w.Needs, ticket.OrderField(field)); f.Required != need {
					t.Errorf("ticket %s --%s: required is %v, want %v", w.Name, f.Name, f.Required, need)
				}
			}
		}
		want := slices.Sorted(slices.Values(w.Fields))
		if slices.Sort(fields); !slices.Equal(fields, want) {
			t.Errorf("ticket %s takes %q, the verb %q", w.Name, fields, want)
		}
		if c.Help != w.About.English {
			t.Errorf("ticket %s: help %q", w.Name, c.Help)
		}
	}
}

// Each flag fills the field that it is named after.
func TestOrderFlagsFillTheirFields(t *testing.T) {
	flags := reflect.TypeFor[orderFlags]()
	for i := range flags.NumField() {
		var f orderFlags
		switch v := reflect.ValueOf(&f).Elem().Field(i); v.Kind() {
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Slice:
			v.Set(reflect.ValueOf([]string{"x"}))
		default:
			v.SetString("x")
		}
		want := flags.Field(i).Tag.Get("field")
		if got := f.order("").Fields(); len(got) != 1 || string(got[0]) != want {
			t.Errorf("--%s fills %q, want %s", strings.ToLower(flags.Field(i).Name), got, want)
		}
	}
}

func TestTextFromTheStandardInput(t *testing.T) {
	for _, c := range []struct {
		name, in string
		flags    orderFlags
		code     int // 0: it is read
		want     string
	}{
		{"none is asked for", "left alone", orderFlags{Text: "given"}, 0, "given"},
		{"one", "the answer\n", orderFlags{Text: "-"}, 0, "the answer\n"},
		{"two", "the answer", orderFlags{Text: "-", Reason: "-"}, exitUsage, ""},
		{"nothing comes", " \n", orderFlags{Text: "-"}, exitUsage, ""},
		{"too long", strings.Repeat("x", maxText+1), orderFlags{Text: "-"}, exitFailed, ""},
		{"as long as it may be", strings.Repeat("x", maxText), orderFlags{Text: "-"}, 0, strings.Repeat("x", maxText)},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.flags.fromInput(strings.NewReader(c.in))
			if code := report(err, &bytes.Buffer{}); code != c.code {
				t.Fatalf("exit %d, want %d: %v", code, c.code, err)
			}
			if c.code == 0 && c.flags.Text != c.want {
				t.Errorf("text %.40q", c.flags.Text)
			}
		})
	}
}

// What one refuses does not keep the others; what would meet all ends it.
func TestEach(t *testing.T) {
	for _, c := range []struct {
		name  string
		codes map[string]int // by name; absent: it obeys
		code  int
		did   string
		told  string
	}{
		{"all obey", nil, exitOK, "abc", ""},
		{"one refuses", map[string]int{"b": exitFailed}, exitFailed, "abc", "supportd: b: no\nsupportd: 1 of 3 refused\n"},
		{"a slip of the pen", map[string]int{"a": exitUsage}, exitUsage, "a", "supportd: no\nNot done: a b c\n"},
		{"the daemon goes away", map[string]int{"b": exitTemporary}, exitTemporary, "ab", "supportd: no\nNot done: b c\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var told bytes.Buffer
			did := ""
			err := each([]string{"a", "b", "c"}, &told, func(name string) error {
				did += name
				if code, ok := c.codes[name]; ok {
					return failf(code, "no")
				}
				return nil
			})
			if code := report(err, &told); code != c.code || did != c.did || told.String() != c.told {
				t.Errorf("exit %d, did %s, told %q; want %d, %s, %q", code, did, told.String(), c.code, c.did, c.told)
			}
		})
	}
}
