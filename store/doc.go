// Package store gives the keys of supportd their meaning: optimistic
// transactions, a queue of due jobs, and the records of tickets, events, mails,
// clues and notices, all on top of the small Backend contract. All keys stand in
// keys.go.
//
// It stands on floor 1. Its one rule: whatever belongs together is written by
// one Batch, wholly or not at all.
package store
