package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"aismarttalk.tech/supportd/store/backup"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

type personCommand struct {
	Export personExportCommand `cmd:"" help:"Write all that is kept of one person to a folder, with an index."`
	Erase  personEraseCommand  `cmd:"" help:"Erase it, and keep a certificate that names nobody."`
}

type personExportCommand struct {
	configFlags
	Address string `arg:"" help:"The person's mail address."`
	Out     string `required:"" placeholder:"DIR" help:"A folder that is not there yet or empty."`
}

// Run exports. What others wrote on his tickets is in it too: somebody looks through
// it before it is handed over.
func (c *personExportCommand) Run(ctx context.Context, h host) error {
	cfg, err := personConfig(c.configFlags, h, c.Address)
	if err != nil {
		return err
	}
	to := backupCommand{To: c.Out}
	if err := to.free(); err != nil {
		return err
	}
	k, done, err := openKeeping(ctx, cfg, h)
	if err != nil {
		return err
	}
	err = to.toFolder(func(w io.Writer) error { return k.ExportPerson(ctx, c.Address, w) })
	if err = errors.Join(err, done()); err != nil {
		return personFailure(err, "the export is not whole")
	}
	var index personIndex
	text, err := os.ReadFile(c.Out + "/index.json")
	if err == nil {
		err = json.Unmarshal(text, &index)
	}
	if err != nil {
		return personFailure(err, "the export cannot be read again")
	}
	_, err = fmt.Fprintf(h.out, "%s written to %s, listed in index.json. Tickets show what others wrote too, and notes of staff: look through them first.\n",
		counted(len(index.Files), "file"), c.Out)
	return err
}

func personConfig(f configFlags, h host, address string) (configuration, error) {
	if !ticket.ValidAddress(address) {
		return configuration{}, failf(exitUsage, "%q is not one mail address", address)
	}
	cfg, err := f.load(h.env)
	if err != nil {
		return cfg, err
	}
	return cfg, needDataFolder(cfg)
}

func personFailure(err error, what string) error {
	var f failure
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, web.ErrReasonNames):
		return failf(exitFailed, "%s", err)
	case errors.Is(err, backup.ErrIncomplete):
		return failf(exitTemporary, "%s; try again", what)
	}
	return failf(exitFailed, "%s: %s; the same command goes on where it stopped", what, reason(err))
}

type personEraseCommand struct {
	configFlags
	JSON    bool   `help:"Print the certificate."`
	Address string `arg:"" help:"The person's mail address."`
	DryRun  bool   `help:"Tell what would be erased, and erase nothing."`
	Reason  string `help:"Why, without naming the person: it is kept."`
}

// Run erases. There is no way back but a backup, which holds the person still.
func (c *personEraseCommand) Run(ctx context.Context, h host) error {
	cfg, err := personConfig(c.configFlags, h, c.Address)
	if err != nil {
		return err
	}
	if c.Reason == "" && !c.DryRun {
		return failf(exitUsage, "say why with --reason, for the certificate; --dry-run tells what would be erased")
	}
	k, done, err := openKeeping(ctx, cfg, h)
	if err != nil {
		return err
	}
	e, err := k.ErasePerson(ctx, web.ErasureOrder{Address: c.Address, Reason: c.Reason, DryRun: c.DryRun})
	if err = errors.Join(err, done()); err != nil {
		return personFailure(err, "not all was erased")
	}
	if c.JSON {
		return json.NewEncoder(h.out).Encode(e)
	}
	return c.tell(h.out, h.width, e)
}

func (c *personEraseCommand) tell(w io.Writer, width int, e web.Erasure) error {
	what := fmt.Sprintf("Erased from %s: %s, %s; %s rewritten or deleted, %s on disk.",
		counted(len(e.Tickets), "ticket"), counted(len(e.Mails), "mail"), counted(e.Letters, "letter"), counted(e.Records, "record"), counted(e.Files, "file"))
	if e.DryRun {
		what = fmt.Sprintf("This would be erased: %s, from %s. Nothing was.", counted(len(e.Mails), "mail"), counted(len(e.Tickets), "ticket"))
	}
	fmt.Fprintln(w, what)
	if len(e.Left) > 0 {
		fmt.Fprintln(w, "Others mention the person here; look whether that may stay:")
		t := newTable(w, width, "WHERE", "TICKET", "WHY")
		for _, l := range e.Left {
			t.row(l.Where, string(l.Ticket), l.Why)
		}
		if err := t.flush(); err != nil {
			return err
		}
	}
	if e.File != "" {
		fmt.Fprintf(w, "The certificate is %s in the data folder. Backups from before hold the person still.\n", e.File)
	}
	return nil
}
