package search_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"aismarttalk.tech/supportd/store/search"
	"aismarttalk.tech/supportd/ticket"
)

// After any changes the index answers as one would who reads all documents.
func TestIndexIsLikeReadingAll(t *testing.T) {
	vocabulary := []string{"x1", "x2", "x3", "x4", "y1", "y2"} // no two of one family
	text := rapid.Map(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, 5), func(w []string) string { return strings.Join(w, " ") })
	rapid.Check(t, func(t *rapid.T) {
		x, model := search.New(), map[ticket.ID]search.Document{}
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				d := search.Document{
					ID: id(rapid.IntRange(0, 9).Draw(t, "ticket")), Version: at(rapid.IntRange(0, 3).Draw(t, "minute")),
					Subject: text.Draw(t, "subject"), Reporter: text.Draw(t, "reporter"), Texts: rapid.SliceOfN(text, 0, 3).Draw(t, "texts"),
				}
				x.Put(d)
				model[d.ID] = d
			},
			"remove": func(t *rapid.T) {
				gone := id(rapid.IntRange(0, 9).Draw(t, "ticket"))
				x.Remove(gone)
				delete(model, gone)
			},
			"": func(t *rapid.T) {
				asked := strings.Fields(text.Draw(t, "query"))
				query, phrase := strings.Join(asked, " ")+" ", rapid.Bool().Draw(t, "phrase")
				if phrase {
					query = `"` + strings.TrimSpace(query) + `"`
				}
				if got, want := find(x, query), readAll(model, asked, phrase); !slices.Equal(got, want) || x.Len() != len(model) {
					t.Fatalf("%q finds %v of %d, want %v of %d", query, got, x.Len(), want, len(model))
				}
			},
		})
	})
}

// readAll is the slow way to search.
func readAll(model map[ticket.ID]search.Document, asked []string, phrase bool) []ticket.ID {
	if len(asked) == 0 {
		return nil
	}
	terms := asked
	if phrase {
		terms = []string{strings.Join(asked, " ")}
	}
	scores := map[ticket.ID]int{}
	var found []ticket.ID
	for id, d := range model {
		all, score := true, 0
		for _, term := range terms {
			best := 0
			for i, field := range append([]string{d.Subject, d.Reporter}, d.Texts...) {
				if strings.Contains(" "+field+" ", " "+term+" ") {
					best = max(best, 3-min(i, 2))
				}
			}
			all, score = all && best > 0, score+best
		}
		if all {
			found, scores[id] = append(found, id), score
		}
	}
	slices.SortFunc(found, func(a, b ticket.ID) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), model[b].Updated.Compare(model[a].Updated), cmp.Compare(a, b))
	})
	return found
}

// FuzzSearch: a query is never an error, and its pages are in order.
func FuzzSearch(f *testing.F) {
	for _, q := range []string{"faktura", `"finde faktur`, "aase@firma.example", "AIS-7K3Q-M2XQ", "fa* \xff", `"""`, "„x“ 'y'"} {
		f.Add(q, "")
	}
	x := shelf()
	f.Fuzz(func(t *testing.T, query, after string) {
		all, end := x.Search(query, "", 10)
		if end != "" {
			t.Fatalf("a page of 10 ends in %q for want of 4 tickets", end)
		}
		for i := 1; i < len(all); i++ {
			if all[i-1].Score < all[i].Score {
				t.Fatalf("%q: %v", query, all)
			}
		}
		first, next := x.Search(query, "", 1)
		if len(first) > 0 && first[0] != all[0] || (next == "") != (len(all) <= 1) {
			t.Fatalf("%q: first %v, then %q, of %v", query, first, next, all)
		}
		if rest, _ := x.Search(query, next, 10); next != "" && !slices.Equal(rest, all[1:]) {
			t.Fatalf("%q: behind the first %v, want %v", query, rest, all[1:])
		}
		x.Search(query, after, 10)
	})
}
