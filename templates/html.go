package templates

import (
	"fmt"
	"html/template"
	"io/fs"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// page is the frame of every HTML part. It asks nothing of the mail program:
// one table, one column, inline styles, and nothing fetched from anywhere. Blocks
// of text have neither colour nor background of their own, so that programs which
// turn dark can turn them.
type page struct{ template *template.Template }

// Outlook for Windows ignores max-width; these comments, which it alone reads,
// give it a table of that width. html/template would drop them from page.html.
const (
	outlookOpen = `<!--[if mso]><table role="presentation" width="600" align="center" ` +
		`cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`
	outlookClose = `<!--[if mso]></td></tr></table><![endif]-->`
)

// fonts are repeated on each cell: Outlook does not inherit them into tables.
const fonts = `font-family:'Segoe UI',Roboto,Helvetica,Arial,sans-serif;`

func parsePage() (page, error) {
	text, err := fs.ReadFile(files, "page.html")
	if err != nil {
		return page{}, fmt.Errorf("reading the page: %w", err)
	}
	t, err := template.New("page").Funcs(template.FuncMap{
		"outlookOpen":  func() template.HTML { return outlookOpen },
		"outlookClose": func() template.HTML { return outlookClose },
		"body":         func() template.CSS { return fonts + "font-size:16px;line-height:24px;" },
		"small":        func() template.CSS { return fonts + "font-size:14px;line-height:20px;" },
	}).Parse(string(text))
	if err != nil {
		return page{}, fmt.Errorf("parsing the page: %w", err)
	}
	return page{t}, nil
}

func (p page) render(l letter) (string, error) {
	var b strings.Builder
	err := p.template.Execute(&b, struct {
		letter
		FactLine string
	}{l, strings.Join(l.Facts, factSeparator)})
	return b.String(), err
}

// border is the colour of the line beside the facts. It only repeats the word for
// the severity that stands there.
func border(f ticket.Facts) template.CSS {
	if f.Confirmed || f.Marked {
		switch f.Severity {
		case ticket.SeverityCritical:
			return "#B3261E"
		case ticket.SeverityHigh:
			return "#8A4A00"
		}
	}
	return "#76828E"
}
