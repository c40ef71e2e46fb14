package classifier

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"strings"
)

// compiledRules are the rules and what was learned from the examples, as compile
// finds them. Compiling them takes some tenths of a second; reading them, next to
// nothing. TestCompiledRulesAreCurrent fails when they lag behind their sources.
//
//go:generate go test -run=^TestCompiledRulesAreCurrent$ -update .
//go:embed compiled.bin
var compiledRules string

// compiledMagic begins the file; its last letter is the version of the format.
const compiledMagic = "supportd rules 1\n"

// weightUnit is the step in which weights are stored: rounding hides what machines
// differ by in their last bits.
const weightUnit = 1.0 / 2048

var errNotCompiled = errors.New("they are of another version or damaged")

// pack stores a classifier: a head, a checksum, and each part in its turn.
func pack(c *Classifier, letters letterCounts) []byte {
	var p packer
	p.matcher(c.matcher)
	p.letters(letters)
	p.scorer(c.categorizer.scorer)
	head := binary.LittleEndian.AppendUint32([]byte(compiledMagic), crc32.ChecksumIEEE(p.b))
	return append(head, p.b...)
}

// unpack reads what pack stored of a classifier without additions.
func unpack(s string) (*Classifier, error) {
	c, err := unpackParts(s)
	if err != nil {
		return nil, fmt.Errorf("reading the compiled rules: %w", err)
	}
	return c, nil
}

func unpackParts(s string) (*Classifier, error) {
	body, ok := strings.CutPrefix(s, compiledMagic)
	if !ok || len(body) < 4 {
		return nil, errNotCompiled
	}
	sum := binary.LittleEndian.Uint32([]byte(body[:4]))
	if body = body[4:]; checksum(body) != sum {
		return nil, errNotCompiled
	}
	u := unpacker{s: body}
	c := &Classifier{matcher: u.matcher(), letters: u.letters(), categorizer: newCategorizer(Config{})}
	c.categorizer.scorer = u.scorer(len(c.categorizer.names))
	if u.err == nil && u.left() > 0 {
		u.err = errPackedLong
	}
	return c, u.err
}

// checksum goes through s in pieces: as bytes it would be copied whole.
func checksum(s string) (sum uint32) {
	var piece [4 << 10]byte
	for s != "" {
		n := copy(piece[:], s)
		sum, s = crc32.Update(sum, crc32.IEEETable, piece[:n]), s[n:]
	}
	return sum
}

// letters stores, of each group, how often each language has it.
func (p *packer) letters(c letterCounts) {
	p.length(len(c.groups))
	for _, n := range c.total() {
		p.length(n)
	}
	for i, g := range c.groups {
		p.number(g)
		has := uint64(0)
		for l, n := range c.counts[i] {
			if n > 0 {
				has |= 1 << l
			}
		}
		p.number(has)
		for _, n := range c.counts[i] {
			if n > 0 {
				p.number(uint64(n))
			}
		}
	}
}

func (u *unpacker) letters() *letterModel {
	kinds := u.length()
	var total [len(languages)]int
	for l := range total {
		total[l] = u.below(math.MaxInt32)
	}
	m := newLetterModel(total, kinds)
	for range kinds {
		group := u.number()
		var counts byLanguage
		has := u.below(1 << len(languages))
		for l := range counts {
			if has&(1<<l) != 0 {
				counts[l] = uint16(u.below(math.MaxUint16 + 1))
			}
		}
		m.add(group, counts)
	}
	return m
}

// scorer stores the slots that have weights, each by its distance from the last
// plus one, and its weights; 0 ends them.
func (p *packer) scorer(s *scorer) {
	p.length(s.classes)
	last := 0
	row := make([]int64, s.classes)
	for at := 0; at < len(s.weights); at += s.classes {
		some := false
		for i, w := range s.weights[at : at+s.classes] {
			row[i] = int64(math.Round(float64(w) / weightUnit))
			some = some || row[i] != 0
		}
		if !some {
			continue
		}
		p.length(at/s.classes - last + 1)
		last = at / s.classes
		for _, w := range row {
			p.signed(w)
		}
	}
	p.length(0)
}

func (u *unpacker) scorer(classes int) *scorer {
	s := newScorer(classes)
	if u.below(classes+1) != classes {
		u.fail(errPackedRange)
		return s
	}
	slots := len(s.weights) / classes
	slot := 0
	for gap := u.below(slots + 1); gap > 0; gap = u.below(slots - slot + 1) {
		slot += gap - 1
		for i := range classes {
			s.weights[slot*classes+i] = float32(u.signed()) * weightUnit
		}
	}
	return s
}
