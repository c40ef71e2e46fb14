package templates

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

//go:embed lang page.html
var files embed.FS

// Config says in whose name and time zone letters are written.
type Config struct {
	DeskName        string // signs the letters
	Timezone        string // IANA name, Europe/Copenhagen
	DefaultLanguage string // of notices in a language that has no texts
}

// Validate reports all that is wrong with the configuration.
func (c Config) Validate() error {
	var errs []error
	if oneLine(c.DeskName) == "" {
		errs = append(errs, errors.New("templates: the desk has no name"))
	}
	if _, err := time.LoadLocation(c.Timezone); err != nil || c.Timezone == "" {
		errs = append(errs, fmt.Errorf("templates: time zone %q is unknown: write it like Europe/Copenhagen", c.Timezone))
	}
	if tags := Languages(); !slices.Contains(tags, c.DefaultLanguage) {
		errs = append(errs, fmt.Errorf("templates: there are no texts in the language %q, only in %s",
			c.DefaultLanguage, strings.Join(tags, ", ")))
	}
	return errors.Join(errs...)
}

// Set holds the parsed texts of all languages. It never changes after New and is
// safe for concurrent use.
type Set struct {
	deskName        string
	zone            *time.Location
	languages       map[string]language
	defaultLanguage string
	page            page
}

// New parses all texts. That each can be written, with all its clauses, is held
// by the tests: the texts are part of the program.
func New(c Config) (*Set, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return nil, fmt.Errorf("loading the time zone: %w", err)
	}
	page, err := parsePage()
	if err != nil {
		return nil, err
	}
	s := &Set{
		deskName:        oneLine(c.DeskName),
		zone:            zone,
		languages:       map[string]language{},
		defaultLanguage: c.DefaultLanguage,
		page:            page,
	}
	for _, tag := range folders() {
		if s.languages[tag], err = parseLanguage(tag); err != nil {
			return nil, err
		}
	}
	return s, nil
}
