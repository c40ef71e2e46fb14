package desk

import (
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// classify settles what a ticket is. A critical bug gets its place at once, and
// takes it from others if need be.
func (d *Desk) classify(tx *store.Tx, t ticket.Ticket, o asked) (Change, error) {
	c := ticket.Classify{
		Severity: o.Severity, Category: o.Category, Kind: o.Kind, Title: o.Title, Reason: o.Reason,
		Categories: d.config.Categories, Policy: d.config.Policy,
	}
	var moves []ticket.Move
	if would := c.On(t); would.Kind == ticket.KindBug && !t.Finished() && !t.Hotfix {
		p, err := d.place(tx, d.workFor(would, o.at), o.at)
		if err != nil {
			return Change{}, err
		}
		c.Full = p.full
		if would.Severity == ticket.SeverityCritical {
			c.Hotfix, c.Pushed, moves = p.slot, p.pushed, p.moves
		}
	}
	done, err := d.do(tx, t, c, o.occasion)
	if err != nil || len(done.Events) == 0 {
		return done, err
	}
	done.Others, err = d.pushOut(tx, moves, t.ID, o.occasion)
	return done, err
}

// plan puts a bug into a sprint: the one that is named, the current one for a
// hotfix, else the first with room.
func (d *Desk) plan(tx *store.Tx, t ticket.Ticket, o asked) (Change, error) {
	command := ticket.Plan{Hotfix: o.Hotfix || t.Hotfix && o.Sprint == "", Reason: o.Reason, Workaround: o.Text}
	var moves []ticket.Move
	if o.Sprint != "" {
		slot, err := d.named(tx, t, o)
		if err != nil {
			return Change{Before: t, After: t}, err
		}
		command.Sprint = slot
	} else {
		w := d.workFor(t, o.at)
		w.Hotfix = command.Hotfix
		p, err := d.place(tx, w, o.at)
		if err != nil {
			return Change{}, err
		}
		command.Sprint, command.Full, moves = p.slot, p.full, p.moves
		command.Pushed = p.pushed
		if t.Sprint.Name != "" && !o.Hotfix { // it is planned: nothing was asked for that is not so
			command.Sprint, command.Pushed, moves = t.Sprint, nil, nil
		}
	}
	done, err := d.do(tx, t, command, o.occasion)
	if err != nil || len(done.Events) == 0 {
		return done, err
	}
	done.Others, err = d.pushOut(tx, moves, t.ID, o.occasion)
	return done, err
}

// named is the sprint that an order names, if it is one to come that has room.
func (d *Desk) named(tx *store.Tx, t ticket.Ticket, o asked) (ticket.Slot, error) {
	refused := func(english, danish string, args ...any) (ticket.Slot, error) {
		return ticket.Slot{}, ticket.Refuse(ticket.RefusedInput, english, danish, args...)
	}
	calendar := d.config.Calendar
	sprint, err := ticket.ParseSprint(o.Sprint)
	current := calendar.At(o.at)
	switch {
	case err != nil || !calendar.Has(sprint):
		return refused("there is no sprint %q; the current one is %s, the next %s", "der er ingen sprint %q. Den aktuelle er %s, den næste %s", o.Sprint, current, calendar.Next(current))
	case sprint.Compare(current) < 0:
		return refused("sprint %s is over; the current one is %s, the next %s", "sprint %s er slut. Den aktuelle er %s, den næste %s", sprint, current, calendar.Next(current))
	}
	board, err := d.workOf(tx, o.at, calendar.Previous(current), current, calendar.Next(current), sprint)
	if err != nil {
		return ticket.Slot{}, err
	}
	taken := map[ticket.ID]bool{t.ID: true} // once each, and not itself
	others := board[:0]
	for _, w := range board {
		if !taken[w.ID] {
			taken[w.ID] = true
			others = append(others, w)
		}
	}
	for _, load := range calendar.Loads(others, o.at) {
		if load.Sprint == sprint.String() && load.Free() == 0 && t.Sprint.Name != sprint.String() {
			return refused("sprint %s is full: %d of %d places are taken; name a later one, or move another ticket first",
				"sprint %s er fuld: %d af %d pladser er taget. Vælg en senere, eller flyt en anden billet først", sprint, load.Taken, load.Capacity)
		}
	}
	return d.slot(sprint), nil
}
