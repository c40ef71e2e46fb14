package ticket

// meaningLanguage is how people say, in one language, that a result holds or
// does not.
//
// Phrases stand between commas or on lines of their own, in lower case. "a|b"
// is one word or the other, "a?" may be left out, "…" is a gap of up to four
// words and belongs in fails alone. Lost letters are accepted (hoj, hoej for
// høj) but behind "=", where the bare word is another one. Apostrophes do not
// count.
//
// thanks, confirms and besides must account for every word of a text before it
// is more than "other". So no word that can limit or turn a sense around
// belongs there by itself: no negation, no but, if, still, almost, tomorrow. A
// word that does so only sometimes stands within longer phrases ("virker igen",
// works again). fails may be generous: what it finds would be other without.
type meaningLanguage struct {
	tag      string
	thanks   string
	confirms string // it works; close it
	besides  string // changes nothing
	fails    string
}

// What people write in any of our languages, beside their own.
const (
	commonThanks = `tak, thanks, thank you|u, thx, thanx, tnx, ty, cheers, tack, takk, danke, dankeschön, dank, bedankt, dankjewel, merci,
		gracias, grazie, obrigado, obrigada, dziękuję, dzięki, mulțumesc, mersi, hvala, díky, děkuji, ďakujem, kiitos, 👍, 🙏, 👏`
	commonGreetings = `hej, hejsa, hi, hello, hallo, hey, heisann, dear, kære, kjære, bonjour, bonsoir, hola, buenos días, ciao, salve, buongiorno, witam, cześć,
		dobrý den, dobrý deň, ahoj, zdravo, bună, bună ziua, olá, hei, moi, guten tag|morgen, moin, goedemorgen, goedemiddag, god morgen|morgon, good morning|afternoon,
		support, supportteam, team, all, alle, ok, okay, oki, okey, super, top, perfekt, perfect, great, 🎉, 😊, 🙂, 😀, 😃, 😄, 👌, ❤, ✅, ☺, 🥳`
	commonGoodbyes = `mvh, m v h, vh, kh, dbh, hilsen, hilsner, med? venlig|vennlig|bedste|beste|de|kærlig|mange hilsen|hilsner, de bedste hilsner, hälsningar, med vänlig|vänliga hälsning|hälsningar,
		vänliga hälsningar, vänligen, kind|best|warm|kindest|warmest? regards, with? best|kind regards|wishes, best, br, kr, rgds, sincerely, yours sincerely|truly, mit? freundlichen|besten|vielen|lieben|herzlichen grüßen,
		freundliche|beste|liebe|viele|schöne grüße, gruß, grüße, mfg, lg, vg, met vriendelijke|hartelijke|beste groet|groeten, vriendelijke groet|groeten, groet, groeten, mvg,
		cordialement, bien cordialement|à, bien à vous, salutations, cdlt, un? saludo, un? cordial saludo, saludos cordiales?, atentamente, cordiali|distinti saluti, saluti, pozdrawiam serdecznie?, z poważaniem,
		s pozdravem, s pozdravom, pozdrav, lp, srdačan pozdrav, atenciosamente, cumprimentos, com os? melhores cumprimentos, cu stimă|respect, ystävällisin terveisin, terveisin, t`
	commonStatus = `status|statusen please|tak|bitte?, status på|on|for|of|von|van|till|til|av|zu|pour denne|billetten|sagen|saken|ärendet|it|this|the|my? ticket?, hvad|hva|vad|what|was er|is|är|ist the|der? status|statusen
		whats the? status, statut, stato, estado, sachstand, stand, stav, stare, tila, tilanne, noget|any|något|noe nyt|news|update|updates|nytt`
)

var meaningLanguages = []meaningLanguage{
	{
		tag:    "da",
		thanks: `tusind|tusinde|mange|stor|stort|1000 tak, takker, jeg|vi takker, tak igen, igen tak, tak for det|alt, tak for denne gang, tusind|mange? tak skal du|i have`,
		confirms: `ja? nu? det|den|alt|alting|alle|systemet|chatbotten|botten|siden|løsningen|rettelsen|login virker|fungerer|kører|spiller
			ja? nu|så virker|fungerer|kører|spiller det|den|alt|alting|chatbotten|botten|siden|login|igen
			virker|fungerer|kører|spiller nu|igen|fint|perfekt|upåklageligt|super|godt
			ja? det|den|alt|alting|sagen|fejlen|problemet er|blev nu? løst|rettet|fikset|ordnet
			ja? det|alt|alting|sagen er nu? på plads, alt|sagen er nu? i orden, fejlen|problemet er nu? væk|forsvundet, =løst, er løst
			det løste det|problemet|sagen|fejlen, det hjalp|lykkedes|hjælper
			i|du må|kan gerne|bare|godt|roligt|nu? lukke den|det|sagen|billetten|ticketen|supportsagen, i|du må|kan gerne|bare|godt|roligt lukke
			sagen|billetten|den|ticketen må|kan gerne|bare|godt|nu? lukkes, luk gerne|bare|venligst? sagen|billetten|den|ticketen, luk gerne|bare, bare luk sagen|billetten|den?
			jeg|vi kan nu logge på|ind igen?, jeg|vi kan logge på|ind nu|igen, nu kan jeg|vi godt? logge på|ind igen?
			ingen|ikke flere|længere fejl|problemer mere?, ingen fejl|problemer mere|længere, det|den fejler|driller ikke mere|længere, fejlen|problemet er der? ikke der? mere|længere
			jeg|vi? kan? bekræfte|bekræfter hermed? at det|den|alt|fejlen virker|fungerer|er løst|rettet?`,
		besides: `for|med hjælpen|hjælp|svar|svaret|indsatsen|tilbagemeldingen|beskeden|infoen|orienteringen|opdateringen|løsningen|supporten, for din|jeres|den|det gode|fine|hurtige|store|flotte? hjælp|svar|indsats|tilbagemelding|besked|support|assistance|tid|arbejde|løsning,
			for gode|god|fin|fine|hurtig|hurtigt|kompetent|venlig hjælp|svar|support|service|respons, for hurtig|god og god|hurtig hjælp|support, for at hjælpe|ordne|løse|rette det, til jer alle?|begge?, jeres|din|den hjælp, hjælpen, for
			det er|var fint|godt|super|perfekt|dejligt|skønt|flot, hvor? dejligt|skønt|fint|super, fint, flot, godt, perfekt, dejligt, skønt, alt er? godt|ok|okay, den er god|fin, fantastisk, fedt, rigtig|virkelig mange?, mange, tusind, og, nu, igen, endelig, helt, så, hermed
			god dag|weekend|aften|arbejdslyst, hav|have en|fortsat god|dejlig|rigtig dag|weekend|aften, fortsat god dag|weekend|aften, ha en? god|fin dag|weekend, du|i ønskes en? god dag|weekend
			som det|den skal, uden problemer|fejl, hos|for mig|os alle?, perfekt igen, til alles?`,
		fails: `virker|fungerer|kører|spiller|svarer|loader|åbner|starter|hjalp|hjælper|hjulpet … ikke|heller, ikke … virker|virke|virket|fungerer|fungere|fungeret|løst|rettet|fikset|hjulpet|ordnet|væk|logge
			stadig|stadigvæk|fortsat … ikke|fejl|fejlen|fejler|problem|problemer|problemet|samme|nede|galt|i|væk|forkert|fast|der, endnu ikke|fejl, samme fejl|problem|besked|fejlmeddelelse|fejlbesked|sted|ting
			fejler|fejlede|crasher|fryser|driller|hænger|nede|galt|gal … igen|stadig|stadigvæk|fortsat|også, fejlen|problemet|problemerne|fejlene|fejl … igen|stadig|stadigvæk|tilbage|fortsætter|fortsat|opstår
			det|den|chatbotten|botten|systemet|siden fejler|driller|crasher, går … ned, går … i stykker, er nede, dukker|kommer … op|igen, genåbn|genåbne|genåbnes, åbn … igen, intet … virker|sker|ændret|hjulpet, desværre ikke|stadig|samme
			ingen ændring|forskel|bedring|forbedring, kan … stadig|heller ikke, værre`,
	},
	{
		tag:    "en",
		thanks: `thank you|u so? very? much?, thank you|u all, many|much|big|huge|massive thanks, thanks so much, thanks a lot|bunch|million, much|greatly|really|very appreciated, appreciate it|this|your|the help|support|assistance?, thank you again, thanks again`,
		confirms: `yes|yep|yeah? now? it|that|this|everything|all|login|chatbot|bot|system|page|fix now? works|worked, the chatbot|bot|system|fix|page|login|solution now? works|worked
			it|that|this|everything|all|chatbot|bot|system|page|login is|are now|all|back? working|fixed|solved|resolved|sorted, its|thats|everythings now|all|back? working|fixed|solved|resolved|sorted
			works, works|working now|again|fine|perfectly|perfect|well|great, works like a charm, all good|fixed|sorted|working|well|resolved|solved|set now?, fixed, solved, resolved, sorted
			the|my|our|this? problem|issue|error|bug|fault is|was|has been? now? gone|solved|fixed|resolved|sorted, that|it|this solved|fixed|resolved|did it|the|trick problem|issue|trick?, that|it|this|fix did the trick, did the trick
			problem|issue solved|fixed|resolved|sorted, confirmed working|fixed|resolved|solved, all? looks good|fine, no more|further errors|problems|issues, i|we can now log|sign in|on, i|we can log|sign in|on now|again, i|we can? confirm that? it|this|everything|all works|worked, i|we can? confirm that? it|this|everything is fixed|resolved|solved|working
			please close it|this|the? ticket|case|issue|request?, close it|this|the ticket|case|issue|request?, you can|may|could please|now|safely? close it|this|the|my ticket|case|issue|request?, feel free to close it|this|the? ticket|case|issue?, you can|may please|now? close, go ahead and close it|this|the ticket|case|issue?
			it|this|the|ticket|case can|may now? be closed, the|this ticket|case|issue can|may now? be closed, happy for you to close it|this|the? ticket|case?, fine to close`,
		besides: `for your|the|all|this all? quick|great|fast|kind|prompt|excellent|swift|speedy|good|super? help|support|answer|reply|response|assistance|work|fix|update|turnaround|resolution|email|mail|message|effort|efforts|time|info|information|service|feedback|solution
			for helping|fixing|solving|resolving|sorting me|us|it|this|that out? so? quickly|promptly|fast?, for letting me|us know, for getting back to me|us, for all|everything, to all|everyone|you, you|everyone|guys|all|folks
			that|this|it is|was great|good|perfect|fine|helpful, thats|its great|good|perfect|fine, great|good|excellent|nice|brilliant|awesome|lovely|fantastic|wonderful|super job|work|service|support|news|stuff?, very much|helpful, so much, a lot, much, and, now, again, finally, already, both
			have a nice|good|great|lovely day|weekend|evening|one, fine, well, properly, perfectly, correctly, smoothly, as expected, for|with me|us, on|at my|our|this end|side, without problems|issues|errors, brilliant, awesome, excellent, kindly`,
		fails: `still … not|broken|fails|failing|error|errors|problem|problems|issue|issues|same|down|doesn't|can't|isn't|won't|cannot|happening|happens|wrong|stuck|unable|there|crashes|crashing|slow|seeing|getting|having, not … work|working|works|fixed|solved|resolved|help|helped|load|loading|log|open|opening|gone|sorted
			doesn't|don't|isn't|won't|didn't|can't|cannot|never|hasn't|wasn't|couldn't … work|working|works|worked|fixed|solved|resolved|help|helped|load|log|open|gone|change, same … error|issue|problem|thing|fault|again, same
			broken|fails|failing|failed|down|crashes|crashed|crashing|error|errors|wrong|happening|happened|problem|stuck again|still, problem|issue|error|bug|fault … persists|persist|back|remains|returned|still|not|again|reappeared|continues|occurs
			no|not longer|anymore works|working, stopped working, is|are|its broken|down|failing|crashing, it|this|that|chatbot fails, back|keeps … again|failing|crashing|happening, no|without change|luck|improvement|difference, reopen, re open, nothing works|changed|happens|helped, worse`,
	},
	{
		tag:    "sv",
		thanks: `tack så mycket|jättemycket, stort|tusen|många tack, tackar, jag|vi tackar, tack igen, tack ska du|ni ha`,
		confirms: `ja? nu? det|den|allt|alltihop|chatboten|chattboten|inloggningen|systemet|lösningen fungerar|funkar, ja? nu fungerar|funkar det|allt|den|chatboten, fungerar|funkar nu|igen|bra|fint|perfekt|utmärkt|jättebra
			ja? det|allt|felet|problemet|ärendet|saken är nu? löst|åtgärdat|fixat|rättat, felet|problemet är nu? borta|försvunnet, allt är nu? i ordning|ok|bra, =löst, problemet löst, det löste sig|problemet, det hjälpte
			ni|du kan|får gärna|bara|nu? stänga ärendet|det|den|ticketen?, ärendet|det|ticketen kan|får gärna|nu? stängas, stäng gärna|bara ärendet|det|den?, stäng ärendet
			jag|vi kan logga in igen|nu, jag|vi kan nu logga in igen?, nu kan jag|vi logga in igen?, inga fler|längre fel|problem`,
		besides: `för hjälpen|svaret|hjälp|återkopplingen|beskedet|supporten|lösningen, för snabb|snabbt|bra|god|fin|er|din|den|det|all snabba|fina|goda? hjälp|svar|support|återkoppling|svaret|hjälpen|service|insats, så mycket, bra, toppen, jättebra, kanon, fint, underbart, vad? bra|skönt|fint|härligt
			allt bra|ok, nu, igen, äntligen, och, ha en bra|fin|trevlig dag|helg|kväll, trevlig helg|dag, perfekt, utan problem, för|hos mig|oss, som det|den ska, utmärkt`,
		fails: `fungerar|funkar|startar|hjälpte|hjälper … inte|ej|heller, inte|ej … fungerar|fungera|funkar|funka|löst|åtgärdat|fixat|hjälpt|hjälpte|borta|logga, fortfarande|ännu|alltjämt … inte|ej|fel|felet|problem|problemet|samma|nere|trasig|trasigt|kvar
			samma fel|problem|sak|felmeddelande, fel|felet|problem|problemet|trasigt|trasig|nere|kraschar … igen|kvar|fortfarande|tillbaka, är nere|trasig|trasigt, öppna … igen, återöppna, tyvärr inte|fortfarande, ingen skillnad|förändring`,
	},
	{
		tag:    "nb",
		thanks: `tusen|mange|stor takk, takker, jeg|vi takker, takk igjen, takk så mye, mange|tusen? takk skal du|dere ha`,
		confirms: `ja? nå? det|den|alt|chatboten|chatbotten|systemet|innloggingen|løsningen virker|fungerer|funker, ja? nå virker|fungerer|funker det|alt|den|chatboten, virker|fungerer|funker nå|igjen|fint|bra|perfekt|utmerket
			ja? det|alt|feilen|problemet|saken er nå? løst|fikset|rettet|ordnet, alt|saken er nå? i orden|ok, feilen|problemet er nå? borte|vekk, =løst, problemet løst, det hjalp|ordnet, det løste seg|problemet
			dere|du kan|må gjerne|bare|nå? lukke|stenge|avslutte saken|den|det|billetten?, saken|den|det kan|må gjerne|nå? lukkes|stenges|avsluttes, lukk gjerne|bare saken|den?, lukk saken
			jeg|vi kan logge på|inn igjen|nå, jeg|vi kan nå logge på|inn igjen?, nå kan jeg|vi logge på|inn igjen?, ingen flere|lenger feil|problemer`,
		besides: `for hjelpen|svaret|hjelp|tilbakemeldingen|beskjeden|støtten|løsningen, for rask|raskt|god|fin|flott|din|deres|den|det|all raske|gode|fine? hjelp|svar|support|tilbakemelding|hjelpen|svaret|service|innsats|oppfølging, så mye, veldig|kjempe? bra, flott, supert, kjempebra, topp, fint, strålende, så bra
			alt bra|ok, nå, igjen, endelig, og, ha en fin|god|flott dag|helg|kveld, god helg|dag, uten problemer, for|hos meg|oss, som det|den skal, utmerket, bra, godt`,
		fails: `virker|fungerer|funker|starter|hjalp|hjelper … ikke|heller, ikke … virker|virke|fungerer|fungere|funker|funke|løst|rettet|fikset|hjulpet|hjalp|borte|logge, fortsatt|fremdeles|ennå|enda|stadig … ikke|feil|feilen|problem|problemer|problemet|samme|nede
			samme feil|problem|ting|feilmelding, feiler|feil|feilen|problem|problemet|nede|krasjer … igjen|fortsatt|fremdeles|tilbake, er nede, gjenåpne, gjenåpnes, åpne … igjen, dessverre ikke|fortsatt, ingen endring|forskjell`,
	},
	{
		tag:    "de",
		thanks: `vielen|herzlichen|besten|tausend lieben? dank, danke schön|sehr|vielmals|nochmals|nochmal|euch|ihnen|dir, ich danke ihnen|euch|dir?, wir danken ihnen|euch?, nochmals vielen? dank|danke`,
		confirms: `ja? jetzt? es|das|alles|chatbot|bot|login funktioniert|läuft|klappt, der chatbot|bot|login|zugang funktioniert|läuft|geht wieder|jetzt, ja? es|das|alles geht jetzt|wieder|nun
			ja? jetzt|nun funktioniert|läuft|klappt|geht es|alles|das|wieder, funktioniert|läuft|klappt|geht jetzt|wieder|nun, funktioniert|läuft|klappt einwandfrei|bestens|perfekt|prima|super|gut, ja? das|es? hat funktioniert|geklappt|geholfen
			es|das|alles ist|wurde jetzt|nun|damit? gelöst|behoben|erledigt, das|unser|mein? problem|ticket ist|wurde jetzt|nun|damit? gelöst|behoben|erledigt|beseitigt|weg, der? fehler ist|wurde jetzt|nun|damit? behoben|weg|beseitigt, problem|fehler gelöst|behoben, erledigt, gelöst, behoben, passt
			sie|ihr|du können|könnt|kannst das|den|die ticket|fall|vorgang|anfrage gerne|gern|bitte|jetzt|nun|somit? schließen, sie|ihr|du können|könnt|kannst gerne|gern|jetzt? schließen
			das|dieses|der|die|ticket|fall ticket|fall|vorgang|anfrage? kann gerne|gern|jetzt|nun|somit? geschlossen werden, bitte das|den|dieses? ticket|fall|vorgang? schließen, bitte schließen sie? das|den|dieses? ticket|fall|vorgang?, schließen sie bitte? das ticket bitte?
			ich|wir kann|können mich|uns? wieder|jetzt|nun anmelden|einloggen, keine fehler|probleme mehr`,
		besides: `für die|ihre|eure|deine|den|das schnelle|gute|tolle|prompte|rasche|super|große? hilfe|antwort|unterstützung|rückmeldung|lösung|bearbeitung|info|mühe|support|service|behebung, für alles, für ihr|euer engagement, sehr, schön, gut, prima, toll, wunderbar, hervorragend, klasse, bestens
			alles gut|bestens|ok|super|prima|klar, jetzt, nun, wieder, und, endlich, einwandfrei, ohne probleme|fehler|problem, bei mir|uns, wie gewünscht|erwartet, einen? schönen|guten tag|abend|feierabend noch?, noch einen schönen tag|abend, schönes wochenende, ein? schönes wochenende, an alle|euch`,
		fails: `funktioniert|geht|läuft|klappt|lädt|startet|hilft|hat|ist|war … nicht|nie|nichts, nicht … funktioniert|funktionieren|geht|läuft|gelöst|behoben|geholfen|anmelden|einloggen|möglich|mehr, immer noch|wieder, noch immer|nicht, weiterhin, nach wie vor, besteht … weiterhin|weiter|immer|noch|wieder
			gleiche|gleicher|derselbe|selbe|selber|dasselbe|dieselbe fehler|problem|fehlermeldung|meldung, fehler|problem|störung … wieder|erneut|weiterhin|immer|noch|besteht|zurück|auf, wieder|erneut … fehler|kaputt|defekt|ausgefallen|abgestürzt|problem|nicht, tritt … auf, leider nicht|immer|noch, wieder öffnen, keine besserung|änderung, kaputt`,
	},
	{
		tag:    "nl",
		thanks: `dank u|je|jullie wel?, hartelijk|heel|veel|zeer|super|ontzettend erg? bedankt|dank, hartelijk dank, dankuwel, nogmaals bedankt|dank, veel dank, bedankt nogmaals`,
		confirms: `ja? nu? het|alles|dit|dat|chatbot|inloggen|login werkt|functioneert, de? chatbot|bot|login|oplossing werkt weer|nu|goed, het doet het weer|nu, ja? nu werkt|functioneert|doet het|alles|hij weer?
			werkt nu|weer|prima|goed|perfect|uitstekend, het|dit|dat|alles is nu? opgelost|verholpen|gefixt, alles is nu? in orde, het|de|mijn|ons? probleem|fout|storing|melding is nu? opgelost|verholpen|weg|voorbij, probleem opgelost, opgelost
			u|je|jullie kunt|kan|kunnen|mag|mogen de|het|dit|deze ticket|zaak|melding|verzoek nu|gerust? sluiten, de|het|dit|deze ticket|zaak|melding mag|kan nu|gerust? worden? gesloten|dicht worden?, mag|kan gesloten worden, sluit het|de|dit|deze ticket|melding|zaak maar?
			ik|we|wij kan|kunnen nu|weer inloggen, ik|we|wij kan|kunnen nu weer inloggen, geen fouten|problemen meer`,
		besides: `voor de|uw|je|jullie|het|alle snelle|goede|fijne|prima? hulp|antwoord|reactie|oplossing|ondersteuning|support|moeite|service|inzet|info, voor snelle|goede hulp|reactie, zeer, heel, erg, mooi, prima, fijn, goed, geweldig, uitstekend, nu, weer, eindelijk, en, zonder problemen
			bij|voor mij|ons, fijne|prettige|goede dag|weekend|avond nog?, fijn weekend, zoals het hoort|moet, naar behoren, allemaal, alles goed|ok|prima`,
		fails: `werkt|functioneert|doet|lukt|helpt|laadt … niet|niets, niet … werkt|werken|opgelost|verholpen|inloggen|gelukt|geholpen|weg, nog steeds|altijd|niet, nog … niet|fout|probleem|kapot|dezelfde|hetzelfde, dezelfde|hetzelfde|zelfde fout|probleem|foutmelding|melding
			weer … fout|kapot|mis|niet|probleem|stuk, fout|fouten|probleem|problemen|storing … weer|terug|opnieuw|nog|blijft|aan, helaas niet|nog, heropen, heropenen, is kapot|stuk, geen verschil|verbetering`,
	},
	{
		tag:    "fr",
		thanks: `merci beaucoup|bien|encore|infiniment, merci à vous|tous, merci à toute? l'équipe, mille|grand mercis|merci, un grand merci, je|nous vous remercie|remercions beaucoup|infiniment?`,
		confirms: `oui? maintenant|désormais? ça|cela|tout|il|chatbot|c'est marche|fonctionne|remarche|refonctionne, le|la|notre chatbot|bot|système|site|connexion|solution marche|fonctionne|remarche, fonctionne|marche maintenant|parfaitement|bien|correctement|désormais, fonctionne|marche à|de nouveau
			oui? c'est|tout|cela|tout est|a? maintenant|bien? résolu|réglé|corrigé|réparé, c'est|tout|oui résolu|réglé|corrigé|réparé, tout est rentré|rentre dans l'ordre, tout est ok|bon|résolu|réglé, le|mon|notre? problème|souci|incident est|a été? maintenant|bien? résolu|réglé|corrigé|disparu, l'erreur est|a été? corrigée|résolue|disparu
			c'est bon maintenant|désormais?, c'est bon pour moi|nous, problème résolu|réglé, résolu, réglé, vous pouvez maintenant|donc? clore|fermer|clôturer le|ce|mon|l'incident|la ticket|dossier|demande?, merci de clore|fermer|clôturer le|ce ticket|dossier, le|ce ticket|dossier peut être fermé|clos|clôturé, vous pouvez le|la? clore|fermer|clôturer
			je|nous peux|pouvons maintenant|désormais me|nous connecter, je|nous peux|pouvons à|de nouveau me|nous connecter, plus d'erreur, plus de souci|problème, plus aucun|aucune souci|problème|erreur`,
		besides: `pour votre|vos|l'aide|le|la|cette|ce|tout aide|réponse|support|rapidité|retour|réactivité|efficacité|travail|assistance|intervention|rapide? rapide?, pour l'aide|tout|l'assistance|l'intervention, à vous|tous, à toute? l'équipe, parfait, génial, excellent, très bien, impeccable, nickel, bonne journée|soirée|continuation, bon week-end, bon weekend
			maintenant, désormais, enfin, à|de nouveau, correctement, parfaitement, chez|pour moi|nous, et, sans problème|erreur|souci, toute l'équipe, beaucoup, bien, madame, monsieur, comme prévu`,
		fails: `marche|fonctionne|charge|répond|résolu|réglé … pas|plus|toujours, ne … marche|fonctionne|charge|répond|peux|peut|s'ouvre, n'est|n'a … résolu|réglé|corrigé|changé, pas … résolu|réglé|corrigé|marche|fonctionne|possible, toujours … pas|erreur|problème|panne|même|bloqué|impossible|rien|l'erreur, même|mêmes erreur|erreurs|problème|souci|message|bug|chose
			encore … erreur|problème|panne|bug|même|pas|bloqué|l'erreur, erreur|l'erreur|problème|souci|panne|bug … persiste|revient|revenu|revenue|toujours|encore|nouveau|demeure|réapparaît, à|de nouveau en? panne|erreur|bloqué|planté, rouvrir, rouvrez, réouvrir, malheureusement … pas|toujours, aucun changement|aucune, en panne`,
	},
	{
		tag:    "es",
		thanks: `muchas|mil|muchísimas gracias, gracias de|por nuevo|todo, gracias a todos|vosotros|ustedes|usted, os|le|les|se agradezco|agradecemos|agradece, muy agradecido|agradecida|agradecidos`,
		confirms: `=sí? ahora|ya? todo|eso? funciona, ya? funciona ya|ahora|bien|todo|correctamente|perfectamente, el|la|nuestro chatbot|bot|sistema|página|acceso|solución ya|ahora? funciona, está|queda|quedó|fue todo? resuelto|solucionado|arreglado, ya|todo está|esta|queda|quedó resuelto|solucionado|arreglado|bien
			el|nuestro|mi? problema|error|fallo ya? está|fue|ha|quedó sido? resuelto|solucionado|arreglado, la? incidencia está|ha|fue sido? resuelta|solucionada, problema|incidencia|todo resuelto|solucionado|resuelta|solucionada|arreglado, resuelto, solucionado, arreglado
			ya? pueden|puede|podéis|puedes cerrar el|la|este|esta|mi ticket|caso|incidencia|consulta, ya? pueden|puede|podéis|puedes cerrarlo|cerrarla, ya se puede cerrar, cierren|cierre|cerrad|cierra el|la|este ticket|caso|incidencia, el|este ticket|caso puede cerrarse, ya puedo|podemos entrar|acceder|conectarme|iniciar sesión?
			ya no hay errores|problemas`,
		besides: `por la|su|vuestra|tu|el|todo|esta rápida|gran|pronta|excelente? ayuda|respuesta|atención|apoyo|soporte|rapidez|gestión|solución|asistencia rápida?, por favor, muy bien|amable|amables, perfecto, genial, estupendo, excelente, fenomenal, vale, todo bien|perfecto|ok|correcto, buen día|fin de? semana?, buenos días, buenas tardes
			ahora, ya, de nuevo, por fin, correctamente, perfectamente, bien, y, sin problemas|errores|problema, a todos|todo el equipo?, saludos, que tenga|tengan buen|un día, para mí|nosotros`,
		fails: `no … funciona|va|resuelto|solucionado|carga|puedo|podemos|sirve|arreglado|funcionando|responde, sigue|siguen|continúa|seguimos|sigo … sin|fallando|igual|error|mal|problema|no|mismo|misma|dando|con|caído, mismo|misma|mismos error|errores|problema|fallo|mensaje|cosa
			falla|fallando|error|fallo|caído|roto|problema … otra|nuevo|persiste|continúa|sigue, todavía|aún … no|error|falla|problema, persiste, persisten, volvió|vuelve|volvido|vuelto … fallar|error|aparecer|pasar|caer|ocurrir, reabrir, reabran, reabrid, lamentablemente … no|sigue, ningún cambio`,
	},
	{
		tag:    "it",
		thanks: `grazie mille|tante|infinite|ancora|davvero|molte, molte|tante|mille grazie, grazie a lei|voi|tutti|te, la|vi|ti ringrazio|ringraziamo molto?`,
		confirms: `=sì? ora|adesso? tutto|questo? funziona, ora|adesso? funziona tutto|bene|correttamente|perfettamente, il|l'accesso|la|nostro chatbot|bot|sistema|sito|soluzione? ora|adesso? funziona, è|tutto è? stato? risolto|sistemato, tutto è? a posto
			il|nostro? problema|errore|guasto è|ora stato? risolto|sistemato|scomparso|sparito|corretto, l'errore è stato? scomparso|sparito|corretto|risolto, problema|tutto risolto|sistemato, risolto, sistemato
			potete|può|puoi pure? chiudere pure? il|la|questo ticket|caso|segnalazione|richiesta, potete|può|puoi chiuderlo|chiuderla, chiudete|chiuda|chiudi pure? il|la|questo ticket|caso|segnalazione, il|questo ticket|caso può essere chiuso
			ora|adesso riesco|riusciamo|posso|possiamo ad? accedere|entrare, riesco|posso di nuovo ad? accedere|entrare, nessun altro errore|problema`,
		besides: `per la|il|l'aiuto|l'assistenza|vostro|vostra|sua|suo|tutto|tua|tuo rapida|preziosa|prezioso|veloce|celere|pronta|ottima? aiuto|risposta|supporto|assistenza|disponibilità|rapidità|celerità|velocità|collaborazione|intervento? rapida|veloce?, perfetto, ottimo, benissimo, bene, fantastico, ora, adesso, finalmente, di nuovo
			correttamente, perfettamente, tutto bene|ok|perfetto, buona giornata|serata, buon lavoro|weekend, e, senza problemi|errori, a tutti|voi, per me|noi, molto gentile|gentili, come previsto`,
		fails: `non … funziona|va|risolto|riesco|riusciamo|posso|funzionante|cambiato|carica|funzionano|accedere, ancora … non|errore|problema|stesso|stessa|bloccato|rotto|fermo|errori, stesso|stessa|stessi errore|errori|problema|messaggio|cosa
			di nuovo … errore|problema|bloccato|rotto|fermo, errore|problema|guasto … persiste|ancora|nuovo|ripresenta|tornato|rimane|continua|permane, continua … non|errore|dare|problema|bloccarsi, purtroppo … non|ancora, riaprire, riaprite, riapra, nessun cambiamento`,
	},
	{
		tag:    "pl",
		thanks: `bardzo? serdecznie? dziękuję|dziękujemy bardzo|serdecznie|pięknie?, wielkie|bardzo? dzięki, jeszcze raz dziękuję|dzięki|dziękujemy`,
		confirms: `tak? teraz|już? wszystko|czat|chatbot|to|system|logowanie? już|teraz|znowu|znów|ponownie? działa, problem|błąd został|jest|już już? rozwiązany|naprawiony|usunięty, sprawa została|jest już? rozwiązana|załatwiona, problem rozwiązany|zniknął, rozwiązane, rozwiązany, naprawione
			można|mogą|możecie|proszę państwo? już? zamknąć to? zgłoszenie|sprawę|ticket|temat|je, można|proszę już? zamknąć, zgłoszenie|sprawę|temat można|proszę już? zamknąć, mogę|możemy się? znowu|już|ponownie|znów się? zalogować, nie ma już problemu|błędu|problemów`,
		besides: `za szybką|szybkie|państwa|waszą|sprawną|miłą|wszelką|całą|świetną? pomoc|odpowiedź|reakcję|wsparcie|informację|rozwiązanie|interwencję|obsługę|wszystko, bardzo, świetnie, doskonale, idealnie, teraz, już, wreszcie, wszystko ok|dobrze|jasne|super, dobrze, poprawnie, prawidłowo, u mnie|nas
			miłego dnia|weekendu|wieczoru, dobrego dnia, i, bez problemu|problemów|zarzutu, państwu, wam, dzień dobry`,
		fails: `nie … działa|działają|rozwiązany|rozwiązane|naprawiony|naprawione|mogę|możemy|można|pomogło|udało|zniknął|ładuje, nadal|wciąż|dalej|ciągle … nie|błąd|błędy|problem|problemy|ten|to|awaria, ten|taki|to|te sam|samo|same błąd|problem|komunikat
			znowu|znów|ponownie … nie|błąd|problem|awaria|błędy|zepsute|problemy|padło, problem|błąd|awaria … nadal|wciąż|powrócił|wrócił|występuje|pojawia|trwa|powraca|ponownie, niestety … nie|nadal|wciąż, otworzyć ponownie, bez zmian|poprawy`,
	},
	{
		tag:      "pt",
		thanks:   `muito obrigado|obrigada|obrigados, obrigado|obrigada pela|por|a ajuda|tudo|todos, agradeço, agradecemos`,
		confirms: `já? agora? tudo|isso? funciona, já|agora está tudo? a? funcionar|resolvido|funcionando, está tudo? resolvido, o? problema foi|está resolvido|corrigido, problema resolvido, resolvido, podem|pode fechar o|este ticket|chamado|caso|pedido`,
		besides:  `pela|por vossa|sua|toda? rápida? ajuda|resposta|apoio|suporte|atenção|rapidez, muito, perfeito, ótimo, excelente, agora, de novo, bem, corretamente, e, sem problemas, bom dia, boa tarde, bom fim de semana, a todos`,
		fails:    `não … funciona|resolvido|consigo|abre|carrega, continua … não|erro|igual|mesmo|sem|problema|com, ainda … não|erro|problema|mesmo, mesmo|mesma erro|problema|mensagem, erro|problema … novamente|voltou|persiste|continua|novo, infelizmente … não|ainda, reabrir`,
	},
	{
		tag:      "ro",
		thanks:   `mulțumesc mult|frumos|foarte, mulțumim mult|frumos|foarte?, vă mulțumesc|mulțumim`,
		confirms: `acum? totul? funcționează|merge acum|perfect|bine, acum funcționează|merge, funcționează, s-a rezolvat, problema s-a rezolvat, problema a|este fost? rezolvată, rezolvat, puteți închide tichetul|cazul|solicitarea`,
		besides:  `pentru ajutor|ajutorul|răspuns|răspunsul|sprijin|tot rapid?, mult, foarte bine|mult, bine, acum, din nou, corect, =și, fără probleme, o zi bună, zi bună`,
		fails:    `nu … funcționează|merge|rezolvat|pot|mai, tot|încă … nu|eroare|aceeași|problemă, aceeași|același eroare|problemă, eroare|eroarea|problema … din|persistă|încă|revenit, din păcate … nu|tot|încă`,
	},
	{
		tag:      "cs",
		thanks:   `moc|mnohokrát|velice děkuji|děkuju|díky, děkuji|děkuju|děkujeme vám? moc|mnohokrát?, díky moc`,
		confirms: `už|teď|nyní vše|to|všechno? už? funguje, vše|to|všechno funguje, funguje už|teď|nyní|správně|dobře, problém je|byl už? vyřešen|opraven, vyřešeno, opraveno, můžete|prosím tiket|požadavek|případ? uzavřít tiket|požadavek|případ?`,
		besides:  `za pomoc|odpověď|rychlou|vaši rychlou? pomoc|odpověď|reakci|řešení?, moc, skvělé, výborně, teď, nyní, už, opět, správně, dobře, a, bez problémů, hezký den, pěkný den|víkend`,
		fails:    `nefunguje, nejde, nefungují, nefungovalo, nevyřešeno, nemohu, stále … nefunguje|nejde|chyba|stejná|problém|to, pořád … nefunguje|nejde|chyba|stejná|to, stejná|stejný chyba|problém, chyba|problém … znovu|stále|opět|přetrvává|zpět, bohužel`,
	},
	{
		tag:      "sk",
		thanks:   `veľmi|pekne ďakujem|ďakujeme, ďakujem|ďakujeme vám? veľmi|pekne?, vďaka`,
		confirms: `už|teraz všetko|to? už? funguje, všetko|to funguje, funguje už|teraz|správne|dobre, problém je|bol už? vyriešený|opravený, vyriešené, opravené, môžete|prosím tiket|požiadavku? uzavrieť tiket|požiadavku?`,
		besides:  `za pomoc|odpoveď|rýchlu|vašu rýchlu? pomoc|odpoveď|reakciu|riešenie?, veľmi, skvelé, výborne, teraz, už, opäť, správne, dobre, a, bez problémov, pekný deň, pekný víkend`,
		fails:    `nefunguje, nejde, nefungujú, nevyriešené, nemôžem, stále … nefunguje|nejde|chyba|rovnaká|problém|to, rovnaká|rovnaký|tá|istá chyba|problém, chyba|problém … znova|znovu|stále|opäť|pretrváva, bohužiaľ, žiaľ`,
	},
	{
		tag:      "bs",
		thanks:   `puno|najljepša|mnogo hvala, hvala vam? puno|lijepo|mnogo?, hvala vam, zahvaljujem, zahvaljujemo`,
		confirms: `sada|sad sve|to? radi, sve|to sada|opet? radi, radi sada|opet|dobro|ispravno, problem je|riješen riješen|otklonjen, riješeno, možete zatvoriti tiket|zahtjev|slučaj?`,
		besides:  `na|za pomoći|pomoć|odgovoru|brzoj|brzom|vašoj brzoj? pomoći|odgovoru|podršci?, puno, odlično, super, sada, sad, opet, dobro, ispravno, i, bez problema, ugodan dan, lijep pozdrav`,
		fails:    `ne … radi|mogu|funkcioniše|otvara, nije … riješeno|riješen|popravljeno|u, još … ne|uvijek|nije, ista|isti|isto greška|problem, greška|problem … opet|ponovo|još|dalje, opet … ne|greška|problem, nažalost`,
	},
	{
		tag:      "fi",
		thanks:   `kiitos paljon|kovasti|oikein, paljon kiitoksia, suuret kiitokset, kiitoksia, kiitän, kiitämme`,
		confirms: `nyt kaikki|se? toimii, kaikki|se toimii nyt|taas?, toimii nyt|taas|hyvin, ongelma on|ratkesi nyt? ratkaistu|korjattu|poissa, korjattu, ratkaistu, voitte|voit nyt? sulkea tiketin|tapauksen|pyynnön|sen, tiketin|tapauksen voi sulkea`,
		besides:  `avusta, nopeasta avusta|vastauksesta|reagoinnista, vastauksesta, paljon, hienoa, mahtavaa, hyvin, hyvä, loistavaa, nyt, taas, hyvää päivänjatkoa|viikonloppua, teille, sinulle`,
		fails:    `ei … toimi|onnistu|auttanut|korjaantunut|avaudu|ratkennut, eivät … toimi, edelleen|vieläkin|vielä|yhä … ei|sama|virhe|ongelma|toimi|rikki, sama virhe|ongelma|vika, virhe|ongelma|vika … taas|uudelleen|edelleen|palasi|jatkuu, valitettavasti`,
	},
}
