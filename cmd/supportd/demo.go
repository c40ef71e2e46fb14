package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

type demoCommand struct {
	Dir  string `placeholder:"DIR" help:"Folder to work in (default: a new one for temporary files)."`
	Keep bool   `help:"Leave the daemon running at the end, and print how to try it by hand."`
}

// Run shows the whole way of a mail on this machine alone: a daemon with an
// embedded store on free loopback ports, the sample mails sent through SMTP, and
// in plain words what became of each.
func (c *demoCommand) Run(ctx context.Context, h host) error {
	started := h.now()
	dir, err := c.folder()
	if err != nil {
		return failf(exitFailed, "the demo needs a folder to work in: %s", reason(err))
	}
	privateFiles()
	d, closeLog, err := newDemoDaemon(dir, h)
	if err != nil {
		return startFailure(err, configuration{settings: settings{DataDir: dir}})
	}
	defer closeLog()
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- d.Run(running) }()

	err = newDemonstration(d, dir, h, started).run(ctx)
	if err == nil && c.Keep {
		err = keepRunning(ctx, h.out, dir)
	}
	stop()
	return errors.Join(err, <-ended)
}

func (c *demoCommand) folder() (string, error) {
	if c.Dir == "" {
		return os.MkdirTemp("", "supportd-demo-")
	}
	return c.Dir, os.MkdirAll(c.Dir, 0o700)
}

// newDemoDaemon wires a daemon that needs nothing from outside its folder, and
// writes its log there.
func newDemoDaemon(dir string, h host) (*daemon, func() error, error) {
	s := defaultSettings()
	s.DataDir = dir
	s.SMTP.Listeners = []listenerSettings{{Address: "127.0.0.1:0", Protocol: "smtp"}}
	s.HTTP.Listen = "127.0.0.1:0"
	s.Desk.UndoWindow = 0 // nobody waits for a story
	s.Staff = []staffSettings{
		{Name: "First line", Address: demoSupport, Roles: []string{"support"}, Language: "en"},
		{Name: "Developer", Address: demoDev, Roles: []string{"dev"}, Language: "en"},
		{Name: "QA", Address: demoQA, Roles: []string{"qa"}, Language: "en"},
		{Name: "Product owner", Address: demoOwner, Roles: []string{"owner"}, Language: "en"},
	}
	cfg := configuration{settings: s}
	plan, bad := cfg.plan()
	if len(bad) > 0 {
		return nil, nil, bad
	}
	cfg.planned = plan
	log, err := os.OpenFile(filepath.Join(dir, "supportd.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, err
	}
	gate, err := newLogGate(log, logSettings{Level: "info", Format: "json"}, false)
	if err != nil {
		return nil, nil, errors.Join(err, log.Close())
	}
	d, err := newDaemon(cfg, world{now: h.now, random: rand.Reader, log: gate.logger()})
	if err != nil {
		return nil, nil, errors.Join(err, log.Close())
	}
	return d, log.Close, nil
}

// keepRunning waits for the end, after saying how to go on by hand.
func keepRunning(ctx context.Context, w io.Writer, dir string) error {
	_, err := fmt.Fprintf(w, `
The daemon goes on running; Ctrl-C stops it. To try it by hand, in another terminal:

  printf 'From: you@firma.example\nSubject: Kritisk: jeg kan ikke logge ind\n\nHej, adgangskoden virker ikke.\n' |
    go run ./cmd/supportd deliver --set data_dir=%[1]s -f you@firma.example contact+support@aismarttalk.tech
  go run ./cmd/supportd ticket list --set data_dir=%[1]s
  ls -t %[2]s
`, dir, dataFolder(dir).outgoing())
	if err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// newDemonstration looks at the daemon from outside: by SMTP, by the API, and
// by the letters that it writes.
func newDemonstration(d *daemon, dir string, h host, started time.Time) *demonstration {
	return &demonstration{
		daemon: d, dir: dir, out: h.out, width: h.width, now: h.now, started: started,
		api: &client{
			http: &http.Client{Timeout: 30 * time.Second}, base: "http://" + d.web.Addr().String(),
			token: d.records.secrets.admin, zone: d.cfg.zone(), close: func() error { return nil },
		},
	}
}
