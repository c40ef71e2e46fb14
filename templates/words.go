package templates

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

const wordsFile = "words.json"

// words are the fixed words of a language: the frame of its letters, the names
// of what the domain knows, and how it writes dates.
type words struct {
	Marker    string `json:"marker"` // first line
	Greeting  string `json:"greeting"`
	Ticket    string `json:"ticket"`
	Reported  string `json:"reported"`
	Confirmed string `json:"confirmed"`
	Sprint    string `json:"sprint"`
	Next      string `json:"next"`
	Add       string `json:"add"`
	Follow    string `json:"follow"`
	Regards   string `json:"regards"`

	NeutralSubject string `json:"neutral_subject"` // to a sender who did not authenticate
	NoSubject      string `json:"no_subject"`      // where the reporter's own is empty

	// Colon is what stands behind a label, where that is not a colon alone.
	Colon string `json:"colon,omitempty"`

	Severities map[ticket.Severity]string `json:"severities"`
	States     map[ticket.State]string    `json:"states"`
	Categories map[string]string          `json:"categories"`

	dates
}

// readWords reads a language's table; a key that is unknown or missing is an
// error.
func readWords(tag string) (words, error) {
	var w words
	if err := readTable(path.Join("lang", tag, wordsFile), &w); err != nil {
		return w, err
	}
	if err := w.complete(); err != nil {
		return w, fmt.Errorf("reading the words of %s: %w", tag, err)
	}
	return w, nil
}

// readTable reads a table of words strictly.
func readTable(file string, into any) error {
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return fmt.Errorf("reading the words: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}
	return nil
}

func (w words) complete() error {
	if err := named(map[string]string{
		"marker": w.Marker, "greeting": w.Greeting, "ticket": w.Ticket, "reported": w.Reported,
		"confirmed": w.Confirmed, "sprint": w.Sprint, "next": w.Next, "add": w.Add, "follow": w.Follow,
		"regards": w.Regards, "neutral_subject": w.NeutralSubject, "no_subject": w.NoSubject,
	}); err != nil {
		return err
	}
	for _, s := range []ticket.Severity{
		ticket.SeverityCritical, ticket.SeverityHigh, ticket.SeverityNormal, ticket.SeverityLow,
	} {
		if w.Severities[s] == "" {
			return fmt.Errorf("the severity %s has no name", s)
		}
	}
	for _, s := range []ticket.State{
		ticket.StateReported, ticket.StateClassified, ticket.StatePlanned, ticket.StateInvestigating,
		ticket.StateTesting, ticket.StateResolved, ticket.StateClosed, ticket.StateWaiting,
	} {
		if w.States[s] == "" {
			return fmt.Errorf("the state %s has no name", s)
		}
	}
	return w.dates.complete()
}

// named reports a word that is missing.
func named(words map[string]string) error {
	for name, word := range words {
		if word == "" {
			return fmt.Errorf("%s is missing", name)
		}
	}
	return nil
}

// Label is a word of ours with the sign that parts it from what follows.
func (w words) Label(word string) string {
	if w.Colon != "" {
		return word + w.Colon
	}
	return word + ":"
}

// category is the name of a category. A category of the configuration that the
// table does not know is called what the configuration calls it.
func (w words) category(category string) string {
	if known := w.Categories[category]; known != "" {
		return known
	}
	return name(strings.ReplaceAll(category, "_", " "))
}
