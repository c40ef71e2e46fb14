// Package mcp offers the desk to programs that speak the Model Context Protocol
// (revision 2025-06-18 and later): questions to the FAQ, reports, the status of
// tickets, and for tokens of staff lists, tickets and notes.
//
// It is a skin over the HTTP API and nothing else: every tool is one request to it,
// with the caller's own token, so that scopes, limits and refusals are those of the
// API and stand in one place. No tool closes, deletes or answers a ticket: what a
// model was talked into must be harmless.
//
// It stands on floor 3, beside web, which it knows by its addresses alone.
package mcp
