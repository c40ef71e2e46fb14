package ticket

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
)

// ID is a tracking ID in its canonical form, AIS-7K3Q-M2XQ: a prefix, seven
// random characters of Crockford's base32 and one check character. It is a
// name, not a key: knowing it grants nothing.
type ID string

// crockford is the alphabet of tracking IDs and tokens: no I, L, O or U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLen is the number of characters behind the prefix, check included.
const codeLen = 8

// Prefix lengths that an ID may have. Longer ones would not leave room for a
// reply token in the 64 octets of a local part.
const (
	minPrefix = 2
	maxPrefix = 5
)

// ValidPrefix reports whether tracking IDs can have the prefix: two to five
// letters A to Z, in any case.
func ValidPrefix(prefix string) bool {
	for i := range len(prefix) {
		if c := prefix[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return minPrefix <= len(prefix) && len(prefix) <= maxPrefix
}

// DeriveID makes the tracking ID of the ticket that a mail opens. The same
// mail key and secret always give the same IDs in the same order of try, so
// that a replay finds its tickets again; a caller counts try up from 0 past
// IDs that are taken.
func DeriveID(prefix string, secret []byte, mail string, try int) ID {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("ticket\x00" + mail + "\x00" + strconv.Itoa(try)))
	n := binary.BigEndian.Uint64(mac.Sum(nil))
	var code [codeLen - 1]byte
	for i := range code {
		code[i] = crockford[n&31]
		n >>= 5
	}
	return formatID(prefix, string(code[:])+string(checkCharacter(string(code[:]))))
}

func formatID(prefix, code string) ID {
	return ID(strings.ToUpper(prefix) + "-" + code[:4] + "-" + code[4:])
}

// checkCharacter is a Damm check over GF(32): each step multiplies by the
// field's generator, so that every single wrong character and every swap of
// two neighbours changes it.
func checkCharacter(code string) byte {
	var sum byte
	for i := range len(code) {
		sum ^= byte(strings.IndexByte(crockford, code[i]))
		sum <<= 1
		if sum&32 != 0 {
			sum ^= 0b100101 // x^5 + x^2 + 1
		}
	}
	return crockford[sum]
}

// compact is the ID in lower case without hyphens, as it stands in addresses
// and Message-IDs.
func (id ID) compact() string {
	return strings.ToLower(strings.ReplaceAll(string(id), "-", ""))
}

// Prefix is what stands before the first hyphen.
func (id ID) Prefix() string {
	prefix, _, _ := strings.Cut(string(id), "-")
	return prefix
}

// LetterPrefix begins the IDs of letters that are about no one ticket: digests,
// answers to commands for a ticket that is not there.
const LetterPrefix = "MAIL"

// ForLetter reports whether the ID is a letter's and not a ticket's.
func (id ID) ForLetter() bool { return id.Prefix() == LetterPrefix }

// Valid reports whether the ID is in canonical form with a right check
// character.
func (id ID) Valid() bool {
	got, ok := parseCompact(id.compact())
	return ok && got == id
}

// parseCompact reads an ID without separators in lower or upper case, strictly.
func parseCompact(s string) (ID, bool) {
	p := len(s) - codeLen
	if p < 0 || !ValidPrefix(s[:p]) {
		return "", false
	}
	code := strings.ToUpper(s[p:])
	for i := range len(code) {
		if strings.IndexByte(crockford, code[i]) < 0 {
			return "", false
		}
	}
	if checkCharacter(code[:codeLen-1]) != code[codeLen-1] {
		return "", false
	}
	return formatID(s[:p], code), true
}

// ParseID reads a tracking ID as people write it: any case, blanks, full-width
// letters or no hyphens at all, O for 0, I and L for 1. A wrong check
// character is no ID.
func ParseID(prefix, s string) (ID, bool) {
	ids := FindIDs(prefix, s)
	if len(ids) != 1 || len(foldID(s)) != len(foldID(string(ids[0]))) {
		return "", false
	}
	return ids[0], true
}

// FindIDs returns the tracking IDs in a text, in order, each once.
func FindIDs(prefix, text string) []ID {
	want := foldID(prefix)
	if want == "" {
		return nil
	}
	var ids []ID
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		if i > 0 && isIDRune(runes[i-1]) {
			continue // inside a word
		}
		id, n, ok := readID(runes[i:], prefix, want)
		if !ok {
			continue
		}
		i += n - 1
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// readID reads one ID at the start of runes and tells how many it took.
func readID(runes []rune, prefix, want string) (ID, int, bool) {
	code := make([]byte, 0, len(want)+codeLen)
	gap := 0
	for i, r := range runes {
		c, ok := foldIDRune(r)
		switch {
		case ok:
			gap = 0
			if len(code) < len(want) && c != want[len(code)] {
				return "", 0, false
			}
			code = append(code, c)
		case isIDSeparator(r):
			// At most " - " between two groups: a longer gap is other text.
			if gap++; gap > 3 || len(code) < len(want) {
				return "", 0, false
			}
		default:
			return "", 0, false
		}
		if len(code) < len(want)+codeLen {
			continue
		}
		if i+1 < len(runes) && isIDRune(runes[i+1]) {
			return "", 0, false // goes on: some other word
		}
		id, ok := parseCompact(strings.ToUpper(prefix) + string(code[len(want):]))
		return id, i + 1, ok
	}
	return "", 0, false
}

func isIDRune(r rune) bool {
	_, ok := foldIDRune(r)
	return ok || r == '_'
}

// foldID drops separators and folds the rest.
func foldID(s string) string {
	var b strings.Builder
	for _, r := range s {
		if c, ok := foldIDRune(r); ok {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// foldIDRune maps a letter or digit to the character it stands for: full-width
// forms to ASCII, lower case to upper, O to 0, I and L to 1.
func foldIDRune(r rune) (byte, bool) {
	if r >= '！' && r <= '～' {
		r -= '！' - '!'
	}
	switch {
	case r >= 'a' && r <= 'z':
		r -= 'a' - 'A'
	case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
	default:
		return 0, false
	}
	switch r {
	case 'O':
		r = '0'
	case 'I', 'L':
		r = '1'
	}
	return byte(r), true
}

// isIDSeparator accepts the hyphens, dashes and blanks that people and mail
// programs put between the groups.
func isIDSeparator(r rune) bool {
	switch r {
	case '-', ' ', '\t', '\u00a0', '\u00ad', '\u202f', '\u3000', '\u2212', '\ufe58', '\ufe63', '\uff0d':
		return true
	}
	return r >= '\u2009' && r <= '\u200b' || r >= '\u2010' && r <= '\u2015'
}

// LetterID names a letter that is about no one ticket, after what it answers or
// is for: a mail, a person's day. The same reason always gives the same IDs in
// the same order of try.
func LetterID(secret []byte, reason string, try int) ID {
	return DeriveID(LetterPrefix, secret, "letter\x00"+reason, try)
}
