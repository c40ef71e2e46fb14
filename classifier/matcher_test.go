package classifier

import (
	"slices"
	"strings"
	"testing"
)

// Each phrase of the rules is found in each text as often as it is wanted.
func TestMatcher(t *testing.T) {
	for _, tt := range []struct {
		phrases, text string
		want          []string
	}{
		{"alt er nede, alt", "Alt er nede", []string{"Alt er nede", "Alt"}},
		{"høj|høje prioritet", "hoeje prioritet og h?j prioritet", []string{"hoeje prioritet", "h?j prioritet"}},
		{"h?j", "h? j", nil},
		{"kan _ blive", "kan godt måske blive, kan slet ikke så let blive", []string{"kan godt måske blive"}},
		{"kritisk fejl, kritisk|slem fejl", "kritisk fejl, slem fejl", []string{"kritisk fejl", "kritisk fejl", "slem fejl"}},
		{"ned*, *ned", "nedtur, kartoffelned, ned", []string{"nedtur", "kartoffelned", "ned", "ned"}},
		{"*ned, ned*, *ned", "nedned", []string{"nedned", "nedned", "nedned"}},
		{"ikke _ ned*", "ikke helt nedlagt", []string{"ikke helt nedlagt"}},
		{"kø, =kø", "ko kø", []string{"ko", "kø", "kø"}},
	} {
		grown := newTree()
		for _, p := range strings.Split(tt.phrases, ",") {
			if err := grown.add(&section{role: roleCategory, category: p}, allLanguages, strings.TrimSpace(p)); err != nil {
				t.Fatal(err)
			}
		}
		m := grown.matcher()
		text := tokenize(tt.text)
		m.find(text)
		var got []string
		for _, x := range text.matches {
			got = append(got, text.source(x.span))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s in %q: got %q, want %q", tt.phrases, tt.text, got, tt.want)
		}
	}
}
