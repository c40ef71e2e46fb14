// Package public is the door for people with a browser who have no account: the
// index, where a ticket stands, the roadmap, and the form to report a problem.
//
// It stands on floor 3. Its one rule: a page shows no word of any mail, and nothing
// that changes or spends something is done by a GET, since mail scanners follow
// links.
package public
