package page

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// Words are the texts of some pages: by language, then by key. A text may hold the
// verbs of package fmt.
type Words map[string]map[string]string

// ReadWords reads one file per language, da.json and so on. Each must have the same
// keys, and the same number of verbs behind each.
func ReadWords(f fs.FS) (Words, error) {
	names, err := fs.Glob(f, "*.json")
	if err != nil {
		return nil, fmt.Errorf("reading the words of pages: %w", err)
	}
	if len(names) == 0 {
		return nil, errors.New("reading the words of pages: there are no files")
	}
	w := Words{}
	for _, name := range names {
		text, err := fs.ReadFile(f, name)
		if err != nil {
			return nil, fmt.Errorf("reading the words of pages: %w", err)
		}
		var table map[string]string
		if err := json.Unmarshal(text, &table); err != nil {
			return nil, fmt.Errorf("reading the words of pages in %s: %w", name, err)
		}
		w[strings.TrimSuffix(path.Base(name), ".json")] = table
	}
	return w, w.alike()
}

// Languages are those of the table, in alphabetical order.
func (w Words) Languages() []string { return slices.Sorted(maps.Keys(w)) }

func (w Words) alike() error {
	languages := w.Languages()
	first := languages[0]
	for _, lang := range languages[1:] {
		for key := range w[lang] {
			if _, ok := w[first][key]; !ok {
				return fmt.Errorf("words of pages: %q is there in %s and not in %s", key, lang, first)
			}
		}
		for key, text := range w[first] {
			other, ok := w[lang][key]
			if !ok {
				return fmt.Errorf("words of pages: %q is there in %s and not in %s", key, first, lang)
			}
			if strings.Count(text, "%") != strings.Count(other, "%") {
				return fmt.Errorf("words of pages: %q holds other verbs in %s than in %s", key, lang, first)
			}
		}
	}
	return nil
}

// say is a text with its verbs filled in.
func say(table map[string]string, key string, args []any) (string, error) {
	text, ok := table[key]
	if !ok {
		return "", fmt.Errorf("there are no words for %q", key)
	}
	if len(args) == 0 {
		return text, nil
	}
	return fmt.Sprintf(text, args...), nil
}
