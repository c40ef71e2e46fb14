package faq

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Entry is one answer, with the questions that it answers.
type Entry struct {
	ID        string   // the same in every language: "tracking-id"
	Language  string   // da or en
	Questions []string // as people put them; the first is shown as its title
	Also      []string // further words for what it is about
	Answer    []Block
}

// Title is the question under which an entry is shown.
func (e Entry) Title() string { return e.Questions[0] }

// Text is the answer as plain text.
func (e Entry) Text() string { return Text(e.Answer) }

// Bounds of a file, so that what is shown in a chat stays readable there.
const (
	maxFile      = 16 << 10 // bytes
	maxQuestions = 30
	maxQuestion  = 200 // bytes, of a question or a word of also
	maxAnswer    = 2500
)

// Languages are those in which answers may stand, and the chat speaks.
func Languages() []string { return []string{"da", "en"} }

// Fault is what is wrong with a file.
type Fault struct {
	File string
	Line int // from 1
	Text string
}

func (f Fault) Error() string { return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text) }

// source is a file as it was read.
type source struct {
	front
	file string
	body string
	line int // on which the body begins
}

var idForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// read parses a file: YAML between two lines of hyphens, then the answer.
func read(file string, data []byte) (source, error) {
	fault := func(line int, format string, args ...any) (source, error) {
		return source{}, Fault{file, line, fmt.Sprintf(format, args...)}
	}
	if len(data) > maxFile {
		return fault(1, "the file is larger than %d KB; an answer fits on a screen", maxFile>>10)
	}
	data = bytes.ReplaceAll(bytes.TrimPrefix(data, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	if !utf8.Valid(data) {
		return fault(1, "the file is not in UTF-8")
	}
	rest, ok := strings.CutPrefix(string(data), "---\n")
	if !ok {
		return fault(1, "want a line --- before id, language and questions")
	}
	head, body, ok := strings.Cut(rest, "\n---\n")
	if !ok {
		return fault(1, "want a second line --- behind id, language and questions")
	}
	s := source{file: file, body: body, line: strings.Count(head, "\n") + 4}
	if line, text := s.front.read(head); text != "" {
		return fault(line, "%s", text)
	}
	if line, text := s.check(head); text != "" {
		return fault(line, "%s", text)
	}
	return s, nil
}

// check says what is wrong with a file's head, and on which line; "" if nothing is.
func (s source) check(head string) (line int, fault string) {
	at := func(key string) int {
		for i, l := range strings.Split(head, "\n") {
			if strings.HasPrefix(l, key+":") {
				return i + 2
			}
		}
		return 2
	}
	switch {
	case !idForm.MatchString(s.ID):
		return at("id"), fmt.Sprintf("want an id such as tracking-id; got %q", s.ID)
	case s.Language != "da" && s.Language != "en":
		return at("language"), fmt.Sprintf("want the language da or en; got %q", s.Language)
	case s.Drop:
		return 0, ""
	case len(s.Questions) == 0 || len(s.Questions)+len(s.Also) > maxQuestions:
		return at("questions"), fmt.Sprintf("want 1 to %d questions, also included", maxQuestions)
	}
	for i, q := range append(append([]string{}, s.Questions...), s.Also...) {
		if strings.TrimSpace(q) == "" || len(q) > maxQuestion || strings.ContainsAny(q, "\n\r") {
			key := "questions"
			if i >= len(s.Questions) {
				key = "also"
			}
			return at(key), fmt.Sprintf("%q is no question: want one line of up to %d bytes", q, maxQuestion)
		}
	}
	return 0, ""
}
