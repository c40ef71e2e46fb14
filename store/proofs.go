package store

import (
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// Proof is what a one-time link proves: that whoever has it reads the mail of a
// ticket's reporter. The store has its hash alone.
type Proof struct {
	Ticket  ticket.ID `json:"ticket"`
	Expires time.Time `json:"expires"`
}

func proofKey(secret string) string { return Key(keyspaceProof, hashed(secret)) }

// PutProof remembers a proof under its secret until it expires.
func (tx *Tx) PutProof(secret string, p Proof) error {
	tx.expire(proofKey(secret), p.Expires)
	return tx.putBlindJSON(proofKey(secret), p) // nobody can have drawn the same
}

// SpendProof takes a proof away, and returns it; false if there is none, or no
// longer.
func (tx *Tx) SpendProof(secret string, now time.Time) (Proof, bool, error) {
	records, err := tx.Get(proofKey(secret))
	if err != nil {
		return Proof{}, false, err
	}
	p, found, err := decode[Proof](records[0])
	if err != nil || !found {
		return Proof{}, false, err
	}
	tx.Delete(proofKey(secret))
	return p, p.Expires.After(now), nil
}
