// Command supportd is a support address as a daemon.
//
// It stands on the top floor: it reads flags and configuration, wires the
// packages below and speaks with people. Its one rule: what a person reads is
// written here, says what to do next, and is never the text of an error alone.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // the desk's time zone, also where the system has none

	"github.com/mattn/go-isatty"
	redislog "github.com/redis/go-redis/v9/logging"
)

func main() {
	// The client writes to the standard error by a logger of its own, which is the
	// process's: what it has to say comes back as errors, which are logged once.
	redislog.Disable()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends what the first did not
	os.Exit(run(ctx, os.Args[1:], host{
		in: interruptible{ctx, os.Stdin}, out: os.Stdout, errOut: os.Stderr,
		env:      os.Environ(),
		terminal: isatty.IsTerminal(os.Stdout.Fd()),
		width:    terminalWidth(os.Stdout),
		watched:  isatty.IsTerminal(os.Stderr.Fd()),
		now:      time.Now,
	}))
}
