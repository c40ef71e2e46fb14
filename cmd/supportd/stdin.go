package main

import (
	"context"
	"io"
)

// interruptible reads from r until ctx is done. A read from a terminal or a pipe
// cannot be called off: it is left behind, for the process that ends anyway.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

// Read returns the error of the context once that is done.
func (i interruptible) Read(p []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	own := make([]byte, len(p)) // the caller has p back before a read left behind ends
	read := make(chan result, 1)
	go func() {
		n, err := i.r.Read(own)
		read <- result{n, err}
	}()
	select {
	case r := <-read:
		return copy(p, own[:r.n]), r.err
	case <-i.ctx.Done():
		return 0, i.ctx.Err()
	}
}
