package desk

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
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
	// UndoWindow is how long a letter that staff caused waits, so that its command
	// can be undone.
	UndoWindow time.Duration
	// Calendar is that of the sprints.
	Calendar ticket.Calendar
	// PlanAfter is how long a classified bugfix waits for the owner to plan it,
	// before it is planned by the rules; negative for ever.
	PlanAfter time.Duration
	// Categories are the names that a ticket's may be.
	Categories []string
	// CategoryWords are further words for them, by name, that staff may write.
	CategoryWords map[string][]string
	// PublicURL is where links in letters begin, without a slash at its end; "" for
	// letters without links.
	PublicURL string
	Webhooks  []Webhook
	// OnUnscanned is UnscannedFile unless it is set.
	OnUnscanned OnUnscanned
	Retention   Retention
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
	if strings.EqualFold(c.Prefix, ticket.LetterPrefix) {
		faults = append(faults, fmt.Errorf("desk.prefix: %s begins the names of letters; choose another", ticket.LetterPrefix))
	}
	if c.UndoWindow < 0 || c.UndoWindow > time.Hour {
		faults = append(faults, errors.New("desk.undo_window: must be between 0 and 1h"))
	}
	if c.Policy.QuietDays < 1 {
		faults = append(faults, errors.New("desk.quiet_days: must be at least 1"))
	}
	if c.Policy.Location == nil {
		faults = append(faults, errors.New("desk.timezone: is needed"))
	}
	faults = append(faults, c.Policy.Promises.Validate())
	if err := c.Calendar.Validate(); err != nil {
		faults = append(faults, fmt.Errorf("sprints: %w", err))
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
	// changed is called after each commit that changed a ticket.
	changed func(ticket.ID)
	filed   func(Filed)
	sender  SenderChecker
	scanner Scanner
	sent    Sent
	random  io.Reader
	chore   chan struct{} // something may be due at once
	log     zerolog.Logger
}

// Deps are what a desk works with.
type Deps struct {
	Store *store.Store
	Now   func() time.Time
	Owed  func() // may be nil
	// Changed hears of each ticket that was changed here. It must not block; may be
	// nil.
	Changed func(ticket.ID)
	// Filed hears of each mail that was filed; may be nil. It must not block.
	Filed func(Filed)
	// Sender finds out who sent a mail; nil: nobody does.
	Sender SenderChecker
	// Scanner looks for viruses and spam; nil: nobody does.
	Scanner Scanner
	// Sent knows which letters left before the store lost them; nil: none did.
	Sent Sent
	// Random is where one-time proofs are drawn from; nil means the system's.
	Random io.Reader
	Log    zerolog.Logger
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
	if d.Changed == nil {
		d.Changed = func(ticket.ID) {}
	}
	if d.Sent == nil {
		d.Sent = nothingSent{}
	}
	if d.Filed == nil {
		d.Filed = func(Filed) {}
	}
	if d.Random == nil {
		d.Random = rand.Reader
	}
	return &Desk{
		config: c, secrets: s, store: d.Store, now: d.Now, owed: d.Owed, changed: d.Changed, filed: d.Filed, sender: d.Sender, scanner: d.Scanner, sent: d.Sent, random: d.Random,
		chore: make(chan struct{}, 1), log: d.Log,
	}, nil
}

// Policy is the policy that commands need to be given.
func (d *Desk) Policy() ticket.Policy { return d.config.Policy }

// Prefix is that of the desk's tracking IDs.
func (d *Desk) Prefix() string { return d.config.Prefix }

// Change is what a command made of a ticket.
type Change struct {
	Before, After ticket.Ticket
	Events        []ticket.Event
	Notices       []ticket.Notice // letters that are owed now, all on this ticket
	// Others are the changes of other tickets that followed: of those that a hotfix
	// pushed out, of the other ticket of a merge or a link.
	Others []Change
}

// notices are the letters that events oblige us to send. An import tells of what
// was long ago, of which nobody wants to hear.
func (d *Desk) notices(t ticket.Ticket, events []ticket.Event, by ticket.Actor) []ticket.Notice {
	if by.Door == ticket.DoorImport {
		return nil
	}
	return d.config.Correspondence.Notices(t, events)
}

// numbers are those of the letters.
func (c Change) numbers() []int {
	numbers := make([]int, len(c.Notices))
	for i, n := range c.Notices {
		numbers[i] = n.Number
	}
	return numbers
}

// do decides a command, and saves what follows from it in the given Tx: the one
// place through which every change of a ticket goes. A command that changes
// nothing saves nothing.
func (d *Desk) do(tx *store.Tx, before ticket.Ticket, c ticket.Command, o occasion) (Change, error) {
	done := Change{Before: before, After: before}
	events, err := before.Decide(c, o.by, o.at)
	if err != nil || len(events) == 0 {
		return done, err
	}
	done.Events, done.After = events, before.Apply(events...)
	for _, n := range d.notices(done.After, events, o.by) {
		if o.by.Has(ticket.StaffRoles...) {
			n.NotBefore = n.Owed.Add(d.config.UndoWindow)
		}
		if n, err = d.owe(tx, n, o.cause, done.After.Notices); err != nil {
			return done, err
		}
		done.Notices = append(done.Notices, n)
		done.After.Notices = max(done.After.Notices, n.Number)
	}
	if err := d.oweWebhooks(tx, done.After, events); err != nil {
		return done, err
	}
	tx.After(func() { d.changed(done.After.ID) })
	d.enqueueChores(tx, before, done.After)
	if err := d.keepBoard(tx, before, done.After); err != nil {
		return done, err
	}
	return done, tx.SaveTicket(before, done.After, events)
}
