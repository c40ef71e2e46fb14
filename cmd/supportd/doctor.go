package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/rediskv"
)

type doctorCommand struct {
	configFlags
	JSON bool `help:"Print the findings as JSON."`
}

// finding is what one look gave. Only bad ones make the doctor fail.
type finding struct {
	Part   string  `json:"part"`
	Grade  verdict `json:"verdict"`
	Detail string  `json:"detail"`
}

// verdict is how a part is.
type verdict string

// Verdicts.
const (
	wellDone verdict = "ok"
	doubtful verdict = "warning"
	bad      verdict = "bad"
)

// lookTimeout bounds what one look waits for others.
const lookTimeout = 10 * time.Second

// doctor looks at one part after the other. Resolver and clock are given.
type doctor struct {
	cfg      configuration
	resolver resolver
	now      func() time.Time
	findings []finding
	prints   store.Keys // nil until the keys were read
}

func (d *doctor) found(part string, v verdict, format string, args ...any) {
	d.findings = append(d.findings, finding{part, v, fmt.Sprintf(format, args...)})
}

// Run looks at everything and exits 1 if something is bad.
func (c *doctorCommand) Run(ctx context.Context, h host) error {
	cfg, err := c.load(h.env)
	if err != nil {
		return err
	}
	d := doctor{cfg: cfg, resolver: net.DefaultResolver, now: h.now}
	d.examine(ctx)
	if c.JSON {
		err = json.NewEncoder(h.out).Encode(d.findings)
	} else {
		t := newTable(h.out, h.width, "PART", "VERDICT", "WHAT WAS FOUND")
		for _, f := range d.findings {
			t.row(f.Part, string(f.Grade), f.Detail)
		}
		err = t.flush()
	}
	if n := d.count(bad); err == nil && n > 0 {
		return failf(exitFailed, "%s to be mended", counted(n, "thing"))
	}
	return err
}

func (d *doctor) count(v verdict) int {
	n := 0
	for _, f := range d.findings {
		if f.Grade == v {
			n++
		}
	}
	return n
}

func (d *doctor) examine(ctx context.Context) {
	for _, look := range []func(context.Context){d.files, d.keys, d.disk, d.clock, d.store, d.archive, d.relay, d.scanners, d.domain} {
		bounded, cancel := context.WithTimeout(ctx, lookTimeout)
		look(bounded)
		cancel()
	}
}

// files looks whether others may read what is kept.
func (d *doctor) files(context.Context) {
	open, n := "", 0
	err := filepath.WalkDir(d.cfg.DataDir, func(name string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name != d.cfg.DataDir {
			return nil // gone meanwhile
		}
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 && e.Type()&fs.ModeSymlink == 0 && e.Type()&fs.ModeSocket == 0 {
			open = name
			n++
		}
		return nil
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.found("files", bad, "there is no data folder %s yet; start the daemon with: supportd serve", d.cfg.DataDir)
	case err != nil:
		d.found("files", bad, "%s cannot be read: %s; run this as the user of the daemon", d.cfg.DataDir, reason(err))
	case n > 0:
		d.found("files", bad, "others may read %s, such as %s; chmod -R go= %s", counted(n, "file"), open, d.cfg.DataDir)
	default:
		d.found("files", wellDone, "all of %s is for this user alone", d.cfg.DataDir)
	}
}

func (d *doctor) keys(context.Context) {
	keys, ring, err := listKeys(dataFolder(d.cfg.DataDir).keys())
	var ticketKey []byte
	if err == nil {
		ticketKey, err = readSecret(filepath.Join(dataFolder(d.cfg.DataDir).keys(), ticketKeyFile))
	}
	if err != nil {
		d.found("keys", bad, "%s", reason(err))
		return
	}
	last := keys[len(keys)-1]
	d.prints = fingerprints(ticketKey, ring)
	d.found("keys", wellDone, "%s of replies, version %s signs since %s; fingerprints %s, %s", counted(len(keys), "key"), last.Version, stamp(last.Since, d.cfg.zone()),
		d.prints[ticketKeyFile], d.prints[replyKeyPrefix+last.Version])
}

func (d *doctor) disk(context.Context) {
	free, err := freeSpace(d.cfg.DataDir)
	floor := d.cfg.Limits.FreeDiskBytes
	switch {
	case err != nil:
		d.found("disk", doubtful, "how much is free cannot be told: %s", reason(err))
	case free < floor:
		d.found("disk", bad, "%s free, below limits.free_disk_bytes: mail is put off", byteText(free))
	case free < 10*floor:
		d.found("disk", doubtful, "%s free; below %s mail is put off", byteText(free), byteText(floor))
	default:
		d.found("disk", wellDone, "%s free", byteText(free))
	}
}

// clock looks whether the clock runs behind what it once said: files are written by
// it. A wrong clock makes wrong promises.
func (d *doctor) clock(context.Context) {
	entries, _ := os.ReadDir(d.cfg.planned.journal.Dir)
	now, ahead := d.now(), time.Duration(0)
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			ahead = max(ahead, info.ModTime().Sub(now))
		}
	}
	if ahead > time.Minute {
		d.found("clock", bad, "it is %s behind the newest file of the journal: it was set back", ahead.Round(time.Second))
		return
	}
	d.found("clock", wellDone, "%s", stamp(now, d.cfg.zone()))
}

func (d *doctor) store(ctx context.Context) {
	if d.cfg.Store.Kind == "memory" {
		d.found("store", doubtful, "memory: tickets are forgotten at the end of the daemon")
		return
	}
	if d.cfg.Store.Kind == "bolt" {
		if _, err := os.Stat(dataFolder(d.cfg.DataDir).bolt()); err != nil {
			d.found("store", doubtful, "there is no store.bolt yet; the first start makes one")
			return
		}
	}
	b, err := openBackend(d.cfg)
	if errors.Is(err, boltkv.ErrLocked) {
		d.found("store", wellDone, "bolt; the running daemon has it, and healthcheck asks that")
		return
	}
	if err != nil {
		d.found("store", bad, "it cannot be opened: %s", reason(err))
		return
	}
	defer b.Close()
	if err := schemaKnown(ctx, b); err != nil {
		d.found("store", bad, "%s", err)
		return
	}
	if other, err := store.OtherKeys(ctx, b, d.prints); err != nil || len(other) > 0 {
		d.found("store", bad, "its records were written with other keys (%s) than those here; supportd does not start so. Copy keys/ from where they were written",
			strings.Join(other, ", "))
		return
	}
	d.found("store", wellDone, "%s answers, schema version %d at most", d.cfg.Store.Kind, store.SchemaVersion)
	if r, ok := b.(*rediskv.Backend); ok {
		d.redis(ctx, r)
	}
}

// schemaKnown reads and does not write: a doctor changes nothing.
func schemaKnown(ctx context.Context, b store.Backend) error {
	records, err := b.Scan(ctx, "schema/", store.PrefixEnd("schema/"), 1)
	if err != nil || len(records) == 0 {
		return err
	}
	s, err := store.New(b, store.Config{})
	if err != nil {
		return err
	}
	return s.Ready(ctx)
}

func (d *doctor) redis(ctx context.Context, r *rediskv.Backend) {
	s, err := r.Settings(ctx)
	if err != nil {
		d.found("redis", doubtful, "its settings may not be read; see that appendonly is yes, appendfsync always and maxmemory-policy noeviction")
		return
	}
	switch {
	case s.AppendOnly != "yes":
		d.found("redis", bad, "appendonly is %q: a restart forgets; set it to yes", s.AppendOnly)
	case s.AppendFsync != "always":
		d.found("redis", doubtful, "appendfsync is %q: a power failure forgets the last second, and no replay brings back what came by command; set it to always", s.AppendFsync)
	default:
		d.found("redis", wellDone, "appendonly yes, appendfsync always")
	}
	if s.MaxMemoryPolicy != "noeviction" {
		d.found("redis", bad, "maxmemory-policy is %q: records vanish when memory is short; set it to noeviction", s.MaxMemoryPolicy)
	}
}
