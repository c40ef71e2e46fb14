package smtpd

import "sync/atomic"

// reason says why something was refused, in few enough words for a metric.
type reason uint8

const (
	reasonNone        reason = iota
	reasonProtocol           // bad syntax, wrong order, unknown command
	reasonCommands           // too many commands without a mail
	reasonRecipient          // no such mailbox
	reasonRelay              // somebody else's domain
	reasonSize               // over the size limit
	reasonLineEnds           // bare CR, lone dot between bare LF
	reasonHops               // too many Received headers
	reasonFull               // no disk space
	reasonRate               // too much from one sender
	reasonFault              // Inbox.Put failed
	reasonTruncated          // the message ended too early
	reasonConnections        // too many connections
	reasonTimeout            // idle, or a session without end
	reasonShutdown           // we were stopping
	reasonTLS                // failed handshake
	reasonProxy              // no PROXY header where one must be
	reasons                  // how many there are
)

// String returns the word that metrics and logs use.
func (r reason) String() string {
	return [reasons]string{
		"", "protocol", "commands", "recipient", "relay", "size", "line-ends", "hops", "full", "rate",
		"fault", "truncated", "connections", "timeout", "shutdown", "tls", "proxy",
	}[r]
}

// Stats is what a Server has done since it was made.
type Stats struct {
	Sessions int64            // connections accepted, refused ones too
	Open     int64            // connections open now
	Mails    int64            // mails answered 250
	Bytes    int64            // their size, without our Received headers
	Refused  map[string]int64 // by reason; every reason is there
}

// counters are the numbers behind Stats.
type counters struct {
	sessions, open, mails, bytes atomic.Int64
	refused                      [reasons]atomic.Int64
}

func (c *counters) refuse(r reason) { c.refused[r].Add(1) }

func (c *counters) snapshot() Stats {
	s := Stats{
		Sessions: c.sessions.Load(),
		Open:     c.open.Load(),
		Mails:    c.mails.Load(),
		Bytes:    c.bytes.Load(),
		Refused:  make(map[string]int64, reasons),
	}
	for r := reasonNone + 1; r < reasons; r++ {
		s.Refused[r.String()] = c.refused[r].Load()
	}
	return s
}
