package main

import (
	"aismarttalk.tech/supportd/desk/chat"
	"aismarttalk.tech/supportd/web/page"
	"aismarttalk.tech/supportd/web/widget"
)

// pages wires what people see in a browser.
func (d *daemon) pages(room *chat.Room) ([]page.Mount, error) {
	site, err := page.New(d.cfg.planned.page, page.Deps{Texts: d.texts, Now: d.world.now, Log: d.world.log})
	if err != nil {
		return nil, err
	}
	talk, err := widget.New(d.cfg.planned.widget, site, room, d.world.now)
	if err != nil {
		return nil, err
	}
	return append(site.Mounts(), talk.Mounts()...), nil
}
