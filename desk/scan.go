package desk

import (
	"context"
	"fmt"

	"aismarttalk.tech/supportd/scanner"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// Scanner looks for viruses and spam; scanner.Scanner is one. It never fails and is
// bounded in time.
type Scanner interface {
	Scan(ctx context.Context, f scanner.Facts, raw []byte) ticket.Scan
}

// OnUnscanned is what becomes of a mail that a scanner should have looked at and did
// not.
type OnUnscanned string

// What becomes of it.
const (
	UnscannedFile OnUnscanned = "file" // it is filed, and flagged
	UnscannedHold OnUnscanned = "hold" // it waits for staff
)

// scan has a mail looked at, before it is filed: not while its client waits, and not
// within a transaction. It is nil where nobody scans. What is on record is asked for
// once: a mail that was clean must not be held when a journal is replayed.
func (d *Desk) scan(ctx context.Context, m journal.Mail, message ticket.Message, before *store.Mail, raw []byte) (*ticket.Scan, error) {
	if d.scanner == nil {
		return nil, nil
	}
	if before != nil {
		return before.Scan, nil
	}
	peer, _ := peerAddress(m.Envelope.Peer)
	facts := scanner.Facts{
		Mail: string(m.ID), Client: peer, Helo: m.Envelope.Helo, MailFrom: m.Envelope.From, To: m.Envelope.To,
		NotMail: m.Envelope.Protocol == journal.ProtocolAPI || m.Envelope.Quiet,
	}
	for _, a := range message.Attachments {
		facts.Attachments = append(facts.Attachments, a.Content)
	}
	s := d.scanner.Scan(ctx, facts, raw)
	if err := ctx.Err(); err != nil { // the daemon stops; at its next start the mail is scanned in peace
		return nil, fmt.Errorf("scanning mail %s: %w", m.ID, err)
	}
	d.log.Debug().Str("mail", string(m.ID)).Str("scan", string(s.Result)).Str("found", s.Found).
		Str("spam", string(s.SpamAction())).Strs("missed", s.Missed).Msg("mail scanned")
	return &s, nil
}

// scanFlags mark what scanners said, wherever the mail is listed.
func scanFlags(s *ticket.Scan) []string {
	var flags []string
	if s.Infected() {
		flags = append(flags, ticket.FlagInfected)
	}
	if s.Incomplete() {
		flags = append(flags, ticket.FlagUnscanned)
	}
	if s.SpamAction() != ticket.SpamNone {
		flags = append(flags, ticket.FlagSpam)
	}
	return flags
}

// isDangerous: what a scanner found something in comes on no ticket, whoever wrote
// it, and whether a machine did. Its sender hears nothing: he is hardly who he says.
func (f *filing) isDangerous() (bool, error) {
	switch {
	case f.Scan.Infected():
		if again, err := f.isDuplicate(); again || err != nil {
			return again, err
		}
		if err := f.suspect(); err != nil {
			return false, err
		}
		return f.hold(ticket.Say("virusscanneren fandt %s i den. Åbn den ikke", "the virus scanner found %s in it; do not open it", f.Scan.Found))
	case f.Scan.Incomplete() && f.desk.config.OnUnscanned == UnscannedHold && !f.Message.Automatic.Is:
		if again, err := f.isDuplicate(); again || err != nil {
			return again, err
		}
		if err := f.suspect(); err != nil {
			return false, err
		}
		return f.hold(ticket.Say("den er ikke scannet: scanneren svarede ikke", "it was not scanned: a scanner gave no verdict"))
	}
	return false, nil
}

// suspect notes the ticket that the mail would have gone to.
func (f *filing) suspect() error {
	c, err := f.choose()
	if c.standing != standingNone {
		f.out.Ticket = c.ticket.ID
	}
	return err
}

// isSpam: what the filter would have refused waits for staff, who find it in their
// digest: a letter for each would hand the flood on to them. A participant who is who
// he says is believed more than the filter.
func (f *filing) isSpam() (bool, error) {
	if f.Scan.SpamAction() != ticket.SpamReject {
		return false, nil
	}
	c, err := f.choose()
	if err != nil {
		return false, err
	}
	said := fmt.Sprintf("the spam filter would have refused it (%s, %.1f of %.1f)", f.Scan.Spam.Said, f.Scan.Spam.Score, f.Scan.Spam.Required)
	if c.standing == standingParticipant && f.verdict.trust == ticket.TrustVerified {
		f.because("%s, but its sender takes part in %s and is verified", said, c.ticket.ID)
		return false, nil
	}
	if c.standing != standingNone {
		f.out.Ticket = c.ticket.ID
	}
	return f.become(ticket.OutcomeHeld, "%s; nobody was told but by the digest", said)
}
