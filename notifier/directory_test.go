package notifier

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestDirectory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "outgoing")
	d, err := NewDirectory(path)
	if err != nil {
		t.Fatal(err)
	}
	c := newComposer(t)
	first := compose(t, c, sample(t, "da", "acknowledgement"))
	second := compose(t, c, sample(t, "da", "resolved"))
	for _, l := range []Letter{first, second, first} { // the last is a resend (fault 7)
		if _, err := d.Send(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2 {
		t.Fatalf("%d files for two letters: %v", len(files), files)
	}
	got, err := os.ReadFile(filepath.Join(path, FileName(first.MessageID)))
	if err != nil || !bytes.Equal(got, first.Data) {
		t.Errorf("%v, %d bytes, want the letter's %d", err, len(got), len(first.Data))
	}
	info, err := files[0].Info()
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v: letters are private", info.Mode(), err)
	}
}

// A folder that cannot be written is mended by people: the letter waits.
func TestDirectoryGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "outgoing")
	d, err := NewDirectory(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	_, err = d.Send(t.Context(), compose(t, newComposer(t), sample(t, "da", "acknowledgement")))
	var failed *SendError
	if !errors.As(err, &failed) || failed.Permanent {
		t.Errorf("error %v, want a temporary one", err)
	}
}

// What a crash left half-written is cleared at the next start.
func TestDirectorySweepsHalfWrittenLetters(t *testing.T) {
	path := t.TempDir()
	for _, name := range []string{".ais7k3qm2xq.1.1abc.eml123456789", "ais7k3qm2xq.2.1abc.eml", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(path, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := NewDirectory(path); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(path, "*"))
	if err != nil || len(left) != 2 {
		t.Errorf("%v, %v, want the letter and the notes", left, err)
	}
	if hidden, _ := filepath.Glob(filepath.Join(path, ".*")); len(hidden) != 0 {
		t.Errorf("left: %v", hidden)
	}
}

func TestFileNameStaysInTheFolder(t *testing.T) {
	for id, want := range map[string]string{
		"ais7k3qm2xq.1.1abc@firma.example": "ais7k3qm2xq.1.1abc.eml",
		"../../etc/passwd@firma.example":   ".._.._etc_passwd.eml",
		"a\x00b\\c@firma.example":          "a_b_c.eml",
	} {
		if got := FileName(id); got != want {
			t.Errorf("FileName(%q) = %q, want %q", id, got, want)
		}
	}
}

func BenchmarkDirectory(b *testing.B) {
	d, err := NewDirectory(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	l := compose(b, newComposer(b), sample(b, "da", "resolved"))
	for b.Loop() {
		if _, err := d.Send(b.Context(), l); err != nil {
			b.Fatal(err)
		}
	}
}
