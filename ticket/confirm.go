package ticket

import (
	"slices"
	"strings"
	"time"
)

// A mail that failed the check of its sender, in the name of somebody who takes part
// in the ticket that it names, is held. He is asked by a letter whether he wrote it.
// That letter goes to him alone, and its reply address bears a token that is in no
// other: who writes to that address reads his mailbox.

// ConfirmFor is how long the question can be answered. After that, staff decide.
const ConfirmFor = 7 * 24 * time.Hour

// AskOwner asks a participant whether he wrote a mail that was held. It repeats
// nothing of that mail, not even its Message-ID.
func (c Correspondence) AskOwner(t Ticket, mail string, to Participant, at time.Time) Notice {
	return Notice{
		Kind: NoticeConfirm, To: Address{Name: to.Name, Address: to.Address}, Language: c.LetterLanguage(t.Language),
		Facts: Facts{Neutral: true, Shown: t.ID, Mail: mail, Expires: at.Add(ConfirmFor)},
	}
}

// ConfirmToken is what stands behind the last + of that letter's reply address: it
// names the letter, and is bound to the held mail and to the person who was asked. It
// is no ReplyToken, and grants nothing else.
func (k Keyring) ConfirmToken(letter ID, mail, address string) string {
	return letter.compact() + k.sign("confirm", string(letter), mail, FoldAddress(address))
}

// VerifyConfirm reports whether a token is that of a question which was asked.
func (k Keyring) VerifyConfirm(token string, n Notice) bool {
	letter, ok := TokenTicket(token)
	if !ok || letter != n.Ticket || n.Kind != NoticeConfirm {
		return false
	}
	token = strings.ToLower(token)
	return k.verify(token[len(token)-1-macLen:], "confirm", string(letter), n.Facts.Mail, FoldAddress(n.To.Address))
}

// Confirmation is what somebody answers who was asked whether he wrote a mail.
type Confirmation string

// Confirmations.
const (
	ConfirmYes     Confirmation = "yes"
	ConfirmNo      Confirmation = "no"
	ConfirmUnclear Confirmation = "unclear" // neither is said plainly
)

// yesNo are the words of a language. Those of yes count wherever they begin a line,
// since no vacation answer begins so. Those of sure and no must stand for themselves,
// before a comma or the line's end: "Tak." is a yes in Polish, "Si es urgente" and
// "Nie ma mnie" are none.
type yesNo struct{ yes, sure, no []string }

func yesNoIn(language string) yesNo {
	w := map[string]yesNo{
		"da": {yes: []string{"ja", "jo"}, no: []string{"nej"}},
		"nb": {yes: []string{"ja", "jo"}, no: []string{"nei"}},
		"sv": {yes: []string{"ja", "jo", "japp"}, no: []string{"nej"}},
		"de": {yes: []string{"ja"}, no: []string{"nein"}},
		"nl": {yes: []string{"ja"}, no: []string{"nee"}},
		"fr": {yes: []string{"oui"}, no: []string{"non"}},
		"es": {yes: []string{"sí"}, sure: []string{"si"}, no: []string{"no"}},
		"it": {yes: []string{"sì"}, sure: []string{"si"}, no: []string{"no"}},
		"pl": {sure: []string{"tak"}, no: []string{"nie"}},
	}[language]
	return yesNo{yes: append(w.yes, "yes"), sure: w.sure, no: append(w.no, "no")}
}

// ReadConfirmation reads the new text of an answer to the question that was asked in
// a language. The word stands at the beginning of one of the first lines, where a
// greeting may go before; what says neither is unclear, as every vacation answer is
// that bears no mark of one.
func ReadConfirmation(text, language string) Confirmation {
	const look = 3 // lines
	words := yesNoIn(language)
	for _, w := range tokens(text).words {
		switch {
		case w.line >= look:
			return ConfirmUnclear
		case !w.first:
		case slices.Contains(words.yes, w.form), w.stops && slices.Contains(words.sure, w.form):
			return ConfirmYes
		case w.stops && slices.Contains(words.no, w.form):
			return ConfirmNo
		}
	}
	return ConfirmUnclear
}

// OnlyConfirms reports whether an answer holds no more than the word and courtesies,
// so that nobody misses it who does not read it.
func OnlyConfirms(text string) bool {
	const longest = 12 // words: "Hej. Ja, det var mig. Mvh Peter Jensen"
	return len(tokens(text).words) <= longest
}
