package page

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// Source is what pages are made of.
type Source struct {
	// Templates are files of html/template, each a page that defines "main"; those
	// whose names begin with _ are shared by all of them, and are embedded by all:pages
	// alone. They may define "header", "footer" and "head" too, in place of the shell's.
	Templates fs.FS
	Words     fs.FS // one file per language: the languages that the pages can be had in
	// Styles and Scripts are the addresses of what each page loads beside the shell's
	// style sheet.
	Styles, Scripts []string
}

// Pages are those of one door, or of one part of it. They never change and are safe
// for concurrent use.
type Pages struct {
	site   *Site
	source Source
	words  Words
	pages  map[string]*template.Template // by file name without .html
}

// Pages parses the pages of a source. It fails where one asks for a word that is
// not in the table.
func (s *Site) Pages(src Source) (*Pages, error) {
	p := &Pages{site: s, source: src, pages: map[string]*template.Template{}}
	var err error
	if p.words, err = ReadWords(src.Words); err != nil {
		return nil, err
	}
	names, err := fs.Glob(src.Templates, "*.html")
	if err != nil {
		return nil, fmt.Errorf("parsing pages: %w", err)
	}
	if len(names) == 0 {
		return nil, errors.New("parsing pages: there are none")
	}
	for _, name := range names {
		if strings.HasPrefix(name, "_") {
			continue
		}
		t, err := template.Must(s.layout.Clone()).ParseFS(src.Templates, shared(names, name)...)
		if err != nil {
			return nil, fmt.Errorf("parsing the page %s: %w", name, err)
		}
		if err := p.known(t); err != nil {
			return nil, fmt.Errorf("parsing the page %s: %w", name, err)
		}
		p.pages[strings.TrimSuffix(path.Base(name), ".html")] = t
	}
	return p, nil
}

func shared(names []string, page string) []string {
	var all []string
	for _, n := range names {
		if strings.HasPrefix(n, "_") {
			all = append(all, n)
		}
	}
	return append(all, page)
}

// View is what a handler gives a page.
type View struct {
	Status int // 0 is 200
	// Lang is the language where the reader is known to read it, as the ticket's or
	// the staff member's; "" is his own choice. One that the pages do not have is
	// the nearest to it.
	Lang string
	// TitleKey is the key of the page's title in its words; Title is the title
	// itself, where it is not fixed.
	TitleKey, Title string
	Current         string // address of the page that the header marks as this one
	// Packed sends the page compressed to who takes that. Not for a page that holds a
	// secret beside something that its reader can choose: the length would tell.
	Packed bool
	Data   any
}

// Languages are those that the pages can be had in.
func (p *Pages) Languages() []string { return p.words.Languages() }

// Language is that of an answer to the request, for texts that a handler chooses.
func (p *Pages) Language(r *http.Request) string { return p.site.language(r, p.Languages()) }

// Write answers with a page. It is written out only when it is complete: if it
// cannot be, the answer is an error page.
func (p *Pages) Write(w http.ResponseWriter, r *http.Request, name string, v View) {
	c := p.context(r, v)
	if v.Lang == "" {
		p.site.remember(w, r, c.Lang)
	}
	out, err := p.render(name, c)
	switch {
	case err == nil:
	case p == p.site.errors: // no further: the words of an error are at fault
		p.site.deps.Log.Error().Err(err).Str("page", name).Msg("writing an error page")
		http.Error(w, "Something went wrong. Please try again.", http.StatusInternalServerError)
		return
	default:
		p.site.deps.Log.Error().Err(err).Str("page", name).Msg("writing a page")
		p.site.Error(w, r, http.StatusInternalServerError)
		return
	}
	h := w.Header()
	if v.Packed {
		h.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			if packed, err := compressed(out); err == nil && packed != nil {
				out = packed
				h.Set("Content-Encoding", "gzip")
			}
		}
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", c.Lang)
	h.Set("Content-Length", strconv.Itoa(len(out)))
	if v.Status == 0 {
		v.Status = http.StatusOK
	}
	w.WriteHeader(v.Status)
	_, _ = w.Write(out) // the reader's loss
}

// Part is a defined template of a page alone, without the shell, for scripts that
// put it in place of an older one.
func (p *Pages) Part(r *http.Request, page, define string, v View) ([]byte, error) {
	t, ok := p.pages[page]
	if !ok {
		return nil, fmt.Errorf("there is no page %q", page)
	}
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, define, p.context(r, v)); err != nil {
		return nil, fmt.Errorf("writing %s of the page %s: %w", define, page, err)
	}
	return out.Bytes(), nil
}

func (p *Pages) render(name string, c Context) ([]byte, error) {
	t, ok := p.pages[name]
	if !ok {
		return nil, fmt.Errorf("there is no page %q", name)
	}
	if c.Title == "" {
		title, err := c.T(c.titleKey)
		if err != nil {
			return nil, err
		}
		c.Title = title
	}
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, "layout.html", c); err != nil {
		return nil, fmt.Errorf("writing the page %s: %w", name, err)
	}
	return out.Bytes(), nil
}

// Texts look words up in the language of an answer to the request, for texts that a
// handler puts into fields. A key that is not there reads as itself.
func (p *Pages) Texts(r *http.Request) func(key string, args ...any) string {
	return p.TextsIn(p.Language(r))
}

// TextsIn does the same in one of the languages.
func (p *Pages) TextsIn(lang string) func(key string, args ...any) string {
	table := p.words[lang]
	return func(key string, args ...any) string {
		text, err := say(table, key, args)
		if err != nil {
			p.site.deps.Log.Error().Err(err).Msg("looking words up")
			return key
		}
		return text
	}
}
