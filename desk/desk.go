package desk

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Config is what an operator chose about the desk.
type Config struct {
	Addresses      []string // where reporters write to; the first is ours in letters
	Prefix         string   // of tracking IDs, two to five letters
	Policy         ticket.Policy
	Correspondence ticket.Correspondence
	TrustedRelays  []TrustedRelay
	// AssessBy is when a ticket of a severity that came in at a time must have
	// been assessed; the zero time where nothing is promised. Nil promises
	// nothing.
	AssessBy func(ticket.Severity, time.Time) time.Time
}

// TrustedRelay is a mail server of the operator's own, whose
// Authentication-Results (RFC 8601) are believed when they bear its
// authserv-id and arrive from its network.
type TrustedRelay struct {
	Network    netip.Prefix
	AuthservID string
}

// Secrets are the keys of a desk. They never change for the life of its data,
// but for rotation within the keyring.
type Secrets struct {
	Tickets []byte // tracking IDs derive from it
	Keys    ticket.Keyring
}

// Validate reports all that is wrong with the configuration.
func (c Config) Validate() error {
	var faults []error
	if len(c.Addresses) == 0 {
		faults = append(faults, errors.New("desk.addresses: at least one support address is needed"))
	}
	for _, a := range c.Addresses {
		if local, domain, ok := strings.Cut(a, "@"); !ok || local == "" || domain == "" || strings.ContainsAny(a, " <>\"\r\n") {
			faults = append(faults, fmt.Errorf("desk.addresses: %q is not a mail address", a))
		}
	}
	if !ticket.ValidPrefix(c.Prefix) {
		faults = append(faults, fmt.Errorf("desk.prefix: %q must be two to five letters A to Z", c.Prefix))
	}
	if c.Policy.ReopenWindow < 0 {
		faults = append(faults, errors.New("desk.reopen_window: must not be negative"))
	}
	if c.Policy.QuietDays < 1 {
		faults = append(faults, errors.New("desk.quiet_days: must be at least 1"))
	}
	if c.Policy.Location == nil {
		faults = append(faults, errors.New("desk.timezone: is needed"))
	}
	for _, r := range c.TrustedRelays {
		if !r.Network.IsValid() || r.AuthservID == "" {
			faults = append(faults, errors.New("smtp.trusted_relays: each needs a network and the authserv_id that it writes"))
		}
	}
	return errors.Join(faults...)
}

// Desk is safe for concurrent use.
type Desk struct {
	config  Config
	secrets Secrets
	store   *store.Store
	now     func() time.Time
	// owed is called after each commit that owes a letter, so that it leaves at
	// once and not at the next look at the outbox.
	owed func()
	log  zerolog.Logger
}

// Deps are what a desk works with.
type Deps struct {
	Store *store.Store
	Now   func() time.Time
	Owed  func() // may be nil
	Log   zerolog.Logger
}

// New wires a desk. It starts nothing.
func New(c Config, s Secrets, d Deps) (*Desk, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if err := s.Keys.Validate(); err != nil {
		return nil, err
	}
	if len(s.Tickets) < 32 {
		return nil, errors.New("desk: the ticket secret is shorter than 32 bytes")
	}
	if d.Owed == nil {
		d.Owed = func() {}
	}
	return &Desk{config: c, secrets: s, store: d.Store, now: d.Now, owed: d.Owed, log: d.Log}, nil
}

// Do carries out a command on a ticket. It returns a *ticket.Refused if the
// ticket does not obey, and ErrNoTicket if there is none. An error of the store
// leaves open whether the command was done.
func (d *Desk) Do(ctx context.Context, id ticket.ID, c ticket.Command, by ticket.Actor) (ticket.Ticket, error) {
	now := d.now()
	var after ticket.Ticket
	var notices []int
	err := d.store.Update(ctx, func(tx *store.Tx) error {
		tickets, err := tx.Tickets(id)
		if err != nil {
			return err
		}
		if tickets[0].ID == "" {
			return ErrNoTicket
		}
		after, notices, err = d.do(tx, tickets[0], c, by, now)
		return err
	})
	if err != nil {
		return ticket.Ticket{}, err
	}
	d.log.Info().Str("ticket", string(id)).Str("by", by.Address).Type("command", c).Str("state", string(after.State)).Msg("command done")
	if len(notices) > 0 {
		d.owed()
	}
	return after, nil
}

// ErrNoTicket is returned for a tracking ID that names no ticket.
var ErrNoTicket = errors.New("desk: no such ticket")

// Policy is the policy that commands need to be given.
func (d *Desk) Policy() ticket.Policy { return d.config.Policy }

// Prefix is that of the desk's tracking IDs.
func (d *Desk) Prefix() string { return d.config.Prefix }

// do decides a command, and saves what follows from it in the given Tx: the one
// place through which every change of a ticket goes.
func (d *Desk) do(tx *store.Tx, before ticket.Ticket, c ticket.Command, by ticket.Actor, at time.Time) (ticket.Ticket, []int, error) {
	events, err := before.Decide(c, by, at)
	if err != nil {
		return before, nil, err
	}
	after := before.Apply(events...)
	var numbers []int
	for _, n := range d.config.Correspondence.Notices(after, events) {
		if err := tx.Owe(n); err != nil {
			return before, nil, err
		}
		numbers = append(numbers, n.Number)
		after.Notices = n.Number
	}
	for _, e := range events {
		if e.Kind == ticket.EventResolved {
			if err := enqueueClosing(tx, after); err != nil {
				return before, nil, err
			}
		}
	}
	return after, numbers, tx.SaveTicket(before, after, events)
}
