package page

import (
	"fmt"
	"time"
)

// Waited is how long ago something was, in the largest whole unit: 12 min, 2 t,
// 3 dage. It is for the console alone; clients are told dates.
func (c Context) Waited(since time.Time) (string, error) { return c.Lasting(c.now.Sub(since)) }

// Lasting is a length of time in the same words, without its sign.
func (c Context) Lasting(d time.Duration) (string, error) {
	const day = 24 * time.Hour
	d = max(d, -d)
	switch {
	case d < time.Hour:
		return c.Frame("minutes", int(d/time.Minute))
	case d < 2*day:
		return c.Frame("hours", int(d/time.Hour))
	}
	return c.Frame("days", int(d/day))
}

// Past reports whether a time is over; none never is.
func (c Context) Past(t time.Time) bool { return !t.IsZero() && t.Before(c.now) }

// Size is a number of bytes as people read it: 120 kB.
func (c Context) Size(bytes int) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1000*1000:
		return fmt.Sprintf("%d kB", (bytes+500)/1000)
	}
	return fmt.Sprintf("%d MB", (bytes+500_000)/1_000_000)
}
