package ticket_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/ticket"
)

var terms = ticket.OrderTerms{Prefix: "AIS", Categories: []ticket.Term{
	{Name: "login", Words: []string{"adgang"}}, {Name: "billing", Words: []string{"faktura", "fakturering"}}, {Name: "data_loss", Words: []string{"datatab"}}, {Name: "other"},
}}

// One command on one line, as staff write it.
func TestReadOrdersLine(t *testing.T) {
	id := string(ticket.DeriveID("AIS", secret, "mail", 0))
	for line, want := range map[string]ticket.Order{
		"#alvorlighed kritisk":              {Verb: ticket.VerbClassify, Severity: ticket.SeverityCritical},
		"#severity critical":                {Verb: ticket.VerbClassify, Severity: ticket.SeverityCritical},
		"#ALVORLIGHED HØJ.":                 {Verb: ticket.VerbClassify, Severity: ticket.SeverityHigh},
		"# alvorlighed:  hoej":              {Verb: ticket.VerbClassify, Severity: ticket.SeverityHigh},
		"＃severity = low":                   {Verb: ticket.VerbClassify, Severity: ticket.SeverityLow},
		"\u00a0#\u00a0severity\u00a0élevée": {Verb: ticket.VerbClassify, Severity: ticket.SeverityHigh},
		"\u200b#\u200balvorlighed lav\r":    {Verb: ticket.VerbClassify, Severity: ticket.SeverityLow},
		"#kategori Faktura":                 {Verb: ticket.VerbClassify, Category: "billing"},
		"#category data loss":               {Verb: ticket.VerbClassify, Category: "data_loss"},
		"#type spørgsmål":                   {Verb: ticket.VerbClassify, Kind: ticket.KindQuestion},
		"#kind feature request":             {Verb: ticket.VerbClassify, Kind: ticket.KindFeatureRequest},
		"#klassificer høj, datatab, fejl":   {Verb: ticket.VerbClassify, Severity: ticket.SeverityHigh, Category: "data_loss", Kind: ticket.KindBug},

		"#planlæg":                       {Verb: ticket.VerbPlan},
		"#planlaeg 2026-25":              {Verb: ticket.VerbPlan, Sprint: "2026-25"},
		"#planlag sprint 2026/5":         {Verb: ticket.VerbPlan, Sprint: "2026-05"},
		"#plan hotfix!":                  {Verb: ticket.VerbPlan, Hotfix: true},
		"#undersøg":                      {Verb: ticket.VerbStart},
		"#investigate.":                  {Verb: ticket.VerbStart},
		"#test Ny tidsgrænse på webhook": {Verb: ticket.VerbTest, Result: ticket.ResultFixed, Text: "Ny tidsgrænse på webhook"},
		"#test midlertidig løsning: genstart botten": {Verb: ticket.VerbTest, Result: ticket.ResultWorkaround, Text: "genstart botten"},
		"#workaround genstart botten":                {Verb: ticket.VerbTest, Result: ticket.ResultWorkaround, Text: "genstart botten"},
		"#midlertidig løsning genstart":              {Verb: ticket.VerbTest, Result: ticket.ResultWorkaround, Text: "genstart"},
		"#bestået login i Firefox":                   {Verb: ticket.VerbPass, Verified: "login i Firefox"},
		"#bestaaet login":                            {Verb: ticket.VerbPass, Verified: "login"},
		"#fejlet login i Safari":                     {Verb: ticket.VerbFail, Text: "login i Safari"},
		"#løst Sådan er det tænkt.":                  {Verb: ticket.VerbResolve, Result: ticket.ResultAnswer, Text: "Sådan er det tænkt."},
		"#luk":                                       {Verb: ticket.VerbClose, Closing: ticket.ClosingStaff},
		"#luk Sendt ved en fejl":                     {Verb: ticket.VerbClose, Closing: ticket.ClosingStaff, Reason: "Sendt ved en fejl"},
		"#close confirmed":                           {Verb: ticket.VerbClose, Closing: ticket.ClosingConfirmed},
		"#genaabn Den fejler endnu":                  {Verb: ticket.VerbReopen, Reason: "Den fejler endnu"},
		"#note Kunden ringede":                       {Verb: ticket.VerbNote, Text: "Kunden ringede"},
		"#offentlig Vi er tæt på":                    {Verb: ticket.VerbNote, Text: "Vi er tæt på", Public: true},
		"#spørg Hvilken browser bruger du?":          {Verb: ticket.VerbAsk, Questions: []string{"Hvilken browser bruger du?"}},
		"#svar Hej, vi ser på det":                   {Verb: ticket.VerbReply, Text: "Hej, vi ser på det"},
		"#tildel mig":                                {Verb: ticket.VerbAssign, To: "me"},
		"#assign Dev <dev@aismarttalk.tech>":         {Verb: ticket.VerbAssign, To: "dev@aismarttalk.tech"},
		"#flet " + strings.ToLower(id):               {Verb: ticket.VerbMerge, Into: ticket.ID(id)},
		"#link [" + id + "]":                         {Verb: ticket.VerbLink, Other: ticket.ID(id)},
		"#ja":                                        {Verb: ticket.VerbAccept},
		"#accept Q4 2026: med i eksporten":           {Verb: ticket.VerbAccept, Quarter: "2026-Q4", Text: "med i eksporten"},
		"#senere 1.12.2026 vi mangler et API":        {Verb: ticket.VerbDefer, Review: "2026-12-01", Reason: "vi mangler et API"},
		"#not-yet 1 December 2026: no API yet":       {Verb: ticket.VerbDefer, Review: "2026-12-01", Reason: "no API yet"},
		"#ikke nu for få beder om det":               {Verb: ticket.VerbDefer, Reason: "for få beder om det"},
		"#nej det strider mod GDPR":                  {Verb: ticket.VerbDecline, Reason: "det strider mod GDPR"},
		"#titel Login  i Firefox":                    {Verb: ticket.VerbTitle, Title: "Login i Firefox"},
		"#inviter Karin <karin@firma.example>":       {Verb: ticket.VerbInvite, Address: "karin@firma.example", Name: "Karin"},
		"#fjern karin@firma.example":                 {Verb: ticket.VerbDismiss, Address: "karin@firma.example"},
		"#fortryd":                                   {Verb: ticket.VerbUndo},
		"#hjaelp":                                    {Verb: ticket.VerbHelp},
		"#status":                                    {Verb: ticket.VerbStatus},
	} {
		orders, rest := ticket.ReadOrders(line, terms)
		if len(orders) != 1 || orders[0].Err != nil || rest != "" {
			t.Errorf("%q: %s", line, show(orders, rest))
			continue
		}
		if diff := cmp.Diff(want, orders[0].Order); diff != "" {
			t.Errorf("%q:\n%s", line, diff)
		}
	}
}

// What is not understood is told, and nothing is done by guess.
func TestReadOrdersFaults(t *testing.T) {
	for line, want := range map[string]string{
		"#lukk":                                 "unknown suggest=luk",
		"#alvorlihed kritisk":                   "unknown suggest=alvorlighed",
		"#planlg":                               "unknown suggest=planlæg",
		"#kritisk":                              "unknown suggest=severity critical",
		"#hotfix":                               "unknown suggest=plan hotfix",
		"#frokost i kantinen":                   "unknown",
		"# Overskrift":                          "unknown",
		"#alvorlighed kritiks":                  "value severity possible=critical,high,normal,low suggest=critical",
		"#alvorlighed":                          "missing severity",
		"#severity very high":                   "value severity possible=critical,high,normal,low",
		"#kategori frokost":                     "value category possible=login,billing,data_loss,other",
		"#type ting":                            "value kind possible=bug,question,feature_request",
		"#klassificer høj frokost":              "value category possible=login,billing,data_loss,other",
		"#klassificer":                          "missing severity",
		"#planlæg snart":                        "value sprint",
		"#planlæg 2026-99":                      "value sprint",
		"#undersøg nu":                          "extra",
		"#luk nu, tak\n#fortryd alt":            "ok; extra",
		"#test":                                 "missing text",
		"#bestået":                              "missing verified",
		"#bestået\n\nMvh Anne":                  "missing verified",
		"#bestået\nMvh Anne":                    "missing verified",
		"#fejlet":                               "missing text",
		"#løst":                                 "missing text",
		"#svar\n\n":                             "missing text",
		"#note":                                 "missing text",
		"#spørg":                                "missing questions",
		"#tildel":                               "missing to",
		"#tildel Anne":                          "value to",
		"#flet AIS-7K3Q-M2XX":                   "value into",
		"#senere 2026-12-01":                    "missing reason",
		"#nej":                                  "missing reason",
		"#titel":                                "missing title",
		"#alvorlighed høj\n#alvorlighed lav":    "ok; conflict severity possible=high",
		"#alvorlighed høj\nSer slemt ud.\n#luk": "ok; place",
		"#svarr\nHej\n#luk":                     "unknown suggest=svar; place",
	} {
		orders, rest := ticket.ReadOrders(line, terms)
		var got []string
		for _, o := range orders {
			got = append(got, fault(o.Err))
		}
		if g := strings.Join(got, "; "); g != want {
			t.Errorf("%q: %s\n want %s\n read %s", line, g, want, show(orders, rest))
		}
	}
}

func fault(err *ticket.OrderError) string {
	if err == nil {
		return "ok"
	}
	s := strings.TrimSpace(fmt.Sprintf("%s %s", err.Code, err.Field))
	if len(err.Possible) > 0 {
		s += " possible=" + strings.Join(err.Possible, ",")
	}
	if err.Suggest != "" {
		s += " suggest=" + err.Suggest
	}
	return s
}

func show(orders []ticket.OrderLine, rest string) string {
	var b strings.Builder
	for _, o := range orders {
		fmt.Fprintf(&b, "%v %s %+v; ", o.Lines, fault(o.Err), o.Order)
	}
	return b.String() + fmt.Sprintf("rest %q", rest)
}

// Whole mails: what belongs to which command.
func TestReadOrdersMail(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []ticket.OrderLine
		rest       string
	}{
		{"what classifies is one order", "#alvorlighed kritisk\n#planlæg hotfix\n\n#kategori login\n#type fejl\nHun ringede.", []ticket.OrderLine{
			{Lines: []int{1, 4, 5}, Written: "#alvorlighed kritisk\n#kategori login\n#type fejl",
				Order: ticket.Order{Verb: ticket.VerbClassify, Severity: ticket.SeverityCritical, Category: "login", Kind: ticket.KindBug}},
			{Lines: []int{2}, Written: "#planlæg hotfix", Order: ticket.Order{Verb: ticket.VerbPlan, Hotfix: true}},
		}, "Hun ringede."},
		{"an answer of several paragraphs", "\n#svar\nHej\n\n#1 på listen er login.\n#kunde skriver, at:\n  - det er langsomt\n\nMvh Anne\n#luk", []ticket.OrderLine{
			{Lines: []int{2, 3, 4, 5, 6, 7, 8, 9}, Written: "#svar\nHej\n\n#1 på listen er login.\n#kunde skriver, at:\n  - det er langsomt\n\nMvh Anne",
				Order: ticket.Order{Verb: ticket.VerbReply, Text: "Hej\n\n#1 på listen er login.\n#kunde skriver, at:\n  - det er langsomt\n\nMvh Anne"}},
			{Lines: []int{10}, Written: "#luk", Order: ticket.Order{Verb: ticket.VerbClose, Closing: ticket.ClosingStaff}},
		}, ""},
		{"questions with a word before and after", "#spørg\nTak for din mail.\n\n1. Hvilken browser\nbruger du?\n2) Hvornår?\n\nMvh Anne", []ticket.OrderLine{
			{Lines: []int{1, 2, 3, 4, 5, 6, 7, 8}, Written: "#spørg\nTak for din mail.\n\n1. Hvilken browser\nbruger du?\n2) Hvornår?\n\nMvh Anne",
				Order: ticket.Order{Verb: ticket.VerbAsk, Text: "Tak for din mail.\n\n\nMvh Anne", Questions: []string{"Hvilken browser bruger du?", "Hvornår?"}}},
		}, ""},
		{"a hand-over says how to check", "#test Ny tidsgrænse\nogså for eksport\nSådan prøver du: log ind\n- vent et minut", []ticket.OrderLine{
			{Lines: []int{1, 2, 3, 4}, Written: "#test Ny tidsgrænse\nogså for eksport\nSådan prøver du: log ind\n- vent et minut",
				Order: ticket.Order{Verb: ticket.VerbTest, Result: ticket.ResultFixed, Text: "Ny tidsgrænse\nogså for eksport", How: "log ind\n- vent et minut"}},
		}, ""},
		{"what QA verified, and what stays inside", "#bestået\n- login i Firefox\n- login i Safari\nGælder ikke: app'en\n\nHusk at rydde op.", []ticket.OrderLine{
			{Lines: []int{1, 2, 3, 4}, Written: "#bestået\n- login i Firefox\n- login i Safari\nGælder ikke: app'en",
				Order: ticket.Order{Verb: ticket.VerbPass, Verified: "- login i Firefox\n- login i Safari", Limits: "app'en"}},
		}, "Husk at rydde op."},
		{"a reason beside the command leaves the text inside", "#bestået login\nKoden er grim.", []ticket.OrderLine{
			{Lines: []int{1}, Written: "#bestået login", Order: ticket.Order{Verb: ticket.VerbPass, Verified: "login"}},
		}, "Koden er grim."},
		{"no, but instead", "#nej Det bygger vi ikke.\nI stedet: brug eksporten.", []ticket.OrderLine{
			{Lines: []int{1, 2}, Written: "#nej Det bygger vi ikke.\nI stedet: brug eksporten.",
				Order: ticket.Order{Verb: ticket.VerbDecline, Reason: "Det bygger vi ikke.", Text: "brug eksporten."}},
		}, ""},
		{"the reason below the day", "#senere 2026-12-01\nVi mangler et API.\nMvh Anne", []ticket.OrderLine{
			{Lines: []int{1, 2}, Written: "#senere 2026-12-01\nVi mangler et API.",
				Order: ticket.Order{Verb: ticket.VerbDefer, Review: "2026-12-01", Reason: "Vi mangler et API."}},
		}, "Mvh Anne"},
		{"a client's way to close is text", "Hej\n#luk", nil, "Hej\n#luk"},
		{"a number is no command", "#1234 fejler endnu\n#luk", nil, "#1234 fejler endnu\n#luk"},
		{"a quoted command is none", "> #luk", nil, "> #luk"},
		{"a heading in two signs is text", "## Luk", nil, "## Luk"},
		{"nothing", " \n\n", nil, ""},
	} {
		orders, rest := ticket.ReadOrders(c.text, terms)
		if diff := cmp.Diff(c.want, orders); diff != "" || rest != c.rest {
			t.Errorf("%s: rest %q\n%s", c.name, rest, diff)
		}
	}
}

func TestReadOrdersBoundsTheirNumber(t *testing.T) {
	orders, _ := ticket.ReadOrders(strings.Repeat("#undersøg\n", 60), terms)
	if len(orders) != 60 || orders[49].Err != nil || orders[50].Err == nil || orders[50].Err.Code != ticket.OrderMany {
		t.Errorf("of 60 commands: %s", show(orders[48:52], ""))
	}
}

func FuzzReadOrders(f *testing.F) {
	for _, seed := range []string{
		"#alvorlighed kritisk\n#kategori login\n\nTekst\n#luk", "#svar\nHej\n#1\n#note x\ny", "#bestået\na\nGælder ikke: b\n\nc", "#spørg\n1. a\nb\n\nc", "＃ test midlertidig løsning: x",
		"#ikke nu 1. december 2026 x", "#lukk\r\n# luk", "Hej\n#luk", "#flet AIS-7K3Q-M2XQ",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		orders, rest := ticket.ReadOrders(text, terms)
		lines := strings.Split(text, "\n")
		var taken []int
		for _, o := range orders {
			if (o.Err == nil) == (o.Order.Verb == "") {
				t.Fatalf("%q: neither order nor fault: %+v", text, o)
			}
			if o.Err != nil && o.Err.Error() == "" {
				t.Fatalf("%q: a fault without words", text)
			}
			taken = append(taken, o.Lines...)
			var written []string
			for _, n := range o.Lines {
				written = append(written, strings.TrimSpace(lines[n-1]))
			}
			if got := strings.Fields(o.Written); !slices.Equal(got, strings.Fields(strings.Join(written, "\n"))) {
				t.Fatalf("%q: lines %v are not %q", text, o.Lines, o.Written)
			}
			if o.Err == nil { // the canonical form reads as itself
				again, err := o.Order.Read(terms)
				if err != nil || !cmp.Equal(again, o.Order) {
					t.Fatalf("%q: %+v reads as %+v, %v", text, o.Order, again, err)
				}
			}
		}
		slices.Sort(taken)
		if len(slices.Compact(slices.Clone(taken))) != len(taken) {
			t.Fatalf("%q: a line is in two orders: %v", text, taken)
		}
		var left []string
		for i, l := range lines {
			if !slices.Contains(taken, i+1) {
				left = append(left, l)
			}
		}
		if want := strings.TrimSpace(strings.Join(left, "\n")); rest != want {
			t.Fatalf("%q: rest %q, want %q", text, rest, want)
		}
	})
}

func BenchmarkReadOrders(b *testing.B) {
	for name, text := range map[string]string{
		"mail":     "#alvorlighed kritisk\n#kategori login\n#svar\nHej\n\nVi ser på det.\n",
		"unknown":  strings.Repeat("#alvorlihed\n", 20000),
		"commands": strings.Repeat("#luk\n", 20000),
		"body":     "#svar\n" + strings.Repeat("#kunde\n", 20000),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				ticket.ReadOrders(text, terms)
			}
		})
	}
}
