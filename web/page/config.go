package page

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/templates"
)

// Config says in whose name pages are shown.
type Config struct {
	DeskName        string // at the top of each page
	Support         string // the address that an error page refers to
	DefaultLanguage string // for readers who name none that we have
	// PublicURL is where links begin that leave the page, without a slash at its end;
	// "" where none is configured. The Host header is never believed instead
	// (bad-input 144).
	PublicURL string
}

// Validate reports all that is wrong.
func (c Config) Validate() error {
	var errs []error
	if strings.TrimSpace(c.DeskName) == "" {
		errs = append(errs, errors.New("page: the desk has no name"))
	}
	if !slices.Contains(templates.Languages(), c.DefaultLanguage) {
		errs = append(errs, fmt.Errorf("page: there are no texts in the language %q", c.DefaultLanguage))
	}
	errs = append(errs, ValidPublicURL(c.PublicURL))
	return errors.Join(errs...)
}

// ValidPublicURL reports what is wrong with a public URL.
func ValidPublicURL(text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil ||
		u.RawQuery != "" || u.Fragment != "" || strings.HasSuffix(text, "/") {
		return fmt.Errorf("want an address such as https://support.firma.example, without a slash at its end; got %q", text)
	}
	return nil
}

// Deps are what a site works with.
type Deps struct {
	Texts *templates.Set // names of states, severities and categories; dates
	Now   func() time.Time
	Log   zerolog.Logger
}
