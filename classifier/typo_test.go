package classifier

import "testing"

func TestTypingMistakes(t *testing.T) {
	var ty typos
	for _, w := range []string{"kritisk", "urgent", "prioritet", "brådskande", "kort"} {
		ty.add(w)
	}
	for word, want := range map[string]string{
		"kirtisk": "kritisk", "kritsk": "kritisk", "krittisk": "kritisk", "kritosk": "kritisk",
		"rkitisk":    "",       // the first letter is what a word is known by
		"kristiskt":  "",       // two letters off
		"urgnet":     "urgent", // short: neighbours swapped
		"argent":     "",       // short: another word
		"urgents":    "urgent", // one letter more
		"kritisk":    "",       // no mistake
		"prioirtet":  "prioritet",
		"bradskande": "brådskande",
		"kotr":       "", // too short
	} {
		if got := ty.correct(word); got != want {
			t.Errorf("%s: got %q, want %q", word, got, want)
		}
	}
}

// Words that are one letter away from a mark and mean something else.
func TestNoTypingMistake(t *testing.T) {
	c := newClassifier(t)
	for _, s := range []string{
		"Den britiske afdeling mangler en faktura.", "Die britische Filiale ist neu.", "Kritikken var god.", "The critics liked it.",
		"Hastigheden er fin.", "Il faut de l'argent.", "Wir prüfen die Kritik.", "Det er praktisk.", "Vi har prioriteret listen.",
	} {
		if got := c.Classify(mail("", s)).Claim; got.Severity != "normal" {
			t.Errorf("%s: %s %q by %s", s, got.Severity, got.Evidence, got.Rule)
		}
	}
}
