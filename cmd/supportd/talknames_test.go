package main

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// talkNames are what a script calls tickets and mails, whose IDs are of chance.
type talkNames struct {
	tickets []ticket.ID // A, B, C …
	mails   []string    // key, name, …
}

// talkAlphabet are those that a tracking ID can hold.
const talkAlphabet = "ABCDEFGHJKMNPQRSTVWXYZ"

// meet gives tickets that are new their names.
func (n *talkNames) meet(all []ticket.Ticket) {
	slices.SortFunc(all, func(a, b ticket.Ticket) int { return cmp.Or(a.Opened.Compare(b.Opened), cmp.Compare(a.ID, b.ID)) })
	for _, t := range all {
		if !slices.Contains(n.tickets, t.ID) {
			n.tickets = append(n.tickets, t.ID)
		}
	}
}

func (n *talkNames) mail(key, name string) { n.mails = append(n.mails, key, name) }

// id is the ticket that a script calls A.
func (n *talkNames) id(t *testing.T, name string) ticket.ID {
	t.Helper()
	i := strings.Index(talkAlphabet, name)
	if i < 0 || i >= len(n.tickets) {
		t.Fatalf("there is no ticket %s yet", name)
	}
	return n.tickets[i]
}

// of is a ticket's name; "" if it has none.
func (n *talkNames) of(id ticket.ID) string {
	if i := slices.Index(n.tickets, id); i >= 0 {
		return talkAlphabet[i : i+1]
	}
	return ""
}

// pairs of a ticket's ID and the ID by which scripts show it.
func (n *talkNames) pairs() (pairs [][2]string) {
	for _, id := range n.tickets {
		group := strings.Repeat(n.of(id), 4)
		pairs = append(pairs, [2]string{string(id), id.Prefix() + "-" + group + "-" + group})
	}
	return pairs
}

// hide puts names for what is of chance.
func (n *talkNames) hide(lines []string) []string {
	words := slices.Clone(n.mails)
	for _, p := range n.pairs() {
		words = append(words, p[0], p[1])
	}
	r := strings.NewReplacer(words...)
	hidden := make([]string, len(lines))
	for i, l := range lines {
		hidden[i] = r.Replace(n.hideLink(l))
	}
	return hidden
}

// statusLink is the path of a signed link: ticket, expiry and mac.
var statusLink = regexp.MustCompile(`/t/([0-9a-z]+)\.[0-9a-z]+\.[0-9a-z]{21}$`)

// hideLink shows a link to the status of a ticket as /t/A.
func (n *talkNames) hideLink(line string) string {
	found := statusLink.FindStringSubmatchIndex(line)
	if found == nil {
		return line
	}
	for _, id := range n.tickets {
		if strings.ToLower(strings.ReplaceAll(string(id), "-", "")) == line[found[2]:found[3]] {
			return line[:found[2]] + n.of(id)
		}
	}
	return line
}

// reveal puts the IDs for their names.
func (n *talkNames) reveal(text string) string {
	var words []string
	for _, p := range n.pairs() {
		words = append(words, p[1], p[0])
	}
	return strings.NewReplacer(words...).Replace(text)
}
