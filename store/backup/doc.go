// Package backup writes all that supportd keeps as one tar stream, and brings it
// back, whatever kind of store it came from and goes to.
//
// It stands on floor 1. Its one rule: a backup says itself whether it is whole. Its
// last member, the manifest, vouches for the sums of all others; what has no
// manifest is no backup.
//
//	store.jsonl      the records, one a line, in key order
//	keys/…           the keys from which IDs and signatures derive
//	journal/…        accepted mail of the last days
//	archive/…        raw mail
//	SHA256SUMS       of all files above, as sha256sum -c reads it
//	manifest.json    schema version, counts, times, and the sum of SHA256SUMS
//
// The store is copied before the journal, and the journal before the archive: what
// was filed after the store was copied is in the journal, which files it again, and
// what left the journal meanwhile is in the archive.
package backup
