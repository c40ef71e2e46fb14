// Package desk is the one application service of supportd: it receives a mail,
// does a command, answers a question. Every door works through it, and nothing
// else writes tickets.
//
// It stands on floor 2. Its one rule: whatever follows from a mail or a command
// (ticket, events, outcome, clues, letters owed) is one atomic commit.
package desk
