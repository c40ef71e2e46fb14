package main

import (
	"context"
	"net/http"
	"strings"

	"aismarttalk.tech/supportd/web/console"
	"aismarttalk.tech/supportd/web/page"
)

// wireConsole makes the console of staff.
func (d *daemon) wireConsole(site *page.Site) (err error) {
	desk := d.cfg.planned.desk
	d.console, err = console.New(console.Config{
		Secure: strings.HasPrefix(d.cfg.Desk.PublicURL, "https://"), Prefix: desk.Prefix, Staff: desk.Correspondence.Staff,
	}, console.Deps{
		Site: site, Desk: d.records.desk, Store: d.records.store, Archive: rawMail{d.journal, d.archive},
		Now: d.world.now, Random: d.world.random, Log: d.world.log, HTML: d.parser.HTML, Letter: d.texts.Letter,
		// The server is made of the console: its handlers are there when they are called.
		Attachment: func(w http.ResponseWriter, r *http.Request) { d.web.Attachment(w, r) },
		Raw:        func(w http.ResponseWriter, r *http.Request) { d.web.RawMail(w, r) },
		Search:     d.search, Operations: d.operations(),
	})
	return err
}

// operations tells the console how the daemon does: of its keys the versions, and
// nothing that is secret.
func (d *daemon) operations() func(context.Context) console.Operations {
	started, v := d.world.now(), buildVersion()
	ring := d.records.secrets.ring
	return func(ctx context.Context) console.Operations {
		o := console.Operations{
			Version: v.Version, Started: started, Journal: d.journal.Stats(), Parked: d.journal.Parked(), Signs: ring.Version(), Metrics: d.metricsURL(),
		}
		for _, version := range ring.Versions() {
			o.KeyVersions = append(o.KeyVersions, string(version))
		}
		for _, check := range d.checks() {
			o.Checks = append(o.Checks, console.Health{Name: check.Name, OK: check.Run(ctx) == nil})
		}
		return o
	}
}

// metricsURL is where the metrics are read; "" for nowhere.
func (d *daemon) metricsURL() string {
	if d.admin == nil {
		return ""
	}
	return "http://" + d.admin.Addr().String() + "/metrics"
}
