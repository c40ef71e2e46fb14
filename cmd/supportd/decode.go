package main

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// decoder writes YAML onto settings and notes where each value came from and
// everything that is wrong. It never stops at a fault.
type decoder struct {
	where   func(ast.Node) string // where a node was written
	keys    []string              // all keys there are, dotted, for hints
	origins map[string]string     // key, also that of a section → where it was written
	faults  faults
}

func (d *decoder) fault(n ast.Node, key, format string, args ...any) {
	d.faults = append(d.faults, fault{Where: d.where(n), Key: key, Text: fmt.Sprintf(format, args...)})
}

// value decodes n into v, the value of a key with the given tag.
func (d *decoder) value(n ast.Node, v reflect.Value, key string, tag reflect.StructTag) {
	switch n.(type) {
	case *ast.NullNode:
		return // "relay:" with nothing behind it changes nothing
	case *ast.AliasNode, *ast.AnchorNode, *ast.TagNode:
		d.fault(n, key, "anchors, aliases and tags are not read here; write the value itself")
		return
	}
	if v.Type() != reflect.TypeFor[time.Duration]() {
		switch v.Kind() {
		case reflect.Struct:
			d.mapping(n, v, key)
			return
		case reflect.Map:
			d.dictionary(n, v, key, tag)
			return
		case reflect.Slice:
			d.list(n, v, key, tag)
			return
		}
	}
	d.origins[key] = d.where(n)
	d.scalar(n, v, key, tag)
}

func (d *decoder) mapping(n ast.Node, v reflect.Value, key string) {
	pairs, ok := d.pairs(n, key)
	if !ok {
		return
	}
	if len(pairs) > 0 {
		d.origins[key] = d.where(pairs[0].node)
	}
	names := fieldNames(v.Type())
	for _, p := range pairs {
		i := slices.Index(names, p.name)
		if i < 0 {
			d.unknown(p.node, key, p.name, names)
			continue
		}
		d.value(p.value, v.Field(i), join(key, p.name), v.Type().Field(i).Tag)
	}
}

// dictionary replaces the map as a whole: its keys are the operator's own.
func (d *decoder) dictionary(n ast.Node, v reflect.Value, key string, tag reflect.StructTag) {
	pairs, ok := d.pairs(n, key)
	if !ok {
		return
	}
	d.origins[key] = d.where(n)
	v.Set(reflect.MakeMapWithSize(v.Type(), len(pairs)))
	for _, p := range pairs {
		elem := reflect.New(v.Type().Elem()).Elem()
		d.value(p.value, elem, join(key, p.name), tag)
		v.SetMapIndex(reflect.ValueOf(p.name), elem)
	}
}

func (d *decoder) list(n ast.Node, v reflect.Value, key string, tag reflect.StructTag) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		d.fault(n, key, "want a list, [a, b] or one item a line behind a hyphen; got %s", describe(n))
		return
	}
	d.origins[key] = d.where(n)
	v.Set(reflect.MakeSlice(v.Type(), len(seq.Values), len(seq.Values)))
	for i, item := range seq.Values {
		d.value(item, v.Index(i), fmt.Sprintf("%s[%d]", key, i), tag)
	}
}

func (d *decoder) scalar(n ast.Node, v reflect.Value, key string, tag reflect.StructTag) {
	switch {
	case v.Type() == reflect.TypeFor[time.Duration]():
		text, ok := textOf(n)
		dur, err := time.ParseDuration(text)
		if !ok || err != nil || dur < 0 {
			d.fault(n, key, "want a time such as 90s, 15m or 336h; got %s", describe(n))
			return
		}
		v.SetInt(int64(dur))
	case v.Kind() == reflect.String:
		text, ok := textOf(n)
		if !ok {
			d.fault(n, key, "want text; got %s (put it in quotes)", describe(n))
			return
		}
		d.word(n, v, text, key, tag)
	case v.Kind() == reflect.Bool:
		b, ok := n.(*ast.BoolNode)
		if !ok {
			d.fault(n, key, "want true or false; got %s", describe(n))
			return
		}
		v.SetBool(b.Value)
	case v.CanInt():
		num, ok := n.(*ast.IntegerNode)
		i, err := strconv.ParseInt(fmt.Sprint(valueOf(num)), 10, 64)
		if !ok || err != nil || v.OverflowInt(i) || i < 0 {
			d.fault(n, key, "want a whole number from 0; got %s", describe(n))
			return
		}
		v.SetInt(i)
	default:
		panic("settings: no decoding for " + v.Type().String()) // a type added without its case
	}
}

// word sets a text that may be one of a few words only.
func (d *decoder) word(n ast.Node, v reflect.Value, text, key string, tag reflect.StructTag) {
	if choices := tag.Get("oneof"); choices != "" {
		words := strings.Split(choices, ",")
		if !slices.Contains(words, text) {
			hint := ""
			if near := nearest(text, words); near != "" {
				hint = "; did you mean " + near + "?"
			}
			d.fault(n, key, "want one of %s; got %q%s", strings.Join(words, ", "), text, hint)
			return
		}
	}
	v.SetString(text)
}

// unknown tells what was meant: a key near by in spelling, or the same key in
// another place.
func (d *decoder) unknown(n ast.Node, parent, name string, siblings []string) {
	if near := nearest(name, siblings); near != "" {
		d.fault(n, join(parent, name), "unknown key; did you mean %s?", join(parent, near))
		return
	}
	for _, k := range d.keys {
		if strings.HasSuffix(k, "."+name) {
			d.fault(n, join(parent, name), "unknown key here; did you mean %s?", k)
			return
		}
	}
	d.fault(n, join(parent, name), "unknown key; known here: %s", strings.Join(siblings, ", "))
}

type pair struct {
	name  string
	node  ast.Node // the key
	value ast.Node
}

func (d *decoder) pairs(n ast.Node, key string) ([]pair, bool) {
	m, ok := n.(ast.MapNode)
	if !ok {
		d.fault(n, key, "want keys with values; got %s", describe(n))
		return nil, false
	}
	var pairs []pair
	for it := m.MapRange(); it.Next(); {
		name, ok := textOf(it.Key())
		if !ok {
			d.fault(it.Key(), key, "want a word as key; got %s", it.Key())
			continue
		}
		if slices.ContainsFunc(pairs, func(p pair) bool { return p.name == name }) {
			d.fault(it.Key(), join(key, name), "stands here twice; keep one")
			continue
		}
		pairs = append(pairs, pair{name, it.Key(), it.Value()})
	}
	return pairs, true
}

func textOf(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

func valueOf(n *ast.IntegerNode) any {
	if n == nil {
		return nil
	}
	return n.Value
}

// describe names a value in the words of a person.
func describe(n ast.Node) string {
	switch n := n.(type) {
	case ast.MapNode:
		return "keys with values"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode:
		return strconv.Quote(n.Value)
	case *ast.LiteralNode:
		return "a text of several lines"
	}
	return n.String()
}

func join(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "." + name
}

// fieldNames are the keys of a settings struct, by field.
func fieldNames(t reflect.Type) []string {
	names := make([]string, t.NumField())
	for i := range names {
		names[i] = t.Field(i).Tag.Get("yaml")
	}
	return names
}

// allKeys lists the dotted keys of a settings struct, structs themselves left
// out; what stands inside lists and maps has no name of its own.
func allKeys(t reflect.Type, parent string) []string {
	var keys []string
	for i := range t.NumField() {
		f := t.Field(i)
		key := join(parent, f.Tag.Get("yaml"))
		if f.Type.Kind() == reflect.Struct {
			keys = append(keys, allKeys(f.Type, key)...)
			continue
		}
		keys = append(keys, key)
	}
	return keys
}
