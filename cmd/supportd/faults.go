package main

import (
	"errors"
	"fmt"
	"strings"
)

// fault is one thing wrong with the configuration, in words for its author.
type fault struct {
	Where string `json:"where"` // supportd.yaml:12:3, a variable, --set; "" if nobody wrote it
	Key   string `json:"key"`   // desk.addresses; "" if it is not about one key
	Text  string `json:"text"`
}

func (f fault) String() string {
	parts := make([]string, 0, 3)
	for _, s := range []string{f.Where, f.Key, f.Text} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ": ")
}

// faults are reported all at once: who corrects a configuration one message at
// a time loses an afternoon.
type faults []fault

func (fs faults) Error() string {
	var b strings.Builder
	for _, f := range fs {
		b.WriteString(f.String())
		b.WriteByte('\n')
	}
	n := "1 fault"
	if len(fs) != 1 {
		n = fmt.Sprintf("%d faults", len(fs))
	}
	b.WriteString(n + " in the configuration; supportd.example.yaml shows every key")
	return b.String()
}

// flatten splits what errors.Join joined, so that each error is a line.
func flatten(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, flatten(e)...)
		}
		return all
	}
	// A joined error may have been wrapped once more ("smtp: %w").
	if inner := errors.Unwrap(err); inner != nil {
		if parts := flatten(inner); len(parts) > 1 {
			prefix := strings.TrimSuffix(err.Error(), inner.Error())
			for i, p := range parts {
				parts[i] = fmt.Errorf("%s%w", prefix, p)
			}
			return parts
		}
	}
	return []error{err}
}
