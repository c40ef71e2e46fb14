package web

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/text/unicode/norm"

	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// AttachmentPath is the part of a path that names an attachment.
type AttachmentPath struct {
	TicketPath
	Warned
	N string `path:"n" maxLength:"32" doc:"The mail and the number of the attachment within it, from 1: 01kap000000000000000.1."`
}

// getAttachment hands out one file of a mail, for saving and never for showing
// (bad-input 113 to 115): the mail is read anew, in the bounds of its parser, and
// nothing is unpacked.
func (s *Server) getAttachment(ctx context.Context, p *AttachmentPath) (*huma.StreamResponse, error) {
	id, err := s.ticketID(p.TicketPath)
	if err != nil {
		return nil, err
	}
	mail, number, ok := splitAttachment(p.N)
	if !ok {
		return nil, problem(http.StatusBadRequest, "name an attachment by its mail and its number in it: 01kap000000000000000.1")
	}
	m, _, err := s.mail(ctx, mail)
	if err != nil {
		return nil, err
	}
	on, err := s.standsOn(ctx, mail, id)
	if err != nil {
		return nil, err
	}
	none := problem(http.StatusNotFound, "there is no attachment "+p.N+" on ticket "+string(id)+"; its entries list those that there are")
	if !on { // bad-input 141
		return nil, none
	}
	if m.Deleted != nil {
		return nil, deleted(m)
	}
	scan := m.Scan.Of(number)
	if err := p.about("attachment "+p.N, scan.Result, scan.Found); err != nil {
		return nil, err
	}
	raw, err := archive.Read(ctx, s.parts.Archive, journal.ID(mail))
	if errors.Is(err, archive.ErrNotFound) {
		return nil, problem(http.StatusNotFound, "the bytes of mail "+mail+" are kept no longer")
	}
	if err != nil {
		return nil, s.failed(err, "reading a raw mail")
	}
	files := s.parts.Parse(raw).Attachments
	if number > len(files) {
		return nil, none
	}
	file := files[number-1]
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "application/octet-stream")
		ctx.SetHeader("Content-Disposition", disposition(mail, number, file.Filename))
		ctx.SetHeader(headerScan, string(scan.Result))
		ctx.SetHeader("Content-Length", strconv.Itoa(len(file.Content)))
		_, _ = ctx.BodyWriter().Write(file.Content) // the client's loss
	}}, nil
}

// headerScan tells with each file what a scanner said of it: clean, infected, or
// unscanned, which is not clean.
const headerScan = "Supportd-Scan"

// Warned is the word of a client that it knows of the warning about a file.
type Warned struct {
	Infected bool `query:"infected" doc:"Hand it out although a scanner found something in it. Without it such a file is refused with 409."`
}

// about refuses what is infected to whoever was not warned.
func (w Warned) about(what string, r ticket.ScanResult, found string) error {
	if r != ticket.ScanInfected || w.Infected {
		return nil
	}
	return problem(http.StatusConflict, "the virus scanner found something in "+what+" ("+found+"); nobody should open it. Who must have it all the same adds ?infected=true")
}

func splitAttachment(name string) (mail string, number int, ok bool) {
	mail, n, found := strings.Cut(name, ".")
	number, err := strconv.Atoi(n)
	_, bad := journal.ParseID(mail)
	return mail, number, found && err == nil && number > 0 && bad == nil
}

// standsOn reports whether a mail is an entry of a ticket: one that is only
// suspected to be for it is shown to nobody through it.
func (s *Server) standsOn(ctx context.Context, mail string, id ticket.ID) (bool, error) {
	events, err := s.parts.Store.Events(ctx, id)
	if err != nil {
		return false, s.failed(err, "reading the events of a ticket")
	}
	return slices.ContainsFunc(events, func(e ticket.Event) bool { return e.Entry != nil && e.Entry.Mail == mail }), nil
}

// harmless is what a file name keeps: nothing that a shell, a file system or an eye
// might take for something else.
func harmless(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" _()+,-", r) {
		return r
	}
	return '_'
}

// disposition names the file by its mail, and keeps the sender's own name as
// filename* (RFC 6266) once it is harmless: in one line, visible, without path, not
// hidden, of moderate length, read from left to right.
func disposition(mail string, number int, original string) string {
	name := fmt.Sprintf("%s-%d.bin", mail, number)
	original = norm.NFC.String(original) // some systems write å as a and a ring, which is no letter
	base, ext := original, ""
	if i := strings.LastIndexByte(original, '.'); i > 0 {
		base, ext = original[:i], original[i+1:]
	}
	base, ext = strings.Map(harmless, base), strings.Map(harmless, ext)
	base, ext = strings.TrimSpace(cutRunes(base, 80)), cutRunes(ext, 12)
	header := mime.FormatMediaType("attachment", map[string]string{"filename": name})
	if strings.Trim(base, "_ ") == "" {
		return header
	}
	if ext != "" {
		base += "." + ext
	}
	return header + "; filename*=UTF-8''" + url.PathEscape(base)
}

func cutRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
