// Package archive keeps the raw mail for as long as it is kept at all: in a folder
// (Dir) or in an S3 bucket (S3).
//
// It stands on floor 1, beside the journal, whose mail IDs name its files. Its
// one rule: what Put took is durable after the next Sync without error. Until
// then the journal has the mail too, so Put itself need not sync.
package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"strings"

	"aismarttalk.tech/supportd/store/journal"
)

// ErrNotFound is returned by Open for a mail that is not in the archive.
var ErrNotFound = errors.New("archive: no such mail")

// Archive is what every kind of archive is. All methods may be called by many
// goroutines at once; archivetest.Run says what they promise.
type Archive interface {
	// Put keeps the mail that r reads, whole or not at all. Putting it again replaces
	// it.
	Put(ctx context.Context, id journal.ID, r io.Reader) error
	// Open returns the raw mail, or ErrNotFound. Bytes that are not those that were put
	// are journal.ErrDamaged, as far as the archive can tell.
	Open(ctx context.Context, id journal.ID) (io.ReadCloser, error)
	// Delete removes the mail; one that is not there is no error.
	Delete(ctx context.Context, id journal.ID) error
	// All walks the mails, the oldest first. An error ends it. What is put or deleted
	// meanwhile may be left out.
	All(ctx context.Context) iter.Seq2[journal.ID, error]
	// Sync makes all that was put or deleted before durable. After an error the mails
	// put since the last good Sync count as lost: they are to be put again.
	Sync() error
	Close() error
}

const suffix = ".eml"

// Name is where a mail stands in an archive, by the day (UTC) on which it was
// accepted: 2026/03/09/<id>.eml. An ID that could lead elsewhere is refused.
func Name(id journal.ID) (string, error) {
	if _, err := journal.ParseID(string(id)); err != nil {
		return "", fmt.Errorf("archive: %w", err)
	}
	return id.Time().UTC().Format("2006/01/02") + "/" + string(id) + suffix, nil
}

// ParseName is the mail that stands under a name of Name's; false if none does.
func ParseName(name string) (journal.ID, bool) {
	base, ok := strings.CutSuffix(path.Base(name), suffix)
	if !ok {
		return "", false
	}
	there, err := Name(journal.ID(base))
	return journal.ID(base), err == nil && there == name
}

// Opener finds the bytes of a mail as an Archive does.
type Opener interface {
	Open(ctx context.Context, id journal.ID) (io.ReadCloser, error)
}

// Read returns the whole of a mail, or ErrNotFound.
func Read(ctx context.Context, from Opener, id journal.ID) ([]byte, error) {
	r, err := from.Open(ctx, id)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	raw, err := readBounded(r)
	if err != nil {
		return nil, fmt.Errorf("reading mail %s: %w", id, err)
	}
	return raw, nil
}

// maxMail bounds what is held in memory of one mail; the doors take far less.
const maxMail = 256 << 20

func readBounded(r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxMail+1))
	if err == nil && len(raw) > maxMail {
		err = fmt.Errorf("it has more than %d bytes", maxMail)
	}
	return raw, err
}
