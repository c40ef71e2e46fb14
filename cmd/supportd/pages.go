package main

import (
	"slices"

	"aismarttalk.tech/supportd/desk/chat"
	intake "aismarttalk.tech/supportd/desk/report"
	"aismarttalk.tech/supportd/web/page"
	"aismarttalk.tech/supportd/web/public"
	"aismarttalk.tech/supportd/web/widget"
)

// pages wires what people see in a browser.
func (d *daemon) pages(room *chat.Room) ([]page.Mount, error) {
	site, err := page.New(d.cfg.planned.page, page.Deps{Texts: d.texts, Now: d.world.now, Log: d.world.log})
	if err != nil {
		return nil, err
	}
	ours := d.cfg.planned.desk
	door, err := public.New(public.Parts{
		Site: site, Desk: d.records.desk, Tickets: d.records.store, Texts: d.texts, Prefix: ours.Prefix, Calendar: ours.Calendar,
		Reports: d.reports(), Chat: widget.ChatPath, Now: d.world.now, Random: d.world.random,
	})
	if err != nil {
		return nil, err
	}
	talk, err := widget.New(d.cfg.planned.widget, site, room, d.world.now)
	if err != nil {
		return nil, err
	}
	if err := d.wireConsole(site); err != nil {
		return nil, err
	}
	return slices.Concat(site.Mounts(), door.Mounts(), talk.Mounts(), d.console.Mounts()), nil
}

// reports is where pages and the chat put what people write.
func (d *daemon) reports() *intake.Box {
	return intake.NewBox(intake.Parts{
		Journal: d.journal, Store: d.records.store, To: d.cfg.planned.desk.Addresses[0], Now: d.world.now, Random: d.world.random,
	})
}
