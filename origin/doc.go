// Package origin finds out who sent a mail: SPF (RFC 7208), DKIM (RFC 6376) and
// DMARC (RFC 7489), and what they come to.
//
// It stands on floor 1. Its one rule: a temporary error is not a pass, and
// nothing that happens here can lose or refuse a mail. A check is bounded in
// time and work whatever the mail and the DNS hold, and ends in a verdict.
package origin
