package parser

// language is what mail clients and people write around a text in one
// language, all in lower case. A language is added by its row, in languages.
//
// The words of clients (labels, separators) are those of Outlook, Apple Mail,
// Gmail, Thunderbird, Yahoo, Zimbra, Lotus Notes and Windows Mail in it.
type language struct {
	tag       string   // BCP 47, for the reader of the table
	from      []string // labels of a quoted header: "Fra:"
	date      []string
	to        []string
	cc        []string
	subject   []string
	original  []string // "-----Oprindelig meddelelse-----"
	forwarded []string // "---------- Videresendt besked ---------"
	on        []string // what "On … wrote:" begins with; "" where it begins with the date itself
	wrote     []string // its verb; "…" in front: a name stands behind it
	device    []string // what a telephone's signature begins with
	closing   []string // what a signature begins with
	ownLine   []string // our reply line, without its dashes
}

var languages = []language{
	{
		tag: "da", from: []string{"fra"}, date: []string{"sendt", "dato"}, to: []string{"til"}, cc: []string{"cc", "kopi", "bcc"}, subject: []string{"emne"},
		original:  []string{"oprindelig meddelelse", "oprindelig besked", "oprindelig mail", "original meddelelse"},
		forwarded: []string{"videresendt besked", "videresendt meddelelse", "videresendt mail", "start på videresendt besked", "start på videresendt meddelelse", "videresendt af"},
		on:        []string{"den", "d.", "på", "kl."}, wrote: []string{"…skrev", "skrev", "har skrevet", "skriver"},
		device:  []string{"sendt fra min", "sendt fra mit", "sendt fra iphone", "sendt fra ipad", "sendt fra android", "sendt fra samsung", "sendt fra mobil", "sendt fra telefon", "sendt fra gmail", "sendt fra spark", "sendt via", "sendt fra outlook", "sendt fra yahoo", "sendt fra mail", "sendt fra proton", "hent outlook", "hent bluemail", "sendt med"},
		closing: []string{"med venlig hilsen", "venlig hilsen", "venlige hilsner", "de bedste hilsner", "bedste hilsner", "mange hilsner", "med venlige hilsner", "hilsen", "hilsner", "mvh", "m.v.h", "vh", "kh", "dbh", "kærlig hilsen", "de venligste hilsner", "med hilsen", "på forhånd tak og hilsen"},
		ownLine: []string{"skriv dit svar over denne linje", "skriv dine kommandoer over denne linje"},
	},
	{
		tag: "en", from: []string{"from"}, date: []string{"sent", "date", "sent on", "date sent"}, to: []string{"to"}, cc: []string{"cc", "bcc"}, subject: []string{"subject"},
		original:  []string{"original message", "original email", "original mail", "reply message", "reply to message", "originalmessage", "original appointment", "replied message", "end of message"},
		forwarded: []string{"forwarded message", "begin forwarded message", "forwarded by", "forwarded email", "forwarded mail", "start of forwarded message", "forwarded conversation", "original message forwarded"},
		on:        []string{"on", "at"}, wrote: []string{"wrote", "writes", "said", "sent", "has written"},
		device:  []string{"sent from my", "sent from mail", "sent from outlook", "sent from mailbox", "sent from yahoo", "sent from proton", "sent from samsung", "sent from the", "sent from a", "sent via", "sent using", "sent with", "get outlook for", "get bluemail", "sent by", "sent from nine", "sent from spark", "sent from gmail", "sent from iphone", "sent from ipad", "sent from android", "sent from windows mail", "sent from mobile", "sent from my mobile", "sent from newton", "sent from aol", "sent on the go"},
		closing: []string{"best regards", "kind regards", "warm regards", "regards", "with kind regards", "with best regards", "kindest regards", "many thanks and regards", "thanks and regards", "thanks & regards", "best wishes", "all the best", "yours sincerely", "yours faithfully", "yours truly", "sincerely", "sincerely yours", "cheers", "best", "kr", "br", "rgds", "brgds", "respectfully", "cordially", "with regards", "my best", "warmly", "warmest regards", "very best"},
		ownLine: []string{"write your reply above this line", "write your commands above this line"},
	},
	{
		tag: "sv", from: []string{"från"}, date: []string{"skickat", "datum"}, to: []string{"till"}, cc: []string{"kopia", "cc"}, subject: []string{"ämne"},
		original:  []string{"ursprungligt meddelande", "originalmeddelande", "ursprungligt mail"},
		forwarded: []string{"vidarebefordrat meddelande", "vidarebefordrat brev", "vidarebefordrat mail", "börja vidarebefordrat meddelande", "vidarebefordrat mejl"},
		on:        []string{"den", "på", "kl", "tors", "fre", "lör", "sön", "mån", "tis", "ons"}, wrote: []string{"…skrev", "skrev", "skriver", "har skrivit"},
		device:  []string{"skickat från min", "skickat från mitt", "skickat från outlook", "skickat från e-post", "skickat från iphone", "skickat från ipad", "skickat från android", "skickat från samsung", "skickat från mobil", "skickat från yahoo", "skickat från mail", "skickad från", "skickat via", "hämta outlook", "skaffa outlook", "skickat med"},
		closing: []string{"med vänlig hälsning", "med vänliga hälsningar", "vänliga hälsningar", "vänligen", "hälsningar", "bästa hälsningar", "varma hälsningar", "mvh", "vh", "hälsar", "trevlig helg", "med vänlig hälsning/best regards"},
		ownLine: []string{"skriv ditt svar ovanför den här raden"},
	},
	{
		tag: "nb", from: []string{"fra", "frå"}, date: []string{"sendt", "dato"}, to: []string{"til"}, cc: []string{"kopi", "cc"}, subject: []string{"emne"},
		original:  []string{"opprinnelig melding", "original melding", "opprinneleg melding", "opprinnelig e-post"},
		forwarded: []string{"videresendt melding", "vidaresend melding", "start på videresendt melding", "videresendt e-post", "begynnelse på videresendt melding"},
		on:        []string{"den", "på", "kl.", "man", "tir", "ons", "tor", "fre", "lør", "søn"}, wrote: []string{"…skrev", "skrev", "skreiv", "skriver"},
		device:  []string{"sendt fra min", "sendt frå min", "sendt fra e-post", "sendt fra outlook", "sendt fra iphone", "sendt fra mobil", "sendt fra yahoo", "skaff outlook", "last ned outlook", "sendt via", "sendt med"},
		closing: []string{"med vennlig hilsen", "vennlig hilsen", "med venleg helsing", "venleg helsing", "beste hilsen", "hilsen", "mvh", "hilsener", "med beste hilsen", "ha en fin dag"},
		ownLine: []string{"skriv svaret ditt over denne linjen"},
	},
	{
		tag: "fi", from: []string{"lähettäjä", "keneltä"}, date: []string{"lähetetty", "päiväys", "pvm", "päivämäärä"}, to: []string{"vastaanottaja", "kenelle"}, cc: []string{"kopio"}, subject: []string{"aihe"},
		original:  []string{"alkuperäinen viesti"},
		forwarded: []string{"välitetty viesti", "edelleenlähetetty viesti", "edelleen lähetetty viesti", "välitetty viesti alkaa"},
		on:        []string{"", "ma", "ti", "ke", "to", "pe", "la", "su"}, wrote: []string{"…kirjoitti", "kirjoitti", "kirjoittaa"},
		device:  []string{"lähetetty iphone", "lähetetty ipad", "lähetetty android", "lähetetty samsung", "lähetetty puhelimesta", "lähetetty outlook", "hanki outlook", "lähetetty laitteesta", "lähetetty windows"},
		closing: []string{"ystävällisin terveisin", "terveisin", "parhain terveisin", "yst. terv", "t.", "terv", "ystävällisesti", "kunnioittavasti"},
	},
	{
		tag: "is", from: []string{"frá"}, date: []string{"sent", "dagsetning"}, to: []string{"til"}, cc: []string{"afrit"}, subject: []string{"efni"},
		original:  []string{"upprunaleg skilaboð", "upphaflegur póstur"},
		forwarded: []string{"áframsend skilaboð", "áframsendur póstur"},
		on:        []string{"þann", "hinn", "þri.", "mán.", "mið.", "fim.", "fös.", "lau.", "sun.", "á"}, wrote: []string{"…skrifaði", "skrifaði", "reit"},
		device:  []string{"sent úr", "sent með", "sækja outlook", "sent frá"},
		closing: []string{"með kveðju", "bestu kveðjur", "kær kveðja", "kveðja", "með bestu kveðju", "kv."},
	},
	{
		tag: "de", from: []string{"von"}, date: []string{"gesendet", "datum", "gesendet am"}, to: []string{"an"}, cc: []string{"cc", "kopie"}, subject: []string{"betreff"},
		original:  []string{"ursprüngliche nachricht", "original nachricht", "originalnachricht", "originale nachricht", "ursprüngliche mail", "original-nachricht", "antwort nachricht", "urspruengliche nachricht"},
		forwarded: []string{"weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "beginn der weitergeleiteten nachricht", "weitergeleitete e-mail", "weitergeleitet von"},
		on:        []string{"am", "um", "on"}, wrote: []string{"…schrieb", "schrieb", "hat geschrieben"},
		device:  []string{"von meinem iphone gesendet", "von meinem ipad gesendet", "von meinem samsung", "von meinem android", "gesendet von meinem", "gesendet mit", "gesendet von mail", "gesendet von outlook", "gesendet aus", "diese nachricht wurde von meinem", "holen sie sich outlook", "outlook für", "von meinem", "gesendet von yahoo", "gesendet über", "gesendet von iphone"},
		closing: []string{"mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß", "mit freundlichem gruss", "freundliche grüße", "freundliche grüsse", "viele grüße", "viele grüsse", "beste grüße", "beste grüsse", "schöne grüße", "liebe grüße", "liebe grüsse", "herzliche grüße", "herzliche grüsse", "mit besten grüßen", "mit besten grüssen", "grüße", "gruß", "gruss", "mfg", "lg", "vg", "bg", "hochachtungsvoll", "besten gruß", "viele grüße aus", "mit herzlichen grüßen"},
		ownLine: []string{"schreiben sie ihre antwort über diese zeile"},
	},
	{
		tag: "nl", from: []string{"van"}, date: []string{"verzonden", "datum", "verstuurd"}, to: []string{"aan"}, cc: []string{"cc"}, subject: []string{"onderwerp"},
		original:  []string{"oorspronkelijk bericht", "oorspronkelijke bericht", "origineel bericht", "oorspronkelijk e-mailbericht"},
		forwarded: []string{"doorgestuurd bericht", "begin doorgestuurd bericht", "doorgestuurde bericht", "doorgezonden bericht"},
		on:        []string{"op", "heeft", "am"}, wrote: []string{"…schreef", "schreef", "geschreven", "het volgende geschreven"},
		device:  []string{"verstuurd vanaf mijn", "verzonden vanaf mijn", "verstuurd vanaf", "verzonden vanaf", "verstuurd via", "verzonden via", "verstuurd met", "outlook voor", "download outlook", "verzonden met", "verzonden vanuit"},
		closing: []string{"met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "vriendelijke groeten", "hartelijke groet", "hartelijke groeten", "groeten", "groet", "gr.", "gr", "mvg", "m.v.g", "hoogachtend", "met hartelijke groet", "groetjes", "met vr. gr", "alvast bedankt en groeten"},
		ownLine: []string{"schrijf uw antwoord boven deze regel"},
	},
	{
		tag: "fr", from: []string{"de", "expéditeur"}, date: []string{"envoyé", "date", "envoyé le", "envoyée"}, to: []string{"à", "a", "destinataire", "pour"}, cc: []string{"cc", "copie à"}, subject: []string{"objet", "sujet"},
		original:  []string{"message d'origine", "message d’origine", "message original", "courriel original", "message initial"},
		forwarded: []string{"message transféré", "message réexpédié", "début du message réexpédié", "début du message transféré", "message transmis", "courriel transféré"},
		on:        []string{"le", "en date du"}, wrote: []string{"…a écrit", "a écrit", "a ecrit", "écrit", "à écrit", "a écrit le"},
		device:  []string{"envoyé de mon", "envoyé depuis mon", "envoyé de", "envoyé depuis", "envoyé à partir de", "télécharger outlook", "obtenir outlook", "envoyé avec", "provenance : courrier", "envoyé via"},
		closing: []string{"cordialement", "bien cordialement", "très cordialement", "bien à vous", "meilleures salutations", "salutations", "salutations distinguées", "sincères salutations", "bonne journée", "bonne réception", "amicalement", "cdlt", "cdt", "sincèrement", "merci et bonne journée", "avec mes salutations", "je vous prie d'agréer"},
		ownLine: []string{"écrivez votre réponse au-dessus de cette ligne"},
	},
	{
		tag: "es", from: []string{"de", "desde", "remitente"}, date: []string{"enviado", "fecha", "enviado el", "enviada"}, to: []string{"para", "a", "destinatario"}, cc: []string{"cc", "con copia"}, subject: []string{"asunto"},
		original:  []string{"mensaje original", "mensaje de origen", "correo original"},
		forwarded: []string{"mensaje reenviado", "inicio del mensaje reenviado", "forwarded message", "correo reenviado", "mensaje enviado"},
		on:        []string{"el", "en"}, wrote: []string{"escribió", "escribio", "…escribió", "ha escrito"},
		device:  []string{"enviado desde mi", "enviado desde", "obtener outlook", "enviado con", "enviado a través", "descarga outlook", "consigue outlook"},
		closing: []string{"saludos", "un saludo", "saludos cordiales", "atentamente", "cordialmente", "saludos cordialmente", "muchas gracias y saludos", "un cordial saludo", "reciba un cordial saludo", "atte", "muchos saludos", "un abrazo"},
		ownLine: []string{"escriba su respuesta encima de esta línea"},
	},
	{
		tag: "it", from: []string{"da", "mittente"}, date: []string{"inviato", "data", "inviato il", "inviata"}, to: []string{"a", "per", "destinatario"}, cc: []string{"cc", "c.c."}, subject: []string{"oggetto"},
		original:  []string{"messaggio originale", "messaggio originario", "messaggio d'origine"},
		forwarded: []string{"messaggio inoltrato", "inizio messaggio inoltrato", "inizio del messaggio inoltrato"},
		on:        []string{"il", "in data", "il giorno", "in"}, wrote: []string{"…ha scritto", "ha scritto", "scrisse", "scrive", "ha scritto il"},
		device:  []string{"inviato da", "inviato dal mio", "scarica outlook", "ottieni outlook", "inviato con", "inviato tramite"},
		closing: []string{"cordiali saluti", "distinti saluti", "saluti", "un saluto", "cordialmente", "grazie e cordiali saluti", "grazie e saluti", "buona giornata", "a presto", "tanti saluti", "cari saluti"},
		ownLine: []string{"scriva la sua risposta sopra questa riga"},
	},
	{
		tag: "pt", from: []string{"de", "remetente"}, date: []string{"enviado", "data", "enviada em", "enviado em", "enviada"}, to: []string{"para", "destinatário"}, cc: []string{"cc", "com cópia"}, subject: []string{"assunto"},
		original:  []string{"mensagem original", "mensagem de origem", "e-mail original"},
		forwarded: []string{"mensagem encaminhada", "mensagem reencaminhada", "início da mensagem encaminhada", "início da mensagem reencaminhada", "forwarded message"},
		on:        []string{"em", "no dia", "a", "às", "el"}, wrote: []string{"escreveu", "…escreveu"},
		device:  []string{"enviado do meu", "enviado de meu", "enviado a partir do", "enviado via", "obter o outlook", "baixe o outlook", "enviado pelo", "enviado do"},
		closing: []string{"atenciosamente", "cumprimentos", "com os melhores cumprimentos", "melhores cumprimentos", "att", "abraços", "obrigado e cumprimentos", "cordialmente", "saudações", "abraço", "os melhores cumprimentos"},
	},
	{
		tag: "pl", from: []string{"od", "nadawca"}, date: []string{"wysłano", "data", "wysłane", "wyslano"}, to: []string{"do", "adresat"}, cc: []string{"dw", "kopia", "udw"}, subject: []string{"temat"},
		original:  []string{"oryginalna wiadomość", "wiadomość oryginalna", "oryginalna wiadomosc", "wiadomość pierwotna"},
		forwarded: []string{"przekazana wiadomość", "treść przekazanej wiadomości", "wiadomość przekazana dalej", "wiadomość przekazana", "początek przekazywanej wiadomości", "treść przesłanej wiadomości"},
		on:        []string{"w dniu", "dnia", "on", "pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz.", "użytkownik"}, wrote: []string{"napisał", "napisała", "napisał(a)", "napisał/a", "pisze", "…napisał", "…napisał(a)"},
		device:  []string{"wysłane z", "wysłano z", "pobierz outlook", "pobierz aplikację outlook", "wysłane przez"},
		closing: []string{"pozdrawiam", "z poważaniem", "serdecznie pozdrawiam", "pozdrowienia", "z wyrazami szacunku", "łączę pozdrowienia", "z pozdrowieniami", "pozdr"},
		ownLine: []string{"proszę pisać odpowiedź nad tą linią"},
	},
	{
		tag: "cs", from: []string{"od", "odesílatel"}, date: []string{"odesláno", "datum", "odeslané"}, to: []string{"komu", "příjemce"}, cc: []string{"kopie"}, subject: []string{"předmět"},
		original:  []string{"původní zpráva", "puvodni zprava", "původní e-mail"},
		forwarded: []string{"přeposlaná zpráva", "začátek přeposlané zprávy", "předávaná zpráva", "preposlana zprava"},
		on:        []string{"dne", "", "po", "út", "st", "čt", "pá", "so", "ne"}, wrote: []string{"napsal", "napsala", "napsal(a)", "napsal/a", "…napsal", "…napsal(a)", "odesílatel"},
		device:  []string{"odesláno z", "posláno z", "odesláno ze", "získat outlook", "získejte outlook", "stáhnout outlook"},
		closing: []string{"s pozdravem", "hezký den", "s přáním hezkého dne", "děkuji a přeji hezký den", "zdravím", "s úctou"},
	},
	{
		tag: "sk", from: []string{"od", "odosielateľ"}, date: []string{"odoslané", "dátum", "poslané"}, to: []string{"komu", "pre", "príjemca"}, cc: []string{"kópia"}, subject: []string{"predmet"},
		original:  []string{"pôvodná správa", "povodna sprava"},
		forwarded: []string{"preposlaná správa", "začiatok preposlanej správy", "poslaná správa"},
		on:        []string{"dňa", "", "po", "ut", "st", "št", "pi", "so", "ne"}, wrote: []string{"napísal", "napísala", "napísal(a)", "napísal/a", "…napísal", "…napísal(a)"},
		device:  []string{"odoslané z", "poslané z", "odoslané zo", "získať outlook", "získajte outlook"},
		closing: []string{"s pozdravom", "pekný deň", "s úctou", "so srdečným pozdravom"},
	},
	{
		tag: "ro", from: []string{"de la", "de", "expeditor"}, date: []string{"trimis", "data", "trimis la", "dată"}, to: []string{"către", "catre", "pentru", "destinatar"}, cc: []string{"cc"}, subject: []string{"subiect", "subiectul"},
		original:  []string{"mesaj original", "mesajul original", "mesajul inițial"},
		forwarded: []string{"mesaj redirecționat", "mesaj redirectionat", "începutul mesajului redirecționat", "mesaj transmis"},
		on:        []string{"pe", "în data de", "in data de", "la", "în", "in", "lun.", "mar.", "mie.", "joi", "vin.", "sâm.", "dum."}, wrote: []string{"a scris", "au scris", "a scris următoarele"},
		device:  []string{"trimis de pe", "trimis de la", "trimis din", "obțineți outlook", "trimis cu"},
		closing: []string{"cu stimă", "cu respect", "toate cele bune", "o zi bună", "cu drag", "mulțumesc", "cu stima"},
	},
	{
		tag: "bs", from: []string{"od", "šalje", "poslao", "šalje/from"}, date: []string{"poslano", "datum", "poslato", "poslano dana"}, to: []string{"za", "prima", "kome"}, cc: []string{"kopija", "cc"}, subject: []string{"predmet", "naslov", "tema"},
		original:  []string{"izvorna poruka", "originalna poruka", "orginalna poruka", "prvobitna poruka"},
		forwarded: []string{"proslijeđena poruka", "prosleđena poruka", "proslijedjena poruka", "početak proslijeđene poruke", "prosljeđena poruka"},
		on:        []string{"dana", "dne", "", "pon", "uto", "sri", "čet", "pet", "sub", "ned", "u"}, wrote: []string{"napisao", "napisala", "napisao je", "je napisao", "je napisala", "napisao/la", "je napisao/la", "je napisao(la)", "…napisao", "je pisao"},
		device:  []string{"poslano s", "poslano sa", "poslato sa", "poslato iz", "poslano iz", "preuzmite outlook", "nabavite outlook"},
		closing: []string{"s poštovanjem", "lijep pozdrav", "lep pozdrav", "pozdrav", "srdačan pozdrav", "lp", "s poštovanjem,"},
	},
	{
		tag: "sl", from: []string{"od", "pošiljatelj"}, date: []string{"poslano", "datum"}, to: []string{"za", "prejemnik"}, cc: []string{"kp"}, subject: []string{"zadeva"},
		original: []string{"izvirno sporočilo"}, forwarded: []string{"posredovano sporočilo"},
		on: []string{"dne", "v", ""}, wrote: []string{"je napisal", "je napisala", "je oseba", "je napisal(a)"},
		device: []string{"poslano iz", "poslano z"}, closing: []string{"lep pozdrav", "s spoštovanjem", "lp"},
	},
	{
		tag: "hu", from: []string{"feladó", "from"}, date: []string{"elküldve", "dátum", "küldve"}, to: []string{"címzett"}, cc: []string{"másolatot kap", "másolat"}, subject: []string{"tárgy"},
		original: []string{"eredeti üzenet"}, forwarded: []string{"továbbított üzenet", "továbbított levél"},
		on: []string{"", "ezt írta"}, wrote: []string{"…ezt írta", "írta", "ezt írta", "a következőt írta", "írta (időpont"},
		device: []string{"iphone-ról küldve", "küldve az", "iphone-omról küldve", "outlook beszerzése"}, closing: []string{"üdvözlettel", "tisztelettel", "üdv", "köszönettel"},
	},
	{
		tag: "tr", from: []string{"kimden", "gönderen"}, date: []string{"gönderildi", "tarih", "gönderme tarihi"}, to: []string{"kime", "alıcı"}, cc: []string{"bilgi"}, subject: []string{"konu"},
		original: []string{"özgün ileti", "orijinal mesaj", "orjinal mesaj"}, forwarded: []string{"iletilmiş mesaj", "yönlendirilmiş ileti", "iletilen mesaj"},
		on: []string{"", "tarihinde"}, wrote: []string{"şunu yazdı", "yazdı", "şöyle yazdı", "tarihinde şunu yazdı"},
		device: []string{"iphone'umdan gönderildi", "ipad'imden gönderildi", "iphone’umdan gönderildi", "outlook'u edinin"}, closing: []string{"saygılarımla", "iyi çalışmalar", "selamlar"},
	},
	{
		tag: "ru", from: []string{"от", "от кого"}, date: []string{"отправлено", "дата", "отправлен"}, to: []string{"кому"}, cc: []string{"копия"}, subject: []string{"тема"},
		original: []string{"исходное сообщение", "оригинальное сообщение"}, forwarded: []string{"пересылаемое сообщение", "пересланное сообщение", "начало переадресованного сообщения", "начало пересылаемого сообщения"},
		on: []string{"", "в", "пн,", "вт,", "ср,", "чт,", "пт,", "сб,", "вс,"}, wrote: []string{"…от", "пользователь", "написал", "написала", "написал(а)", "пишет", "писал", "писал(а)", "…написал", "…пишет"},
		device: []string{"отправлено с", "отправлено из", "отправлено через", "скачать outlook"}, closing: []string{"с уважением", "с наилучшими пожеланиями", "всего доброго", "спасибо"},
	},
	{
		tag: "uk", from: []string{"від", "від кого"}, date: []string{"надіслано", "дата", "відправлено"}, to: []string{"кому"}, cc: []string{"копія"}, subject: []string{"тема"},
		original: []string{"вихідне повідомлення", "оригінальне повідомлення"}, forwarded: []string{"переслане повідомлення", "пересланий лист"},
		on: []string{"", "пн", "вт", "ср", "чт", "пт", "сб", "нд"}, wrote: []string{"пише", "написав", "написала", "написав(ла)", "пишет"},
		device: []string{"надіслано з", "відправлено з"}, closing: []string{"з повагою", "з найкращими побажаннями"},
	},
	{
		tag: "bg", from: []string{"от"}, date: []string{"изпратено", "дата"}, to: []string{"до"}, cc: []string{"копие"}, subject: []string{"относно", "тема"},
		original: []string{"оригинално съобщение"}, forwarded: []string{"препратено съобщение"},
		on: []string{"на", ""}, wrote: []string{"написа"}, device: []string{"изпратено от"}, closing: []string{"поздрави", "с уважение"},
	},
	{
		tag: "el", from: []string{"από"}, date: []string{"στάλθηκε", "ημερομηνία", "εστάλη"}, to: []string{"προς"}, cc: []string{"κοιν."}, subject: []string{"θέμα"},
		original: []string{"αρχικό μήνυμα"}, forwarded: []string{"προωθημένο μήνυμα", "προωθούμενο μήνυμα"},
		on: []string{"στις", "την", ""}, wrote: []string{"έγραψε", "έγραψε τα εξής"}, device: []string{"στάλθηκε από", "εστάλη από"}, closing: []string{"με εκτίμηση", "φιλικά"},
	},
	{
		tag: "et", from: []string{"saatja", "kellelt"}, date: []string{"saadetud", "kuupäev"}, to: []string{"saaja", "kellele", "adressaat"}, cc: []string{"koopia"}, subject: []string{"teema"},
		original: []string{"algne kiri", "algne sõnum", "originaalsõnum"}, forwarded: []string{"edastatud kiri", "edastatud sõnum"},
		on: []string{"", "kuupäeval"}, wrote: []string{"kirjutas"}, device: []string{"saadetud minu", "saadetud mu"}, closing: []string{"lugupidamisega", "parimate soovidega", "tervitades"},
	},
	{
		tag: "lv", from: []string{"no", "sūtītājs"}, date: []string{"nosūtīts", "datums"}, to: []string{"kam", "adresāts"}, cc: []string{"kopija"}, subject: []string{"temats", "tēma"},
		original: []string{"sākotnējais ziņojums"}, forwarded: []string{"pārsūtīts ziņojums", "pārsūtītā vēstule"},
		on: []string{"", "plkst."}, wrote: []string{"rakstīja"}, device: []string{"sūtīts no", "nosūtīts no"}, closing: []string{"ar cieņu", "cieņā"},
	},
	{
		tag: "lt", from: []string{"nuo", "siuntėjas"}, date: []string{"išsiųsta", "data"}, to: []string{"kam", "gavėjas"}, cc: []string{"kopija"}, subject: []string{"tema"},
		original: []string{"pradinis laiškas", "originalus laiškas"}, forwarded: []string{"persiųstas laiškas", "persiunčiamas laiškas"},
		on: []string{"", "data:"}, wrote: []string{"rašė", "parašė"}, device: []string{"išsiųsta iš", "siųsta iš"}, closing: []string{"pagarbiai", "geros dienos"},
	},
	{
		tag: "ca", from: []string{"de"}, date: []string{"enviat", "data"}, to: []string{"per a", "a"}, cc: []string{"a/c"}, subject: []string{"assumpte", "tema"},
		original: []string{"missatge original"}, forwarded: []string{"missatge reenviat"},
		on: []string{"el"}, wrote: []string{"va escriure"}, device: []string{"enviat des"}, closing: []string{"salutacions", "atentament"},
	},
	{
		tag: "vi", from: []string{"từ"}, date: []string{"đã gửi", "ngày"}, to: []string{"đến", "tới"}, cc: []string{"cc"}, subject: []string{"chủ đề"},
		original: []string{"thư gốc"}, forwarded: []string{"thư đã chuyển tiếp", "thư chuyển tiếp"},
		on: []string{"vào", "lúc"}, wrote: []string{"đã viết", "viết"}, device: []string{"được gửi từ", "đã gửi từ"}, closing: []string{"trân trọng"},
	},
	{
		tag: "ja", from: []string{"差出人", "送信者", "from"}, date: []string{"送信日時", "日付", "送信日", "日時"}, to: []string{"宛先"}, cc: []string{"cc"}, subject: []string{"件名"},
		original: []string{"元のメッセージ", "オリジナルメッセージ", "元のメール"}, forwarded: []string{"転送されたメッセージ", "転送メッセージ"},
		on: []string{""}, wrote: []string{"のメール", "は書きました", "のメッセージ", "書きました", "さんは書きました", "wrote"}, device: []string{"iphoneから送信", "ipadから送信", "androidから送信", "outlook for"}, closing: []string{"以上", "よろしくお願いいたします"},
	},
	{
		tag: "zh", from: []string{"发件人", "寄件者", "寄件人", "发自"}, date: []string{"发送时间", "日期", "寄件日期", "发送日期", "傳送日期", "時間"}, to: []string{"收件人", "收件者"}, cc: []string{"抄送", "副本"}, subject: []string{"主题", "主題", "主旨"},
		original: []string{"原始邮件", "原邮件", "原始郵件", "原始邮件信息", "原始訊息", "原件"}, forwarded: []string{"转发的邮件", "轉寄的郵件", "转发邮件信息", "转发邮件", "已轉寄郵件"},
		on: []string{"", "在"}, wrote: []string{"写道", "寫道", "写到", "…写道"}, device: []string{"发自我的", "從我的", "从我的", "傳送自", "发送自", "获取 outlook"}, closing: []string{"此致", "谢谢", "祝好"},
	},
	{
		tag: "ko", from: []string{"보낸 사람", "보낸사람", "발신"}, date: []string{"보낸 날짜", "날짜", "보낸날짜", "발신일"}, to: []string{"받는 사람", "받는사람", "수신"}, cc: []string{"참조"}, subject: []string{"제목"},
		original: []string{"원본 메시지", "원본 메일", "original message"}, forwarded: []string{"전달된 메시지", "전달된 메일"},
		on: []string{""}, wrote: []string{"작성", "님이 작성", "님이 작성한 메시지", "에 작성"}, device: []string{"나의 iphone에서 보냄", "내 iphone에서 보냄", "iphone에서 보냄", "android용 outlook"}, closing: []string{"감사합니다"},
	},
}
