package main

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"aismarttalk.tech/supportd/notifier"
	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
)

// personIndex is index.json of an export: what is in which file.
type personIndex struct {
	Address string        `json:"address"`
	Names   []string      `json:"names"`
	Made    time.Time     `json:"made"`
	Files   []personEntry `json:"files"`
}

type personEntry struct {
	File   string    `json:"file"`
	What   string    `json:"what"` // ticket, mail, raw mail, letter, contact
	Ticket ticket.ID `json:"ticket,omitempty"`
	Mail   string    `json:"mail,omitempty"`
	Date   time.Time `json:"date,omitzero"`
	SHA256 string    `json:"sha256"`
	Size   int       `json:"size"`
}

// ExportPerson writes all that is kept of a person as a tar stream: records as JSON,
// mails as they came and letters as they went, and at the end an index.
func (k keeper) ExportPerson(ctx context.Context, address string, w io.Writer) error {
	p, err := k.records.desk.Person(ctx, address)
	if err != nil {
		return err
	}
	x := personExport{tar: tar.NewWriter(w), now: k.world.now().UTC().Truncate(time.Second)}
	x.index = personIndex{Address: p.Address, Names: p.Names, Made: x.now, Files: []personEntry{}}
	if p.Contact != nil {
		if err := x.json(personEntry{File: "contact.json", What: "contact"}, p.Contact); err != nil {
			return err
		}
	}
	letters := p.Letters
	for _, t := range p.Tickets {
		e := personEntry{File: "tickets/" + string(t.Ticket.ID) + ".json", What: "ticket", Ticket: t.Ticket.ID, Date: t.Ticket.Opened}
		if err := x.json(e, t); err != nil {
			return err
		}
		letters = append(letters, t.Letters...)
	}
	raw := rawMail{k.journal, k.archive}
	for _, m := range p.Mails {
		e := personEntry{File: "mails/" + m.Outcome.Mail + ".json", What: "mail", Ticket: m.Outcome.Ticket, Mail: m.Outcome.Mail, Date: m.Outcome.Received}
		if err := x.json(e, m); err != nil {
			return err
		}
		b, err := archive.Read(ctx, raw, journal.ID(m.Outcome.Mail))
		if errors.Is(err, archive.ErrNotFound) {
			continue // no longer kept
		}
		if err != nil {
			return err
		}
		e.File, e.What = "mails/"+m.Outcome.Mail+".eml", "raw mail"
		if err := x.file(e, b); err != nil {
			return err
		}
	}
	if err := k.exportLetters(&x, p.Address, letters); err != nil {
		return err
	}
	return x.end()
}

// exportLetters composes the letters to the person again: the same notice gives the
// same letter.
func (k keeper) exportLetters(x *personExport, address string, letters []ticket.Notice) error {
	texts, err := templates.New(k.cfg.planned.texts)
	if err != nil {
		return err
	}
	composer, err := notifier.NewComposer(k.cfg.planned.notifier, texts, k.records.secrets.ring)
	if err != nil {
		return err
	}
	for _, n := range letters {
		if ticket.FoldAddress(n.To.Address) != address {
			continue
		}
		name := fmt.Sprintf("letters/%s.%d", n.Ticket, n.Number)
		e := personEntry{File: name + ".json", What: "letter", Ticket: n.Ticket, Date: n.Owed}
		if err := x.json(e, n); err != nil {
			return err
		}
		l, err := composer.Compose(n)
		if err != nil {
			continue // it was never sent: its record says why
		}
		e.File = name + ".eml"
		if err := x.file(e, l.Data); err != nil {
			return err
		}
	}
	return nil
}

type personExport struct {
	tar   *tar.Writer
	now   time.Time
	index personIndex
}

func (x *personExport) json(e personEntry, v any) error {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(v); err != nil {
		return err
	}
	return x.file(e, b.Bytes())
}

func (x *personExport) file(e personEntry, data []byte) error {
	sum := sha256.Sum256(data)
	e.SHA256, e.Size = hex.EncodeToString(sum[:]), len(data)
	x.index.Files = append(x.index.Files, e)
	return x.member(e.File, data)
}

func (x *personExport) member(name string, data []byte) error {
	if err := x.tar.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Mode: 0o600, ModTime: x.now, Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err := x.tar.Write(data)
	return err
}

func (x *personExport) end() error {
	b, err := json.MarshalIndent(x.index, "", "  ")
	if err != nil {
		return err
	}
	return errors.Join(x.member("index.json", append(b, '\n')), x.tar.Close())
}
