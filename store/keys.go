package store

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// All keys of supportd:
//
//	schema/version                               of the data
//	schema/keys                                  fingerprints of the keys that all was written with
//	ticket/<id>                                  the ticket as it stands
//	event/<id>/<number>                          what happened to it
//	mail/<mail>                                  an accepted mail and its outcome
//	clue/message/<Message-ID>                    where a mail with this ID went, or who refers to it
//	clue/content/<hash>                          … for mails without a Message-ID
//	clue/words/<hash>                            sender, subject and text, against repetition
//	contact/<address>                            what is remembered of a sender
//	notice/<id>/<number>                         a letter owed or sent
//	delivery/<id>                                an event owed to a webhook
//	sprint/<name>                                what is planned for it
//	planning/turned                              the sprint for which all was planned last
//	planning/indexed                             which index rows the tickets have that were there before them
//	job/<queue>/<due>/<job>                      work that is owed; the outbox is the queue notice
//	claim/<hash>                                 an idempotency key, and what was answered
//	proof/<hash>                                 a link to the status page that was not used yet
//	chat/<hash>                                  a conversation with the chatbot
//	signin/<hash>                                a link into the console that was not used yet
//	signin/asked/<address>                       when one of the staff was last sent such links
//	session/<hash>                               a browser that one of the staff signed in with
//	draft/<id>/<address>/<command>               what one of the staff has begun to write on a ticket
//	budget/to/<address>, budget/day/<date>       what the loop breaker counts
//	index/status/<state>/<opened>/<id>           tickets by state, oldest first
//	index/severity/<level>/<opened>/<id>         … by severity
//	index/reporter/<address>/<opened>/<id>       … by reporter
//	index/sprint/<name>/<opened>/<id>            … by the sprint they are planned for
//	index/assignee/<address>/<opened>/<id>       … by who has them
//	index/quarter/<name>/<opened>/<id>           accepted wishes by quarter
//	index/turn/<section>/<rank>-<time>/<id>      open tickets by what is to be done with them, the most urgent first
//	index/updated/<updated>-<events>/<id>        … by time of last change, and which change it was
//	index/outcome/<outcome>/<received>/<mail>    mails by outcome
//	index/message/<Message-ID>/<received>/<mail> mails by Message-ID
//	index/deleted/<mail>                         mails whose bytes are to be kept no longer
//	index/notice/<state>/<owed>/<id>.<number>    notices by state
//	index/delivery/<state>/<owed>/<id>           deliveries by state
//
// Sort texts are fixed in width, so that key order is time order.
const (
	schemaKey = "schema/version"
	keysKey   = "schema/keys"

	keyspaceTicket  = "ticket"
	keyspaceEvent   = "event"
	keyspaceMail    = "mail"
	keyspaceClue    = "clue"
	keyspaceContact = "contact"
	keyspaceNotice  = "notice"
	keyspaceJob     = "job"
	keyspaceBudget  = "budget"
	keyspaceIndex   = "index"
	keyspaceSprint  = "sprint"
	keyspaceClaim   = "claim"
	keyspaceProof   = "proof"
	keyspaceChat    = "chat"
	keyspaceSignIn  = "signin"
	keyspaceSession = "session"
	keyspaceDraft   = "draft"

	keyspaceDelivery = "delivery"

	turnedKey  = "planning/turned"
	indexedKey = "planning/indexed"
)

// What an index row goes by.
const (
	byStatus   = "status"
	bySeverity = "severity"
	byReporter = "reporter"
	bySprint   = "sprint"
	byAssignee = "assignee"
	byQuarter  = "quarter"
	byTurn     = "turn"
	byUpdated  = "updated"
	byOutcome  = "outcome"
	byMessage  = "message"
	byDeleted  = "deleted"
	byNotice   = "notice"
	byDelivery = "delivery"
)

func ticketKey(id ticket.ID) string { return Key(keyspaceTicket, string(id)) }

func eventKey(id ticket.ID, number int) string {
	return Key(keyspaceEvent, string(id), sortNumber(number))
}

func mailKey(mail string) string { return Key(keyspaceMail, mail) }

func deletedKey(mail string) string { return Key(keyspaceIndex, byDeleted, mail) }

func contactKey(address string) string { return Key(keyspaceContact, ticket.FoldAddress(address)) }

func noticeKey(id ticket.ID, number int) string {
	return Key(keyspaceNotice, string(id), sortNumber(number))
}

// budgetKey is of what the loop breaker counts of an address.
func budgetKey(address string) string { return Key(keyspaceBudget, "to", ticket.FoldAddress(address)) }

// maxNumber is the greatest number of an event or a notice that sorts.
const maxNumber = 999_999

func sortNumber(n int) string { return fmt.Sprintf("%06d", n) }

// MessageClue is the key under which a Message-ID is remembered. Message-IDs
// are compared as they are, but for case in which some programs are careless.
func MessageClue(messageID string) string {
	return Key(keyspaceClue, "message", strings.ToLower(messageID))
}

// ContentClue is the key under which a mail without Message-ID is remembered.
func ContentClue(hash string) string { return Key(keyspaceClue, "content", hash) }

// WordsClue is the key under which sender, subject and text are remembered.
func WordsClue(hash string) string { return Key(keyspaceClue, "words", hash) }

// sortLayout is fixed in width, so that keys sort by time.
const sortLayout = "20060102T150405.000Z"

// sortTime is a time as index rows have it: UTC, in whole milliseconds.
func sortTime(t time.Time) string { return t.UTC().Format(sortLayout) }

// ticketRows are the index rows of a ticket: a pure function, so that the rows
// to delete are known from the ticket as it was.
func ticketRows(t ticket.Ticket) []string {
	opened, id := sortTime(t.Opened), string(t.ID)
	rows := []string{
		Key(keyspaceIndex, byStatus, string(t.State), opened, id),
		Key(keyspaceIndex, bySeverity, string(t.Level()), opened, id),
		Key(keyspaceIndex, byUpdated, sortTime(t.Updated)+"-"+sortNumber(t.Events), id),
	}
	if r, ok := t.Reporter(); ok {
		rows = append(rows, Key(keyspaceIndex, byReporter, ticket.FoldAddress(r.Address), opened, id))
	}
	for _, by := range []struct{ what, value string }{
		{bySprint, t.Sprint.Name}, {byAssignee, ticket.FoldAddress(t.Assignee)}, {byQuarter, t.Quarter},
	} {
		if by.value != "" {
			rows = append(rows, Key(keyspaceIndex, by.what, by.value, opened, id))
		}
	}
	return append(rows, turnRows(t)...)
}

// turnRows are those of the inbox.
func turnRows(t ticket.Ticket) []string {
	var rows []string
	for _, p := range t.Places() {
		rows = append(rows, turnPrefix(p.Section, p.Person)+fmt.Sprintf("%d-%s/%s", p.Rank, sortTime(p.At), string(t.ID)))
	}
	return rows
}

// turnPrefix begins the rows of a section, or of what one person has in it.
func turnPrefix(section ticket.SectionKind, person string) string {
	if person == "" {
		return Prefix(keyspaceIndex, byTurn, string(section))
	}
	return Prefix(keyspaceIndex, byTurn, string(section)+"-of", ticket.FoldAddress(person))
}

// mailRows are the index rows of a mail.
func mailRows(m Mail) []string {
	received := sortTime(m.Outcome.Received)
	rows := []string{Key(keyspaceIndex, byOutcome, string(m.Listed()), received, m.Outcome.Mail)}
	if m.Outcome.MessageID != "" {
		rows = append(rows, Key(keyspaceIndex, byMessage, strings.ToLower(m.Outcome.MessageID), received, m.Outcome.Mail))
	}
	if m.Deleted != nil {
		rows = append(rows, deletedKey(m.Outcome.Mail))
	}
	return rows
}

// noticeRows are the index rows of a notice.
func noticeRows(n ticket.Notice) []string {
	return []string{Key(keyspaceIndex, byNotice, string(n.State), sortTime(n.Owed), noticeName(n.Ticket, n.Number))}
}

// updatedRow reads an updated row of ticketRows.
func updatedRow(key string) (Change, error) {
	parts := strings.Split(key, "/")
	if len(parts) != 4 {
		return Change{}, fmt.Errorf("index row %q does not name a change", key)
	}
	at, events, _ := strings.Cut(parts[2], "-")
	updated, err1 := time.Parse(sortLayout, at)
	number, err2 := strconv.Atoi(events)
	if err := errors.Join(err1, err2); err != nil {
		return Change{}, fmt.Errorf("index row %q does not name a change: %w", key, err)
	}
	return Change{Ticket: ticket.ID(parts[3]), Updated: updated, Events: number}, nil
}

// rowID is what an index row points at: its last part.
func rowID(key string) string { return key[strings.LastIndexByte(key, '/')+1:] }
