// Package journal keeps mail on disk from the moment before it is answered 250
// until it has been filed, and for some days after.
//
// It stands on floor 1. Its one rule: Put returns without an error only when
// the mail and its envelope survive a power failure.
//
// # On disk
//
//	lock            held by the process that writes
//	<id>.seg        a segment: records one after another, see record.go
//	<id>.done       what became of the mails in that segment, see marks.go
//	large/<id>.eml  one mail too large for a segment, which names it
//	tmp/            large mails still arriving; emptied by Open
//	corrupt/        bytes that could not be read, set aside; never deleted here
//
// Segments are only ever appended to, and only by the process that created
// them: each Open starts a new one at its first Put. IDs sort by time and a
// segment is named by an ID minted before those of its mails, so the name of a
// mail tells the segment it is in.
package journal
