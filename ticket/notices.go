package ticket

import (
	"slices"
	"strings"
)

// Correspondence is what an operator chose about letters.
type Correspondence struct {
	Staff     []Staff
	Languages []string // in which there are texts
	Default   string   // one of Languages
}

// LetterLanguage picks the language of a letter: the wanted one where there
// are texts in it, Danish for readers of the other Nordic languages that are
// near to it, English for other readers, and the default where nothing is
// known.
func (c Correspondence) LetterLanguage(want string) string {
	want, _, _ = strings.Cut(strings.ToLower(want), "-")
	candidates := []string{want, "en"}
	switch want {
	case "":
		return c.Default
	case "sv", "nb", "nn", "no", "fo", "is":
		candidates = []string{want, "da", "en"}
	}
	for _, l := range candidates {
		if slices.Contains(c.Languages, l) {
			return l
		}
	}
	return c.Default
}

// Notices returns the letters that events oblige us to send: to whom, about
// what, and with which facts. The ticket is the one after the events. Nothing
// is owed to a machine or to somebody without an address.
func (c Correspondence) Notices(t Ticket, events []Event) []Notice {
	var owed []Notice
	for _, e := range events {
		for _, n := range c.notices(t, e) {
			n.Ticket, n.Number = t.ID, t.Notices+len(owed)+1
			n.Owed, n.State = e.At, NoticeQueued
			owed = append(owed, n)
		}
	}
	return owed
}

func (c Correspondence) notices(t Ticket, e Event) []Notice {
	switch e.Kind {
	case EventOpened:
		kind := NoticeAcknowledgement
		if t.Follows != "" {
			kind = NoticeFollowup
		}
		staff := c.staffNotices(t, e)
		return append(c.toReporter(kind, t, e, told(staff, c.Staff)), staff...)
	case EventReopened:
		return append(c.toReporter(NoticeReopened, t, e, false), c.toStaff(NoticeStaffReopened, t, e, RoleSupport)...)
	case EventAppended:
		if e.Entry.AsksReopen {
			return c.toStaff(NoticeStaffReopened, t, e, RoleSupport)
		}
	case EventResolved:
		return c.toReporter(NoticeResolved, t, e, false)
	case EventClosed:
		return c.toReporter(NoticeClosed, t, e, false)
	}
	return nil
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

func (c Correspondence) toReporter(kind NoticeKind, t Ticket, e Event, ownerTold bool) []Notice {
	reporter, ok := t.Reporter()
	if !ok || t.Silent {
		return nil
	}
	f := facts(t, e)
	f.OwnerTold = ownerTold
	if t.Neutral {
		f = f.neutral()
	}
	return []Notice{{Kind: kind, To: Address{Address: reporter.Address}, Language: c.LetterLanguage(t.Language), Facts: f}}
}

func (c Correspondence) toStaff(kind NoticeKind, t Ticket, e Event, roles ...Role) []Notice {
	var out []Notice
	for _, s := range c.Staff {
		if !(Actor{Roles: s.Roles}).Has(roles...) {
			continue
		}
		f := facts(t, e)
		f.Evidence, f.Where, f.Impact = t.Claim.Evidence, t.Claim.Where, t.Impact
		reporter, _ := t.Reporter()
		f.Reporter = Address{Name: reporter.Name, Address: reporter.Address}
		f.InReplyTo, f.References, f.ThreadTopic, f.ThreadIndex = "", nil, "", ""
		if e.Entry != nil {
			f.Verdict = e.Entry.Trust
			if f.Verdict == TrustVerified {
				f.Excerpt = excerpt(e.Entry.Text)
			}
		}
		if t.Neutral { // a reporter's words only when the sender is verified
			f.Subject, f.Evidence = "", ""
		}
		out = append(out, Notice{Kind: kind, To: Address{Name: s.Name, Address: s.Address}, Language: c.LetterLanguage(s.Language), Facts: f})
	}
	return out
}

// facts freezes what a letter about an event may say.
func facts(t Ticket, e Event) Facts {
	f := Facts{
		Subject: t.Subject, State: t.State, Severity: t.Level(), Confirmed: t.Severity != "",
		Marked: t.Claim.Where != "" && t.Claim.Where != WhereNone, Kind: t.Kind,
		Result: e.Result, Text: e.Text, Verified: e.Verified, Limits: e.Limits, CloseOn: e.CloseOn,
		Closing: e.Closing, QuietDays: e.Quiet, Reason: e.Reason, ReopenBy: e.ReopenBy,
		Follows:   t.Follows,
		InReplyTo: t.Thread.MessageID, References: threadReferences(t.Thread),
		ThreadTopic: t.Thread.Topic, ThreadIndex: t.Thread.Index,
	}
	if t.Category.Name != CategoryOther {
		f.Category = t.Category.Name
	}
	if o := e.Opening; o != nil {
		f.AssessBy, f.WindowDays = o.AssessBy, o.WindowDays
	}
	return f
}

// neutral leaves out of the facts whatever came from the sender: his domain
// did not authenticate, so the reader may be somebody else.
func (f Facts) neutral() Facts {
	f.Neutral, f.Subject, f.Evidence, f.Category = true, "", "", ""
	f.Marked, f.OwnerTold = false, false
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
