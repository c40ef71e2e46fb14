package search

import (
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// What nobody wrote any more takes no memory.
func TestForgottenWordsAreGone(t *testing.T) {
	x := New()
	for n, text := range []string{"fakturaer crashed åbnede x 42", "fakturaen crashes", "å"} {
		x.Put(Document{ID: ticket.ID(strings.Repeat("A", n+2) + "-1"), Subject: text, Texts: []string{text}})
	}
	x.Put(Document{ID: "AA-1", Subject: "andet", Version: Version{Updated: time.Unix(1, 0)}})
	for _, id := range x.IDs() {
		x.Remove(id)
	}
	v := x.vocabulary
	if len(v.numbers)+len(v.families)+len(v.beginnings)+len(x.slots)+len(x.prefixes) != 0 {
		t.Errorf("left: %v, %v, %v, %v, %v", v.numbers, v.families, v.beginnings, x.slots, x.prefixes)
	}
	if len(v.free) != len(v.entries)-1 || len(x.free) != len(x.documents) {
		t.Errorf("%d of %d numbers and %d of %d slots are free", len(v.free), len(v.entries)-1, len(x.free), len(x.documents))
	}
	x.Put(Document{ID: "AA-2", Subject: "nyt"})
	if len(v.free) == len(x.vocabulary.free) || len(x.documents) != 3 {
		t.Error("free numbers and slots are not used again")
	}
}
