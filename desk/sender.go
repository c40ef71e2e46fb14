package desk

import (
	"context"
	"fmt"

	"aismarttalk.tech/supportd/origin"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// SenderChecker finds out who sent a mail; origin.Checker is one. It never fails
// and is bounded in time.
type SenderChecker interface {
	Check(ctx context.Context, f origin.Facts, raw []byte) ticket.SenderCheck
}

// checkSender finds out who sent a mail, before it is filed: not while its client
// waits, and not within a transaction. It is nil where nobody checks, and for mail
// whose sender's host is not known: from this machine, a private network, a relay
// of the operator's own, or the API. What is on record is found out once: DNS may say
// something else by the time that a journal is replayed.
func (d *Desk) checkSender(ctx context.Context, m journal.Mail, message ticket.Message, before *store.Mail, raw []byte) (*ticket.SenderCheck, error) {
	peer, local := peerAddress(m.Envelope.Peer)
	if d.sender == nil || local || d.fromRelay(peer) || m.Envelope.Protocol == journal.ProtocolAPI {
		return nil, nil
	}
	if before != nil {
		return before.Check, nil
	}
	facts := origin.Facts{Received: m.Envelope.Received, Client: peer, Helo: m.Envelope.Helo, MailFrom: m.Envelope.From}
	if message.Identified {
		facts.From = message.From.Address
	}
	check := d.sender.Check(ctx, facts, raw)
	if err := ctx.Err(); err != nil { // the daemon stops; at its next start the check is made in peace
		return nil, fmt.Errorf("checking the sender of mail %s: %w", m.ID, err)
	}
	d.log.Debug().Str("mail", string(m.ID)).Str("trust", string(check.Trust)).Str("spf", string(check.SPF.Result)).
		Int("signatures", len(check.DKIM)).Str("dmarc", string(check.DMARC.Result)).Msg("sender checked")
	return &check, nil
}
