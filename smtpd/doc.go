// Package smtpd takes mail in: SMTP and LMTP sessions end in Inbox.Put, and
// every error ends in one reply code.
//
// It stands on floor 3, a door, and knows no other door. Its one rule: 250
// after the data is said only once Inbox.Put has returned without an error,
// and a fault of ours is never answered with a permanent code.
//
// # How a session is layered
//
// go-smtp speaks the protocol: greetings, parameters of MAIL and RCPT, the
// order of replies, LMTP. Between it and the network stands conn, which go-smtp
// takes for its net.Conn:
//
//	network ── PROXY ── TLS ── conn ── go-smtp ── session (a view of conn)
//	                             └── message ── Inbox.Put
//
// conn reads one command line at a time, answers those that go-smtp would treat
// loosely, and hands on the rest in canonical form (command.go). It does TLS
// itself, so that it sees the clear text after STARTTLS too. The message is
// read by message (message.go) straight from conn: DATA and BDAT alike, with the
// rules for its bytes applied on the wire, where every CR and LF is still to be
// seen. go-smtp is told of an empty message in its place.
//
// One goroutine serves a connection; nothing in conn is shared but what drain
// needs. docs/smtp.md lists what differs from plain go-smtp, and why.
package smtpd
