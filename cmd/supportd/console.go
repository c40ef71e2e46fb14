package main

import (
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
	})
	return err
}
