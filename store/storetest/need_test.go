package storetest_test

import (
	"fmt"
	"runtime"
	"testing"

	"aismarttalk.tech/supportd/store/storetest"
)

// recorder is a test that notes its failure.
type recorder struct {
	testing.TB
	logged, failed string
}

func (r *recorder) Helper() {}

func (r *recorder) Logf(format string, args ...any) { r.logged = fmt.Sprintf(format, args...) }

func (r *recorder) Fatalf(format string, args ...any) {
	r.failed = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

func TestNeed(t *testing.T) {
	for _, c := range []struct {
		require string
		fails   bool
	}{{"", false}, {"redis,chromium", false}, {"no-such-tool", true}, {"redis,no-such-tool", true}} {
		t.Run(c.require, func(t *testing.T) {
			t.Setenv(storetest.RequireEnv, c.require)
			r := &recorder{}
			done := make(chan struct{})
			go func() { // a goroutine that Fatalf may end
				defer close(done)
				if path, ok := storetest.Need(r, "no-such-tool"); ok {
					t.Errorf("found at %q", path)
				}
			}()
			<-done
			if (r.failed != "") != c.fails || (r.logged != "") == c.fails {
				t.Errorf("failed %q, logged %q", r.failed, r.logged)
			}
		})
	}
	t.Run("installed", func(t *testing.T) {
		if path, ok := storetest.Need(t, "go"); !ok || path == "" {
			t.Errorf("Need = %q, %v", path, ok)
		}
	})
}
