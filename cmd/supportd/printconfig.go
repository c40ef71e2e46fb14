package main

import (
	"fmt"
	"io"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// print writes the effective configuration as YAML that load reads again, with
// a comment on each key that says who set it. Secrets do not appear: they
// stand in files of their own, and the password of an address is replaced.
func (c configuration) print(w io.Writer) error {
	p := &configPrinter{w: w, origins: c.origins}
	p.section(reflect.ValueOf(c.settings), "", 0)
	return p.err
}

type configPrinter struct {
	w       io.Writer
	origins map[string]string
	err     error
}

func (p *configPrinter) line(depth int, format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, strings.Repeat("  ", depth)+format+"\n", args...)
	}
}

func (p *configPrinter) section(v reflect.Value, parent string, depth int) {
	for i := range v.NumField() {
		name := v.Type().Field(i).Tag.Get("yaml")
		key, f := join(parent, name), v.Field(i)
		if f.Kind() == reflect.Struct {
			p.line(depth, "%s:", name)
			p.section(f, key, depth+1)
			continue
		}
		p.leaf(name, key, f, v.Type().Field(i).Tag, depth)
	}
}

func (p *configPrinter) leaf(name, key string, v reflect.Value, tag reflect.StructTag, depth int) {
	origin := p.origins[key]
	if origin == "" {
		origin = "default"
	}
	if (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() > 0 {
		p.line(depth, "%s: # %s", name, origin)
		text, err := yaml.MarshalWithOptions(v.Interface(), durations())
		if err != nil {
			p.err = fmt.Errorf("writing %s: %w", key, err)
		}
		for line := range strings.Lines(string(text)) {
			p.line(depth+1, "%s", strings.TrimRight(line, "\n"))
		}
		return
	}
	value := v.Interface()
	if tag.Get("secret") == "url" {
		value = withoutPassword(v.String())
	}
	text, err := yaml.MarshalWithOptions(value, yaml.Flow(true), durations())
	if err != nil {
		p.err = fmt.Errorf("writing %s: %w", key, err)
	}
	p.line(depth, "%s: %s # %s", name, strings.TrimSpace(string(text)), origin)
}

// durations writes times as people write them, 336h and not 336h0m0s.
func durations() yaml.EncodeOption {
	return yaml.CustomMarshaler(func(d time.Duration) ([]byte, error) {
		s := d.String()
		if strings.HasSuffix(s, "m0s") {
			s = strings.TrimSuffix(s, "0s")
		}
		if strings.HasSuffix(s, "h0m") {
			s = strings.TrimSuffix(s, "0m")
		}
		return []byte(s), nil
	})
}

func withoutPassword(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(not shown: not a URL)"
	}
	return u.Redacted()
}
