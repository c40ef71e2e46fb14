package notifier

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime"
	"regexp"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"aismarttalk.tech/supportd/ticket"
)

// Files reads what goes with a letter, in the order of the references. An error may
// pass: the letter is tried again.
type Files func(context.Context, []ticket.AttachmentRef) ([]ticket.Attachment, error)

// attach adds files to a letter, for saving.
func attach(m *gomail.Msg, files []ticket.Attachment) error {
	for _, f := range files {
		kind, _, err := mime.ParseMediaType(f.ContentType)
		if err != nil || strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "message/") {
			kind = "application/octet-stream"
		}
		err = m.AttachReader(plainName(f.Filename), bytes.NewReader(f.Content),
			gomail.WithFileContentType(gomail.ContentType(kind)), gomail.WithFileEncoding(gomail.EncodingB64))
		if err != nil {
			return fmt.Errorf("attaching a file: %w", err)
		}
	}
	return nil
}

// plainName is a file's name without what means something within a header.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`"\\/<>;=`, r) {
			return '_'
		}
		return r
	}, oneLine(name))
	if name == "" {
		return "file"
	}
	return name
}

// boundaryField is how go-mail writes a boundary of its own making.
var boundaryField = regexp.MustCompile(`(?m)^ boundary=([0-9a-f]{60})\r?$`)

// rebound gives the parts of a mail boundaries that derive from its Message-ID, in
// place of random ones: so the same notice gives the same bytes. They hide it, so
// that nobody who wrote words of the letter could foresee them.
func rebound(data []byte, messageID string) []byte {
	seed := "boundary\x00" + messageID
	for _, m := range boundaryField.FindAllSubmatch(data, -1) {
		sum := sha256.Sum256([]byte(seed))
		seed = string(sum[:]) // of the parts within
		data = bytes.ReplaceAll(data, m[1], []byte("supportd-"+hex.EncodeToString(sum[:16])))
	}
	return data
}
