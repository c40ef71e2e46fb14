package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/scanner"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/rediskv"
	"aismarttalk.tech/supportd/store/sent"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// records are what a daemon and a command without a daemon both work on: the
// store, the keys and the desk over them.
type records struct {
	secrets secrets
	store   *store.Store
	desk    *desk.Desk
	scanner *scanner.Scanner // nil: none is configured
	backend store.Backend
	sent    *sent.Log
}

// told is who hears of what the desk commits; each may be nil.
type told struct {
	owed    func()
	changed func(ticket.ID)
	filed   func(desk.Filed)
}

func openRecords(cfg configuration, w world, t told) (_ records, err error) {
	var undo undo
	defer func() {
		if err != nil {
			err = errors.Join(err, undo.all())
		}
	}()
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return records{}, fmt.Errorf("making the data folder: %w", err)
	}
	var r records
	if r.secrets, err = openSecrets(cfg.DataDir, w.random); err != nil {
		return records{}, err
	}
	if r.backend, err = openBackend(cfg); err != nil {
		return records{}, err
	}
	undo.add(r.backend.Close)
	if r.store, err = store.New(r.backend, store.Config{Keys: fingerprints(r.secrets.ticket, r.secrets.ring)}); err != nil {
		return records{}, err
	}
	if err = usable(r.store); err != nil {
		return records{}, err
	}
	if r.sent, err = sent.Open(dataFolder(cfg.DataDir).sent(), sent.Deps{Now: w.now, Random: w.random, Log: w.log}); err != nil {
		return records{}, err
	}
	checker, err := cfg.planned.senders.checker(w)
	if err != nil {
		return records{}, err
	}
	if r.scanner, err = openScanner(cfg.planned.scanners, w.log); err != nil {
		return records{}, err
	}
	keys := desk.Secrets{Tickets: r.secrets.ticket, Keys: r.secrets.ring}
	r.desk, err = desk.New(cfg.planned.desk, keys, desk.Deps{
		Store: r.store, Now: w.now, Owed: t.owed, Changed: t.changed, Filed: t.filed, Sender: checker, Scanner: mailScanner(r.scanner), Sent: r.sent, Random: w.random, Log: w.log,
	})
	return r, err
}

// storePatience is how long a start waits for the store to say whose it is.
const storePatience = 5 * time.Second

// usable refuses a store that is not for this supportd. One that does not answer
// keeps no mail from being taken; it is asked again before it is used.
func usable(s *store.Store) error {
	ctx, cancel := context.WithTimeout(context.Background(), storePatience)
	defer cancel()
	err := s.Ready(ctx)
	if errors.Is(err, store.ErrOtherKeys) || errors.Is(err, store.ErrNewer) {
		return err
	}
	return nil
}

// parts are those of the API that need nothing but the records.
func (r records) parts(cfg configuration, w world) web.Parts {
	return web.Parts{
		Desk: r.desk, Planning: r.desk, Digests: r.desk, Held: r.desk, SignIns: r.desk, Store: r.store, Prefix: cfg.planned.desk.Prefix, Support: cfg.planned.desk.Addresses[0],
		Staff: cfg.planned.desk.Correspondence.Staff, FAQ: cfg.planned.faq, Version: buildVersion().Version, Now: w.now, Random: w.random, Log: w.log,
	}
}

func openArchive(cfg configuration) (archive.Archive, error) {
	if cfg.Archive.Kind == "s3" {
		b, err := archive.NewS3(cfg.planned.bucket)
		if err != nil {
			return nil, err
		}
		return b, nil
	}
	d, err := archive.NewDir(dataFolder(cfg.DataDir).archive())
	if err != nil {
		return nil, err
	}
	return d, nil
}

func openBackend(cfg configuration) (store.Backend, error) {
	switch cfg.Store.Kind {
	case "redis":
		b, err := rediskv.New(cfg.planned.redis)
		if err != nil {
			return nil, err
		}
		return b, nil
	case "memory":
		return memkv.New(), nil
	default:
		b, err := boltkv.Open(boltkv.Config{Path: dataFolder(cfg.DataDir).bolt()})
		if err != nil {
			return nil, err
		}
		return b, nil
	}
}

// world is what enters from outside the program: time, chance, and where to
// write what happens.
type world struct {
	now    func() time.Time
	random io.Reader
	log    zerolog.Logger
}
