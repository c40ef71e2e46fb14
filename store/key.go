package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// A key is "<keyspace>/<part>/<part>…". The keyspace is a short lower-case word
// of ours; the parts are what Key made of them, so that nothing from outside can
// leave its place in the key, break a Redis hash tag or a line of output.
const (
	maxKeyspace = 32
	// maxPart lets any key of a keyspace and four parts stay within MaxKey.
	maxPart = (MaxKey-maxKeyspace)/4 - 1
)

// Key joins a keyspace and parts, each escaped: a byte that is not printable
// ASCII, or that is a slash, blank, quote, brace, pattern character or one of
// the two escape characters, becomes %XX. A part that is too long keeps its
// beginning and gets "~" and the SHA-256 of the whole. Different parts never
// give the same key. Escaping does not keep order: what must sort is given as
// fixed-width ASCII.
func Key(keyspace string, parts ...string) string {
	var b strings.Builder
	b.WriteString(keyspace)
	for _, p := range parts {
		b.WriteByte('/')
		b.WriteString(escape(p))
	}
	return b.String()
}

// Prefix is the beginning common to all keys below the one that Key would make.
func Prefix(keyspace string, parts ...string) string {
	return Key(keyspace, parts...) + "/"
}

// PrefixEnd is the least string greater than every string that begins with
// prefix: Scan(prefix, PrefixEnd(prefix)) reads them all. The prefix must hold a
// byte below 0xff, as every prefix made by Prefix does.
func PrefixEnd(prefix string) string {
	b := []byte(prefix)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < 0xff {
			b[i]++
			return string(b[:i+1])
		}
	}
	return ""
}

// Keyspace is the part of a key before its first slash, "" if there is none.
func Keyspace(key string) string {
	i := strings.IndexByte(key, '/')
	if i < 0 {
		return ""
	}
	return key[:i]
}

// CheckKey refuses, with ErrInvalid, a key that Key would not have made.
func CheckKey(key string) error {
	if len(key) > MaxKey {
		return fmt.Errorf("%w: key of %d bytes (%q…), the limit is %d", ErrInvalid, len(key), key[:40], MaxKey)
	}
	space := Keyspace(key)
	if space == "" || len(space) > maxKeyspace {
		return fmt.Errorf("%w: key %q is in no keyspace", ErrInvalid, key)
	}
	for i := range len(space) {
		if c := space[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return fmt.Errorf("%w: keyspace of key %q", ErrInvalid, key)
		}
	}
	for i := len(space); i < len(key); i++ {
		if c := key[i]; c != '/' && c != '%' && c != '~' && mustEscape(c) {
			return fmt.Errorf("%w: byte %#02x in key %q", ErrInvalid, c, key)
		}
	}
	return nil
}

// CheckRange refuses, with ErrInvalid, a range that does not lie within one
// keyspace, or a limit below 1. Redis keeps one ordered set per keyspace, so that
// the sets stay small; what wants everything asks for one keyspace at a time.
func CheckRange(from, to string, limit int) error {
	space := Keyspace(from)
	if space == "" || to > PrefixEnd(space+"/") {
		return fmt.Errorf("%w: range %q to %q is not within one keyspace", ErrInvalid, from, to)
	}
	if limit < 1 {
		return fmt.Errorf("%w: limit %d of a scan", ErrInvalid, limit)
	}
	return nil
}

func escape(part string) string {
	n := 0
	for i := range len(part) {
		if mustEscape(part[i]) {
			n++
		}
	}
	if n == 0 && len(part) <= maxPart {
		return part
	}
	const digits = "0123456789ABCDEF"
	b := make([]byte, 0, min(len(part)+2*n, maxPart+2))
	for i := range len(part) {
		if len(b) > maxPart {
			break
		}
		if c := part[i]; mustEscape(c) {
			b = append(b, '%', digits[c>>4], digits[c&15])
		} else {
			b = append(b, c)
		}
	}
	if len(b) <= maxPart {
		return string(b)
	}
	sum := sha256.Sum256([]byte(part))
	return string(b[:maxPart-1-2*len(sum)]) + "~" + hex.EncodeToString(sum[:])
}

func mustEscape(c byte) bool {
	return c <= ' ' || c >= 0x7f || strings.IndexByte("/%~{}*?[]\\\"'`", c) >= 0
}
