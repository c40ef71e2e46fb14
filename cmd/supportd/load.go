package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// defaultConfigFile is read if it exists; one named by --config must exist.
const defaultConfigFile = "supportd.yaml"

// Variables of the environment: SUPPORTD_SMTP__MAX_MESSAGE_BYTES is
// smtp.max_message_bytes. Those of the test suite are left alone.
const (
	envPrefix     = "SUPPORTD_"
	envTestPrefix = "SUPPORTD_TEST_"
)

// configFlags are the flags of every command that reads the configuration.
type configFlags struct {
	Config string   `short:"c" placeholder:"FILE" help:"Configuration file (default: ./supportd.yaml, if there is one)."`
	Set    []string `placeholder:"KEY=VALUE" sep:"none" help:"Set one key, over the file and the environment: --set smtp.max_message_bytes=1000000. Repeatable."`
}

// configuration is the effective configuration and the origin of each key that
// somebody set.
type configuration struct {
	settings
	planned plan
	origins map[string]string
	file    string // "" if none was read
}

// load reads file, environment and flags, in this order of precedence. The
// error is of type faults and holds every fault there is; the configuration is
// then as good as could be read.
func (f configFlags) load(env []string) (configuration, error) {
	cfg := configuration{settings: defaultSettings()}
	d := &decoder{keys: allKeys(reflect.TypeFor[settings](), ""), origins: map[string]string{}}
	cfg.file = d.file(f.Config, &cfg.settings)
	d.environment(env, &cfg.settings)
	for _, set := range f.Set {
		d.flag(set, &cfg.settings)
	}
	cfg.origins = d.origins
	d.faults = append(d.faults, cfg.check()...)
	plan, bad := cfg.plan()
	cfg.planned = plan
	d.faults = append(d.faults, bad...)
	if len(d.faults) > 0 {
		return cfg, d.faults
	}
	return cfg, nil
}

// file reads the configuration file and returns its name.
func (d *decoder) file(name string, s *settings) string {
	asked := name != ""
	if !asked {
		name = defaultConfigFile
	}
	d.where = func(ast.Node) string { return name }
	data, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !asked:
		return ""
	case errors.Is(err, fs.ErrNotExist):
		d.fault(nil, "", "there is no such file; name another with --config, or copy supportd.example.yaml")
		return name
	case err != nil:
		d.fault(nil, "", "cannot be read: %s", reason(err))
		return name
	}
	base := filepath.Base(name)
	d.where = func(n ast.Node) string {
		p := n.GetToken().Position
		return fmt.Sprintf("%s:%d:%d", base, p.Line, p.Column)
	}
	d.document(data, reflect.ValueOf(s).Elem(), "", "", base)
	return name
}

// document decodes one YAML document into the value of a key.
func (d *decoder) document(data []byte, v reflect.Value, key string, tag reflect.StructTag, source string) {
	// Duplicate keys are allowed here because pairs reports them with all the
	// other faults.
	parsed, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		where, text := source, err.Error()
		var y yaml.Error
		if errors.As(err, &y) {
			text = y.GetMessage()
			if p := y.GetToken().Position; key == "" {
				where = fmt.Sprintf("%s:%d:%d", source, p.Line, p.Column)
			}
		}
		d.faults = append(d.faults, fault{Where: where, Key: key, Text: "this is not YAML: " + text})
		return
	}
	for i, doc := range parsed.Docs {
		switch {
		case doc.Body == nil:
		case i > 0:
			d.fault(doc.Body, key, "a second document begins here; keep all in one")
		default:
			d.value(doc.Body, v, key, tag)
		}
	}
}

func (d *decoder) environment(env []string, s *settings) {
	byName := map[string]string{}
	var names []string
	for _, key := range d.keys {
		name := envName(key)
		byName[name] = key
		names = append(names, name)
	}
	env = slices.Sorted(slices.Values(env)) // faults in a stable order
	for _, entry := range env {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, envPrefix) || strings.HasPrefix(name, envTestPrefix) {
			continue
		}
		key, ok := byName[name]
		if !ok {
			d.faults = append(d.faults, fault{Where: name, Text: "no key has this name; " + meant(name, names, "__")})
			continue
		}
		d.text(value, s, key, name)
	}
}

func envName(key string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "__"))
}

func (d *decoder) flag(set string, s *settings) {
	const where = "--set"
	key, value, ok := strings.Cut(set, "=")
	if !ok {
		d.faults = append(d.faults, fault{Where: where, Text: fmt.Sprintf("want KEY=VALUE; got %q", set)})
		return
	}
	if !slices.Contains(d.keys, key) {
		d.faults = append(d.faults, fault{Where: where, Key: key, Text: "unknown key; " + meant(key, d.keys, ".")})
		return
	}
	d.text(value, s, key, where)
}

// meant says what to write in place of a name that is none of those there are,
// which have the given sign between their parts.
func meant(name string, names []string, sep string) string {
	var within []string
	for _, n := range names {
		switch {
		case strings.HasPrefix(n, name+sep):
			within = append(within, n)
		case strings.HasPrefix(name, n+sep), strings.HasPrefix(name, n+"["):
			return n + " is set whole, as YAML"
		}
	}
	if len(within) > 0 {
		return "the keys of this section are " + strings.Join(within, ", ")
	}
	if near := nearest(name, names); near != "" {
		return "did you mean " + near + "?"
	}
	return "supportd config print lists all there are"
}

// text sets one key from outside a file: a text is taken as it stands, all
// else is read as YAML.
func (d *decoder) text(value string, s *settings, key, where string) {
	d.where = func(ast.Node) string { return where }
	v := reflect.ValueOf(s).Elem()
	var tag reflect.StructTag
	for name := range strings.SplitSeq(key, ".") {
		i := slices.Index(fieldNames(v.Type()), name)
		tag = v.Type().Field(i).Tag
		v = v.Field(i)
	}
	if v.Kind() == reflect.String {
		d.origins[key] = where
		d.word(nil, v, value, key, tag)
		return
	}
	d.document([]byte(value), v, key, tag, where)
}

// reason is the last word of an error of the operating system, without the
// path that our own text names already.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
