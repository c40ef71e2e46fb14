package search_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

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
	for _, known := range strings.Fields("og i at det en den til er som på de med af for ikke der var men har om " +
		"vi jeg et the and to of a in is it that on with as was not you") {
		c.words = append(c.words, known)
	}
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
