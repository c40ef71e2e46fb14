// Package demo carries the mails that the demonstration sends.
package demo

import "embed"

// Mails are raw mails with LF line ends. A few words in them stand for what is
// known only when the demonstration runs: @SUPPORT@ is the support address,
// and of the letter that a mail answers @REPLY-TO@ is the reply address,
// @MESSAGE-ID@ the Message-ID with angle brackets, @SUBJECT@ the subject, @ID@
// the tracking ID and @TEXT@ the text, quoted.
//
//go:embed *.eml
var Mails embed.FS
