package main

import (
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// Faults that end the process between two steps of a mail, and what happens to the
// order of these steps.

// killedIn has the daemon killed in a system call while it takes a mail, which its
// sender then hands over again to the next daemon.
func killedIn(t *testing.T, size int, watch func(b *bed) []string, then func(b *bed)) {
	b := newBed(t)
	b.start()
	b.take(smallMail) // there is a segment, and marks
	b.settle()
	tr := b.trace(watch(b)...)
	m, code := b.send(size)
	b.ended()
	tr.detach()
	tr.injected()
	if code != noAnswer {
		t.Errorf("answered %d by a daemon that was killed before", code)
	}
	if then != nil {
		then(b)
	}
	b.start()
	if left := b.filesIn("tmp"); len(left) > 0 {
		t.Errorf("not swept: %v", left)
	}
	b.insist(m)
	b.settle()
	noted(t, b.check())
}

// Fault 1: the bytes are written, and not yet safe.
func killedBeforeSync(t *testing.T) {
	killedIn(t, smallMail, func(b *bed) []string {
		return []string{"-P", b.segment(), "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EINTR:signal=KILL"}
	}, nil)
}

// Fault 2: a large mail is safe and has not got its name.
func killedBeforeRename(t *testing.T) {
	killedIn(t, largeMail, func(*bed) []string {
		return []string{"-e", "trace=rename,renameat,renameat2", "-e", "inject=rename,renameat,renameat2:error=EINTR:signal=KILL"}
	}, func(b *bed) {
		if left := b.filesIn("tmp"); len(left) != 1 {
			t.Errorf("in tmp/ are %v, want one half mail", left)
		}
	})
}

// Fault 3: it has its name, and its folder is not safe.
func killedBeforeSyncOfTheFolder(t *testing.T) {
	killedIn(t, largeMail, func(b *bed) []string {
		return []string{"-P", b.journalFolder("large"), "-e", "trace=fsync", "-e", "inject=fsync:error=EINTR:signal=KILL"}
	}, func(b *bed) {
		if left := b.filesIn("large"); len(left) != 1 {
			t.Errorf("in large/ are %v, want one mail", left)
		}
	})
}

// Fault 3: all is safe, and the client does not hear of it: his connection is cut, or
// the daemon is killed. He sends the mail again, and it merges with the first.
func answerIsLost(t *testing.T) {
	b := newBed(t)
	b.start()
	cut := startProxy(t, b.door)
	cut.make(trouble{loses: "queued as"})
	m := newMail(smallMail)
	if code := b.attemptAt(cut.address(), m); code != noAnswer {
		t.Fatalf("the client was answered %d through a cut line", code)
	}
	b.signal(syscall.SIGKILL)
	b.start()
	b.insist(m)
	b.settle()
	if f := b.check(); f.Tickets != 1 {
		t.Errorf("%+v", f)
	}
}

// Fault 4: the mail was answered 250, and nobody has looked at it.
func killedBeforeParse(t *testing.T) {
	b := newBed(t)
	b.start()
	b.take(smallMail)
	b.settle()
	tr := b.trace("-P", b.segment(), "-e", "trace=openat", "-e", "inject=openat:delay_enter=20000000")
	b.take(smallMail) // who reads it back is held for twenty seconds
	b.daemon.Process.Kill()
	tr.cmd.Process.Kill() // it would wait for the end of its delay
	b.ended()
	b.start()
	b.settle()
	noted(t, b.check())
}

// Fault 5: the ticket is on record, the journal does not know it. The mail comes again
// and changes nothing.
func killedBeforeDone(t *testing.T) {
	b := newBed(t)
	b.start()
	b.take(smallMail)
	b.settle()
	marks := strings.TrimSuffix(b.segment(), ".seg") + ".done"
	tr := b.trace("-P", marks, "-e", "trace=write", "-e", "inject=write:error=EINTR:signal=KILL")
	m := b.take(smallMail)
	b.ended()
	tr.detach()
	tr.injected()
	if strings.Contains(string(readFileOf(t, marks)), m.queued[0]) {
		t.Error("the mail is marked as done")
	}
	b.start()
	b.settle()
	noted(t, b.check())
}

// Fault 6: a letter is owed, and the relay has not got it.
func killedBeforeSending(t *testing.T) {
	relay := startScriptedRelay(t)
	b := newBed(t).withRelay(relay)
	relay.be(saysNothing)
	b.start()
	b.take(smallMail)
	b.until("the relay is called", func() bool { return relay.heard("") > 0 })
	b.signal(syscall.SIGKILL)
	relay.be(takes)
	b.start()
	b.settle() // when the lease of the killed is over
	if f := b.check(); f.Repeated != 0 {
		t.Errorf("%+v", f)
	}
}

// Fault 7: the relay has the letter, and nobody has noted it. It is sent once more,
// under the same Message-ID.
func killedAfterSending(t *testing.T) {
	relay := startScriptedRelay(t)
	b := newBed(t).withRelay(relay)
	relay.be(stallsAfterDot)
	b.start()
	b.take(smallMail)
	b.until("the relay has the letter", func() bool { return len(relay.letters()) == 1 })
	b.signal(syscall.SIGKILL)
	relay.be(takes)
	b.start()
	b.settle()
	if f := b.check(); f.Repeated != 1 || f.Letters != 1 {
		t.Errorf("%+v", f)
	}
}

// Fault 9: before the client hears 250, everything that it rests on is safe, in the
// order in which one thing names the other.
func orderOfSyncs(t *testing.T) {
	b := newBed(t)
	b.start()
	b.take(smallMail)
	b.settle()
	tr := b.trace("-s", "60", "-e", "trace=fdatasync,fsync,rename,renameat,renameat2,write")
	m := b.take(largeMail)
	b.settle()
	tr.detach()
	steps := []string{
		`fdatasync\(\d+<[^>]*/journal/tmp/[^>]*>`,
		`rename[at2]*\(.*/journal/tmp/.*/journal/large/`,
		`fsync\(\d+<[^>]*/journal/large>`,
		`fdatasync\(\d+<[^>]*/journal/[^/>]*\.seg>`,
		`write\(\d+<[^>]*>, "250 2\.0\.0 queued as ` + regexp.QuoteMeta(m.queued[0]),
	}
	rest := tr.seen()
	for _, step := range steps {
		at := regexp.MustCompile(step).FindStringIndex(rest)
		if at == nil {
			t.Fatalf("not seen in its place: %s in\n%s", step, tail(tr.seen(), 4000))
		}
		rest = rest[at[1]:]
	}
	noted(t, b.check())
}
