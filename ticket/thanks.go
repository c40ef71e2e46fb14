package ticket

import (
	"strings"
	"unicode"
)

// Words that make a mail a mere thank-you, in the languages of our clients.
// At least one of thanking must stand there, and no word that is in neither
// list: "det virker" is thanks behind "tak", "det virker ikke" never is.
const (
	thanking = `tak tusind mange takker thanks thank thx ty cheers tack takk danke vielen bedankt dank merci gracias grazie
		obrigado obrigada dziękuję dzięki multumesc mulțumesc mersi hvala díky děkuji ďakujem kiitos`
	pleased = `for hjælpen hjælp jeres din den det de hurtige svar svaret virker nu igen fint godt perfekt super dejligt skønt
		alt ok okay er i orden løst løsningen dag god weekend hilsen venlig med venlige hilsner mvh vh kh hej alle
		you your the so much very for help helping quick fast answer reply response it works now again all good great perfect
		is fixed solved fine regards kind best hi hello everyone a lot many appreciated well have nice day
		så mycket för hjälpen det fungerar nu bra allt hilsen så mye fungerer
		schön sehr für die hilfe schnelle hilfe antwort es funktioniert jetzt wieder alles gut mit freundlichen grüßen
		u wel voor de hulp het werkt beaucoup pour votre aide muchas por su ayuda mille per paljon`
)

// OnlyThanks reports whether a text says thanks and nothing else, so that it
// moves no ticket. Under doubt it does not: a needless reopening is seen, a
// complaint that was taken for thanks is not.
func OnlyThanks(text string) bool {
	thanks, words := wordSet(thanking), wordSet(pleased)
	fields := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(fields) == 0 || len(fields) > 20 {
		return false
	}
	said := false
	for _, w := range fields {
		switch {
		case thanks[w]:
			said = true
		case !words[w]:
			return false
		}
	}
	return said && !strings.ContainsRune(text, '?')
}

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}
