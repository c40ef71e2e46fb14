package memkv

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// Through the growth of many pages and back to none, pages hold what a map holds, in
// order.
func TestPages(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var p pages
	want := map[string]bool{}
	compare := func() {
		t.Helper()
		first := fmt.Sprintf("%05d", r.IntN(20_000))
		sorted := slices.Sorted(maps.Keys(want))
		at, _ := slices.BinarySearch(sorted, first)
		if got := slices.Collect(p.from(first)); !slices.Equal(got, sorted[at:]) {
			t.Fatalf("from %s: %d keys, want %d", first, len(got), len(sorted[at:]))
		}
	}
	for i := range 20_000 {
		key := fmt.Sprintf("%05d", r.IntN(20_000))
		if r.IntN(4) == 0 {
			p.remove(key)
			delete(want, key)
		} else {
			p.insert(key)
			want[key] = true
		}
		if i%1000 == 0 {
			compare()
		}
	}
	if len(p) < 4 {
		t.Errorf("the test used %d pages only", len(p))
	}
	for key := range want {
		p.remove(key)
		delete(want, key)
		if len(want)%1000 == 0 {
			compare()
		}
	}
	if len(p) != 0 {
		t.Errorf("%d pages are left", len(p))
	}
}
