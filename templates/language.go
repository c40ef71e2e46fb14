package templates

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"text/template"

	"aismarttalk.tech/supportd/ticket"
)

// language is one folder of lang: words, and the letters that are there.
type language struct {
	tag     string
	words   words
	staff   staffWords
	letters map[string]*template.Template // by file name without .tmpl
}

// Files of templates that letters share: those to reporters, and those to staff.
const (
	shared      = "shared"
	staffShared = "staff-shared"
)

// neutral is the letter to senders whose domain did not authenticate.
const neutral = "neutral"

// reporterKinds are the notices that reporters get.
func reporterKinds() []ticket.NoticeKind {
	return []ticket.NoticeKind{
		ticket.NoticeAcknowledgement, ticket.NoticeFollowup, ticket.NoticeClassified, ticket.NoticePlanned,
		ticket.NoticeSlipped, ticket.NoticeInvestigating, ticket.NoticeProgress, ticket.NoticeReply,
		ticket.NoticeWaiting, ticket.NoticeReminder, ticket.NoticeTesting, ticket.NoticeFailed,
		ticket.NoticeResolved, ticket.NoticeReopened, ticket.NoticeClosed, ticket.NoticeMerged,
		ticket.NoticeAccepted, ticket.NoticeDeferred, ticket.NoticeDeclined,
		ticket.NoticeStatus, ticket.NoticeRoadmap, ticket.NoticeConfirm,
	}
}

// staffKinds are the notices that ours get.
func staffKinds() []ticket.NoticeKind {
	return []ticket.NoticeKind{
		ticket.NoticeStaffNew, ticket.NoticeStaffCritical, ticket.NoticeStaffReopened, ticket.NoticeStaffAnswered,
		ticket.NoticeStaffRequest, ticket.NoticeStaffAssigned, ticket.NoticeStaffPlanned, ticket.NoticeStaffPushed,
		ticket.NoticeStaffTest, ticket.NoticeStaffFailed, ticket.NoticeStaffHeld, ticket.NoticeStaffBounced,
		ticket.NoticeStaffOverdue, ticket.NoticeStaffCommanded, ticket.NoticeStaffSignIn, ticket.NoticeDigest,
	}
}

// reporterLetters and staffLetters are the files of a language, without .tmpl:
// one per kind of notice, and neutral.
func reporterLetters() []string { return append([]string{neutral}, names(reporterKinds())...) }
func staffLetters() []string    { return names(staffKinds()) }

func names(kinds []ticket.NoticeKind) []string {
	all := make([]string, len(kinds))
	for i, k := range kinds {
		all[i] = string(k)
	}
	return all
}

// Languages are those that have every letter to reporters, in alphabetical order.
// Letters to staff that one of them lacks are written in a near language.
func Languages() []string {
	return slices.DeleteFunc(folders(), func(tag string) bool { return len(missing(tag, reporterLetters())) > 0 })
}

// StaffLanguages are those of Languages that have every letter to staff too.
func StaffLanguages() []string {
	return slices.DeleteFunc(Languages(), func(tag string) bool {
		return !exists(tag, staffFile) || len(missing(tag, staffLetters())) > 0
	})
}

// folders are the languages of which there is anything.
func folders() []string {
	all, err := fs.ReadDir(files, "lang")
	if err != nil {
		panic(err) // embedded: it is there
	}
	tags := make([]string, len(all))
	for i, f := range all {
		tags[i] = f.Name()
	}
	return tags
}

// missing are those of the letters that a language does not have.
func missing(tag string, letters []string) []string {
	return slices.DeleteFunc(slices.Clone(letters), func(name string) bool { return exists(tag, name+".tmpl") })
}

func exists(tag, file string) bool {
	_, err := fs.Stat(files, path.Join("lang", tag, file))
	return err == nil
}

// candidates are the languages to look for a letter in, best first. A language
// that has no folder is written in the default one.
func (s *Set) candidates(want string) []string {
	if _, ok := s.languages[want]; !ok {
		want = s.defaultLanguage
	}
	return ticket.NearLanguages(want)
}

func parseLanguage(tag string) (language, error) {
	l := language{tag: tag, letters: map[string]*template.Template{}}
	var err error
	if l.words, err = readWords(tag); err != nil {
		return l, err
	}
	if err := l.parse(reporterLetters(), shared); err != nil {
		return l, err
	}
	if !exists(tag, staffFile) {
		return l, nil
	}
	if l.staff, err = readStaffWords(tag); err != nil {
		return l, err
	}
	return l, l.parse(staffLetters(), staffShared)
}

// parse reads those of the letters that are there, each with what they share.
func (l language) parse(letters []string, with string) error {
	base := template.New("").Funcs(template.FuncMap{"sentence": sentence, "join": join, "phrase": phrase}).Funcs(markFuncs())
	if err := l.read(base, with); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, name := range letters {
		t, err := base.Clone()
		if err != nil {
			return fmt.Errorf("preparing %s in %s: %w", name, l.tag, err)
		}
		switch err := l.read(t, name); {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return err
		}
		if err := checkParts(t, base); err != nil {
			return fmt.Errorf("parsing %s in %s: %w", name, l.tag, err)
		}
		l.letters[name] = t
	}
	return nil
}

func (l language) read(t *template.Template, name string) error {
	file := path.Join("lang", l.tag, name+".tmpl")
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return fmt.Errorf("reading the texts: %w", err)
	}
	if _, err := t.Parse(string(text)); err != nil {
		return fmt.Errorf("parsing %s: %w", file, err)
	}
	return nil
}

// checkParts finds a letter without a first sentence, and a template that
// nothing would ever show because its name is no part's.
func checkParts(t, shared *template.Template) error {
	if t.Lookup("lead") == nil {
		return errors.New("it has no lead")
	}
	for _, defined := range t.Templates() {
		name := defined.Name()
		if name != "" && !slices.Contains(parts(), name) && shared.Lookup(name) == nil {
			return fmt.Errorf("%s is no part of a letter", name)
		}
	}
	return nil
}

// join puts what is known of some facts beside each other.
func join(sep string, facts ...any) string {
	var said string
	for _, f := range facts {
		s := fmt.Sprint(f)
		if s == "" {
			continue
		}
		if said != "" {
			said += sep
		}
		said += s
	}
	return said
}

// phrase puts facts into words of ours; nothing where one of them is not known.
func phrase(form string, facts ...any) string {
	for _, f := range facts {
		if fmt.Sprint(f) == "" {
			return ""
		}
	}
	return fmt.Sprintf(form, facts...)
}
