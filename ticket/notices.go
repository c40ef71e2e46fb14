package ticket

import (
	"slices"
	"strings"
	"time"
)

// Correspondence is what an operator chose about letters.
type Correspondence struct {
	Staff     []Staff
	Languages []string // in which there are texts
	Default   string   // one of Languages
}

// LetterLanguage picks the language of a letter: the nearest to the wanted one
// in which there are texts, and the default where nothing is known.
func (c Correspondence) LetterLanguage(want string) string {
	want, _, _ = strings.Cut(strings.ToLower(want), "-")
	if want == "" {
		return c.Default
	}
	for _, l := range NearLanguages(want) {
		if slices.Contains(c.Languages, l) {
			return l
		}
	}
	return c.Default
}

// NearLanguages are those in which to write to a reader of a language, best
// first: his own; Bokmål for any Norwegian; Danish for readers of the other
// Nordic languages that are near to it; English.
func NearLanguages(tag string) []string {
	switch tag {
	case "nn", "no":
		return []string{tag, "nb", "da", "en"}
	case "sv", "nb", "fo", "is":
		return []string{tag, "da", "en"}
	}
	return []string{tag, "en"}
}

// Notices returns the letters that events of one command oblige us to send: to
// whom, about what, and with which facts. The ticket is the one after the events.
// Nothing is owed to a machine or to somebody without an address.
func (c Correspondence) Notices(t Ticket, events []Event) []Notice {
	var owed []Notice
	for _, e := range events {
		for _, n := range c.notices(t, e, events) {
			n.Ticket, n.Number = t.ID, t.Notices+len(owed)+1
			n.Event, n.Owed, n.State = e.Number, e.At, NoticeQueued
			owed = append(owed, n)
		}
	}
	return owed
}

func (c Correspondence) notices(t Ticket, e Event, all []Event) []Notice {
	switch e.Kind {
	case EventOpened:
		return c.opened(t, e)
	case EventReopened:
		return append(c.toReporter(NoticeReopened, t, e), without(c.toStaff(NoticeStaffReopened, t, e, RoleSupport), e.By.Address)...)
	case EventAppended, EventAnswered:
		switch {
		case e.Entry.AsksReopen:
			return c.toStaff(NoticeStaffReopened, t, e, RoleSupport)
		case e.Wants:
			return c.toWorker(NoticeStaffAnswered, t, e, RoleSupport)
		}
	case EventClassified:
		owed := c.toReporters(NoticeClassified, t, e)
		if e.TicketKind == KindFeatureRequest {
			owed = append(owed, c.toStaff(NoticeStaffRequest, t, e, RoleOwner)...)
		}
		return owed
	case EventPlanned, EventMoved:
		return c.planned(t, e, all)
	case EventStarted:
		if !e.Again { // that another takes over is no news to the reporter
			return c.toReporters(NoticeInvestigating, t, e)
		}
	case EventHandedOver:
		return append(c.toReporters(NoticeTesting, t, e), c.toStaff(NoticeStaffTest, t, e, RoleQA)...)
	case EventFailed:
		return append(c.toReporters(NoticeFailed, t, e), c.toWorker(NoticeStaffFailed, t, e, RoleDev)...)
	case EventResolved:
		return c.toReporters(NoticeResolved, t, e)
	case EventClosed:
		return c.toReporters(NoticeClosed, t, e)
	case EventNoted:
		if e.Public {
			return c.toReporters(NoticeProgress, t, e)
		}
	case EventReplied:
		return c.toReporter(NoticeReply, t, e)
	case EventAsked:
		return c.toReporter(NoticeWaiting, t, e)
	case EventReminded:
		return c.toReporter(NoticeReminder, t, e)
	case EventMerged:
		return c.toReporter(NoticeMerged, t, e)
	case EventDecided:
		kind := map[Decision]NoticeKind{DecisionAccepted: NoticeAccepted, DecisionDeferred: NoticeDeferred, DecisionDeclined: NoticeDeclined}[e.Decision]
		return c.toReporters(kind, t, e)
	case EventAssigned:
		return c.assigned(t, e)
	case EventBounced:
		return without(c.toStaff(NoticeStaffBounced, t, e, RoleSupport), e.Participant.Address)
	case EventOverdue:
		roles := []Role{RoleSupport}
		if t.Level() == SeverityCritical {
			roles = append(roles, RoleOwner)
		}
		return c.toStaff(NoticeStaffOverdue, t, e, roles...)
	case EventAskedStatus:
		return c.toAsker(t, e)
	}
	return nil
}

// StatusLink is the letter to a reporter who asked on our pages where his ticket
// stands; its link is the caller's to add. False if he cannot be written to.
func (c Correspondence) StatusLink(t Ticket, at time.Time) (Notice, bool) {
	owed := c.toReporter(NoticeStatus, t, Event{Kind: EventAskedStatus, At: at})
	if len(owed) == 0 {
		return Notice{}, false
	}
	return owed[0], true
}

func (c Correspondence) opened(t Ticket, e Event) []Notice {
	kind := NoticeAcknowledgement
	if t.Follows != "" {
		kind = NoticeFollowup
	}
	staff := c.staffNotices(t, e)
	owed := c.toReporter(kind, t, e)
	for i := range owed {
		owed[i].Facts.OwnerTold = !owed[i].Facts.Neutral && told(staff, c.Staff)
	}
	return append(owed, staff...)
}

// planned are the letters about a sprint. Where the same command classified the
// ticket, the letter on that names the sprint too.
func (c Correspondence) planned(t Ticket, e Event, all []Event) []Notice {
	var owed []Notice
	if !slices.ContainsFunc(all, func(e Event) bool { return e.Kind == EventClassified }) {
		kind := NoticePlanned
		if e.Kind == EventMoved && t.Sprint.Name != t.First && (t.Sprint.Name == "" || t.Sprint.Name > t.First) {
			kind = NoticeSlipped
		}
		owed = c.toReporters(kind, t, e)
	}
	if e.Sprint.Name != "" && !t.Started {
		owed = append(owed, c.toWorker(NoticeStaffPlanned, t, e, RoleDev)...)
	}
	if len(e.Pushed) > 0 {
		owed = append(owed, c.toStaff(NoticeStaffPushed, t, e, RoleOwner)...)
	}
	return owed
}

// assigned tells who was given a ticket, unless he took it himself.
func (c Correspondence) assigned(t Ticket, e Event) []Notice {
	if e.Assignee == "" || FoldAddress(e.Assignee) == FoldAddress(e.By.Address) {
		return nil
	}
	return only(c.toStaff(NoticeStaffAssigned, t, e, StaffRoles...), e.Assignee)
}

// toWorker writes to the one who has the ticket, or for want of one to all of a
// role.
func (c Correspondence) toWorker(kind NoticeKind, t Ticket, e Event, role Role) []Notice {
	if mine := only(c.toStaff(kind, t, e, StaffRoles...), t.Assignee); len(mine) > 0 {
		return without(mine, e.By.Address)
	}
	return without(c.toStaff(kind, t, e, role), e.By.Address)
}

func only(notices []Notice, address string) []Notice {
	return slices.DeleteFunc(notices, func(n Notice) bool { return FoldAddress(n.To.Address) != FoldAddress(address) })
}

func without(notices []Notice, address string) []Notice {
	return slices.DeleteFunc(notices, func(n Notice) bool { return FoldAddress(n.To.Address) == FoldAddress(address) })
}

func (c Correspondence) staffNotices(t Ticket, e Event) []Notice {
	if t.Claim.Severity == SeverityCritical {
		return c.toStaff(NoticeStaffCritical, t, e, RoleOwner, RoleSupport)
	}
	return c.toStaff(NoticeStaffNew, t, e, RoleSupport)
}

// told reports whether an owner is among the recipients of a critical alert:
// only then may the acknowledgement say so.
func told(notices []Notice, staff []Staff) bool {
	for _, n := range notices {
		for _, s := range staff {
			if n.Kind == NoticeStaffCritical && s.Address == n.To.Address && slices.Contains(s.Roles, RoleOwner) {
				return true
			}
		}
	}
	return false
}

// toReporters writes to the reporter and to those of duplicates.
func (c Correspondence) toReporters(kind NoticeKind, t Ticket, e Event) []Notice {
	owed := c.toReporter(kind, t, e)
	for _, j := range t.Joined {
		owed = append(owed, c.toJoined(kind, t, j, e)...)
	}
	return owed
}

// toJoined writes to the reporter of a duplicate, in the words of his own.
func (c Correspondence) toJoined(kind NoticeKind, t Ticket, j Joined, e Event) []Notice {
	t.Subject, t.Language, t.Neutral, t.Silent, t.Thread = j.Subject, j.Language, j.Neutral, false, j.Thread
	t.Participants = []Participant{{Address: j.Address, Reporter: true}}
	t.Claim = Claim{} // the other's, not his
	owed := c.toReporter(kind, t, e)
	for i := range owed {
		owed[i].Facts.Shown = j.ID
	}
	return owed
}

func (c Correspondence) toReporter(kind NoticeKind, t Ticket, e Event) []Notice {
	reporter, ok := t.Reporter()
	if !ok || t.Silent {
		return nil
	}
	f := facts(t, e)
	if e.Kind == EventHandedOver || e.Kind == EventFailed || e.Kind == EventStarted {
		f.Text, f.How = "", "" // words among staff
	}
	f.Reason = reporterReason(e)
	if t.Neutral {
		f = f.neutral()
	}
	return []Notice{{Kind: kind, To: Address{Address: reporter.Address}, Language: c.LetterLanguage(t.Language), Facts: f}}
}

// toAsker tells a participant where the ticket stands: him who asked, who need not
// be the reporter. That of a duplicate knows nothing of the other one, nor of what
// we asked him.
func (c Correspondence) toAsker(t Ticket, e Event) []Notice {
	reporter, _ := t.Reporter()
	for _, j := range t.Joined {
		if asker := FoldAddress(e.By.Address); FoldAddress(j.Address) == asker && FoldAddress(reporter.Address) != asker {
			t.Waiting.Questions = nil
			return c.toJoined(NoticeStatus, t, j, e)
		}
	}
	owed := c.toReporter(NoticeStatus, t, e)
	for i := range owed {
		owed[i].To = Address{Address: e.By.Address}
	}
	return owed
}

// reporterReason is the reason of an event, where it was written for the
// reporter.
func reporterReason(e Event) string {
	switch e.Kind {
	case EventClassified, EventMoved, EventClosed, EventDecided:
		return e.Reason
	}
	return ""
}

func (c Correspondence) toStaff(kind NoticeKind, t Ticket, e Event, roles ...Role) []Notice {
	var out []Notice
	for _, s := range c.Staff {
		if !(Actor{Roles: s.Roles}).Has(roles...) {
			continue
		}
		n := c.letterTo(s, kind)
		n.Facts = c.staffFacts(t, e)
		out = append(out, n)
	}
	return out
}

func (c Correspondence) staffFacts(t Ticket, e Event) Facts {
	f := facts(t, e)
	f.Evidence, f.Where, f.Impact = t.Claim.Evidence, t.Claim.Where, t.Impact
	f.AssessBy, f.AnswerBy = t.AssessBy, t.AnswerBy
	f.InReplyTo, f.References, f.ThreadTopic, f.ThreadIndex = "", nil, "", ""
	if e.By.Has(slices.Concat(StaffRoles, []Role{RoleSystem})...) {
		f.By = Address{Name: e.By.Name, Address: e.By.Address}
	}
	f.Assignee = c.address(t.Assignee)
	f.Pushed, f.How = e.Pushed, e.How
	f.Overdue = e.Promise
	if e.Opening != nil {
		f.Free, f.Capacity = e.Opening.Free, e.Opening.Capacity
	}
	if e.Kind == EventBounced {
		f.Undelivered, f.Lost, f.Status = Address{Address: e.Participant.Address}, NoticeKind(e.Reason), e.Status
		f.Reason = ""
	}
	reporter, _ := t.Reporter()
	f.Reporter, f.Verdict, f.Excerpt = Address{Name: reporter.Name, Address: reporter.Address}, t.Verdict, t.Excerpt
	if e.Entry != nil { // the letter is about this mail, which another may have written
		f.Reporter, f.Verdict, f.Excerpt = e.Entry.From, e.Entry.Trust, ""
		if f.Verdict == TrustVerified {
			f.Excerpt = excerpt(e.Entry.Text)
		}
	}
	if t.Neutral { // a reporter's words only when the sender is verified
		f.Subject, f.Evidence = "", ""
	}
	return f
}

// address is one of ours, with his name.
func (c Correspondence) address(address string) Address {
	if s, ok := c.StaffAt(address); ok {
		return Address{Name: s.Name, Address: s.Address}
	}
	return Address{Address: address}
}

// facts freezes what a letter about an event may say.
func facts(t Ticket, e Event) Facts {
	f := Facts{
		Subject: t.Subject, Title: t.Title, State: t.State, Since: t.Since, Severity: t.Level(), Confirmed: t.Severity != "",
		Marked: t.marked(), Kind: t.Kind,
		Sprint: t.Sprint.Name, SprintStart: t.Sprint.Start, SprintEnd: t.Sprint.End, Hotfix: t.Hotfix, Backlog: e.Backlog,
		Quarter: t.Quarter, Review: t.Review,
		Questions: t.Waiting.Questions, RemindOn: t.Waiting.RemindOn,
		Result: e.Result, Text: e.Text, Verified: e.Verified, Limits: e.Limits, CloseOn: t.CloseOn,
		Closing: e.Closing, QuietDays: e.Quiet, Reason: e.Reason, ReopenBy: t.ReopenBy,
		Follows: t.Follows, Attachments: e.Attachments,
		InReplyTo: t.Thread.MessageID, References: threadReferences(t.Thread),
		ThreadTopic: t.Thread.Topic, ThreadIndex: t.Thread.Index,
	}
	if t.Category.Name != CategoryOther {
		f.Category = t.Category.Name
	}
	switch e.Kind {
	case EventOpened:
		f.AssessBy, f.WindowDays = e.Opening.AssessBy, e.Opening.WindowDays
	case EventClassified:
		if t.marked() && t.Claim.Severity != t.Severity {
			f.Claimed = t.Claim.Severity
		}
		f.AnswerBy = t.AnswerBy
	case EventMoved:
		f.SprintFrom, f.Text, f.Workaround = e.From, "", e.Text
		f.Backlog = e.Sprint.Name == ""
	case EventMerged:
		f.Follows = e.Other
	case EventAskedStatus:
		f.AssessBy, f.AnswerBy = t.AssessBy, t.AnswerBy
		f.Result = t.Result
	}
	return f
}

// neutral leaves out of the facts whatever came from the sender: his domain
// did not authenticate, so the reader may be somebody else.
func (f Facts) neutral() Facts {
	f.Neutral, f.Subject, f.Evidence, f.Category = true, "", "", ""
	f.Marked, f.OwnerTold, f.Claimed = false, false, ""
	f.ThreadTopic, f.ThreadIndex = "", ""
	return f
}

// threadReferences is the References header of an answer (RFC 5322 section
// 3.6.4), without its middle where it is long: some mail programs choke on it.
func threadReferences(t Thread) []string {
	if t.MessageID == "" {
		return nil
	}
	refs := make([]string, 0, len(t.References)+1)
	for _, r := range append(slices.Clone(t.References), t.MessageID) {
		if r != "" && !slices.Contains(refs, r) {
			refs = append(refs, r)
		}
	}
	if len(refs) > firstReferences+lastReferences {
		refs = slices.Concat(refs[:firstReferences], refs[len(refs)-lastReferences:])
	}
	return refs
}

// Of a long conversation a letter names its beginning and its end.
const (
	firstReferences = 4
	lastReferences  = 6
)

// excerptRunes bounds the reporter's words in a letter to staff.
const excerptRunes = 400

func excerpt(text string) string {
	r := []rune(strings.TrimSpace(text))
	if len(r) <= excerptRunes {
		return string(r)
	}
	return strings.TrimSpace(string(r[:excerptRunes])) + " …"
}
