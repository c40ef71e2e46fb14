package smtpd

import (
	"fmt"
	"testing"

	"aismarttalk.tech/supportd/store/journal"
)

// BenchmarkAcceptJournaled is BenchmarkAccept into a real journal: from the
// first command to a 250 that means kept. Beside it, BenchmarkDiscard keeps
// nothing.
func BenchmarkAcceptJournaled(b *testing.B) {
	for _, connections := range []int{1, 8, 32} {
		b.Run(fmt.Sprint(connections), func(b *testing.B) {
			j, err := journal.Open(journal.Config{Dir: b.TempDir()}, journal.Deps{})
			if err != nil {
				b.Fatal(err)
			}
			defer j.Close()
			cfg := testConfig()
			cfg.SenderPerMinute = -1
			s := start(b, cfg, j)
			benchmark(b, s.Addrs()[0], connections)
			if got := j.Stats().Pending; got != b.N {
				b.Errorf("%d of %d mails are in the journal", got, b.N)
			}
		})
	}
}
