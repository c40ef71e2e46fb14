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
	err error
}

var (
	errPackedShort = errors.New("it ends too early")
	errPackedRange = errors.New("a number is out of range")
)

func (u *unpacker) fail(err error) {
	if u.err == nil {
		u.err = err
	}
	u.s = ""
}

func (u *unpacker) number() (n uint64) {
	for i := 0; i < len(u.s) && i < binary.MaxVarintLen64; i++ {
		b := u.s[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			u.s = u.s[i+1:]
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
func (u *unpacker) length() int { return u.below(len(u.s) + 1) }

func (u *unpacker) signed() int64 {
	n := u.number()
	return int64(n>>1) ^ -int64(n&1)
}

// word reads a string, which shares the memory of what is read.
func (u *unpacker) word() string {
	n := u.length()
	if n > len(u.s) {
		u.fail(errPackedShort)
		return ""
	}
	w := u.s[:n]
	u.s = u.s[n:]
	return w
}
