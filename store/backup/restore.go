package backup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"aismarttalk.tech/supportd/store"
)

// Target is where a backup is brought back to.
type Target struct {
	Backend store.Backend
	Folders []Folder // by the names that they had in the backup; of others nothing is brought back
	Archive Archive  // nil: no mail is brought back
	// Force replaces the records that are there. Files that are there stay, but
	// for keys and for what the backup has a longer copy of: a journal that lived
	// on has mails which the backup has not.
	Force bool
	// Keys is the name of the folder whose files the backup replaces.
	Keys string
}

// Restore brings a backup back, after Verify has found it whole, and reads the
// records back. ErrOccupied if records or files are there and Force is not set;
// nothing was changed then. Who is interrupted begins again with Force.
func Restore(ctx context.Context, s Source, t Target) (Manifest, error) {
	m, err := Verify(s)
	if err != nil {
		return m, err
	}
	empty, err := store.Empty(ctx, t.Backend)
	if err != nil {
		return m, fmt.Errorf("looking into the store: %w", err)
	}
	if !empty && !t.Force {
		return m, fmt.Errorf("%w: the store holds records", ErrOccupied)
	}
	if !t.Force {
		if err := t.unoccupied(ctx, s); err != nil {
			return m, err
		}
	}
	touched := map[string]bool{}
	err = s.each(func(name string, r io.Reader) error { // the files first: records without their keys are worth little
		if id, ok := archived(name); ok && t.Archive != nil {
			return t.Archive.Put(ctx, id, r)
		}
		to, folder, ok := t.place(name)
		if !ok {
			return nil
		}
		touched[filepath.Dir(to)] = true
		return t.file(folder, to, r)
	})
	if err != nil {
		return m, fmt.Errorf("bringing back the files: %w", err)
	}
	if t.Archive != nil {
		if err := t.Archive.Sync(); err != nil {
			return m, err
		}
	}
	for dir := range touched {
		if err := syncFolder(dir); err != nil {
			return m, fmt.Errorf("syncing %s: %w", dir, err)
		}
	}
	if err := store.Clear(ctx, t.Backend); err != nil {
		return m, err
	}
	return m, s.each(func(name string, r io.Reader) error {
		if name != recordsName {
			return nil
		}
		return putRecords(ctx, t.Backend, r, m)
	})
}

// place is where a member goes, and to which folder.
func (t Target) place(name string) (to, folder string, ok bool) {
	folder, below, _ := strings.Cut(name, "/")
	i := slices.IndexFunc(t.Folders, func(f Folder) bool { return f.Name == folder && below != "" && f.Path != "" })
	if i < 0 {
		return "", "", false
	}
	return filepath.Join(t.Folders[i].Path, filepath.FromSlash(below)), folder, true
}

// unoccupied refuses to write over any file that is there and is another one. One
// that was only appended to since, as the journal's are, may stay.
func (t Target) unoccupied(ctx context.Context, s Source) error {
	return s.each(func(name string, r io.Reader) error {
		if id, ok := archived(name); ok && t.Archive != nil {
			return t.unoccupiedArchive(ctx, id, r)
		}
		to, _, ok := t.place(name)
		if !ok {
			return nil
		}
		same, err := beginsWith(to, r)
		if err == nil && !same {
			err = fmt.Errorf("%w: %s", ErrOccupied, to)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}

func beginsWith(file string, r io.Reader) (bool, error) {
	f, err := os.Open(file)
	if err != nil {
		return false, err
	}
	defer f.Close()
	want, there := make([]byte, 64<<10), make([]byte, 64<<10)
	for {
		n, err := io.ReadFull(r, want)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return false, err
		}
		if _, err := io.ReadFull(f, there[:n]); err != nil || !bytes.Equal(there[:n], want[:n]) {
			return false, nil
		}
		if err != nil {
			return true, nil
		}
	}
}

// file writes a file, unless a longer one is there that lived on.
func (t Target) file(folder, to string, r io.Reader) error {
	info, err := os.Stat(to)
	if errors.Is(err, fs.ErrNotExist) || folder == t.Keys {
		return writeFile(to, r)
	}
	if err != nil {
		return err
	}
	temp := filepath.Join(filepath.Dir(to), ".restored-"+filepath.Base(to))
	defer os.Remove(temp) // gone if it took the other's place
	if err := writeFile(temp, r); err != nil {
		return err
	}
	restored, err := os.Stat(temp)
	if err != nil || restored.Size() <= info.Size() {
		return err
	}
	return os.Rename(temp, to)
}

func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
