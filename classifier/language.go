package classifier

import (
	"math"
	"slices"
	"sync"
	"unicode"
)

// Language detection holds a text's words against the function words of each
// language, and its groups of three letters against those of the examples that
// stand in examples/. The languages are known and few, the text is a support
// mail: that carries far, in a few hundred kilobytes.

const (
	// languageRunes is how much of a text is read: what it does not show on a
	// page it does not show on ten.
	languageRunes = 400
	// functionWord is what a function word speaks for each language that has it,
	// beside the likelihood of its letters, in nats.
	functionWord = 3.2
	// worstWord is how far, in nats, one word can set a language back.
	worstWord = 6.0
	// sureMargin is by how much, in nats, the best language must lead the next,
	// and sureShare the lead for each word of the text, for the guess to be sure.
	sureMargin = 6.0
	sureShare  = 0.3
	// closeMargin is the lead below which another language's cues are heard too.
	closeMargin = 7.0
)

// letterModel holds, for each group of three letters, the logarithm of its share
// in each language.
type letterModel struct {
	groups map[uint64]int32 // index into shares
	shares [][len(languages)]float32
	unseen [len(languages)]float32
	of     [len(languages)]float64 // what the counts of each language are shares of
}

// unseenCount is what a group that a sample lacks counts for.
const unseenCount = 0.2

// letterCounts are how often each group of three letters stands in the sample
// texts of each language.
type letterCounts struct {
	groups []uint64
	counts []byLanguage
}

type byLanguage [len(languages)]uint16

// countLetters counts the groups in sample texts, one string a language.
func countLetters(samples [len(languages)]string) letterCounts {
	var c letterCounts
	index := map[uint64]int{}
	var texts [len(languages)]*text
	var reading sync.WaitGroup
	for l, s := range samples {
		reading.Go(func() { texts[l] = tokenize(s) })
	}
	reading.Wait()
	for l, t := range texts {
		for _, k := range t.toks {
			letterGroups(k, func(g uint64) {
				i, ok := index[g]
				if !ok {
					i = len(c.groups)
					index[g] = i
					c.groups, c.counts = append(c.groups, g), append(c.counts, byLanguage{})
				}
				c.counts[i][l] = min(c.counts[i][l], math.MaxUint16-1) + 1
			})
		}
	}
	return c
}

// total is the number of groups in the sample of each language.
func (c letterCounts) total() (total [len(languages)]int) {
	for _, counts := range c.counts {
		for l, n := range counts {
			total[l] += int(n)
		}
	}
	return total
}

// model turns counts into shares.
func (c letterCounts) model() *letterModel {
	m := newLetterModel(c.total(), len(c.groups))
	for i, g := range c.groups {
		m.add(g, c.counts[i])
	}
	return m
}

// newLetterModel is a model that is told next of so many kinds of groups.
func newLetterModel(total [len(languages)]int, kinds int) *letterModel {
	m := &letterModel{groups: make(map[uint64]int32, kinds), shares: make([][len(languages)]float32, 0, kinds)}
	for l, n := range total {
		m.of[l] = float64(n) + unseenCount*float64(kinds)
		m.unseen[l] = m.share(l, 0)
	}
	return m
}

func (m *letterModel) share(l int, count uint16) float32 {
	return float32(math.Log((float64(count) + unseenCount) / m.of[l]))
}

// add tells how often each language has a group.
func (m *letterModel) add(group uint64, counts byLanguage) {
	shares := m.unseen
	for l, n := range counts {
		if n > 0 {
			shares[l] = m.share(l, n)
		}
	}
	m.groups[group] = int32(len(m.shares))
	m.shares = append(m.shares, shares)
}

// letterGroups calls f with each three neighbouring letters of a word, its ends
// counted as letters. Numbers and what is no prose have none.
func letterGroups(k token, f func(uint64)) {
	if !k.word || k.off {
		return
	}
	const bits = 20
	g := uint64(' ')
	n := 0
	for _, r := range k.form {
		if unicode.IsDigit(r) {
			return
		}
		if n++; n > 40 {
			return
		}
		g = (g<<bits | uint64(r)) & (1<<(3*bits) - 1)
		if n > 1 {
			f(g)
		}
	}
	f((g<<bits | ' ') & (1<<(3*bits) - 1))
}

// guess is how likely each language is, in nats; only differences count.
type guess struct {
	score [len(languages)]float64
	words int
}

// add weighs the words of a text, as far as languageRunes reach.
func (g *guess) add(m *letterModel, t *text) {
	end, runes := 0, 0
	for i, k := range t.toks {
		if !k.word || k.off {
			continue
		}
		if runes += len(k.form); runes > languageRunes {
			break
		}
		g.words++
		g.addWord(m, k)
		end = i + 1
	}
	for _, i := range t.of(roleWord) {
		w := t.matches[i]
		if w.from >= end {
			break
		}
		for l := range g.score {
			if w.lang&(1<<l) != 0 {
				g.score[l] += functionWord
			}
		}
	}
}

// addWord weighs one word by its letters. How far it can set a language back is
// bounded, so that a name or a foreign word does not outweigh the rest.
func (g *guess) addWord(m *letterModel, k token) {
	var word [len(languages)]float64
	letterGroups(k, func(group uint64) {
		c := &m.unseen
		if i, ok := m.groups[group]; ok {
			c = &m.shares[i]
		}
		for l := range word {
			word[l] += float64(c[l])
		}
	})
	best := slices.Max(word[:])
	for l := range word {
		g.score[l] -= min(best-word[l], worstWord)
	}
}

// best is the likeliest language, whether it is sure, and every language that
// comes close.
func (g *guess) best() (tag string, sure bool, near langset) {
	if g.words == 0 {
		return "", false, allLanguages
	}
	first, second := 0, -1
	for l := range g.score {
		switch {
		case g.score[l] > g.score[first]:
			first, second = l, first
		case l != first && (second < 0 || g.score[l] > g.score[second]):
			second = l
		}
	}
	for l := range g.score {
		if g.score[first]-g.score[l] < closeMargin {
			near |= 1 << l
		}
	}
	lead := g.score[first] - g.score[second]
	sure = lead > sureMargin && lead > sureShare*float64(g.words)
	return languages[first], sure, near
}
