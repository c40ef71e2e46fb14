package store

import (
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// Seat is a ticket's place in a sprint, as planning wants to know it: a copy of
// what the ticket says, kept in the commits that change it, so that whoever plans
// reads one record for a sprint and not all its tickets.
type Seat struct {
	ID         ticket.ID       `json:"id"`
	Severity   ticket.Severity `json:"severity"`
	Opened     time.Time       `json:"opened"`
	Classified time.Time       `json:"classified"`
	Hotfix     bool            `json:"hotfix,omitempty"`
	Started    bool            `json:"started,omitempty"`
	Done       bool            `json:"done,omitempty"`
}

type sprintRecord struct {
	Seats []Seat `json:"seats"`
}

func sprintKey(name string) string { return Key(keyspaceSprint, name) }

// Seats reads what is planned for each of some sprints, by name, in one round
// trip. The commit fails if it has changed meanwhile: two bugfixes cannot take the
// last place.
func (tx *Tx) Seats(names ...string) ([][]Seat, error) {
	keys := make([]string, len(names))
	for i, n := range names {
		keys[i] = sprintKey(n)
	}
	records, err := tx.Get(keys...)
	if err != nil {
		return nil, err
	}
	found, err := decodeAll[sprintRecord](records)
	if err != nil {
		return nil, err
	}
	seats := make([][]Seat, len(found))
	for i, r := range found {
		seats[i] = r.Seats
	}
	return seats, nil
}

// PutSeats replaces what is planned for a sprint that this Tx has read.
func (tx *Tx) PutSeats(name string, seats []Seat) error {
	return tx.putJSON(sprintKey(name), sprintRecord{seats})
}

// Turned is the name of the sprint for which everything was planned last; "" if
// none was.
func (tx *Tx) Turned() (string, error) {
	records, err := tx.Get(turnedKey)
	if err != nil {
		return "", err
	}
	return string(records[0].Value), nil
}

// PutTurned records for which sprint everything was planned; it was read before.
func (tx *Tx) PutTurned(name string) { tx.Put(turnedKey, []byte(name)) }
