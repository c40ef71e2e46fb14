package classifier

import (
	"flag"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

var update = flag.Bool("update", false, "write compiled.bin anew from the rules and the examples")

// weightTolerance is how far a weight may lie from the one trained here: another
// machine rounds the last bits of its logarithms otherwise, and training passes
// that on. One example more or less moves some weights much further.
const weightTolerance = 0.02

// Whoever mends a rule or an example, or the way in which they are read, must run
// go generate.
func TestCompiledRulesAreCurrent(t *testing.T) {
	fresh, letters, err := compile(Config{})
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("compiled.bin", pack(fresh, letters), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	stored, err := unpack(compiledRules)
	if err != nil {
		t.Fatalf("%v: run go generate ./classifier", err)
	}
	for _, part := range []struct {
		name string
		same bool
	}{
		{"phrases", reflect.DeepEqual(stored.matcher, fresh.matcher)},
		{"letters", reflect.DeepEqual(stored.letters, fresh.letters)},
		{"categories", reflect.DeepEqual(stored.categorizer.names, fresh.categorizer.names)},
		{"bytes", string(pack(stored, letters)) == compiledRules}, // packing it again loses and adds nothing
		{"weights", near(stored.categorizer.scorer.weights, fresh.categorizer.scorer.weights)},
	} {
		if !part.same {
			t.Errorf("the %s of compiled.bin are not those of the rules and examples: run go generate ./classifier", part.name)
		}
	}
}

func near(a, b []float32) bool {
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > weightTolerance {
			return false
		}
	}
	return len(a) == len(b)
}

// A classifier that was compiled for an addition reads all else as the stored one.
func TestAdditionsChangeNothingElse(t *testing.T) {
	c, err := New(Config{Phrases: map[string]map[ticket.Severity][]string{"da": {ticket.SeverityLow: {"zyzzyva"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if r := c.Classify(ticket.Message{Reply: "Zyzzyva."}); r.Claim.Severity != ticket.SeverityLow {
		t.Errorf("the addition is not heard: %+v", r.Claim)
	}
	plain := newClassifier(t)
	for _, r := range slices.Concat(readTable(t, "topics.txt", 4), readTable(t, "impact.txt", 4)) {
		m := ticket.Message{Subject: r.fields[2], Reply: r.fields[3]}
		got, want := c.Classify(m), plain.Classify(m)
		// The weights of the stored one are rounded: the last words named for a
		// category may come in another order.
		got.Category.Evidence, want.Category.Evidence = nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:%d: got %+v, want %+v", r.file, r.line, got, want)
		}
	}
}

func TestDamagedRulesAreRefused(t *testing.T) {
	flipped := []byte(compiledRules)
	flipped[len(flipped)/2] ^= 1
	for name, s := range map[string]string{
		"nothing": "", "the head alone": compiledMagic, "cut short": compiledRules[:len(compiledRules)-1], "longer": compiledRules + "\x00",
		"another version": strings.Replace(compiledRules, compiledMagic, "supportd rules 0\n", 1), "one bit off": string(flipped),
	} {
		if c, err := unpack(s); err == nil {
			t.Errorf("%s: taken, as %v", name, c)
		}
	}
}

// FuzzUnpack reads parts of which the checksum says nothing.
func FuzzUnpack(f *testing.F) {
	f.Add([]byte("\x01\x01a\x00\x01\x01\x02da\x00\x00\x01\x01\x00\x01\x00\x01\x00\x00\x00\x01\x00\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		u := unpacker{s: string(b)}
		u.matcher()
		u.letters()
		u.scorer(len(categories))
		if u.err == nil && len(b) == 0 {
			t.Error("nothing was taken for rules")
		}
	})
}
