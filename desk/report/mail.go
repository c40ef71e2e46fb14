package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// messageID is the Message-ID of the mail that a report becomes. With a key it is
// always the same, so that a report which was accepted just before a crash is found
// again.
func (b *Box) messageID(by Source, key string) (string, error) {
	var local string
	if key != "" {
		sum := sha256.Sum256([]byte("report\x00" + by.Name + "\x00" + hex.EncodeToString(by.Secret) + "\x00" + key))
		local = hex.EncodeToString(sum[:16])
	} else {
		chance := make([]byte, 16)
		if _, err := io.ReadFull(b.parts.Random, chance); err != nil {
			return "", fmt.Errorf("drawing a Message-ID: %w", err)
		}
		local = hex.EncodeToString(chance)
	}
	return "report-" + local + "@" + ticket.Domain(b.parts.To), nil
}

// asMail writes a report as a mail (RFC 5322, RFC 2045): what goes into its
// header is one line and encoded.
func asMail(r Report, to, messageID string, at time.Time) (*bytes.Reader, error) {
	var out bytes.Buffer
	from := mail.Address{Name: oneLine(r.Name), Address: r.Address}
	header := func(name, value string) { fmt.Fprintf(&out, "%s: %s\r\n", name, value) }
	header("From", from.String())
	header("To", (&mail.Address{Address: to}).String())
	header("Subject", fold(mime.QEncoding.Encode("utf-8", oneLine(r.Subject))))
	header("Date", at.UTC().Format(time.RFC1123Z))
	header("Message-ID", "<"+messageID+">")
	header("MIME-Version", "1.0")
	if r.Language != "" {
		header("Content-Language", r.Language)
	}
	if len(r.Files) == 0 {
		header("Content-Type", "text/plain; charset=utf-8")
		header("Content-Transfer-Encoding", "quoted-printable")
		out.WriteString("\r\n")
		if err := writeText(&out, r.Text); err != nil {
			return nil, err
		}
		return bytes.NewReader(out.Bytes()), nil
	}
	parts := multipart.NewWriter(&out)
	header("Content-Type", mime.FormatMediaType("multipart/mixed", map[string]string{"boundary": parts.Boundary()}))
	out.WriteString("\r\n")
	if err := writeParts(parts, r); err != nil {
		return nil, err
	}
	return bytes.NewReader(out.Bytes()), nil
}

func writeParts(parts *multipart.Writer, r Report) error {
	text, err := parts.CreatePart(textproto.MIMEHeader{
		"Content-Type": {"text/plain; charset=utf-8"}, "Content-Transfer-Encoding": {"quoted-printable"},
	})
	if err != nil {
		return err
	}
	if err := writeText(text, r.Text); err != nil {
		return err
	}
	for _, f := range r.Files {
		kind := f.ContentType
		if kind == "" {
			kind = "application/octet-stream"
		}
		part, err := parts.CreatePart(textproto.MIMEHeader{
			"Content-Type": {kind}, "Content-Transfer-Encoding": {"base64"},
			"Content-Disposition": {mime.FormatMediaType("attachment", map[string]string{"filename": oneLine(f.Name)})},
		})
		if err != nil {
			return err
		}
		if err := writeBase64(part, f.Content); err != nil {
			return err
		}
	}
	return parts.Close()
}

func writeText(w io.Writer, text string) error {
	q := quotedprintable.NewWriter(w)
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	if _, err := io.WriteString(q, strings.ReplaceAll(text, "\n", "\r\n")+"\r\n"); err != nil {
		return err
	}
	return q.Close()
}

// writeBase64 writes lines of 76 characters (RFC 2045 section 6.8).
func writeBase64(w io.Writer, data []byte) error {
	const line = 57 // bytes, 76 characters
	for len(data) > 0 {
		n := min(line, len(data))
		if _, err := io.WriteString(w, base64.StdEncoding.EncodeToString(data[:n])+"\r\n"); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// oneLine is a text without anything that a header or an eye could break on.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

// fold breaks a header between encoded words, or other words, before 998 octets
// (RFC 5322 section 2.1.1).
func fold(s string) string { return strings.ReplaceAll(s, "?= =?", "?=\r\n =?") }
