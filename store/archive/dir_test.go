package archive_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/archive/archivetest"
)

func mustDir(t *testing.T, root string) *archive.Dir {
	t.Helper()
	d, err := archive.NewDir(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestDir(t *testing.T) {
	archivetest.Run(t, func(t *testing.T) func() archive.Archive {
		root := filepath.Join(t.TempDir(), "archive")
		t.Cleanup(func() {
			for _, name := range plainFiles(t, root) {
				if _, ok := archive.ParseName(name); !ok {
					t.Errorf("%s was left behind", name)
				}
			}
		})
		return func() archive.Archive { return mustDir(t, root) }
	})
}

// plainFiles lists what is below root, for nobody else to read.
func plainFiles(t *testing.T, root string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 && name != root {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
		if !e.IsDir() {
			rel, _ := filepath.Rel(root, name)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// A replay puts mails again. That must mend a file torn by a power failure,
// which came before its content.
func TestPutMendsATornFile(t *testing.T) {
	root := t.TempDir()
	d := mustDir(t, root)
	file := filepath.Join(root, "2026/03/09", string(archivetest.ID)+".eml")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	archivetest.Put(t, d, archivetest.ID, "the mail")
	if got := archivetest.Read(t, d, archivetest.ID); got != "the mail" {
		t.Errorf("put over a torn file: %q", got)
	}
}

func TestNewDirSweepsWhatNeverArrived(t *testing.T) {
	root := t.TempDir()
	mustDir(t, root)
	if err := os.WriteFile(filepath.Join(root, "tmp", "half"), []byte("half a mail"), 0o600); err != nil {
		t.Fatal(err)
	}
	mustDir(t, root)
	if names := plainFiles(t, root); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
	if _, err := archive.NewDir(""); err == nil {
		t.Error("NewDir without a folder")
	}
}
