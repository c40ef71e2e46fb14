package main

import (
	"context"
	"errors"
	"slices"
	"testing"
)

func count(n int) []int {
	items := make([]int, n)
	for i := range items {
		items[i] = i
	}
	return items
}

func TestInOrder(t *testing.T) {
	for _, n := range []int{0, 1, 7, 1000} {
		var got []int
		err := inOrder(t.Context(), count(n), 4, func(i int) int { return i }, func(i int) error {
			got = append(got, i)
			return nil
		})
		if err != nil || !slices.Equal(got, count(n)) && n > 0 {
			t.Errorf("%d items: %v, %d results", n, err, len(got))
		}
	}
}

// The first item waits for the others of its window: order holds although they
// end before it.
func TestInOrderWaitsForTheFirst(t *testing.T) {
	second := make(chan struct{})
	var got []int
	err := inOrder(t.Context(), count(2), 2, func(i int) int {
		if i == 0 {
			<-second
		} else {
			close(second)
		}
		return i
	}, func(i int) error {
		got = append(got, i)
		return nil
	})
	if err != nil || !slices.Equal(got, []int{0, 1}) {
		t.Error(got, err)
	}
}

func TestInOrderStops(t *testing.T) {
	full := errors.New("disk full")
	err := inOrder(t.Context(), count(1000), 4, func(i int) int { return i }, func(i int) error {
		if i == 10 {
			return full
		}
		return nil
	})
	if !errors.Is(err, full) {
		t.Errorf("got %v, want emit's error", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = inOrder(ctx, count(1000), 4, func(i int) int { return i }, func(i int) error {
		if i == 10 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}
