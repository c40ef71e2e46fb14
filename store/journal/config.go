package journal

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/rs/zerolog"
)

// Config says where the journal stands and how much it may take. The zero
// value of each field but Dir stands for its default.
type Config struct {
	Dir          string        // made if absent, mode 0700
	SegmentBytes int64         // a segment this long is sealed and a new one begun; default 64 MiB
	LargeBytes   int64         // a longer mail gets a file of its own; default 256 KiB
	MaxBytes     int64         // a longer mail is ErrTooLarge; 0 is no limit
	FreeFloor    int64         // bytes free on the disk below which Put is ErrFull; 0 is no floor
	Retention    time.Duration // how long filed mail is kept for Replay; default 7 days
}

const (
	defaultSegmentBytes = 64 << 20
	defaultLargeBytes   = 256 << 10
	defaultRetention    = 7 * 24 * time.Hour

	// A mail up to LargeBytes is held in memory while it is written.
	maxLargeBytes = 64 << 20
)

// Validate reports every fault of the configuration at once.
func (c Config) Validate() error {
	var faults []error
	if c.Dir == "" {
		faults = append(faults, errors.New("journal: no folder given"))
	}
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"segment size", c.SegmentBytes},
		{"size of a large mail", c.LargeBytes},
		{"greatest size of a mail", c.MaxBytes},
		{"floor of free space", c.FreeFloor},
		{"retention", int64(c.Retention)},
	} {
		if f.value < 0 {
			faults = append(faults, fmt.Errorf("journal: %s is negative", f.name))
		}
	}
	if c.LargeBytes > maxLargeBytes {
		faults = append(faults, fmt.Errorf("journal: size of a large mail is over %d bytes", maxLargeBytes))
	}
	return errors.Join(faults...)
}

func (c Config) withDefaults() Config {
	if c.SegmentBytes == 0 {
		c.SegmentBytes = defaultSegmentBytes
	}
	if c.LargeBytes == 0 {
		c.LargeBytes = defaultLargeBytes
	}
	if c.Retention == 0 {
		c.Retention = defaultRetention
	}
	return c
}

// Deps is what the journal takes from outside. The zero value is fit for
// production, without a log.
type Deps struct {
	Log    zerolog.Logger
	Now    func() time.Time                // default time.Now
	Random io.Reader                       // default crypto/rand
	Free   func(dir string) (int64, error) // bytes free to us on the disk of dir; default statfs(2)
	// Boot names the present run of the machine: after a power failure it
	// differs, and marks that were not yet safe are not believed (see
	// marks.go). Default: the kernel's boot ID.
	Boot string

	disk disk // tests put a failing one here
}

func (d Deps) withDefaults() Deps {
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Random == nil {
		d.Random = rand.Reader
	}
	if d.Free == nil {
		d.Free = freeBytes
	}
	if d.Boot == "" {
		d.Boot = bootID()
	}
	if d.disk == nil {
		d.disk = osDisk{}
	}
	return d
}
