package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

type manCommand struct{}

// Run prints the manual page, written from the same model as --help.
func (*manCommand) Run(h host, k *kong.Kong) error { return manual(h.out, k.Model.Node) }

// manual writes the page in the man macros (groff_man(7)).
func manual(w io.Writer, root *kong.Node) error {
	m := &roff{w: w}
	m.line(`.TH SUPPORTD 1`)
	m.line(`.SH NAME`)
	m.text("supportd - a support address as a daemon")
	m.line(`.SH SYNOPSIS`)
	m.line(`.B supportd`)
	m.line(`.I command`)
	m.text("[flags] [arguments]")
	m.line(`.SH DESCRIPTION`)
	m.text("supportd takes mail for a support address, keeps each as a ticket or with the ticket that it belongs to, leads the ticket through " +
		"classifying, planning, mending and testing, and tells its reporter at every step.")
	m.line(`.PP`)
	m.text("Commands that act on tickets ask the running daemon, by its API and the admin's token in its data folder. Where none runs they open the store " +
		"themselves; letters that they owe then leave at the next start.")
	m.line(`.SH COMMANDS`)
	for _, leaf := range root.Leaves(true) {
		m.command(leaf)
	}
	m.line(`.SH COMMON FLAGS`)
	m.text("Most commands take these too.")
	for _, f := range commonFlags(root) {
		m.flag(f)
	}
	for _, s := range manualEnd {
		m.line(".SH " + s.title)
		for _, item := range s.items {
			m.line(`.TP`)
			m.line(`.B ` + roffText(item[0]))
			m.text(item[1])
		}
	}
	return m.err
}

// manualEnd are the sections that no flag tells of.
var manualEnd = []struct {
	title string
	items [][2]string
}{
	{"EXIT STATUS", [][2]string{
		{"0", "done"},
		{"1", "refused or failed; the text says why"},
		{"2", "a slip on the command line"},
		{"65, 67", "deliver: the mail itself is refused; there is no such recipient"},
		{"75", "try again later"},
		{"78", "faults in the configuration"},
	}},
	{"ENVIRONMENT", [][2]string{
		{"SUPPORTD_…", "A key of the configuration, over the file: SUPPORTD_STORE__KIND is store.kind."},
	}},
	{"FILES", [][2]string{
		{"supportd.yaml", "The configuration, where there is one; supportd config check tells its faults."},
		{"supportd-data/", "Journal, archive, store, keys and admin.token, unless data_dir names another folder."},
	}},
	{"EXAMPLES", [][2]string{
		{"supportd demo", "Shows on this machine alone what becomes of mails."},
		{"supportd ticket classify AIS-7K3Q-M2XQ --severity high --category login", "Confirms what a ticket is."},
		{"supportd ticket reply AIS-7K3Q-M2XQ --text - < answer.txt", "Writes to the reporter."},
		{"supportd ticket pass AIS-7K3Q-M2XQ --verified 'Login works' --preview", "Shows what would happen, and does nothing."},
	}},
}

// isCommon reports whether a flag is one of those that most commands take.
func isCommon(f *kong.Flag) bool {
	return f.Name == "config" || f.Name == "set" || f.Name == "json" || f.Name == "help"
}

// commonFlags are the common ones, as the first command that asks the daemon has
// them.
func commonFlags(root *kong.Node) []*kong.Flag {
	var common []*kong.Flag
	for _, group := range childNamed(root, "trace").AllFlags(true) {
		for _, f := range group {
			if isCommon(f) {
				common = append(common, f)
			}
		}
	}
	return common
}

// roff writes the lines of a manual page.
type roff struct {
	w   io.Writer
	err error
}

func (m *roff) line(s string) {
	if m.err == nil {
		_, m.err = fmt.Fprintln(m.w, s)
	}
}

func (m *roff) text(s string) { m.line(roffText(s)) }

func (m *roff) command(node *kong.Node) {
	m.line(`.SS ` + roffText(usage(node)))
	m.text(sentence(node.Help))
	if node.Detail != "" {
		m.text(node.Detail)
	}
	for _, p := range node.Positional {
		m.line(`.TP`)
		m.line(`.I ` + roffText(strings.ToUpper(p.Name)))
		m.text(p.Help)
	}
	for _, f := range node.Flags {
		if !f.Hidden && !isCommon(f) {
			m.flag(f)
		}
	}
}

func (m *roff) flag(f *kong.Flag) {
	m.line(`.TP`)
	m.line(`.B ` + roffText(f.String()))
	text := sentence(f.Help)
	if f.Required {
		text += " Required."
	}
	m.text(text)
}

// usage is the line that shows how a command is written.
func usage(node *kong.Node) string {
	words := []string{node.Path()}
	for _, p := range node.Positional {
		word := strings.ToUpper(p.Name)
		if p.IsCumulative() {
			word += "..."
		}
		if !p.Required {
			word = "[" + word + "]"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func sentence(s string) string {
	if s = strings.TrimSpace(s); s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// roffText escapes what the formatter would take for its own.
func roffText(s string) string {
	s = strings.NewReplacer(`\`, `\e`, `-`, `\-`, "\n", " ").Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
