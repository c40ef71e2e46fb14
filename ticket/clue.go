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

// Prefixes that mail programs put before the subject of an answer or of a
// forwarded mail. VS is "videresendt" in Danish and Norwegian but "vastaus"
// in Finnish; as an answer it has its references, so that it counts as
// forwarded here.
var (
	answerPrefixes  = []string{"re", "sv", "aw", "antw", "r", "odp", "ref", "rif", "res", "bls", "ynt", "svar", "vá"}
	forwardPrefixes = []string{"fwd", "fw", "wg", "tr", "vb", "vs", "vl", "rv", "enc", "i", "pd", "doorst", "vidarebefordrat", "videresendt"}
)

// Forwarded reports whether the outermost prefix of a subject says that the
// mail was passed on.
func Forwarded(subject string) bool {
	for {
		prefix, rest, ok := subjectPrefix(subject)
		if !ok {
			return false
		}
		if slices.Contains(forwardPrefixes, prefix) {
			return true
		}
		subject = rest
	}
}

// subjectPrefix cuts one "Re:" or "Fwd[2]:" off a subject.
func subjectPrefix(subject string) (prefix, rest string, ok bool) {
	head, rest, ok := strings.Cut(strings.TrimSpace(subject), ":")
	if !ok || len(head) > 20 {
		return "", subject, false
	}
	head = strings.ToLower(strings.TrimSpace(head))
	if i := strings.IndexAny(head, "[("); i > 0 {
		head = strings.TrimSpace(head[:i])
	}
	if slices.Contains(answerPrefixes, head) || slices.Contains(forwardPrefixes, head) {
		return head, strings.TrimSpace(rest), true
	}
	return "", subject, false
}

// BareSubject is the reporter's own subject: without the prefixes of answers
// and without our tracking IDs, so that every mail of a ticket can bear it
// alike.
func BareSubject(subject, prefix string) string {
	subject = strings.TrimSpace(subject)
	for {
		_, rest, ok := subjectPrefix(subject)
		if !ok {
			break
		}
		subject = rest
	}
	for _, id := range FindIDs(prefix, subject) {
		for _, form := range []string{"[" + string(id) + "]", string(id)} {
			subject = strings.ReplaceAll(subject, form, "")
		}
	}
	return strings.Join(strings.Fields(subject), " ")
}
