// Package classifier reads a message as a careful first line would: how bad
// the reporter says it is, whether what is told is grave though nobody says so,
// which subject area it belongs to, what kind of request it is, and in which
// language it was written.
//
// It stands on floor 1, beside the parser: values of package ticket go in and
// come out, with no I/O, no clock and no chance. Its one rule: every answer names
// its evidence, and nothing that was learned overrides what the reporter marked.
//
// What is a mark, what cancels one and what a subject area sounds like is data,
// in rules/*.txt, one file a language, written for a support lead to read and
// mend; rules/README.md says how. This package only knows how sentences hold
// such words together.
//
// A message passes these steps, each in a file of its own:
//
//	own text   which lines are the reporter's own words (owntext.go, machinetext.go)
//	fold       one spelling for all spellings, with the way back (fold.go)
//	tokens     words, clauses, sentences (tokens.go, sentences.go)
//	matcher    every phrase of the rules, in one pass (rules.go, matcher.go, vocabulary.go, find.go, typo.go)
//	language   function words and letter groups (language.go)
//	claim      marks, and what cancels them (claim.go, cancel.go, negation.go, forms.go, headers.go)
//	impact     grave facts without a mark (impact.go)
//	category   phrases first, then a scorer learned from examples, of what is not silent
//	            (category.go, features.go, silence.go, scorer.go)
//
// The rules and examples are compiled when they change, not when the program
// starts: tree.go grows the matcher, layout.go lays it out flat, compiled.go and
// packmatcher.go store and load it with what was learned. go generate does so.
//
// All of it takes time linear in the text, of which it reads a bounded part.
package classifier
