package smtpd

import (
	"errors"
	"fmt"

	"github.com/emersion/go-smtp"

	"aismarttalk.tech/supportd/store/journal"
)

// reply is one answer to a client: its code (RFC 5321 section 4.2), its
// enhanced code (RFC 3463), a text that says what is wrong, and the reason that
// Stats counts it under.
//
// A permanent code stands only where the client is at fault: what fails on our
// side may succeed in an hour, and the mail must still be there then.
type reply struct {
	code     int
	enhanced smtp.EnhancedCode
	text     string
	reason   reason
}

// line is the reply as it is sent.
func (r reply) line() string {
	return fmt.Sprintf("%d %d.%d.%d %s\r\n", r.code, r.enhanced[0], r.enhanced[1], r.enhanced[2], r.text)
}

// smtpError turns the reply into what go-smtp sends as it stands. Any other
// error type, wrapping or not, it would send as a permanent 554.
func (r reply) smtpError() *smtp.SMTPError {
	return &smtp.SMTPError{Code: r.code, EnhancedCode: r.enhanced, Message: r.text}
}

// The client's faults of syntax and order.
var (
	replyUnknownCommand = reply{500, smtp.EnhancedCode{5, 5, 1}, "Command not recognized", reasonProtocol}
	replyLongLine       = reply{500, smtp.EnhancedCode{5, 5, 2}, "Command line too long", reasonProtocol}
	replyBadBytes       = reply{501, smtp.EnhancedCode{5, 5, 2}, "Control characters and broken UTF-8 are not allowed in commands", reasonProtocol}
	replyBadGreeting    = reply{501, smtp.EnhancedCode{5, 5, 4}, "Say who you are: a host name or an address literal", reasonProtocol}
	replyBadArgument    = reply{501, smtp.EnhancedCode{5, 5, 4}, "This command takes no argument", reasonProtocol}
	replyBadMail        = reply{501, smtp.EnhancedCode{5, 5, 4}, "Syntax: MAIL FROM:<address>", reasonProtocol}
	replyBadRcpt        = reply{501, smtp.EnhancedCode{5, 5, 4}, "Syntax: RCPT TO:<address>", reasonProtocol}
	replyBadSender      = reply{501, smtp.EnhancedCode{5, 1, 7}, "Bad sender address syntax", reasonProtocol}
	replyBadRecipient   = reply{501, smtp.EnhancedCode{5, 1, 3}, "Bad recipient address syntax", reasonProtocol}
	replyBadChunk       = reply{501, smtp.EnhancedCode{5, 5, 4}, "Syntax: BDAT size [LAST]", reasonProtocol}
	replyNotSupported   = reply{502, smtp.EnhancedCode{5, 5, 1}, "Command not implemented", reasonProtocol}
	replyGreetFirst     = reply{503, smtp.EnhancedCode{5, 5, 1}, "Greet first", reasonProtocol}
	replyNestedMail     = reply{503, smtp.EnhancedCode{5, 5, 1}, "Sender already given", reasonProtocol}
	replyNoMail         = reply{503, smtp.EnhancedCode{5, 5, 1}, "Need MAIL before RCPT", reasonProtocol}
	replyNoRecipients   = reply{503, smtp.EnhancedCode{5, 5, 1}, "No valid recipients", reasonProtocol}
	replyInTransfer     = reply{503, smtp.EnhancedCode{5, 5, 1}, "Not between BDAT chunks", reasonProtocol}
	replyNeedsUTF8      = reply{553, smtp.EnhancedCode{5, 6, 7}, "This address needs SMTPUTF8", reasonProtocol}
	replyWrongGreeting  = reply{500, smtp.EnhancedCode{5, 5, 1}, "Wrong greeting for this protocol", reasonProtocol}
)

// What is not for us, or not as it should be.
var (
	replyUnknownRecipient = reply{550, smtp.EnhancedCode{5, 1, 1}, "No such mailbox here", reasonRecipient}
	replyRelay            = reply{550, smtp.EnhancedCode{5, 7, 1}, "Relaying denied", reasonRelay}
	replyTooLarge         = reply{552, smtp.EnhancedCode{5, 3, 4}, "Message over the size limit", reasonSize}
	replyLineEnds         = reply{554, smtp.EnhancedCode{5, 6, 0}, "Message has bare CR, or a lone dot between bare LF: every line must end in CR LF", reasonLineEnds}
	replyHops             = reply{554, smtp.EnhancedCode{5, 4, 6}, "Too many Received headers: mail loop", reasonHops}
)

// What may go better later.
var (
	replyFull       = reply{452, smtp.EnhancedCode{4, 3, 1}, "Not enough space for mail, try again later", reasonFull}
	replySenderRate = reply{451, smtp.EnhancedCode{4, 7, 1}, "Too much mail from this sender, try again later", reasonRate}
	replyFault      = reply{451, smtp.EnhancedCode{4, 3, 0}, "Cannot take the message now, try again later", reasonFault}
	replyTruncated  = reply{451, smtp.EnhancedCode{4, 4, 2}, "Message did not arrive whole", reasonTruncated}
)

// What ends a session. All are temporary: the client may come again.
var (
	replyTooManyHere     = reply{421, smtp.EnhancedCode{4, 7, 0}, "Too many connections from your network, try again later", reasonConnections}
	replyTooMany         = reply{421, smtp.EnhancedCode{4, 3, 2}, "Too many connections, try again later", reasonConnections}
	replyTooManyCommands = reply{421, smtp.EnhancedCode{4, 7, 0}, "Too many commands without a mail", reasonCommands}
	replyTooManyUnknown  = reply{421, smtp.EnhancedCode{4, 7, 0}, "Too many unknown recipients", reasonRecipient}
	replyNotSMTP         = reply{421, smtp.EnhancedCode{4, 7, 0}, "This is a mail server", reasonProtocol}
	replyIdle            = reply{421, smtp.EnhancedCode{4, 4, 2}, "Idle for too long", reasonTimeout}
	replyOverdue         = reply{421, smtp.EnhancedCode{4, 4, 2}, "Session took too long", reasonTimeout}
	replyStopping        = reply{421, smtp.EnhancedCode{4, 3, 2}, "Shutting down, try again", reasonShutdown}
)

// replyPut maps what Inbox.Put returned. What it does not know is a fault of
// ours.
func replyPut(err error) reply {
	switch {
	case errors.Is(err, journal.ErrFull):
		return replyFull
	case errors.Is(err, journal.ErrTooLarge):
		return replyTooLarge
	}
	return replyFault
}
