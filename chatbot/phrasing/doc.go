// Package phrasing has an answer put in words that fit what was asked, by a model
// behind an OpenAI-compatible address.
//
// It stands on floor 2. Its one rule: the model is given an answer of ours and the
// question, both without addresses, numbers and names of tickets, and what it returns
// is checked as a stranger's text is. Where it says anything that the answer does not,
// or nothing in time, the answer stands as it is written.
package phrasing
