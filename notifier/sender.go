package notifier

import (
	"context"
	"strings"
	"unicode"

	"aismarttalk.tech/supportd/templates"
)

// Sender hands letters on. Send returns without an error only when somebody else
// has taken responsibility for the letter. An error that is a *SendError with
// Permanent set is final for this letter; all others mean that trying again may
// help, and leave open whether the letter was taken.
type Sender interface {
	Send(ctx context.Context, l Letter) (Receipt, error)
}

// Receipt is how a letter was taken.
type Receipt struct {
	Reply string // in the receiver's words, one line
}

// SendError says why a letter was not taken.
type SendError struct {
	// Permanent: the letter was refused, and would be again.
	Permanent bool
	// Reply is what the relay said, or what went wrong; one line, for the record
	// of the notice.
	Reply string
	Err   error // the cause, may be nil
}

func (e *SendError) Error() string {
	if e.Permanent {
		return "refused for good: " + e.Reply
	}
	return "not taken: " + e.Reply
}

func (e *SendError) Unwrap() error { return e.Err }

// maxReply bounds, in runes, what is kept of a relay's words.
const maxReply = 300

// oneLine makes a reply of any length and content one short line.
func oneLine(s string) string {
	return templates.Shorten(strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "?"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " "), maxReply)
}
