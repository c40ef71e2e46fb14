// Package journal keeps mail on disk from the moment before it is answered 250
// until it has been filed.
//
// It stands on floor 1. Its one rule: Put returns without an error only when
// the mail and its envelope survive a power failure.
package journal
