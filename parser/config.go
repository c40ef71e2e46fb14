package parser

import (
	"errors"
	"fmt"
)

// Config bounds what one mail may cost. A mail past a limit of structure is
// read from its headers and a plain-text salvage, and flagged ticket.FlagRaw;
// a value past a limit of length is cut, and flagged ticket.FlagTruncated. The
// raw mail is whole in either case. Zero fields take the defaults.
type Config struct {
	HeaderBytes     int // header of the mail, bytes (256 KiB)
	PartHeaderBytes int // header of one part, bytes (128 KiB)
	HeaderFields    int // fields in one header (1000)
	ContentBytes    int // value of one Content-* field, bytes (8 KiB)
	ContentParams   int // parameters of one Content-* field (50)
	Depth           int // multiparts inside one another (10)
	Parts           int // parts in all (200)
	TextBytes       int // Message.Text, bytes (2 MiB)
	ValueBytes      int // a header value that is kept, bytes (4 KiB)
	Addresses       int // addresses of one header that are kept (500)
	References      int // Message-IDs of References that are kept (100)
	// OwnDomains are the domains of our Message-IDs, lower case. A mail that
	// answers one of them may be a vacation answer without the headers of one.
	// Empty: any answer may.
	OwnDomains []string
}

// withDefaults fills the zero fields.
func (c Config) withDefaults() Config {
	for _, d := range []struct {
		field *int
		value int
	}{
		{&c.HeaderBytes, 256 << 10},
		{&c.PartHeaderBytes, 128 << 10},
		{&c.HeaderFields, 1000},
		{&c.ContentBytes, 8 << 10},
		{&c.ContentParams, 50},
		{&c.Depth, 10},
		{&c.Parts, 200},
		{&c.TextBytes, 2 << 20},
		{&c.ValueBytes, 4 << 10},
		{&c.Addresses, 500},
		{&c.References, 100},
	} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	return c
}

// Validate reports every limit that cannot work.
func (c Config) Validate() error {
	c = c.withDefaults()
	var errs []error
	for _, l := range []struct {
		name       string
		value, min int
	}{
		{"header_bytes", c.HeaderBytes, 1 << 10},
		{"part_header_bytes", c.PartHeaderBytes, 1 << 10},
		{"header_fields", c.HeaderFields, 50},
		{"content_bytes", c.ContentBytes, 256},
		{"content_params", c.ContentParams, 5},
		{"depth", c.Depth, 2},
		{"parts", c.Parts, 5},
		{"text_bytes", c.TextBytes, 1 << 10},
		{"value_bytes", c.ValueBytes, 256},
		{"addresses", c.Addresses, 1},
		{"references", c.References, 10},
	} {
		if l.value < l.min {
			errs = append(errs, fmt.Errorf("%s is %d: at least %d is needed", l.name, l.value, l.min))
		}
	}
	if c.Depth > 50 {
		errs = append(errs, fmt.Errorf("depth is %d: at most 50, reading costs size times depth", c.Depth))
	}
	return errors.Join(errs...)
}
