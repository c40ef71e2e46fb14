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
	// Check is what was found out here about who sent it; nil if nothing was.
	Check *ticket.SenderCheck `json:"sender_check,omitempty"`
	// Scan is what scanners said of it; nil if none was configured.
	Scan *ticket.Scan `json:"scan,omitempty"`
	// Decision is what staff made of a mail that stood on no ticket; nil until then.
	Decision *Decision `json:"decision,omitempty"`
	// Deleted says since when its raw bytes are not to be read any more; nil while they
	// are. They follow soon after: see DeletedMails.
	Deleted *Deletion `json:"deleted,omitempty"`
}

// Deletion is when and by which rule the bytes of a mail went.
type Deletion struct {
	At   time.Time `json:"at"`
	Rule string    `json:"rule"` // retention.mail, say
}

// Decision is who settled what becomes of a held, automatic or bounced mail.
type Decision struct {
	At time.Time    `json:"at"`
	By ticket.Actor `json:"by"`
	// Was is the outcome before.
	Was ticket.OutcomeKind `json:"was"`
	// Dropped: the mail is kept and stays off the tickets; the Reason says why.
	Dropped bool   `json:"dropped,omitempty"`
	Reason  string `json:"reason,omitempty"`
	// Suspected is the ticket that the mail was held for, Asked where it was to
	// go: a ticket, or "" for a new one.
	Suspected ticket.ID `json:"suspected,omitempty"`
	Asked     ticket.ID `json:"asked,omitempty"`
}

// Dropped lists, in place of their outcome, mails that staff have dropped.
const Dropped ticket.OutcomeKind = "dropped"

// Listed is under what a mail is listed.
func (m Mail) Listed() ticket.OutcomeKind {
	if m.Decision != nil && m.Decision.Dropped {
		return Dropped
	}
	return m.Outcome.Outcome
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
// own, those of the clues, and the contact of the sender, if he has an address,
// which Contact then has at hand. An absent mail record has an empty outcome.
func (tx *Tx) Received(mail, sender string, clues []string) (Mail, []Clue, error) {
	keys := append([]string{mailKey(mail)}, clues...)
	if sender != "" {
		keys = append(keys, contactKey(sender))
	}
	records, err := tx.Get(keys...)
	if err != nil {
		return Mail{}, nil, err
	}
	records = records[:1+len(clues)]
	mails, err := decodeAll[Mail](records[:1])
	if err != nil {
		return Mail{}, nil, err
	}
	found, err := decodeAll[Clue](records[1:])
	return mails[0], found, err
}

// Mail reads a mail's record within a transaction; false if there is none.
func (tx *Tx) Mail(mail string) (Mail, bool, error) {
	records, err := tx.Get(mailKey(mail))
	if err != nil {
		return Mail{}, false, err
	}
	return decode[Mail](records[0])
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

// Mails reads mail records in one round trip, by mail; those that are not there are
// left out.
func (s *Store) Mails(ctx context.Context, mails ...string) (map[string]Mail, error) {
	found := make(map[string]Mail, len(mails))
	if len(mails) == 0 {
		return found, nil
	}
	keys := make([]string, len(mails))
	for i, m := range mails {
		keys[i] = mailKey(m)
	}
	records, err := s.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	all, err := decodeAll[Mail](records)
	for i, m := range all {
		if records[i].Exists() {
			found[mails[i]] = m
		}
	}
	return found, err
}
