// Package parser turns the bytes of one mail into a ticket.Message: who wrote
// it, what is new in it, what came with it, and whether a machine sent it.
//
// It stands on the first floor: it imports ticket and nothing else of ours.
//
// Its one rule: whatever the bytes, Parse returns a Message, in time and
// memory linear in their number. What cannot be read becomes a flag, never an
// error and never a panic, because a mail that was answered 250 is a ticket.
package parser
