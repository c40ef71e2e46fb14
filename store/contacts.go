package store

import "time"

// Contact is what is remembered of somebody who wrote to us, or to whom we wrote.
type Contact struct {
	Language string `json:"language,omitempty"` // of the last mail whose language was sure
	// Undeliverable is the code and the words by which a mail server said that
	// there is no such mailbox; "" while nothing is known against it.
	Undeliverable string    `json:"undeliverable,omitempty"`
	Since         time.Time `json:"since,omitzero"` // when it said so
}

// Contact reads what is remembered of an address; the zero Contact if nothing.
func (tx *Tx) Contact(address string) (Contact, error) {
	records, err := tx.Get(contactKey(address))
	if err != nil {
		return Contact{}, err
	}
	c, _, err := decode[Contact](records[0])
	return c, err
}

// PutContact replaces what is remembered of an address that this Tx has read.
func (tx *Tx) PutContact(address string, c Contact) error {
	return tx.putJSON(contactKey(address), c)
}
