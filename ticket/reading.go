package ticket

// Severity is how bad a fault is, claimed by the reporter or confirmed by staff.
type Severity string

// Levels of severity. On the process page kritisk is critical and
// ikke-kritisk is all the rest.
const (
	SeverityCritical Severity = "critical"
	SeverityHigh     Severity = "high"
	SeverityNormal   Severity = "normal"
	SeverityLow      Severity = "low"
)

// Where a claim's evidence stood.
const (
	WhereSubject = "subject"
	WhereBody    = "body"
	WhereHeader  = "header"
	WhereNone    = "none"
)

// Claim is the severity that the reporter marked, with the evidence. It is
// shown and it alerts; it decides nothing until staff confirm it.
type Claim struct {
	Severity Severity `json:"severity"`
	Evidence string   `json:"evidence"` // the phrase as written, "" if none
	Where    string   `json:"where"`    // subject, body, header, none
	Rule     string   `json:"rule"`     // the rule that found it
}

// Kind is what a ticket is about.
type Kind string

// Kinds of tickets.
const (
	KindBug            Kind = "bug"
	KindQuestion       Kind = "question"
	KindFeatureRequest Kind = "feature_request"
)

// Category is a subject area, with the phrases that suggested it.
type Category struct {
	Name     string   `json:"name"`
	Evidence []string `json:"evidence"`
}

// CategoryOther is the category of what fits none.
const CategoryOther = "other"

// Reading is what the classifier understood of a message: each answer with its
// evidence, none of it binding for staff.
type Reading struct {
	Language     string `json:"language"`      // BCP 47 primary tag of the new text: da, sv, nb, …; "" if in doubt
	LanguageSure bool   `json:"language_sure"` // false: a guess; use what is known of the sender first
	Claim        Claim  `json:"claim"`
	Impact       string `json:"impact"` // "severe" or ""
	// ImpactEvidence is the passage that tells of the impact, as written.
	ImpactEvidence string   `json:"impact_evidence"`
	Category       Category `json:"category"`
	Kind           Kind     `json:"kind"`
}
