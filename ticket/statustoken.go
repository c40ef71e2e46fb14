package ticket

import (
	"strconv"
	"strings"
	"time"
)

// StatusToken stands in the link to a ticket's status page: ticket, expiry and mac,
// parted by dots. Whoever has it may see how the ticket stands until then, to the
// second, and nothing else.
func (k Keyring) StatusToken(id ID, expires time.Time) string {
	until := strconv.FormatInt(expires.Unix(), 36)
	return id.compact() + "." + until + "." + k.sign("status", string(id), until)
}

// VerifyStatus reads a token of ours, in constant time for a given key. An expired
// one is as none.
func (k Keyring) VerifyStatus(token string, now time.Time) (ID, bool) {
	parts := strings.Split(strings.ToLower(token), ".")
	if len(parts) != 3 {
		return "", false
	}
	id, ok := parseCompact(parts[0])
	if !ok || !k.verify(parts[2], "status", string(id), parts[1]) {
		return "", false
	}
	until, err := strconv.ParseInt(parts[1], 36, 64)
	return id, err == nil && now.Before(time.Unix(until, 0))
}
