package main

import (
	"embed"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// completionScripts ask supportd itself what could stand at the cursor, so that
// they know of every command and never grow old.
//
//go:embed completion
var completionScripts embed.FS

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run prints the script that a shell loads.
func (c *completionCommand) Run(h host) error {
	script, err := completionScripts.ReadFile("completion/" + c.Shell)
	if err != nil {
		return err
	}
	_, err = h.out.Write(script)
	return err
}

// completeCommand is what the scripts call: the shell, and the words behind the
// program's name up to the cursor.
type completeCommand struct {
	Words []string `arg:"" optional:"" passthrough:""`
}

// completeFiles is the line that tells a script to offer files too.
const completeFiles = ":files"

// Run prints the candidates a line each: the word, a tab, what it is.
func (c *completeCommand) Run(h host, k *kong.Kong) error {
	if len(c.Words) == 0 {
		return nil
	}
	shell, words := c.Words[0], c.Words[1:]
	line := typed(words)
	found := line.candidates(k.Model.Node)
	for _, f := range found {
		word := f.word
		if shell == "bash" { // it takes what follows = for a word of its own
			word = strings.TrimPrefix(word, line.before)
		}
		text := word
		if f.about != "" {
			text += "\t" + f.about
		}
		if _, err := fmt.Fprintln(h.out, text); err != nil {
			return err
		}
	}
	return nil
}

// candidate is one word that could stand at the cursor.
type candidate struct{ word, about string }

// typedLine is a command line up to the cursor.
type typedLine struct {
	words  []string // complete ones
	last   string   // begun; "" for a new one
	before string   // of last: --flag=, if it is the value of a flag
}

// typed puts together what bash takes apart at =.
func typed(words []string) typedLine {
	var whole []string
	for i := 0; i < len(words); i++ {
		if n := len(whole); words[i] == "=" && n > 0 && strings.HasPrefix(whole[n-1], "--") {
			whole[n-1] += "="
			if i++; i < len(words) {
				whole[n-1] += words[i]
			}
			continue
		}
		whole = append(whole, words[i])
	}
	if len(whole) == 0 {
		return typedLine{}
	}
	l := typedLine{words: whole[:len(whole)-1], last: whole[len(whole)-1]}
	if flag, _, ok := strings.Cut(l.last, "="); ok && strings.HasPrefix(flag, "--") {
		l.before = flag + "="
	}
	return l
}

// candidates follows the words through the model to the cursor.
func (l typedLine) candidates(node *kong.Node) []candidate {
	var flag *kong.Flag // wants its value
	positional := 0
	for _, word := range l.words {
		switch child := childNamed(node, word); {
		case flag != nil:
			flag = nil
		case strings.HasPrefix(word, "-") && word != "-":
			if f := flagNamed(node, word); f != nil && !f.IsBool() && !strings.Contains(word, "=") {
				flag = f
			}
		case child != nil:
			node, positional = child, 0
		default:
			positional++
		}
	}
	switch {
	case flag != nil:
		return l.beginning(values(flag.Value, flag.PlaceHolder))
	case l.before != "":
		f := flagNamed(node, l.before)
		if f == nil {
			return nil
		}
		return l.beginning(values(f.Value, f.PlaceHolder))
	case strings.HasPrefix(l.last, "-"):
		return l.beginning(flags(node))
	case len(node.Children) > 0:
		return l.beginning(commands(node))
	}
	if n := len(node.Positional); n > 0 && (positional < n || node.Positional[n-1].IsCumulative()) {
		v := node.Positional[min(positional, n-1)]
		return l.beginning(values(v, strings.ToUpper(v.Name)))
	}
	return nil
}

// beginning keeps what begins as the last word does.
func (l typedLine) beginning(all []candidate) []candidate {
	var kept []candidate
	for _, c := range all {
		if c.word != completeFiles {
			c.word = l.before + c.word
		}
		if c.word == completeFiles || strings.HasPrefix(c.word, l.last) {
			kept = append(kept, c)
		}
	}
	return kept
}

func childNamed(node *kong.Node, name string) *kong.Node {
	for _, c := range node.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// flagNamed finds --name, --name=… or -n among the flags of a command.
func flagNamed(node *kong.Node, word string) *kong.Flag {
	name, _, _ := strings.Cut(word, "=")
	for _, group := range node.AllFlags(true) {
		for _, f := range group {
			if name == "--"+f.Name || f.Short != 0 && name == "-"+string(f.Short) {
				return f
			}
		}
	}
	return nil
}

func commands(node *kong.Node) []candidate {
	var all []candidate
	for _, c := range node.Children {
		if !c.Hidden {
			all = append(all, candidate{c.Name, c.Help})
		}
	}
	return all
}

func flags(node *kong.Node) []candidate {
	var all []candidate
	for _, group := range node.AllFlags(true) {
		for _, f := range group {
			word := "--" + f.Name
			if !f.IsBool() {
				word += "="
			}
			all = append(all, candidate{word, f.Help})
		}
	}
	return all
}

// values are those of an enumeration, or those that the placeholder lists; files
// where it says so.
func values(v *kong.Value, placeholder string) []candidate {
	var all []candidate
	switch {
	case v.Enum != "":
		for _, e := range v.EnumSlice() {
			all = append(all, candidate{word: e})
		}
	case strings.Contains(placeholder, "|"):
		for e := range strings.SplitSeq(placeholder, "|") {
			all = append(all, candidate{word: e})
		}
	case placeholder == "FILE", placeholder == "DIR", placeholder == "PATH":
		all = []candidate{{word: completeFiles}}
	}
	return all
}
