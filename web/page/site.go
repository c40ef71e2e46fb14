package page

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
)

//go:embed assets pages words
var files embed.FS

// AssetPath is where the assets of the shell are. Those of a door stand in a folder
// below it, such as /assets/console/.
const AssetPath = "/assets/"

// Site is the shell that all pages share. It never changes after New and is safe
// for concurrent use.
type Site struct {
	cfg    Config
	deps   Deps
	assets *Assets
	frame  Words // of the shell itself, in every language that letters have
	layout *template.Template
	errors *Pages
	origin *http.CrossOriginProtection
}

// New parses the shell.
func New(c Config, d Deps) (*Site, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	s := &Site{cfg: c, deps: d, origin: http.NewCrossOriginProtection()}
	var err error
	if s.assets, err = NewAssets(AssetPath, Folder(files, "assets")); err != nil {
		return nil, err
	}
	if s.frame, err = ReadWords(Folder(files, "words/frame")); err != nil {
		return nil, err
	}
	s.layout, err = template.ParseFS(files, "pages/layout.html", "pages/form.html")
	if err != nil {
		return nil, fmt.Errorf("parsing the layout of pages: %w", err)
	}
	if s.errors, err = s.Pages(Source{Templates: Folder(files, "pages/error"), Words: Folder(files, "words/errors")}); err != nil {
		return nil, err
	}
	return s, nil
}

// Folder is a folder of embedded files, for a Source or for NewAssets. It panics where
// the name is none of a folder.
func Folder(f embed.FS, name string) fs.FS {
	sub, err := fs.Sub(f, name)
	if err != nil {
		panic(err)
	}
	return sub
}

// Mounts are the assets of the shell, and the page for all that is not there.
func (s *Site) Mounts() []Mount {
	return []Mount{
		{"GET " + AssetPath, s.assets},
		{"/", s.Guard(Guard{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.Error(w, r, http.StatusNotFound)
		}))},
	}
}

// secure reports whether browsers reach us by TLS alone, so that cookies may ask
// for it.
func (s *Site) secure() bool { return strings.HasPrefix(s.cfg.PublicURL, "https://") }
