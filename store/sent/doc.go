// Package sent remembers on disk which letters have left, beside the store that
// owes them: a store that has lost its records has lost too that they were sent.
// It stands on floor 1.
//
// Its one rule: a letter is noted, and synced, after the relay took it and before
// the store is told. So a letter leaves twice only if supportd dies between the
// relay's answer and the note.
//
// A note holds no personal data: a keyed hash of what owes the letter and to whom
// (ticket.Notice.Identity), where the letter stood, when it left, and what the
// relay said, without addresses.
package sent
