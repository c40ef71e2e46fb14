package store

import (
	"encoding/json"
	"fmt"

	"aismarttalk.tech/supportd/ticket"
)

const queueNotice = "notice"

func noticeKey(id ticket.ID, number int) string {
	return Key("notice", string(id), fmt.Sprintf("%06d", number))
}

// Owe records a notice and the job that will send it.
func (tx *Tx) Owe(n ticket.Notice) error {
	if err := tx.PutNotice(n); err != nil {
		return err
	}
	tx.Enqueue(Job{Queue: queueNotice, ID: fmt.Sprintf("%s.%d", n.Ticket, n.Number), Due: n.Owed})
	return nil
}

// Notice reads a notice; false if it is not on record.
func (tx *Tx) Notice(id ticket.ID, number int) (ticket.Notice, bool, error) {
	records, err := tx.Get(noticeKey(id, number))
	if err != nil || !records[0].Exists() {
		return ticket.Notice{}, false, err
	}
	all, err := decodeAll[ticket.Notice](records)
	return all[0], err == nil, err
}

// PutNotice writes a notice.
func (tx *Tx) PutNotice(n ticket.Notice) error {
	value, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("encoding notice %d of %s: %w", n.Number, n.Ticket, err)
	}
	tx.PutBlind(noticeKey(n.Ticket, n.Number), value)
	return nil
}
