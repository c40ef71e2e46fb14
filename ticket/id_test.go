package ticket_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"aismarttalk.tech/supportd/ticket"
)

var secret = []byte("0123456789abcdef0123456789abcdef")

func TestDeriveIDIsStableAndValid(t *testing.T) {
	seen := map[ticket.ID]bool{}
	for try := range 1000 {
		id := ticket.DeriveID("ais", secret, "mail", try)
		if !id.Valid() || len(id) != len("AIS-7K3Q-M2XD") {
			t.Fatalf("try %d gives %q", try, id)
		}
		if id != ticket.DeriveID("AIS", secret, "mail", try) {
			t.Fatalf("try %d is not stable", try)
		}
		seen[id] = true
	}
	if len(seen) < 999 {
		t.Errorf("1000 tries gave %d IDs", len(seen))
	}
	if ticket.DeriveID("AIS", []byte("another secret, as long as needed"), "mail", 0) == ticket.DeriveID("AIS", secret, "mail", 0) {
		t.Error("the secret makes no difference")
	}
}

// The check character catches each wrong character and each swap of neighbours.
func TestCheckCharacterCatchesSlips(t *testing.T) {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	rapid.Check(t, func(rt *rapid.T) {
		id := ticket.DeriveID("AIS", secret, rapid.String().Draw(rt, "mail"), 0)
		code := []byte(strings.ReplaceAll(string(id[4:]), "-", ""))
		at := rapid.IntRange(0, len(code)-1).Draw(rt, "at")
		wrong := slices.Clone(code)
		wrong[at] = alphabet[rapid.IntRange(0, len(alphabet)-1).Draw(rt, "character")]
		if at > 0 && rapid.Bool().Draw(rt, "swap") {
			wrong = slices.Clone(code)
			wrong[at], wrong[at-1] = wrong[at-1], wrong[at]
		}
		got := ticket.ID("AIS-" + string(wrong[:4]) + "-" + string(wrong[4:]))
		if got != id && got.Valid() {
			rt.Fatalf("%s passes for %s", got, id)
		}
	})
}

func TestFindIDsReadsWhatPeopleWrite(t *testing.T) {
	id := ticket.DeriveID("AIS", secret, "a mail whose ID has letters that slip", 7)
	s := string(id)
	bare := strings.ReplaceAll(s, "-", "")
	full := strings.Map(func(r rune) rune { return r + ('！' - '!') }, s)
	slip := strings.NewReplacer("0", "o", "1", "l").Replace(s)
	wrong := []byte(s)
	wrong[len(wrong)-1] = 'Z'
	if s[len(s)-1] == 'Z' {
		wrong[len(wrong)-1] = 'Y'
	}
	for _, c := range []struct {
		text string
		want bool
	}{
		{s, true},
		{strings.ToLower(s), true},
		{"Re: Emne [" + s + "]", true},
		{bare, true},
		{"se " + strings.ReplaceAll(s, "-", " ") + ", tak", true},
		{strings.ReplaceAll(s, "-", "–"), true},
		{strings.ReplaceAll(s, "-", " - "), true},
		{full, true},
		{slip, true},
		{s + ".", true},
		{"X" + s, false},
		{s + "X", false},
		{"https://firma.example/a_" + s, false},
		{strings.ReplaceAll(s, "AIS", "ABC"), false},
		{s[:len(s)-1], false},
		{string(wrong), false},
		{"ais support er nede", false},
		{"", false},
	} {
		got := ticket.FindIDs("AIS", c.text)
		if (len(got) == 1 && got[0] == id) != c.want || len(got) > 1 {
			t.Errorf("FindIDs(%q) = %v, want it found: %v", c.text, got, c.want)
		}
		if _, ok := ticket.ParseID("AIS", c.text); ok && !c.want {
			t.Errorf("ParseID(%q) accepts it", c.text)
		}
	}
	other := ticket.DeriveID("AIS", secret, "another", 0)
	if got := ticket.FindIDs("AIS", s+" og "+string(other)+" og "+s); !slices.Equal(got, []ticket.ID{id, other}) {
		t.Errorf("two IDs are read as %v", got)
	}
	if _, ok := ticket.ParseID("AIS", "se "+s); ok {
		t.Error("ParseID accepts text around an ID")
	}
}

func TestValidPrefix(t *testing.T) {
	for prefix, want := range map[string]bool{
		"AIS": true, "ai": true, "SOLID": true, "": false, "A": false, "TOLONG": false, "A1": false, "A-B": false, "ÆØ": false, "A[": false,
	} {
		if got := ticket.ValidPrefix(prefix); got != want {
			t.Errorf("ValidPrefix(%q) = %v", prefix, got)
		}
	}
}

func FuzzFindIDs(f *testing.F) {
	f.Add("AIS-7K3Q-M2XD")
	f.Add("ais 7k3q m2xd AIS–oooo–llll ＡＩＳ")
	f.Fuzz(func(t *testing.T, text string) {
		for _, id := range ticket.FindIDs("AIS", text) {
			if !id.Valid() {
				t.Errorf("%q is no ID", id)
			}
			if got, ok := ticket.ParseID("AIS", string(id)); !ok || got != id {
				t.Errorf("%q does not read back", id)
			}
		}
	})
}
