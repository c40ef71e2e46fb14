package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/backup"
	"aismarttalk.tech/supportd/store/journal"
)

type backupCommand struct {
	configFlags
	JSON bool   `help:"Print the manifest."`
	To   string `arg:"" name:"to" help:"FILE.tar, or a folder that is not there yet or empty."`
}

// Run writes a backup and reads it again, so that what was written is known to be
// whole.
func (c *backupCommand) Run(ctx context.Context, h host) error {
	cfg, err := c.load(h.env)
	if err != nil {
		return err
	}
	if err := needDataFolder(cfg); err != nil {
		return err
	}
	write := c.toFolder
	if strings.HasSuffix(c.To, ".tar") {
		write = c.toFile
	}
	if err := c.free(); err != nil {
		return err
	}
	k, done, err := openKeeping(ctx, cfg, h)
	if err != nil {
		return err
	}
	err = write(func(w io.Writer) error { return k.Backup(ctx, w) })
	if err = errors.Join(err, done()); err != nil {
		return backupFailure(err, "the backup was not written")
	}
	source, err := backup.Open(c.To)
	if err != nil {
		return backupFailure(err, "the backup cannot be read again")
	}
	m, err := backup.Verify(source)
	if err != nil {
		return backupFailure(err, "the backup was written and is not whole")
	}
	return c.tell(h.out, m)
}

// free refuses to write over something.
func (c *backupCommand) free() error {
	if strings.HasSuffix(c.To, ".tar") {
		if _, err := os.Stat(c.To); err == nil {
			return failf(exitFailed, "%s is there already; choose another name", c.To)
		}
		return nil
	}
	entries, err := os.ReadDir(c.To)
	if err == nil && len(entries) > 0 {
		return failf(exitFailed, "the folder %s is not empty; choose another, or name a file FILE.tar", c.To)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return failf(exitFailed, "%s cannot be written to: %s", c.To, reason(err))
	}
	return nil
}

// toFile writes a file that is whole or absent.
func (c *backupCommand) toFile(write func(io.Writer) error) error {
	f, err := renameio.NewPendingFile(c.To, renameio.WithTempDir(filepath.Dir(c.To)), renameio.WithStaticPermissions(0o600))
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		return errors.Join(err, f.Cleanup())
	}
	return f.CloseAtomicallyReplace()
}

// toFolder unpacks while it is written.
func (c *backupCommand) toFolder(write func(io.Writer) error) error {
	if err := os.MkdirAll(c.To, 0o700); err != nil {
		return err
	}
	r, w := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := write(w)
		w.CloseWithError(err)
		written <- err
	}()
	err := backup.Unpack(r, c.To)
	r.CloseWithError(err)
	if failed := <-written; failed != nil {
		return failed
	}
	return err
}

func (c *backupCommand) tell(w io.Writer, m backup.Manifest) error {
	if c.JSON {
		return json.NewEncoder(w).Encode(m)
	}
	_, err := fmt.Fprintf(w, "%s holds %s and %s, %s; it was read again and is whole.\n", c.To,
		counted(m.Records, "record"), counted(m.Files-1, "file"), byteText(m.Bytes))
	if err == nil && !m.OneMoment {
		_, err = fmt.Fprintln(w, "The store was never quiet, so its records are not all of one moment; for a copy that is, stop the daemons first.")
	}
	for _, e := range m.Elsewhere {
		if err == nil {
			_, err = fmt.Fprintln(w, "Not in it: "+e)
		}
	}
	return err
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func byteText(n int64) string {
	const unit = 1024
	if n < unit {
		return fmt.Sprintf("%d bytes", n)
	}
	value, prefix := float64(n)/unit, 0
	for ; value >= unit && prefix < 4; prefix++ {
		value /= unit
	}
	return fmt.Sprintf("%.1f %ciB", value, "KMGTP"[prefix])
}

type restoreCommand struct {
	configFlags
	JSON  bool   `help:"Print the manifest."`
	Force bool   `help:"Replace the records and keys that are there. The journal and the archive keep what they have."`
	From  string `arg:"" name:"from" help:"A backup: FILE.tar, or a folder."`
}

// Run brings a backup back to the store and the data folder of the configuration.
// No daemon may work on them.
func (c *restoreCommand) Run(ctx context.Context, h host) error {
	cfg, err := c.load(h.env)
	if err != nil {
		return err
	}
	if cfg.Store.Kind == "memory" {
		return failf(exitFailed, "store.kind memory keeps nothing; choose bolt or redis")
	}
	if _, err := dial(ctx, cfg); !errors.Is(err, errNoDaemon) {
		return failf(exitFailed, "a supportd works on %s; stop it first", cfg.DataDir)
	}
	privateFiles()
	m, err := c.restore(ctx, cfg, h)
	if err != nil {
		return backupFailure(err, "the backup was not brought back")
	}
	if c.JSON {
		return json.NewEncoder(h.out).Encode(m)
	}
	_, err = fmt.Fprintf(h.out, "%s and %s of %s are back, and were read again.\n"+
		"Mails that came after the backup and are in the journal are filed by: supportd replay\n",
		counted(m.Records, "record"), counted(m.Files-1, "file"), m.Began.In(cfg.zone()).Format("2006-01-02 15:04:05 MST"))
	return err
}

func (c *restoreCommand) restore(ctx context.Context, cfg configuration, h host) (_ backup.Manifest, err error) {
	source, err := backup.Open(c.From)
	if err != nil {
		return backup.Manifest{}, err
	}
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return backup.Manifest{}, err
	}
	// The journal's lock keeps daemons away; it looks at its files when it is opened
	// next.
	j, err := journal.Open(cfg.planned.journal, journal.Deps{Now: h.now})
	if err != nil {
		return backup.Manifest{}, err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	b, err := openBackend(cfg)
	if err != nil {
		return backup.Manifest{}, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	a, err := openArchive(cfg)
	if err != nil {
		return backup.Manifest{}, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	data := dataFolder(cfg.DataDir)
	return backup.Restore(ctx, source, backup.Target{
		Backend: b, Archive: a, Force: c.Force, Keys: keyFolder,
		Folders: []backup.Folder{
			{Name: keyFolder, Path: data.keys()}, {Name: "journal", Path: data.journal()}, {Name: "sent", Path: data.sent()},
		},
	})
}

// backupFailure says in words what went wrong.
func backupFailure(err error, what string) error {
	var f failure
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, backup.ErrIncomplete):
		return failf(exitFailed, "%s: it is damaged, cut off or no backup (%s)", what, err)
	case errors.Is(err, store.ErrNewer):
		return failf(exitFailed, "%s: %s; use that version of supportd", what, err)
	case errors.Is(err, backup.ErrOccupied):
		return failf(exitFailed, "%s: something is kept here already (%s); restore into an empty data folder and store, or replace it with --force", what, err)
	case errors.Is(err, journal.ErrLocked):
		return failf(exitFailed, "%s: another supportd works on the data folder; stop it first", what)
	}
	return failf(exitFailed, "%s: %s", what, reason(err))
}
