// Package chatbot leads a conversation: it answers standard questions, gathers what
// a report needs, and asks for the status of a ticket on its reporter's behalf.
//
// It stands on floor 2. Its one rule: a turn is a pure function of the state before
// it and of what was said. What is to be done it returns as an Effect; nothing that
// anybody writes does anything by itself, and no report goes out but by the press
// that sends what was shown.
package chatbot
