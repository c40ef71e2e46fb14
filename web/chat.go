package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"aismarttalk.tech/supportd/chatbot"
	"aismarttalk.tech/supportd/desk/chat"
	"aismarttalk.tech/supportd/faq"
	"aismarttalk.tech/supportd/web/page"
)

// Chat holds conversations; chat.Room says more.
type Chat interface {
	Take(ctx context.Context, t chat.Turn) (chat.Answer, error)
}

// ChatTurn is what POST /chat takes. With neither text nor press it answers with all
// that was said, and how the conversation stands.
type ChatTurn struct {
	Conversation string `json:"conversation,omitempty" maxLength:"100" doc:"As the answer before gave it; absent begins one. Keep it to yourself: who has it can read the conversation and go on with it."`
	Text         string `json:"text,omitempty" maxLength:"4000" doc:"What is said."`
	Press        string `json:"press,omitempty" maxLength:"100" doc:"The button that is pressed instead: press of one in the answer before. Nothing is sent to support but by the button send."`
	Language     string `json:"language,omitempty" maxLength:"10" doc:"In which a conversation begins: da or en."`
}

// ChatAnswer is the bot's.
type ChatAnswer struct {
	Conversation string       `json:"conversation,omitempty" doc:"For the next turn. It is forgotten two hours after the last one. Absent as long as nothing was said."`
	Language     string       `json:"language" doc:"In which the bot goes on."`
	Step         string       `json:"step" doc:"What the conversation waits for."`
	Said         []ChatLine   `json:"said" doc:"Bubbles, in order: those of this turn; all of them, where nothing was said or pressed."`
	Summary      []ChatFact   `json:"summary,omitempty" doc:"The report that the button send would hand in."`
	Buttons      []ChatButton `json:"buttons" doc:"What may be pressed."`
	Expect       string       `json:"expect" enum:"text,long,address,ticket,press" doc:"What the next turn is to be: a line, some lines, a mail address, a tracking ID, or a button alone."`
}

// ChatLine is one bubble. Its blocks are plain text: nothing in them is markup.
type ChatLine struct {
	Mine     bool        `json:"mine" doc:"It is the visitor's, and not the bot's."`
	Language string      `json:"language,omitempty" doc:"Of what the bot says."`
	Blocks   []faq.Block `json:"blocks"`
}

// ChatFact is one line of a report.
type ChatFact struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// ChatButton is a choice.
type ChatButton struct {
	Press   string `json:"press"`
	Label   string `json:"label"`
	Primary bool   `json:"primary,omitempty" doc:"The one that leads on."`
}

// newChatAnswer is an answer as programs and the widget read it.
func newChatAnswer(a chat.Answer) ChatAnswer {
	out := ChatAnswer{
		Conversation: a.Conversation, Language: a.Language, Step: string(a.Step), Expect: string(a.Expect),
		Said: []ChatLine{}, Buttons: []ChatButton{},
	}
	for _, l := range a.Said {
		out.Said = append(out.Said, ChatLine{Mine: l.Mine, Language: l.Language, Blocks: l.Blocks})
	}
	for _, f := range a.Summary {
		out.Summary = append(out.Summary, ChatFact{f.Label, f.Text})
	}
	for _, b := range a.Buttons {
		out.Buttons = append(out.Buttons, ChatButton{string(b.Press), b.Label, b.Primary})
	}
	return out
}

type chatRequest struct {
	Body    ChatTurn
	network string
}

// Resolve notes where a request comes from, for what is limited by network.
func (r *chatRequest) Resolve(ctx huma.Context) []error {
	r.network = page.Network(ctx.RemoteAddr())
	return nil
}

type chatAnswer struct{ Body ChatAnswer }

// chat takes one turn of a conversation.
func (s *Server) chat(ctx context.Context, r *chatRequest) (*chatAnswer, error) {
	a, err := s.parts.Chat.Take(ctx, chat.Turn{
		Conversation: r.Body.Conversation, Language: r.Body.Language, Network: r.network,
		Input: chatbot.Input{Text: r.Body.Text, Press: chatbot.Press(r.Body.Press)},
	})
	switch {
	case errors.Is(err, chat.ErrTooMany):
		return nil, huma.ErrorWithHeaders(problem(http.StatusTooManyRequests, "too many reports from this network; send the same again in a minute"),
			http.Header{"Retry-After": {"60"}})
	case err != nil:
		return nil, s.failed(err, "taking a turn of a conversation")
	}
	return &chatAnswer{newChatAnswer(a)}, nil
}
