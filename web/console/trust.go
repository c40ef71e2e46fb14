package console

import "aismarttalk.tech/supportd/ticket"

// trustView is what is known of a sender, with keys of the words for its sign's name
// and its sentence.
type trustView struct {
	Sign     string
	Key      string // "" where nothing is said
	Sentence string
}

// trustOf shows ✓ for a verified sender and ? for all others that were let through.
func trustOf(t ticket.Trust) trustView {
	switch t {
	case ticket.TrustVerified:
		return trustView{"✓", "trust.verified", "trust.verified.why"}
	case ticket.TrustUnverified:
		return trustView{"?", "trust.unverified", "trust.unverified.why"}
	case ticket.TrustFailed:
		return trustView{"■", "trust.failed", "trust.failed.why"}
	case ticket.TrustNone:
		return trustView{"?", "trust.none", "trust.none.why"}
	}
	return trustView{}
}
