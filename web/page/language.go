package page

import (
	"net/http"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

const (
	languageParam  = "lang"
	languageCookie = "lang"
	// maxAccept bounds what is read of an Accept-Language header, in bytes.
	maxAccept = 200
)

// language is that of a page for a request: the one that the reader chose here, now
// or before, else the nearest to what his browser asks for.
func (s *Site) language(r *http.Request, have []string) string {
	if chosen := r.URL.Query().Get(languageParam); slices.Contains(have, chosen) {
		return chosen
	}
	if c, err := r.Cookie(languageCookie); err == nil && slices.Contains(have, c.Value) {
		return c.Value
	}
	return s.wanted(r.Header.Get("Accept-Language"), have)
}

func (s *Site) wanted(accept string, have []string) string {
	preferred := slices.Clone(have) // a matcher's first is what it falls back to
	slices.SortStableFunc(preferred, func(a, b string) int {
		return rank(a, s.cfg.DefaultLanguage) - rank(b, s.cfg.DefaultLanguage)
	})
	tags := make([]language.Tag, len(preferred))
	for i, tag := range preferred {
		tags[i] = language.Make(tag)
	}
	if len(accept) > maxAccept {
		accept = accept[:strings.LastIndexByte(accept[:maxAccept], ',')+1]
	}
	wanted, _, err := language.ParseAcceptLanguage(strings.TrimSuffix(accept, ","))
	if err != nil {
		wanted = nil
	}
	_, best, _ := language.NewMatcher(tags).Match(wanted...)
	return preferred[best]
}

func rank(tag, first string) int {
	switch tag {
	case first:
		return 0
	case "en": // what most can read
		return 1
	}
	return 2
}

// remember keeps the language that the reader chose with a link.
func (s *Site) remember(w http.ResponseWriter, r *http.Request, lang string) {
	if r.URL.Query().Get(languageParam) != lang {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: languageCookie, Value: lang, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode,
	})
}

// LanguageLink leads to the same page in another language.
type LanguageLink struct {
	Tag, Name, URL string
}

// languageLinks are the other languages that a page can be had in, where the reader
// may choose.
func languageLinks(r *http.Request, have []string, now string) []LanguageLink {
	var links []LanguageLink
	for _, tag := range have {
		if tag == now {
			continue
		}
		q := r.URL.Query()
		q.Set(languageParam, tag)
		links = append(links, LanguageLink{Tag: tag, Name: languageName(tag), URL: "?" + q.Encode()})
	}
	return links
}

// languageName is what a language calls itself.
func languageName(tag string) string {
	if name, ok := map[string]string{
		"da": "Dansk", "de": "Deutsch", "en": "English", "es": "Español", "fr": "Français",
		"it": "Italiano", "nb": "Norsk", "nl": "Nederlands", "pl": "Polski", "sv": "Svenska",
	}[tag]; ok {
		return name
	}
	return tag
}
