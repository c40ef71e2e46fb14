package classifier

import (
	"encoding/binary"
	"errors"
)

// packer appends numbers and words to what is stored. Numbers are unsigned
// varints, so that the many small ones take one byte.
type packer struct{ b []byte }

func (p *packer) number(n uint64) { p.b = binary.AppendUvarint(p.b, n) }

func (p *packer) length(n int) { p.number(uint64(n)) }

// signed appends a number whose sign is its last bit.
func (p *packer) signed(n int64) { p.number(uint64(n<<1 ^ n>>63)) }

func (p *packer) word(s string) {
	p.length(len(s))
	p.b = append(p.b, s...)
}

// unpacker reads what a packer wrote. Its first error stays, and whatever is read
// after it is zero.
type unpacker struct {
	s   string
	at  int // what is read up to
	err error
}

var (
	errPackedShort = errors.New("they end too early")
	errPackedLong  = errors.New("something follows them")
	errPackedRange = errors.New("a number is out of range")
)

func (u *unpacker) fail(err error) {
	if u.err == nil {
		u.err = err
	}
	u.at = len(u.s)
}

func (u *unpacker) left() int { return len(u.s) - u.at }

func (u *unpacker) number() (n uint64) {
	for shift := 0; u.at < len(u.s) && shift < 64; shift += 7 {
		b := u.s[u.at]
		u.at++
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
	u.fail(errPackedShort)
	return 0
}

// below reads a number that must be less than limit.
func (u *unpacker) below(limit int) int {
	n := u.number()
	if n >= uint64(limit) {
		u.fail(errPackedRange)
		return 0
	}
	return int(n)
}

// length reads how many things follow, each of which takes at least a byte.
func (u *unpacker) length() int {
	n := u.number()
	if n > uint64(u.left()) {
		u.fail(errPackedShort)
		return 0
	}
	return int(n)
}

func (u *unpacker) signed() int64 {
	n := u.number()
	return int64(n>>1) ^ -int64(n&1)
}

// word reads a string, which shares the memory of what is read.
func (u *unpacker) word() string {
	n := u.length()
	u.at += n
	return u.s[u.at-n : u.at]
}
