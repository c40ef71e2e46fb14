// Package chat keeps conversations with the chatbot and does what they lead to: it
// hands in a report, or has a status sent.
//
// It stands on floor 2, on the chatbot and beside the desk. Its one rule: what a
// turn wants done is done before the turn is kept, under a name by which it is done
// once; so a turn whose answer got lost can be taken again.
package chat
