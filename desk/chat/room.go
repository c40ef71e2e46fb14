package chat

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/chatbot"
	"aismarttalk.tech/supportd/desk/report"
	"aismarttalk.tech/supportd/faq"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Life is how long a conversation is kept after its last turn, at least.
const Life = 2 * time.Hour

// Reports is where a report is put; report.Box says more.
type Reports interface {
	Once(ctx context.Context, r report.Report, by report.Source, key string) (report.Filed, error)
}

// StatusLinks has a letter on a ticket's status sent; desk.Desk says more.
type StatusLinks interface {
	AskStatusLink(ctx context.Context, id ticket.ID, address string) error
}

// Phraser may put an answer in other words that fit what was asked. It is told
// nothing else, and all that it can do is to say it differently.
type Phraser interface {
	Phrase(ctx context.Context, language, asked string, answer []faq.Block) ([]faq.Block, error)
}

// Opens bounds how many reports a network hands in.
type Opens interface {
	Pass(network string) bool
}

// Parts are what a room works with.
type Parts struct {
	Bot     *chatbot.Bot
	Store   *store.Store
	Reports Reports
	Status  StatusLinks
	Opens   Opens
	Phrase  Phraser // nil: answers stand as they are written
	Now     func() time.Time
	Random  io.Reader
	Log     zerolog.Logger
}

// Room is where conversations are held. It is safe for concurrent use, and any
// number of daemons on one store share their conversations.
type Room struct{ parts Parts }

// New wires a room.
func New(p Parts) *Room { return &Room{p} }

// Turn is what somebody does in a conversation. With neither words nor a press it
// asks how the conversation stands.
type Turn struct {
	Conversation string // "" begins one
	Language     string // in which it begins
	Network      string // from where
	chatbot.Input
}

// Answer is how a conversation stands behind a turn.
type Answer struct {
	Conversation string // "" until something was said
	Language     string
	Step         chatbot.Step
	Said         []Line // by this turn; all of it, where the turn only asked
	chatbot.Reply
}

// Line is one bubble.
type Line struct {
	Mine     bool        `json:"mine,omitempty"`     // of whoever talks with us
	Language string      `json:"language,omitempty"` // of what we say
	Blocks   []faq.Block `json:"blocks"`
}

// ErrTooMany is returned for a report that is one too many from its network.
var ErrTooMany = errors.New("chat: too many reports from one network")

// talk is what is kept of a conversation.
type talk struct {
	State chatbot.State `json:"state"`
	Lines []Line        `json:"lines"`
	Last  chatbot.Reply `json:"last"` // without what was said and done
}

// tries is how often a turn is taken anew because another one came between.
const tries = 3

// Take takes one turn. Errors are the store's, the journal's, or ErrTooMany; the
// conversation stands as before it then.
func (r *Room) Take(ctx context.Context, t Turn) (Answer, error) {
	for try := 1; ; try++ {
		a, err := r.take(ctx, t)
		if !errors.Is(err, store.ErrConversationMoved) || try == tries {
			return a, err
		}
	}
}

func (r *Room) take(ctx context.Context, t Turn) (Answer, error) {
	kept, before, secret, err := r.open(ctx, t)
	if err != nil {
		return Answer{}, err
	}
	forgotten := t.Conversation != "" && secret != t.Conversation
	if t.Text == "" && (t.Press == "" || forgotten) {
		return Answer{Conversation: secret, Language: before.State.Language, Step: before.State.Step, Said: before.Lines, Reply: before.Last}, nil
	}
	after := talk{Lines: before.Lines}
	var reply chatbot.Reply
	after.State, reply = r.parts.Bot.Turn(before.State, t.Input)
	if after.State, reply, err = r.carryOut(ctx, t, secret, after.State, reply); err != nil {
		return Answer{}, err
	}
	r.rephrase(ctx, after.State.Language, t.Text, &reply)
	said := lines(after.State.Language, reply)
	if forgotten {
		said = append(slices.Clone(before.Lines), said...)
		after.Lines = nil
	}
	if mine := shown(before.Last, t.Input); mine != "" {
		after.Lines = append(after.Lines, Line{Mine: true, Blocks: []faq.Block{{Kind: faq.Paragraph, Text: mine}}})
	}
	after.Lines = bounded(append(after.Lines, said...))
	reply.Say, reply.Do = nil, nil
	after.Last = reply
	if kept.Talk, err = json.Marshal(after); err != nil {
		return Answer{}, fmt.Errorf("encoding a conversation: %w", err)
	}
	if err := r.parts.Store.SaveConversation(ctx, secret, kept, r.parts.Now(), Life); err != nil {
		return Answer{}, fmt.Errorf("keeping a conversation: %w", err)
	}
	return Answer{Conversation: secret, Language: after.State.Language, Step: after.State.Step, Said: said, Reply: reply}, nil
}

// secretBytes of chance are in the name of a conversation.
const secretBytes = 24

var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{32}$`)

// open finds a conversation, or begins one: in place of one that is no longer there
// too, and it says so then. A button that was meant for that one is not pressed in
// the new.
func (r *Room) open(ctx context.Context, t Turn) (store.Conversation, talk, string, error) {
	forgotten := t.Conversation != ""
	if secretForm.MatchString(t.Conversation) {
		c, found, err := r.parts.Store.Conversation(ctx, t.Conversation, r.parts.Now())
		if err != nil {
			return c, talk{}, "", fmt.Errorf("reading a conversation: %w", err)
		}
		if found {
			var have talk
			if err := json.Unmarshal(c.Talk, &have); err == nil {
				return c, have, t.Conversation, nil
			}
			// Another release's: it is as good as forgotten.
		}
	}
	begin := r.parts.Bot.Begin
	if forgotten {
		begin = r.parts.Bot.Forgotten
	}
	var fresh talk
	var reply chatbot.Reply
	fresh.State, reply = begin(t.Language)
	fresh.Lines = lines(fresh.State.Language, reply)
	reply.Say = nil
	fresh.Last = reply
	if t.Text == "" && (t.Press == "" || forgotten) {
		return store.Conversation{}, fresh, "", nil
	}
	secret := make([]byte, secretBytes)
	if _, err := io.ReadFull(r.parts.Random, secret); err != nil {
		return store.Conversation{}, talk{}, "", fmt.Errorf("drawing a conversation's name: %w", err)
	}
	return store.Conversation{}, fresh, base64.RawURLEncoding.EncodeToString(secret), nil
}

// carryOut does what a turn wants done.
func (r *Room) carryOut(ctx context.Context, t Turn, secret string, s chatbot.State, reply chatbot.Reply) (chatbot.State, chatbot.Reply, error) {
	switch do := reply.Do.(type) {
	case chatbot.AskStatus:
		if err := r.parts.Status.AskStatusLink(ctx, do.Ticket, do.Address); err != nil {
			return s, reply, fmt.Errorf("noting a question for a status: %w", err)
		}
	case chatbot.OpenTicket:
		if !r.parts.Opens.Pass(t.Network) {
			return s, reply, ErrTooMany
		}
		filed, err := r.parts.Reports.Once(ctx, report.Report{
			Address: do.Address, Language: do.Language, Subject: do.Subject, Text: do.Text, Claim: do.Severity,
		}, report.Source{Name: "chat", Page: true}, secret+" "+strconv.Itoa(do.Number))
		if err != nil {
			r.parts.Log.Error().Err(err).Msg("a report from the chat was not taken in; it may be sent again")
			s, reply = r.parts.Bot.NotOpened(s)
			return s, reply, nil
		}
		s, reply = r.parts.Bot.Opened(s, filed.Ticket)
	}
	return s, reply, nil
}

// rephrase has answers put in other words. What goes wrong there is no fault of the
// answer.
func (r *Room) rephrase(ctx context.Context, language, asked string, reply *chatbot.Reply) {
	if r.parts.Phrase == nil || asked == "" {
		return
	}
	for i, one := range reply.Say {
		if one.FAQ == "" {
			continue
		}
		said, err := r.parts.Phrase.Phrase(ctx, language, asked, one.Blocks)
		if err != nil {
			r.parts.Log.Warn().Err(err).Str("answer", one.FAQ).Msg("an answer was not rephrased; it is given as it is written")
			continue
		}
		reply.Say[i].Blocks = said
	}
}

func lines(language string, r chatbot.Reply) []Line {
	all := make([]Line, len(r.Say))
	for i, one := range r.Say {
		all[i] = Line{Language: language, Blocks: one.Blocks}
	}
	return all
}

// shown is what a turn looks like among what was said: its words, or the label of
// the button.
func shown(before chatbot.Reply, in chatbot.Input) string {
	if in.Press == "" {
		return in.Text
	}
	for _, b := range before.Buttons {
		if b.Press == in.Press {
			return b.Label
		}
	}
	return ""
}

// maxLines and maxSaid bound what is kept of a conversation, in bubbles and bytes;
// the oldest goes first.
const (
	maxLines = 60
	maxSaid  = 64 << 10
)

func bounded(all []Line) []Line {
	size := 0
	for i := len(all) - 1; i >= 0; i-- {
		for _, b := range all[i].Blocks {
			size += len(b.Text)
		}
		if size > maxSaid || len(all)-i > maxLines {
			return all[i+1:]
		}
	}
	return all
}
