package ticket

import (
	"cmp"
	"fmt"
	"strings"
)

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
	OrderLong     OrderErrorCode = "long"     // the text is longer than MaxText
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
	case OrderLong:
		fmt.Fprintf(&b, "%s: %s has more than %d characters", e.Verb, e.Field, MaxText)
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
