package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

const (
	statusQueue = "status"
	// proofLife is how long a link to the status page works.
	proofLife = 30 * time.Minute
	// proofRest is the least time between two links for one ticket: whoever knows
	// ID and address must not fill the reporter's mailbox.
	proofRest = 5 * time.Minute
	// linkLife is how long the link in a letter works; each letter brings a new one.
	linkLife = 90 * 24 * time.Hour
	// shownLife is how long the page that a proof opened can be loaded again.
	shownLife = time.Hour
	// proofBytes of chance are in a proof.
	proofBytes = 24
)

// statusWish is a question for the status of a ticket, by somebody who has proved
// nothing.
type statusWish struct {
	Ticket  ticket.ID `json:"ticket"`
	Address string    `json:"address"`
}

// linked is a letter with the link to its ticket, if there are pages: for staff in the
// console, for a reporter where it stands. A letter to somebody who is not known for sure
// has none.
func (d *Desk) linked(n ticket.Notice) ticket.Notice {
	f := n.Facts
	if d.config.PublicURL == "" || f.Link != "" || f.Neutral || n.Kind == ticket.NoticeRoadmap || n.Ticket.ForLetter() {
		return n
	}
	if n.Kind.ForStaff() {
		n.Facts.Link = d.config.PublicURL + consoleTickets + string(n.Ticket)
		return n
	}
	id := n.Ticket
	if f.Shown != "" {
		id = f.Shown // he knows his ticket by the name that it had
	}
	n.Facts.Link = d.config.PublicURL + StatusPath + d.secrets.Keys.StatusToken(id, n.Owed.Add(linkLife))
	return n
}

// consoleTickets is where the console shows tickets; an ID stands behind it. The page
// asks for a session.
const consoleTickets = "/console/tickets/"

// StatusPath is where the status pages are; a token stands behind it.
const StatusPath = "/t/"

// StatusByToken is the ticket whose status a token in a link shows, or ErrNoProof.
func (d *Desk) StatusByToken(token string) (ticket.ID, error) {
	id, ok := d.secrets.Keys.VerifyStatus(token, d.now())
	if !ok {
		return "", ErrNoProof
	}
	return id, nil
}

// ShowStatus spends the proof of a one-time link as SpendProof does, and returns a
// path under which the page can be loaded again for an hour.
//
// The path holds a token as the letters' links do, for a shorter time: whoever reads
// it over a shoulder or in a history learns no more than each of those letters says,
// and the page needs neither a cookie nor a session.
func (d *Desk) ShowStatus(ctx context.Context, proof string) (path string, err error) {
	id, err := d.SpendProof(ctx, proof)
	if err != nil {
		return "", err
	}
	return StatusPath + d.secrets.Keys.StatusToken(id, d.now().Add(shownLife)), nil
}

// AskStatusLink has a one-time link to the status of a ticket mailed to its
// reporter, if the address is his. Whether it is, is found out later: what the
// caller sees, and how long it takes, is the same for every ID and address.
func (d *Desk) AskStatusLink(ctx context.Context, id ticket.ID, address string) error {
	payload, err := json.Marshal(statusWish{id, ticket.FoldAddress(address)})
	if err != nil {
		return fmt.Errorf("encoding a question for a status: %w", err)
	}
	sum := sha256.Sum256(payload)
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		tx.Enqueue(store.Job{Queue: statusQueue, ID: hex.EncodeToString(sum[:16]), Due: d.now(), Payload: payload})
		return nil
	})
	if err == nil {
		d.wakeChores()
	}
	return err
}

// answerStatus owes the link that somebody asked for, if it is his to have.
func (d *Desk) answerStatus(ctx context.Context, j store.Job) (owed bool, err error) {
	var wish statusWish
	unread := json.Unmarshal(j.Payload, &wish) != nil
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		owed = false
		if err := tx.Settle(j); err != nil || unread || !wish.Ticket.Valid() {
			return err
		}
		tickets, err := tx.Tickets(wish.Ticket)
		if err != nil || tickets[0].ID == "" {
			return err
		}
		owed, err = d.oweStatusLink(tx, tickets[0], wish.Address)
		return err
	})
	switch {
	case errors.Is(err, store.ErrLost):
		return false, nil // another node has it
	case err == nil && owed:
		d.owed()
	}
	return owed, err
}

func (d *Desk) oweStatusLink(tx *store.Tx, t ticket.Ticket, address string) (bool, error) {
	reporter, ok := t.Reporter()
	if !ok || t.Silent || ticket.FoldAddress(reporter.Address) != address {
		return false, nil
	}
	now := d.now()
	if last, found, err := lastStatusLink(tx, t); err != nil || found && now.Sub(last) < proofRest {
		return false, err
	}
	n, ok := d.config.Correspondence.StatusLink(t, now)
	if !ok {
		return false, nil
	}
	if d.config.PublicURL != "" {
		proof, err := d.secret()
		if err != nil {
			return false, fmt.Errorf("drawing a proof: %w", err)
		}
		n.Facts.Expires = now.Add(proofLife)
		n.Facts.Link = d.config.PublicURL + "/status?" + url.Values{"proof": {proof}}.Encode()
		if err := tx.PutProof(proof, store.Proof{Ticket: t.ID, Expires: n.Facts.Expires}); err != nil {
			return false, err
		}
	}
	_, err := d.oweOn(tx, t, n, cause{}, now)
	return err == nil, err
}

// lastStatusLink is when the newest letters of a ticket last held a link.
func lastStatusLink(tx *store.Tx, t ticket.Ticket) (time.Time, bool, error) {
	const look = 10
	for number := t.Notices; number > 0 && number > t.Notices-look; number-- {
		n, found, err := tx.Notice(t.ID, number)
		if err != nil {
			return time.Time{}, false, err
		}
		if found && n.Kind == ticket.NoticeStatus {
			return n.Owed, true, nil
		}
	}
	return time.Time{}, false, nil
}

// ErrNoProof is returned for a proof that is none, was used, or is too old.
var ErrNoProof = errors.New("desk: no such proof")

// SpendProof takes the proof of a one-time link, and returns the ticket whose state
// it shows. It works once.
func (d *Desk) SpendProof(ctx context.Context, proof string) (ticket.ID, error) {
	var p store.Proof
	var good bool
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		var err error
		p, good, err = tx.SpendProof(proof, d.now())
		return err
	})
	if err == nil && !good {
		err = ErrNoProof
	}
	return p.Ticket, err
}
