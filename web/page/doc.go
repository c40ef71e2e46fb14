// Package page is the shell of every page that supportd shows: layout, style
// sheet, words and dates of a language, shapes of states and severities, forms,
// errors, and what stands before a page: headers, limits, and the check that a form
// came from a page of ours.
//
// It stands on floor 1 and imports ticket and templates. Its one rule: a page is
// complete without scripts, holds no style or script of its own, and is written in
// one language throughout.
//
// A door that shows pages has a folder of templates and one of words, makes [Pages]
// of them with [Site.Pages], and returns [Mount]s that cmd hangs into the server:
//
//	pages/report.html      defines "main"; files that begin with _ are shared
//	words/da.json, en.json the same keys in each
//
// A template sees a [Context]: {{.T "title"}} is a word of the door's table,
// {{.State s}} and {{.Severity s true}} are a shape with its word, {{.Date t}} and
// its like write times as the language does, {{.Data}} is what the handler gave.
package page
