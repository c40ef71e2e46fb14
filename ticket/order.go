package ticket

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
