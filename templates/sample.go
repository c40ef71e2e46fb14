package templates

import (
	"slices"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// Sample is a notice made up to show a letter.
type Sample struct {
	Name   string // acknowledgement-critical, resolved-answer, …
	Notice ticket.Notice
}

// Samples are notices that together use every clause of every letter that a
// language has. Tests write them all and keep the letters that they make.
func Samples(language string) []Sample {
	b := samples{language: language}
	b.opened()
	b.assessed()
	b.inWork()
	b.asked()
	b.finished()
	b.wishes()
	b.answers()
	if exists(language, staffFile) {
		b.staffTickets()
		b.staffPlanning()
		b.staffMails()
		b.staffCommanded()
		b.digests()
		b.staffVariants()
	}
	b.questions()
	return b.all
}

// samples collects samples of one language.
type samples struct {
	language string
	all      []Sample
}

// add makes a sample of facts, changed in turn.
func (b *samples) add(name string, kind ticket.NoticeKind, f ticket.Facts, changes ...func(*ticket.Facts)) {
	for _, change := range changes {
		change(&f)
	}
	n := ticket.Notice{
		Ticket:   "AIS-7K3Q-M2XQ",
		Number:   len(b.all) + 1,
		Kind:     kind,
		To:       ticket.Address{Address: "kunde@kunde.example"},
		Language: b.language,
		Owed:     time.Date(2026, time.November, 23, 13, 5, 0, 0, time.UTC),
		Facts:    f,
		State:    ticket.NoticeQueued,
	}
	if kind.ForStaff() {
		n.To = ticket.Address{Address: "support@firma.example"}
	}
	b.all = append(b.all, Sample{name, n})
}

// about gives the latest sample another tracking ID: of a letter without a ticket.
func (b *samples) about(id ticket.ID) { b.all[len(b.all)-1].Notice.Ticket = id }

// noon of a day in Copenhagen, which has winter time then.
func noon(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 11, 0, 0, 0, time.UTC)
}

// reported are the facts of a ticket that came in.
func reported() ticket.Facts {
	return ticket.Facts{
		Subject:     "Chatbotten svarer ikke på hjemmesiden",
		State:       ticket.StateReported,
		Severity:    ticket.SeverityNormal,
		Category:    "chatbot_answers",
		Kind:        ticket.KindBug,
		Link:        "https://support.firma.example/t/ais7k3qm2xq?k=1f6s9d0qv3m8zk2c4b7n",
		InReplyTo:   "20261123.0905@kunde.example",
		References:  []string{"20261120.1001@kunde.example", "20261123.0905@kunde.example"},
		ThreadTopic: "Chatbotten svarer ikke på hjemmesiden",
		ThreadIndex: "Adxd0V9kq2vYw0Q3TQyV1cN2c5Zl4A==",
	}
}

// in puts facts into a state that follows assessment.
func in(state ticket.State) ticket.Facts {
	f := reported()
	f.State, f.Confirmed = state, true
	return f
}

func critical(f *ticket.Facts) { f.Severity, f.Marked = ticket.SeverityCritical, true }
func promised(f *ticket.Facts) { f.AssessBy = noon(2026, time.November, 24) }
func alerted(f *ticket.Facts)  { promised(f); f.OwnerTold = true }
func question(f *ticket.Facts) { f.Kind, f.Severity, f.Confirmed = ticket.KindQuestion, "", false }

func wish(f *ticket.Facts) {
	f.Kind, f.Category, f.Severity, f.Confirmed = ticket.KindFeatureRequest, "feature_request", "", false
	f.Subject, f.ThreadTopic = "Ønske: eksport til Excel", "Ønske: eksport til Excel"
}

func hotfix(f *ticket.Facts) {
	f.Sprint, f.Hotfix = "2026-24", true
	f.SprintStart, f.SprintEnd = noon(2026, time.November, 23), noon(2026, time.December, 6)
}

func nextSprint(f *ticket.Facts) {
	f.Sprint, f.SprintStart, f.SprintEnd = "2026-25", noon(2026, time.December, 7), noon(2026, time.December, 20)
}

func (b *samples) opened() {
	b.add("acknowledgement", ticket.NoticeAcknowledgement, reported(), promised)
	b.add("acknowledgement-unpromised", ticket.NoticeAcknowledgement, reported(), func(f *ticket.Facts) {
		f.Subject, f.Category, f.Link, f.Severity = "", "", "", ""
	})
	b.add("acknowledgement-critical", ticket.NoticeAcknowledgement, reported(), critical, alerted)
	b.add("acknowledgement-critical-unpromised", ticket.NoticeAcknowledgement, reported(), critical)
	b.add("acknowledgement-neutral", ticket.NoticeAcknowledgement, reported(), critical, func(f *ticket.Facts) {
		f.Neutral, f.Subject, f.ThreadTopic, f.ThreadIndex = true, "", "", ""
	})
	b.add("followup", ticket.NoticeFollowup, reported(), follows, promised)
	b.add("followup-critical", ticket.NoticeFollowup, reported(), critical, follows, alerted, func(f *ticket.Facts) { f.WindowDays = 1 })
	b.add("reopened", ticket.NoticeReopened, in(ticket.StateReported))
}

// questions are about held mails.
func (b *samples) questions() {
	b.add("confirm", ticket.NoticeConfirm, ticket.Facts{Neutral: true, Shown: "AIS-7K3Q-M2XQ", Mail: "01m81sna5mw50rq6df5x"})
	b.about("MAIL-7K3Q-M2XQ")
}

func follows(f *ticket.Facts) { f.Follows, f.WindowDays = "AIS-9QW2-4HTV", 14 }

func (b *samples) assessed() {
	classified := func(name string, changes ...func(*ticket.Facts)) {
		b.add("classified-"+name, ticket.NoticeClassified, in(ticket.StateClassified), changes...)
	}
	lowered := func(f *ticket.Facts) {
		f.Marked, f.Claimed, f.Reason = true, ticket.SeverityCritical, "Chatbotten svarer på de andre sider"
	}
	classified("unmarked")
	classified("agreed", func(f *ticket.Facts) { f.Marked, f.Severity = true, ticket.SeverityHigh })
	classified("hotfix", critical, hotfix)
	classified("raised", func(f *ticket.Facts) {
		f.Severity, f.Marked, f.Claimed, f.Reason = ticket.SeverityHigh, true, ticket.SeverityNormal, "Fejlen rammer alle, der bruger chatbotten"
	}, nextSprint)
	classified("lowered", lowered)
	classified("lowered-sprint", lowered, nextSprint)
	classified("backlog", func(f *ticket.Facts) { f.Backlog = true })
	classified("question", question, func(f *ticket.Facts) { f.AnswerBy = noon(2026, time.November, 25) })
	classified("question-lowered", question, lowered, func(f *ticket.Facts) {
		f.Severity, f.Confirmed, f.Reason = ticket.SeverityLow, true, "Det er ikke en fejl: Fakturaen ligger under Konto"
	})
	classified("request", wish)

	b.add("planned", ticket.NoticePlanned, in(ticket.StatePlanned), nextSprint)
	b.add("planned-hotfix", ticket.NoticePlanned, in(ticket.StatePlanned), critical, hotfix)
	from := func(f *ticket.Facts) {
		f.SprintFrom, f.Reason = "2026-24", "En fejl, der stopper alle kunder, tog pladsen"
	}
	b.add("slipped", ticket.NoticeSlipped, in(ticket.StatePlanned), nextSprint, from, func(f *ticket.Facts) {
		f.Workaround = "log ud og ind igen, når chatbotten går i stå"
	})
	b.add("slipped-unexplained", ticket.NoticeSlipped, in(ticket.StatePlanned), func(f *ticket.Facts) {
		f.Sprint = "2026-26"
		f.SprintStart, f.SprintEnd = noon(2026, time.December, 21), noon(2027, time.January, 3)
	})
	b.add("slipped-backlog", ticket.NoticeSlipped, in(ticket.StateClassified), from, func(f *ticket.Facts) { f.Backlog = true })
}

func (b *samples) inWork() {
	workaround := func(f *ticket.Facts) { f.Result = ticket.ResultWorkaround }
	b.add("investigating", ticket.NoticeInvestigating, in(ticket.StateInvestigating), nextSprint)
	b.add("investigating-question", ticket.NoticeInvestigating, in(ticket.StateInvestigating), question)
	b.add("investigating-request", ticket.NoticeInvestigating, in(ticket.StateInvestigating), wish)
	note := func(f *ticket.Facts) {
		f.Text = "Vi kan genskabe fejlen.\nDen sker kun, når siden åbnes i et nyt faneblad."
	}
	b.add("progress", ticket.NoticeProgress, in(ticket.StateInvestigating), note)
	b.add("progress-reported", ticket.NoticeProgress, reported(), note, promised)
	b.add("testing", ticket.NoticeTesting, in(ticket.StateTesting), func(f *ticket.Facts) { f.Result = ticket.ResultFixed })
	b.add("testing-workaround", ticket.NoticeTesting, in(ticket.StateTesting), workaround)
	b.add("testing-request", ticket.NoticeTesting, in(ticket.StateTesting), wish)
	b.add("failed", ticket.NoticeFailed, in(ticket.StateInvestigating))
	b.add("failed-workaround", ticket.NoticeFailed, in(ticket.StateInvestigating), workaround)
	b.add("failed-request", ticket.NoticeFailed, in(ticket.StateInvestigating), wish)
}

func asking(f *ticket.Facts) {
	f.Questions = []string{
		"Hvilken browser bruger du?",
		"Hvad står der i fejlen?\nSkriv den af, eller send et billede af skærmen.",
	}
}

func (b *samples) asked() {
	b.add("reply", ticket.NoticeReply, in(ticket.StateInvestigating), func(f *ticket.Facts) {
		f.Text = "Hej Anne\n\nVi har fundet stedet, og du kan se det på billedet. Prøv igen i morgen.\n\nMvh Support"
		f.Attachments = []ticket.AttachmentRef{
			{Filename: "indstillinger.png", ContentType: "image/png", Size: 48211},
			{Filename: "vejledning.pdf", ContentType: "application/pdf", Size: 120233},
		}
	})
	b.add("waiting", ticket.NoticeWaiting, in(ticket.StateWaiting), asking, func(f *ticket.Facts) {
		f.RemindOn = noon(2026, time.November, 30)
	})
	b.add("waiting-unreminded", ticket.NoticeWaiting, in(ticket.StateWaiting), func(f *ticket.Facts) {
		f.Questions = []string{"Sker det stadig?"}
		f.Text = "Vi har ændret en indstilling for jer."
	})
	b.add("reminder", ticket.NoticeReminder, in(ticket.StateWaiting), asking, func(f *ticket.Facts) {
		f.RemindOn = noon(2026, time.December, 7)
	})
}

// resolved are the facts of a ticket with a result.
func resolved() ticket.Facts {
	f := in(ticket.StateResolved)
	hotfix(&f)
	f.Hotfix, f.CloseOn = false, noon(2026, time.December, 7)
	return f
}

func (b *samples) finished() {
	fixed := func(f *ticket.Facts) {
		f.Result, f.Verified, f.Limits = ticket.ResultFixed, "login, svar og kvittering på tre hjemmesider", "Internet Explorer"
	}
	b.add("resolved", ticket.NoticeResolved, resolved(), fixed)
	b.add("resolved-workaround", ticket.NoticeResolved, resolved(), func(f *ticket.Facts) {
		f.Result, f.Verified = ticket.ResultWorkaround, "at chatbotten svarer"
		f.Text = "Sådan kommer du videre:\n1. Log ud.\n2. Ryd browserens cache.\n3. Log ind igen."
	})
	b.add("resolved-answer", ticket.NoticeResolved, resolved(), question, func(f *ticket.Facts) {
		f.Result, f.Text = ticket.ResultAnswer, "Ja. Du slår det til under Indstillinger > Kanaler."
	})
	b.add("resolved-request", ticket.NoticeResolved, resolved(), wish, func(f *ticket.Facts) {
		f.Result, f.Verified = ticket.ResultFixed, "eksport af 10.000 rækker"
	})

	closed := func(name string, closing ticket.Closing, changes ...func(*ticket.Facts)) {
		f := resolved()
		f.State, f.Closing, f.ReopenBy = ticket.StateClosed, closing, noon(2026, time.December, 21)
		b.add("closed-"+name, ticket.NoticeClosed, f, changes...)
	}
	closed("confirmed", ticket.ClosingConfirmed)
	closed("quiet", ticket.ClosingQuiet, func(f *ticket.Facts) { f.QuietDays = 5 })
	closed("staff", ticket.ClosingStaff, func(f *ticket.Facts) {
		f.Reason, f.ReopenBy = "Aftalen om chatbotten er ophørt", time.Time{}
	})
	closed("question", ticket.ClosingQuiet, question, func(f *ticket.Facts) { f.QuietDays = 1 })
	closed("request", ticket.ClosingConfirmed, wish, func(f *ticket.Facts) { f.ReopenBy = time.Time{} })
	merged := func(f *ticket.Facts) {
		f.Shown, f.Follows = "AIS-7K3Q-M2XQ", "AIS-9QW2-4HTV"
	}
	closed("merged", ticket.ClosingMerged, merged)
	b.add("merged", ticket.NoticeMerged, in(ticket.StateClassified), merged)
	b.about("AIS-9QW2-4HTV")
}

func (b *samples) wishes() {
	b.add("accepted", ticket.NoticeAccepted, in(ticket.StateClassified), wish, func(f *ticket.Facts) {
		f.Quarter, f.Title, f.Text = "2027-Q1", "Eksport til Excel", "Vi bygger den til alle lister, ikke kun fakturaer."
	})
	b.add("accepted-unplanned", ticket.NoticeAccepted, in(ticket.StateClassified), wish)
	b.add("deferred", ticket.NoticeDeferred, in(ticket.StateClassified), wish, func(f *ticket.Facts) {
		f.Reason, f.Review = "Vi bygger først søgningen om", noon(2027, time.April, 1)
	})
	b.add("deferred-undated", ticket.NoticeDeferred, in(ticket.StateClassified), wish)
	b.add("declined", ticket.NoticeDeclined, resolved(), wish, func(f *ticket.Facts) {
		f.Sprint, f.Result, f.Reason = "", ticket.ResultDeclined, "Rådata fra andre kunder må vi ikke dele"
		f.Text = "hent dine egne tal under Rapporter"
	})
}

func (b *samples) answers() {
	since := func(f *ticket.Facts) { f.Since = noon(2026, time.November, 20) }
	status := func(state ticket.State, changes ...func(*ticket.Facts)) {
		b.add("status-"+string(state), ticket.NoticeStatus, in(state), append([]func(*ticket.Facts){since}, changes...)...)
	}
	status(ticket.StateReported, promised, func(f *ticket.Facts) { f.Confirmed = false })
	status(ticket.StateClassified)
	status(ticket.StatePlanned, nextSprint)
	status(ticket.StateInvestigating, critical, hotfix)
	status(ticket.StateTesting, func(f *ticket.Facts) { f.Since = time.Time{} })
	status(ticket.StateWaiting, asking)
	status(ticket.StateResolved, func(f *ticket.Facts) { f.CloseOn = noon(2026, time.December, 7) })
	status(ticket.StateClosed, func(f *ticket.Facts) { f.ReopenBy = noon(2026, time.December, 21) })
	b.add("status-backlog", ticket.NoticeStatus, in(ticket.StateClassified), since, func(f *ticket.Facts) { f.Backlog = true })
	b.add("status-question", ticket.NoticeStatus, in(ticket.StateClassified), question, since, func(f *ticket.Facts) {
		f.AnswerBy = noon(2026, time.November, 25)
	})
	b.add("status-request", ticket.NoticeStatus, in(ticket.StateClassified), wish, since)
	b.add("status-request-in-work", ticket.NoticeStatus, in(ticket.StateInvestigating), wish, since)
	b.add("status-link", ticket.NoticeStatus, reported(), func(f *ticket.Facts) {
		f.State, f.Severity, f.Category, f.Neutral = "", "", "", true
		f.Expires = time.Date(2026, time.November, 23, 13, 35, 0, 0, time.UTC)
	})

	b.add("roadmap-quarter", ticket.NoticeRoadmap, ticket.Facts{}, func(f *ticket.Facts) { f.Roadmap = sampleQuarter() })
	b.about("MAIL-7K3Q-M2XQ")
	b.add("roadmap-year", ticket.NoticeRoadmap, ticket.Facts{Subject: "Køreplan"}, func(f *ticket.Facts) { f.Roadmap = sampleYear() })
	b.about("MAIL-7K3Q-M2XQ")
}

func sampleQuarter() *ticket.Roadmap {
	load := func(sprint string, first time.Time) ticket.SprintLoad {
		return ticket.SprintLoad{Sprint: sprint, Start: first, End: first.AddDate(0, 0, 13), Capacity: 10}
	}
	item := func(title, category string, s ticket.State) ticket.RoadmapItem {
		return ticket.RoadmapItem{Title: title, Category: category, Severity: ticket.SeverityNormal, State: s}
	}
	late := item("Langsom indlogning", "login", ticket.StatePlanned)
	late.Late = true
	done := make([]ticket.RoadmapItem, maxRoadmapRows+1) // and one more
	for i := range done {
		done[i] = item("Login-mail kommer for sent", "login", ticket.StateResolved)
	}
	return &ticket.Roadmap{
		Period: "2026-Q4",
		Sprints: []ticket.RoadmapSprint{
			{SprintLoad: load("2026-23", noon(2026, time.November, 9)), Items: done},
			{SprintLoad: load("2026-24", noon(2026, time.November, 23)), Current: true, Untitled: 2, Items: []ticket.RoadmapItem{
				item("Chatbotten svarer ikke", "chatbot_answers", ticket.StateInvestigating),
				item("Faktura mangler en linje", "billing", ticket.StateWaiting),
			}},
			{SprintLoad: load("2026-25", noon(2026, time.December, 7)), Items: []ticket.RoadmapItem{late}},
			{SprintLoad: load("2026-26", noon(2026, time.December, 21))},
		},
		Requests: []ticket.RoadmapItem{
			{Title: "Eksport til Excel", Category: "feature_request", State: ticket.StatePlanned, Quarter: "2027-Q1"},
		},
	}
}

func sampleYear() *ticket.Roadmap {
	year := &ticket.Roadmap{Period: "2026"}
	for i, quarter := range []string{"2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"} {
		year.Quarters = append(year.Quarters, ticket.RoadmapPart{Quarter: quarter, Done: 20 - 5*i, InWork: i, Planned: 3 * i})
	}
	headline := ticket.RoadmapItem{Title: "Ny indlogning", Category: "login", State: ticket.StateInvestigating}
	year.Quarters[2].Headlines = slices.Repeat([]ticket.RoadmapItem{headline}, maxRoadmapRows+1)
	for range maxRoadmapRows + 2 {
		year.Quarters[3].Headlines = append(year.Quarters[3].Headlines, headline)
		year.Requests = append(year.Requests, ticket.RoadmapItem{
			Title: "Eksport til Excel", Category: "feature_request", State: ticket.StatePlanned, Quarter: "2026-Q4",
		})
	}
	return year
}
