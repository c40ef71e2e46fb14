package journal

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

func TestSmoke(t *testing.T) {
	dir := t.TempDir()
	j, err := Open(Config{Dir: dir}, Deps{})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	big := strings.Repeat("0123456789", 100000)
	for _, s := range []string{"Subject: hej\r\n\r\nhej\r\n", big, ""} {
		id, err := j.Put(ctx, Envelope{From: "a@firma.example"}, strings.NewReader(s))
		if err != nil {
			t.Fatal(err)
		}
		m, err := j.Next(ctx)
		if err != nil || m.ID != id {
			t.Fatal(m.ID, id, err)
		}
		b, err := m.Bytes()
		if err != nil || !bytes.Equal(b, []byte(s)) {
			t.Fatal(err, len(b))
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j, err = Open(Config{Dir: dir}, Deps{})
	if err != nil {
		t.Fatal(err)
	}
	if st := j.Stats(); st.Pending != 3 {
		t.Fatal(st)
	}
}

func BenchmarkPut(b *testing.B) {
	for _, n := range []int{1, 8, 32} {
		b.Run("writers="+string(rune('0'+n/10))+string(rune('0'+n%10)), func(b *testing.B) {
			j, err := Open(Config{Dir: b.TempDir()}, Deps{})
			if err != nil {
				b.Fatal(err)
			}
			body := bytes.Repeat([]byte("0123456789abcde\n"), 256)
			work := make(chan struct{})
			done := make(chan struct{})
			for range n {
				go func() {
					for range work {
						if _, err := j.Put(context.Background(), Envelope{}, bytes.NewReader(body)); err != nil {
							b.Error(err)
						}
					}
					done <- struct{}{}
				}()
			}
			b.ResetTimer()
			for range b.N {
				work <- struct{}{}
			}
			close(work)
			for range n {
				<-done
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
			b.StopTimer()
			j.Close()
		})
	}
}
