package templates

import (
	"fmt"
	"path"

	"aismarttalk.tech/supportd/ticket"
)

const staffFile = "staff.json"

// staffWords are the further words of a language that has letters to staff.
type staffWords struct {
	Marker   string                        `json:"marker"`   // first line
	Commands string                        `json:"commands"` // above the lines that an answer may hold
	Show     string                        `json:"show"`     // above the command that shows the ticket
	Open     string                        `json:"open"`     // the link
	Waiting  string                        `json:"waiting"`  // the state, as we see it
	Where    map[string]string             `json:"where"`
	Trust    map[ticket.Trust]string       `json:"trust"`
	Promises map[ticket.PromiseKind]string `json:"promises"`
	Letters  map[ticket.NoticeKind]string  `json:"letters"` // what each letter to a reporter is called
}

func readStaffWords(tag string) (staffWords, error) {
	var w staffWords
	if err := readTable(path.Join("lang", tag, staffFile), &w); err != nil {
		return w, err
	}
	if err := w.complete(); err != nil {
		return w, fmt.Errorf("reading the words of %s for staff: %w", tag, err)
	}
	return w, nil
}

func (w staffWords) complete() error {
	for _, t := range []ticket.Trust{ticket.TrustVerified, ticket.TrustUnverified, ticket.TrustFailed, ticket.TrustNone} {
		if w.Trust[t] == "" {
			return fmt.Errorf("the trust %s has no name", t)
		}
	}
	for _, p := range []ticket.PromiseKind{ticket.PromiseAssess, ticket.PromiseAnswer} {
		if w.Promises[p] == "" {
			return fmt.Errorf("the promise %s has no name", p)
		}
	}
	for _, k := range reporterKinds() {
		if w.Letters[k] == "" {
			return fmt.Errorf("the letter %s has no name", k)
		}
	}
	return named(map[string]string{
		"marker": w.Marker, "commands": w.Commands, "show": w.Show, "open": w.Open, "waiting": w.Waiting,
	})
}

// stateForStaff names a state as those do who wait for the client.
func (l language) stateForStaff(s ticket.State) string {
	if s == ticket.StateWaiting {
		return l.staff.Waiting
	}
	return l.words.States[s]
}
