//go:build !faults

package main

import "time"

// unmarked are the rounds of two responders whose mails look like a person's: each
// stands on the same ticket, and they are filed one after the other.
const unmarked = 100

// The ledgers as they are kept before each change; the build tag faults keeps them in
// full.
func ledgerSize() ledgerScale {
	return ledgerScale{
		mails: 300, killAfter: 45, killWithin: 20 * time.Millisecond, leastKills: 4,
		away: 3 * time.Second, rate: 60, lost: 120,
	}
}
