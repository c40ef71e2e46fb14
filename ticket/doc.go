// Package ticket is the pure domain of supportd: what a ticket is, which
// commands it obeys from whom, which clues in a mail name a ticket, and who
// must hear of what.
//
// It is the ground floor. It imports the standard library only, does no I/O,
// reads no clock and draws no random number: time, chance and secrets are
// arguments. Values go in, values come out; nothing here is safe or unsafe for
// concurrent use because nothing here is shared.
package ticket
