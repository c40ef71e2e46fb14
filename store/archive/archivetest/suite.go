// Package archivetest is what every archive promises, as tests, and a bucket for
// those that live in one.
//
// It stands on floor 1, for tests only.
package archivetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
)

// ID was minted on 2026-03-09 at 08:00 UTC.
const ID = journal.ID("01kk8src009s09495rs4")

// Run tests an archive. Open returns the same one each time in a test, as a process
// that starts again would find it.
func Run(t *testing.T, open func(t *testing.T) func() archive.Archive) {
	for name, test := range map[string]func(*testing.T, func() archive.Archive){
		"byte for byte": byteForByte, "put again": putAgain, "delete": deletes, "a put that fails": putFails,
		"only IDs name mails": onlyIDs, "all, the oldest first": all, "many at once": manyAtOnce,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// Put keeps a mail for good.
func Put(t *testing.T, a archive.Archive, id journal.ID, mail string) {
	t.Helper()
	if err := a.Put(t.Context(), id, strings.NewReader(mail)); err != nil {
		t.Fatal(err)
	}
	if err := a.Sync(); err != nil {
		t.Fatal(err)
	}
}

// Read reads a mail that is there.
func Read(t *testing.T, a archive.Archive, id journal.ID) string {
	t.Helper()
	r, err := a.Open(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// List is what All walks.
func List(t *testing.T, a archive.Archive) []journal.ID {
	t.Helper()
	var ids []journal.ID
	for id, err := range a.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

func byteForByte(t *testing.T, open func() archive.Archive) {
	mail := "Subject: hej\r\n\r\n\x00\xff\xe6 Det virker ikke.\r\n"
	Put(t, open(), ID, mail)
	if got := Read(t, open(), ID); got != mail {
		t.Errorf("got %q, want %q", got, mail)
	}
	empty := ID[:19] + "0"
	Put(t, open(), empty, "")
	if got := Read(t, open(), empty); got != "" {
		t.Errorf("an empty mail became %q", got)
	}
}

func putAgain(t *testing.T, open func() archive.Archive) {
	a := open()
	Put(t, a, ID, "half a m")
	Put(t, a, ID, "half a mail no more")
	if got := Read(t, a, ID); got != "half a mail no more" {
		t.Errorf("put twice: %q", got)
	}
	if ids := List(t, a); len(ids) != 1 {
		t.Errorf("it stands there as %v", ids)
	}
}

func deletes(t *testing.T, open func() archive.Archive) {
	a := open()
	Put(t, a, ID, "the mail")
	for range 2 { // the second finds nothing to delete
		if err := a.Delete(t.Context(), ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.Open(t.Context(), ID); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("Open: %v, want ErrNotFound", err)
	}
	if ids := List(t, a); len(ids) != 0 {
		t.Errorf("left: %v", ids)
	}
}

func putFails(t *testing.T, open func() archive.Archive) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	broken := errors.New("broken")
	a := open()
	for name, c := range map[string]struct {
		ctx  context.Context
		from io.Reader
		want error
	}{
		"the reader fails":      {t.Context(), iotest.ErrReader(broken), broken},
		"it fails at the end":   {t.Context(), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), broken},
		"the context has ended": {cancelled, strings.NewReader("the mail"), context.Canceled},
	} {
		if err := a.Put(c.ctx, ID, c.from); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if ids := List(t, a); len(ids) != 0 {
			t.Errorf("%s: left behind: %v", name, ids)
		}
	}
}

// Bad-input 115, for IDs: nothing leads out of the archive.
func onlyIDs(t *testing.T, open func() archive.Archive) {
	a := open()
	for _, bad := range []journal.ID{"", "..", "../../../../etc/pass", "/etc/passwd/etc/pass", "01KK8SRC009S09495RS4"} {
		_, openErr := a.Open(t.Context(), bad)
		for call, err := range map[string]error{
			"Put": a.Put(t.Context(), bad, strings.NewReader("x")), "Open": openErr, "Delete": a.Delete(t.Context(), bad),
		} {
			if err == nil {
				t.Errorf("%s takes the ID %q", call, bad)
			}
		}
	}
	if ids := List(t, a); len(ids) != 0 {
		t.Errorf("left behind: %v", ids)
	}
}

func all(t *testing.T, open func() archive.Archive) {
	a := open()
	ids := []journal.ID{ // of four days and three years
		"01h00000009s09495rs4", "01kk8src009s09495rs4", "01kk8src009s09495rs5", "01kkz000009s09495rs4", "01kkz000009s09495rs5", "01mk8src009s09495rs4",
	}
	for _, i := range []int{4, 0, 5, 2, 3, 1} {
		Put(t, a, ids[i], "mail")
	}
	if got := List(t, a); !slices.Equal(got, ids) {
		t.Errorf("got  %v\nwant %v", got, ids)
	}
	for range a.All(t.Context()) {
		break // leaves nothing running
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	var last error
	for _, err := range a.All(cancelled) {
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("a walk whose context has ended: %v", last)
	}
}

func manyAtOnce(t *testing.T, open func() archive.Archive) {
	a := open()
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			mine := ID[:19] + journal.ID("0123456789abcdefghjkmnpqrstvwxyz"[i])
			mail := bytes.Repeat([]byte{byte(i)}, 10_000)
			if err := a.Put(t.Context(), mine, bytes.NewReader(mail)); err != nil {
				t.Error(err)
				return
			}
			r, err := a.Open(t.Context(), mine)
			if err != nil {
				t.Error(err)
				return
			}
			defer r.Close()
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, mail) {
				t.Errorf("mail %d: %d bytes, %v", i, len(got), err)
			}
		})
	}
	wg.Wait()
	if ids := List(t, a); len(ids) != 16 {
		t.Errorf("%d mails are there", len(ids))
	}
}
