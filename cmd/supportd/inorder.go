package main

import (
	"context"
	"sync"
)

// inOrder does work on all items with n workers and hands the results to emit
// in the order of the items, from one goroutine. At most a few results for each
// worker are held. It stops at emit's first error or when ctx ends.
func inOrder[T, R any](ctx context.Context, items []T, n int, work func(T) R, emit func(R) error) error {
	type task struct {
		item   T
		result chan R
	}
	ctx, cancel := context.WithCancel(ctx)
	tasks := make(chan task)         // to the workers
	window := make(chan chan R, 8*n) // the same tasks, in order, to emit
	var workers sync.WaitGroup
	defer workers.Wait()
	defer cancel()

	for range n {
		workers.Go(func() {
			for t := range tasks {
				t.result <- work(t.item)
			}
		})
	}
	workers.Go(func() {
		defer close(window)
		defer close(tasks)
		for _, item := range items {
			t := task{item, make(chan R, 1)}
			select {
			case window <- t.result:
			case <-ctx.Done():
				return
			}
			tasks <- t // a worker is always there: their results are buffered
		}
	})
	for result := range window {
		if err := emit(<-result); err != nil {
			return err
		}
	}
	return ctx.Err()
}
