package journal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

var errPower = errors.New("the power is gone")

// powerDisk is a disk whose power fails at its nth operation. cut then leaves
// in the real folder what such a failure may leave: of the writes that were not
// synced some, whole or in part; of the files made, renamed and removed in a
// folder that was not synced, the first few.
type powerDisk struct {
	osDisk
	mu     sync.Mutex
	chance *rand.Rand
	left   int // operations until the power fails
	nodes  map[string]*node
	names  map[string][]func() // by folder: how to undo what happened to its names
}

// node is a file with writes that may be lost.
type node struct {
	synced []byte
	writes []write
}

type write struct {
	off  int64
	data []byte // nil: the file was cut to off
}

func newPowerDisk(r *rand.Rand, operations int) *powerDisk {
	return &powerDisk{chance: r, left: operations, nodes: map[string]*node{}, names: map[string][]func(){}}
}

// step is called with mu held, before each operation.
func (d *powerDisk) step() error {
	if d.left == 0 {
		return errPower
	}
	d.left--
	return nil
}

func (d *powerDisk) undo(name string, how func()) {
	dir := filepath.Dir(name)
	d.names[dir] = append(d.names[dir], how)
}

func (d *powerDisk) Create(name string) (file, error) { return d.open(name, d.osDisk.Create) }
func (d *powerDisk) Append(name string) (file, error) { return d.open(name, d.osDisk.Append) }

func (d *powerDisk) open(name string, open func(string) (file, error)) (file, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return nil, err
	}
	content, statErr := os.ReadFile(name)
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	if statErr != nil {
		d.undo(name, func() { os.Remove(name) })
	}
	n := d.nodes[name]
	if n == nil {
		n = &node{synced: content}
		d.nodes[name] = n
	}
	return &powerFile{file: f, disk: d, node: n, size: int64(len(content))}, nil
}

func (d *powerDisk) Rename(from, to string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	if err := d.osDisk.Rename(from, to); err != nil {
		return err
	}
	d.nodes[to] = d.nodes[from]
	delete(d.nodes, from)
	d.undo(to, func() { os.Rename(to, from) })
	return nil
}

func (d *powerDisk) Remove(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	content, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	d.undo(name, func() { os.WriteFile(name, content, 0o600) })
	delete(d.nodes, name)
	return d.osDisk.Remove(name)
}

func (d *powerDisk) Truncate(name string, size int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	return d.osDisk.Truncate(name, size) // of Open's, whose loss changes nothing
}

func (d *powerDisk) SyncDir(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.step(); err != nil {
		return err
	}
	delete(d.names, name)
	return nil
}

// cut is called once, when nobody uses the disk any more.
func (d *powerDisk) cut(t *testing.T) {
	for name, n := range d.nodes {
		if len(n.writes) == 0 {
			continue
		}
		content := append([]byte(nil), n.synced...)
		for _, w := range n.writes {
			keep := len(w.data)
			switch d.chance.IntN(3) {
			case 0:
				continue
			case 1:
				if keep > 0 {
					keep = d.chance.IntN(keep)
				}
			}
			if w.data == nil {
				content = content[:min(int64(len(content)), w.off)]
				continue
			}
			if grow := w.off + int64(keep) - int64(len(content)); grow > 0 {
				content = append(content, make([]byte, grow)...)
			}
			copy(content[w.off:], w.data[:keep])
		}
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, list := range d.names {
		for kept := d.chance.IntN(len(list) + 1); len(list) > kept; list = list[:len(list)-1] {
			list[len(list)-1]()
		}
	}
}

type powerFile struct {
	file
	disk *powerDisk
	node *node
	size int64 // where Write goes
}

func (f *powerFile) Write(b []byte) (int, error) {
	return f.write(f.size, b, func() (int, error) { return f.file.Write(b) })
}

func (f *powerFile) WriteAt(b []byte, off int64) (int, error) {
	return f.write(off, b, func() (int, error) { return f.file.WriteAt(b, off) })
}

func (f *powerFile) write(off int64, b []byte, do func() (int, error)) (int, error) {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.step(); err != nil {
		return 0, err
	}
	f.node.writes = append(f.node.writes, write{off, append([]byte{}, b...)})
	f.size = max(f.size, off+int64(len(b)))
	return do()
}

func (f *powerFile) Truncate(size int64) error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.step(); err != nil {
		return err
	}
	f.node.writes = append(f.node.writes, write{off: size})
	return f.file.Truncate(size)
}

func (f *powerFile) Sync() error {
	f.disk.mu.Lock()
	defer f.disk.mu.Unlock()
	if err := f.disk.step(); err != nil {
		return err
	}
	content := append([]byte(nil), f.node.synced...)
	for _, w := range f.node.writes {
		if w.data == nil {
			content = content[:min(int64(len(content)), w.off)]
			continue
		}
		if grow := w.off + int64(len(w.data)) - int64(len(content)); grow > 0 {
			content = append(content, make([]byte, grow)...)
		}
		copy(content[w.off:], w.data)
	}
	f.node.synced, f.node.writes = content, nil
	return nil
}

// world is what must survive all power failures: who was answered 250, and what
// the archive made durable of it.
type world struct {
	mu       sync.Mutex
	answered map[ID]string
	put      map[ID]string // in the archive, not yet durable
	durable  map[ID]string
	parked   map[ID]bool
}

func (w *world) Put(_ context.Context, id ID, r io.Reader) error {
	b, err := io.ReadAll(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.put[id] = string(b)
	return err
}

func (w *world) Sync() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	maps.Copy(w.durable, w.put)
	return nil
}

// Fault 9: the power fails at every moment of a busy journal, again and again
// on the same folder. Every mail that was answered 250 is in the durable archive
// or in the journal, with its bytes, and what was parked stays so.
func TestPowerFailures(t *testing.T) {
	rounds := 60
	if testing.Short() {
		rounds = 15
	}
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 9))
			clk := newClock()
			cfg := Config{Dir: t.TempDir(), SegmentBytes: 4000, LargeBytes: 600}
			w := &world{answered: map[ID]string{}, put: map[ID]string{}, durable: map[ID]string{}, parked: map[ID]bool{}}
			for round := range rounds {
				disk := newPowerDisk(r, r.IntN(120))
				deps := Deps{Now: clk.now, Boot: fmt.Sprint("boot", round), disk: disk}
				if j, err := Open(cfg, deps); err == nil {
					w.work(t, j, clk, r.Uint64())
					j.Close()
				} else if !errors.Is(err, errPower) {
					t.Fatalf("round %d: Open: %v", round, err)
				}
				disk.cut(t)
				w.check(t, round, cfg, clk)
			}
			if len(w.durable) == 0 || len(w.parked) == 0 || len(w.answered) < 50 {
				t.Errorf("too little happened: %d answered, %d durable, %d parked", len(w.answered), len(w.durable), len(w.parked))
			}
		})
	}
}

// work uses the journal from four sides until the power is gone.
func (w *world) work(t *testing.T, j *Journal, clk *clock, seed uint64) {
	var wg sync.WaitGroup
	for i := range uint64(3) {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(seed, i))
			for {
				text := fmt.Sprintf("%x ", r.Uint64()) + strings.Repeat("x", r.IntN(800))
				id, err := j.Put(t.Context(), envelope("anna@kunde.example"), strings.NewReader(text))
				if err != nil {
					return
				}
				w.mu.Lock()
				w.answered[id] = text
				w.mu.Unlock()
				clk.advance(1e9)
			}
		})
	}
	wg.Go(func() {
		r := rand.New(rand.NewPCG(seed, 9))
		for range 40 {
			if !w.file(t, j, clk, r) {
				return
			}
		}
	})
	wg.Wait()
}

// file does one thing that the desk may do.
func (w *world) file(t *testing.T, j *Journal, clk *clock, r *rand.Rand) bool {
	if r.IntN(8) == 0 {
		err := j.Sweep(t.Context(), clk.now().AddDate(0, 0, 8), w)
		return err == nil
	}
	turn, err := j.take()
	e := turn.entry
	if err != nil || e == nil {
		return err == nil
	}
	if r.IntN(10) == 0 {
		err = j.Park(e.id, "odd")
		w.mu.Lock()
		defer w.mu.Unlock()
		if err == nil && w.answered[e.id] != "" {
			w.parked[e.id] = true
		}
		return err == nil
	}
	return j.Done(e.id) == nil
}

// check looks at the folder as the next process will find it.
func (w *world) check(t *testing.T, round int, cfg Config, clk *clock) {
	t.Helper()
	w.put = map[ID]string{} // the archive was not synced
	j, err := Open(cfg, Deps{Now: clk.now, Boot: fmt.Sprint("check", round), disk: rapidDisk{}})
	if err != nil {
		t.Fatalf("round %d: %v", round, err)
	}
	defer j.Close()
	for id, text := range w.answered {
		if e := j.mails[id]; w.parked[id] && (e == nil || e.parked == nil) {
			t.Fatalf("round %d: mail %s was parked and is not any more", round, id)
		}
		if w.durable[id] == text {
			continue
		}
		m, err := j.Read(id)
		if err != nil || body(t, m) != text {
			t.Fatalf("round %d: mail %s was answered 250 and is lost: %v", round, id, err)
		}
	}
}
