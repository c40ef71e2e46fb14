package main

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"aismarttalk.tech/supportd/store"
)

// Faults in the life of a daemon: reload, end, and another version's data.

// Fault 26: a hundred hangups under load, every other one with a configuration that is
// broken. Nobody is refused, and what was configured before stays.
func reloadedUnderLoad(t *testing.T) {
	b := newBed(t)
	b.start()
	var taken atomic.Int64
	end := b.load(2, &taken)
	for n := range 100 {
		yaml, said := bedConfig, "configuration reloaded"
		if n%2 == 0 {
			yaml, said = "desk: {addresses: nobody}\nlgo: {level: error}\n", "the old one stays"
		}
		b.configure(yaml)
		before := strings.Count(b.log.String(), said)
		want := taken.Load() + 1
		b.daemon.Process.Signal(syscall.SIGHUP)
		b.until("the reload is logged", func() bool { return strings.Count(b.log.String(), said) > before })
		b.until("mail is taken", func() bool { return taken.Load() >= want })
	}
	end()
	b.configure(bedConfig)
	b.settle()
	f := b.check()
	if f.Attempts != f.Taken || f.Taken < 100 {
		t.Errorf("%+v: want no mail refused", f)
	}
	noted(t, f)
}

// Fault 27: told to end under load, the daemon finishes or puts off what is under way.
func endedUnderLoad(t *testing.T) {
	b := newBed(t)
	b.start()
	var taken atomic.Int64
	for round := range 3 {
		end := b.load(4, &taken)
		want := taken.Load() + 20
		b.until("mail is taken", func() bool { return taken.Load() >= want })
		b.stop() // exit 0, with clients about
		end()
		if round < 2 {
			b.start()
		}
	}
	for _, m := range b.mails() {
		if i := slices.IndexFunc(m.answers, func(code int) bool { return code != 250 && code != 421 && code != noAnswer }); i >= 0 {
			t.Errorf("%s was answered %d", m.id, m.answers[i])
		}
	}
	b.start()
	b.settle()
	noted(t, b.check())
}

// Fault 28: the records were written by a version that is newer. It is told, and
// nothing is touched.
func newerRecords(t *testing.T) {
	b := newBed(t)
	b.start()
	b.take(smallMail)
	b.settle()
	b.stop()
	schema := func(version string) {
		backend, err := b.backend()
		if err != nil {
			t.Fatal(err)
		}
		defer backend.Close()
		if err := backend.Apply(context.Background(), store.Batch{Put: []store.Record{{Key: "schema/version", Value: []byte(version)}}}); err != nil {
			t.Fatal(err)
		}
	}
	schema("9")
	old := b.command(nil, "serve")
	out, err := old.CombinedOutput()
	if code := old.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(string(out), "written by a newer supportd") {
		t.Errorf("on newer records: exit %d, %v: %s", code, err, out)
	}
	schema("1")
	b.start()
	b.take(smallMail)
	b.settle()
	noted(t, b.check())
}
