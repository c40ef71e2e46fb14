package ticket

import (
	"cmp"
	"fmt"
	"net/mail"
	"slices"
	"strings"
)

// Order is what somebody at any door asks to have done to a ticket, before it
// is a Command: a line of mail, a command line, a body of the API. Which fields
// count depends on the verb; Verbs lists them. As it comes it may bear the
// words people write ("kritisk"); Read turns it into its canonical form.
type Order struct {
	Verb Verb `json:"command"`

	Severity Severity `json:"severity,omitempty"`
	Category string   `json:"category,omitempty"`
	Kind     Kind     `json:"kind,omitempty"`
	Title    string   `json:"title,omitempty"`  // public, never the reporter's subject
	Sprint   string   `json:"sprint,omitempty"` // 2026-25; "" lets capacity decide
	Hotfix   bool     `json:"hotfix,omitempty"`

	To    string `json:"to,omitempty"`    // assign: an address, or "me"
	Into  ID     `json:"into,omitempty"`  // merge: the ticket that stays
	Other ID     `json:"other,omitempty"` // link

	Result    Result   `json:"result,omitempty"`
	Text      string   `json:"text,omitempty"`
	Verified  string   `json:"verified,omitempty"`
	Limits    string   `json:"limits,omitempty"`
	How       string   `json:"how,omitempty"` // test: how to check it
	Reason    string   `json:"reason,omitempty"`
	Questions []string `json:"questions,omitempty"`
	Public    bool     `json:"public,omitempty"` // note: the reporter reads it

	Quarter string  `json:"quarter,omitempty"` // 2026-Q4
	Review  string  `json:"review,omitempty"`  // the day to look again, 2026-12-01
	Closing Closing `json:"closing,omitempty"`

	Address string `json:"address,omitempty"` // invite, dismiss
	Name    string `json:"name,omitempty"`
}

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

// OrderField names a field of an order as JSON does.
type OrderField string

// Fields of an order.
const (
	FieldSeverity  OrderField = "severity"
	FieldCategory  OrderField = "category"
	FieldKind      OrderField = "kind"
	FieldTitle     OrderField = "title"
	FieldSprint    OrderField = "sprint"
	FieldHotfix    OrderField = "hotfix"
	FieldTo        OrderField = "to"
	FieldInto      OrderField = "into"
	FieldOther     OrderField = "other"
	FieldResult    OrderField = "result"
	FieldText      OrderField = "text"
	FieldVerified  OrderField = "verified"
	FieldLimits    OrderField = "limits"
	FieldHow       OrderField = "how"
	FieldReason    OrderField = "reason"
	FieldQuestions OrderField = "questions"
	FieldPublic    OrderField = "public"
	FieldQuarter   OrderField = "quarter"
	FieldReview    OrderField = "review"
	FieldClosing   OrderField = "closing"
	FieldAddress   OrderField = "address"
	FieldName      OrderField = "name"
)

// orderTexts are the fields that hold one text, in the order in which faults
// are told.
var orderTexts = []OrderField{
	FieldSeverity, FieldCategory, FieldKind, FieldTitle, FieldSprint, FieldTo, FieldInto, FieldOther, FieldResult, FieldText,
	FieldVerified, FieldLimits, FieldHow, FieldReason, FieldQuarter, FieldReview, FieldClosing, FieldAddress, FieldName,
}

// at is where a field of one text stands; nil for the others.
func (o *Order) at(f OrderField) *string {
	switch f {
	case FieldSeverity:
		return (*string)(&o.Severity)
	case FieldCategory:
		return &o.Category
	case FieldKind:
		return (*string)(&o.Kind)
	case FieldTitle:
		return &o.Title
	case FieldSprint:
		return &o.Sprint
	case FieldTo:
		return &o.To
	case FieldInto:
		return (*string)(&o.Into)
	case FieldOther:
		return (*string)(&o.Other)
	case FieldResult:
		return (*string)(&o.Result)
	case FieldText:
		return &o.Text
	case FieldVerified:
		return &o.Verified
	case FieldLimits:
		return &o.Limits
	case FieldHow:
		return &o.How
	case FieldReason:
		return &o.Reason
	case FieldQuarter:
		return &o.Quarter
	case FieldReview:
		return &o.Review
	case FieldClosing:
		return (*string)(&o.Closing)
	case FieldAddress:
		return &o.Address
	case FieldName:
		return &o.Name
	}
	return nil
}

// Fields lists the fields that the order sets.
func (o Order) Fields() []OrderField {
	var set []OrderField
	for _, f := range orderTexts {
		if *o.at(f) != "" {
			set = append(set, f)
		}
	}
	if o.Hotfix {
		set = append(set, FieldHotfix)
	}
	if len(o.Questions) > 0 {
		set = append(set, FieldQuestions)
	}
	if o.Public {
		set = append(set, FieldPublic)
	}
	return set
}

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
	return o.lacks(word)
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

// OrderError says why an order could not be read. A door puts it into words
// with what it knows of its reader's language.
type OrderError struct {
	Code     OrderErrorCode
	Verb     Verb       // "" where it is the verb that is unknown
	Field    OrderField // "" where no single field is meant
	Value    string     // as it was written
	Possible []string   // what could stand there, by canonical names; nil where that is no list
	Suggest  string     // what was probably meant; never done unasked
}

// OrderErrorCode lets a door branch on an OrderError.
type OrderErrorCode string

// Codes of faults in orders.
const (
	OrderUnknown  OrderErrorCode = "unknown"  // no such command
	OrderValue    OrderErrorCode = "value"    // the field cannot have this value
	OrderMissing  OrderErrorCode = "missing"  // the field is needed
	OrderExtra    OrderErrorCode = "extra"    // the command takes no such thing
	OrderConflict OrderErrorCode = "conflict" // the field contradicts another, or itself
	OrderPlace    OrderErrorCode = "place"    // mail: a command below loose text
	OrderMany     OrderErrorCode = "many"     // mail: more commands than one mail may give
)

// Error is the fault for logs; people are told by their door.
func (e *OrderError) Error() string {
	var b strings.Builder
	switch e.Code {
	case OrderUnknown:
		fmt.Fprintf(&b, "%q is no command", e.Value)
	case OrderValue:
		fmt.Fprintf(&b, "%s: %s cannot be %q", e.Verb, e.Field, e.Value)
	case OrderMissing:
		fmt.Fprintf(&b, "%s: %s is missing", e.Verb, e.Field)
	case OrderExtra:
		fmt.Fprintf(&b, "%s does not take %s", e.Verb, cmp.Or(string(e.Field), "anything behind it"))
	case OrderConflict:
		fmt.Fprintf(&b, "%s: %s contradicts what stands beside it", e.Verb, e.Field)
	case OrderMany:
		fmt.Fprintf(&b, "%s is one command too many", e.Verb)
	case OrderPlace:
		fmt.Fprintf(&b, "%s stands below text: commands stand at the top", e.Verb)
	}
	if len(e.Possible) > 0 {
		fmt.Fprintf(&b, "; possible: %s", strings.Join(e.Possible, ", "))
	}
	if e.Suggest != "" {
		fmt.Fprintf(&b, "; perhaps %s was meant", e.Suggest)
	}
	return b.String()
}
