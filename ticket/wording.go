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

// Date is a day as refusals name it: 2026-12-07, in Danish 7. december 2026.
type Date time.Time

// String is the day in English texts, which programs read too.
func (d Date) String() string { return time.Time(d).Format(time.DateOnly) }

// In is the day as people write it in a language of staff.
func (d Date) In(language string) string {
	if language != "da" {
		return d.String()
	}
	t := time.Time(d)
	return fmt.Sprintf("%d. %s %d", t.Day(), danishMonths[t.Month()-1], t.Year())
}

var danishMonths = [12]string{
	"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december",
}

// Say makes a Wording of a format in each language. Both get all arguments; what
// has a name of its own in a language, as states and days have, gets it there.
func Say(danish, english string, args ...any) Wording {
	return Wording{Danish: fmt.Sprintf(danish, named(args, "da")...), English: fmt.Sprintf(english, named(args, "en")...)}
}

func named(args []any, language string) []any {
	names := make([]any, len(args))
	for i, a := range args {
		names[i] = a
		if n, ok := a.(interface{ In(language string) string }); ok {
			names[i] = n.In(language)
		}
	}
	return names
}

// upperFirst begins a sentence.
func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
