// Package scanner asks virus scanners and spam filters about a mail: clamd by
// INSTREAM, rspamd by /checkv2.
//
// It stands on floor 1. Its one rule: silence is not a verdict. A scanner that is
// away, slow or answers what nobody understands leaves the mail unscanned, which is
// never clean, and delays its filing by a bounded time. Nothing here can refuse or
// lose a mail.
package scanner
