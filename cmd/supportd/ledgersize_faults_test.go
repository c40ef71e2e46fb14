//go:build faults

package main

import "time"

const unmarked = 1000

// The ledgers in full: go test -tags faults -run Ledger -timeout 60m -v ./cmd/supportd
func ledgerSize() ledgerScale {
	return ledgerScale{
		mails: 20_000, killAfter: 1, killLeast: 200 * time.Millisecond, killWithin: 1800 * time.Millisecond, leastKills: 20,
		away: time.Minute, rate: 40, lost: 2_000,
	}
}
