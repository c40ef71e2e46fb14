package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// each does something to several tickets, mails or letters. What one of them
// refuses is told and does not keep the others from it; a fault that would meet
// the next one too ends it.
func each(names []string, errOut io.Writer, do func(name string) error) error {
	if len(names) == 1 {
		return do(names[0])
	}
	refused := 0
	for i, name := range names {
		err := do(name)
		var f failure
		switch {
		case err == nil:
		case errors.As(err, &f) && f.code == exitFailed:
			refused++
			fmt.Fprintf(errOut, "supportd: %s: %s\n", visible(name), f.text)
		case errors.As(err, &f):
			return failf(f.code, "%s\nNot done: %s", f.text, visible(strings.Join(names[i:], " ")))
		default:
			return err
		}
	}
	if refused > 0 {
		return failf(exitFailed, "%d of %d refused", refused, len(names))
	}
	return nil
}
