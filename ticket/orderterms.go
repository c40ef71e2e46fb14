package ticket

import (
	"net/mail"
	"slices"
	"strings"
)

// OrderTerms is what reading an order needs to know of the desk.
type OrderTerms struct {
	Prefix string // of tracking IDs
	// Categories are the desk's subject areas. Without any, every category is
	// taken as it is written.
	Categories []Term
}

// Term is a name and the further words it goes by, in any language.
type Term struct {
	Name  string
	Words []string
}

// What staff may write for a value, in the languages that letters are written
// in: an order names a level as its writer's console or letter showed it.
var (
	severityTerms = []Term{
		{string(SeverityCritical), []string{"kritisk", "kritiskt", "kritisch", "kritiek", "critique", "crítica", "crítico", "critica", "critico", "krytyczna", "krytyczny"}},
		{string(SeverityHigh), []string{"høj", "høy", "hög", "hoch", "hoog", "élevée", "élevé", "haute", "alta", "alto", "wysoka", "wysoki"}},
		{string(SeverityNormal), []string{"normalt", "middel", "medium", "normaal", "normale", "normalna", "normalny"}},
		{string(SeverityLow), []string{"lav", "lavt", "låg", "niedrig", "laag", "faible", "basse", "baja", "bajo", "bassa", "basso", "niska", "niski"}},
	}
	kindTerms = []Term{
		{string(KindBug), []string{"fejl", "fault", "error", "fel", "feil", "fehler", "fout", "erreur", "errore", "błąd"}},
		{string(KindQuestion), []string{"spørgsmål", "fråga", "frage", "vraag", "pregunta", "domanda", "pytanie"}},
		{string(KindFeatureRequest), []string{"ønske", "forslag", "idé", "feature", "request", "idea", "önskemål", "wunsch", "wens", "demande", "petición", "richiesta", "życzenie"}},
	}
	resultTerms = []Term{
		{string(ResultFixed), []string{"rettet", "løst", "rettelse", "fix"}},
		{string(ResultWorkaround), []string{"midlertidig løsning", "work-around"}},
		{string(ResultAnswer), []string{"svar", "besvaret", "answered"}},
	}
	closingTerms = []Term{
		{string(ClosingConfirmed), []string{"bekræftet", "bekræft", "confirm"}},
		{string(ClosingStaff), []string{"support", "personale"}},
	}
)

// read turns the value of one field into its canonical form.
func (t OrderTerms) read(f OrderField, v *string) *OrderError {
	ok := true
	switch f {
	case FieldSeverity, FieldKind, FieldResult, FieldClosing, FieldCategory:
		return t.readTerm(f, v)
	case FieldSprint:
		ok = readSprint(v)
	case FieldQuarter:
		ok = readQuarter(v)
	case FieldReview:
		ok = readDate(v)
	case FieldInto, FieldOther:
		var id ID
		if id, ok = ParseID(t.Prefix, unwrap(*v)); ok {
			*v = string(id)
		}
	case FieldTo, FieldAddress:
		ok = readAddress(v, f == FieldTo)
	}
	if ok {
		return nil
	}
	return &OrderError{Code: OrderValue, Field: f, Value: *v}
}

// readTerm reads a field that has one of a few values.
func (t OrderTerms) readTerm(f OrderField, v *string) *OrderError {
	terms := map[OrderField][]Term{
		FieldSeverity: severityTerms, FieldKind: kindTerms, FieldResult: resultTerms, FieldClosing: closingTerms, FieldCategory: t.Categories,
	}[f]
	if len(terms) == 0 {
		*v = unwrap(plainText(*v))
		return nil
	}
	if name, ok := findTerm(*v, terms); ok {
		*v = name
		return nil
	}
	err := &OrderError{Code: OrderValue, Field: f, Value: *v}
	var words []string
	for _, t := range terms {
		err.Possible = append(err.Possible, t.Name)
		words = append(append(words, t.Name), t.Words...)
	}
	err.Suggest, _ = findTerm(nearest(plainText(unwrap(*v)), words), terms)
	return err
}

// unwrap drops the brackets and full stops that stand around a value.
func unwrap(v string) string { return strings.Trim(v, " \t.,;:!?()[]<>\"'") }

// findTerm finds a term by its name or one of its words. Blanks, hyphens and
// underscores between two words are alike.
func findTerm(typed string, terms []Term) (name string, ok bool) {
	typed = joined(unwrap(plainText(typed)))
	if typed == "" {
		return "", false
	}
	for _, t := range terms {
		for _, w := range append([]string{t.Name}, t.Words...) {
			if sameWord(typed, joined(plainText(w))) {
				return t.Name, true
			}
		}
	}
	return "", false
}

// joined is a word of several parts in one writing: not-yet.
func joined(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' || r == '_' || r == '\t' }), "-")
}

// readAddress reads a mailbox with or without a name around it, and "me" in
// the languages of staff.
func readAddress(v *string, me bool) bool {
	typed := strings.TrimPrefix(strings.TrimRight(*v, " \t.,;:!"), "mailto:")
	if me && slices.Contains([]string{"me", "mig", "myself", "mig selv"}, plainText(typed)) {
		*v = "me"
		return true
	}
	a, err := mail.ParseAddress(typed)
	if err != nil {
		return false
	}
	*v = a.Address
	return true
}
