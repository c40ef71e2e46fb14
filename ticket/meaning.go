package ticket

type Meaning string

const (
	MeaningThanks   Meaning = "thanks"
	MeaningConfirms Meaning = "confirms"
	MeaningOther    Meaning = "other"
)

func MeaningOf(text string) Meaning {
	if OnlyThanks(text) {
		return MeaningThanks
	}
	return MeaningOther
}

func signsOff(string) bool { return false }
