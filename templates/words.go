package templates

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

const wordsFile = "words.json"

// words are the fixed words of a language: the frame of its letters, the names
// of what the domain knows, and how it writes dates.
type words struct {
	Marker    string `json:"marker"`       // first line of letters that may be answered
	Staff     string `json:"staff_marker"` // … and of those to staff
	Greeting  string `json:"greeting"`
	Ticket    string `json:"ticket"`
	Reported  string `json:"reported"`
	Confirmed string `json:"confirmed"`
	Sprint    string `json:"sprint"`
	Next      string `json:"next"`
	Add       string `json:"add"`
	Follow    string `json:"follow"`
	Unread    string `json:"unread"` // to staff: not to answer by mail
	Show      string `json:"show"`
	Regards   string `json:"regards"`

	NeutralSubject string `json:"neutral_subject"` // to a sender who did not authenticate
	NoSubject      string `json:"no_subject"`      // where the reporter's own is empty

	Severities map[ticket.Severity]string `json:"severities"`
	States     map[ticket.State]string    `json:"states"`
	Categories map[string]string          `json:"categories"`
	Where      map[string]string          `json:"where"`
	Trust      map[ticket.Trust]string    `json:"trust"`

	Months [12]string `json:"months"`
	// How dates are written, with {day} {month} {year} {hour} {hh} {minute}: hh
	// and minute have two digits.
	Date        string `json:"date"`
	Time        string `json:"time"`
	DateAndTime string `json:"date_and_time"`
}

// readWords reads a language's table; a key that is unknown or missing is an
// error.
func readWords(tag string) (words, error) {
	file := path.Join("lang", tag, wordsFile)
	var w words
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return w, fmt.Errorf("reading the words: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&w); err != nil {
		return w, fmt.Errorf("reading %s: %w", file, err)
	}
	if err := w.complete(); err != nil {
		return w, fmt.Errorf("reading %s: %w", file, err)
	}
	return w, nil
}

func (w words) complete() error {
	for name, word := range map[string]string{
		"marker": w.Marker, "staff_marker": w.Staff, "unread": w.Unread, "greeting": w.Greeting, "ticket": w.Ticket, "reported": w.Reported,
		"confirmed": w.Confirmed, "sprint": w.Sprint, "next": w.Next, "add": w.Add, "follow": w.Follow,
		"show": w.Show, "regards": w.Regards, "neutral_subject": w.NeutralSubject, "no_subject": w.NoSubject,
		"date": w.Date, "time": w.Time, "date_and_time": w.DateAndTime,
	} {
		if word == "" {
			return fmt.Errorf("%s is missing", name)
		}
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
	for i, m := range w.Months {
		if m == "" {
			return fmt.Errorf("month %d has no name", i+1)
		}
	}
	return nil
}

// category is the name of a category. A category of the configuration that the
// table does not know is called what the configuration calls it.
func (w words) category(name string) string {
	if known := w.Categories[name]; known != "" {
		return known
	}
	return oneLine(strings.ReplaceAll(name, "_", " "))
}

func (w words) date(t time.Time) string        { return w.written(w.Date, t) }
func (w words) time(t time.Time) string        { return w.written(w.Time, t) }
func (w words) dateAndTime(t time.Time) string { return w.written(w.DateAndTime, t) }

// written is a point of time in the given form; "" for none.
func (w words) written(form string, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strings.NewReplacer(
		"{day}", strconv.Itoa(t.Day()),
		"{month}", w.Months[t.Month()-1],
		"{year}", strconv.Itoa(t.Year()),
		"{hour}", strconv.Itoa(t.Hour()),
		"{hh}", fmt.Sprintf("%02d", t.Hour()),
		"{minute}", fmt.Sprintf("%02d", t.Minute()),
	).Replace(form)
}
