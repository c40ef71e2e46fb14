package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

// A command that waits for its standard input ends on Ctrl-C and SIGTERM.
func TestReadingTheStandardInputIsInterruptible(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	waiting, w := io.Pipe()
	defer w.Close()
	read := make(chan error)
	go func() {
		_, err := io.ReadAll(interruptible{ctx, waiting})
		read <- err
	}()
	if _, err := io.WriteString(w, "half a mail"); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-read; !errors.Is(err, context.Canceled) {
		t.Errorf("reading ended with %v", err)
	}
}

func TestReadingTheStandardInputChangesNothing(t *testing.T) {
	want := strings.Repeat("0123456789", 10_000)
	got, err := io.ReadAll(interruptible{t.Context(), strings.NewReader(want)})
	if err != nil || string(got) != want {
		t.Errorf("read %d bytes of %d, %v", len(got), len(want), err)
	}
}
