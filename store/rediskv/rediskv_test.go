package rediskv_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/rediskv"
	"aismarttalk.tech/supportd/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB, c rediskv.Config) *rediskv.Backend {
	t.Helper()
	b, err := rediskv.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// desks returns a function that opens a desk of its own for each test, all on one
// server: one that saw another's records would fail.
func desks(url string) func(*testing.T) store.Backend {
	var n atomic.Int32
	return func(t *testing.T) store.Backend {
		return open(t, rediskv.Config{URL: url, Desk: fmt.Sprintf("desk%d", n.Add(1))})
	}
}

func TestBackend(t *testing.T) {
	storetest.Run(t, desks(storetest.Redis(t).URL()))
}

func TestBackendOnMiniredis(t *testing.T) {
	storetest.Run(t, desks(storetest.Miniredis(t).URL()))
}

func BenchmarkCommits(b *testing.B) {
	for name, args := range map[string][]string{
		"memory":   nil,
		"everysec": {"--appendonly", "yes", "--appendfsync", "everysec"},
		"always":   {"--appendonly", "yes", "--appendfsync", "always"},
	} {
		b.Run(name, func(b *testing.B) {
			storetest.Commits(b, open(b, rediskv.Config{URL: storetest.Redis(b, args...).URL(), Desk: "bench"}))
		})
	}
}
