package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// Incoming is an accepted mail, read and classified, on its way to a ticket.
type Incoming struct {
	Mail     string // its key: the journal's ID
	Envelope journal.Envelope
	Message  ticket.Message
	Reading  ticket.Reading
	// Check is what was found out here about who sent it; nil if nothing was, as of
	// a mail that comes from this machine or a relay of the operator's own.
	Check *ticket.SenderCheck
	// Scan is what scanners said of it; nil if none is configured.
	Scan *ticket.Scan
	// MayWait: where the mail answers a ticket or a letter of ours that is not on
	// file, Receive returns ErrAhead instead of settling it without.
	MayWait bool
	// Tries is how often it was put back before.
	Tries int
}

// Bounds on what one mail can make us look up or remember.
const (
	maxMentions     = 8
	maxCandidates   = 12
	maxParticipants = 50
)

// repeatWindow is how long the same words from the same sender count as sent
// twice, whatever their Message-ID.
const repeatWindow = 30 * time.Minute

// reception is all that can be known of a mail without asking the store.
type reception struct {
	Incoming
	at      time.Time
	sender  string // folded address; "" if the mail has no identity
	mute    bool   // null envelope sender, or one of ours: whoever wrote, it is never answered
	verdict verdict
	clues   []ticket.Clue

	ownKey      string   // the clue under which this mail itself is remembered
	wordsKey    string   // "" where there are no words to compare
	mentionKeys []string // clues of the mails that it refers to
}

func (d *Desk) reception(in Incoming) reception {
	m := in.Message
	r := reception{
		Incoming: in, at: in.Envelope.Received,
		mute:    in.Envelope.From == "" && in.Envelope.Protocol != journal.ProtocolImport || slices.Contains(in.Envelope.Flags, ticket.FlagSpoof),
		verdict: d.verdict(in),
		clues:   ticket.Clues(m, in.Envelope.To, d.config.Prefix),
		ownKey:  store.ContentClue(m.ContentHash),
	}
	if m.Identified {
		r.sender = ticket.FoldAddress(m.From.Address)
	}
	if m.MessageID != "" {
		r.ownKey = store.MessageClue(m.MessageID)
	}
	// Some programs answer to the envelope sender; ours names its notice.
	for _, to := range in.Envelope.To {
		if id, number, ok := ticket.NoticeOf(to, d.secrets.Keys); ok {
			r.clues = append(r.clues, ticket.Clue{Kind: ticket.ClueReference, Value: d.messageID(id, number)})
		}
	}
	for _, c := range r.clues {
		if c.Kind != ticket.ClueReference || len(r.mentionKeys) == maxMentions {
			continue
		}
		if _, _, ours := d.secrets.Keys.VerifyMessageID(c.Value); !ours {
			r.mentionKeys = append(r.mentionKeys, store.MessageClue(c.Value))
		}
	}
	if text := strings.Join(strings.Fields(m.Reply), " "); r.sender != "" && text != "" {
		sum := sha256.Sum256([]byte(r.sender + "\x00" + ticket.BareSubject(m.Subject, d.config.Prefix) + "\x00" + text))
		r.wordsKey = store.WordsClue(hex.EncodeToString(sum[:]))
	}
	return r
}

func (d *Desk) messageID(id ticket.ID, number int) string {
	return d.secrets.Keys.MessageID(id, number, ticket.Domain(d.config.Addresses[0]))
}

// keys are the clues that the store is asked for, in one round trip.
func (r reception) keys() []string {
	keys := append([]string{r.ownKey}, r.mentionKeys...)
	if r.wordsKey != "" {
		keys = append(keys, r.wordsKey)
	}
	return keys
}

// entry is the mail as it stands on a ticket.
func (r reception) entry() ticket.Entry {
	m := r.Message
	from := m.From
	if r.sender == "" && r.Envelope.From != "" {
		from = ticket.Address{Address: r.Envelope.From} // a contact for staff, no identity
	}
	text, cut := clip(m.Reply, maxEntryText)
	e := ticket.Entry{
		Mail: r.Mail, MessageID: m.MessageID, From: from, Subject: m.Subject, Text: text,
		Attachments: m.Attachments, Flags: flagged(flagged(m.Flags, r.Envelope.Flags...), scanFlags(r.Scan)...), Trust: r.verdict.trust,
	}
	if cut {
		e.Flags = flagged(e.Flags, ticket.FlagTruncated)
	}
	if m.MessageID != "" {
		refs := m.References
		if len(refs) == 0 {
			refs = m.InReplyTo
		}
		e.Thread = ticket.Thread{MessageID: m.MessageID, References: refs, Topic: m.ThreadTopic, Index: m.ThreadIndex}
	}
	return e
}

// participants are those who take part in a ticket that this mail opens: the
// sender, and whom he wrote to beside us.
func (d *Desk) participants(r reception) []ticket.Participant {
	if r.sender == "" {
		return nil
	}
	list := []ticket.Participant{{Address: r.sender, Name: r.Message.From.Name, Reporter: true, Since: r.at}}
	if r.verdict.trust == ticket.TrustFailed {
		return list
	}
	return append(list, d.joining(r, ticket.Ticket{Participants: list})...)
}

// joining are the recipients of a mail who do not take part in a ticket yet.
func (d *Desk) joining(r reception, t ticket.Ticket) []ticket.Participant {
	var list []ticket.Participant
	seen := map[string]bool{}
	for _, group := range [][]ticket.Address{r.Message.To, r.Message.Cc} {
		for _, a := range group {
			address := ticket.FoldAddress(a.Address)
			if _, there := t.Participant(address); there || seen[address] || !strings.Contains(address, "@") || d.own(address) {
				continue
			}
			if len(t.Participants)+len(list) >= maxParticipants {
				return list
			}
			seen[address] = true
			list = append(list, ticket.Participant{Address: address, Name: a.Name, Since: r.at})
		}
	}
	return list
}

// Bounds on text in records; the archive has all of it.
const (
	maxEntryText = 64 << 10
	maxMailText  = 256 << 10
)

// clip cuts a text to a number of bytes, between two characters.
func clip(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	return strings.ToValidUTF8(s[:n], ""), true
}

// flagged is a list of flags with more of them, each named once.
func flagged(flags []string, more ...string) []string {
	flags = slices.Clone(flags)
	for _, f := range more {
		if !slices.Contains(flags, f) {
			flags = append(flags, f)
		}
	}
	return flags
}

// recorded is the message as its record keeps it.
func recorded(m ticket.Message) ticket.Message {
	text, cut := clip(m.Text, maxMailText)
	if !cut {
		return m
	}
	m.Text = text
	m.Reply, _ = clip(m.Reply, maxEntryText)
	m.Flags = flagged(m.Flags, ticket.FlagTruncated)
	var kept []ticket.Segment
	for _, s := range m.Segments {
		if s.Start >= len(text) {
			break
		}
		s.End = min(s.End, len(text))
		kept = append(kept, s)
	}
	m.Segments = kept
	return m
}

// shownTrust is the trust that outcomes name: a failed check is no trust.
func shownTrust(t ticket.Trust) ticket.Trust {
	if t == ticket.TrustFailed {
		return ticket.TrustNone
	}
	return t
}
