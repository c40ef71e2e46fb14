package desk

import (
	"context"
	"slices"

	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// Known tells under which ID a mail with the same content is on file, so that an
// import can be begun again; false if none is.
func (d *Desk) Known(ctx context.Context, m ticket.Message) (mail string, known bool, err error) {
	c, err := d.store.Clue(ctx, d.reception(Incoming{Message: m}).ownKey)
	if err != nil {
		return "", false, err
	}
	return c.Mail, c.Mail != "" && !c.Mentioned && c.Hash == m.ContentHash, nil
}

// policy is that by which a mail is filed: on old mail nothing was promised.
func (f *filing) policy() ticket.Policy {
	p := f.desk.config.Policy
	if f.Envelope.Quiet {
		p.Promises = ticket.Promises{}
	}
	return p
}

// outranTries of an old mail that answers one which is not on file.
const outranTries = 2

// outran reports whether a mail of an import may merely have been filed before the
// one that it answers: a mailbox has whole threads, and they are filed many at once.
// Live mail need not wait, for its writer has read what he answers.
func (f *filing) outran() bool {
	return f.Envelope.Protocol == journal.ProtocolImport && f.Tries < outranTries &&
		slices.ContainsFunc(f.clues, func(c ticket.Clue) bool { return c.Kind == ticket.ClueReference })
}
