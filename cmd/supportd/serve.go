package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/web"
)

type serveCommand struct {
	configFlags
}

// Run is the daemon, until SIGTERM or SIGINT; SIGHUP reloads the configuration.
func (c *serveCommand) Run(ctx context.Context, h host) error {
	cfg, err := c.load(h.env)
	if err != nil {
		return err
	}
	privateFiles()
	gate, err := newLogGate(h.errOut, cfg.Log, h.terminal)
	if err != nil {
		return err
	}
	hangups := make(chan os.Signal, 1)
	defer notifyHangup(hangups)() // from now on, or one that comes as soon as we are announced would end us
	d, err := newDaemon(cfg, world{now: h.now, random: rand.Reader, log: gate.logger()})
	if err != nil {
		return startFailure(err, cfg)
	}
	reload := reloader{daemon: d, gate: gate, log: gate.logger(), flags: c.configFlags, env: h.env, current: cfg.settings}
	defer reload.onEach(hangups)()
	if err := d.banner(h.out); err != nil {
		return errors.Join(err, d.undo.all())
	}
	if err := d.Run(ctx); err != nil {
		return failf(exitFailed, "stopped, and not in order: %s\nNothing that was accepted is lost; start supportd again.", err)
	}
	return nil
}

// startFailure says in words why the daemon could not start.
func startFailure(err error, cfg configuration) error {
	var op *net.OpError
	errors.As(err, &op)
	switch {
	case errors.Is(err, journal.ErrLocked), errors.Is(err, boltkv.ErrLocked):
		return failf(exitFailed, "another supportd works on %s; stop it, or give this one a data_dir of its own", cfg.DataDir)
	case errors.Is(err, syscall.EADDRINUSE) && op != nil:
		return failf(exitFailed, "%s is taken by another program; stop that, or choose another in smtp.listeners, http.listen or http.admin_listen", op.Addr)
	case errors.Is(err, syscall.EACCES) && op != nil:
		return failf(exitFailed, "%s may not be listened on by this user; ports below 1024 want CAP_NET_BIND_SERVICE", op.Addr)
	case errors.Is(err, os.ErrPermission):
		return failf(exitFailed, "%s is not this user's to write: %s", cfg.DataDir, reason(err))
	case errors.Is(err, store.ErrNewer):
		return failf(exitFailed, "the data was written by a newer supportd; start that version again")
	case errors.Is(err, store.ErrOtherKeys):
		return failf(exitFailed, "the records in the store were written with other keys than those in %s; copy keys/ from where they were written, "+
			"or if that is lost for good: supportd keys adopt", dataFolder(cfg.DataDir).keys())
	case errors.Is(err, syscall.ENOSPC):
		return failf(exitTemporary, "the disk of %s is full", cfg.DataDir)
	}
	return failf(exitFailed, "could not start: %s", err)
}

// banner prints where everything is.
func (d *daemon) banner(w io.Writer) error {
	data := dataFolder(d.cfg.DataDir)
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "  %-9s %s\n", name, fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(&b, "supportd %s takes mail for %s\n", buildVersion().Version, strings.Join(d.cfg.Desk.Addresses, ", "))
	for i, a := range d.smtp.Addrs() {
		line("mail in", "%s (%s)", a, d.cfg.planned.smtp.Listeners[i].Protocol)
	}
	if d.cfg.Relay.Host == "" {
		line("letters", "%s/*.eml; no relay is configured, so they are not sent", data.outgoing())
	} else {
		line("letters", "through %s port %d", d.cfg.Relay.Host, d.cfg.Relay.Port)
	}
	line("API", "http://%s%s, token in %s", d.web.Addr(), web.APIPath, data.adminToken())
	if d.admin != nil {
		line("metrics", "http://%s/metrics", d.admin.Addr())
	}
	switch d.cfg.Store.Kind {
	case "redis":
		line("store", "redis, desk %s", d.cfg.Store.Desk)
	case "memory":
		line("store", "memory: everything but the journal is forgotten at the end")
	default:
		line("store", "%s", data.bolt())
	}
	line("journal", "%s", data.journal())
	if d.cfg.Archive.Kind == "s3" {
		line("archive", "bucket %s at %s", d.cfg.Archive.Bucket, d.cfg.Archive.Endpoint)
	}
	if d.cfg.file != "" {
		line("config", "%s", d.cfg.file)
	} else {
		line("config", "none: these are the defaults")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
