package journal

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// BenchmarkPut measures durable mails a second with 4 KB mails, and beside it
// the plain way to the same promise: a file for each mail, synced, renamed, and
// its folder synced.
func BenchmarkPut(b *testing.B) {
	for _, writers := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("journal/writers=%d", writers), func(b *testing.B) {
			j, err := Open(Config{Dir: b.TempDir()}, Deps{})
			if err != nil {
				b.Fatal(err)
			}
			benchmarkPut(b, writers, func(mail []byte) error {
				_, err := j.Put(b.Context(), envelope("anna@kunde.example"), bytes.NewReader(mail))
				return err
			})
			if err := j.Close(); err != nil {
				b.Fatal(err)
			}
		})
		b.Run(fmt.Sprintf("files/writers=%d", writers), func(b *testing.B) {
			dir := b.TempDir()
			var n atomic.Int64
			benchmarkPut(b, writers, func(mail []byte) error {
				return putFile(filepath.Join(dir, fmt.Sprint(n.Add(1))), mail)
			})
		})
	}
}

func putFile(name string, mail []byte) error {
	f, err := os.Create(name + ".tmp")
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(mail); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := os.Rename(name+".tmp", name); err != nil {
		return err
	}
	return osDisk{}.SyncDir(filepath.Dir(name))
}

func benchmarkPut(b *testing.B, writers int, put func([]byte) error) {
	mail := bytes.Repeat([]byte("Det virker ikke\n"), 256)
	var left atomic.Int64
	left.Store(int64(b.N))
	b.SetBytes(int64(len(mail)))
	b.ResetTimer()
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if err := put(mail); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}

// BenchmarkOpen measures the start with full segments whose mails all wait.
func BenchmarkOpen(b *testing.B) {
	cfg := Config{Dir: b.TempDir()}
	j, err := Open(cfg, Deps{disk: rapidDisk{}})
	if err != nil {
		b.Fatal(err)
	}
	mail := bytes.Repeat([]byte("Det virker ikke\n"), 256)
	for range 2 * cfg.withDefaults().SegmentBytes / int64(len(mail)) {
		if _, err := j.Put(b.Context(), envelope("anna@kunde.example"), bytes.NewReader(mail)); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(j.Stats().Bytes)
	if err := j.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		j, err := Open(cfg, Deps{})
		if err != nil {
			b.Fatal(err)
		}
		if err := j.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkNextDone measures taking and filing what waits.
func BenchmarkNextDone(b *testing.B) {
	j, err := Open(Config{Dir: b.TempDir()}, Deps{disk: rapidDisk{}})
	if err != nil {
		b.Fatal(err)
	}
	defer j.Close()
	mail := bytes.Repeat([]byte("Det virker ikke\n"), 256)
	for range b.N {
		if _, err := j.Put(b.Context(), envelope("anna@kunde.example"), bytes.NewReader(mail)); err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for range b.N {
		m, err := j.Next(b.Context())
		if err == nil {
			err = j.Done(m.ID)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
