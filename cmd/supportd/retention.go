package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/web"
)

// Times of retention.
const (
	retainLook = time.Minute    // how late it may begin
	clearEvery = 24 * time.Hour // a replay, or another node, may leave bytes to clear out
)

// retain lets go of what is past retention when it is due, and clears this node's
// archive of what the store says is to be kept no longer. Nodes share a store, and may
// each have an archive.
func (d *daemon) retain(ctx context.Context) error {
	k := d.keeper()
	var cleared time.Time
	tick := time.NewTicker(retainLook)
	defer tick.Stop()
	for {
		ran, err := d.records.desk.RetainDue(ctx)
		now := d.world.now()
		if err == nil && (ran || now.Sub(cleared) >= clearEvery) {
			cleared = now
			if _, err = k.clear(ctx); err != nil { // a bucket that is away is not asked every minute
				cleared = now.Add(sweepEvery - clearEvery)
			}
		}
		if err != nil && ctx.Err() == nil {
			d.world.log.Error().Err(err).Msg("not all that is past retention went; it is tried again")
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Retain lets go of what is past retention, now, or with dry tells what that is.
func (k keeper) Retain(ctx context.Context, dry bool) (web.Retention, error) {
	done, err := k.records.desk.Retain(ctx, dry)
	r := web.Retention{Retained: done, DryRun: dry}
	if err == nil && !dry {
		r.Files, err = k.clear(ctx)
	}
	return r, err
}

// clear deletes bytes that are to be kept no longer, and tells how many mails and
// letters that were.
func (k keeper) clear(ctx context.Context) (int, error) {
	mails, err := k.clearArchive(ctx)
	letters, lettersErr := k.clearLetters()
	if n := mails + letters; n > 0 {
		k.world.log.Info().Int("mails", mails).Int("letters", letters).Msg("bytes past retention were deleted")
	}
	return mails + letters, errors.Join(err, lettersErr)
}

// clearBatch is how many mails the store is asked about at once.
const clearBatch = 1000

// clearArchive walks the archive beside the rows of deleted mails: both are in the
// order of their IDs.
func (k keeper) clearArchive(ctx context.Context) (int, error) {
	n := 0
	var batch []string
	flush := func() error {
		gone, err := k.records.store.DeletedMails(ctx, batch)
		if err != nil {
			return err
		}
		for _, mail := range gone {
			if err := k.archive.Delete(ctx, journal.ID(mail)); err != nil {
				return err
			}
			n++
		}
		batch = batch[:0]
		return nil
	}
	for id, err := range k.archive.All(ctx) {
		if err == nil {
			if batch = append(batch, string(id)); len(batch) == clearBatch {
				err = flush()
			}
		}
		if err != nil {
			return n, fmt.Errorf("clearing out the archive: %w", err)
		}
	}
	if err := errors.Join(flush(), k.archive.Sync()); err != nil {
		return n, fmt.Errorf("clearing out the archive: %w", err)
	}
	return n, nil
}

// clearLetters deletes old files of the folder that letters go to for want of a relay.
func (k keeper) clearLetters() (int, error) {
	after := k.cfg.Retention.Letters
	if after == 0 {
		return 0, nil
	}
	folder := dataFolder(k.cfg.DataDir).outgoing()
	files, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	n := 0
	for _, f := range files {
		info, statErr := f.Info()
		if statErr != nil || !info.Mode().IsRegular() || info.ModTime().Add(after).After(k.world.now()) {
			continue
		}
		if removeErr := os.Remove(filepath.Join(folder, f.Name())); removeErr != nil && !errors.Is(removeErr, fs.ErrNotExist) {
			err = errors.Join(err, removeErr)
			continue
		}
		n++
	}
	return n, err
}
