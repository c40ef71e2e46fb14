package notifier

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// A letter with files is one mail: its two bodies first, then each file as it came.
// Made again it has the same bytes.
func TestFilesGoWithALetter(t *testing.T) {
	c := newComposer(t)
	files := []ticket.Attachment{
		{Filename: "vejledning æøå.pdf", ContentType: "application/pdf", Content: bytes.Repeat([]byte("\x00pdf\r\n--supportd-"), 5000)},
		{Filename: "x\"\r\nBcc: a@b.example", ContentType: "message/rfc822\r\nBcc: a@b.example", Content: []byte("hej")},
		{Filename: "", ContentType: "", Content: nil},
	}
	n := sample(t, "da", "reply")
	l, err := c.Compose(n, files...)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := c.Compose(n, files...); err != nil || !bytes.Equal(again.Data, l.Data) {
		t.Errorf("made again it differs (%v)", err)
	}
	m, err := mail.ReadMessage(bytes.NewReader(l.Data))
	if err != nil || m.Header.Get("Bcc") != "" {
		t.Fatalf("%v, Bcc %q", err, m.Header.Get("Bcc"))
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/mixed" {
		t.Fatalf("%s, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	bodies, err := parts.NextRawPart()
	if err != nil || !strings.HasPrefix(bodies.Header.Get("Content-Type"), "multipart/alternative;") {
		t.Fatalf("first comes %q (%v)", bodies.Header.Get("Content-Type"), err)
	}
	for i, want := range []struct{ name, kind string }{
		{"vejledning æøå.pdf", "application/pdf"}, {"x_ Bcc_ a@b.example", "application/octet-stream"}, {"file", "application/octet-stream"},
	} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		disposition, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		name, derr := new(mime.WordDecoder).DecodeHeader(params["filename"])
		if err != nil || derr != nil || disposition != "attachment" || name != want.name {
			t.Errorf("file %d is %s %q (%v, %v), want %q", i+1, disposition, name, err, derr, want.name)
		}
		if got, _, err := mime.ParseMediaType(part.Header.Get("Content-Type")); err != nil || got != want.kind {
			t.Errorf("file %d is of type %q (%v)", i+1, got, err)
		}
		content, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
		if err != nil || !bytes.Equal(content, files[i].Content) {
			t.Errorf("file %d has other bytes (%v)", i+1, err)
		}
	}
	if _, err := parts.NextRawPart(); err != io.EOF {
		t.Errorf("behind the files: %v", err)
	}
}

// A file that cannot be read just now delays its letter; the letter never leaves
// without it.
func TestFilesThatCannotBeRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		var away atomic.Bool
		away.Store(true)
		h.files = func(_ context.Context, refs []ticket.AttachmentRef) ([]ticket.Attachment, error) {
			if away.Load() {
				return nil, errors.New("the archive does not answer")
			}
			return []ticket.Attachment{{Filename: refs[0].Filename, ContentType: "application/pdf", Content: []byte("hej")}}, nil
		}
		h.owe(1, 1, func(n *ticket.Notice) {
			n.Facts.Attachments = []ticket.AttachmentRef{{Mail: "m", Number: 1, Filename: "vejledning.pdf"}}
		})
		_, stop := h.start(h.outbox())
		synctest.Wait()
		if n := h.only(); n.State != ticket.NoticeQueued || n.Attempts != 1 || len(h.sender.taken()) != 0 {
			t.Errorf("without its file it is %s after %d tries, %d letters left", n.State, n.Attempts, len(h.sender.taken()))
		}
		away.Store(false)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if sent := h.sender.taken(); len(sent) != 1 || !bytes.Contains(sent[0].Data, []byte("vejledning.pdf")) {
			t.Errorf("with its file back %d letters left", len(sent))
		}
		stop()
	})
}
