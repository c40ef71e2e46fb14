package ticket

import (
	"slices"
	"strings"
)

// HeldOrder is what staff decide by mail on a mail that was held, in answer to the
// letter that told of it. These words are no Verbs: they do nothing to a ticket, and a
// few mean something else there.
type HeldOrder struct {
	Written string // the line as it stands
	Drop    bool   // else it is released
	Ticket  ID     // release: where to; "" for the ticket that is suspected
	New     bool   // release: to a ticket of its own
	Reason  string // drop: why, for colleagues
	Help    bool   // only asks what can be written
	Err     *OrderError
}

// ReadHeldOrders reads the lines that begin with a number sign from the top of a
// text: #frigiv or #release, with a tracking ID, ny or new, or nothing; #afvis or #drop
// with a reason. The first other line ends them.
func ReadHeldOrders(text, prefix string) []HeldOrder {
	var orders []HeldOrder
	for line := range strings.Lines(text) {
		if isBlankLine(line) {
			continue
		}
		c, ok := cutCommand(line)
		if !ok || len(orders) == maxOrders {
			break
		}
		o := HeldOrder{Written: strings.TrimSpace(line)}
		word, rest := heldWord(c)
		switch {
		case slices.Contains([]string{"frigiv", "release"}, word):
			o.to(rest, prefix)
		case slices.Contains([]string{"afvis", "drop"}, word):
			o.Drop, o.Reason = true, rest
		case slices.Contains([]string{"hjælp", "help"}, word):
			o.Help = true
		default:
			o.Err = &OrderError{Code: OrderUnknown, Value: c.typed}
		}
		orders = append(orders, o)
	}
	return orders
}

// heldWord is the first word of a command: that of a ticket may be two words long.
func heldWord(c commandLine) (word, rest string) {
	word, more, _ := strings.Cut(c.typed, " ")
	return plainText(word), strings.TrimSpace(more + " " + c.rest)
}

func (o *HeldOrder) to(where, prefix string) {
	if where == "" {
		return
	}
	if slices.Contains([]string{"ny", "new"}, plainText(unwrap(where))) {
		o.New = true
		return
	}
	id, ok := ParseID(prefix, unwrap(where))
	if !ok {
		o.Err = &OrderError{Code: OrderValue, Field: FieldInto, Value: where}
		return
	}
	o.Ticket = id
}
