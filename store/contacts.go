package store

// Contact is what is remembered of somebody who wrote to us.
type Contact struct {
	Language string `json:"language"` // of the last mail whose language was sure
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

// RememberContact replaces what is remembered of an address. The last writer
// wins: two mails of one person may be filed at once.
func (tx *Tx) RememberContact(address string, c Contact) error {
	return tx.putBlindJSON(contactKey(address), c)
}
