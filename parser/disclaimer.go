package parser

import (
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// disclaimer marks legal boilerplate at the end of a run: the first paragraph
// that is boilerplate, when all after it is that too or belongs to it.
func (s *splitter) disclaimer(from, to int) {
	at := -1
	for end := to; end > from; {
		for end > from && s.lines[end-1].blank() {
			end--
		}
		start := end
		for start > from && !s.lines[start-1].blank() && s.lines[start-1].kind == "" {
			start--
		}
		if start == end {
			break
		}
		if !isBoilerplate(s.paragraph(start, end)) {
			break
		}
		at, end = start, start
	}
	if at >= 0 {
		s.fill(at, to, ticket.SegmentDisclaimer)
	}
}

// banner marks the warning that a mail server puts above a mail from outside.
func (s *splitter) banner(from, to int) {
	i := s.nextFilled(from)
	if i >= to || i > 3 {
		return
	}
	end := i
	for end < to && !s.lines[end].blank() {
		end++
	}
	text := s.paragraph(i, end)
	for _, phrase := range bannerPhrases {
		if strings.HasPrefix(text, phrase) {
			s.fill(i, end, ticket.SegmentDisclaimer)
			return
		}
	}
}

// paragraph joins lines for a look at their words, as far as they matter.
func (s *splitter) paragraph(from, to int) string {
	const enough = 2000
	var text strings.Builder
	for i := from; i < to && text.Len() < enough; i++ {
		text.WriteString(s.lines[i].plain)
		text.WriteByte(' ')
	}
	return strings.Trim(text.String(), "-–—_~[]() ")
}

// isBoilerplate asks for two signs, one of which speaks of the mail itself:
// people write of personal data and of viruses too.
func isBoilerplate(text string) bool {
	const shortest = 50
	if len(text) < shortest || strings.Contains(text, "?") {
		return false
	}
	of := countPhrases(text, boilerplate)
	return of >= 2 || of == 1 && countPhrases(text, boilerplateTopics) > 0
}

// countPhrases counts the phrases that text holds, to two.
func countPhrases(text string, phrases []string) int {
	n := 0
	for _, phrase := range phrases {
		if strings.Contains(text, phrase) {
			if n++; n == 2 {
				break
			}
		}
	}
	return n
}

// bannerPhrases begin a server's warning above a mail.
var bannerPhrases = []string{
	"caution: this email originated", "caution: external", "external email", "external sender", "external:", "warning: this email originated",
	"this email originated from outside", "this message originated from outside", "you don't often get email from", "you don't often receive email from",
	"some people who received this message don't often get email", "du får ikke ofte mails fra", "du modtager ikke ofte mail fra", "du modtager ikke ofte mails fra",
	"advarsel: denne mail kommer", "ekstern mail", "ekstern afsender", "denne mail kommer fra en ekstern", "denne e-mail kommer fra en ekstern",
	"du får inte ofta e-post från", "du får ikke ofte e-post fra", "achtung: externe", "externe e-mail", "sie erhalten nicht oft e-mails von", "sie erhalten nicht häufig e-mails von",
	"u ontvangt niet vaak e-mail van", "vous n'obtenez pas souvent d'e-mail", "attention : cet e-mail provient", "no suele recibir correos electrónicos de", "non si ricevono spesso messaggi",
}

// boilerplate are turns of phrase in which disclaimers speak of the mail, its
// reader and its sender.
var boilerplate = []string{
	"notice:", "disclaimer:", "confidentiality notice", "legal notice", "please note", "important notice",
	"confidential", "intended for", "intended recipient", "intended solely", "solely for the use", "if you have received this", "received this message by mistake", "if you are not the", "received this e-mail in error", "received this email in error",
	"notify the sender", "this e-mail and any", "this email and any", "this message and any", "consider the environment", "before printing", "contained in this", "registered office", "registered in england",
	"strictly prohibited", "strictly forbidden", "do not forward", "mailbox is not monitored", "not monitored", "may be privileged", "privacy policy", "views expressed", "does not constitute",
	"fortrolig", "denne e-mail", "denne mail og", "denne meddelelse", "modtaget denne", "fejlagtigt", "rette modtager", "tilsigtede modtager", "underrette afsender", "tænk på miljøet", "vi gør opmærksom på", "bemærk venligst", "er ikke bindende", "overvåges ikke", "ikke overvåges", "besvares ikke", "persondatapolitik", "privatlivspolitik",
	"konfidentiell", "detta e-postmeddelande", "detta meddelande", "avsedd för", "avsett för", "meddela avsändaren", "vi gör uppmärksam", "bevakas inte", "integritetspolicy", "konfidensiell", "denne e-posten", "beregnet for", "feiltakelse", "taushets", "vi gjør oppmerksom", "overvåkes ikke", "personvernerklæring",
	"luottamuksellinen", "tämä sähköposti", "tämä viesti", "tarkoitettu", "tietosuojaseloste", "trúnaðar", "þessi tölvupóstur",
	"vertraulich", "diese e-mail", "diese nachricht", "irrtümlich", "nicht der richtige adressat", "unbefugt", "wir weisen darauf hin", "nicht überwacht", "datenschutzerklärung", "handelsregister", "geschäftsführer",
	"vertrouwelijk", "dit bericht", "deze e-mail", "bestemd voor", "ten onrechte", "geadresseerde", "wij wijzen", "niet bewaakt", "privacyverklaring",
	"confidentiel", "ce message", "ce courriel", "destinataire", "par erreur", "nous attirons votre attention", "n'est pas surveillée", "avant d'imprimer", "politique de confidentialité",
	"confidencial", "este mensaje", "este correo", "destinatario", "por error", "le informamos", "no se supervisa", "política de privacidad", "aviso legal",
	"riservat", "il presente messaggio", "questo messaggio", "destinatari", "per errore", "non è monitorata", "informativa privacy", "esta mensagem", "este e-mail", "destinatário", "por engano", "política de privacidade",
	"poufn", "niniejsza wiadomość", "adresat", "omyłkowo", "informujemy", "nie jest monitorowana", "polityka prywatności", "důvěrn", "tato zpráva", "tento e-mail", "dôvern", "táto správa", "confidențial", "acest mesaj", "povjerljiv", "ova poruka",
}

// boilerplateTopics are what they are about. People write of these too.
var boilerplateTopics = []string{
	"privileged", "disclos", "delete it", "delete this", "deletion", "virus", "liability", "unauthorised", "unauthorized", "third party", "written consent", "print", "personal data", "gdpr", "data protection", "herein", "not suitable", "attachment", "urgent",
	"ved en fejl", "uberettiget", "slette", "personoplysninger", "persondata", "databehandling", "ansvar", "egnet til", "av misstag", "radera", "personuppgifter", "personopplysninger", "slett", "henkilötieto",
	"vernichten", "löschen", "haftung", "datenschutz", "personenbezogen", "verwijderen", "aansprakelijkheid", "persoonsgegevens", "détruire", "pièces jointes", "données personnelles", "eliminar", "datos personales", "medio ambiente", "dati personali", "cancellare", "dados pessoais",
	"usunięcie", "danych osobowych", "osobních údajů", "osobných údajov", "date cu caracter personal", "osobnih podataka",
}
