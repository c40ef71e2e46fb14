package ticket

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
)

// Keyring signs reply tokens and Message-IDs. Keys have versions, named by one
// character of crockford in lower case, so that they can be rotated: the
// current one signs, all of them verify.
type Keyring struct {
	Current byte
	Keys    map[byte][]byte

	renewed *atomic.Pointer[Keyring] // what stands in its place; nil unless Renewable
}

// Renewable is the ring in a form of which every copy follows renew: keys are rotated
// while others hold the ring. Both are safe for concurrent use.
func (k Keyring) Renewable() (ring Keyring, renew func(Keyring)) {
	k.renewed = new(atomic.Pointer[Keyring])
	return k, func(next Keyring) { k.renewed.Store(&next) }
}

// now is the ring as it stands.
func (k Keyring) now() Keyring {
	if k.renewed != nil {
		if next := k.renewed.Load(); next != nil {
			return *next
		}
	}
	return k
}

// Versions are those of its keys, in order; the last one signs unless another was
// chosen.
func (k Keyring) Versions() []byte { return slices.Sorted(maps.Keys(k.now().Keys)) }

// Version is that of the key that signs.
func (k Keyring) Version() string { return string(k.now().Current) }

// At is the ring as it was when the version signed, so that what was signed then is
// signed alike. Where there is no such key any more, or none is named, it is the ring
// as it stands.
func (k Keyring) At(version string) Keyring {
	k = k.now()
	if len(version) == 1 && len(k.Keys[version[0]]) > 0 {
		k.Current = version[0]
	}
	k.renewed = nil
	return k
}

// Fingerprint tells a key from others without telling the key, in hexadecimal.
func Fingerprint(key []byte) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("supportd: the fingerprint of this key"))
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Fingerprints are those of its keys, by version.
func (k Keyring) Fingerprints() map[byte]string {
	prints := map[byte]string{}
	for version, key := range k.now().Keys {
		prints[version] = Fingerprint(key)
	}
	return prints
}

// macLen is the length of a mac in characters: 20 × 5 = 100 bits.
const macLen = 20

// minKey is the length in bytes below which a key is refused.
const minKey = 32

// Validate reports whether the ring can sign and verify.
func (k Keyring) Validate() error {
	k = k.now()
	if len(k.Keys[k.Current]) == 0 {
		return errors.New("keyring: no current key")
	}
	for v, key := range k.Keys {
		if strings.IndexByte(strings.ToLower(crockford), v) < 0 {
			return fmt.Errorf("keyring: version %q is not one character of 0-9 a-z without i, l, o, u", v)
		}
		if len(key) < minKey {
			return fmt.Errorf("keyring: key %q is shorter than %d bytes", v, minKey)
		}
	}
	return nil
}

func mac(key []byte, purpose string, parts ...string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(purpose))
	for _, p := range parts {
		h.Write([]byte{0})
		h.Write([]byte(p))
	}
	sum := h.Sum(nil)
	out := make([]byte, macLen)
	lower := strings.ToLower(crockford)
	for i := range out {
		bit := i * 5
		v := (uint16(sum[bit/8])<<8 | uint16(sum[bit/8+1])) >> (11 - bit%8)
		out[i] = lower[v&31]
	}
	return string(out)
}

// sign returns the version and mac for the parts.
func (k Keyring) sign(purpose string, parts ...string) string {
	k = k.now()
	return string(k.Current) + mac(k.Keys[k.Current], purpose, parts...)
}

// verify checks a version and mac in constant time for a given key.
func (k Keyring) verify(signature, purpose string, parts ...string) bool {
	if len(signature) != 1+macLen {
		return false
	}
	key, ok := k.now().Keys[signature[0]]
	return ok && hmac.Equal([]byte(signature[1:]), []byte(mac(key, purpose, parts...)))
}

// ReplyToken is what stands behind the last + of a Reply-To address: it names
// the ticket and proves that we gave it to this participant. It grants
// appending to the ticket, never reading it.
func (k Keyring) ReplyToken(id ID, participant string) string {
	return id.compact() + k.sign("reply", string(id), FoldAddress(participant))
}

// TokenTicket reads the ticket that a reply token names, before any proof.
func TokenTicket(token string) (ID, bool) {
	n := len(token) - 1 - macLen
	if n < 0 {
		return "", false
	}
	return parseCompact(token[:n])
}

// VerifyReply finds the participant to whom a reply token was given. It tries
// each in constant time; false means that the token was not ours, was altered,
// belongs to another ticket or to somebody who is no participant.
func (k Keyring) VerifyReply(token string, id ID, participants []Participant) (Participant, bool) {
	named, ok := TokenTicket(token)
	if !ok || named != id {
		return Participant{}, false
	}
	token = strings.ToLower(token)
	for _, p := range participants {
		if k.verify(token[len(token)-1-macLen:], "reply", string(id), FoldAddress(p.Address)) {
			return p, true
		}
	}
	return Participant{}, false
}

// NoticeName names a notice in Message-IDs and envelope senders: ticket,
// number and mac, parted by dots.
func (k Keyring) NoticeName(id ID, number int) string {
	n := strconv.Itoa(number)
	return id.compact() + "." + n + "." + k.sign("notice", string(id), n)
}

// MessageID is the Message-ID of a notice, without angle brackets. It is the
// same each time, so that a resend after a crash is recognised as one mail.
func (k Keyring) MessageID(id ID, number int, domain string) string {
	return k.NoticeName(id, number) + "@" + domain
}

// VerifyNotice reads the name of a notice of ours, as it stands before the @
// of a Message-ID or behind the last + of a bounce address.
func (k Keyring) VerifyNotice(name string) (ID, int, bool) {
	head, sig, ok := cutLast(strings.ToLower(name), ".")
	if !ok {
		return "", 0, false
	}
	compact, n, ok := cutLast(head, ".")
	if !ok {
		return "", 0, false
	}
	id, ok := parseCompact(compact)
	if !ok {
		return "", 0, false
	}
	number, err := strconv.Atoi(n)
	if err != nil || strconv.Itoa(number) != n || !k.verify(sig, "notice", string(id), n) {
		return "", 0, false
	}
	return id, number, true
}

// VerifyMessageID reads a Message-ID of ours, without angle brackets.
func (k Keyring) VerifyMessageID(messageID string) (ID, int, bool) {
	local, _, ok := strings.Cut(messageID, "@")
	if !ok {
		return "", 0, false
	}
	return k.VerifyNotice(local)
}

// LoopMark is the value of our loop header: a mac over the domain, so that a
// forged header is told from one of ours.
func (k Keyring) LoopMark(domain string) string {
	return k.sign("loop", strings.ToLower(domain))
}

// VerifyLoopMark reports whether a loop header is ours.
func (k Keyring) VerifyLoopMark(mark, domain string) bool {
	return k.verify(strings.ToLower(strings.TrimSpace(mark)), "loop", strings.ToLower(domain))
}
