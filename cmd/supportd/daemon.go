package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"aismarttalk.tech/supportd/classifier"
	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/notifier"
	"aismarttalk.tech/supportd/parser"
	"aismarttalk.tech/supportd/smtpd"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/search"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
	"aismarttalk.tech/supportd/web/console"
	"aismarttalk.tech/supportd/web/mcp"
	"aismarttalk.tech/supportd/web/page"
)

// daemon is all parts of supportd, wired. Make it with newDaemon, then Run it
// once. To be killed is a normal end for it: what was accepted is in the
// journal, and what is owed in the store.
type daemon struct {
	cfg        configuration
	world      world
	records    records
	journal    *journal.Journal
	archive    archive.Archive
	parser     *parser.Parser
	classifier atomic.Pointer[classifier.Classifier] // replaced by a reload
	texts      *templates.Set
	notifier   *notifier.Notifier
	webhooks   *notifier.Webhooks
	index      *search.Index
	follower   *search.Follower // keeps the index up with the store
	smtp       *smtpd.Server
	web        *web.Server
	sweeping   sweeping
	metrics    *metrics
	counting   *counting
	admin      *web.Admin // nil with http.admin_listen: off
	console    *console.Console
	undo       undo // gives back what newDaemon took
}

// Times of the daemon's own.
const (
	// stopPatience is how long each part may take to stop. The doors drain for
	// less, so that only what hangs is cut off.
	stopPatience = 30 * time.Second
)

// filers is how many mails are filed at once: far more than there are
// processors, since commits that wait together share one sync. On 2 cores, with
// 4 KB mails over 32 connections and letters to a folder, 8 filers gave 350
// tickets/s beside 900 mails/s accepted, 32 gave 600 beside 600: then nobody
// who was answered 250 waits long for his acknowledgement.
const filers = 32

// newDaemon wires everything and listens: after it, clients can connect, and
// are served once Run is called. On error everything taken is given back.
func newDaemon(cfg configuration, w world) (_ *daemon, err error) {
	d := &daemon{cfg: cfg, world: w, metrics: newMetrics(buildVersion())}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.undo.all())
		}
	}()
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return nil, err
	}
	// The journal first: its lock says whether another daemon works here.
	d.journal, err = journal.Open(cfg.planned.journal, journal.Deps{Log: w.log, Now: w.now, Random: w.random})
	if err != nil {
		return nil, err
	}
	d.undo.add(d.journal.Close)
	if d.archive, err = openArchive(cfg); err != nil {
		return nil, err
	}
	d.undo.add(d.archive.Close)
	if d.records, err = openRecords(cfg, w, told{
		owed:    func() { d.notifier.Wake() },
		changed: d.changed,
		filed:   d.metrics.filed,
	}); err != nil {
		return nil, err
	}
	d.undo.add(d.records.backend.Close)
	d.undo.add(d.records.sent.Close)
	d.index = search.New()
	d.follower = search.NewFollower(d.index, d.records.store, w.now, w.log)
	for _, wire := range []func() error{d.wireReader, d.wireNotifier, d.wireDoors, d.announce} {
		if err := wire(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// changed passes on that a ticket has changed.
func (d *daemon) changed(id ticket.ID) {
	d.follower.Wake()
	d.webhooks.Wake()
	d.web.Changed(id)
	d.console.Changed(id)
}

// search finds tickets by the index of this node. While it is being built it finds
// some of them.
func (d *daemon) search(query, after string, limit int) ([]ticket.ID, string) {
	hits, next := d.index.Search(query, after, limit)
	ids := make([]ticket.ID, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	return ids, next
}

func (d *daemon) wireReader() error {
	p, err := parser.New(d.cfg.planned.parser)
	if err != nil {
		return err
	}
	c, err := classifier.New(d.cfg.planned.classifier)
	if err != nil {
		return err
	}
	d.parser = p
	d.classifier.Store(c)
	return nil
}

func (d *daemon) wireNotifier() error {
	var err error
	if d.texts, err = templates.New(d.cfg.planned.texts); err != nil {
		return err
	}
	composer, err := notifier.NewComposer(d.cfg.planned.notifier, d.texts, d.records.secrets.ring)
	if err != nil {
		return err
	}
	sender, err := d.sender()
	if err != nil {
		return err
	}
	outbox := countedOutbox{store.NewOutbox(d.records.store), d.metrics}
	d.notifier = notifier.New(composer, outbox, d.records.sent, sender, d.files, d.world.now, d.world.log)
	d.webhooks, err = notifier.NewWebhooks(d.cfg.planned.webhooks, store.NewDeliveries(d.records.store), d.world.now, d.world.log)
	return err
}

// sender hands letters to the relay, or for want of one to a folder.
func (d *daemon) sender() (notifier.Sender, error) {
	if d.cfg.Relay.Host == "" {
		return notifier.NewDirectory(dataFolder(d.cfg.DataDir).outgoing())
	}
	return notifier.NewRelay(d.cfg.planned.relay)
}

func (d *daemon) wireDoors() error {
	var err error
	if d.smtp, err = smtpd.New(d.cfg.planned.smtp, timedInbox{d.journal, d.world.now, d.metrics.accepting}, d.world.log, d.world.now); err != nil {
		return err
	}
	api := d.cfg.planned.web
	if api.Tokens, err = withAdminToken(api.Tokens, d.records.secrets.admin); err != nil {
		return err
	}
	parts := d.records.parts(d.cfg, d.world)
	parts.Archive, parts.Journal, parts.Intake, parts.Replay = rawMail{d.journal, d.archive}, d.journal, d.journal, d.replay
	parts.Parse, parts.Letter, parts.Search, parts.Checks = d.parser.Parse, d.texts.Letter, d.search, d.checks()
	parts.Keeping = d.keeper()
	room, err := d.chatRoom()
	if err != nil {
		return err
	}
	parts.Chat = room
	if parts.Mounts, err = d.pages(room); err != nil {
		return err
	}
	parts.Stopping = d.console.Close
	inside := &inProcess{} // the server's own handler, which mounts what asks it
	programs, err := mcp.New(mcp.Config{API: &http.Client{Transport: inside}, Base: insideURL, Version: parts.Version})
	if err != nil {
		return err
	}
	parts.Mounts = append(parts.Mounts, page.Mount{Pattern: "/mcp", Handler: programs.Handler()})
	if d.web, err = web.New(api, parts); err != nil {
		return err
	}
	inside.handler = d.web.Handler()
	if err := d.web.Listen(); err != nil {
		return err
	}
	d.undo.add(d.web.Close)
	if err := d.wireAdmin(); err != nil {
		return err
	}
	if err := d.smtp.Listen(); err != nil {
		return err
	}
	d.undo.add(d.smtp.Close)
	return nil
}

// wireAdmin has the daemon's numbers read by whoever watches it.
func (d *daemon) wireAdmin() error {
	d.counting = &counting{store: d.records.store, log: d.world.log}
	d.metrics.registry.MustRegister(newReader(gauged{
		smtp: d.smtp, journal: d.journal, store: d.records.store, sweeping: &d.sweeping, counts: d.counting, now: d.world.now,
	}))
	if d.cfg.planned.admin == "" {
		return nil
	}
	d.admin = d.web.Admin(d.cfg.planned.admin, d.metrics.handler(), d.cfg.HTTP.Pprof)
	if err := d.admin.Listen(); err != nil {
		return err
	}
	d.undo.add(d.admin.Close)
	return nil
}

func (d *daemon) keeper() keeper {
	return keeper{cfg: d.cfg, world: d.world, records: d.records, journal: d.journal, archive: d.archive, parser: d.parser}
}

// withAdminToken adds the token of the data folder to those of the
// configuration.
func withAdminToken(tokens []web.Token, secret string) ([]web.Token, error) {
	admin, err := web.NewToken("admin", secret, web.ScopeAdmin)
	return append(tokens[:len(tokens):len(tokens)], admin), err
}

// replay has mails filed again that the store has lost. Who asks for it knows of
// the loss, so that an emptied store is taken into use again.
func (d *daemon) replay(ctx context.Context, since time.Time) (int, error) {
	if _, err := d.records.sent.Reload(); err != nil { // other nodes' files may have been copied here
		return 0, err
	}
	if err := d.records.store.Refound(ctx); err != nil {
		return 0, err
	}
	return d.journal.Replay(since)
}

// checks are what /readyz asks.
func (d *daemon) checks() []web.Check {
	checks := []web.Check{
		{Name: "store", Do: d.records.store.Ready},
		{Name: "journal", Do: d.journal.Ready},
		{Name: "archive", Do: d.sweeping.fault},
		{Name: "relay", Do: d.relayAnswers},
	}
	return append(checks, scannerChecks(d.records.scanner)...)
}

// relayAnswers asks no more of the relay than that it takes the connection: a
// check that is made every few seconds should leave no trace in its log.
func (d *daemon) relayAnswers(ctx context.Context) error {
	if d.cfg.Relay.Host == "" {
		_, err := os.Stat(dataFolder(d.cfg.DataDir).outgoing())
		return err
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(d.cfg.Relay.Host, strconv.Itoa(d.cfg.Relay.Port)))
	if err != nil {
		return err
	}
	return conn.Close()
}

// Run works until ctx ends, then stops in order: first the doors, so that
// nothing new comes in, then filing, last the letters.
func (d *daemon) Run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, d.undo.all()) }()
	reader := desk.Reader{
		Parse:    d.parser.Parse,
		Classify: func(m ticket.Message) ticket.Reading { return d.classifier.Load().Classify(m) },
	}
	watched := func(ctx context.Context) error { <-ctx.Done(); return nil } // nobody watches
	if d.admin != nil {
		watched = d.admin.Run
	}
	return runStages(ctx, stopPatience,
		stage{"admin", watched},
		stage{"counting", d.counting.Run},
		stage{"letters", d.notifier.Run},
		stage{"searching", d.follower.Run},
		stage{"webhooks", d.webhooks.Run},
		stage{"chores", d.records.desk.RunChores},
		stage{"sweeping", d.sweep},
		stage{"retention", d.retain},
		stage{"filing", func(ctx context.Context) error {
			return d.records.desk.Run(ctx, d.journal, reader, filers)
		}},
		stage{"http", d.web.Run},
		stage{"smtp", d.smtp.Run},
	)
}

// announce leaves the addresses for the commands that talk with the daemon.
func (d *daemon) announce() error {
	r := running{PID: os.Getpid(), HTTP: d.web.Addr().String()}
	for i, a := range d.smtp.Addrs() {
		l := d.cfg.planned.smtp.Listeners[i]
		address := a.String()
		if a.Network() == "unix" {
			address = "unix:" + address
		}
		r.SMTP = append(r.SMTP, runningAddress{Address: address, Protocol: string(l.Protocol), Proxied: len(l.ProxyFrom) > 0})
	}
	d.undo.add(func() error { return removeRunning(d.cfg.DataDir) })
	return r.write(d.cfg.DataDir)
}
