package parser

import "strings"

// vacationSubject reports whether a subject begins as those of vacation
// answers do. It proves nothing alone: a client may report that his automatic
// answer fails.
func vacationSubject(subject string) bool {
	_, ok := cutVacation(subject)
	return ok
}

// vacationPrefix reports whether the phrase was put before a reply's subject,
// "Automatisk svar: Re: …", as nobody does by hand. Responders that write no
// In-Reply-To are known by it.
func vacationPrefix(subject string) bool {
	rest, ok := cutVacation(subject)
	if !ok || !strings.HasPrefix(rest, ":") {
		return false
	}
	prefix, _, found := strings.Cut(strings.TrimSpace(rest[1:]), ":")
	if found {
		switch prefix {
		case "re", "sv", "aw", "vs", "antw", "antwort", "odp", "ref", "rif", "res":
			return true
		}
	}
	return false
}

func cutVacation(subject string) (rest string, ok bool) {
	low := strings.TrimSpace(plainLine(subject))
	low = strings.TrimLeft(low, "[(*")
	for _, phrase := range vacationPhrases {
		if rest, found := strings.CutPrefix(low, phrase); found && !isWordStart(rest) {
			return strings.TrimLeft(rest, "]) "), true
		}
	}
	return "", false
}

// vacationPhrases begin the subjects of automatic answers, in the words of
// Outlook, Gmail, Lotus and the responders of providers.
var vacationPhrases = []string{
	"automatisk svar", "autosvar", "auto-svar", "fraværende", "fravær", "fraværsbesked", "ikke til stede", "ikke på kontoret", "ude af kontoret", "ferie", "jeg er på ferie", "er på ferie",
	"frånvaro", "frånvarande", "autosvar", "automatiskt svar", "frånvaromeddelande", "inte på kontoret", "på semester", "fraværsmelding", "borte fra kontoret", "ikke til stede", "automaattinen vastaus", "poissa", "poissaoloilmoitus", "automaattivastaus", "sjálfvirkt svar", "fjarverandi",
	"automatic reply", "automatic response", "auto reply", "auto-reply", "autoreply", "auto response", "auto-response", "autoresponse", "auto", "out of office", "out-of-office", "ooo", "out of the office", "away from the office", "away from my mail", "away", "on vacation", "vacation", "on leave", "on holiday", "i am out of", "i'm out of", "automated reply", "automated response", "vacation response", "out of office autoreply",
	"abwesenheitsnotiz", "abwesenheit", "abwesend", "automatische antwort", "außer haus", "autom. antwort", "abwesenheitsmeldung", "automatische abwesenheitsnotiz", "urlaub", "nicht im büro",
	"automatisch antwoord", "afwezig", "afwezigheid", "automatische reactie", "niet aanwezig", "buiten kantoor", "afwezigheidsbericht",
	"réponse automatique", "absence", "absent", "absente", "absence du bureau", "message automatique", "en congé", "absent du bureau",
	"respuesta automática", "respuesta automatica", "fuera de la oficina", "fuera de oficina", "ausente", "ausencia", "risposta automatica", "fuori sede", "fuori ufficio", "assente", "assenza", "resposta automática", "ausência", "fora do escritório", "ausência temporária",
	"odpowiedź automatyczna", "automatyczna odpowiedź", "nieobecność", "poza biurem", "autoodpowiedź", "automatická odpověď", "mimo kancelář", "nepřítomnost", "automatická odpoveď", "mimo kancelárie", "neprítomnosť",
	"răspuns automat", "raspuns automat", "automatski odgovor", "odsutan", "odsutnost", "samodejni odgovor", "automatikus válasz", "házon kívül", "otomatik yanıt", "автоматический ответ", "автоответ", "нет на работе", "автоматична відповідь", "автоматичен отговор", "αυτόματη απάντηση", "automaatvastus", "automātiskā atbilde", "automatinis atsakymas",
	"自動応答", "自動返信", "不在通知", "自动回复", "自動回覆", "外出", "자동 회신", "부재중", "trả lời tự động",
}
