package chatbot

import "aismarttalk.tech/supportd/ticket"

// phrases are what the bot says in a language. What a verb stands for is said behind
// its line.
type phrases struct {
	hello, again, welcome, good, cancelled, old      string
	helped                                           string
	unknown, near, fault                             string // no answer is known; which may have been meant; it sounds like a fault
	human                                            string // the support address
	what, seeded, impact, where, address, status     string
	badAddress, check, pressSend, correct            string
	opened                                           string // ID and masked address
	taken                                            string // masked address
	next, notOpened                                  string // notOpened: the support address
	statusID, badID                                  string // an example
	statusAddress, statusSent                        string
	enough, over, tooMuch, choose                    string
	report, see, yes, no, skip, send, change, cancel string // labels
	restart, retry                                   string
	factWhat, factImpact, factWhere, factAddress     string
	lineImpact, lineWhere                            string
	levels                                           map[ticket.Severity]string
}

func danish() *phrases {
	return &phrases{
		hello:     "Jeg er en chatbot. Jeg kan svare på spørgsmål, oprette en billet og sende status.",
		again:     "Vi begynder forfra. Hvad kan jeg hjælpe med?",
		welcome:   "Selv tak.",
		good:      "Godt. Skriv, hvis der er mere.",
		cancelled: "Jeg har ikke sendt noget. Hvad kan jeg ellers hjælpe med?",
		old:       "Samtalen er slettet, fordi der gik for lang tid. Vi begynder forfra.",
		helped:    "Hjalp det?",
		unknown:   "Det ved jeg ikke. Jeg kan oprette en billet med det, du skrev, så svarer supportteamet dig på mail.",
		near:      "Det er jeg ikke sikker på. Mener du et af disse spørgsmål? Ellers kan jeg oprette en billet.",
		fault:     "Det lyder som noget, supportteamet skal se på. Jeg kan oprette en billet med det, du skrev.",
		human:     "Jeg kan ikke stille om, men en billet bliver læst af et menneske i supportteamet. Du kan også skrive til %s.",
		what:      "Hvad skete der, og hvad ventede du? Tag fejlteksten med, som den står.",
		seeded:    "Jeg tager det med, du skrev.",
		impact:    "Hvor alvorligt er det? Vælg, eller skriv med egne ord.",
		where:     "Hvor skete det? Skriv side, browser eller integration, og hvornår det begyndte.",
		address:   "Hvilken mailadresse skal vi svare på?",
		status:    "Jeg kan sende dig status på en billet.",
		badAddress: "Den adresse kan vi ikke skrive til. " +
			"Skriv hele mailadressen, for eksempel navn@firma.example.",
		check:         "Dette sender vi:",
		pressSend:     "Jeg sender ikke noget, før du trykker på Opret billet. Tryk på Ret, hvis noget skal være anderledes.",
		correct:       "Hvad skal rettes?",
		opened:        "%s er oprettet. Vi har sendt en kvittering til %s.",
		taken:         "Vi har modtaget det. Kvitteringen med dit sporings-ID kommer på mail til %s.",
		next:          "Det sker nu: Supportteamet læser billetten, sætter alvorlighed og kategori og skriver til dig. Vil du tilføje noget, så svar på kvitteringen.",
		notOpened:     "Billetten er ikke oprettet endnu. Din tekst står her stadig. Prøv igen, eller skriv til %s.",
		statusID:      "Hvad er billettens sporings-ID? Det står i emnet på vores mails, for eksempel %s.",
		badID:         "Skriv sporings-ID'et, som det står i mailen: %s.",
		statusAddress: "Hvilken mailadresse er billetten meldt fra?",
		statusSent:    "Passer sporings-ID og mailadresse sammen, er der en mail på vej til adressen, som viser, hvor langt billetten er. Vi sender højst én hvert femte minut.",
		enough:        "Der er oprettet flere billetter i denne samtale. Skriv resten som svar på en af kvitteringerne, eller til %s.",
		over:          "Samtalen er blevet for lang. Begynd en ny, eller skriv til %s.",
		tooMuch:       "Teksten er for lang. Kort den ned til %d tegn; resten kan du sende som svar på kvitteringen.",
		choose:        "Vælg en af knapperne.",
		report:        "Opret billet", see: "Se status", yes: "Ja", no: "Nej, opret billet", skip: "Spring over",
		send: "Opret billet", change: "Ret", cancel: "Annullér", restart: "Begynd forfra", retry: "Prøv igen",
		factWhat: "Hvad skete der", factImpact: "Hvor alvorligt", factWhere: "Hvor", factAddress: "Mailadresse",
		lineImpact: "Hvor alvorligt: ", lineWhere: "Hvor: ",
		levels: map[ticket.Severity]string{
			ticket.SeverityCritical: "Kritisk: ingen kan arbejde", ticket.SeverityHigh: "Høj: noget vigtigt virker ikke",
			ticket.SeverityNormal: "Normal: det er til at leve med", ticket.SeverityLow: "Lav: en småting",
		},
	}
}

func english() *phrases {
	return &phrases{
		hello:     "I am a chatbot. I can answer questions, create a ticket and send you its status.",
		again:     "Let us start over. What can I help with?",
		welcome:   "You are welcome.",
		good:      "Good. Write if there is more.",
		cancelled: "I have sent nothing. What else can I help with?",
		old:       "The conversation was deleted because too much time had passed. Let us start over.",
		helped:    "Did that help?",
		unknown:   "I do not know. I can create a ticket with what you wrote, and the support team answers you by email.",
		near:      "I am not sure. Do you mean one of these questions? Otherwise I can create a ticket.",
		fault:     "That sounds like something for the support team. I can create a ticket with what you wrote.",
		human:     "I cannot put you through, but a ticket is read by a human in the support team. You can also write to %s.",
		what:      "What happened, and what did you expect? Copy the error text as it stands.",
		seeded:    "I take what you wrote along.",
		impact:    "How serious is it? Choose, or write in your own words.",
		where:     "Where did it happen? Give the page, browser or integration, and when it began.",
		address:   "Which email address should we answer?",
		status:    "I can send you the status of a ticket.",
		badAddress: "We cannot write to that address. " +
			"Write the whole email address, for example name@company.example.",
		check:         "This is what we send:",
		pressSend:     "I send nothing until you press Create ticket. Press Change if something should be different.",
		correct:       "What should be changed?",
		opened:        "%s is created. We have sent an acknowledgement to %s.",
		taken:         "We have received it. The acknowledgement with your tracking ID comes by email to %s.",
		next:          "What happens now: the support team reads the ticket, sets severity and category, and writes to you. To add something, answer the acknowledgement.",
		notOpened:     "The ticket is not created yet. Your text is still here. Try again, or write to %s.",
		statusID:      "What is the ticket's tracking ID? It stands in the subject of our emails, for example %s.",
		badID:         "Write the tracking ID as it stands in the email: %s.",
		statusAddress: "Which email address was the ticket reported from?",
		statusSent:    "If tracking ID and email address belong together, an email that shows how far the ticket is is on its way to the address. We send at most one in five minutes.",
		enough:        "Several tickets have been created in this conversation. Write the rest as an answer to one of the acknowledgements, or to %s.",
		over:          "The conversation has become too long. Start a new one, or write to %s.",
		tooMuch:       "The text is too long. Shorten it to %d characters; you can send the rest as an answer to the acknowledgement.",
		choose:        "Choose one of the buttons.",
		report:        "Create ticket", see: "See status", yes: "Yes", no: "No, create ticket", skip: "Skip",
		send: "Create ticket", change: "Change", cancel: "Cancel", restart: "Start over", retry: "Try again",
		factWhat: "What happened", factImpact: "How serious", factWhere: "Where", factAddress: "Email address",
		lineImpact: "How serious: ", lineWhere: "Where: ",
		levels: map[ticket.Severity]string{
			ticket.SeverityCritical: "Critical: nobody can work", ticket.SeverityHigh: "High: something important fails",
			ticket.SeverityNormal: "Normal: we can live with it", ticket.SeverityLow: "Low: a small thing",
		},
	}
}
