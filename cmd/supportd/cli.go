package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/alecthomas/kong"
)

// Exit codes: 0 to 2 as everywhere, the others of sysexits.h, which mail
// programs know.
const (
	exitOK        = 0
	exitFailed    = 1
	exitUsage     = 2
	exitBadData   = 65 // EX_DATAERR: the mail itself is refused
	exitNoUser    = 67 // EX_NOUSER: no such recipient here
	exitTemporary = 75 // EX_TEMPFAIL: our fault, try again later
	exitConfig    = 78 // EX_CONFIG
)

// failure ends a command with words for a person and an exit code.
type failure struct {
	code int
	text string
}

func (f failure) Error() string { return f.text }

func failf(code int, format string, args ...any) error {
	return failure{code, fmt.Sprintf(format, args...)}
}

// host is the world outside: a command reads and writes nothing else.
type host struct {
	in          io.Reader
	out, errOut io.Writer
	env         []string
	terminal    bool // out is one …
	width       int  // … and has so many characters a line; 0: it does not say
	watched     bool // errOut is a terminal
	now         func() time.Time
}

// cli is the command line.
type cli struct {
	Serve       serveCommand       `cmd:"" help:"Run the daemon: take mail, keep tickets, answer."`
	Demo        demoCommand        `cmd:"" help:"Show on this machine alone what becomes of mails, from report to reopening."`
	Explain     explainCommand     `cmd:"" help:"Read raw mails and print what supportd understands of each, one JSON object a line."`
	Deliver     deliverCommand     `cmd:"" help:"Take one mail from the standard input, as mail programs hand it to a pipe."`
	Trace       traceCommand       `cmd:"" help:"Tell what became of a mail, step by step, and why."`
	Ticket      ticketCommand      `cmd:"" help:"Look at tickets, and lead them through the process."`
	Held        heldCommand        `cmd:"" help:"Decide about mails that were held back."`
	Console     consoleCommand     `cmd:"" help:"Sign in at the console in a browser."`
	Outbox      outboxCommand      `cmd:"" help:"Look at letters that are owed, held, failed or sent; send or drop them."`
	Digest      digestCommand      `cmd:"" help:"Show or send the day's list of what waits for one of the staff."`
	Roadmap     roadmapCommand     `cmd:"" help:"Show what is planned, in work and done, by sprint or quarter."`
	Sprints     sprintsCommand     `cmd:"" help:"Show how full the current sprint and the next are, and what is in them."`
	Replay      replayCommand      `cmd:"" help:"File mails of the journal again, after the store has lost them."`
	Import      importCommand      `cmd:"" help:"Take in old mail from an mbox file, a maildir or a folder of mails."`
	Backup      backupCommand      `cmd:"" help:"Copy all that is kept, of a running daemon or a stopped one."`
	Restore     restoreCommand     `cmd:"" help:"Bring a backup back, into a store of any kind."`
	Person      personCommand      `cmd:"" help:"Export or erase what is kept of one person."`
	Retention   retentionCommand   `cmd:"" help:"Let go of what is past its time now, or tell what is."`
	Doctor      doctorCommand      `cmd:"" help:"Look whether store, relay, DNS, disk, keys and files are as they should be."`
	Keys        keysCommand        `cmd:"" help:"List the keys that sign letters and reply addresses, or rotate them."`
	MCP         mcpCommand         `cmd:"" name:"mcp" help:"Offer the desk as tools to a program that speaks the Model Context Protocol on the standard streams."`
	Completion  completionCommand  `cmd:"" help:"Print the completion script of a shell."`
	Complete    completeCommand    `cmd:"" hidden:""`
	Man         manCommand         `cmd:"" help:"Print the manual page, for man -l -."`
	Template    templateCommand    `cmd:"" help:"Look at the letters that supportd writes."`
	Config      configCommand      `cmd:"" help:"Check or print the configuration."`
	Healthcheck healthcheckCommand `cmd:"" help:"Ask the running daemon whether all its parts work."`
	Version     versionCommand     `cmd:"" help:"Print the version."`
}

type configCommand struct {
	Check configCheckCommand `cmd:"" help:"Report every fault at once; exit 78 if there is one."`
	Print configPrintCommand `cmd:"" help:"Print the effective configuration, and where each key was set. Secrets are not printed."`
}

// run is the program without the process around it. It returns the exit code.
func run(ctx context.Context, args []string, h host) int {
	exited := -1
	parser, err := newParser(ctx, &cli{}, h, kong.Exit(func(code int) { exited = code }))
	if err != nil {
		panic(err) // the command line's own definition is wrong
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	switch {
	case exited >= 0: // --help
		return exited
	case err != nil:
		fmt.Fprintf(h.errOut, "supportd: %s\nSee supportd --help.\n", err)
		return exitUsage
	}
	return report(parsed.Run(), h.errOut)
}

func newParser(ctx context.Context, c *cli, h host, options ...kong.Option) (*kong.Kong, error) {
	return kong.New(c, append(options,
		kong.Name("supportd"),
		kong.Description("A support address as a daemon: mail in, tickets kept, answers owed and paid."),
		kong.Writers(h.out, h.errOut),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.PostBuild(fitOrders),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(h),
	)...)
}

// report tells why a command ended and chooses the exit code.
func report(err error, w io.Writer) int {
	var f failure
	var bad faults
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &bad):
		fmt.Fprintln(w, bad.Error())
		return exitConfig
	case errors.As(err, &f):
		fmt.Fprintln(w, "supportd: "+f.text)
		return f.code
	default:
		fmt.Fprintf(w, "supportd: something went wrong that no text was written for: %s\n", err)
		return exitFailed
	}
}
