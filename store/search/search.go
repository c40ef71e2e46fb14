package search

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// maxLimit bounds a page.
const maxLimit = 1000

// Hit is a document that was found. Scores compare within one query: the more of
// it stands in subject and reporter, as it was written, the higher.
type Hit struct {
	ID      ticket.ID
	Score   int
	updated int64
}

// Search finds the documents that have every word of the query, best first, then
// latest changed, then by ID, and says where the next page begins, "" at the end.
// It returns limit hits at most, and 1000 whatever the limit. A query may be
// anything; one without words finds nothing. A cursor that is none of ours begins
// at the start.
//
// Words answer in any Danish or English ending, in any case, and æøå like ae, oe
// and aa. Words that blanks do not part, as in an address, are a phrase; a phrase
// in quotes means its words as they are written. The last word may be unfinished,
// unless a blank or a stop ends it, and so may one before an asterisk.
//
// The score of a document does not depend on others, so that pages join however
// the index changes between them; a document that itself changes may move.
func (x *Index) Search(query, after string, limit int) ([]Hit, string) {
	limit = min(limit, maxLimit)
	if limit < 1 {
		return nil, ""
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	terms := parse(query, slices.Sorted(maps.Keys(x.prefixes)))
	if len(terms) == 0 {
		return nil, ""
	}
	from, resume := parseCursor(after)
	top := make([]Hit, 0, limit+2)
	for _, c := range x.match(terms) {
		d := &x.documents[c.slot]
		h := Hit{ID: d.id, Score: c.score, updated: d.updated}
		if resume && order(h, from) <= 0 || len(top) > limit && order(h, top[limit]) > 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, h, order)
		top = slices.Insert(top, at, h)[:min(len(top)+1, limit+1)]
	}
	if len(top) <= limit {
		return top, ""
	}
	return top[:limit], top[limit-1].cursor()
}

// order is that of results.
func order(a, b Hit) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.updated, a.updated), cmp.Compare(a.ID, b.ID))
}

// cursor is the place behind a hit.
func (h Hit) cursor() string {
	return strconv.Itoa(h.Score) + "." + strconv.FormatInt(h.updated, 10) + "." + string(h.ID)
}

func parseCursor(s string) (Hit, bool) {
	score, rest, _ := strings.Cut(s, ".")
	updated, id, _ := strings.Cut(rest, ".")
	var h Hit
	var err1, err2 error
	h.Score, err1 = strconv.Atoi(score)
	h.updated, err2 = strconv.ParseInt(updated, 10, 64)
	h.ID = ticket.ID(id)
	return h, err1 == nil && err2 == nil && id != ""
}
