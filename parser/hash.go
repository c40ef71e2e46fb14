package parser

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// contentHash is the SHA-256 of what stays the same when a mail is delivered
// twice: its fields without those that servers on the way add (RFC 5321
// section 4.4 and kin), and its body with LF line ends.
func contentHash(h header, body []byte) string {
	sum := sha256.New()
	for _, f := range h {
		if isTrace(f.key) {
			continue
		}
		sum.Write([]byte(f.key))
		sum.Write([]byte{':'})
		sum.Write(f.value)
		sum.Write([]byte{'\n'})
	}
	sum.Write([]byte{'\n'})
	for len(body) > 0 {
		i := bytes.Index(body, []byte("\r\n"))
		if i < 0 {
			sum.Write(body)
			break
		}
		sum.Write(body[:i])
		sum.Write([]byte{'\n'})
		body = body[i+2:]
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// isTrace reports whether a field is written on the way rather than by the
// sender. Signatures count: a resent mail is signed anew.
func isTrace(key string) bool {
	switch key {
	case "received", "return-path", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-envelope-from",
		"x-rcpt-to", "x-delivered-to", "x-received", "authentication-results", "x-authentication-results", "received-spf",
		"dkim-signature", "domainkey-signature", "x-google-dkim-signature", "x-gm-message-state", "x-google-smtp-source",
		"delivery-date", "x-forwarded-to", "x-forwarded-for", "x-virus-scanned", "x-virus-status", "x-originating-ip",
		"x-forefront-antispam-report", "status", "x-status", "x-uid", "x-uidl", "x-keywords", "x-getmail-retrieved-from-mailbox",
		"bcc", "lines", "content-length", "x-mozilla-status", "x-mozilla-status2":
		return true
	}
	for _, prefix := range []string{"arc-", "x-spam", "x-rspamd", "x-ms-exchange-", "x-microsoft-antispam", "x-proofpoint", "x-barracuda", "x-mimecast", "x-ironport", "x-sophos", "x-amavis"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}
