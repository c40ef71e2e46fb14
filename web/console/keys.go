package console

import (
	"net/http"

	"aismarttalk.tech/supportd/web/page"
)

const keysCookie = "keys"

// keysOn reports whether keys of the keyboard are shortcuts: until somebody switches
// them off (WCAG 2.1.4).
func keysOn(r *http.Request) bool {
	cookie, err := r.Cookie(keysCookie)
	return err != nil || cookie.Value != "off"
}

type keysView struct {
	shell
	Groups []keyGroup
}

type keyGroup struct {
	Key  string // of the words
	Keys []shortcut
}

type shortcut struct {
	Keys string
	Key  string // of the words
}

// shortcuts are those of console.js, in the order in which its help shows them.
func shortcuts() []keyGroup {
	return []keyGroup{
		{"keys.moving", []shortcut{
			{"j k", "keys.jk"}, {"Enter", "keys.enter"}, {"u", "keys.u"}, {"/", "keys.slash"}, {"?", "keys.help"},
			{"g i", "keys.gi"}, {"g p", "keys.gp"}, {"g m", "keys.gm"}, {"g r", "keys.gr"},
		}},
		{"keys.acting", []shortcut{
			{"r", "keys.r"}, {"n", "keys.n"}, {"s", "keys.s"}, {"p", "keys.p"}, {"t", "keys.t"}, {"h", "keys.h"},
			{"y", "keys.y"}, {"x", "keys.x"}, {"a", "keys.a"}, {"Ctrl+Enter", "keys.preview"},
		}},
	}
}

func (c *Console) keysPage(v visit) {
	c.show(v, "keys", page.View{TitleKey: "keys.title", Data: keysView{c.shell(v), shortcuts()}})
}

func (c *Console) setKeys(v visit) {
	if !c.deps.Site.Form(v.w, v.r) {
		return
	}
	value := "on"
	if v.r.PostForm.Get("keys") == "off" {
		value = "off"
	}
	c.remember(v.w, keysCookie, value)
	http.Redirect(v.w, v.r, "/console/keys", http.StatusSeeOther)
}
