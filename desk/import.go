package desk

import (
	"context"

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
