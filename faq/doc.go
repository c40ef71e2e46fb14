// Package faq answers standard questions from Markdown files: a set of its own in
// Danish and English, and an operator's. A question is found by its words, in
// whatever inflection, in compounds and with typing mistakes; and where nothing is
// like enough to it, that is the answer.
//
// It stands on floor 1. Its one rule: rather no answer than one to another
// question.
package faq
