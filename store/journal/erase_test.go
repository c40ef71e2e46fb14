package journal

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// filesWith lists the files below a folder that hold some bytes.
func filesWith(t *testing.T, dir, text string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		if bytes.Contains(b, []byte(text)) {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// Of erased mails no byte is left, whether they were done, pending, parked, large or
// in the segment that is being written; all others are as they were, no replay and no
// restart brings them back, and the journal goes on.
func TestErase(t *testing.T) {
	clk := newClock()
	cfg := Config{Dir: t.TempDir(), SegmentBytes: 1500, LargeBytes: 300}
	deps := Deps{Now: clk.now, Boot: "a"}
	j := mustOpen(t, cfg, deps)
	var his, others []ID
	texts := map[ID]string{}
	for i := range 24 {
		who, text := "other@firma.example", "Alt virker."
		if i%3 == 0 {
			who, text = "karen@firma.example", "Hemmelig sag"
		}
		if i%4 == 3 || i == 0 {
			text = strings.Repeat(text+" ", 40) // in a file of its own
		}
		id, err := j.Put(t.Context(), Envelope{Received: clk.now(), From: who, To: []string{"contact@firma.example"}}, strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		texts[id] = text
		if i%3 == 0 {
			his = append(his, id)
		} else {
			others = append(others, id)
		}
		clk.advance(time.Hour)
	}
	for range 8 { // the oldest are done, one is parked, the rest waits
		m, err := j.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if m.ID == his[1] {
			err = j.Park(m.ID, "it cannot be read")
		} else {
			err = j.Done(m.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(filesWith(t, cfg.Dir, "Hemmelig")) == 0 || len(filesWith(t, cfg.Dir, "karen@")) == 0 {
		t.Fatal("nothing to erase: this test proves nothing")
	}

	n, err := j.Erase(his)
	if err != nil || n != len(his) {
		t.Fatalf("Erase: %d, %v, want %d", n, err, len(his))
	}
	if n, err := j.Erase(his); n != 0 || err != nil {
		t.Errorf("Erase again: %d, %v", n, err)
	}
	check := func(when string) {
		t.Helper()
		for _, text := range []string{"Hemmelig", "karen@"} {
			if names := filesWith(t, cfg.Dir, text); len(names) > 0 {
				t.Errorf("%s: %q is left in %v", when, text, names)
			}
		}
		for _, id := range his {
			if _, err := j.Read(id); !errors.Is(err, ErrNotFound) {
				t.Errorf("%s: reading an erased mail: %v", when, err)
			}
		}
		for _, id := range others {
			m, err := j.Read(id)
			if err != nil {
				t.Fatalf("%s: %v", when, err)
			}
			if b, err := m.Bytes(); err != nil || string(b) != texts[id] || m.Envelope.From != "other@firma.example" {
				t.Errorf("%s: mail %s is %q from %s, %v", when, id, b, m.Envelope.From, err)
			}
		}
	}
	check("at once")
	j = reopen(t, j, cfg, Deps{Now: clk.now, Boot: "a"})
	check("after a restart")
	if n, err := j.Replay(time.Time{}); err != nil || n > len(others) {
		t.Errorf("Replay: %d, %v", n, err)
	}
	if s := j.Stats(); s.Pending != len(others) || s.Parked != 0 || s.Damaged != 0 {
		t.Errorf("after a replay: %+v, want %d pending", s, len(others))
	}
	for range others {
		m, err := j.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if b, err := m.Bytes(); err != nil || string(b) != texts[m.ID] {
			t.Errorf("handed out: %q, %v", b, err)
		}
	}
	if _, err := j.Put(t.Context(), Envelope{Received: clk.now()}, strings.NewReader("en ny")); err != nil {
		t.Error(err)
	}
}
