package search_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/search"
	"aismarttalk.tech/supportd/ticket"
)

// A corpus makes tickets of about 1 KB whose words are spread as in a language:
// few are in most texts, most in few, and each ticket has a number of its own.
type corpus struct {
	chance *rand.Rand
	common *rand.Zipf
	words  []string
}

func newCorpus() *corpus {
	c := &corpus{chance: rand.New(rand.NewPCG(1, 2))}
	c.words = strings.Fields("og i at det en den til er som på de med af for ikke der var men har om " +
		"vi jeg et the and to of a in is it that on with as was not you")
	roots := strings.Fields("faktura kunde bestilling adgangskode fejl besked svar nøgle rapport server bruger betaling " +
		"levering løsning skærm knap side kalender invoice customer order password message report payment screen crash update")
	endings := strings.Fields("- en er erne et ene s ed ing ens ernes e")
	for len(c.words) < 60_000 {
		word := ""
		if c.chance.IntN(3) == 0 {
			word = roots[c.chance.IntN(len(roots))]
		} else {
			for range 2 + c.chance.IntN(2) {
				word += pick(c.chance, "b d f g h k l m n p r s t v sk st tr kr bl gr") + pick(c.chance, "a e i o u y æ ø å")
			}
			word += pick(c.chance, "d g k l m n r s t")
		}
		c.words = append(c.words, word+strings.TrimPrefix(endings[c.chance.IntN(len(endings))], "-"))
	}
	c.common = rand.NewZipf(c.chance, 1.07, 4, uint64(len(c.words)-1))
	return c
}

func pick(chance *rand.Rand, from string) string {
	all := strings.Fields(from)
	return all[chance.IntN(len(all))]
}

func (c *corpus) text(size int) string {
	var b strings.Builder
	for b.Len() < size {
		b.WriteString(c.words[c.common.Uint64()])
		b.WriteByte(' ')
	}
	return b.String()
}

func (c *corpus) document(n int) search.Document {
	return search.Document{
		ID:       ticket.DeriveID("AIS", []byte("secret"), "corpus", n),
		Subject:  c.text(40),
		Reporter: fmt.Sprintf("%s kunde%d@firma%d.example", c.words[100+c.chance.IntN(3000)], n, n%500),
		Texts:    []string{c.text(1000) + fmt.Sprint("ordre ", 100_000+n)},
		Version:  search.Version{Updated: time.Unix(int64(n), 0), Events: 1},
	}
}

func (c *corpus) documents(n int) []search.Document {
	all := make([]search.Document, n)
	for i := range all {
		all[i] = c.document(i)
	}
	return all
}

func fill(all []search.Document) *search.Index {
	x := search.New()
	for _, d := range all {
		x.Put(d)
	}
	return x
}

// BenchmarkBuild measures an index from nothing, and the memory it then holds.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		all := newCorpus().documents(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			before := heap()
			var x *search.Index
			for b.Loop() {
				x = fill(all)
			}
			b.ReportMetric(float64(heap()-before)/(1<<20), "MB")
			runtime.KeepAlive(x)
		})
	}
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		x := fill(newCorpus().documents(n))
		for _, c := range []struct{ name, query string }{
			{"word", "fakturaen"},
			{"two words", "kunderne crashed"},
			{"rare", "ordre 100777"},
			{"two letters", "fa"},
			{"address", "kunde777@firma277.example"},
			{"phrase", `"og i at"`},
			{"common", "og i at det en den til er"},
			{"abuse", strings.Repeat("fa* k* sk* ", 900)},
		} {
			b.Run(fmt.Sprint(n, "/", c.name), func(b *testing.B) {
				for b.Loop() {
					x.Search(c.query, "", 50)
				}
			})
		}
	}
}

// BenchmarkUpdate measures a mail more on a ticket of a full index.
func BenchmarkUpdate(b *testing.B) {
	c := newCorpus()
	all := c.documents(100_000)
	x := fill(all)
	b.ResetTimer()
	for i := 0; b.Loop(); i++ {
		d := all[i%len(all)]
		d.Texts = append(d.Texts, c.text(300))
		x.Put(d)
	}
}

// BenchmarkFollower measures how long a node reads before it can search a store.
func BenchmarkFollower(b *testing.B) {
	const tickets = 10_000
	kv, err := boltkv.Open(boltkv.Config{Path: b.TempDir() + "/store.bolt"})
	if err != nil {
		b.Fatal(err)
	}
	defer kv.Close()
	s, err := store.New(kv, store.Config{})
	if err != nil {
		b.Fatal(err)
	}
	c := newCorpus()
	for first := 0; first < tickets; first += 500 {
		err := s.Update(b.Context(), func(tx *store.Tx) error {
			for n := first; n < first+500; n++ {
				d := c.document(n)
				if _, err := tx.Tickets(d.ID); err != nil {
					return err
				}
				e := ticket.Event{Number: 1, Kind: ticket.EventOpened, At: d.Updated,
					Opening: &ticket.Opening{ID: d.ID, Subject: d.Subject}, Entry: &ticket.Entry{Text: d.Texts[0]}}
				if err := tx.SaveTicket(ticket.Ticket{}, ticket.Ticket{}.Apply(e), []ticket.Event{e}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		ctx, stop := context.WithCancel(b.Context())
		built := zerolog.HookFunc(func(*zerolog.Event, zerolog.Level, string) { stop() }) // the first line says so
		x := search.New()
		f := search.NewFollower(x, s, time.Now, zerolog.New(io.Discard).Hook(built))
		if err := f.Run(ctx); err != nil || x.Len() != tickets {
			b.Fatalf("%d tickets, %v", x.Len(), err)
		}
	}
	b.ReportMetric(float64(b.N*tickets)/b.Elapsed().Seconds(), "tickets/s")
}
