package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// A talk is a conversation of people with a daemon as a text that is both script
// and golden file (testdata/conversations). What begins in the first column is the
// script; what is indented below a step is what came of it, but for "  | ", which
// are the words that somebody writes. With -update all of that is written anew.
//
//	# about the next step
//	with capacity 1
//	    before the start: sets an option of the configuration (talkOptions)
//	at 2026-11-23 14:05
//	    sets the clock, on which the daemon does what is due
//	mail kunde@firma.example: subject
//	  | text
//	    a mail to the support address; "mail A (forged): …" has an option (talkMails)
//	answer kunde@firma.example to acknowledgement A
//	  | text
//	    an answer to the last letter of that kind that he got about ticket A; "to
//	    acknowledgement A of somebody@firma.example" answers another's
//	api support on A
//	  | #klassificer kritisk
//	    orders in the words of staff mail, given by one of ours at another door: api, cli
//	log
//	    the end: all events of all tickets
//
// Tickets are called A, B, C in the order in which they were opened, and their IDs
// AIS-AAAA-AAAA and so on, in what is sent too.
type talkScript struct {
	steps []talkStep
}

// talkStep is one thing that somebody does.
type talkStep struct {
	number int      // of its line
	before []string // comments and blank lines
	line   string
	words  []string // what he writes
}

const (
	talkWords  = "  | "
	talkOutput = "  "
)

func readTalk(t *testing.T, file string) talkScript {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	script, err := parseTalk(string(text))
	if err != nil {
		t.Fatalf("%s:%v", file, err)
	}
	return script
}

func parseTalk(text string) (talkScript, error) {
	var s talkScript
	var before []string
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		words, isWords := strings.CutPrefix(line+" ", talkWords)
		switch {
		case isWords && len(s.steps) == 0:
			return s, fmt.Errorf("%d: words before the first step", i+1)
		case isWords:
			last := &s.steps[len(s.steps)-1]
			last.words = append(last.words, strings.TrimSuffix(words, " "))
		case strings.HasPrefix(line, talkOutput):
		case line == "", strings.HasPrefix(line, "#"):
			before = append(before, line)
		default:
			s.steps = append(s.steps, talkStep{number: i + 1, before: before, line: line})
			before = nil
		}
	}
	if len(s.steps) == 0 || s.steps[len(s.steps)-1].line != "log" {
		return s, fmt.Errorf("%d: the last step is not log", strings.Count(text, "\n"))
	}
	return s, nil
}

func (s talkStep) text() string { return strings.Join(s.words, "\n") }

// write gives the step back, with what came of it.
func (s talkStep) write(b *strings.Builder, came []string) {
	for _, l := range s.before {
		b.WriteString(l + "\n")
	}
	b.WriteString(s.line + "\n")
	for _, l := range s.words {
		b.WriteString(strings.TrimRight(talkWords+l, " ") + "\n")
	}
	for _, l := range came {
		b.WriteString(strings.TrimRight(talkOutput+strings.ReplaceAll(l, "\n", "\n"+talkOutput), " ") + "\n")
	}
}
