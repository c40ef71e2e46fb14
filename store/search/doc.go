// Package search finds tickets by what was written in them: subject, mails,
// answers, notes, reporter and tracking ID, in Danish and English inflection.
//
// It stands on floor 1, beside store. Its one rule: the index is a cache in the
// memory of one node that a Follower builds from the store and keeps up with it;
// it is never truth, and what it finds is read from the store.
package search
