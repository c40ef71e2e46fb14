package backup

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
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"aismarttalk.tech/supportd/store"
)

// Folder is a folder whose plain files go into the backup.
type Folder struct {
	Name string // in the backup
	Path string // absent: nothing is copied
	// Skip leaves out files and folders, by their path below the folder, with
	// slashes; nil leaves out none.
	Skip func(name string) bool
}

// Parts are what a backup is made of.
type Parts struct {
	Backend   store.Backend
	Folders   []Folder // copied in this order, after the records
	Archive   Archive  // copied last; nil: none is
	Elsewhere []string // for the manifest
	Temp      string   // folder for a temporary copy of the records
	Program   string   // version
	Now       func() time.Time
}

// Write writes a backup. Files that vanish while it runs are left out, those that
// grow are copied up to where they ended.
func Write(ctx context.Context, w io.Writer, p Parts) (Manifest, error) {
	records, err := newSpool(p.Temp)
	if err != nil {
		return Manifest{}, err
	}
	defer records.close()
	sums, err := newSpool(p.Temp)
	if err != nil {
		return Manifest{}, err
	}
	defer sums.close()
	out := &writer{tar: tar.NewWriter(w), sums: sums, now: p.Now()}
	out.manifest = Manifest{Format: Format, Schema: store.SchemaVersion, Program: p.Program, Began: out.now.UTC(), Elsewhere: p.Elsewhere}

	c, err := writeRecords(ctx, p.Backend, records)
	if err != nil {
		return Manifest{}, err
	}
	out.manifest.Records, out.manifest.RecordsSHA256, out.manifest.OneMoment = c.records, c.digest, c.oneMoment
	r, size, err := records.reader()
	if err != nil {
		return Manifest{}, err
	}
	if err := out.file(recordsName, size, r); err != nil {
		return Manifest{}, err
	}
	for _, f := range p.Folders {
		if err := out.folder(ctx, f); err != nil {
			return Manifest{}, fmt.Errorf("copying %s: %w", f.Name, err)
		}
	}
	if p.Archive != nil {
		if err := out.archive(ctx, p.Archive); err != nil {
			return Manifest{}, fmt.Errorf("copying the archive: %w", err)
		}
	}
	return out.end(p.Now())
}

type writer struct {
	tar      *tar.Writer
	sums     *spool
	now      time.Time
	manifest Manifest
}

// file adds a member and notes its sum.
func (w *writer) file(name string, size int64, r io.Reader) error {
	sum, err := w.member(name, size, r)
	if err != nil {
		return err
	}
	w.manifest.Files++
	w.manifest.Bytes += size
	_, err = fmt.Fprintf(w.sums, "%s  %s\n", sum, name)
	return err
}

func (w *writer) member(name string, size int64, r io.Reader) (string, error) {
	h := tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: w.now.Truncate(time.Second), Format: tar.FormatPAX, Typeflag: tar.TypeReg}
	if err := w.tar.WriteHeader(&h); err != nil {
		return "", fmt.Errorf("writing %s: %w", name, err)
	}
	sum := sha256.New()
	if n, err := io.Copy(io.MultiWriter(w.tar, sum), io.LimitReader(r, size)); err != nil || n != size {
		return "", fmt.Errorf("writing %s: %d of %d bytes: %w", name, n, size, errors.Join(err, w.tar.Flush()))
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func (w *writer) folder(ctx context.Context, f Folder) error {
	if f.Path == "" {
		return nil
	}
	return filepath.WalkDir(f.Path, func(name string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone meanwhile, or never there
		}
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		below, err := filepath.Rel(f.Path, name)
		if err != nil {
			return err
		}
		below = filepath.ToSlash(below)
		switch {
		case f.Skip != nil && f.Skip(below) && e.IsDir():
			return fs.SkipDir
		case f.Skip != nil && f.Skip(below), !e.Type().IsRegular():
			return nil
		}
		return w.diskFile(path.Join(f.Name, below), name)
	})
}

func (w *writer) diskFile(name, file string) error {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return w.file(name, info.Size(), f)
}

// end writes the sums and the manifest.
func (w *writer) end(now time.Time) (Manifest, error) {
	r, size, err := w.sums.reader()
	if err != nil {
		return Manifest{}, err
	}
	if w.manifest.SumsSHA256, err = w.member(sumsName, size, r); err != nil {
		return Manifest{}, err
	}
	w.manifest.Ended = now.UTC()
	text, err := json.MarshalIndent(w.manifest, "", "  ")
	if err != nil {
		return Manifest{}, err
	}
	text = append(text, '\n')
	if _, err := w.member(manifestName, int64(len(text)), bytes.NewReader(text)); err != nil {
		return Manifest{}, err
	}
	if err := w.tar.Close(); err != nil {
		return Manifest{}, fmt.Errorf("ending the backup: %w", err)
	}
	return w.manifest, nil
}
