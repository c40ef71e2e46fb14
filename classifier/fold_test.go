package classifier

import (
	"slices"
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"capitals", "KRITISK Å", "kritisk å"},
		{"decomposed letters", "Ho\u0308g", "hög"},
		{"letters without a decomposition stay", "Høj Ægir", "høj ægir"},
		{"full width", "ＨＩＧＨ", "high"},
		{"no-break space", "business\u00a0critical", "business critical"},
		{"soft hyphen and zero width", "kri\u00adti\u200bsk", "kritisk"},
		{"UTF-8 read as Latin-1", "HÃ¸j", "høj"},
		{"UTF-8 read as windows-1252", "HÃ˜J", "høj"},
		{"Å before a quote is a letter", "på Å”", "på å”"},
		{"a letter that a gateway lost", "H\ufffdj", "h?j"},
		{"typographic apostrophe", "n’est", "n'est"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := fold(c.in)
			if f.s != c.want {
				t.Fatalf("got %q, want %q", f.s, c.want)
			}
			if len(f.from) != len(f.s) || len(f.to) != len(f.s) {
				t.Fatalf("%d bytes, %d and %d ways back", len(f.s), len(f.from), len(f.to))
			}
		})
	}
}

// Evidence is given as written: the way back leads to the source's own bytes.
func TestFoldLeadsBack(t *testing.T) {
	src := "Det er HO\u0308G prio\u00adritet, tak"
	f := fold(src)
	i := strings.Index(f.s, "hög prioritet")
	if i < 0 {
		t.Fatal(f.s)
	}
	got := src[f.from[i]:f.to[i+len("hög prioritet")-1]]
	if got != "HO\u0308G prio\u00adritet" {
		t.Errorf("got %q", got)
	}
}

func TestSpellings(t *testing.T) {
	for word, want := range map[string][]string{
		"prio":     {"prio"},
		"høj":      {"høj", "hoj", "hoej", "h?j"},
		"größe":    {"größe", "grosse", "groesse", "gr??e"},
		"naléhavé": {"naléhavé", "nalehave", "nal?hav?"},
		"sjælden":  {"sjælden", "sjaelden", "sj?lden"},
	} {
		if got := spellings(word); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
}

func TestTokens(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"hyphens join", "ikke-kritisk", "ikke kritisk"},
		{"elisions part", "rien d'urgent, l'accès", "rien d urgent , l accès"},
		{"contractions stay", "it isn't", "it isn't"},
		{"spaced letters are a word", "K R I T I S K!", "kritisk !"},
		{"initials are not", "A B og C", "a b og c"},
	} {
		var forms []string
		for _, k := range tokenize(c.in).toks {
			forms = append(forms, k.form)
		}
		if got := strings.Join(forms, " "); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// What is written for machines is set aside, what only looks like it is not.
func TestTechnical(t *testing.T) {
	for chunk, want := range map[string]bool{
		"https://firma.example/kritisk": true, "www.firma.example": true, "ole@firma.example": true, "/status/kritisk": true,
		"critical.css": true, "is_critical": true, "level=critical": true, "c:/critical": true, "critical()": true, "--critical": true,
		"kritisk": false, "kritisk.": false, "kritisk/haster": false, "(kritisk)": false, "ikke-kritisk": false, "kritisk...": false, "-kritisk": false,
	} {
		if got := technical(chunk); got != want {
			t.Errorf("%s: %v", chunk, got)
		}
	}
}

func TestSentences(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"full stops", "Det er kritisk. Ring kl. 10.", []string{"Det er kritisk.", "Ring kl. 10."}},
		{"a missing blank", "Det er kritisk.Ring nu", []string{"Det er kritisk.", "Ring nu"}},
		{"wrapped lines go on", "Det er ikke noget, som vi på nuværende tidspunkt\nvil kalde kritisk", []string{"Det er ikke noget, som vi på nuværende tidspunkt\nvil kalde kritisk"}},
		{"short lines end", "Login virker ikke\nKritisk", []string{"Login virker ikke", "Kritisk"}},
		{"an empty line ends", "a b\n\nc d", []string{"a b", "c d"}},
		{"a lost letter is no question", "H?j prioritet", []string{"H?j prioritet"}},
	} {
		text := tokenize(c.in)
		var got []string
		for _, s := range text.sentences {
			got = append(got, text.source(s.span))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
