package main

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"os"
	"path/filepath"

	"aismarttalk.tech/supportd/notifier"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
)

type templateCommand struct {
	Preview templatePreviewCommand `cmd:"" help:"Write every sample letter in every language as .html, .txt and .eml, with an index.html."`
}

type templatePreviewCommand struct {
	configFlags
	Dir string `arg:"" optional:"" default:"supportd-letters" help:"Folder to write to; made if it is not there. Files of an earlier preview are replaced."`
}

// Run writes the letters as the configured desk would sign them. Their tokens
// and Message-IDs are made with a key of no worth, so that they open nothing.
func (c *templatePreviewCommand) Run(ctx context.Context, h host) error {
	cfg, err := c.load(h.env)
	if err != nil {
		return err
	}
	texts, err := templates.New(cfg.planned.texts)
	if err != nil {
		return err
	}
	worthless := ticket.Keyring{Current: '0', Keys: map[byte][]byte{'0': bytes.Repeat([]byte("preview."), 4)}}
	composer, err := notifier.NewComposer(cfg.planned.notifier, texts, worthless)
	if err != nil {
		return err
	}
	p := preview{dir: c.Dir, texts: texts, composer: composer}
	if err := p.write(ctx); err != nil {
		return failf(exitFailed, "the letters could not be written to %s: %s", c.Dir, reason(err))
	}
	_, err = fmt.Fprintf(h.out, "%d letters in %d languages: open %s\n",
		p.letters, len(p.languages), filepath.Join(c.Dir, "index.html"))
	return err
}

// preview is what was written so far.
type preview struct {
	dir       string
	texts     *templates.Set
	composer  *notifier.Composer
	languages []previewLanguage
	letters   int
}

type previewLanguage struct {
	Tag     string
	Letters []previewLetter
}

type previewLetter struct {
	Name, Path, Subject, Preheader string
	Staff                          bool
}

func (p *preview) write(ctx context.Context) error {
	for _, tag := range templates.Languages() {
		folder := filepath.Join(p.dir, tag)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		language := previewLanguage{Tag: tag}
		for _, sample := range templates.Samples(tag) {
			if err := ctx.Err(); err != nil {
				return err
			}
			l, err := p.letter(filepath.Join(folder, sample.Name), sample)
			if err != nil {
				return err
			}
			l.Path = tag + "/" + sample.Name
			language.Letters = append(language.Letters, l)
			p.letters++
		}
		p.languages = append(p.languages, language)
	}
	var page bytes.Buffer
	if err := template.Must(template.New("index").Parse(previewIndex)).Execute(&page, p.languages); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(p.dir, "index.html"), page.Bytes(), 0o644)
}

// letter writes one sample in its three forms.
func (p *preview) letter(path string, s templates.Sample) (previewLetter, error) {
	words, err := p.texts.Letter(s.Notice)
	if err != nil {
		return previewLetter{}, err
	}
	mail, err := p.composer.Compose(s.Notice)
	if err != nil {
		return previewLetter{}, err
	}
	for suffix, data := range map[string][]byte{".html": []byte(words.HTML), ".txt": []byte(words.Text), ".eml": mail.Data} {
		if err := os.WriteFile(path+suffix, data, 0o644); err != nil {
			return previewLetter{}, err
		}
	}
	return previewLetter{
		Name: s.Name, Subject: words.Subject, Preheader: words.Preheader, Staff: s.Notice.Kind.ForStaff(),
	}, nil
}

const previewIndex = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Letters of supportd</title>
<style>
body { font: 16px/24px 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
li { margin: 0 0 12px; }
small { display: block; font-size: 14px; line-height: 20px; }
</style>
</head>
<body>
<h1>Letters of supportd</h1>
<p>{{range .}}<a href="#{{.Tag}}">{{.Tag}}</a> {{end}}</p>
{{- range .}}
{{- $tag := .Tag}}
<h2 id="{{.Tag}}">{{.Tag}}: {{len .Letters}} letters</h2>
<ul>
{{- range .Letters}}
<li><a href="{{.Path}}.html">{{.Name}}</a> <a href="{{.Path}}.txt" aria-label="{{.Name}} in {{$tag}} as text">text</a> <a href="{{.Path}}.eml" aria-label="{{.Name}} in {{$tag}} as a mail">mail</a>{{if .Staff}} · to staff{{end}}
<small lang="{{$tag}}">{{.Subject}}</small><small lang="{{$tag}}">{{.Preheader}}</small></li>
{{- end}}
</ul>
{{- end}}
</body>
</html>
`
