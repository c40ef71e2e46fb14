package notifier

import (
	"hash/fnv"
	"strconv"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// When a notice is tried again is data of its job: nothing here sleeps.
const (
	firstDelay   = time.Minute
	longestDelay = time.Hour
	// minTries are made however old a notice is: one that was owed while supportd
	// was down must get past a relay that defers every first attempt.
	minTries = 6
)

// delay is how long after the given attempt, counted from 1, a notice rests: one
// minute, doubling up to an hour, and up to a tenth less or more. What is added
// follows from the notice, so that letters which failed together do not come back
// together, and all is the same when it happens again.
func delay(n ticket.Notice, attempt int) time.Duration {
	return delayOf(string(n.Ticket)+"."+strconv.Itoa(n.Number), attempt)
}

func delayOf(name string, attempt int) time.Duration {
	d := longestDelay
	if shift := attempt - 1; shift < 16 && firstDelay<<shift < longestDelay {
		d = firstDelay << shift
	}
	h := fnv.New32a()
	h.Write([]byte(name + "." + strconv.Itoa(attempt)))
	tenth := d / 10
	return d - tenth + time.Duration(h.Sum32()%1000)*(2*tenth)/1000
}

// exhausted reports whether a further attempt, due then, would come too late.
func exhausted(n ticket.Notice, due time.Time, maxAge time.Duration) bool {
	return n.Attempts+1 >= minTries && due.Sub(n.Since()) > maxAge
}
