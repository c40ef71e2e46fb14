package smtpd

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// The dialogues of testdata/smtpd/envelope.txt hold the rows of bad input; here
// is the grammar.
func TestParsePath(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want path
		rest string
	}{
		{"<>", path{}, ""},
		{"<> BODY=8BITMIME", path{}, " BODY=8BITMIME"},
		{"<a@b.example> SIZE=1", path{"a", "b.example"}, " SIZE=1"},
		{"a@b.example SIZE=1", path{"a", "b.example"}, " SIZE=1"},
		{"<postmaster>", path{"postmaster", ""}, ""},
		{`<"a b"@c.example>`, path{"a b", "c.example"}, ""},
		{`<"a\"\\b"@c.example>`, path{`a"\b`, "c.example"}, ""},
		{`<"plain"@c.example>`, path{"plain", "c.example"}, ""},
		{`<"<>"@c.example>`, path{"<>", "c.example"}, ""},
		{"<@a.example,@b.example:c@d.example>", path{"c", "d.example"}, ""},
		{"<a..b.@c.example>", path{"a..b.", "c.example"}, ""},
		{"<a@[192.0.2.1]>", path{"a", "[192.0.2.1]"}, ""},
		{"<a@[IPv6:2001:db8::1]>", path{"a", "[IPv6:2001:db8::1]"}, ""},
		{"<ø@å.example>", path{"ø", "å.example"}, ""},
	} {
		got, rest, err := parsePath(tt.in)
		if err != nil || got != tt.want || rest != tt.rest {
			t.Errorf("parsePath(%s) = %+v, %q, %v", tt.in, got, rest, err)
		}
	}
	for _, in := range []string{
		"", "<", "<a", "a>", "<a@b.example", "<<a@b.example>>", "<a@b.example>x", "<@b.example>", "<a@>", "<a@b@c.example>",
		`<""@b.example>`, `<"a@b.example>`, `<"a\`, `<"a"b@c.example>`, "<a b@c.example>", "<a@b c>", "<a@[1>", "<a@1]>", "<a@[]>",
		"<a@b[c]>", "<a@b:25>", "<@a.example>", "<@a.example:>", "<@ a:b@c.example>", "<a(comment)@b.example>",
	} {
		if p, rest, err := parsePath(in); err == nil {
			t.Errorf("parsePath(%s) = %+v, %q", in, p, rest)
		}
	}
}

func FuzzParsePath(f *testing.F) {
	for _, seed := range []string{"<>", "<a@b.example> SIZE=1", `<"a\"b"@c.example>`, "<@r.example:a@[IPv6:::1]>", "postmaster", "<ø@å.example>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if strings.ContainsFunc(in, isControl) || !utf8.ValidString(in) {
			return // obey lets nothing of that through
		}
		p, _, err := parsePath(in)
		if err != nil || p.null() {
			return
		}
		again, rest, err := parsePath("<" + p.String() + ">")
		if err != nil || again != p || rest != "" {
			t.Errorf("%q gives %+v, written as %s, which gives %+v, %q, %v", in, p, p, again, rest, err)
		}
	})
}
