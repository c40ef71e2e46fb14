package ticket

// Verbs returns every command word, in the order in which help shows them. It
// is the one table of what can be asked for: help, command line and API read
// it. The slice is the caller's own.
func Verbs() []CommandWord {
	staff := []Role{RoleSupport, RoleDev, RoleQA, RoleOwner}
	classifiers := []Role{RoleSupport, RoleQA, RoleOwner}
	return []CommandWord{
		{
			Verb: VerbClassify, Name: "classify", Danish: "klassificer", Aliases: []string{"klassificér", "vurder", "vurdér"},
			Takes:  Wording{"alvorlighed, kategori og type, i den rækkefølge du vil", "severity, category and kind, in any order"},
			About:  Wording{"Sæt alvorlighed, kategori og type; rapportøren får besked.", "Set severity, category and kind; the reporter is told."},
			Fields: []OrderField{FieldSeverity, FieldCategory, FieldKind, FieldTitle, FieldReason}, Roles: classifiers,
			line: readClassify,
		},
		{
			Verb: VerbClassify, Name: "severity", Danish: "alvorlighed", Aliases: []string{"alvor"},
			Takes:  Wording{"kritisk, høj, normal eller lav", "critical, high, normal or low"},
			About:  Wording{"Sæt alvorligheden.", "Set the severity."},
			Fields: []OrderField{FieldSeverity}, Needs: []OrderField{FieldSeverity}, Roles: classifiers,
			line: readInto(FieldSeverity),
		},
		{
			Verb: VerbClassify, Name: "category", Danish: "kategori",
			Takes:  Wording{"kategorien", "the category"},
			About:  Wording{"Sæt kategorien.", "Set the category."},
			Fields: []OrderField{FieldCategory}, Needs: []OrderField{FieldCategory}, Roles: classifiers,
			line: readInto(FieldCategory),
		},
		{
			Verb: VerbClassify, Name: "kind", Danish: "type", Aliases: []string{"slags"},
			Takes:  Wording{"fejl, spørgsmål eller ønske", "bug, question or feature request"},
			About:  Wording{"Sæt, om det er en fejl, et spørgsmål eller et ønske.", "Set whether it is a bug, a question or a feature request."},
			Fields: []OrderField{FieldKind}, Needs: []OrderField{FieldKind}, Roles: classifiers,
			line: readInto(FieldKind),
		},
		{
			Verb: VerbClassify, Name: "reason", Danish: "grund", Aliases: []string{"begrundelse"},
			Takes:  Wording{"hvorfor, til rapportøren", "why, to the reporter"},
			About:  Wording{"Sig, hvorfor alvorligheden er sat lavere end meldt.", "Say why the severity is lower than was reported."},
			Fields: []OrderField{FieldReason}, Needs: []OrderField{FieldReason}, Roles: classifiers,
			line: readInto(FieldReason), body: bodyParagraph,
		},
		{
			Verb: VerbPlan, Name: "plan", Danish: "planlæg", Aliases: []string{"planlægges", "sprint"},
			Takes:  Wording{"en sprint som 2026-25, hotfix, eller intet", "a sprint as 2026-25, hotfix, or nothing"},
			About:  Wording{"Planlæg i en sprint; uden sprint den første med plads.", "Plan into a sprint; without one, the first with room."},
			Fields: []OrderField{FieldSprint, FieldHotfix, FieldReason, FieldText}, Roles: []Role{RoleOwner},
			line: readPlan,
		},
		{
			Verb: VerbStart, Name: "start", Danish: "undersøg", Aliases: []string{"investigate", "udred", "begynd"},
			About:  Wording{"Tag billetten og begynd at undersøge den.", "Take the ticket and start investigating."},
			Fields: []OrderField{FieldText}, Roles: []Role{RoleDev},
		},
		{
			Verb: VerbTest, Name: "test", Danish: "test", Aliases: []string{"til test", "tiltest"},
			Takes:  Wording{"hvad der er ændret; nedenunder evt. \"Sådan prøver du: …\"", "what has changed; below it perhaps \"How to check: …\""},
			About:  Wording{"Giv en rettelse videre til QA.", "Hand a fix over to QA."},
			Fields: []OrderField{FieldResult, FieldText, FieldHow}, Needs: []OrderField{FieldText}, Roles: []Role{RoleDev},
			line: readTest, body: bodyAll, parts: checkLabels,
		},
		{
			Verb: VerbTest, Name: "workaround", Danish: "midlertidig løsning", Aliases: []string{"omvej"},
			Takes:  Wording{"den midlertidige løsning; nedenunder evt. \"Sådan prøver du: …\"", "the workaround; below it perhaps \"How to check: …\""},
			About:  Wording{"Giv en midlertidig løsning videre til QA.", "Hand a workaround over to QA."},
			Fields: []OrderField{FieldResult, FieldText, FieldHow}, Needs: []OrderField{FieldText}, Roles: []Role{RoleDev},
			line: readInto(FieldText), body: bodyAll, parts: checkLabels, itself: Order{Result: ResultWorkaround},
		},
		{
			Verb: VerbPass, Name: "pass", Danish: "bestået", Aliases: []string{"passed", "godkendt", "bestod"},
			Takes:  Wording{"hvad du har kontrolleret; nedenunder evt. \"Gælder ikke: …\"", "what you verified; below it perhaps \"Not covered: …\""},
			About:  Wording{"Testen er bestået; rapportøren får resultatet.", "The test is passed; the reporter is told the result."},
			Fields: []OrderField{FieldVerified, FieldLimits}, Needs: []OrderField{FieldVerified}, Roles: []Role{RoleQA},
			line: readInto(FieldVerified), body: bodyParagraph,
			parts: map[OrderField][]string{FieldLimits: {"gælder ikke", "dækker ikke", "undtagen", "not covered", "limits", "except"}},
		},
		{
			Verb: VerbFail, Name: "fail", Danish: "fejlet", Aliases: []string{"failed", "dumpet", "ikke bestået", "ikkebestået"},
			Takes:  Wording{"hvad der fejlede", "what failed"},
			About:  Wording{"Testen fejlede; billetten går tilbage til udvikling.", "The test failed; the ticket goes back to development."},
			Fields: []OrderField{FieldText}, Needs: []OrderField{FieldText}, Roles: []Role{RoleQA},
			line: readInto(FieldText), body: bodyParagraph,
		},
		{
			Verb: VerbResolve, Name: "resolve", Danish: "løst", Aliases: []string{"løs", "resolved"},
			Takes:  Wording{"svaret til rapportøren, også på linjerne under", "the answer to the reporter, also on the lines below"},
			About:  Wording{"Svar på det, der ikke er en fejl; billetten er løst.", "Answer what is no bug; the ticket is resolved."},
			Fields: []OrderField{FieldResult, FieldText, FieldVerified, FieldLimits}, Roles: []Role{RoleSupport, RoleQA},
			line: readInto(FieldText), body: bodyAll,
		},
		{
			Verb: VerbClose, Name: "close", Danish: "luk", Aliases: []string{"lukket", "closed"},
			Takes:  Wording{"grunden, som rapportøren læser; eller bekræftet", "the reason, which the reporter reads; or confirmed"},
			About:  Wording{"Luk billetten.", "Close the ticket."},
			Fields: []OrderField{FieldReason, FieldClosing}, Roles: []Role{RoleSupport},
			line: readClose,
		},
		{
			Verb: VerbReopen, Name: "reopen", Danish: "genåbn", Aliases: []string{"genåben"},
			Takes:  Wording{"grunden", "the reason"},
			About:  Wording{"Genåbn billetten.", "Reopen the ticket."},
			Fields: []OrderField{FieldReason}, Roles: []Role{RoleReporter, RoleSupport, RoleQA},
			line: readInto(FieldReason),
		},
		{
			Verb: VerbAsk, Name: "ask", Danish: "spørg", Aliases: []string{"afvent"},
			Takes:  Wording{"spørgsmålene, nummereret på linjerne under", "the questions, numbered on the lines below"},
			About:  Wording{"Spørg rapportøren; billetten afventer svar.", "Ask the reporter; the ticket waits for the answer."},
			Fields: []OrderField{FieldQuestions, FieldText}, Roles: []Role{RoleSupport, RoleDev, RoleQA},
			line: readInto(FieldText), body: bodyAll,
		},
		{
			Verb: VerbReply, Name: "reply", Danish: "svar",
			Takes:  Wording{"teksten til rapportøren, også på linjerne under", "the text to the reporter, also on the lines below"},
			About:  Wording{"Skriv til rapportøren.", "Write to the reporter."},
			Fields: []OrderField{FieldText}, Needs: []OrderField{FieldText}, Roles: []Role{RoleSupport, RoleDev, RoleOwner},
			line: readInto(FieldText), body: bodyAll,
		},
		{
			Verb: VerbNote, Name: "note", Danish: "note", Aliases: []string{"notat", "intern", "internal"},
			Takes:  Wording{"teksten, også på linjerne under", "the text, also on the lines below"},
			About:  Wording{"Skriv en note, som bliver i huset.", "Write a note that stays inside."},
			Fields: []OrderField{FieldText, FieldPublic}, Needs: []OrderField{FieldText}, Roles: staff,
			line: readInto(FieldText), body: bodyAll,
		},
		{
			Verb: VerbNote, Name: "public", Danish: "offentlig", Aliases: []string{"public note", "offentlig note"},
			Takes:  Wording{"teksten, også på linjerne under", "the text, also on the lines below"},
			About:  Wording{"Skriv en note om fremskridt, som rapportøren læser.", "Write a note of progress that the reporter reads."},
			Fields: []OrderField{FieldText, FieldPublic}, Needs: []OrderField{FieldText}, Roles: staff,
			line: readInto(FieldText), body: bodyAll, itself: Order{Public: true},
		},
		{
			Verb: VerbAssign, Name: "assign", Danish: "tildel",
			Takes:  Wording{"mig eller en adresse", "me or an address"},
			About:  Wording{"Giv billetten til en kollega eller dig selv.", "Give the ticket to a colleague or yourself."},
			Fields: []OrderField{FieldTo}, Needs: []OrderField{FieldTo}, Roles: staff,
			line: readInto(FieldTo),
		},
		{
			Verb: VerbMerge, Name: "merge", Danish: "flet", Aliases: []string{"sammenlæg"},
			Takes:  Wording{"sporings-ID'et på billetten, der bliver", "the tracking ID of the ticket that stays"},
			About:  Wording{"Flet denne billet ind i en anden.", "Merge this ticket into another."},
			Fields: []OrderField{FieldInto}, Needs: []OrderField{FieldInto}, Roles: []Role{RoleSupport},
			line: readInto(FieldInto),
		},
		{
			Verb: VerbLink, Name: "link", Danish: "link", Aliases: []string{"henvis"},
			Takes:  Wording{"et sporings-ID", "a tracking ID"},
			About:  Wording{"Lad to billetter henvise til hinanden.", "Let two tickets refer to each other."},
			Fields: []OrderField{FieldOther}, Needs: []OrderField{FieldOther}, Roles: staff,
			line: readInto(FieldOther),
		},
		{
			Verb: VerbAccept, Name: "accept", Danish: "ja", Aliases: []string{"yes", "accepter", "accepted", "accepteret"},
			Takes:  Wording{"evt. et kvartal som 2026-Q4, og tekst til rapportøren", "perhaps a quarter as 2026-Q4, and text to the reporter"},
			About:  Wording{"Sig ja til et ønske.", "Accept a request."},
			Fields: []OrderField{FieldQuarter, FieldTitle, FieldText}, Roles: []Role{RoleOwner},
			line: readAccept,
		},
		{
			Verb: VerbDefer, Name: "defer", Danish: "senere", Aliases: []string{"not yet", "notyet", "ikke nu", "ikke endnu", "later"},
			Takes:  Wording{"evt. en dato som 2026-12-01, og grunden", "perhaps a date as 2026-12-01, and the reason"},
			About:  Wording{"Udskyd et ønske; grunden og datoen sendes.", "Put a request off; the reason and the date are sent."},
			Fields: []OrderField{FieldReason, FieldReview}, Needs: []OrderField{FieldReason}, Roles: []Role{RoleOwner},
			line: readDefer, body: bodyParagraph,
		},
		{
			Verb: VerbDecline, Name: "decline", Danish: "nej", Aliases: []string{"no", "afvis", "declined", "afvist"},
			Takes:  Wording{"grunden; nedenunder evt. \"I stedet: …\"", "the reason; below it perhaps \"Instead: …\""},
			About:  Wording{"Sig nej til et ønske; grunden sendes.", "Decline a request; the reason is sent."},
			Fields: []OrderField{FieldReason, FieldText}, Needs: []OrderField{FieldReason}, Roles: []Role{RoleOwner},
			line: readInto(FieldReason), body: bodyParagraph,
			parts: map[OrderField][]string{FieldText: {"i stedet", "istedet", "instead"}},
		},
		{
			Verb: VerbTitle, Name: "title", Danish: "titel",
			Takes:  Wording{"titlen, som alle kan læse på køreplanen", "the title, which all can read on the roadmap"},
			About:  Wording{"Sæt den offentlige titel.", "Set the public title."},
			Fields: []OrderField{FieldTitle}, Needs: []OrderField{FieldTitle}, Roles: staff,
			line: readInto(FieldTitle),
		},
		{
			Verb: VerbInvite, Name: "invite", Danish: "inviter", Aliases: []string{"invitér", "tilføj"},
			Takes:  Wording{"en adresse", "an address"},
			About:  Wording{"Lad en person uden for huset deltage.", "Let somebody outside take part."},
			Fields: []OrderField{FieldAddress, FieldName}, Needs: []OrderField{FieldAddress}, Roles: []Role{RoleSupport},
			line: readInvite,
		},
		{
			Verb: VerbDismiss, Name: "dismiss", Danish: "fjern", Aliases: []string{"remove"},
			Takes:  Wording{"en adresse", "an address"},
			About:  Wording{"Lad en deltager ikke høre mere.", "Let a participant hear no more."},
			Fields: []OrderField{FieldAddress}, Needs: []OrderField{FieldAddress}, Roles: []Role{RoleSupport},
			line: readInto(FieldAddress),
		},
		{
			Verb: VerbStatus, Name: "status", Danish: "status", Aliases: []string{"tilstand", "state"},
			About: Wording{"Få at vide, hvordan billetten står.", "Be told how the ticket stands."}, Roles: append([]Role{RoleReporter}, staff...),
		},
		{
			Verb: VerbUndo, Name: "undo", Danish: "fortryd",
			About: Wording{"Fortryd det seneste; en sendt mail er sendt.", "Undo the latest; a sent mail stays sent."}, Roles: staff,
		},
		{
			Verb: VerbHelp, Name: "help", Danish: "hjælp", Aliases: []string{"kommandoer", "commands"},
			About: Wording{"Få denne oversigt.", "Be sent this list."}, Roles: staff,
		},
	}
}

// checkLabels begins the part of a hand-over that says how to check it.
var checkLabels = map[OrderField][]string{FieldHow: {"sådan prøver du", "sådan tester du", "prøv", "how to check", "how to test", "check"}}
