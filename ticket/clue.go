package ticket

import (
	"slices"
	"strings"
)

// ClueKind says where in a mail a clue to its ticket stood.
type ClueKind string

// Kinds of clues, strongest first.
const (
	ClueToken     ClueKind = "token"      // behind the + of a recipient address
	ClueReference ClueKind = "reference"  // In-Reply-To or References
	ClueSubjectID ClueKind = "subject-id" // a tracking ID in the subject
	ClueTextID    ClueKind = "text-id"    // … in the new text
	ClueQuotedID  ClueKind = "quoted-id"  // … in quoted text
)

// Strong reports whether the clue can name a ticket for somebody who is no
// participant: it was ours to give, not his to guess.
func (k ClueKind) Strong() bool { return k == ClueToken || k == ClueReference }

// Clue is something in a mail that may name its ticket. It is read, not
// believed: nothing about it has been verified.
type Clue struct {
	Kind  ClueKind `json:"kind"`
	Value string   `json:"value"`
}

// Bounds on clues: a mail that names more is not better known for it.
const (
	maxReferences = 50
	maxIDs        = 10
)

// Clues returns what in a message may name its ticket, best first. Recipients
// are those of the envelope. An ID in a forwarded part, or in the subject
// behind a forward prefix, belongs to somebody else's mail and is no clue.
func Clues(m Message, recipients []string, prefix string) []Clue {
	var clues []Clue
	add := func(kind ClueKind, values ...string) {
		for _, v := range values {
			if c := (Clue{kind, v}); v != "" && !slices.Contains(clues, c) {
				clues = append(clues, c)
			}
		}
	}
	for _, r := range slices.Concat(recipients, addresses(m.To), addresses(m.Cc), m.DeliveredTo) {
		if token, ok := tokenOf(r, prefix); ok {
			add(ClueToken, token)
		}
	}
	// The latest reference is the nearest relative.
	refs := slices.Clone(m.References)
	slices.Reverse(refs)
	add(ClueReference, bound(slices.Concat(m.InReplyTo, refs), maxReferences)...)

	if !Forwarded(m.Subject) {
		add(ClueSubjectID, idStrings(prefix, m.Subject)...)
	}
	var fresh, quoted strings.Builder
	for _, s := range m.Segments {
		text := m.Text[s.Start:s.End]
		switch s.Kind {
		case SegmentForward:
		case SegmentQuote, SegmentMarker:
			quoted.WriteString(text + "\n")
		default:
			fresh.WriteString(text + "\n")
		}
	}
	add(ClueTextID, idStrings(prefix, fresh.String())...)
	add(ClueQuotedID, idStrings(prefix, quoted.String())...)
	return clues
}

func idStrings(prefix, text string) []string {
	var out []string
	for _, id := range bound(FindIDs(prefix, text), maxIDs) {
		out = append(out, string(id))
	}
	return out
}

func bound[T any](list []T, n int) []T { return list[:min(n, len(list))] }

func addresses(list []Address) []string {
	out := make([]string, 0, len(list))
	for _, a := range list {
		out = append(out, a.Address)
	}
	return out
}

// tokenOf reads a reply token from an address: what stands behind the last +
// of the local part, if it has a token's form.
func tokenOf(address, prefix string) (string, bool) {
	token, ok := tagOf(address)
	if !ok {
		return "", false
	}
	token = strings.ToLower(token)
	id, ok := TokenTicket(token)
	return token, ok && strings.HasPrefix(string(id), strings.ToUpper(prefix)+"-")
}

// NoticeOf reads the name of a notice from an address that a bounce was sent
// to: what stands behind the last + of the local part.
func NoticeOf(address string, keys Keyring) (ID, int, bool) {
	name, ok := tagOf(address)
	if !ok {
		return "", 0, false
	}
	return keys.VerifyNotice(name)
}
