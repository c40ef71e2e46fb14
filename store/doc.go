// Package store gives the keys of supportd their meaning: optimistic
// transactions, a queue of due jobs, and (in further files) tickets, events and
// notices, all on top of the small Backend contract.
//
// It stands on floor 1. Its one rule: whatever belongs together is written by
// one Batch, wholly or not at all.
package store
