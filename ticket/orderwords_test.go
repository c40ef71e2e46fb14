package ticket_test

import (
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// What is wrong with a line of mail is told in the words that its writer can use.
func TestFaultsOfOrdersInWords(t *testing.T) {
	terms := ticket.OrderTerms{Prefix: "AIS", Categories: []ticket.Term{{Name: "login"}, {Name: "billing"}}}
	for _, c := range []struct{ text, danish, english string }{
		{"#alvorlighd høj", "#alvorlighd er ikke en kommando. Mente du #alvorlighed?", "#alvorlighd is no command. Did you mean #severity?"},
		{"#kritisk", "#kritisk er ikke en kommando. Mente du #alvorlighed kritisk?", "#kritisk is no command. Did you mean #severity critical?"},
		{"#kunde", "#kunde er ikke en kommando", "#kunde is no command"},
		{
			"#alvorlighed skidt", `alvorligheden kan ikke være "skidt". Vælg en af: kritisk, høj, normal, lav`,
			`the severity cannot be "skidt". Choose one of: critical, high, normal, low`,
		},
		{
			"#kategori moon", `kategorien kan ikke være "moon". Vælg en af: login, billing`,
			`the category cannot be "moon". Choose one of: login, billing`,
		},
		{"#planlæg 2026-99", `sprinten kan ikke være "2026-99"`, `the sprint cannot be "2026-99"`},
		{"#tildel", "adressen mangler", "the address is missing"},
		{"#fejlet", "teksten mangler", "the text is missing"},
		{"#hjælp nu", `#hjælp kan ikke have "nu" efter sig`, `#help cannot have "nu" behind it`},
		{"#alvorlighed høj\n#alvorlighed lav", `alvorligheden er sagt på to måder; "lav" er ikke udført`, `the severity is given in two ways; "low" was not done`},
		{
			"#status\nHej\n#luk", "#luk står under tekst. Kommandoer står øverst i mailen, en på hver linje",
			"#close stands below text. Commands stand at the top of the mail, one a line",
		},
		{
			strings.Repeat("#note x\n", 51), "det er flere kommandoer, end én mail kan have. Send resten i en ny",
			"these are more commands than one mail can give. Send the rest in another",
		},
	} {
		lines, _ := ticket.ReadOrders(c.text, terms)
		err := lines[len(lines)-1].Err
		if err == nil {
			t.Errorf("%q can be read", c.text)
			continue
		}
		if da, en := err.In("da"), err.In("en"); da != c.danish || en != c.english {
			t.Errorf("%q:\n%s\n%s\nwant\n%s\n%s", c.text, da, en, c.danish, c.english)
		}
	}
}
