package archive

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"aismarttalk.tech/supportd/store/journal"
)

// id was minted on 2026-03-09 at 08:00 UTC.
const id = journal.ID("01kk8src009s09495rs4")

func mustDir(t *testing.T, root string) *Dir {
	t.Helper()
	d, err := NewDir(root)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func read(t *testing.T, d *Dir, id journal.ID) string {
	t.Helper()
	r, err := d.Open(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// plainFiles lists what is below root.
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

func TestMailIsKeptByteForByte(t *testing.T) {
	root := t.TempDir()
	d := mustDir(t, root)
	mail := "Subject: hej\r\n\r\n\x00\xff\xe6 Det virker ikke.\r\n"
	if err := d.Put(t.Context(), id, strings.NewReader(mail)); err != nil {
		t.Fatal(err)
	}
	if err := d.Sync(); err != nil {
		t.Fatal(err)
	}
	d = mustDir(t, root)
	if got := read(t, d, id); got != mail {
		t.Errorf("got %q, want %q", got, mail)
	}
	if names := plainFiles(t, root); len(names) != 1 || names[0] != "2026/03/09/"+string(id)+".eml" {
		t.Errorf("files %v", names)
	}
}

// A replay puts mails again. That must mend a file torn by a power failure,
// which came before its content.
func TestPutAgain(t *testing.T) {
	root := t.TempDir()
	d := mustDir(t, root)
	put := func() {
		t.Helper()
		if err := d.Put(t.Context(), id, strings.NewReader("the mail")); err != nil {
			t.Fatal(err)
		}
	}
	put()
	put()
	if got := read(t, d, id); got != "the mail" {
		t.Errorf("put twice: %q", got)
	}
	if err := os.Truncate(filepath.Join(root, plainFiles(t, root)[0]), 0); err != nil {
		t.Fatal(err)
	}
	put()
	if got := read(t, d, id); got != "the mail" || len(plainFiles(t, root)) != 1 {
		t.Errorf("put over a torn file: %q, files %v", got, plainFiles(t, root))
	}
}

func TestDelete(t *testing.T) {
	d := mustDir(t, t.TempDir())
	if err := d.Put(t.Context(), id, strings.NewReader("the mail")); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second finds nothing to delete
		if err := d.Delete(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Open(t.Context(), id); !errors.Is(err, ErrNotFound) {
		t.Errorf("Open: %v, want ErrNotFound", err)
	}
}

func TestPutThatFailsLeavesNothing(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		ctx  context.Context
		from io.Reader
		want error
	}{
		"the reader fails": {t.Context(), iotest.ErrReader(broken), broken},
		"ctx has ended":    {cancelled, strings.NewReader("the mail"), context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			d := mustDir(t, root)
			if err := d.Put(c.ctx, id, c.from); !errors.Is(err, c.want) {
				t.Errorf("Put: %v, want %v", err, c.want)
			}
			if names := plainFiles(t, root); len(names) != 0 {
				t.Errorf("left behind: %v", names)
			}
		})
	}
}

func TestNewDirSweepsWhatNeverArrived(t *testing.T) {
	root := t.TempDir()
	mustDir(t, root)
	if err := os.WriteFile(filepath.Join(root, tempFolder, "half"), []byte("half a mail"), 0o600); err != nil {
		t.Fatal(err)
	}
	mustDir(t, root)
	if names := plainFiles(t, root); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
	if _, err := NewDir(""); err == nil {
		t.Error("NewDir without a folder")
	}
}

// Bad-input 115, for IDs: nothing leads out of the folder.
func TestOnlyIDsNameFiles(t *testing.T) {
	root := filepath.Join(t.TempDir(), "archive")
	d := mustDir(t, root)
	for _, bad := range []journal.ID{"", "..", "../../../../etc/pass", "/etc/passwd/etc/pass", "01KK8SRC009S09495RS4"} {
		_, openErr := d.Open(t.Context(), bad)
		for call, err := range map[string]error{
			"Put": d.Put(t.Context(), bad, strings.NewReader("x")), "Open": openErr, "Delete": d.Delete(t.Context(), bad),
		} {
			if err == nil {
				t.Errorf("%s takes the ID %q", call, bad)
			}
		}
	}
	if names := plainFiles(t, root); len(names) != 0 {
		t.Errorf("files %v", names)
	}
}

func TestManyAtOnce(t *testing.T) {
	root := t.TempDir()
	d := mustDir(t, root)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			mine := id[:19] + journal.ID("0123456789abcdefghjkmnpqrstvwxyz"[i])
			mail := bytes.Repeat([]byte{byte(i)}, 10_000)
			if err := d.Put(t.Context(), mine, bytes.NewReader(mail)); err != nil {
				t.Error(err)
				return
			}
			if got := read(t, d, mine); got != string(mail) {
				t.Errorf("mail %d: %d bytes", i, len(got))
			}
		})
	}
	wg.Wait()
	if names := plainFiles(t, root); len(names) != 16 {
		t.Errorf("files %v", names)
	}
}
