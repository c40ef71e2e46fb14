//go:build !faults

package main

import "time"

// The ledgers as they are kept before each change; the build tag faults keeps them in
// full.
func ledgerSize() ledgerScale {
	return ledgerScale{
		mails: 300, killAfter: 45, killWithin: 20 * time.Millisecond, leastKills: 4,
		away: 3 * time.Second, rate: 60, lost: 120,
	}
}
