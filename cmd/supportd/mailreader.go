package main

import (
	"aismarttalk.tech/supportd/ticket"
)

// mailReader reads and understands one mail, as the daemon would.
type mailReader struct {
	prefix string // of tracking IDs
}

func newMailReader(prefix string) (mailReader, error) {
	return mailReader{prefix: prefix}, nil
}

// read never fails: what could not be read is in the message's flags. It is
// safe for concurrent use.
func (r mailReader) read(raw []byte) mail {
	m := ticket.Message{Text: string(raw), Flags: []string{ticket.FlagRaw}}
	return mail{message: m, clues: ticket.Clues(m, nil, r.prefix)}
}
