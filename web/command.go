package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
)

// Command is what POST …/commands takes: an order, in whose name, and up to which
// event the caller has seen the ticket.
type Command struct {
	ticket.Order
	As            string `json:"as,omitempty" maxLength:"320" doc:"The address of the staff member who does it; for the admin's token only."`
	ExpectedEvent int    `json:"expected_event,omitempty" minimum:"0" doc:"The number of the latest event that the caller has seen. If more has happened since, nothing is done, and the answer is 409 with what has. If-Match says the same."`
}

// CommandResult is the ticket after a command, and what the command did. Of a
// preview it is how all would be.
type CommandResult struct {
	TicketDetails
	Preview bool      `json:"preview,omitempty" doc:"Nothing was done: this is what would be."`
	Done    []Event   `json:"done" doc:"The events that the command caused; none where all was so already."`
	Letters []Letter  `json:"letters" doc:"The letters that it owes, those about other tickets too."`
	Others  []Related `json:"others,omitempty" doc:"Other tickets that it changed: pushed out by a hotfix, merged, linked."`
}

// Letter is one letter that a command owes, in its words.
type Letter struct {
	Ticket   ticket.ID         `json:"ticket"`
	Number   int               `json:"number"`
	Kind     ticket.NoticeKind `json:"kind"`
	To       ticket.Address    `json:"to"`
	Language string            `json:"language"`
	Leaves   time.Time         `json:"leaves" doc:"Not before then; until then undo takes it back."`
	Subject  string            `json:"subject"`
	Text     string            `json:"text"`
}

// Related is another ticket that a command changed.
type Related struct {
	Ticket ticket.ID    `json:"ticket"`
	State  ticket.State `json:"state"`
	Done   []Event      `json:"done"`
}

type commandRequest struct {
	TicketPath
	Caller
	IfMatch string `header:"If-Match" maxLength:"40" doc:"As expected_event: the number of the latest event that the caller has seen, in quotes or not."`
	Preview bool   `query:"preview" doc:"Say what would happen and which letters would go out, and do nothing."`
	Body    Command
}

type commandAnswer struct{ Body CommandResult }

// command does something to a ticket, or says what doing it would mean.
func (s *Server) command(ctx context.Context, r *commandRequest) (*commandAnswer, error) {
	id, err := s.ticketID(r.TicketPath)
	if err != nil {
		return nil, err
	}
	by, err := s.actor(r.Caller, r.Body.As)
	if err != nil {
		return nil, err
	}
	seen, err := r.seen()
	if err != nil {
		return nil, err
	}
	if r.Preview {
		would, err := s.parts.Desk.Preview(ctx, id, r.Body.Order, by)
		if err != nil {
			return nil, s.commandFailed(ctx, err, id)
		}
		return s.commandResult(ctx, id, would, true)
	}
	done, err := s.parts.Desk.OrderSeen(ctx, id, r.Body.Order, by, seen)
	if err != nil {
		return nil, s.commandFailed(ctx, err, id)
	}
	return s.commandResult(ctx, id, done, false)
}

// seen is the event up to which the caller knows the ticket; 0 if he does not say.
func (r *commandRequest) seen() (int, error) {
	if r.IfMatch == "" || r.IfMatch == "*" {
		return r.Body.ExpectedEvent, nil
	}
	n, err := strconv.Atoi(strings.Trim(strings.TrimPrefix(r.IfMatch, "W/"), `"`))
	if err != nil || n < 0 || r.Body.ExpectedEvent != 0 && r.Body.ExpectedEvent != n {
		return 0, problem(http.StatusBadRequest, "If-Match holds the number of the latest event that you have seen, as expected_event does; send one of them")
	}
	return n, nil
}

func (s *Server) commandResult(ctx context.Context, id ticket.ID, c desk.Change, preview bool) (*commandAnswer, error) {
	t, events, notices, err := s.record(ctx, id)
	switch {
	case err != nil && preview:
		return nil, err
	case err != nil: // it is done: an error would have the caller do it again
		t, events, notices = c.After, c.Events, c.Notices
	case preview:
		t, events, notices = c.After, append(events, c.Events...), append(notices, c.Notices...)
	}
	result := CommandResult{TicketDetails: detailsOf(t, events, notices), Preview: preview, Done: eventsOf(c.Events), Letters: []Letter{}}
	for _, one := range append([]desk.Change{c}, c.Others...) {
		for _, n := range one.Notices {
			result.Letters = append(result.Letters, s.letter(n))
		}
	}
	for _, o := range c.Others {
		result.Others = append(result.Others, Related{Ticket: o.After.ID, State: o.After.State, Done: eventsOf(o.Events)})
	}
	return &commandAnswer{result}, nil
}

// letter is a letter in its words. What was done stays done though its words cannot
// be shown.
func (s *Server) letter(n ticket.Notice) Letter {
	l := Letter{Ticket: n.Ticket, Number: n.Number, Kind: n.Kind, To: n.To, Language: n.Language, Leaves: n.Due()}
	if s.parts.Letter == nil {
		return l
	}
	words, err := s.parts.Letter(n)
	if err != nil {
		s.log.Error().Err(err).Str("ticket", string(n.Ticket)).Int("notice", n.Number).Msg("a letter cannot be shown")
		return l
	}
	l.Subject, l.Text = words.Subject, words.Text
	return l
}

// commandFailed is failed for a command: it adds what is possible instead.
func (s *Server) commandFailed(ctx context.Context, err error, id ticket.ID) error {
	var refused *ticket.Refused
	var stale *desk.Stale
	switch {
	case errors.As(err, &stale):
		p := problem(http.StatusConflict, "the ticket has moved on since you read it; look at what changed, and give the command again if it still holds")
		p.Code, p.Changed, p.Possible = CodeStale, eventsOf(stale.Since), stale.Now.Possible()
		return p
	case errors.As(err, &refused):
		p := problem(http.StatusConflict, refused.Reason)
		p.Code = string(refused.Code)
		if t, ok, rerr := s.parts.Store.Ticket(ctx, id); rerr == nil && ok {
			p.Possible = t.Possible()
		}
		return p
	}
	return s.failed(err, "doing a command")
}
