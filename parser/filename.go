package parser

import (
	"path"
	"strings"
	"unicode"
)

// filename finds the name that a part gives its file, decoded and cleaned.
func (r *bodyReader) filename(p *part) string {
	for _, name := range []string{p.dispParams["filename"], p.params["name"], p.params["filename"], p.dispParams["name"], p.params["file"]} {
		if clean := cleanFilename(decodeText([]byte(name), r.charset)); clean != "" {
			return clean
		}
	}
	return ""
}

// cleanFilename takes from a sender's file name what could act: the path, the
// controls, the marks that turn the direction of writing and so hide the real
// extension (bad-input 115). It keeps letters of all languages.
func cleanFilename(name string) string {
	name = strings.ToValidUTF8(name, "")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\uFEFF' || r == '\u200B' {
			return -1
		}
		return r
	}, name)
	name = strings.Trim(name, " \t\"'")
	name = strings.TrimLeft(name, ".")
	const maxName = 200
	if len(name) > maxName {
		ext := path.Ext(name)
		if len(ext) > 20 {
			ext = ""
		}
		base, _ := cutText(name, maxName-len(ext))
		name = base + ext
	}
	return name
}
