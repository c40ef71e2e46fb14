package origin

import (
	"strings"
	"testing"
)

// Whatever stands in DNS, reading it gives a policy that is known, or none.
func FuzzRecord(f *testing.F) {
	for _, s := range []string{
		"v=DMARC1; p=reject; sp=none; adkim=s; aspf=r; pct=20; rua=mailto:d@firma.example", "v=DMARC1;p=none", "v = DMARC1 ; P=x", "v=DMARC1", "p=reject", ";;=;v=DMARC1;",
		"v=DMARC1; p=reject; p=none", "v=DMARC1; p=;rua=x", "\x00=\xff",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, txt string) {
		r, ok := parseRecord(txt)
		if !ok {
			if r != (record{}) {
				t.Errorf("no record, and yet %+v", r)
			}
			return
		}
		if !isDMARC(txt) || policyWord(r.policy) == "" || r.subdomains != "" && policyWord(r.subdomains) == "" {
			t.Errorf("%q is read as %+v", txt, r)
		}
		// A tag behind all others that stand there changes nothing.
		if again, ok := parseRecord(txt + ";p=none;sp=none;x=1"); !ok || again.policy != r.policy && !strings.EqualFold(parseTags(txt)["p"], "") {
			t.Errorf("%q: %+v, with more behind it %+v", txt, r, again)
		}
	})
}

// Tags are bounded, trimmed and named.
func FuzzTags(f *testing.F) {
	f.Add("v=1; a=rsa-sha256;\r\n\tb = x y ; ;=;c")
	f.Add(strings.Repeat("a=1;", 200))
	f.Fuzz(func(t *testing.T, s string) {
		tags := parseTags(s)
		if len(tags) > maxTags {
			t.Errorf("%d tags", len(tags))
		}
		for name, value := range tags {
			if name == "" || strings.ContainsAny(name, ";=") || strings.Contains(value, ";") || strings.Trim(name, blanks) != name || strings.Trim(value, blanks) != value {
				t.Errorf("%q=%q of %q", name, value, s)
			}
		}
	})
}

// A mail is taken apart without losing a byte of it, as far as it is fit for DKIM.
func FuzzSplitHeader(f *testing.F) {
	f.Add([]byte("From: a@firma.example\r\nDKIM-Signature: v=1\r\n\tb=x\r\n\r\nHej\r\n"))
	f.Add([]byte("\n"))
	f.Add([]byte(" x\n:\n\n\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		h, err := splitHeader(raw)
		h.named("From")
		_ = h.checkFrom("a@firma.example")
		if err != nil {
			return
		}
		lines := func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }
		if got, want := lines(strings.Join(h.fields, "")+"\r\n")+string(h.body), lines(string(raw[:len(raw)-len(h.body)]))+string(h.body); got != want {
			t.Errorf("%q became %q", want, got)
		}
	})
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"Firma.Example": "firma.example", "firma.example.": "firma.example", "brød.example": "xn--brd-1na.example", "BRØD.example": "xn--brd-1na.example",
		"_spf.firma.example": "_spf.firma.example",
		"":                   "", "example": "", "firma..example": "", ".firma.example": "", "[192.0.2.1]": "", "192.0.2.1": "", "a b.example": "",
		"a\x00.example": "", strings.Repeat("a", 64) + ".example": "", strings.Repeat("a.", 130) + "example": "",
	} {
		if got, ok := asciiName(name); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %v, want %q", name, got, ok, want)
		}
	}
}

func TestSameOrganisation(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"firma.example", "firma.example", true},
		{"mail.firma.example", "afd.firma.example", true},
		{"firma.example", "ond.example", false},
		{"firma.co.uk", "ond.co.uk", false},
		{"firma.co.uk", "co.uk", false},
		{"a.github.io", "b.github.io", false},
		{"co.uk", "co.uk", true},
		{"", "", false},
		{"firma.example", "", false},
	} {
		if got := SameOrganisation(c.a, c.b); got != c.same {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}
