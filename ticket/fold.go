package ticket

import (
	"slices"
	"time"
)

// Apply folds events into the ticket and returns the result. It cannot fail:
// what may not happen was refused by Decide.
func (t Ticket) Apply(events ...Event) Ticket {
	for _, e := range events {
		t = t.apply(e)
	}
	return t
}

func (t Ticket) apply(e Event) Ticket {
	before := t.State
	t.Updated = e.At
	if e.Entry != nil {
		t = t.addEntry(*e.Entry)
	}
	t = t.heard(e)
	if fold, ok := folds[e.Kind]; ok {
		t = fold(t, e)
	}
	t.Events = e.Number
	if answers(e) {
		t.AnswerBy, t.Answered, t.Heard = time.Time{}, time.Time{}, e.At
	}
	if t.State != before && e.Kind != EventUndone { // which restores since when, too
		t.Since = e.At
	}
	return t
}

// folds is what each kind of event does to a ticket, beside its entry and the
// promise of an answer. Kinds that are missing are for the record.
var folds = map[EventKind]func(Ticket, Event) Ticket{
	EventOpened:     Ticket.open,
	EventAnswered:   func(t Ticket, _ Event) Ticket { return t.resume() },
	EventReopened:   Ticket.reopen,
	EventFollowed:   func(t Ticket, e Event) Ticket { t.FollowedBy = with(t.FollowedBy, e.Other); return t },
	EventClassified: Ticket.classify,
	EventPlanned:    Ticket.plan,
	EventMoved:      Ticket.plan,
	EventStarted: func(t Ticket, e Event) Ticket {
		t = t.enter(StateInvestigating)
		t.Started, t.Assignee = true, e.Assignee
		return t
	},
	EventHandedOver: func(t Ticket, e Event) Ticket {
		t = t.enter(StateTesting)
		t.Fix = Handover{Result: e.Result, Text: e.Text, How: e.How}
		return t
	},
	EventFailed:   func(t Ticket, _ Event) Ticket { t.Failed++; return t.enter(StateInvestigating) },
	EventResolved: Ticket.resolve,
	EventClosed:   Ticket.close,
	EventAsked: func(t Ticket, e Event) Ticket {
		t.Waiting = Waiting{From: t.Stage(), Questions: e.Questions, RemindOn: e.RemindOn}
		t.State = StateWaiting
		return t
	},
	EventReminded: func(t Ticket, e Event) Ticket {
		t.Waiting.RemindOn = e.RemindOn
		t.Waiting.Reminders++
		return t
	},
	EventAssigned: func(t Ticket, e Event) Ticket { t.Assignee = e.Assignee; return t },
	EventTitled:   func(t Ticket, e Event) Ticket { t.Title = e.Title; return t },
	EventMerged: func(t Ticket, e Event) Ticket {
		t.MergedInto, t.Result = e.Other, ResultMerged
		return t.close(e)
	},
	EventAbsorbed: Ticket.absorb,
	EventLinked:   func(t Ticket, e Event) Ticket { t.Links = with(t.Links, e.Other); return t },
	EventDecided:  Ticket.decided,
	EventInvited: func(t Ticket, e Event) Ticket {
		t.Participants = append(slices.Clip(t.Participants), *e.Participant)
		return t
	},
	EventDismissed: func(t Ticket, e Event) Ticket {
		t.Participants = slices.DeleteFunc(slices.Clone(t.Participants), func(p Participant) bool {
			return FoldAddress(p.Address) == FoldAddress(e.Participant.Address)
		})
		return t
	},
	EventErased: func(t Ticket, e Event) Ticket {
		if e.By.Has(RoleSystem) { // the whole ticket; else a person, who may be one of several
			t.Erased = e.At
		}
		return t
	},
	EventUndone: func(t Ticket, e Event) Ticket {
		restored := *e.Restored
		restored.Updated, restored.Notices = t.Updated, t.Notices
		return restored
	},
}

// with adds an ID to a list that does not hold it.
func with(ids []ID, id ID) []ID {
	if slices.Contains(ids, id) {
		return ids
	}
	return append(slices.Clip(ids), id)
}

// enter brings the ticket to a stage of work, whatever it waited for.
func (t Ticket) enter(s State) Ticket {
	t.State, t.Waiting = s, Waiting{}
	return t
}

// resume ends the waiting.
func (t Ticket) resume() Ticket { return t.enter(t.Stage()) }

// heard notes that the reporter's side wrote something that wants an answer, or
// that support reopened the ticket for it. A promise that stands is kept, but for
// one made before we asked: while we wait for the reporter none is broken, and with
// his answer the time begins anew.
func (t Ticket) heard(e Event) Ticket {
	switch e.Kind {
	case EventOpened, EventAppended, EventReopened, EventAnswered:
	default:
		return t
	}
	if t.AnswerBy.IsZero() || e.Kind == EventAnswered {
		t.AnswerBy = e.AnswerBy
	}
	wants := e.Kind == EventAnswered || e.Kind == EventReopened || e.Wants
	if wants && e.Entry != nil && t.Answered.IsZero() {
		t.Answered = e.At
	}
	return t
}

// answers reports whether the reporter hears of a person by an event.
func answers(e Event) bool {
	switch e.Kind {
	case EventReplied, EventAsked, EventPlanned, EventMoved, EventStarted, EventHandedOver, EventFailed, EventResolved, EventDecided, EventMerged:
		return !e.By.Has(RoleSystem)
	case EventClosed:
		return true
	case EventNoted:
		return e.Public
	}
	return false
}

func (t Ticket) reopen(e Event) Ticket {
	t = t.enter(StateReported)
	t.Resolved, t.CloseOn, t.Closed, t.ReopenBy, t.Result = time.Time{}, time.Time{}, time.Time{}, time.Time{}, ""
	t.Classified, t.Sprint, t.First, t.Hotfix, t.Started, t.Fix, t.Failed = time.Time{}, Slot{}, "", false, false, Handover{}, 0
	t.Decision, t.Quarter, t.Review = "", "", time.Time{}
	t.Slipped, t.Heard = time.Time{}, time.Time{}
	t.Reopened = e.At
	return t
}

func (t Ticket) classify(e Event) Ticket {
	if t.Severity == SeverityCritical && e.Severity != SeverityCritical {
		t.Hotfix = false // it keeps its sprint, as any bugfix
	}
	t.Severity, t.Kind = e.Severity, e.TicketKind
	if e.Category != t.Category.Name {
		t.Category = Category{Name: e.Category}
	}
	if e.Title != "" {
		t.Title = e.Title
	}
	t.AssessBy = time.Time{}
	t.AnswerBy = e.AnswerBy
	if t.Classified.IsZero() {
		t.Classified = e.At
	}
	switch {
	case t.State == StateWaiting:
		if t.Waiting.From == StateReported {
			t.Waiting.From = StateClassified
		}
	case t.State == StateReported:
		t.State = StateClassified
	}
	if t.Kind != KindBug { // what is no bug takes no place in a sprint
		t.Sprint, t.First, t.Hotfix = Slot{}, "", false
	}
	if t.Kind != KindFeatureRequest { // what is no wish has no decision
		t.Decision, t.Quarter, t.Review = "", "", time.Time{}
	}
	if t.Sprint.Name == "" && t.Decision != DecisionAccepted { // nothing plans it any longer
		switch {
		case t.State == StatePlanned:
			t.State = StateClassified
		case t.State == StateWaiting && t.Waiting.From == StatePlanned:
			t.Waiting.From = StateClassified
		}
	}
	return t
}

func (t Ticket) plan(e Event) Ticket {
	if e.Kind == EventMoved && (e.Sprint.Name == "" || e.Sprint.Name > e.From) { // names sort as sprints do
		t.Slipped = e.At
	}
	t.Sprint, t.Hotfix = e.Sprint, e.Hotfix
	if t.First == "" {
		t.First = e.Sprint.Name
	}
	stage := StatePlanned
	if e.Sprint.Name == "" {
		stage = StateClassified
	}
	switch {
	case t.State == StateWaiting && (t.Waiting.From == StateClassified || t.Waiting.From == StatePlanned):
		t.Waiting.From = stage
	case t.State == StateClassified, t.State == StatePlanned:
		t.State = stage
	}
	return t
}

func (t Ticket) resolve(e Event) Ticket {
	t = t.enter(StateResolved)
	t.Resolved, t.CloseOn, t.Result = e.At, e.CloseOn, e.Result
	t.AssessBy = time.Time{}
	if e.Result == ResultAnswer && t.Kind == KindBug {
		t.Kind = KindQuestion // support answers what is no bug
	}
	return t
}

func (t Ticket) close(e Event) Ticket {
	t = t.enter(StateClosed)
	t.CloseOn, t.Closed, t.ReopenBy = time.Time{}, e.At, e.ReopenBy
	t.AssessBy = time.Time{}
	return t
}

func (t Ticket) absorb(e Event) Ticket {
	t.Joined = append(slices.Clip(t.Joined), e.Joined...)
	t.Links = with(t.Links, e.Other)
	for _, j := range e.Joined {
		if _, ok := t.Participant(j.Address); !ok && j.Address != "" {
			t.Participants = append(slices.Clip(t.Participants), Participant{Address: j.Address, Since: e.At})
		}
	}
	return t
}

func (t Ticket) decided(e Event) Ticket {
	t.Decision, t.Quarter, t.Review = e.Decision, e.Quarter, e.Review
	if e.Title != "" {
		t.Title = e.Title
	}
	t.Kind, t.AssessBy = KindFeatureRequest, time.Time{}
	switch e.Decision {
	case DecisionAccepted:
		return t.enter(StatePlanned)
	case DecisionDeferred:
		return t.enter(StateClassified)
	}
	t = t.enter(StateResolved)
	t.Resolved, t.CloseOn, t.Result = e.At, e.CloseOn, ResultDeclined
	return t
}

func (t Ticket) open(e Event) Ticket {
	o := e.Opening
	t.ID, t.State = o.ID, StateReported
	t.Subject, t.Language = o.Subject, o.Language
	t.Participants = o.Participants
	t.Claim, t.Impact, t.Category, t.Kind = o.Reading.Claim, o.Reading.Impact, o.Reading.Category, o.Reading.Kind
	t.Opened = e.At
	t.Silent, t.Neutral, t.Follows = o.Silent, o.Neutral, o.Follows
	t.AssessBy, t.Since = o.AssessBy, e.At
	if t.Verdict = e.Entry.Trust; t.Verdict == TrustVerified {
		t.Excerpt = excerpt(e.Entry.Text)
	}
	return t
}

func (t Ticket) addEntry(e Entry) Ticket {
	t.Entries++
	t.Participants = append(slices.Clip(t.Participants), e.Joins...)
	t = t.continueThread(e)
	if p, ok := t.Participant(e.From.Address); ok && p.Reporter && e.Trust == TrustVerified {
		t.Neutral = false // now he is known to be who he says
	}
	for _, f := range e.Flags {
		if !slices.Contains(t.Flags, f) {
			t.Flags = append(slices.Clip(t.Flags), f)
		}
	}
	return t
}

// continueThread remembers a mail as the one that letters to its writer answer. He
// is the reporter or that of a duplicate: of mails by others they know nothing.
func (t Ticket) continueThread(e Entry) Ticket {
	if e.Thread.MessageID == "" {
		return t
	}
	if p, ok := t.Participant(e.From.Address); t.ID == "" || ok && p.Reporter {
		t.Thread = e.Thread
	}
	for i, j := range t.Joined {
		if FoldAddress(j.Address) == FoldAddress(e.From.Address) {
			t.Joined = slices.Clone(t.Joined)
			t.Joined[i].Thread = e.Thread
		}
	}
	return t
}
