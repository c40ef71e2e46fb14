package ticket

import (
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"
)

// String is the English text, so that a Wording can stand among the arguments of
// an English format.
func (w Wording) String() string { return w.English }

// What staff are told a thing is called, in Danish. State words are labels and
// never inflected.
var (
	stateNames = map[State]Wording{
		StateReported: {"Modtaget", "Received"}, StateClassified: {"Klassificeret", "Classified"}, StatePlanned: {"Planlagt", "Planned"},
		StateInvestigating: {"Under udredning", "Under investigation"}, StateTesting: {"I test", "In testing"},
		StateResolved: {"Løst", "Resolved"}, StateClosed: {"Lukket", "Closed"}, StateWaiting: {"Afventer kunden", "Waiting for the client"},
	}
	kindNames = map[Kind]Wording{
		KindBug: {"fejl", "bug"}, KindQuestion: {"spørgsmål", "question"}, KindFeatureRequest: {"ønske", "feature request"},
	}
	severityNames = map[Severity]Wording{
		SeverityCritical: {"kritisk", "critical"}, SeverityHigh: {"høj", "high"}, SeverityNormal: {"normal", "normal"}, SeverityLow: {"lav", "low"},
	}
	resultNames = map[Result]Wording{
		ResultFixed: {"rettet", "fixed"}, ResultWorkaround: {"midlertidig løsning", "workaround"}, ResultAnswer: {"svar", "answer"},
		ResultDeclined: {"afvist", "declined"}, ResultMerged: {"flettet", "merged"},
	}
)

// In is the state as staff read it.
func (s State) In(language string) string { return nameIn(stateNames, s, language) }

// In is the kind as staff read it, and may write it.
func (k Kind) In(language string) string { return nameIn(kindNames, k, language) }

// In is the severity as staff read it, and may write it.
func (s Severity) In(language string) string { return nameIn(severityNames, s, language) }

// In is the result as staff read it.
func (r Result) In(language string) string { return nameIn(resultNames, r, language) }

func nameIn[T ~string](names map[T]Wording, v T, language string) string {
	if w, ok := names[v]; ok {
		return w.In(language)
	}
	return string(v) // what somebody wrote and nothing is called
}

// date is a day in a refusal: 2026-12-07, in Danish 7. december 2026.
type date time.Time

func (d date) String() string { return time.Time(d).Format(time.DateOnly) }

func (d date) In(language string) string {
	if language != "da" {
		return d.String()
	}
	t := time.Time(d)
	return fmt.Sprintf("%d. %s %d", t.Day(), danishMonths[t.Month()-1], t.Year())
}

var danishMonths = [12]string{
	"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december",
}

// danishName is an argument of a text as its Danish form names it.
func danishName(arg any) any {
	if named, ok := arg.(interface{ In(language string) string }); ok {
		return named.In("da")
	}
	return arg
}

// upperFirst begins a sentence.
func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
