package parser

import (
	"aismarttalk.tech/supportd/ticket"
)

// readBounce reads a delivery status notification (RFC 3464).
func readBounce(h header, m ticket.Message, rep report) ticket.Bounce {
	b := ticket.Bounce{Recipients: []ticket.BouncedRecipient{}}
	if rep.status == nil {
		return b
	}
	b.Is = true
	return b
}
