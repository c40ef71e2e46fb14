package ticket

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Read returns the order in canonical form: verb and values by their English
// names whatever language they came in, IDs, dates and sprints in one writing,
// texts trimmed, what goes without saying said. The error is an *OrderError.
// Whether the ticket and the person let it happen is not its question.
func (o Order) Read(terms OrderTerms) (Order, error) {
	if err := o.read(terms); err != nil {
		return Order{}, err
	}
	return o, nil
}

func (o *Order) read(terms OrderTerms) *OrderError {
	word, ok := findVerb(string(o.Verb))
	if !ok {
		return &OrderError{Code: OrderUnknown, Value: string(o.Verb), Suggest: nearest(plainText(string(o.Verb)), verbNames())}
	}
	o.Verb = word.Verb
	if o.Result == "" {
		o.Result = word.itself.Result
	}
	o.Public = o.Public || word.itself.Public
	o.trim()
	for _, f := range o.Fields() {
		if !slices.Contains(word.Fields, f) {
			return &OrderError{Code: OrderExtra, Verb: o.Verb, Field: f, Value: o.shown(f)}
		}
	}
	for _, f := range orderTexts {
		if v := o.at(f); *v != "" {
			if err := terms.read(f, v); err != nil {
				err.Verb = o.Verb
				return err
			}
		}
	}
	o.assume()
	if f, long := o.tooLong(); long {
		return &OrderError{Code: OrderLong, Verb: o.Verb, Field: f}
	}
	return o.lacks(word)
}

// MaxText is how long a text may be that a letter takes, in characters: a longer one
// would be cut, and its reader not know.
const MaxText = 8_000

// tooLong is the first field whose text does not fit into a letter. A note that stays
// inside goes into none.
func (o *Order) tooLong() (OrderField, bool) {
	if o.Verb == VerbNote && !o.Public {
		return "", false
	}
	for _, f := range []OrderField{FieldText, FieldVerified, FieldLimits, FieldHow, FieldReason} {
		if utf8.RuneCountInString(*o.at(f)) > MaxText {
			return f, true
		}
	}
	return FieldQuestions, utf8.RuneCountInString(strings.Join(o.Questions, "")) > MaxText
}

// shown is the value of a field for a message; lists and switches have none.
func (o *Order) shown(f OrderField) string {
	if v := o.at(f); v != nil {
		return *v
	}
	return ""
}

func (o *Order) trim() {
	for _, f := range orderTexts {
		v := o.at(f)
		*v = strings.TrimSpace(*v)
		if f == FieldTitle || f == FieldName {
			*v = strings.Join(strings.Fields(*v), " ") // one line
		}
	}
	asked := make([]string, 0, len(o.Questions))
	for _, q := range o.Questions {
		if q = strings.TrimSpace(q); q != "" {
			asked = append(asked, q)
		}
	}
	o.Questions = nil
	if len(asked) > 0 {
		o.Questions = asked
	}
}

// assume fills in what goes without saying.
func (o *Order) assume() {
	switch {
	case o.Verb == VerbTest && o.Result == "":
		o.Result = ResultFixed
	case o.Verb == VerbClose && o.Closing == "":
		o.Closing = ClosingStaff
	case o.Verb == VerbResolve && o.Result == "" && o.Verified == "":
		o.Result = ResultAnswer
	}
}

// lacks tells what the order cannot do without, and what excludes the other.
func (o *Order) lacks(word CommandWord) *OrderError {
	missing := func(f OrderField) *OrderError { return &OrderError{Code: OrderMissing, Verb: o.Verb, Field: f} }
	for _, f := range word.Needs {
		if *o.at(f) == "" {
			return missing(f)
		}
	}
	switch {
	case o.Verb == VerbClassify && len(o.Fields()) == 0:
		return missing(FieldSeverity)
	case o.Verb == VerbAsk && o.Text == "" && len(o.Questions) == 0:
		return missing(FieldQuestions)
	case o.Verb == VerbResolve && o.Result == ResultAnswer && o.Text == "":
		return missing(FieldText)
	case o.Verb == VerbTest && o.Result == ResultAnswer:
		return &OrderError{Code: OrderValue, Verb: o.Verb, Field: FieldResult, Value: string(o.Result),
			Possible: []string{string(ResultFixed), string(ResultWorkaround)}}
	case o.Verb == VerbPlan && o.Hotfix && o.Sprint != "":
		return &OrderError{Code: OrderConflict, Verb: o.Verb, Field: FieldSprint, Value: o.Sprint} // a hotfix is the current sprint's
	case o.Verb == VerbClose && o.Closing == ClosingConfirmed && o.Reason != "":
		return &OrderError{Code: OrderConflict, Verb: o.Verb, Field: FieldReason, Value: o.Reason}
	}
	return nil
}
