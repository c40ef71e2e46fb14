package page

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// FieldKind is how a field is filled in.
type FieldKind string

// Kinds of fields.
const (
	FieldText   FieldKind = "text"
	FieldEmail  FieldKind = "email"
	FieldArea   FieldKind = "area"
	FieldChoice FieldKind = "choice" // one of its options, all of them shown
	FieldSelect FieldKind = "select" // one of its options, folded
	FieldFiles  FieldKind = "files"
)

// Field is one of a form, with what the reader wrote and what is wrong with it. All
// texts are in his language. The template "field" draws it, with its label.
type Field struct {
	Name         string
	Kind         FieldKind
	Label        string
	Hint         string // under the label
	Value        string
	Fault        string // what to change; "" for nothing
	Autocomplete string // of HTML: email, name
	Required     bool
	Max          int // longest value, in runes; 0 for any
	Options      []Option
}

// Option is one value of a field.
type Option struct {
	Value, Label, Hint string
	Chosen             bool
}

// Form is some fields as a reader sent them. The template "faults" lists what is
// wrong, each with a link to its field; it belongs above the form.
type Form struct {
	Fields []Field
}

// Read takes what was sent into the fields, with line ends as Go has them and
// without blanks at either end. What is longer than a field allows is kept, and
// found at fault by Long.
func (f *Form) Read(sent url.Values) {
	for i := range f.Fields {
		one := &f.Fields[i]
		text := strings.ToValidUTF8(sent.Get(one.Name), "\uFFFD")
		one.Value = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
		for j := range one.Options {
			one.Options[j].Chosen = one.Options[j].Value == one.Value
		}
	}
}

// Value is what stands in a field.
func (f Form) Value(name string) string {
	for _, one := range f.Fields {
		if one.Name == name {
			return one.Value
		}
	}
	return ""
}

// Fault notes what is wrong with a field; of several faults the first stays.
func (f *Form) Fault(name, text string) {
	for i := range f.Fields {
		if f.Fields[i].Name == name && f.Fields[i].Fault == "" {
			f.Fields[i].Fault = text
		}
	}
}

// Faults are the fields that something is wrong with.
func (f Form) Faults() []Field {
	var wrong []Field
	for _, one := range f.Fields {
		if one.Fault != "" {
			wrong = append(wrong, one)
		}
	}
	return wrong
}

// Missing reports whether a field that must be filled in is empty.
func (f Field) Missing() bool { return f.Required && f.Value == "" }

// Long reports whether more was written than fits.
func (f Field) Long() bool { return f.Max > 0 && utf8.RuneCountInString(f.Value) > f.Max }

// Known reports whether the value is one of the options, or none where none is
// needed.
func (f Field) Known() bool {
	if f.Value == "" {
		return !f.Required
	}
	for _, o := range f.Options {
		if o.Value == f.Value {
			return true
		}
	}
	return false
}

// ID is that of its element, to which the summary of faults links; HintID and
// FaultID are those of the texts that describe it.
func (f Field) ID() string      { return "f-" + f.Name }
func (f Field) HintID() string  { return f.ID() + "-hint" }
func (f Field) FaultID() string { return f.ID() + "-fault" }

// Described are the IDs of the texts that describe the field; "" for none.
func (f Field) Described() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.HintID())
	}
	if f.Fault != "" {
		ids = append(ids, f.FaultID())
	}
	return strings.Join(ids, " ")
}
