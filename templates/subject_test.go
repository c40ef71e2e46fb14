package templates

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"aismarttalk.tech/supportd/ticket"
)

func TestCleanSubject(t *testing.T) {
	for _, tc := range []struct{ name, subject, want string }{
		{"plain", "Login virker ikke", "Login virker ikke"},
		{"answer", "Re: Login virker ikke", "Login virker ikke"},
		{"a run of prefixes", "SV: Re: AW: VS: Fwd: Login", "Login"},
		{"counted", "Re[2]: RE(3): Re^4: Login", "Login"},
		{"without blank", "sv:re:Login", "Login"},
		{"full-width colon", "Re：Login", "Login"},
		{"only at the front", "Fejl: Re: er væk", "Fejl: Re: er væk"},
		{"a word that begins like one", "Ref-nr. 12 og svar", "Ref-nr. 12 og svar"},
		{"a drive", "R: er væk", "R: er væk"},
		{"our ID", "Re: Login [AIS-7K3Q-M2XQ]", "Login"},
		{"our ID in front", "[AIS-7K3Q-M2XQ] SV: Login", "Login"},
		{"our ID between prefixes", "Re: [AIS-7K3Q-M2XQ] SV: Login", "Login"},
		{"our ID as people write it", "Login ais 7k3q m2xq", "Login"},
		{"a wrong check character is no ID", "Login AIS-7K3Q-M2XX", "Login AIS-7K3Q-M2XX"},
		{"another desk's ID", "Login [OPS-7K3Q-M2XQ]", "Login [OPS-7K3Q-M2XQ]"},
		{"nothing but prefixes and IDs", "Re: SV: [AIS-7K3Q-M2XQ]", ""},
		{"empty", "", ""},
		{"folded header (bad-input 71)", "x\r\n Bcc: offer@firma.example", "x Bcc: offer@firma.example"},
		{"encoded word inside (bad-input 71)", "=?utf-8?q?x=0d=0aBcc:_y?=", "= ?utf-8?q?x=0d=0aBcc:_y?="},
		{"bidi override (bad-input 70)", "faktura\u202efdp.exe", "fakturafdp.exe"},
		{"zero width (bad-input 70)", "pass\u200bword\ufeff", "password"},
		{"NUL and escape", "a\x00b\x1b[31mc", "a b [31mc"},
		{"invalid UTF-8", "caf\xe9", "caf\uFFFD"},
		{"template (bad-input 120)", "{{7*7}} %s ${x}", "{{7*7}} %s ${x}"},
		{"markup", "<script>alert(1)</script>", "<script>alert(1)</script>"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := CleanSubject("AIS", tc.subject); got != tc.want {
				t.Errorf("CleanSubject(%q) = %q, want %q", tc.subject, got, tc.want)
			}
		})
	}
}

func TestSubjectLine(t *testing.T) {
	s := newSet(t)
	for _, tc := range []struct{ sample, language, own, want string }{
		{"acknowledgement", "da", "Sv: Login [AIS-7K3Q-M2XQ]", "Re: Login [AIS-7K3Q-M2XQ]"},
		{"acknowledgement", "da", " \u200b ", "Din henvendelse [AIS-7K3Q-M2XQ]"},
		{"resolved", "en", "", "Your report [AIS-7K3Q-M2XQ]"},
		{"acknowledgement-neutral", "da", "Køb billigt", "Vi har modtaget en mail [AIS-7K3Q-M2XQ]"},
		{"staff-new", "da", "Login", "Ny billet: chatbottens svar [AIS-7K3Q-M2XQ]"},
		{"staff-critical", "da", "Login", "Meldt kritisk: chatbottens svar [AIS-7K3Q-M2XQ]"},
		{"staff-critical", "en", "Login", "Reported critical: chatbot answers [AIS-7K3Q-M2XQ]"},
		{"staff-reopened", "en", "Login", "Reopened: chatbot answers [AIS-7K3Q-M2XQ]"},
		{"staff-reopened-not", "da", "Login", "Fejler stadig: chatbottens svar [AIS-7K3Q-M2XQ]"},
	} {
		n := sample(t, tc.language, tc.sample)
		n.Facts.Subject = tc.own
		if got := write(t, s, n).Subject; got != tc.want {
			t.Errorf("%s in %s: subject %q, want %q", tc.sample, tc.language, got, tc.want)
		}
	}
}

// A category of the configuration has the name that it has there.
func TestOwnCategory(t *testing.T) {
	n := sample(t, "en", "staff-new")
	n.Facts.Category = "opening_hours"
	if l := write(t, newSet(t), n); l.Subject != "New ticket: opening hours [AIS-7K3Q-M2XQ]" {
		t.Errorf("subject %q", l.Subject)
	}
}

// checkClean says what holds for every cleaned subject.
func checkClean(t interface{ Errorf(string, ...any) }, subject string) {
	got := CleanSubject("AIS", subject)
	if again := CleanSubject("AIS", got); again != got {
		t.Errorf("cleaned twice, %q becomes %q and then %q", subject, got, again)
	}
	if !utf8.ValidString(got) || utf8.RuneCountInString(got) > maxSubject || strings.TrimSpace(got) != got {
		t.Errorf("%q becomes %q", subject, got)
	}
	for _, r := range got {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			t.Errorf("%U is left in %q", r, got)
		}
	}
	if strings.Contains(got, "=?") {
		t.Errorf("%q looks like an encoded word", got)
	}
}

func TestCleanSubjectProperties(t *testing.T) {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			"Re: ", "SV:", "[AIS-7K3Q-M2XQ]", "ais7k3qm2xq", "=?", "\r\n", "\u202e", "\xff", "  ", "Login", "…", "æøå",
		}),
		rapid.String(),
	)
	rapid.Check(t, func(t *rapid.T) {
		checkClean(t, strings.Join(rapid.SliceOfN(piece, 0, 60).Draw(t, "pieces"), ""))
	})
}

func FuzzCleanSubject(f *testing.F) {
	for _, s := range []string{"Re: x", "[AIS-7K3Q-M2XQ] SV: y", "=?utf-8?q?x?=", "a\r\n b", strings.Repeat("lang ", 500)} {
		f.Add(s)
	}
	set := newSet(f)
	f.Fuzz(func(t *testing.T, subject string) {
		checkClean(t, subject)
		n := Samples("da")[0].Notice
		n.Facts.Subject = subject
		n.Facts.Text = subject
		n.Kind = ticket.NoticeResolved
		l, err := set.Letter(n)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(l.Subject, "\r\n\x00") {
			t.Errorf("subject %q", l.Subject)
		}
	})
}
