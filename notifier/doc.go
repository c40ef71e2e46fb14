// Package notifier pays what is owed: it takes due notices from the outbox, makes
// letters of them and hands them to a relay, or to a folder where there is none.
//
// It stands on floor 3. Its one rule: a notice is settled in the commit that
// records what became of it, so that a letter may be sent twice after a crash,
// with the same Message-ID and the same bytes, but is never lost.
package notifier
