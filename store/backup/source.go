package backup

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// Source is a backup as it lies somewhere: a tar file, or the folder into which one
// was unpacked.
type Source struct {
	path   string
	folder bool
}

// Open looks at what lies at a path.
func Open(name string) (Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return Source{}, fmt.Errorf("opening the backup: %w", err)
	}
	return Source{path: name, folder: info.IsDir()}, nil
}

// each hands every member to visit, which need not read it.
func (s Source) each(visit func(name string, r io.Reader) error) error {
	if s.folder {
		return s.eachFile(visit)
	}
	f, err := os.Open(s.path)
	if err != nil {
		return fmt.Errorf("opening the backup: %w", err)
	}
	defer f.Close()
	return eachMember(f, visit)
}

func (s Source) eachFile(visit func(name string, r io.Reader) error) error {
	return filepath.WalkDir(s.path, func(name string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		below, err := filepath.Rel(s.path, name)
		if err != nil {
			return err
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		return visit(filepath.ToSlash(below), f)
	})
}

func eachMember(r io.Reader, visit func(name string, r io.Reader) error) error {
	in := tar.NewReader(r)
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrIncomplete, err)
		}
		if h.Typeflag != tar.TypeReg || !filepath.IsLocal(filepath.FromSlash(h.Name)) {
			return fmt.Errorf("%w: it holds %q, which no backup does", ErrIncomplete, h.Name)
		}
		if err := visit(h.Name, in); err != nil {
			return err
		}
	}
}

// Unpack writes the members of a tar stream to a folder, which Open then takes.
func Unpack(r io.Reader, folder string) error {
	return eachMember(r, func(name string, r io.Reader) error {
		return writeFile(filepath.Join(folder, filepath.FromSlash(name)), r)
	})
}

// writeFile writes a file whole or not at all, mode 0600, durable but for its name.
func writeFile(name string, r io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := renameio.NewPendingFile(name, renameio.WithTempDir(filepath.Dir(name)), renameio.WithStaticPermissions(0o600))
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, r); err != nil {
		return errors.Join(err, f.Cleanup())
	}
	return f.CloseAtomicallyReplace()
}
