// Package templates holds the words of every letter that supportd writes, one
// folder of files per language, and turns a notice into a letter: subject, text
// part and HTML part.
//
// It stands on floor 1 and imports ticket. Its one rule: a letter says nothing
// but what the facts of its notice say, so that a letter rendered again reads as
// the first did; a clause whose fact is missing drops out.
//
// A further language is a further folder in lang. For letters to reporters it has
//
//   - words.json, the fixed words and how dates are written;
//   - shared.tmpl, sentences that several letters say;
//   - neutral.tmpl and one file per kind of notice, with the templates lead (the
//     first sentence, at most 90 characters, never a severity), body (paragraphs
//     parted by blank lines) and next (what happens next); a letter with nothing to
//     say in body or next leaves them out.
//
// Letters to staff have staff.json, staff-shared.tmpl and files of their own, with
// subject, commands (lines that an answer may hold) and show (a caption, and what to
// type on the server) besides. A language without them is complete for reporters
// all the same: the Nordic ones then write to staff in Danish, the others in English.
//
// Besides what text/template has, texts use sentence (ends a text of staff with a
// full stop), join and phrase (leave out what is not known), and at the start of a
// paragraph heading, row and number; br starts a new line. Both parts of the mail
// are made of the same words.
package templates
