// Package templates holds the words of every letter that supportd writes, one
// folder of files per language, and turns a notice into a letter: subject, text
// part and HTML part.
//
// It stands on floor 1 and imports ticket. Its one rule: a letter says nothing
// but what the facts of its notice say, so that a letter rendered again reads as
// the first did; a clause whose fact is missing drops out.
//
// A further language is a further folder in lang: words.json with the fixed words,
// and one file per letter with the templates lead (its first sentence, at most
// 90 characters), body (paragraphs parted by blank lines) and next (what happens
// next); letters to staff also have subject. Both parts of the mail are made of
// the same words.
package templates
