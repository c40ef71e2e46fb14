// Package widget is the chat as people see it: the page /chat, the same in a frame
// that other sites may show, and the script by which they do.
//
// It stands on floor 3. Its one rule: a conversation works by forms alone; the
// script only spares the reader that pages load.
package widget
