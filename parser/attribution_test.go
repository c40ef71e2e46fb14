package parser

import (
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// TestMarkers shows the lines that clients put above what they quote, by
// language. Under each stands text without quote marks, so that only the
// marker can tell.
func TestMarkers(t *testing.T) {
	lex := newLexicon()
	for _, tt := range []struct{ lang, marker string }{
		{"da Gmail", "Den tors. 12. nov. 2026 kl. 14.05 skrev Support <contact+support@firma.example>:"},
		{"da Gmail, wrapped", "Den tors. 12. nov. 2026 kl. 14.05 skrev Support <\ncontact+support@firma.example>:"},
		{"da Apple", "Den 12. nov. 2026 kl. 14.05 skrev Test Kunde <kunde@firma.example>:"},
		{"da Thunderbird", "Den 12-11-2026 kl. 14:05 skrev Test Kunde:"},
		{"da Outlook", "Fra: Support <support@firma.example>\nSendt: 12. november 2026 14:05\nTil: Test Kunde\nEmne: Re: Login"},
		{"da Outlook, bold", "*Fra:* Support <support@firma.example>\n*Sendt:* 12. november 2026 14:05\n*Til:* Test Kunde\n*Emne:* Re: Login"},
		{"da Outlook, mobile", "________________________________\nFra: Support <support@firma.example>\nSendt: torsdag, november 12, 2026 2:05 PM\nTil: Test Kunde <kunde@firma.example>\nEmne: Re: Login"},
		{"da Outlook, double spaced", "Fra: Support <support@firma.example>\n\nSendt: 12. november 2026 14:05\n\nTil: Test Kunde\n\nEmne: Re: Login"},
		{"da Outlook Express", "-----Oprindelig meddelelse-----"},
		{"da webmail", "---- Oprindelig besked ----"},
		{"da our own line", "──── Skriv dit svar over denne linje ────"},
		{"da our own line to staff, broken", "???? Skriv dine kommandoer over denne linje ????"},
		{"da our own line, broken", "???? Skriv dit svar over denne linje ????"},
		{"sv Gmail", "Den tors 12 nov. 2026 kl 14:05 skrev Support <support@firma.example>:"},
		{"sv Outlook", "Från: Support <support@firma.example>\nSkickat: den 12 november 2026 14:05\nTill: Test Kunde\nÄmne: Re: Inloggning"},
		{"sv Outlook Express", "-----Ursprungligt meddelande-----"},
		{"nb Gmail", "tor. 12. nov. 2026 kl. 14:05 skrev Support <support@firma.example>:"},
		{"nb Outlook", "Fra: Support\nSendt: torsdag 12. november 2026 14:05\nTil: Test Kunde\nEmne: Re: Innlogging"},
		{"nb Apple", "Den 12. nov. 2026 kl. 14:05 skrev Test Kunde <kunde@firma.example>:"},
		{"fi Gmail", "to 12. marrask. 2026 klo 14.05 Support (support@firma.example) kirjoitti:"},
		{"fi Outlook", "Lähettäjä: Support <support@firma.example>\nLähetetty: torstai 12. marraskuuta 2026 14.05\nVastaanottaja: Test Kunde\nAihe: Re: Kirjautuminen"},
		{"fi Outlook Express", "-----Alkuperäinen viesti-----"},
		{"is Gmail", "Þann fim., 12. nóv. 2026 kl. 14:05 skrifaði Support <support@firma.example>:"},
		{"is Outlook", "Frá: Support <support@firma.example>\nSent: fimmtudagur, 12. nóvember 2026 14:05\nTil: Test Kunde\nEfni: Re: Innskráning"},
		{"en Gmail", "On Thu, Nov 12, 2026 at 2:05 PM Support <support@firma.example> wrote:"},
		{"en Gmail, wrapped in the name", "On Thu, Nov 12, 2026 at 2:05 PM Support\n<support@firma.example> wrote:"},
		{"en Gmail, three lines", "On Thu, Nov 12, 2026 at 2:05 PM Support of a Company with a Long Name <\nsupport@firma.example>\nwrote:"},
		{"en Apple", "On 12 Nov 2026, at 14:05, Support <support@firma.example> wrote:"},
		{"en Outlook", "From: Support <support@firma.example>\nSent: Thursday, November 12, 2026 2:05 PM\nTo: Test Kunde <kunde@firma.example>\nCc: Anden Kunde\nSubject: Re: Login"},
		{"en Outlook 2003", "-----Original Message-----\nFrom: Support [mailto:support@firma.example]\nSent: 12 November 2026 14:05\nTo: Test Kunde\nSubject: Re: Login"},
		{"en Zoho", "---- On Thu, 12 Nov 2026 14:05:00 +0100 Support <support@firma.example> wrote ----"},
		{"en Android", "-------- Original message --------\nFrom: Support <support@firma.example>\nDate: 12/11/2026 14:05 (GMT+01:00)\nTo: Test Kunde <kunde@firma.example>\nSubject: Re: Login"},
		{"en Zimbra", "----- Original Message -----\nFrom: \"Support\" <support@firma.example>\nTo: \"Test Kunde\" <kunde@firma.example>\nSent: Thursday, November 12, 2026 2:05:00 PM\nSubject: Re: Login"},
		{"da our own line to staff", "──── Til jer i support ────"},
		{"en our own line to staff, broken", "???? Write your commands above this line ????"},
		{"en our own line", "──── Write your reply above this line ────"},
		{"fr our own line, broken", "???? Écrivez votre réponse au-dessus de cette ligne ????"},
		{"es our own line, broken", "???? Escriba su respuesta encima de esta línea ????"},
		{"it our own line, broken", "???? Scriva la Sua risposta sopra questa riga ????"},
		{"pl our own line, broken", "???? Proszę pisać odpowiedź nad tą linią ????"},
		{"de Gmail", "Am Do., 12. Nov. 2026 um 14:05 Uhr schrieb Support <support@firma.example>:"},
		{"de Thunderbird", "Am 12.11.2026 um 14:05 schrieb Support:"},
		{"de Apple", "Am 12.11.2026 um 14:05 schrieb Support <support@firma.example>:"},
		{"de name first", "Support <support@firma.example> schrieb am Do., 12. Nov. 2026, 14:05:"},
		{"de Outlook", "Von: Support <support@firma.example>\nGesendet: Donnerstag, 12. November 2026 14:05\nAn: Test Kunde\nBetreff: AW: Anmeldung"},
		{"de Outlook Express", "-----Ursprüngliche Nachricht-----"},
		{"de GMX", "Gesendet: Donnerstag, 12. November 2026 um 14:05 Uhr\nVon: support@firma.example\nAn: kunde@firma.example\nBetreff: AW: Anmeldung"},
		{"nl Gmail", "Op do 12 nov. 2026 om 14:05 schreef Support <support@firma.example>:"},
		{"nl Outlook", "Van: Support <support@firma.example>\nVerzonden: donderdag 12 november 2026 14:05\nAan: Test Kunde\nOnderwerp: RE: Inloggen"},
		{"nl Apple", "Op 12 nov. 2026 om 14:05 heeft Support <support@firma.example> het volgende geschreven:"},
		{"fr Gmail", "Le jeu. 12 nov. 2026 à 14:05, Support <support@firma.example> a écrit :"},
		{"fr Outlook", "De : Support <support@firma.example>\nEnvoyé : jeudi 12 novembre 2026 14:05\nÀ : Test Kunde\nObjet : RE: Connexion"},
		{"fr Outlook Express", "-----Message d'origine-----"},
		{"es Gmail", "El jue, 12 nov 2026 a las 14:05, Support (<support@firma.example>) escribió:"},
		{"es Outlook", "De: Support <support@firma.example>\nEnviado el: jueves, 12 de noviembre de 2026 14:05\nPara: Test Kunde\nAsunto: RE: Acceso"},
		{"it Gmail", "Il giorno gio 12 nov 2026 alle ore 14:05 Support <support@firma.example> ha scritto:"},
		{"it Outlook", "Da: Support <support@firma.example>\nInviato: giovedì 12 novembre 2026 14:05\nA: Test Kunde\nOggetto: R: Accesso"},
		{"pt Gmail", "Em qui., 12 de nov. de 2026 às 14:05, Support <support@firma.example> escreveu:"},
		{"pt Outlook", "De: Support <support@firma.example>\nEnviado: 12 de novembro de 2026 14:05\nPara: Test Kunde\nAssunto: RE: Acesso"},
		{"pl Gmail", "czw., 12 lis 2026 o 14:05 Support <support@firma.example> napisał(a):"},
		{"pl Thunderbird", "W dniu 12.11.2026 o 14:05, Support pisze:"},
		{"pl Outlook", "Od: Support <support@firma.example>\nWysłano: czwartek, 12 listopada 2026 14:05\nDo: Test Kunde\nTemat: Re: Logowanie"},
		{"cs Gmail", "čt 12. 11. 2026 v 14:05 odesílatel Support <support@firma.example> napsal:"},
		{"cs Outlook", "Od: Support <support@firma.example>\nOdesláno: čtvrtek 12. listopadu 2026 14:05\nKomu: Test Kunde\nPředmět: Re: Přihlášení"},
		{"sk Gmail", "št 12. 11. 2026 o 14:05 Support <support@firma.example> napísal(a):"},
		{"sk Outlook", "Od: Support <support@firma.example>\nOdoslané: štvrtok 12. novembra 2026 14:05\nKomu: Test Kunde\nPredmet: Re: Prihlásenie"},
		{"ro Gmail", "În joi, 12 nov. 2026 la 14:05, Support <support@firma.example> a scris:"},
		{"ro Outlook", "De la: Support <support@firma.example>\nTrimis: joi, 12 noiembrie 2026 14:05\nCătre: Test Kunde\nSubiect: Re: Autentificare"},
		{"bs Gmail", "čet, 12. nov 2026. u 14:05 Support <support@firma.example> je napisao/la:"},
		{"bs Outlook", "Od: Support <support@firma.example>\nPoslano: četvrtak, 12. studenog 2026. 14:05\nZa: Test Kunde\nPredmet: Re: Prijava"},
		{"hu Gmail", "Support <support@firma.example> ezt írta (időpont: 2026. nov. 12., Cs, 14:05):"},
		{"tr Outlook", "Kimden: Support <support@firma.example>\nGönderildi: 12 Kasım 2026 Perşembe 14:05\nKime: Test Kunde\nKonu: Re: Giriş"},
		{"ru Gmail", "чт, 12 нояб. 2026 г. в 14:05, Support <support@firma.example>:"},
		{"ru mail.ru", "Четверг, 12 ноября 2026, 14:05 +01:00 от Support <support@firma.example>:"},
		{"uk Gmail", "чт, 12 лист. 2026 р. о 14:05 Support <support@firma.example> пише:"},
		{"et Outlook", "Saatja: Support <support@firma.example>\nSaadetud: neljapäev, 12. november 2026 14:05\nAdressaat: Test Kunde\nTeema: Re: Sisselogimine"},
		{"ja Gmail", "2026年11月12日(木) 14:05 Support <support@firma.example>:"},
		{"zh Gmail", "Support <support@firma.example> 于2026年11月12日周四 14:05写道："},
		{"zh QQ", "------------------ 原始邮件 ------------------"},
		{"ko Outlook", "보낸 사람: Support <support@firma.example>\n보낸 날짜: 2026년 11월 12일 목요일 오후 2:05\n받는 사람: Test Kunde\n제목: Re: 로그인"},
	} {
		t.Run(tt.lang, func(t *testing.T) {
			text := "Nu virker det igen.\n\n" + tt.marker + "\n\nWe have sent a fix.\nDoes it work?\n"
			if got := newText(text, lex.split(text, nil, false)); got != "Nu virker det igen." {
				t.Errorf("new text is %q", got)
			}
		})
	}
}

// TestNoMarkers shows what people write that resembles a marker. None of it
// may take the rest of a mail away.
func TestNoMarkers(t *testing.T) {
	lex := newLexicon()
	for _, text := range []string{
		"Den 3. maj 2026 skrev jeg:\nPrisen mangler på fakturaen.",
		"On Monday I wrote:\nthe price is missing.",
		"Jeg skrev til jer i går kl. 10.22:\nDer kom intet svar.",
		"Kunden skriver:\nDet virker ikke.",
		"Kunde skrev den 12. november:\nDet virker ikke.",
		"Fra: København\nTil: Aarhus\nDato: 12. november 2026 kl. 14.05\nPris: 200 kr.",
		"Dato: 12. november 2026\nEmne: Login\nBeskrivelse: Siden er hvid.",
		"From: 1 November\nTo: 5 November\nRooms: 2",
		"Emne: chatbot\nAlvorlighed: kritisk\nChatbotten svarer ikke.",
		"Til: support\nVi mangler en faktura.",
		"Original message was lost, we think.\nCan you check?",
		"The forwarded message: it never came.\nWhy?",
		"Fejlen kom kl. 14:05:\nConnection refused",
		"Vi har følgende fejl:\n1. Login\n2. Betaling",
		"Den 12. november kl. 10.22 skrev vores kunde:\nDet virker ikke.\n\nKan I hjælpe?",
		"On 12 November at 10:22 our customer wrote:\nIt fails.\n\nCan you help?",
		"Am 12.11. um 10:22 schrieb unser Kunde:\nEs geht nicht.",
		"Denne mail er aldrig kommet frem:\nFra: noreply@desk.example\nTil: kunde@firma.example\nEmne: Velkommen\nDato: 12. november 2026 kl. 10.22\n\nKan I sende den igen?",
		"Am Montag schrieb ich Ihnen:\nEs geht nicht.",
		"I en mail af 12. november 2026 skriver vi:\nAftalen er opsagt.",
		"Log fra serveren:\n2026-11-12 14:05:00 ERROR user kunde@firma.example failed:\ntimeout after 30 s",
		"12. november 2026 kl. 14:05 gik siden ned:\nIngen kan logge ind.",
		"Status: åben\nSubject: login",
		"Skriv dit svar over denne linje står der i jeres mail.\nHvad betyder det?",
		"-- \n", // an empty signature alone is all there is
	} {
		full := "Hej\n\n" + text + "\n"
		segs := lex.split(full, nil, false)
		for _, s := range segs {
			if s.Kind == ticket.SegmentQuote || s.Kind == ticket.SegmentForward || s.Kind == ticket.SegmentMarker {
				t.Errorf("%q: took %q for %s", text, full[s.Start:s.End], s.Kind)
			}
		}
	}
}

// TestReplies shows whole texts and what of them is new.
func TestReplies(t *testing.T) {
	lex := newLexicon()
	const wrote = "Den 12. nov. 2026 kl. 14.05 skrev Support <support@firma.example>:\n"
	for _, tt := range []struct{ name, text, want string }{
		{"top post", "Ja.\n\n" + wrote + "> Virker det?\n", "Ja."},
		{"bottom post", wrote + "> Virker det?\n\nJa, det virker.\n", "Ja, det virker."},
		{"answers in between", "Se nedenfor.\n\n" + wrote + "> Hvilken side?\nKassen.\n> Hvornår?\nI morges.\n", "Se nedenfor.\n\n" + wrote + "> Hvilken side?\nKassen.\n> Hvornår?\nI morges."},
		{"a long quote between stays folded", "Hej\n\n" + wrote + strings.Repeat("> linje\n", 30) + "Tak, det virker nu igen.\n", "Hej\n\nTak, det virker nu igen."},
		{"our own mail between stays folded", "Hej\n\n" + wrote + "> ──── Skriv dit svar over denne linje ────\n> Alvorlighed: kritisk\n\nTak for svaret, det virker.\n", "Hej\n\nTak for svaret, det virker."},
		{"marker on the last line of the text", "Det virker. On Thu, 12 Nov 2026 at 14:05, Support <support@firma.example> wrote:\n> Hi\n", "Det virker."},
		{"device line", "Ja.\n\nSendt fra min iPhone\n\n" + wrote + "> Virker det?\n", "Ja."},
		{"device line after the text", "Ja.\nHent Outlook til iOS<https://aka.example/o0ukef>\n", "Ja."},
		{"a sentence is no device line", "Ja.\n\nSendt fra min kollega i går, men uden bilag.\nSe her.\n", "Ja.\n\nSendt fra min kollega i går, men uden bilag.\nSe her."},
		{"our hidden preview line, shown by Outlook", "Ja.\n\nVi har sat alvorligheden til normal.\n──── Skriv dit svar over denne linje ────\nHej\nVi har sat alvorligheden til normal. Du meldte den som kritisk.\n", "Ja."},
		{"signature behind dashes", "Ja.\n-- \nTest Kunde\nFirma ApS\n", "Ja."},
		{"signature behind a greeting", "Ja.\n\nMed venlig hilsen\nTest Kunde\nFirma ApS, tlf. 12 34 56 78\n", "Ja."},
		{"greeting and name are part of the letter", "Ja.\n\nMvh. Kunde\n", "Ja.\n\nMvh. Kunde"},
		{"contact details without greeting", "Ja, det virker.\n\nTest Kunde\nSalgschef\nTlf.: +45 12 34 56 78\nkunde@firma.example\nwww.firma.example\n", "Ja, det virker."},
		{"details of a fault are no signature", "Jeg kan ikke logge ind.\n\nBruger: kunde@firma.example\nSide: https://app.firma.example/login\n", "Jeg kan ikke logge ind.\n\nBruger: kunde@firma.example\nSide: https://app.firma.example/login"},
		{"a list with dashes is no signature", "Vi mangler:\n- Login\n- Faktura\n", "Vi mangler:\n- Login\n- Faktura"},
		{"one item of a list is no signature", "Vi mangler:\n- Login\n", "Vi mangler:\n- Login"},
		{"a line above a log is no signature", "Se loggen:\n-----\nError 500\nat main.js 12\n", "Se loggen:\n-----\nError 500\nat main.js 12"},
		{"a name behind a dash", "Ja, det virker.\n\n- Kunde\n", "Ja, det virker."},
		{"a name under a line", "Ja, det virker.\n_______________\nTest Kunde\nFirma ApS\n", "Ja, det virker."},
		{"a name with a title, without greeting", "Hvor mange brugere må vi have?\n\nTest Kunde\nAfdelingen for Kritiske Systemer\n", "Hvor mange brugere må vi have?"},
		{"a list of customers is no signature", "Det gælder disse kunder:\n\nFirma ApS: 17\nKunde A/S: 18\n", "Det gælder disse kunder:\n\nFirma ApS: 17\nKunde A/S: 18"},
		{"names that are announced are no signature", "Det gælder disse brugere:\n\nTest Kunde\nAnden Kunde\n", "Det gælder disse brugere:\n\nTest Kunde\nAnden Kunde"},
		{"notice of a company", "Kan I ringe?\n\nBemærk venligst, at denne postkasse ikke er egnet til hastesager og ikke overvåges.\n", "Kan I ringe?"},
		{"a request about personal data is no disclaimer", "Hej\n\nVi ønsker alle personoplysninger om Test Kunde slettet efter GDPR.\n", "Hej\n\nVi ønsker alle personoplysninger om Test Kunde slettet efter GDPR."},
		{"disclaimer", "Ja.\n\nDenne e-mail er fortrolig og kun til den rette modtager. Har du modtaget den ved en fejl, så slet den.\n", "Ja."},
		{"banner of a mail server", "Du får ikke ofte mails fra kunde@firma.example. Få mere at vide om, hvorfor det er vigtigt\n\nDet virker ikke.\n", "Det virker ikke."},
		{"forward", "Se her.\n\n---------- Videresendt besked ---------\nFra: Kunde <kunde@kunde.example>\nEmne: Kritisk\n\nDet er kritisk.\n", "Se her."},
		{"quoted marker of an older mail", "Ja.\n\n> " + strings.ReplaceAll(wrote, "\n", "\n> ") + "tekst\n", "Ja."},
		{"a menu path is quoted lines' twin", "Gå til\n>>> Indstillinger <<<\nog tryk.\n", "Gå til\n>>> Indstillinger <<<\nog tryk."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := newText(tt.text, lex.split(tt.text, nil, false)); got != tt.want {
				t.Errorf("new text is\n%q, want\n%q", got, tt.want)
			}
		})
	}
}
