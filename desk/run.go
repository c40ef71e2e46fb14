package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// Intake is where accepted mail waits; the journal is one, whose methods say more.
type Intake interface {
	// Next waits for a mail. An error that is neither ctx's nor journal.ErrClosed
	// is about one mail, which comes again.
	Next(context.Context) (journal.Mail, error)
	Done(journal.ID) error
	Release(id journal.ID, notBefore time.Time)
	Park(id journal.ID, reason string) error
}

// Reader is how raw mail is read and understood: the parser and the classifier.
// Both are bounded and never fail.
type Reader struct {
	Parse    func(raw []byte) ticket.Message
	Classify func(ticket.Message) ticket.Reading
}

// Waits after a mail could not be filed. A store that is away keeps no mail
// from being accepted; it is tried until it is back.
const (
	firstWait   = 200 * time.Millisecond
	longestWait = 30 * time.Second
	// parkAfter tries of a mail that is damaged or that the store refuses; a store
	// that is away is no reason.
	parkAfter = 5
	// waitTries of a mail that answers what is not on file yet. What it answers
	// was handed out before it; if it is not there by then, it is lost.
	waitTries = 4
)

// Run files the mail of an intake with a number of workers until ctx ends or the
// intake is closed, and returns nil. A mail is done once it is filed; one that
// cannot be filed for its own sake is parked, listed and never deleted.
func (d *Desk) Run(ctx context.Context, in Intake, reader Reader, workers int) error {
	var group sync.WaitGroup
	for range workers {
		group.Go(func() { d.fileAll(ctx, in, reader) })
	}
	group.Wait()
	return nil
}

func (d *Desk) fileAll(ctx context.Context, in Intake, reader Reader) {
	for {
		m, err := in.Next(ctx)
		switch {
		case err == nil:
			d.work(ctx, in, reader, m)
		case ctx.Err() != nil, errors.Is(err, journal.ErrClosed):
			return
		default: // too many open files, say: the next mail may be read all the same
			d.log.Error().Err(err).Msg("taking a mail from the journal failed; it comes again")
			select {
			case <-time.After(firstWait):
			case <-ctx.Done():
			}
		}
	}
}

// work files one mail, or puts it back.
func (d *Desk) work(ctx context.Context, in Intake, reader Reader, m journal.Mail) {
	err := d.fileMail(ctx, reader, m)
	if err == nil {
		if err := in.Done(m.ID); err != nil { // it will come again, and be known
			d.log.Error().Err(err).Str("mail", string(m.ID)).Msg("marking a mail as done failed")
		}
		return
	}
	level := zerolog.WarnLevel
	if errors.Is(err, ErrAhead) {
		level = zerolog.DebugLevel
	}
	log := d.log.WithLevel(level).Err(err).Str("mail", string(m.ID)).Int("try", m.Tries)
	hopeless := errors.Is(err, store.ErrInvalid) || errors.Is(err, journal.ErrDamaged)
	if ctx.Err() == nil && m.Tries >= parkAfter && hopeless {
		perr := in.Park(m.ID, err.Error())
		if perr == nil {
			log.Msg("mail parked: trying again will not help")
			return
		}
		log.AnErr("parking", perr)
	}
	wait := min(firstWait<<min(m.Tries, 10), longestWait)
	in.Release(m.ID, d.now().Add(wait))
	log.Dur("wait", wait).Msg("mail not filed yet; it is tried again")
}

func (d *Desk) fileMail(ctx context.Context, reader Reader, m journal.Mail) error {
	raw, err := m.Bytes()
	if err != nil {
		return fmt.Errorf("reading mail from the journal: %w", err)
	}
	message, reading := d.read(reader, m.ID, raw)
	before, err := d.examined(ctx, m.ID)
	if err != nil {
		return err
	}
	check, err := d.checkSender(ctx, m, message, before, raw)
	if err != nil {
		return err
	}
	scan, err := d.scan(ctx, m, message, before, raw)
	if err != nil {
		return err
	}
	in := Incoming{
		Mail: string(m.ID), Envelope: m.Envelope, Message: message, Reading: stated(m.Envelope, reading), Check: check, Scan: scan,
		MayWait: m.Tries < waitTries, Tries: m.Tries,
	}
	out, err := d.Receive(ctx, in)
	if err == nil {
		d.filed(Filed{Outcome: out.Outcome, Waited: max(0, d.now().Sub(m.ID.Time())), Salvaged: message.Flag(ticket.FlagRaw)})
	}
	return err
}

// examined is the record of a mail that was filed before, whose sender and content
// are not examined again; nil if there is none, or nobody examines.
func (d *Desk) examined(ctx context.Context, id journal.ID) (*store.Mail, error) {
	if d.sender == nil && d.scanner == nil {
		return nil, nil
	}
	m, found, err := d.store.Mail(ctx, string(id))
	if err != nil {
		return nil, fmt.Errorf("looking whether mail %s was examined: %w", id, err)
	}
	if !found {
		return nil, nil
	}
	return &m, nil
}

// Filed is what is counted of a mail.
type Filed struct {
	Outcome  ticket.OutcomeKind
	Waited   time.Duration // since it was accepted; of a replayed mail since it first was
	Salvaged bool          // it could not be read in full
}

// readPatience is how long the reading of a mail may take. It is bounded to a few
// seconds of one processor by itself; on a machine where all filers read at once that
// is longer by the clock. It is less than what a stop waits for the filers.
const readPatience = 20 * time.Second

// asRead is what reading gave.
type asRead struct {
	message ticket.Message
	reading ticket.Reading
}

// read parses and classifies. A fault of ours in reading, be it a panic or that it does
// not end, must not keep a mail from becoming a ticket: it then carries the raw mail and
// says so. What does not end cannot be stopped from here and goes on until the process
// ends; the mails after it are filed all the same.
func (d *Desk) read(reader Reader, id journal.ID, raw []byte) (ticket.Message, ticket.Reading) {
	done := make(chan asRead, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				d.log.Error().Str("mail", string(id)).Interface("panic", p).Bytes("stack", debug.Stack()).Msg("reading a mail panicked")
				done <- leftUnread(raw)
			}
		}()
		m := reader.Parse(raw)
		done <- asRead{m, reader.Classify(m)}
	}()
	patience := time.NewTimer(readPatience)
	defer patience.Stop()
	var got asRead
	select {
	case got = <-done:
	case <-patience.C:
		d.log.Error().Str("mail", string(id)).Dur("after", readPatience).Msg("reading a mail does not end; it is filed unread")
		got = leftUnread(raw)
	}
	return got.message, got.reading
}

// leftUnread is what is known of a mail that could not be read.
func leftUnread(raw []byte) asRead {
	sum := sha256.Sum256(raw)
	return asRead{
		message: ticket.Message{ContentHash: hex.EncodeToString(sum[:]), Size: len(raw), Flags: []string{ticket.FlagRaw, ticket.FlagNoFrom}},
		reading: ticket.Reading{
			Claim: ticket.Claim{Severity: ticket.SeverityNormal, Where: ticket.WhereNone},
			Kind:  ticket.KindBug, Category: ticket.Category{Name: ticket.CategoryOther},
		},
	}
}
