package ticket_test

import (
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// meanings are answers to "it is resolved", by language. Each begins with the
// first letter of what it means: Thanks, Confirms, Fails, Other. Under doubt
// nothing is thanks or confirms.
var meanings = map[string][]string{
	"da": {
		"T Tak!",
		"T Mange tak for hjælpen",
		"T Tusind tak for jeres hurtige svar.\n\nMvh Anne",
		"T Hej Anne\n\nTak for hjælpen og god weekend.\n\nMed venlig hilsen\nPeter Jensen",
		"T Tak Anne!",
		"T tak for hjaelpen",
		"T Tak 👍",
		"T Hej\nTak for det.\n/Peter",
		"T Mange tak skal I have for hjælpen",
		"C Kan bekræfte at det virker. Tak for hjælpen",
		"C Så kører det igen, sagen kan lukkes :-)",
		"F Nu er den gal igen",
		"O Det ser ud til at virke nu. Tak for hjælpen!",
		"C Det virker nu, tak",
		"C løst, I må gerne lukke",
		"C Det virker igen",
		"C Nu virker det! Tusind tak for hjælpen\nVh Søren",
		"C Fejlen er væk, tak.",
		"C Tusind tak for hjælpen, det virker nu. Mvh",
		"C I må gerne lukke sagen.",
		"C Jeg kan logge ind igen. Tak!",
		"C Det fejler ikke mere",
		"C Ja, det virker perfekt",
		"C Problemet er loest",
		"F Det virker ikke nu, tak",
		"F det virker stadig ikke",
		"F samme fejl igen",
		"F Tak, men det virker ikke",
		"F Desværre ikke løst.",
		"F Det fejler igen",
		"F Fejlen er tilbage",
		"F Hej\n\nNu går botten ned igen.\n\nMvh Anne",
		"F Hvorfor virker det stadig ikke?",
		"F Tak. I må gerne lukke, nej vent, det virker alligevel ikke",
		"F HEJ VIRKER IKKE\nTAK",
		"O Tak, men jeg har et spørgsmål",
		"O Tak! Hvornår kommer rettelsen i appen?",
		"O Tak. Hvornår kommer den",
		"O virker det nu",
		"O Virker det nu?",
		"O Hvis det virker, må I gerne lukke",
		"O I må ikke lukke sagen",
		"O Det virker næsten, tak",
		"O Det virker i Chrome, tak",
		"O Det virkede i går",
		"O Tak for svaret. Kan I også se på faktura 123",
		"O Tak for ingenting",
		"O Lost",
		"O Ja tak",
		"O Tak :(",
		"O Tak, jeg tester i morgen",
		"O Tak. Status",
		"O Jeg er ikke sikker",
		"O Mvh Anne",
	},
	"en": {
		"T Thanks!",
		"T Thank you very much for your quick help",
		"T Thanks a lot, have a nice day\n\nBest regards,\nJohn Smith",
		"T Hi Anne,\nmuch appreciated.\nThanks again",
		"T Great, thanks",
		"T Thanks John, great support!",
		"T Thanks for fixing this so quickly!",
		"C This is resolved, feel free to close.",
		"C works now, you can close it",
		"C It works again, thank you so much!",
		"C It's fixed",
		"C Its working now. Kind regards, Ann",
		"C Thank you very much, it works now",
		"C The issue is gone. Please close the ticket.",
		"C Yes, everything works as expected",
		"C Problem solved",
		"C You can close this ticket.",
		"C I can log in again, thanks",
		"F still broken",
		"F It still doesn't work",
		"F Thanks, it is broken again",
		"F Same error again",
		"F Thank you, but it is not working",
		"F The bug is back",
		"F It no longer works",
		"F Hi\n\nUnfortunately I still can't log in.\n\nThanks\nJohn",
		"F Please reopen",
		"F It works on my machine but not on the server, same issue",
		"O Thanks, but I have a question",
		"O Thanks! When is it deployed?",
		"O It works for now",
		"O It almost works, thanks",
		"O If it works, you can close it",
		"O Don't close it",
		"O Thanks for nothing",
		"O Thanks, close",
		"O It seems to work",
		"O It still works",
		"O All lost. Thanks",
		"O Works?",
		"O Thanks, I will test tomorrow",
		"O Out of office",
		"O Broken promises are what I remember",
	},
	"sv": {
		"T Tack så mycket för hjälpen!", "T Stort tack, trevlig helg\nMvh Karin", "C Nu fungerar det, tack", "C Problemet är löst, ni kan stänga ärendet", "C Tack, det funkar igen!",
		"F Det fungerar fortfarande inte", "F Samma fel igen", "F Tack, men felet är kvar", "O Tack, men jag har en fråga", "O Stäng inte ärendet", "O Det fungerar nästan", "O fungerar det nu",
	},
	"nb": {
		"T Tusen takk for hjelpen!", "T Takk for rask tilbakemelding, ha en fin dag", "C Det virker nå, takk", "C Nå fungerer alt igjen. Dere kan lukke saken", "C Feilen er borte",
		"F Det virker fortsatt ikke", "F Takk, men det fungerer ikke", "F samme feil igjen", "O Takk, men når kommer den", "O Det virker som om det er bedre", "O Ikke lukk saken",
	},
	"de": {
		"T Vielen Dank für die schnelle Hilfe", "T Danke schön!\n\nMit freundlichen Grüßen\nHans Müller", "C Es funktioniert jetzt wieder, danke", "C Erledigt, Sie können das Ticket schließen", "C Das Problem ist geloest. Danke!",
		"C Läuft wieder", "F Es funktioniert immer noch nicht", "F Leider tritt der gleiche Fehler wieder auf", "F Danke, aber es geht nicht", "F Das Problem besteht weiterhin",
		"O Danke, aber ich habe noch eine Frage", "O Bitte nicht schließen", "O Funktioniert es jetzt", "O Danke für nichts", "O Wenn es funktioniert, können Sie das Ticket schließen", "O Danke, Störung",
	},
	"nl": {
		"T Hartelijk dank voor de snelle hulp!", "T Bedankt, fijne dag\nMvg Jan", "C Het werkt weer, bedankt", "C Opgelost, u kunt het ticket sluiten", "C Het probleem is verholpen",
		"F Het werkt nog steeds niet", "F Bedankt, maar het werkt niet", "F weer dezelfde foutmelding", "O Bedankt, maar ik heb nog een vraag", "O Niet sluiten", "O Het werkt bijna", "O Werkt het nu?",
	},
	"fr": {
		"T Merci beaucoup pour votre aide !", "T Merci à toute l’équipe, bonne journée\nCordialement\nMarie Dupont", "C Ça marche maintenant, merci", "C C'est résolu, vous pouvez clore le ticket", "C Le probleme est resolu",
		"F Ça ne marche toujours pas", "F Même erreur", "F Merci mais ça ne fonctionne pas", "F Le problème persiste", "O Merci, mais j'ai une question", "O Ne fermez pas le ticket", "O Ça marche presque", "O Si ça marche, vous pouvez fermer le ticket", "O Merci pour rien",
	},
	"es": {
		"T ¡Muchas gracias por la ayuda!", "T Gracias por su rápida respuesta\nSaludos\nJuan", "C Ya funciona, gracias", "C Resuelto, pueden cerrar el ticket", "C Sí, ahora funciona perfectamente", "C El problema esta solucionado",
		"F Sigue sin funcionar", "F Gracias, pero no funciona", "F El mismo error otra vez", "O Gracias, pero tengo una duda", "O Si funciona, cierren el ticket", "O si funciona", "O No cierren el ticket", "O Casi funciona", "O ¿Ya funciona?",
	},
	"it": {
		"T Grazie mille per l'aiuto!", "T Grazie per la risposta rapida, buona giornata\nCordiali saluti\nMario Rossi", "C Ora funziona, grazie", "C Risolto, potete chiudere il ticket", "C Il problema è stato risolto", "C Adesso funziona tutto perfettamente",
		"F Non funziona ancora", "F Grazie ma non funziona", "F stesso errore", "O Grazie, ma ho una domanda", "O Non chiudete il ticket", "O Se funziona potete chiudere il ticket", "O Funziona quasi", "O Funziona?",
	},
	"pl": {
		"T Dziękuję bardzo za szybką pomoc!", "T Dziekuje, milego dnia\nPozdrawiam\nAnna Nowak", "C Już działa, dziękuję", "C Problem został rozwiązany, można zamknąć zgłoszenie", "C Tak, teraz wszystko działa", "C Juz dziala, dziekuje",
		"F Nadal nie działa", "F Dziękuję, ale nie działa", "F Znowu ten sam błąd", "O Dziękuję, ale mam pytanie", "O Proszę nie zamykać zgłoszenia", "O Prawie działa", "O Czy działa?",
	},
	// No letters go out in these; no complaint in them is lost.
	"pt": {"T Muito obrigado pela ajuda", "C Já funciona, obrigada", "F Obrigado, mas não funciona", "F Ainda nao funciona", "O Obrigado, mas tenho uma pergunta", "O Se funciona, podem fechar o ticket", "O Quase", "F Continua igual"},
	"ro": {"T Mulțumesc mult pentru ajutor", "C Acum funcționează, multumesc", "F Mulțumesc, dar nu merge", "F Tot nu funcționează", "O Mulțumesc, dar am o întrebare", "O Nu închideți", "O Aproape", "F Aceeași eroare"},
	"cs": {"T Moc děkuji za pomoc", "C Už to funguje, díky", "F Děkuji, ale nefunguje to", "F Stále stejná chyba", "O Děkuji, ale mám otázku", "O Neuzavírejte to", "O Skoro funguje", "F Bohužel to nejde"},
	"sk": {"T Ďakujem veľmi za pomoc", "C Už to funguje, ďakujem", "F Ďakujem, ale nefunguje to", "F Stále rovnaká chyba", "O Ďakujem, ale mám otázku", "O Neuzatvárajte", "O Takmer funguje", "F Žiaľ, nejde"},
	"bs": {"T Hvala puno na pomoći", "C Sada radi, hvala", "F Hvala, ali ne radi", "F Opet ista greška", "O Hvala, ali imam pitanje", "O Ne zatvarajte", "O Skoro radi", "F Još uvijek ne radi"},
	"fi": {"T Kiitos paljon avusta", "C Nyt se toimii, kiitos", "F Kiitos, mutta ei toimi", "F Edelleen sama virhe", "O Kiitos, mutta minulla on kysymys", "O Älkää sulkeko", "O Melkein toimii", "F Valitettavasti ei auttanut"},
	"": {
		"T 👍", "O ", "O !!!", "O Ok", "O 👎", "O Perfect", "O Tak?", "O 12345", "T Thanks, hvala, merci",
		"O " + strings.Repeat("tak ", 50),
		"C Det virker nu, tak\u200b",       // a character that shows nothing
		"C Det er nu pa\u030a plads, tak.", // å as two characters
		"F Det v\u00adirker ikke",          // a soft hyphen
		"O Tak. ＩＤ 7",
	},
}

func TestMeaningOf(t *testing.T) {
	names := map[string]ticket.Meaning{"T": ticket.MeaningThanks, "C": ticket.MeaningConfirms, "F": ticket.MeaningFails, "O": ticket.MeaningOther}
	for language, list := range meanings {
		for _, row := range list {
			letter, text, _ := strings.Cut(row, " ")
			if got := ticket.MeaningOf(text); got != names[letter] {
				t.Errorf("%s: %q means %s, want %s", language, text, got, names[letter])
			}
		}
	}
}

// Words that limit or turn round what stands beside them, in all languages.
const turning = `ikke ej not no inte nicht nein niet pas non nie não ne nem ei nej ingen keine men but aber maar mais pero ma ale mas ali mutta však
	stadig still fortfarande fremdeles toujours aún todavía nadal wciąż desværre unfortunately dessverre tyvärr leider helaas malheureusement lamentablemente purtroppo niestety infelizmente
	hvis if wenn falls als si se jeśli ob om når when næsten almost nästan nesten bijna presque casi quasi prawie nogle delvist partly sometimes måske maybe vielleicht
	fejl error fel feil fehler fout erreur errore błąd virhe igår i-morgen tomorrow morgen`

func TestNoTurningWordIsOverlooked(t *testing.T) {
	said := []string{"Tak", "Thanks", "Det virker nu", "It works now", "Es funktioniert jetzt", "Ça marche maintenant", "Ya funciona", "Już działa", "Nu fungerar det"}
	for _, word := range strings.Fields(turning) {
		for _, s := range said {
			for _, text := range []string{s + " " + word, s + ", " + word, s + ". " + word + ".", word + " " + s, s + "\n" + word} {
				if m := ticket.MeaningOf(text); m == ticket.MeaningThanks || m == ticket.MeaningConfirms {
					t.Errorf("%q means %s", text, m)
				}
			}
		}
	}
}

func TestAsksStatus(t *testing.T) {
	for row, want := range map[string]bool{
		"STATUS ID|":                 true,
		"status: [ID]|Hej\nMvh Anne": true,
		"Status ID?|":                true,
		"ID status|":                 true,
		"Stato ID|":                  true,
		"RE: Chatbot [ID]|Status?":   true,
		"RE: Chatbot [ID]|Hej\n\nStatus?\n\nMvh Anne": true,
		"RE: Chatbot [ID]|status":                     true,
		"RE: Chatbot|Status på ID?":                   true,
		"RE: Chatbot|Estado?":                         true,
		"RE: Chatbot|Was ist der Status?":             true,
		"RE: Chatbot|Noget nyt?":                      true,

		"STATUS|":                                   false, // of what?
		"Re: STATUS ID|Den fejler stadig":           false,
		"STATUS ID og ID2|Hej":                      false,
		"Status på fakturaen ID|Den mangler":        false,
		"RE: Chatbot [ID]|Status er, at den fejler": false,
		"RE: Chatbot [ID]|Tak":                      false,
		"RE: Chatbot [ID]|":                         false,
		"RE: Chatbot [ID]|Status: det virker nu":    false,
	} {
		subject, text, _ := strings.Cut(withID(row), "|")
		if got := ticket.AsksStatus(subject, text, "AIS"); got != want {
			t.Errorf("AsksStatus(%q, %q) = %v", subject, text, got)
		}
	}
}

func FuzzMeaningOf(f *testing.F) {
	for _, list := range meanings {
		for _, row := range list {
			f.Add(row[2:])
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, doubt := range []string{text + "?", text + " ikke", "but " + text} {
			if got := ticket.MeaningOf(doubt); got == ticket.MeaningThanks || got == ticket.MeaningConfirms {
				t.Errorf("%q means %s", doubt, got)
			}
		}
		ticket.AsksStatus(text, text, "AIS")
	})
}

func BenchmarkMeaningOf(b *testing.B) {
	long := strings.Repeat("Det virker stadig fint, men jeg har et spørgsmål. ", 2000)
	for name, text := range map[string]string{"thanks": "Tusind tak for hjælpen, det virker nu.\nMvh Anne", "long": long} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				ticket.MeaningOf(text)
			}
		})
	}
}
