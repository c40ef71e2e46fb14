package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/notifier"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// ErasePerson erases what is kept of a person, and looks through everything for what
// is left of him. The bytes go before the records that name them, so that an erasure
// which was interrupted finds them when it is begun again.
func (k keeper) ErasePerson(ctx context.Context, o web.ErasureOrder) (web.Erasure, error) {
	p, err := k.records.desk.Person(ctx, o.Address)
	if err != nil {
		return web.Erasure{}, err
	}
	e := erasure{keeper: k, person: p, needles: needlesOf(p), letters: map[string]bool{}}
	if e.mentioned([]byte(o.Reason)) {
		return web.Erasure{}, web.ErrReasonNames
	}
	e.certificate = web.Erasure{
		Person: k.pseudonym(p.Address), Reason: o.Reason, At: k.world.now().UTC(), DryRun: o.DryRun,
		Tickets: []ticket.ID{}, Mails: []web.ErasedMail{}, Left: []web.ErasureLeft{},
	}
	for _, t := range p.Tickets {
		e.certificate.Tickets = append(e.certificate.Tickets, t.Ticket.ID)
	}
	if err := e.listMails(ctx); err != nil {
		return e.certificate, err
	}
	if o.DryRun {
		return e.certificate, e.listLeft(ctx)
	}
	for _, step := range []func(context.Context) error{e.eraseBytes, e.eraseRecords, e.eraseLetters, e.compact, e.listLeft} {
		if err := step(ctx); err != nil {
			return e.certificate, err
		}
	}
	return e.certificate, e.keep()
}

// pseudonym names an address in a certificate: who has the key and a claimed address
// can tell whether it was this one, and nobody else can.
func (k keeper) pseudonym(address string) string {
	mac := hmac.New(sha256.New, k.records.secrets.ticket)
	mac.Write([]byte("person\x00" + address))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// erasure is one run of erasing a person.
type erasure struct {
	keeper
	person      desk.PersonFile
	needles     [][]byte // lower case
	ids         []journal.ID
	letters     map[string]bool // names of files in outgoing/
	certificate web.Erasure
}

// minName is the length below which a name is not looked for: it would be found
// everywhere.
const minName = 5

func needlesOf(p desk.PersonFile) [][]byte {
	needles := [][]byte{[]byte(p.Address)}
	for _, name := range p.Names {
		if len(name) >= minName {
			needles = append(needles, []byte(strings.ToLower(name)))
		}
	}
	return needles
}

// mentioned reports whether a text holds his address or a name of his.
func (e *erasure) mentioned(text []byte) bool {
	text = bytes.ToLower(text)
	for _, n := range e.needles {
		if bytes.Contains(text, n) {
			return true
		}
	}
	return false
}

// listMails lists his mails: those on record, and those of the journal that are not
// filed yet.
func (e *erasure) listMails(ctx context.Context) error {
	known := map[string]bool{}
	for _, m := range e.person.Mails {
		known[m.Outcome.Mail] = true
		if m.Message.Flag(ticket.FlagErased) {
			continue
		}
		if err := e.addMail(ctx, m.Outcome.Mail); err != nil {
			return err
		}
	}
	reader, err := journal.OpenReadOnly(e.cfg.planned.journal)
	if err != nil {
		return err
	}
	for item, err := range reader.All() {
		if err != nil || known[string(item.ID)] {
			continue // what is damaged is told of in listLeft
		}
		raw, err := item.Bytes()
		if err != nil {
			continue
		}
		from := ticket.FoldAddress(item.Envelope.From)
		if from != e.person.Address && e.mentioned(raw) {
			from = ticket.FoldAddress(e.parser.Parse(raw).From.Address)
		}
		if from == e.person.Address {
			if err := e.addMail(ctx, string(item.ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *erasure) addMail(ctx context.Context, mail string) error {
	one := web.ErasedMail{Mail: mail}
	raw, err := archive.Read(ctx, rawMail{e.journal, e.archive}, journal.ID(mail))
	switch {
	case err == nil:
		sum := sha256.Sum256(raw)
		one.SHA256, one.Size = hex.EncodeToString(sum[:]), len(raw)
	case !errors.Is(err, archive.ErrNotFound) && !errors.Is(err, journal.ErrDamaged):
		return err
	}
	e.certificate.Mails = append(e.certificate.Mails, one)
	e.ids = append(e.ids, journal.ID(mail))
	return nil
}

func (e *erasure) eraseBytes(ctx context.Context) error {
	n, err := e.journal.Erase(e.ids)
	e.certificate.Files += n
	if err != nil {
		return err
	}
	for _, id := range e.ids {
		if err := e.archive.Delete(ctx, id); err != nil {
			return err
		}
	}
	for _, t := range e.person.Tickets {
		e.noteLetters(t.Letters, t.Reporter)
	}
	e.noteLetters(e.person.Letters, false)
	return errors.Join(e.archive.Sync(), e.removeLetters())
}

// noteLetters notes the files of letters that are to go.
func (e *erasure) noteLetters(letters []ticket.Notice, all bool) {
	for _, n := range letters {
		if all || ticket.FoldAddress(n.To.Address) == e.person.Address {
			e.noteLetter(n)
		}
	}
}

func (e *erasure) noteLetter(n ticket.Notice) {
	ring := e.records.secrets.ring
	for _, version := range ring.Versions() {
		e.letters[notifier.FileName(ring.At(string(version)).MessageID(n.Ticket, n.Number, ticket.Domain(e.cfg.Desk.Addresses[0])))] = true
	}
}

func (e *erasure) eraseRecords(ctx context.Context) error {
	by := ticket.Actor{Address: "operator", Door: ticket.DoorCLI}
	done, err := e.records.desk.ErasePerson(ctx, e.person, e.certificate.Reason, by)
	e.certificate.Records, e.certificate.Letters = done.Records, len(done.Letters)
	for _, n := range done.Letters {
		e.noteLetter(n)
	}
	return err
}

// eraseLetters deletes the letters that lie in a folder for want of a relay: again,
// since some may have been written meanwhile, and those that only their words betray.
func (e *erasure) eraseLetters(context.Context) error {
	folder := dataFolder(e.cfg.DataDir).outgoing()
	files, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err == nil && e.mentioned(b) {
			e.letters[f.Name()] = true
		}
	}
	return e.removeLetters()
}

func (e *erasure) removeLetters() error {
	for name := range e.letters {
		err := os.Remove(filepath.Join(dataFolder(e.cfg.DataDir).outgoing(), name))
		if err == nil {
			e.certificate.Files++
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// compact rewrites a store that keeps deleted bytes.
func (e *erasure) compact(ctx context.Context) error {
	if c, ok := e.records.backend.(interface{ Compact(context.Context) error }); ok {
		return c.Compact(ctx)
	}
	return nil
}

// listLeft looks through all records, and the files beside them, for his address and
// his names. Before an erasure that is what others wrote.
func (e *erasure) listLeft(ctx context.Context) error {
	his := map[string]bool{}
	for _, m := range e.certificate.Mails {
		his[m.Mail] = true
	}
	tickets := map[string]bool{}
	for _, id := range e.certificate.Tickets {
		tickets[string(id)] = true
	}
	err := store.Export(ctx, e.records.backend, func(r store.Record) error {
		if !e.mentioned([]byte(r.Key)) && !e.mentioned(r.Value) {
			return nil
		}
		if e.certificate.DryRun && e.goes(r.Key, his, tickets) {
			return nil
		}
		e.certificate.Left = append(e.certificate.Left, e.leftIn(r))
		return nil
	})
	if err != nil {
		return fmt.Errorf("looking for what is left: %w", err)
	}
	corrupt := filepath.Join(e.cfg.planned.journal.Dir, "corrupt")
	files, err := os.ReadDir(corrupt)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, f := range files {
		if b, err := os.ReadFile(filepath.Join(corrupt, f.Name())); err == nil && e.mentioned(b) {
			e.certificate.Left = append(e.certificate.Left, web.ErasureLeft{
				Where: "journal/corrupt/" + f.Name(), Why: "bytes that the disk had damaged name him; delete the file if nothing else in it is wanted",
			})
		}
	}
	return nil
}

// goes reports whether an erasure would change a record.
func (e *erasure) goes(key string, mails, tickets map[string]bool) bool {
	parts := strings.Split(key, "/")
	switch parts[0] {
	case "mail":
		return mails[parts[1]]
	case "ticket", "event", "notice":
		return tickets[parts[1]]
	case "index":
		return mails[parts[len(parts)-1]] || tickets[parts[len(parts)-1]]
	}
	return parts[0] == "contact" || parts[0] == "budget" || parts[0] == "clue"
}

// leftIn tells of a record that names him, without doing so itself.
func (e *erasure) leftIn(r store.Record) web.ErasureLeft {
	where := r.Key
	if e.mentioned([]byte(where)) {
		where = store.Keyspace(where) + "/…"
	}
	left := web.ErasureLeft{Where: where, Why: "it names him; look whether it should"}
	parts := strings.Split(r.Key, "/")
	switch parts[0] {
	case "mail":
		var m store.Mail
		if json.Unmarshal(r.Value, &m) == nil {
			left.Ticket = m.Outcome.Ticket
		}
		left.Why = "another's mail names or quotes him; its raw bytes are in the journal or the archive"
	case "event", "ticket", "notice":
		left.Ticket = ticket.ID(parts[1])
		left.Why = "words of others on a ticket name or quote him"
	}
	return left
}

// keep writes the certificate.
func (e *erasure) keep() error {
	folder := dataFolder(e.cfg.DataDir).erasures()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	name := e.certificate.At.Format("20060102T150405Z") + "-" + e.certificate.Person[:8] + ".json"
	e.certificate.File = filepath.Join("erasures", name)
	text, err := json.MarshalIndent(e.certificate, "", "  ")
	if err != nil {
		return err
	}
	return writeDurably(filepath.Join(folder, name), append(text, '\n'))
}
