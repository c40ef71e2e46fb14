package notifier

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
)

// Directory is the Sender where there is no relay: each letter becomes an .eml
// file, named by its Message-ID, so that a letter sent again replaces itself.
type Directory struct{ path string }

// NewDirectory makes the folder if it does not exist, and removes what a crash left
// half-written: those letters are written again.
func NewDirectory(path string) (*Directory, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder for letters: %w", err)
	}
	files, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("reading the folder for letters: %w", err)
	}
	for _, f := range files {
		if name := f.Name(); strings.HasPrefix(name, ".") && strings.Contains(name, ".eml") {
			if err := os.Remove(filepath.Join(path, name)); err != nil {
				return nil, fmt.Errorf("removing a half-written letter: %w", err)
			}
		}
	}
	return &Directory{path: path}, nil
}

// Send writes the letter. After nil it is on disk, whole, under its name.
func (d *Directory) Send(_ context.Context, l Letter) (Receipt, error) {
	name := FileName(l.MessageID)
	if err := d.write(name, l.Data); err != nil {
		return Receipt{}, &SendError{Reply: oneLine(err.Error()), Err: err}
	}
	return Receipt{Reply: "written to " + name}, nil
}

func (d *Directory) write(name string, data []byte) error {
	path := filepath.Join(d.path, name)
	// The temporary file lies beside its target: a rename out of another file
	// system would not be atomic.
	err := renameio.WriteFile(path, data, 0o600, renameio.WithTempDir(d.path), renameio.WithStaticPermissions(0o600))
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	// A rename is kept through a power failure once the folder is synced too.
	folder, err := os.Open(d.path)
	if err != nil {
		return fmt.Errorf("syncing %s: %w", d.path, err)
	}
	defer folder.Close()
	if err := folder.Sync(); err != nil {
		return fmt.Errorf("syncing %s: %w", d.path, err)
	}
	return nil
}

// FileName is the Message-ID of a letter as the name of the file that a Directory
// writes: our Message-IDs hold nothing else than what is kept here.
func FileName(messageID string) string {
	local, _, _ := strings.Cut(messageID, "@")
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' {
			return r
		}
		return '_'
	}, local) + ".eml"
}
