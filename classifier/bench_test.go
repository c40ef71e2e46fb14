package classifier

import (
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// twoKilobytes is an ordinary mail of some 2 KB.
func twoKilobytes() ticket.Message {
	const paragraph = "Hej. Siden opdateringen i går aftes kan vores kunder ikke længere bestille tid i chatten, og flere har ringet til os. " +
		"Vi har prøvet at genindlæse siden og at skifte browser, men det hjælper ikke, og kalenderen viser kun en tom side. "
	return ticket.Message{
		Subject: "Booking i chatten virker ikke, høj prioritet",
		Reply:   strings.Repeat(paragraph, 9) + "\n\nDet er ikke kritisk endnu.\n\nVenlig hilsen\nLone Krag\nFirma A/S\n",
		Marks:   []ticket.Header{{Name: "Importance", Value: "normal"}},
	}
}

func BenchmarkClassify(b *testing.B) {
	c := newClassifier(b)
	m := twoKilobytes()
	b.SetBytes(int64(len(m.Reply)))
	for b.Loop() {
		c.Classify(m)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(Config{}); err != nil {
			b.Fatal(err)
		}
	}
}

// What an operator adds makes New compile all rules and train anew.
func BenchmarkNewWithAdditions(b *testing.B) {
	cfg := Config{Categories: []CategoryConfig{{Name: "kiosk", Phrases: []string{"standeren i foyeren"}}}}
	for b.Loop() {
		if _, err := New(cfg); err != nil {
			b.Fatal(err)
		}
	}
}
