package faq

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

//go:embed entries
var entries embed.FS

// Standard is the set of files that the program comes with.
func Standard() fs.FS {
	sub, err := fs.Sub(entries, "entries")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	return sub
}

// Values are what an answer may name in braces: {address}. A paragraph or item that
// names a value which is empty is left out.
type Values struct {
	Address     string // of support
	Name        string // of the desk
	Prefix      string // of tracking IDs
	Site        string // where the pages are, without a slash at its end
	ReopenDays  string
	QuietDays   string
	SprintWeeks string
	MaxMB       string // of a mail
	Open, Close string // the business hours of a day, as 08:00
	ChatHours   string // after which a conversation is forgotten
}

func (v Values) in(language string) map[string]string {
	if language == "da" { // 08:00 is written 08.00
		v.Open, v.Close = strings.ReplaceAll(v.Open, ":", "."), strings.ReplaceAll(v.Close, ":", ".")
	}
	return map[string]string{
		"address": v.Address, "name": v.Name, "prefix": v.Prefix, "site": v.Site,
		"reopen_days": v.ReopenDays, "quiet_days": v.QuietDays, "sprint_weeks": v.SprintWeeks, "max_mb": v.MaxMB,
		"open": v.Open, "close": v.Close, "chat_hours": v.ChatHours,
	}
}

// Book is all answers. It does not change and is safe for concurrent use.
type Book struct {
	shelves map[string]*shelf // by language
}

// New reads the files *.md of all sets, in folders too. A later file takes the place of
// an earlier one with the same id and language, and with drop: true takes it away.
// Its error lists every Fault.
func New(v Values, sets ...fs.FS) (*Book, error) {
	chosen := map[string]source{}
	var order []string
	var faults []error
	for _, set := range sets {
		here := map[string]string{} // file by id
		err := fs.WalkDir(set, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path.Ext(name) != ".md" || strings.EqualFold(path.Base(name), "README.md") {
				return err
			}
			data, err := fs.ReadFile(set, name)
			if err != nil {
				return err
			}
			s, err := read(name, data)
			if err != nil {
				faults = append(faults, err)
				return nil
			}
			key := s.Language + "/" + s.ID
			if other, twice := here[key]; twice {
				faults = append(faults, Fault{name, 2, fmt.Sprintf("%s has this id and language already", other)})
				return nil
			}
			here[key] = name
			if _, known := chosen[key]; !known {
				order = append(order, key)
			}
			chosen[key] = s
			return nil
		})
		if err != nil {
			faults = append(faults, fmt.Errorf("reading the answers: %w", err))
		}
	}
	byLanguage := map[string][]Entry{}
	slices.Sort(order)
	for _, key := range order {
		s := chosen[key]
		if s.Drop {
			continue
		}
		e, err := s.entry(v)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if len(e.Answer) == 0 {
			continue // it speaks of nothing but what is not configured
		}
		byLanguage[s.Language] = append(byLanguage[s.Language], e)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	b := &Book{shelves: map[string]*shelf{}}
	for _, lang := range Languages() {
		b.shelves[lang] = newShelf(lang, byLanguage[lang])
	}
	return b, nil
}

var placeholder = regexp.MustCompile(`\{([a-z_]+)\}`)

// entry puts the values in.
func (s source) entry(v Values) (Entry, error) {
	values := v.in(s.Language)
	var kept []string
	for i, line := range strings.Split(s.body, "\n") {
		missing := false
		for _, m := range placeholder.FindAllStringSubmatch(line, -1) {
			value, known := values[m[1]]
			if !known {
				return Entry{}, Fault{s.file, s.line + i, fmt.Sprintf("there is no value {%s}; a text may name %s", m[1], valueNames())}
			}
			missing = missing || value == ""
		}
		if !missing {
			kept = append(kept, placeholder.ReplaceAllStringFunc(line, func(p string) string { return values[p[1:len(p)-1]] }))
		}
	}
	e := Entry{ID: s.ID, Language: s.Language, Questions: s.Questions, Also: s.Also, Answer: Blocks(strings.Join(kept, "\n"))}
	switch n := len(e.Text()); {
	case strings.TrimSpace(s.body) == "":
		return Entry{}, Fault{s.file, s.line, "there is no answer behind the head"}
	case n > maxAnswer:
		return Entry{}, Fault{s.file, s.line, fmt.Sprintf("the answer has %d bytes; want at most %d", n, maxAnswer)}
	}
	return e, nil
}

func valueNames() string {
	var names []string
	for name := range (Values{}).in("") {
		names = append(names, "{"+name+"}")
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// Entries are all answers in a language, by id.
func (b *Book) Entries(language string) []Entry {
	if s := b.shelves[language]; s != nil {
		return slices.Clone(s.entries)
	}
	return nil
}

// Entry is the answer with an id; false if there is none in this language.
func (b *Book) Entry(language, id string) (Entry, bool) {
	for _, e := range b.Entries(language) {
		if e.ID == id {
			return e, true
		}
	}
	return Entry{}, false
}
