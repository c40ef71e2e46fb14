package chatbot

import (
	"strings"

	"aismarttalk.tech/supportd/words"
)

// intent is what somebody wants who writes freely.
type intent int

const (
	intentAsk intent = iota // whatever is none of the others
	intentReport
	intentStatus
	intentThanks
	intentHello
	intentHuman
	intentRestart
	intentYes
	intentFault // it tells of a fault, and asks for nothing
)

// cues are the words of an intent in one language. Whole ones are all that was
// written, apart from politeness; the others stand anywhere.
type cues struct {
	intent   intent
	language string
	whole    bool
	words    []string
}

// understand reads an intent off rules, and the language of the rule that spoke; ""
// if none did. Earlier rules go first. Questions of how and why are asked, whatever
// words they hold.
func understand(text string) (intent, string) {
	line := spoken(text)
	bare := " " + strings.Join(strings.Fields(polite().Replace(line)), " ") + " "
	question := wondering(line)
	for _, c := range rules() {
		if question && !c.whole {
			continue
		}
		for _, w := range c.words {
			w = " " + w + " "
			if c.whole && (bare == w || line == w) || !c.whole && strings.Contains(bare, w) {
				return c.intent, c.language
			}
		}
	}
	return intentAsk, ""
}

// spoken is a text as the rules have it: its words, with a blank on either side of
// each.
func spoken(text string) string {
	var line strings.Builder
	line.WriteByte(' ')
	for w := range words.Of(text) {
		line.Write(w)
		line.WriteByte(' ')
	}
	return line.String()
}

// polite takes out what changes no meaning.
func polite() *strings.Replacer {
	return strings.NewReplacer(" venligst ", " ", " lige ", " ", " gerne ", " ", " please ", " ", " nu ", " ", " now ", " ", " ok ", " ", " okay ", " ")
}

// wondering reports whether a line asks how or why.
func wondering(line string) bool {
	for _, w := range []string{"hvordan", "hvorfor", "hvad", "hvornaar", "hvem", "kan man", "how", "why", "what", "when", "who"} {
		if strings.HasPrefix(line, " "+w+" ") {
			return true
		}
	}
	return false
}

func rules() []cues {
	return []cues{
		{intentRestart, "da", true, []string{"forfra", "start forfra", "begynd forfra", "nulstil", "annuller", "fortryd", "glem det", "afbryd"}},
		{intentRestart, "en", true, []string{"restart", "start over", "start again", "reset", "cancel", "abort", "never mind", "nevermind", "forget it"}},
		{intentThanks, "da", true, []string{"tak", "mange tak", "tusind tak", "tak skal du have", "tak for hjaelpen", "super tak", "fint tak", "perfekt tak", "det var alt"}},
		{intentThanks, "en", true, []string{"thanks", "thank you", "thanks a lot", "thank you very much", "many thanks", "great thanks", "cheers", "thx", "that was all"}},
		{intentHello, "da", true, []string{"hej", "hejsa", "goddag", "god morgen", "godmorgen", "dav", "hallo"}},
		{intentHello, "en", true, []string{"hi", "hello", "hey", "good morning", "good afternoon", "hi there", "hello there"}},
		{intentYes, "da", true, []string{"ja", "ja tak", "jep", "det hjalp"}},
		{intentYes, "en", true, []string{"yes", "yes thanks", "yep", "it helped", "that helped"}},
		{intentStatus, "da", true, []string{"status", "se status", "hvad er status", "hvor langt er i", "noget nyt", "nyt", "opdatering"}},
		{intentStatus, "en", true, []string{"see status", "the status", "what is the status", "whats the status", "any news", "any update", "any updates", "update"}},
		{intentHuman, "da", false, []string{"tale med et menneske", "tal med et menneske", "snakke med et menneske", "et rigtigt menneske", "rigtig person", "tale med en medarbejder",
			"tale med nogen", "tale med support", "tale med en person", "snakke med nogen", "snakke med en person", "vil have et menneske", "ring til mig", "ringe mig op"}},
		{intentHuman, "en", false, []string{"talk to a human", "speak to a human", "real person", "real human", "talk to someone", "speak to someone", "talk to a person",
			"speak with a person", "speak to an agent", "talk to an agent", "live agent", "call me"}},
		{intentStatus, "da", false, []string{"status paa min", "status paa billet", "status paa sagen", "se status", "hvor langt er i med", "nyt om min", "nyt i min sag", "nyt i sagen"}},
		{intentStatus, "en", false, []string{"status of my", "status of ticket", "status of the ticket", "check status", "see the status", "news on my", "update on my", "news about my"}},
		{intentReport, "da", false, []string{"opret billet", "opret en billet", "oprette en billet", "opret en sag", "lav en billet", "vil melde en", "vil gerne melde", "vil rapportere",
			"vil gerne rapportere", "vil anmelde en fejl", "meld en fejl", "rapporter en fejl", "rapporter et problem", "jeg har et problem", "vi har et problem", "jeg har en fejl", "vi har en fejl"}},
		{intentReport, "en", false, []string{"create a ticket", "create ticket", "open a ticket", "open ticket", "report a problem", "report a bug", "report an issue", "file a bug",
			"want to report", "like to report", "i have a problem", "we have a problem", "i have an issue", "we have an issue", "raise a ticket"}},
		{intentFault, "da", false, []string{"virker ikke", "fungerer ikke", "svarer ikke", "kan ikke", "fejler", "fejl", "er nede", "gaaet ned", "crasher", "langsom", "langsomt", "forkert", "mangler",
			"forsvundet", "haenger", "gaaet i stykker", "i stykker"}},
		{intentFault, "en", false, []string{"not working", "not work", "doesnt work", "does not", "doesnt", "cant", "cannot", "can not", "error", "is down", "are down", "crashes",
			"broken", "slow", "wrong", "missing", "fails", "failing", "is gone"}},
	}
}
