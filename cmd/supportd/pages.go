package main

import (
	"aismarttalk.tech/supportd/web/page"
)

// pages wires what people see in a browser.
func (d *daemon) pages() ([]page.Mount, error) {
	site, err := page.New(d.cfg.planned.page, page.Deps{Texts: d.texts, Now: d.world.now, Log: d.world.log})
	if err != nil {
		return nil, err
	}
	return site.Mounts(), nil
}
