package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"aismarttalk.tech/supportd/ticket"
)

// page shows an explanation to a person: who and what on top, then the text
// with the kind of each stretch in the margin.
func (e explanation) page(w io.Writer) error {
	p := &pageWriter{w: w}
	p.fact("From", address(e.From))
	p.fact("To", addressList(e.To))
	p.fact("Subject", e.Subject)
	p.fact("Date", e.Date)
	p.fact("Message-ID", e.MessageID)
	p.fact("Language", orNone(e.Language, "in doubt"))
	p.fact("Claim", claimText(e.Claim))
	p.fact("Impact", orNone(e.Impact, "nothing that stands out"))
	p.fact("Category", withEvidence(e.Category.Name, e.Category.Evidence))
	p.fact("Kind", string(e.Kind))
	if e.Automatic.Is {
		p.fact("Automatic", withEvidence(string(e.Automatic.Kind), e.Automatic.Reasons))
	} else {
		p.fact("Automatic", "no, a person wrote it")
	}
	for _, r := range e.Bounce.Recipients {
		p.fact("Bounced", strings.TrimSpace(r.Address+" "+r.Status+" "+r.Diagnostic))
	}
	p.fact("Bounced mail", e.Bounce.OriginalMessageID)
	for _, c := range e.Clues {
		p.fact("Clue", string(c.Kind)+": "+c.Value)
	}
	for _, a := range e.Attachments {
		p.fact("Attachment", fmt.Sprintf("%s, %s, %d bytes", orNone(a.Filename, "without a name"), a.ContentType, a.Size))
	}
	p.fact("Flags", strings.Join(e.Flags, ", "))
	p.printf("\n")
	for _, s := range e.Segments {
		p.segment(s.Kind, e.Text[s.Start:s.End])
	}
	if len(e.Segments) == 0 {
		p.printf("(no text)\n")
	}
	return p.err
}

type pageWriter struct {
	w   io.Writer
	err error
}

func (p *pageWriter) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

// fact writes one line, nothing if there is nothing to say.
func (p *pageWriter) fact(name, value string) {
	if value != "" {
		p.printf("%-13s%s\n", name, visible(value))
	}
}

func (p *pageWriter) segment(kind ticket.SegmentKind, text string) {
	label := string(kind)
	for line := range strings.Lines(text) {
		p.printf("%11s │ %s\n", label, visible(strings.TrimRight(line, "\n")))
		label = ""
	}
}

// visible makes control characters and those that turn the direction of text
// show as escapes, so that a mail cannot write on the terminal what it likes.
func visible(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\t':
			b.WriteString("    ")
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			fmt.Fprintf(&b, "\\u%04x", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func address(a ticket.Address) string {
	if a.Name == "" {
		return a.Address
	}
	return a.Name + " <" + a.Address + ">"
}

func addressList(list []ticket.Address) string {
	all := make([]string, len(list))
	for i, a := range list {
		all[i] = address(a)
	}
	return strings.Join(all, ", ")
}

func claimText(c ticket.Claim) string {
	if c.Evidence == "" {
		return withEvidence(string(c.Severity), nil)
	}
	return fmt.Sprintf("%s, for %q in the %s (rule %s)", c.Severity, c.Evidence, c.Where, c.Rule)
}

func withEvidence(name string, evidence []string) string {
	if len(evidence) == 0 {
		return name
	}
	quoted := make([]string, len(evidence))
	for i, e := range evidence {
		quoted[i] = fmt.Sprintf("%q", e)
	}
	return name + ", for " + strings.Join(quoted, ", ")
}

func orNone(s, none string) string {
	if s == "" {
		return none
	}
	return s
}
