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

// isBoilerplate asks for two signs: people write of confidential things too.
func isBoilerplate(text string) bool {
	if len(text) < 60 {
		return false
	}
	signs := 0
	for _, phrase := range boilerplate {
		if strings.Contains(text, phrase) {
			if signs++; signs == 2 {
				return true
			}
		}
	}
	return false
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

// boilerplate are turns of phrase of disclaimers.
var boilerplate = []string{
	"confidential", "intended for", "third party", "written consent", "forbidden", "do not forward", "intended recipient", "intended solely", "solely for the use", "privileged", "if you have received this", "if you are not the", "received this e-mail in error",
	"received this email in error", "unauthorised", "unauthorized", "disclos", "delete it", "delete this", "notify the sender", "this e-mail and any", "this email and any", "this message and any",
	"virus", "liability", "consider the environment", "print this", "contained in this", "disclaimer", "registered office", "registered in england", "strictly prohibited",
	"fortrolig", "denne e-mail", "denne mail", "denne meddelelse", "fejlagtigt", "ved en fejl", "uberettiget", "rette modtager", "slette", "underrette afsender", "tænk på miljøet", "tilsigtede modtager", "persondatapolitik", "privatlivspolitik",
	"konfidentiell", "detta e-postmeddelande", "detta meddelande", "avsedd för", "av misstag", "radera", "meddela avsändaren", "konfidensiell", "denne e-posten", "beregnet for", "ved en feiltakelse", "taushets",
	"luottamuksellinen", "tämä sähköposti", "vastaanottaja",
	"vertraulich", "diese e-mail", "diese nachricht", "irrtümlich", "vernichten", "bestimmt", "informieren sie", "unbefugt", "nicht der richtige adressat", "handelsregister", "geschäftsführer",
	"vertrouwelijk", "dit bericht", "deze e-mail", "bestemd voor", "ten onrechte", "geadresseerde", "verwijderen", "aansprakelijkheid",
	"confidentiel", "ce message", "ce courriel", "destinataire", "par erreur", "détruire", "l'expéditeur", "pièces jointes", "avant d'imprimer",
	"confidencial", "este mensaje", "este correo", "destinatario", "por error", "eliminar", "remitente", "medio ambiente",
	"riservat", "il presente messaggio", "questo messaggio", "destinatari", "per errore", "esclusivamente", "esta mensagem", "este e-mail", "destinatário", "por engano",
	"poufn", "niniejsza wiadomość", "adresat", "omyłkowo", "usunięcie", "důvěrn", "tato zpráva", "dôvern", "táto správa", "confidențial", "acest mesaj", "povjerljiv", "ova poruka",
}
