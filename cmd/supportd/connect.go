package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/parser"
	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/web"
)

// apiPatience is how long a command waits for one answer of the daemon.
const apiPatience = 30 * time.Second

// connect returns a client of the daemon that runs on the data folder. Where
// none runs it opens the store itself and answers from within this process, by
// the same API, so that a command works alike with the daemon and without it;
// letters owed then leave when the daemon starts.
func connect(ctx context.Context, cfg configuration, h host) (*client, error) {
	c, err := dial(ctx, cfg)
	if errors.Is(err, errNoDaemon) {
		return openDirectly(cfg, h)
	}
	return c, err
}

// dial returns a client of the running daemon, or errNoDaemon.
func dial(ctx context.Context, cfg configuration) (*client, error) {
	r, ok, err := readRunning(cfg.DataDir)
	if err != nil {
		return nil, failf(exitFailed, "the data folder cannot be read: %s", reason(err))
	}
	if !ok {
		return nil, errNoDaemon
	}
	token, err := os.ReadFile(dataFolder(cfg.DataDir).adminToken())
	if err != nil {
		return nil, failf(exitFailed, "the admin's token cannot be read: %s; run this as the user of the daemon", reason(err))
	}
	c := &client{
		http: &http.Client{Timeout: apiPatience},
		base: "http://" + r.HTTP, token: strings.TrimSpace(string(token)),
		zone:  cfg.zone(),
		close: func() error { return nil },
	}
	// A daemon that was killed leaves its addresses behind; somebody else may
	// listen there now, who gets no token.
	probe := client{http: c.http, base: c.base}
	var alive web.Health
	if _, err := probe.get(ctx, "/healthz", nil, &alive); err != nil || alive.Status != web.HealthOK {
		return nil, errNoDaemon
	}
	return c, nil
}

// openDirectly answers without a daemon.
func openDirectly(cfg configuration, h host) (*client, error) {
	if cfg.Store.Kind == "memory" {
		return nil, failf(exitFailed, "no daemon runs on %s, and store.kind memory leaves nothing behind", cfg.DataDir)
	}
	if err := needDataFolder(cfg); err != nil {
		return nil, err
	}
	w := world{now: h.now, random: rand.Reader, log: zerolog.Nop()}
	r, err := openRecords(cfg, w, told{})
	if errors.Is(err, boltkv.ErrLocked) {
		return nil, failf(exitTemporary, "another supportd has the store of %s open but does not answer; try again in a moment", cfg.DataDir)
	}
	if err != nil {
		return nil, startFailure(err, cfg)
	}
	raw, err := openArchive(cfg)
	if err != nil {
		return nil, errors.Join(startFailure(err, cfg), r.backend.Close())
	}
	closeAll := func() error { return errors.Join(raw.Close(), r.backend.Close()) }
	handler, err := r.handler(cfg, w, raw)
	if err != nil {
		return nil, errors.Join(startFailure(err, cfg), closeAll())
	}
	return &client{
		http: &http.Client{Transport: &inProcess{handler}},
		base: insideURL, token: r.secrets.admin, offline: true, zone: cfg.zone(), close: closeAll,
	}, nil
}

// needDataFolder keeps commands from making one where none is.
func needDataFolder(cfg configuration) error {
	if _, err := os.Stat(cfg.DataDir); err != nil {
		return failf(exitFailed, "there is no data folder %s yet; start the daemon with: supportd serve", cfg.DataDir)
	}
	return nil
}

// handler is the API over records that no daemon has open.
func (r records) handler(cfg configuration, w world, raw archive.Archive) (http.Handler, error) {
	waiting, err := journal.OpenReadOnly(cfg.planned.journal)
	if err != nil {
		return nil, err
	}
	api := cfg.planned.web
	if api.Tokens, err = withAdminToken(nil, r.secrets.admin); err != nil {
		return nil, err
	}
	parser, err := parser.New(cfg.planned.parser)
	if err != nil {
		return nil, err
	}
	texts, err := templates.New(cfg.planned.texts)
	if err != nil {
		return nil, err
	}
	parts := r.parts(cfg, w)
	parts.Archive, parts.Journal = rawMail{waiting, raw}, quietJournal{waiting}
	parts.Parse, parts.Letter = parser.Parse, texts.Letter
	s, err := web.New(api, parts)
	if err != nil {
		return nil, err
	}
	return s.Handler(), nil
}

// quietJournal is the journal as a command reads it that no daemon works on.
type quietJournal struct{ *journal.Reader }

func (q quietJournal) Parked() []journal.Parked {
	var parked []journal.Parked
	for item, err := range q.All() {
		if err == nil && item.State == journal.StateParked {
			parked = append(parked, item.Parked)
		}
	}
	return parked
}

// inProcess answers requests by a handler of this process.
type inProcess struct{ handler http.Handler }

// insideURL is the address of an API that answers in this process: any would do.
const insideURL = "http://supportd"

func (t *inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := &answerBuffer{header: http.Header{}, status: http.StatusOK}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	t.handler.ServeHTTP(w, r)
	return &http.Response{
		StatusCode: w.status, Header: w.header, Request: r, ContentLength: int64(w.body.Len()),
		Body: io.NopCloser(&w.body), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

type answerBuffer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *answerBuffer) Header() http.Header         { return w.header }
func (w *answerBuffer) WriteHeader(status int)      { w.status = status }
func (w *answerBuffer) Write(p []byte) (int, error) { return w.body.Write(p) }
