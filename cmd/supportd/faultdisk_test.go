package main

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/web"
)

// Faults of the disk, and of what a process may have of the machine.

// refusedFor: a mail is put off while the disk does not work, and taken when it does.
func refusedFor(t *testing.T, b *bed, size int, codes ...int) *sentMail {
	t.Helper()
	m, code := b.send(size)
	if !slices.Contains(codes, code) {
		t.Errorf("answered %d, want one of %v", code, codes)
	}
	return m
}

// diskSays has the kernel refuse system calls of the journal.
func diskSays(size int, watch func(b *bed) []string) func(*testing.T) {
	return func(t *testing.T) {
		b := newBed(t)
		b.start()
		b.take(smallMail)
		b.settle()
		segment := b.segment()
		before := readFileOf(t, segment)
		tr := b.trace(watch(b)...)
		m := refusedFor(t, b, size, 451)
		tr.injected()
		b.healthBecomes("journal", web.HealthFailing)
		tr.detach()
		b.healthBecomes("journal", web.HealthOK) // without any mail
		if left := append(b.filesIn("tmp"), b.filesIn("large")...); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
		if size == smallMail { // what failed once is never trusted again
			if after := readFileOf(t, segment); !bytes.HasPrefix(before, bytes.TrimRight(after, "\x00")) {
				t.Errorf("the segment was written to after a failed sync: %d bytes, before %d", len(after), len(before))
			}
		}
		b.insist(m)
		b.take(size)
		b.settle()
		noted(t, b.check())
	}
}

func readFileOf(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// mount puts something on a folder until the test ends.
func mount(t *testing.T, folder string, args ...string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	mustMount(t, append(args, folder)...)
	t.Cleanup(func() { exec.Command("umount", "--lazy", folder).Run() })
}

func mustMount(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("mount", args...).CombinedOutput(); err != nil {
		t.Fatalf("mount %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// Fault 11: the journal's disk has a megabyte. Mail is taken until it is full, then put
// off, never for good; nothing half is left, and with more room all goes on.
func diskFull(t *testing.T) {
	b := newBed(t, "limits.free_disk_bytes=0")
	folder := dataFolder(b.data).journal()
	mount(t, folder, "-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs")
	b.start()
	var refused []*sentMail
	for _, size := range []int{100 << 10, largeMail, smallMail} {
		for range 12 {
			if m, code := b.send(size); code != 250 {
				if code != 452 && code != 451 {
					t.Errorf("a full disk answers %d", code)
				}
				refused = append(refused, m)
			}
		}
	}
	if len(refused) == 0 {
		t.Fatal("36 mails of a hundred kilobytes and more went onto a disk of one megabyte")
	}
	if left := b.filesIn("tmp"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	mustMount(t, "-o", "remount,size=64m", folder)
	for _, m := range refused {
		b.insist(m)
	}
	b.stop() // marks that found no room are lost: those mails come again, and are known
	b.start()
	b.settle()
	noted(t, b.check())
}

// Fault 11: the floor of free space stops mail with 452 before the disk is full, and
// the store goes on.
func diskBelowFloor(t *testing.T) {
	b := newBed(t, "limits.free_disk_bytes=4000000")
	mount(t, b.data, "-t", "tmpfs", "-o", "size=16m,mode=700", "tmpfs")
	b.start()
	b.take(smallMail)
	ballast := filepath.Join(b.data, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 13<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	b.healthBecomes("journal", web.HealthFailing)
	m := refusedFor(t, b, smallMail, 452)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	b.healthBecomes("journal", web.HealthOK)
	b.insist(m)
	b.settle()
	noted(t, b.check())
}

// Fault 13: the folder is read-only all of a sudden, here by a read-only mount laid
// over it.
func diskReadOnly(t *testing.T) {
	b := newBed(t)
	b.start()
	b.healthBecomes("journal", web.HealthOK)
	folder := dataFolder(b.data).journal()
	mount(t, folder, "--bind", folder)
	mustMount(t, "-o", "remount,bind,ro", folder)
	small, large := refusedFor(t, b, smallMail, 451), refusedFor(t, b, largeMail, 451)
	b.healthBecomes("journal", web.HealthFailing)
	if out, err := exec.Command("umount", folder).CombinedOutput(); err != nil {
		t.Fatalf("umount: %v\n%s", err, out)
	}
	b.healthBecomes("journal", web.HealthOK)
	b.insist(small)
	b.insist(large)
	b.settle()
	noted(t, b.check())
}

// Fault 12: clients hold all descriptors that the process may have. Whoever comes then
// is told 421 and not left hanging, and when there is room mail is taken again.
func noDescriptors(t *testing.T) {
	b := newBed(t)
	b.start("prlimit", "--nofile=60:60")
	b.take(smallMail)
	b.settle()
	var held []net.Conn
	defer func() {
		for _, c := range held {
			c.Close()
		}
	}()
	refused := 0
	for range 80 {
		c, err := b.freshConn()
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
		c.SetDeadline(time.Now().Add(faultHang))
		greeting := make([]byte, 200)
		n, err := c.Read(greeting)
		switch {
		case err != nil:
			t.Fatalf("connection %d hears nothing: %v", len(held), err)
		case bytes.HasPrefix(greeting[:n], []byte("421 4.3.2 ")):
			refused++
		case !bytes.HasPrefix(greeting[:n], []byte("220 ")):
			t.Fatalf("connection %d hears %q", len(held), greeting[:n])
		}
	}
	if refused == 0 {
		t.Error("80 connections into 60 descriptors, and nobody was refused")
	}
	for _, c := range held {
		c.Close()
	}
	m := newMail(smallMail)
	b.insist(m)
	b.insist(newMail(largeMail))
	b.settle()
	noted(t, b.check())
	t.Logf("%d of 80 connections were told 421", refused)
}

// Fault 29: damage of every kind lies in the journal when the daemon starts. What can
// be read is filed, what cannot be is set aside, and what is not ours is left alone.
func damagedJournal(t *testing.T) {
	b := newBed(t)
	folder := dataFolder(b.data).journal()
	j, err := journal.Open(journal.Config{Dir: folder}, journal.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	var mails []*sentMail
	for range 5 {
		m := newMail(smallMail)
		id, err := j.Put(t.Context(), journal.Envelope{From: m.from, To: []string{bedAddress}, Received: time.Now(), Protocol: "ESMTP"}, strings.NewReader(m.raw))
		if err != nil {
			t.Fatal(err)
		}
		m.answers, m.queued = []int{250}, []string{string(id)}
		mails = append(mails, m)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	segment := b.segment()
	data := readFileOf(t, segment)
	lost := mails[2]
	data[bytes.Index(data, []byte(lost.raw))+10] ^= 1
	for name, text := range map[string][]byte{
		segment: data,
		filepath.Join(folder, "01m8000000000000000a.seg"):          nil,
		filepath.Join(folder, "01m8000000000000000b.seg"):          []byte("garbage from start to end"),
		filepath.Join(folder, "large", "01m8000000000000000c.eml"): []byte("a mail that no record names"),
		filepath.Join(folder, "tmp", "01m8000000000000000d"):       []byte("half a mail"),
		filepath.Join(folder, "README"):                            []byte("notes"),
	} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.sent = slices.Delete(mails, 2, 3)
	b.start()
	b.take(smallMail)
	b.settle()
	var aside [][]byte
	for _, name := range b.filesIn("corrupt") {
		aside = append(aside, readFileOf(t, name))
	}
	if len(aside) != 3 {
		t.Errorf("%d files are in corrupt/, want the damaged mail, the garbage and the large mail: %q", len(aside), b.filesIn("corrupt"))
	}
	if left := b.filesIn("tmp"); len(left) > 0 {
		t.Errorf("not swept: %v", left)
	}
	if got := readFileOf(t, filepath.Join(folder, "README")); string(got) != "notes" {
		t.Errorf("somebody else's file became %q", got)
	}
	noted(t, b.check())
}

// Fault 25: a second daemon on the same folder ends at once, and says why.
func secondDaemon(t *testing.T) {
	b := newBed(t)
	b.start()
	b.take(smallMail)
	second := b.command(nil, "serve", "--set", "http.listen=127.0.0.1:0")
	out, err := second.CombinedOutput()
	if code := second.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(string(out), "another supportd works on "+b.data) {
		t.Errorf("the second daemon: exit %d, %v: %s", code, err, out)
	}
	b.take(smallMail)
	b.settle()
	b.signal(syscall.SIGKILL)
	b.start() // the lock went with the process
	b.take(smallMail)
	b.settle()
	f := b.check()
	if f.Taken != 3 || f.Attempts != 3 {
		t.Errorf("%+v", f)
	}
	noted(t, f)
}
