package ticket

import (
	"fmt"
	"strings"
)

// fieldNames are what staff call the fields of an order.
var fieldNames = map[OrderField]Wording{
	FieldSeverity: {"alvorligheden", "the severity"}, FieldCategory: {"kategorien", "the category"}, FieldKind: {"typen", "the kind"},
	FieldTitle: {"titlen", "the title"}, FieldSprint: {"sprinten", "the sprint"}, FieldHotfix: {"hotfix", "hotfix"},
	FieldTo: {"adressen", "the address"}, FieldInto: {"sporings-ID'et", "the tracking ID"}, FieldOther: {"sporings-ID'et", "the tracking ID"},
	FieldResult: {"resultatet", "the result"}, FieldText: {"teksten", "the text"}, FieldVerified: {"det, du har kontrolleret,", "what you verified"},
	FieldLimits: {"det, det ikke gælder,", "what it does not cover"}, FieldHow: {"hvordan det prøves", "how to check it"},
	FieldReason: {"grunden", "the reason"}, FieldQuestions: {"spørgsmålene", "the questions"}, FieldPublic: {"offentlig", "public"},
	FieldQuarter: {"kvartalet", "the quarter"}, FieldReview: {"datoen", "the date"}, FieldClosing: {"måden at lukke på", "the way of closing"},
	FieldAddress: {"adressen", "the address"}, FieldName: {"navnet", "the name"},
}

// In tells, in a language of staff, what is wrong with an order given by mail and
// what can be written in its place.
func (e *OrderError) In(language string) string {
	said := Wording{e.danish(), e.english()}.In(language)
	if len(e.Possible) > 0 && e.Code != OrderConflict {
		said += Wording{". Vælg en af: ", ". Choose one of: "}.In(language) + strings.Join(e.possible(language), ", ")
	}
	if e.Suggest != "" && e.Code == OrderUnknown {
		said += fmt.Sprintf(Wording{". Mente du #%s?", ". Did you mean #%s?"}.In(language), e.suggested(language))
	}
	return said
}

func (e *OrderError) danish() string {
	command, field := "#"+e.Verb.In("da"), fieldNames[e.Field].Danish
	switch e.Code {
	case OrderUnknown:
		return fmt.Sprintf("#%s er ikke en kommando", e.Value)
	case OrderValue:
		return fmt.Sprintf("%s kan ikke være \"%s\"", field, e.Value)
	case OrderMissing:
		return fmt.Sprintf("%s mangler", field)
	case OrderExtra:
		return fmt.Sprintf("%s kan ikke have \"%s\" efter sig", command, e.Value)
	case OrderConflict:
		return fmt.Sprintf("%s er sagt på to måder; \"%s\" er ikke udført", field, valueIn(e.Value, "da"))
	case OrderLong:
		return fmt.Sprintf("%s er længere end de %d tegn, et brev kan have. Del teksten, eller vedhæft den", field, MaxText)
	case OrderMany:
		return "det er flere kommandoer, end én mail kan have. Send resten i en ny"
	}
	return fmt.Sprintf("%s står under tekst. Kommandoer står øverst i mailen, en på hver linje", command)
}

func (e *OrderError) english() string {
	command, field := "#"+string(e.Verb), fieldNames[e.Field].English
	switch e.Code {
	case OrderUnknown:
		return fmt.Sprintf("#%s is no command", e.Value)
	case OrderValue:
		return fmt.Sprintf("%s cannot be \"%s\"", field, e.Value)
	case OrderMissing:
		return fmt.Sprintf("%s is missing", field)
	case OrderExtra:
		return fmt.Sprintf("%s cannot have \"%s\" behind it", command, e.Value)
	case OrderConflict:
		return fmt.Sprintf("%s is given in two ways; \"%s\" was not done", field, valueIn(e.Value, "en"))
	case OrderLong:
		return fmt.Sprintf("%s is longer than the %d characters that a letter may have. Split the text, or attach it", field, MaxText)
	case OrderMany:
		return "these are more commands than one mail can give. Send the rest in another"
	}
	return fmt.Sprintf("%s stands below text. Commands stand at the top of the mail, one a line", command)
}

// In is the verb as it is written in mail.
func (v Verb) In(language string) string {
	w, ok := findVerb(string(v))
	if !ok {
		return string(v)
	}
	return w.In(language)
}

// In is the word as it is written in mail: the Danish one can hold a blank, which
// a command may do without.
func (w CommandWord) In(language string) string {
	return Wording{w.Danish, w.Name}.In(language)
}

// possible names the values that could stand there as they may be written.
func (e *OrderError) possible(language string) []string {
	names := make([]string, len(e.Possible))
	for i, p := range e.Possible {
		names[i] = valueIn(p, language)
	}
	return names
}

// suggested is the command that was probably meant.
func (e *OrderError) suggested(language string) string {
	word, value, _ := strings.Cut(e.Suggest, " ")
	return strings.TrimSpace(Verb(word).In(language) + " " + valueIn(value, language))
}

// valueIn is a canonical value as it may be written in a language.
func valueIn(v, language string) string {
	for _, named := range []string{Severity(v).In(language), Kind(v).In(language), Result(v).In(language)} {
		if named != v {
			return named
		}
	}
	return v
}
