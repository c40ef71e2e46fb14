package faq

import (
	"fmt"
	"strings"
)

// front is the head of a file.
type front struct {
	ID        string
	Language  string
	Questions []string
	Also      []string
	Drop      bool // no answer to this any more
}

// read reads a head: the part of YAML that it takes, which is texts, and lists of
// them in brackets or one a line. It says what is wrong, and on which line of the
// file; "" if nothing is.
func (f *front) read(head string) (line int, fault string) {
	var list *[]string // that items belong to
	given := map[string]bool{}
	line = 1 // the hyphens before it
	for text := range strings.Lines(head) {
		line++
		text = strings.TrimRight(text, " \t\n")
		item, isItem := strings.CutPrefix(strings.TrimLeft(text, " "), "- ")
		key, value, isKey := strings.Cut(text, ":")
		switch {
		case text == "" || strings.HasPrefix(strings.TrimSpace(text), "#"):
		case isItem && list != nil:
			*list = append(*list, unquoted(item))
		case isItem:
			return line, "this item belongs to no list; want questions: or also: above it"
		case !isKey || strings.ContainsAny(key, " \t"):
			return line, "want a key and a colon at the beginning of the line, or an item behind a hyphen"
		case given[key]:
			return line, key + " stands twice"
		default:
			given[key] = true
			var err error
			if list, err = f.set(key, strings.TrimSpace(value)); err != nil {
				return line, err.Error()
			}
		}
	}
	return 0, ""
}

// set takes the value of a key. It returns the list that items below belong to.
func (f *front) set(key, value string) (*[]string, error) {
	switch key {
	case "id":
		f.ID = unquoted(value)
	case "language":
		f.Language = unquoted(value)
	case "drop":
		if value != "true" && value != "false" {
			return nil, fmt.Errorf("drop: want true or false; got %q", value)
		}
		f.Drop = value == "true"
	case "questions":
		return &f.Questions, flowList(&f.Questions, value)
	case "also":
		return &f.Also, flowList(&f.Also, value)
	default:
		return nil, fmt.Errorf("there is no key %q; want id, language, questions, also or drop", key)
	}
	return nil, nil
}

// flowList reads [a, "b, c"]; nothing means that items follow.
func flowList(list *[]string, value string) error {
	if value == "" {
		return nil
	}
	inner, open := strings.CutPrefix(value, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	if !open || !closed {
		return fmt.Errorf("want a list, [a, b] or one item a line behind a hyphen; got %q", value)
	}
	quote, begin := byte(0), 0
	for i := 0; i <= len(inner); i++ {
		switch {
		case i == len(inner) || inner[i] == ',' && quote == 0:
			*list = append(*list, unquoted(strings.TrimSpace(inner[begin:i])))
			begin = i + 1
		case inner[i] == quote:
			quote = 0
		case quote == 0 && (inner[i] == '"' || inner[i] == '\'') && strings.TrimSpace(inner[begin:i]) == "":
			quote = inner[i]
		}
	}
	if quote != 0 {
		return fmt.Errorf("a quote %c is not closed", quote)
	}
	return nil
}

func unquoted(s string) string {
	s = strings.TrimSpace(s)
	if n := len(s); n >= 2 && s[0] == s[n-1] && (s[0] == '"' || s[0] == '\'') {
		return s[1 : n-1]
	}
	return s
}
