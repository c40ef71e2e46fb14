package main

import (
	"slices"

	intake "aismarttalk.tech/supportd/desk/report"
	"aismarttalk.tech/supportd/web/page"
	"aismarttalk.tech/supportd/web/public"
)

// pages wires what people see in a browser.
func (d *daemon) pages() ([]page.Mount, error) {
	site, err := page.New(d.cfg.planned.page, page.Deps{Texts: d.texts, Now: d.world.now, Log: d.world.log})
	if err != nil {
		return nil, err
	}
	ours := d.cfg.planned.desk
	door, err := public.New(public.Parts{
		Site: site, Desk: d.records.desk, Tickets: d.records.store, Texts: d.texts, Prefix: ours.Prefix, Calendar: ours.Calendar,
		Reports: intake.NewBox(intake.Parts{
			Journal: d.journal, Store: d.records.store, To: ours.Addresses[0], Now: d.world.now, Random: d.world.random,
		}),
		Now: d.world.now, Random: d.world.random,
	})
	if err != nil {
		return nil, err
	}
	if err := d.wireConsole(site); err != nil {
		return nil, err
	}
	return slices.Concat(site.Mounts(), door.Mounts(), d.console.Mounts()), nil
}
