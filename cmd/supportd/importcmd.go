package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"time"

	"aismarttalk.tech/supportd/web"
)

type importCommand struct {
	configFlags
	JSON        bool   `help:"Print the counts as JSON."`
	SendNotices bool   `help:"Answer the mails and tell staff, as if they came in now."`
	Kind        string `arg:"" enum:"mbox,maildir,dir" help:"mbox, maildir or dir: all *.eml below a folder, or every file where there is none."`
	Path        string `arg:"" help:"The file or the folder."`
}

// importCounts is what became of the mails of a mailbox.
type importCounts struct {
	Taken   int `json:"taken"`
	Known   int `json:"known"`
	Skipped int `json:"skipped"`
}

// Run takes in every mail that is not on file yet, so that it may be interrupted and
// begun again.
func (c *importCommand) Run(ctx context.Context, h host) error {
	cfg, err := c.load(h.env)
	if err != nil {
		return err
	}
	mails, closeBox, err := c.mails(cfg.SMTP.MaxMessageBytes)
	if err != nil {
		return failf(exitFailed, "nothing was imported: %s", reason(err))
	}
	defer closeBox()
	k, done, err := openKeeping(ctx, cfg, h)
	if err != nil {
		return err
	}
	counts, err := c.take(ctx, k, mails, h)
	if err = errors.Join(err, done()); err != nil {
		var f failure
		if errors.As(err, &f) {
			return failure{f.code, fmt.Sprintf("%s\n%s were taken in before; run the same again to go on", f.text, counted(counts.Taken, "mail"))}
		}
		return failf(exitTemporary, "interrupted after %s: %s; run the same again to go on", counted(counts.Taken, "mail"), err)
	}
	if err := c.tell(h.out, counts); err != nil {
		return err
	}
	if counts.Skipped > 0 {
		return failf(exitFailed, "%s could not be imported; the lines above say why", counted(counts.Skipped, "mail"))
	}
	return nil
}

func (c *importCommand) mails(limit int64) (iter.Seq[oldMail], func() error, error) {
	nothing := func() error { return nil }
	if _, err := os.Stat(c.Path); err != nil {
		return nil, nil, err
	}
	switch c.Kind {
	case "mbox":
		f, err := os.Open(c.Path)
		if err != nil {
			return nil, nil, err
		}
		return mbox(c.Path, f, limit), f.Close, nil
	case "maildir":
		names, err := maildirFiles(c.Path)
		return mailFiles(names, limit), nothing, err
	default:
		return mailFiles(expand([]string{c.Path}), limit), nothing, nil
	}
}

// importProgress is how many mails go by between two lines of progress.
const importProgress = 500

func (c *importCommand) take(ctx context.Context, k web.Keeping, mails iter.Seq[oldMail], h host) (importCounts, error) {
	var counts importCounts
	for m := range mails {
		if err := ctx.Err(); err != nil {
			return counts, err
		}
		fault, err := c.takeOne(ctx, k, m, &counts)
		if err != nil {
			return counts, err
		}
		if fault != nil {
			counts.Skipped++
			fmt.Fprintf(h.errOut, "supportd: %s is skipped: %s\n", visible(m.name), reason(fault))
		}
		if n := counts.Taken + counts.Known + counts.Skipped; n%importProgress == 0 {
			fmt.Fprintf(h.errOut, "supportd: %d mails so far, %d taken in, %d known, %d skipped\n", n, counts.Taken, counts.Known, counts.Skipped)
		}
	}
	return counts, nil
}

// takeOne returns a fault of the mail, or an error that ends the import.
func (c *importCommand) takeOne(ctx context.Context, k web.Keeping, m oldMail, counts *importCounts) (fault, err error) {
	if m.err != nil {
		return m.err, nil
	}
	done, err := k.Import(ctx, web.ImportOrder{Received: m.received.UTC().Truncate(time.Second), Notices: c.SendNotices}, m.raw)
	var refused failure
	switch {
	case errors.Is(err, web.ErrNoMail), errors.As(err, &refused) && refused.code == exitFailed: // this mail is refused, not the daemon away
		return err, nil
	case err != nil:
		return nil, err
	case done.Known:
		counts.Known++
	default:
		counts.Taken++
	}
	return nil, nil
}

func (c *importCommand) tell(w io.Writer, counts importCounts) error {
	if c.JSON {
		return json.NewEncoder(w).Encode(counts)
	}
	_, err := fmt.Fprintf(w, "%s taken in, %d on file before, %d skipped. The daemon files them; trace MESSAGE-ID tells what became of each.\n",
		counted(counts.Taken, "mail"), counts.Known, counts.Skipped)
	return err
}
