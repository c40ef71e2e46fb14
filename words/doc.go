// Package words splits texts into words in the one spelling in which they are
// compared, and finds what they are without their endings, by the rules of Danish
// and of English. Searching for tickets and answering questions build on it.
//
// It stands on floor 0 and knows nothing of support. Its one rule: the same word,
// however somebody's keyboard writes it, is the same bytes.
package words
