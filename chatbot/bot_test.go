package chatbot_test

import (
	"strings"
	"testing"

	"aismarttalk.tech/supportd/chatbot"
	"aismarttalk.tech/supportd/ticket"
)

// What is written freely leads to a step, in the language that it was written in.
func TestIntents(t *testing.T) {
	b := newBot(t)
	for _, c := range []struct {
		text, language string
		step           chatbot.Step
	}{
		{"Hej", "da", chatbot.StepOpen},
		{"Hello!", "en", chatbot.StepOpen},
		{"Tusind tak", "da", chatbot.StepOpen},
		{"ok, thanks", "en", chatbot.StepOpen},
		{"Start forfra", "da", chatbot.StepOpen},
		{"Opret venligst en billet", "da", chatbot.StepWhat},
		{"I'd like to report a bug", "en", chatbot.StepWhat},
		{"Hvordan opretter jeg en billet?", "da", chatbot.StepAnswered},
		{"How can I talk to a human", "en", chatbot.StepOffered},
		{"Kan jeg tale med et menneske?", "da", chatbot.StepOffered},
		{"status?", "da", chatbot.StepStatusID},
		{"what is the status of my ticket", "en", chatbot.StepAnswered},
		{"any news on my ticket?", "en", chatbot.StepStatusID},
		{"AIS-7K3Q-M2XQ", "da", chatbot.StepStatusAddress},
		{"Chatbotten er nede, og ingen kan svare vores kunder", "da", chatbot.StepOffered},
		{"Nothing works and we are losing customers", "en", chatbot.StepOffered},
		{"Our chatbot is down and nobody can work", "en", chatbot.StepOffered},
		{"What if our chatbot is down and nobody can work?", "en", chatbot.StepAnswered},
		{"asdf qwer", "da", chatbot.StepOffered},
	} {
		s, _ := b.Begin("da")
		if s, r := b.Turn(s, chatbot.Input{Text: c.text}); s.Step != c.step || s.Language != c.language || len(r.Say) == 0 || r.Do != nil {
			t.Errorf("%q: %s in %s, want %s in %s", c.text, s.Step, s.Language, c.step, c.language)
		}
	}
}

// Buttons that do not belong to the step do nothing but ask again.
func TestPressesOutOfPlace(t *testing.T) {
	b := newBot(t)
	all := []chatbot.Press{
		chatbot.PressSend, chatbot.PressCorrect, chatbot.PressSkip, chatbot.PressCritical, chatbot.PressWhat, chatbot.PressAddress, "ask-nothing", "ask-", "made-up",
	}
	for _, p := range all {
		s, _ := b.Begin("en")
		if after, r := b.Turn(s, chatbot.Input{Press: p}); after.Step != chatbot.StepOpen || r.Do != nil || len(r.Say) == 0 {
			t.Errorf("%s: %+v %+v", p, after, r)
		}
	}
}

// A conversation ends some time, and opens only so many tickets.
func TestBounds(t *testing.T) {
	b := newBot(t)
	s, r := b.Begin("en")
	s, r = b.Turn(s, chatbot.Input{Text: strings.Repeat("x", chatbot.MaxText+1)})
	if !strings.Contains(r.Say[0].Blocks[0].Text, "4000") || s.Step != chatbot.StepOpen {
		t.Errorf("too long: %+v", r)
	}
	for range 3 {
		s.Step, s.Draft = chatbot.StepCheck, chatbot.Draft{What: "It fails.", Impact: "Bad", Address: "client@company.example"}
		if s, r = b.Turn(s, chatbot.Input{Press: chatbot.PressSend}); r.Do == nil {
			t.Fatalf("not sent: %+v", r)
		}
		s, _ = b.Opened(s, "AIS-7K3Q-M2XQ")
	}
	if s, r = b.Turn(s, chatbot.Input{Press: chatbot.PressReport}); s.Step != chatbot.StepOpen {
		t.Errorf("a fourth ticket: %+v", r)
	}
	for range 200 {
		s, r = b.Turn(s, chatbot.Input{Text: "hello"})
	}
	if s.Step != chatbot.StepOver || len(r.Buttons) != 0 {
		t.Errorf("after 200 turns: %+v", r)
	}
}

// Characters that show nothing are not passed on.
func TestUnseenCharacters(t *testing.T) {
	b := newBot(t)
	s, _ := b.Turn(chatbot.State{Step: chatbot.StepWhat}, chatbot.Input{Text: "Det\x00 fejler\u202e\U000E0041\r\nher\x1b[31m"})
	if s.Draft.What != "Det fejler\nher[31m" {
		t.Errorf("%q", s.Draft.What)
	}
}

// The subject of a report is one line.
func TestSubject(t *testing.T) {
	b := newBot(t)
	for what, want := range map[string]string{
		"It fails.":                              "It fails.",
		"The export fails every day. Since May.": "The export fails every day",
		"First line\nsecond line":                "First line",
		strings.Repeat("langt ", 40):             strings.Repeat("langt ", 13)[:77] + " …",
	} {
		s := chatbot.State{Step: chatbot.StepCheck, Draft: chatbot.Draft{What: what, Address: "a@b.example"}}
		_, r := b.Turn(s, chatbot.Input{Press: chatbot.PressSend})
		if got := r.Do.(chatbot.OpenTicket).Subject; got != want {
			t.Errorf("%.30q: %q, want %q", what, got, want)
		}
	}
}

// However a conversation goes: a report is handed in by the press that sends what
// was shown, with an address that can be written to, and by nothing else.
func FuzzTurn(f *testing.F) {
	b := newBot(f)
	f.Add("> opret billet\n> Det fejler\n! critical\n! skip\n> kunde@firma.example\n! send")
	f.Add("> status\n> AIS-7K3Q-M2XQ\n> kunde@firma.example")
	f.Add("! report\n> x\n> y\n> send\n> z@firma.example\n! correct\n! change-address\n> \n! send\n! send")
	f.Fuzz(func(t *testing.T, script string) {
		s, r := b.Begin("da")
		for _, line := range strings.Split(script, "\n") {
			in := chatbot.Input{Text: line}
			if p, ok := strings.CutPrefix(line, "! "); ok {
				in = chatbot.Input{Press: chatbot.Press(p)}
			}
			shown := r.Summary
			s, r = b.Turn(s, in)
			switch do := r.Do.(type) {
			case chatbot.OpenTicket:
				if in.Press != chatbot.PressSend || len(shown) == 0 || !ticket.ValidAddress(do.Address) || do.Subject == "" || !strings.Contains(do.Text, shown[0].Text) {
					t.Fatalf("%q: %+v, of what was shown: %+v", script, do, shown)
				}
				s, r = b.NotOpened(s)
			case chatbot.AskStatus:
				if !do.Ticket.Valid() || !ticket.ValidAddress(do.Address) {
					t.Fatalf("%q: %+v", script, do)
				}
			}
			if len(r.Say) == 0 || r.Expect == "" {
				t.Fatalf("%q: nothing is said: %+v", script, r)
			}
		}
	})
}
