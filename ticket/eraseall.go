package ticket

import "slices"

// EraseAll takes everybody who is not one of ours out of a ticket whose time is over,
// one after the other as an Erasure does the reporter. What remains is numbers, states,
// dates and what staff chose. It returns the events, and who was taken out.
func EraseAll(t Ticket, events []Event) ([]Event, []Erasure) {
	var erasures []Erasure
	for _, address := range people(events) {
		x, there := EraseFrom(t, events, address)
		if !there {
			continue
		}
		x.Reporter = true // every word goes, whoever he was
		events = x.Events(events)
		t = Ticket{}.Apply(events...)
		erasures = append(erasures, x)
	}
	if len(erasures) == 0 { // nobody is named: the words go all the same
		x := Erasure{Address: "nobody@" + erasedDomain, Reporter: true, As: "erased-1@" + erasedDomain}
		events, erasures = x.Events(events), append(erasures, x)
	}
	return wordless(events), erasures
}

// people are the addresses that wrote or were written to, in order of appearance,
// without those that are erased already.
func people(events []Event) []string {
	var list []string
	add := func(address string) {
		address = FoldAddress(address)
		if address != "" && Domain(address) != erasedDomain && !slices.Contains(list, address) {
			list = append(list, address)
		}
	}
	for _, e := range events {
		if e.Opening != nil {
			for _, p := range e.Opening.Participants {
				add(p.Address)
			}
		}
		if e.Entry != nil {
			add(e.Entry.From.Address)
			for _, p := range e.Entry.Joins {
				add(p.Address)
			}
		}
		if e.Participant != nil {
			add(e.Participant.Address)
		}
		for _, j := range e.Joined {
			add(j.Address)
		}
	}
	return list
}

// wordless takes the words out of mails that name no sender.
func wordless(events []Event) []Event {
	for i, e := range events {
		if e.Entry != nil && e.Entry.From.Address == "" {
			entry := Erasure{}.entry(*e.Entry)
			events[i].Entry = &entry
		}
	}
	return events
}
