package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/web/page/browsertest"
)

// pagePictures is where docs/pages.md has its pictures from.
const pagePictures = "../../docs/pictures/pages"

// sight is a page as somebody has it before him.
type sight struct {
	name   string                     // of its pictures
	as     string                     // one of the staff, by his role; "" for a visitor
	path   string                     // where it is
	reach  func(tab *browsertest.Tab) // what leads from there to it; nil for nothing
	refuse string                     // what its status makes the browser tell
}

// looks are how each page is shown, by the end of its pictures' names.
var looks = []struct {
	name string
	look browsertest.Look
}{
	{"light", browsertest.Look{Width: 1200, Height: 800}},
	{"dark", browsertest.Look{Width: 1200, Height: 800, Dark: true}},
	{"phone", browsertest.Look{Width: 390, Height: 800}},
}

// narrowest is the width in which no page scrolls sideways.
const narrowest = 320

// heaviest is what a page may weigh in all, in bytes on the wire.
const heaviest = 100_000

// Every page in a real browser, in light, in dark, and on a phone: axe-core finds no
// violation, nothing scrolls sideways, none weighs more than it may, and none tells a
// fault. With -update its pictures are taken anew.
func TestPagesInChromium(t *testing.T) {
	axe := browsertest.Axe(t, "../..")
	b, sights := furnished(t)
	b.misses(sights)
	tabs := map[string]*browsertest.Tab{}
	for _, s := range sights {
		tab := tabs[s.as]
		if tab == nil {
			tab = b.tab()
			tabs[s.as] = tab
			if s.as != "" {
				b.signIn(tab, s.as)
			}
		}
		t.Run(s.name, func(t *testing.T) { b.look(t, tab, s, axe) })
	}
	if *update {
		return
	}
	for _, s := range sights {
		for _, how := range looks {
			if _, err := os.Stat(picture(s.name, how.name)); err != nil {
				t.Errorf("%s is not shown in the docs: run with -update: %v", s.name, err)
			}
		}
	}
}

// withoutPorts has a page show no port of this run: a picture changes only with its
// page.
const withoutPorts = `(() => { const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (all.nextNode()) all.currentNode.data = all.currentNode.data.replace(/127\.0\.0\.1:\d+/, "127.0.0.1:2525"); })()`

func picture(name, how string) string {
	return filepath.Join(pagePictures, name+"-"+how+".png")
}

// look looks at one page in all ways.
func (b *browserBed) look(t *testing.T, tab *browsertest.Tab, s sight, axe string) {
	tab.Show(looks[0].look)
	weight := tab.Weigh(supportSite + s.path)
	if weight > heaviest {
		t.Errorf("it weighs %d bytes", weight)
	}
	t.Logf("%d bytes", weight)
	if s.reach != nil {
		s.reach(tab)
	}
	if s.refuse != "" {
		b.browser.Expect(s.refuse)
	}
	if tab.Eval(`!!document.getElementById("live")`) == "true" {
		connectedTo(tab)
	}
	for _, how := range looks {
		tab.Show(how.look)
		if axe != "" {
			for _, v := range tab.Violations(axe) {
				t.Errorf("%s: %s", how.name, v)
			}
		}
		if *update {
			tab.Eval(withoutPorts)
			if err := keepPicture(picture(s.name, how.name), tab.Shoot()); err != nil {
				t.Fatal(err)
			}
		}
	}
	tab.Show(browsertest.Look{Width: narrowest, Height: 800})
	if wide := tab.Eval(`document.documentElement.scrollWidth`); wide != fmt.Sprint(narrowest) {
		t.Errorf("in %d pixels it is %s wide: %s", narrowest, wide, tab.Eval(`[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > `+
			fmt.Sprint(narrowest)+`).slice(0, 5).map(e => e.outerHTML.slice(0, 150)).join("\n")`))
	}
}

// notPages is what the console answers that nobody looks at by itself: what scripts
// ask, what a page frames, files to save, and what leads elsewhere.
var notPages = regexp.MustCompile(`^GET (/assets/|/console/events$|/console/rows$|/console/\{\$\}$|.*/(html|raw|attachments/\{n\})$)`)

// misses fails the test if one of the console's pages is not among the sights.
func (b *browserBed) misses(sights []sight) {
	b.t.Helper()
	mux := http.NewServeMux()
	missing := map[string]bool{}
	for _, m := range b.daemon.console.Mounts() {
		if strings.HasPrefix(m.Pattern, "GET ") && !notPages.MatchString(m.Pattern) {
			mux.Handle(m.Pattern, m.Handler)
			missing[m.Pattern] = true
		}
	}
	for _, s := range sights {
		r := httptest.NewRequest(http.MethodGet, s.path, nil)
		_, pattern := mux.Handler(r)
		delete(missing, pattern)
	}
	for pattern := range missing {
		b.t.Errorf("nothing looks at %s: add it to the sights", pattern)
	}
}
