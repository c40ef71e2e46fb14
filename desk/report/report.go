// Package report takes in what people write in a form, in a chat or through a
// program of theirs: it makes a mail of it and puts that where all mail comes in.
//
// It stands on floor 2, beside the desk, which files the mail. Its one rule: a
// report takes the way of a mail, so that nothing is lost, and one way files all.
package report

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// MaxFiles bounds the files of a report, in bytes in all.
const MaxFiles = 10 << 20

// Report is what somebody wrote.
type Report struct {
	Address  string // of the reporter; the acknowledgement goes there
	Name     string
	Language string // BCP 47; "" is the language of the text
	Subject  string
	Text     string
	Claim    ticket.Severity // that he chose; "" is what his words say
	Files    []File
	// Verified: whoever reports for him has proved that the address is his. Without
	// it the acknowledgement repeats nothing of the report.
	Verified bool
}

// File comes with a report.
type File struct {
	Name        string
	ContentType string // application/octet-stream if ""
	Content     []byte
}

// Source is who brings reports: a token of the API, the form, the chat. Their keys
// have nothing to do with each other.
type Source struct {
	Name   string // as the mail's envelope has it
	Page   bool   // a page of ours, and not a program with a token
	Secret []byte // told apart by it, where a name was given to another; may be nil
}

func (s Source) peer() string {
	if s.Page {
		return journal.PeerPage
	}
	return journal.ProtocolAPI
}

// Filed is what became of a report.
type Filed struct {
	Mail    journal.ID         `json:"mail"`
	Ticket  ticket.ID          `json:"ticket,omitempty"` // "" while it is not filed, and where it waits for staff
	Outcome ticket.OutcomeKind `json:"outcome,omitempty"`
}

// Done reports whether the report was filed.
func (f Filed) Done() bool { return f.Outcome != "" }

// Journal is where mail is accepted.
type Journal interface {
	Put(ctx context.Context, e journal.Envelope, r io.Reader) (journal.ID, error)
}

// Parts are what a box works with.
type Parts struct {
	Journal Journal
	Store   *store.Store
	To      string // the support address
	Now     func() time.Time
	Random  io.Reader
}

// Box is where reports are put. It is safe for concurrent use.
type Box struct{ parts Parts }

// NewBox wires a box.
func NewBox(p Parts) *Box { return &Box{p} }

const (
	// patience is how long a report waits for its ticket.
	patience = 3 * time.Second
	look     = 20 * time.Millisecond
)

// Put takes a report in and waits a moment for its ticket. With a key, a report that
// was accepted under it within a day is found again and not taken in twice, though
// not while the first is being filed; Once does that too. The error is
// journal.ErrTooLarge, or ours.
func (b *Box) Put(ctx context.Context, r Report, by Source, key string) (Filed, error) {
	now := b.parts.Now()
	messageID, err := b.messageID(by, key)
	if err != nil {
		return Filed{}, err
	}
	if key != "" { // it may have been accepted when the answer got lost
		before, found, err := b.before(ctx, messageID, now)
		if err != nil {
			return Filed{}, fmt.Errorf("looking for a report: %w", err)
		}
		if found {
			return Of(before), nil
		}
	}
	raw, err := asMail(r, b.parts.To, messageID, now)
	if err != nil {
		return Filed{}, fmt.Errorf("making a mail of a report: %w", err)
	}
	env := journal.Envelope{
		Received: now, From: r.Address, To: []string{b.parts.To}, Peer: by.peer(), Protocol: journal.ProtocolAPI,
		SMTPUTF8: ticket.NeedsSMTPUTF8(r.Address), Language: strings.ToLower(r.Language), Severity: string(r.Claim), Token: by.Name,
	}
	if r.Verified {
		env.Flags = []string{ticket.FlagVouched}
	}
	id, err := b.parts.Journal.Put(ctx, env, raw)
	if err != nil {
		return Filed{}, fmt.Errorf("accepting a report: %w", err)
	}
	return b.await(ctx, id), nil
}

// Once is Put for a form that may be sent twice at once: the second waits for what
// became of the first. The key is the form's; sent again with other words, it is
// another report.
func (b *Box) Once(ctx context.Context, r Report, by Source, key string) (Filed, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return Filed{}, fmt.Errorf("encoding a report: %w", err)
	}
	sum := sha256.Sum256(text)
	request := hex.EncodeToString(sum[:])
	key += " " + request
	claim := store.Claim{Owner: by.Name, Key: key, Request: request}
	before, err := b.claim(ctx, claim)
	if err != nil {
		return Filed{}, fmt.Errorf("claiming a report: %w", err)
	}
	if before != nil {
		var f Filed
		if err := json.Unmarshal(before.Body, &f); err != nil {
			return Filed{}, fmt.Errorf("reading what became of a report: %w", err)
		}
		return f, nil
	}
	// Whether who sent it still listens or not.
	record := context.WithoutCancel(ctx)
	f, err := b.Put(ctx, r, by, key)
	if err != nil {
		return Filed{}, errors.Join(err, b.parts.Store.Unclaim(record, claim))
	}
	answer, err := json.Marshal(f)
	if err != nil {
		return Filed{}, fmt.Errorf("encoding what became of a report: %w", err)
	}
	// The report is safe, whatever the store says: its Message-ID finds it again.
	_ = b.parts.Store.Answered(record, claim, store.Answer{Status: http.StatusCreated, ContentType: "application/json", Body: answer})
	return f, nil
}

// claim takes a key, and waits while another has it in hand.
func (b *Box) claim(ctx context.Context, c store.Claim) (*store.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		before, err := b.parts.Store.Claim(ctx, c, b.parts.Now())
		if !errors.Is(err, store.ErrClaimBusy) {
			return before, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-tick.C:
		}
	}
}

// before finds the mail that a report with a key became, as long as the key counts:
// used again on another day, it is for another report.
func (b *Box) before(ctx context.Context, messageID string, now time.Time) (store.Mail, bool, error) {
	for after, more := "", true; more; more = after != "" {
		page, err := b.parts.Store.MailsByMessageID(ctx, messageID, after, atOnce)
		if err != nil {
			return store.Mail{}, false, err
		}
		for _, m := range page.Items {
			if now.Sub(m.Outcome.Received) < store.ClaimLife {
				return m, true, nil
			}
		}
		after = page.Next
	}
	return store.Mail{}, false, nil
}

// atOnce is how many mails of one Message-ID are read at a time.
const atOnce = 20

// await waits a moment for a mail to be filed. The mail is kept, whatever the store
// says meanwhile.
func (b *Box) await(ctx context.Context, id journal.ID) Filed {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if m, ok, err := b.parts.Store.Mail(ctx, string(id)); err == nil && ok {
			return Of(m)
		}
		select {
		case <-ctx.Done():
			return Filed{Mail: id}
		case <-tick.C:
		}
	}
}

// Of is what became of a report whose mail is filed.
func Of(m store.Mail) Filed {
	f := Filed{Mail: journal.ID(m.Outcome.Mail), Outcome: m.Outcome.Outcome, Ticket: m.Outcome.Ticket}
	if !slices.Contains(filedOutcomes, f.Outcome) {
		f.Ticket = "" // it is only suspected to be for that one
	}
	return f
}

var filedOutcomes = []ticket.OutcomeKind{
	ticket.OutcomeOpened, ticket.OutcomeAppended, ticket.OutcomeReopened, ticket.OutcomeFollowup, ticket.OutcomeDuplicate,
}
