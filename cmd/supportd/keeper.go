package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/parser"
	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/backup"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/web"
)

// keeper is what an operator does to all that is kept at once. The daemon has one,
// and where none runs a command opens its own.
type keeper struct {
	cfg     configuration
	world   world
	records records
	journal *journal.Journal
	archive archive.Archive
	parser  *parser.Parser
}

var _ web.Keeping = keeper{}

// openKeeping returns the running daemon's keeper, or one of this process.
func openKeeping(ctx context.Context, cfg configuration, h host) (k web.Keeping, closeAll func() error, err error) {
	c, err := dial(ctx, cfg)
	if err == nil {
		return remoteKeeper{c}, func() error { return nil }, nil
	}
	if !errors.Is(err, errNoDaemon) {
		return nil, nil, err
	}
	if cfg.Store.Kind == "memory" {
		return nil, nil, failf(exitFailed, "no daemon runs on %s, and store.kind memory leaves nothing behind", cfg.DataDir)
	}
	privateFiles()
	return openKeeper(cfg, world{now: h.now, random: rand.Reader, log: zerolog.Nop()})
}

// openKeeper opens everything as the daemon would, whose place it takes meanwhile.
func openKeeper(cfg configuration, w world) (_ keeper, closeAll func() error, err error) {
	var undo undo
	defer func() {
		if err != nil {
			err = errors.Join(keeperFailure(err, cfg), undo.all())
		}
	}()
	k := keeper{cfg: cfg, world: w}
	if k.journal, err = journal.Open(cfg.planned.journal, journal.Deps{Log: w.log, Now: w.now, Random: w.random}); err != nil {
		return keeper{}, nil, err
	}
	undo.add(k.journal.Close)
	if k.archive, err = openArchive(cfg); err != nil {
		return keeper{}, nil, err
	}
	undo.add(k.archive.Close)
	if k.records, err = openRecords(cfg, w, told{}); err != nil {
		return keeper{}, nil, err
	}
	undo.add(k.records.backend.Close)
	if k.parser, err = parser.New(cfg.planned.parser); err != nil {
		return keeper{}, nil, err
	}
	return k, undo.all, nil
}

func keeperFailure(err error, cfg configuration) error {
	if errors.Is(err, journal.ErrLocked) || errors.Is(err, boltkv.ErrLocked) {
		return failf(exitTemporary, "another supportd works on %s but does not answer; try again in a moment", cfg.DataDir)
	}
	return startFailure(err, cfg)
}

// Backup writes a backup as a tar stream.
func (k keeper) Backup(ctx context.Context, w io.Writer) error {
	data := dataFolder(k.cfg.DataDir)
	p := backup.Parts{Backend: k.records.backend, Archive: k.archive, Temp: k.cfg.DataDir, Program: buildVersion().Version, Now: k.world.now}
	p.Folders = []backup.Folder{
		{Name: "keys", Path: data.keys()},
		{Name: "journal", Path: data.journal(), Skip: k.unsealed()},
		{Name: "sent", Path: data.sent()},
	}
	_, err := backup.Write(ctx, w, p)
	return err
}

// unsealed leaves out of the journal what is being written, and what is of one run
// alone. The journal is sealed when it is first looked at: after the records.
func (k keeper) unsealed() func(name string) bool {
	var limit journal.ID
	return func(name string) bool {
		if limit == "" {
			var err error
			if limit, err = k.journal.Seal(); err != nil { // then a torn mail may be at its end, which Open repairs
				limit = "~"
			}
		}
		base := path.Base(name)
		id, err := journal.ParseID(strings.TrimSuffix(base, path.Ext(base)))
		return temporary(name) || name == "lock" || err == nil && id > limit
	}
}

// temporary is what is being written.
func temporary(name string) bool {
	return name == "tmp" || strings.HasPrefix(path.Base(name), ".") && name != "."
}

// remoteKeeper is the keeper of the running daemon.
type remoteKeeper struct{ client *client }

func (r remoteKeeper) Backup(ctx context.Context, w io.Writer) error {
	return r.client.stream(ctx, web.APIPath+"/backup", nil, w)
}

func (r remoteKeeper) ExportPerson(ctx context.Context, address string, w io.Writer) error {
	return r.client.stream(ctx, web.APIPath+"/person/export", url.Values{"address": {address}}, w)
}

func (r remoteKeeper) Import(ctx context.Context, o web.ImportOrder, raw []byte) (web.Imported, error) {
	query := url.Values{"notices": {strconv.FormatBool(o.Notices)}}
	if !o.Received.IsZero() {
		query.Set("received", o.Received.Format(time.RFC3339))
	}
	var done web.Imported
	err := r.client.postMail(ctx, web.APIPath+"/import?"+query.Encode(), raw, &done)
	return done, err
}

func (r remoteKeeper) Retain(ctx context.Context, dry bool) (web.Retention, error) {
	patient := *r.client
	patient.http = &http.Client{}
	var done web.Retention
	_, err := patient.post(ctx, web.APIPath+"/retention", nil, web.RetentionOrder{DryRun: dry}, &done)
	return done, err
}

func (r remoteKeeper) ErasePerson(ctx context.Context, o web.ErasureOrder) (web.Erasure, error) {
	patient := *r.client
	patient.http = &http.Client{}
	var done web.Erasure
	_, err := patient.post(ctx, web.APIPath+"/person/erase", nil, o, &done)
	return done, err
}
