package memkv

import (
	"iter"
	"slices"
	"sort"
)

// pages is a sorted set of keys, cut into pages so that an insertion moves a few
// hundred keys and not all of them. No page is empty.
type pages [][]string

const pageSize = 512 // keys; a page that grows to twice this is split

// find returns the page in which key stands or would stand.
func (p pages) find(key string) int {
	i := sort.Search(len(p), func(i int) bool { return p[i][0] > key })
	return max(i-1, 0)
}

func (p *pages) insert(key string) {
	if len(*p) == 0 {
		*p = pages{{key}}
		return
	}
	i := p.find(key)
	at, found := slices.BinarySearch((*p)[i], key)
	if found {
		return
	}
	page := slices.Insert((*p)[i], at, key)
	(*p)[i] = page
	if len(page) >= 2*pageSize {
		(*p)[i] = slices.Clone(page[:pageSize])
		*p = slices.Insert(*p, i+1, slices.Clone(page[pageSize:]))
	}
}

func (p *pages) remove(key string) {
	if len(*p) == 0 {
		return
	}
	i := p.find(key)
	at, found := slices.BinarySearch((*p)[i], key)
	if !found {
		return
	}
	(*p)[i] = slices.Delete((*p)[i], at, at+1)
	if len((*p)[i]) == 0 {
		*p = slices.Delete(*p, i, i+1)
	}
}

// from yields the keys that are not less than first, in order.
func (p pages) from(first string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if len(p) == 0 {
			return
		}
		i := p.find(first)
		at, _ := slices.BinarySearch(p[i], first)
		for ; i < len(p); i, at = i+1, 0 {
			for _, key := range p[i][at:] {
				if !yield(key) {
					return
				}
			}
		}
	}
}
