// Package console is the web console of staff: they sign in by a mailed link, find
// what waits for them in an inbox, read tickets with their mails, and give every
// command of the process after they have seen the very letter that it sends.
//
// It stands on floor 3. Its one rule: every page works without scripts, and nothing
// that a mail holds becomes markup of ours; HTML of mails is shown only sanitised, in
// a frame without scripts and without our origin.
//
// A screen is a file with its handlers, a page in pages, its words in words, and its
// line in [Console.Mounts] and, if it is in the navigation, in screens.
package console
