package main

import (
	"bytes"
	"context"
	"time"

	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// Import takes an old mail into the journal, from which it is filed like any other,
// unless the same mail is on file.
func (k keeper) Import(ctx context.Context, o web.ImportOrder, raw []byte) (web.Imported, error) {
	raw = withCRLF(raw)
	if !beginsWithField(raw) {
		return web.Imported{}, web.ErrNoMail
	}
	m := k.parser.Parse(raw)
	mail, known, err := k.records.desk.Known(ctx, m)
	if err != nil || known {
		return web.Imported{Mail: mail, Known: known}, err
	}
	id, err := k.journal.Put(ctx, k.oldEnvelope(o, m), bytes.NewReader(raw))
	return web.Imported{Mail: string(id)}, err
}

// oldEnvelope is the envelope that an old mail has lost, as far as the mail tells.
func (k keeper) oldEnvelope(o web.ImportOrder, m ticket.Message) journal.Envelope {
	e := journal.Envelope{Received: m.Date, Peer: "import", Protocol: journal.ProtocolImport, Quiet: !o.Notices}
	now := k.world.now()
	for _, otherwise := range []time.Time{o.Received, now} {
		if e.Received.IsZero() || e.Received.After(now) {
			e.Received = otherwise
		}
	}
	e.Received = e.Received.UTC()
	if m.Identified {
		e.From = m.From.Address
	}
	for _, own := range k.cfg.Desk.Addresses {
		for _, a := range append(addressesOf(m.To, m.Cc), m.DeliveredTo...) {
			if ticket.Reaches(a, own) {
				e.To = append(e.To, a)
			}
		}
	}
	if len(e.To) == 0 { // a blind copy, or one that was passed on
		e.To = k.cfg.Desk.Addresses[:1]
	}
	return e
}

func addressesOf(lists ...[]ticket.Address) []string {
	var all []string
	for _, list := range lists {
		for _, a := range list {
			all = append(all, a.Address)
		}
	}
	return all
}

// withCRLF gives a mail the line ends that it had on its way (RFC 5321 section
// 2.3.8), so that the same mail is the same whether it was received or imported.
func withCRLF(raw []byte) []byte {
	if bytes.Count(raw, []byte("\n")) == bytes.Count(raw, []byte("\r\n")) {
		return raw
	}
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
}

// beginsWithField reports whether the first line is a header field (RFC 5322
// section 2.2). What is not is a picture, a list, a program: no mail.
func beginsWithField(raw []byte) bool {
	line, _, _ := bytes.Cut(raw, []byte("\n"))
	name, _, found := bytes.Cut(line, []byte(":"))
	name = bytes.TrimRight(name, " \t")
	if !found || len(name) == 0 {
		return false
	}
	for _, c := range name {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}
