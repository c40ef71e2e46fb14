package store

import (
	"fmt"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// All keys of supportd, but for those of jobs (see JobKey):
//
//	ticket/<id>                                  the ticket as it stands
//	event/<id>/<number>                          what happened to it
//	mail/<mail>                                  an accepted mail and its outcome
//	clue/message/<Message-ID>                    where a mail with this ID went, or who refers to it
//	clue/content/<hash>                          … for mails without a Message-ID
//	clue/words/<hash>                            sender, subject and text, against repetition
//	contact/<address>                            what is remembered of a sender
//	index/status/<state>/<opened>/<id>           tickets by state, oldest first
//	index/severity/<level>/<opened>/<id>         … by severity
//	index/reporter/<address>/<opened>/<id>       … by reporter
//	index/outcome/<outcome>/<received>/<mail>    mails by outcome
//	index/message/<Message-ID>/<received>/<mail> mails by Message-ID
//
// Sort texts are fixed in width, so that key order is time order.
const (
	keyspaceTicket = "ticket"
	keyspaceEvent  = "event"
	keyspaceMail   = "mail"
	keyspaceClue   = "clue"
	keyspaceIndex  = "index"
)

// What an index row goes by.
const (
	byStatus   = "status"
	bySeverity = "severity"
	byReporter = "reporter"
	byOutcome  = "outcome"
	byMessage  = "message"
)

// TicketKey is the key of a ticket.
func TicketKey(id ticket.ID) string { return Key(keyspaceTicket, string(id)) }

// EventKey is the key of a ticket's event.
func EventKey(id ticket.ID, number int) string {
	return Key(keyspaceEvent, string(id), fmt.Sprintf("%06d", number))
}

// MailKey is the key of a mail's record.
func MailKey(mail string) string { return Key(keyspaceMail, mail) }

// MessageClue is the key under which a Message-ID is remembered. Message-IDs
// are compared as they are, but for case in which some programs are careless.
func MessageClue(messageID string) string {
	return Key(keyspaceClue, "message", strings.ToLower(messageID))
}

// ContentClue is the key under which a mail without Message-ID is remembered.
func ContentClue(hash string) string { return Key(keyspaceClue, "content", hash) }

// WordsClue is the key under which sender, subject and text are remembered.
func WordsClue(hash string) string { return Key(keyspaceClue, "words", hash) }

// sortTime is a time as index rows have it: UTC, milliseconds, fixed width.
func sortTime(t time.Time) string { return t.UTC().Format(dueLayout) }

// ticketRows are the index rows of a ticket: a pure function, so that the rows
// to delete are known from the ticket as it was.
func ticketRows(t ticket.Ticket) []string {
	opened, id := sortTime(t.Opened), string(t.ID)
	rows := []string{
		Key(keyspaceIndex, byStatus, string(t.State), opened, id),
		Key(keyspaceIndex, bySeverity, string(t.Level()), opened, id),
	}
	if r, ok := t.Reporter(); ok {
		rows = append(rows, Key(keyspaceIndex, byReporter, ticket.FoldAddress(r.Address), opened, id))
	}
	return rows
}

// mailRows are the index rows of a mail.
func mailRows(m Mail) []string {
	received := sortTime(m.Outcome.Received)
	rows := []string{Key(keyspaceIndex, byOutcome, string(m.Outcome.Outcome), received, m.Outcome.Mail)}
	if m.Outcome.MessageID != "" {
		rows = append(rows, Key(keyspaceIndex, byMessage, strings.ToLower(m.Outcome.MessageID), received, m.Outcome.Mail))
	}
	return rows
}

// rowID is what an index row points at: its last part.
func rowID(key string) string { return key[strings.LastIndexByte(key, '/')+1:] }
