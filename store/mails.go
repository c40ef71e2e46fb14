package store

import (
	"context"
	"time"

	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// Mail is the record of one accepted mail: what the door saw, what was read,
// and what became of it. The raw bytes are in the archive.
type Mail struct {
	Outcome  ticket.Outcome   `json:"outcome"`
	Envelope journal.Envelope `json:"envelope"`
	Message  ticket.Message   `json:"message"`
	Reading  ticket.Reading   `json:"reading"`
}

// Clue remembers where a mail went, under what names it in later ones.
type Clue struct {
	Mail   string    `json:"mail,omitempty"`   // the first that bore it
	Hash   string    `json:"hash,omitempty"`   // its content
	Ticket ticket.ID `json:"ticket,omitempty"` // "" if it went to none
	At     time.Time `json:"at"`
	// Mentioned: no mail with this Message-ID has come, one that refers to it
	// has. Two first mails of one thread meet here.
	Mentioned bool `json:"mentioned,omitempty"`
}

// Received reads the records that decide about a mail, in one round trip: its
// own, and those of the clues. An absent mail record has an empty outcome.
func (tx *Tx) Received(mail string, clues []string) (Mail, []Clue, error) {
	records, err := tx.Get(append([]string{mailKey(mail)}, clues...)...)
	if err != nil {
		return Mail{}, nil, err
	}
	mails, err := decodeAll[Mail](records[:1])
	if err != nil {
		return Mail{}, nil, err
	}
	found, err := decodeAll[Clue](records[1:])
	return mails[0], found, err
}

// Mail reads a mail's record within a transaction; false if there is none.
func (tx *Tx) Mail(mail string) (Mail, bool, error) {
	m, _, err := tx.Received(mail, nil)
	return m, m.Outcome.Outcome != "", err
}

// SaveMail writes a mail's record and its index rows. Before is the record as
// this Tx read it, zero for a new one.
func (tx *Tx) SaveMail(before, after Mail) error {
	if err := tx.putJSON(mailKey(after.Outcome.Mail), after); err != nil {
		return err
	}
	var old []string
	if before.Outcome.Outcome != "" {
		old = mailRows(before)
	}
	tx.replaceRows(old, mailRows(after))
	return nil
}

// SaveClue writes a clue that this Tx has read.
func (tx *Tx) SaveClue(key string, c Clue) error { return tx.putJSON(key, c) }

// Clue reads a clue outside a transaction; the zero Clue if there is none.
func (s *Store) Clue(ctx context.Context, key string) (Clue, error) {
	c, _, err := readOne[Clue](ctx, s, key)
	return c, err
}

// Mail reads one mail's record; false if there is none.
func (s *Store) Mail(ctx context.Context, mail string) (Mail, bool, error) {
	return readOne[Mail](ctx, s, mailKey(mail))
}
