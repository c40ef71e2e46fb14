package store

import (
	"encoding/json"
	"fmt"

	"aismarttalk.tech/supportd/ticket"
)

// Contact is what is remembered of somebody who wrote to us.
type Contact struct {
	Language string `json:"language"` // of the last mail whose language was sure
}

func contactKey(address string) string { return Key("contact", ticket.FoldAddress(address)) }

// Contact reads what is remembered of an address; the zero Contact if nothing.
func (tx *Tx) Contact(address string) (Contact, error) {
	records, err := tx.Get(contactKey(address))
	if err != nil {
		return Contact{}, err
	}
	all, err := decodeAll[Contact](records)
	return all[0], err
}

// RememberContact replaces what is remembered of an address. The last writer
// wins: two mails of one person may be filed at once.
func (tx *Tx) RememberContact(address string, c Contact) error {
	value, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encoding a contact: %w", err)
	}
	tx.PutBlind(contactKey(address), value)
	return nil
}
