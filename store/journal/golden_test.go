package journal

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// What this version writes is, byte for byte, what stands in testdata/format-1;
// so a change of the format is seen, and earlier journals stay readable (fault
// 28).
func TestFormat(t *testing.T) {
	const golden = "testdata/format-1"
	clk := newClock()
	cfg := Config{Dir: t.TempDir(), LargeBytes: 60}
	j := mustOpen(t, cfg, Deps{Now: clk.now, Random: newChance(1), Boot: "5e1f4a6c"})
	first := mustPut(t, j, "Subject: Kan ikke logge ind\r\n\r\nAdgangskoden virker ikke.\r\n")
	clk.advance(time.Second)
	second := mustPut(t, j, "Subject: Faktura\r\n\r\n\xc3\xa6\xf8\x00\r\n")
	clk.advance(time.Second)
	large := mustPut(t, j, "Subject: Et langt brev\r\n\r\n"+string(bytes.Repeat([]byte("Det virker ikke. "), 10))+"\r\n")
	for _, err := range []error{
		j.Done(first), j.Park(second, "charset: unknown \"æ\""),
		j.Sweep(t.Context(), clk.now(), nil),
		j.Retry(second), j.Park(second, "again"), j.Done(large),
		j.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}

	if *update {
		if err := os.RemoveAll(golden); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(golden, os.DirFS(cfg.Dir)); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(golden, "lock")); err != nil {
			t.Fatal(err)
		}
	}
	names := files(t, golden)
	if diff := cmp.Diff(names, files(t, cfg.Dir)); diff != "" {
		t.Fatalf("files (-golden +written):\n%s", diff)
	}
	for _, name := range names {
		want, got := readFile(t, filepath.Join(golden, name)), readFile(t, filepath.Join(cfg.Dir, name))
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-golden +written):\n%s", name, diff)
		}
	}

	r, err := OpenReadOnly(Config{Dir: golden})
	if err != nil {
		t.Fatal(err)
	}
	var states []State
	for item, err := range r.All() {
		if err != nil {
			t.Fatal(err)
		}
		body(t, item.Mail)
		states = append(states, item.State)
	}
	// The last done mark is of another boot, and no Sweep followed it.
	if want := []State{StateDone, StateParked, StatePending}; !slices.Equal(states, want) {
		t.Errorf("states %v, want %v", states, want)
	}
}
