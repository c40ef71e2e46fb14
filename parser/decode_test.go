package parser

import (
	"strings"
	"testing"
)

// TestDecodeCharset shows which character set wins: the declared one, unless
// the bytes contradict it.
func TestDecodeCharset(t *testing.T) {
	for _, tt := range []struct {
		name, bytes, declared string
		want                  string
		ok                    bool
	}{
		{"ASCII needs no declaration", "abc", "", "abc", true},
		{"UTF-8 needs none either", "s\xc3\xb8g", "", "søg", true},
		{"latin-1 undeclared", "s\xf8g", "", "søg", false},
		{"windows-1252 undeclared, with a dash", "s\xf8g \x96 nu", "us-ascii", "søg – nu", false},
		{"declared latin-1", "s\xf8g", "iso-8859-1", "søg", true},
		{"declared windows-1252 in quotes", "\x80", "\"Windows-1252\"", "€", true},
		{"declared latin-1, is UTF-8", "s\xc3\xb8g", "iso-8859-1", "søg", false},
		{"declared UTF-8, is latin-1", "s\xf8g", "utf-8", "søg", false},
		{"declared UTF-8, cut", "s\xc3\xb8g\xc3\xa6\xc3", "utf-8", "søgæ\uFFFD", false},
		{"declared as never heard of", "s\xf8g", "x-fantasi", "søg", false},
		{"misspelt", "s\xc3\xb8g", "uft-8", "søg", true},
		{"declared twice over", "s\xc3\xb8g", "charset=utf-8", "søg", true},
		{"windows-1250", "\xb3\xf3d\x9f", "windows-1250", "łódź", true},
		{"windows-1251", "\xcf\xf0\xe8\xe2\xe5\xf2", "windows-1251", "Привет", true},
		{"koi8-r", "\xf0\xd2\xc9\xd7\xc5\xd4", "koi8-r", "Привет", true},
		{"iso-8859-15", "\xa4", "iso-8859-15", "€", true},
		{"iso-2022-jp", "\x1b$B%m%0\x1b(B", "iso-2022-jp", "ログ", true},
		{"iso-2022-jp undeclared", "\x1b$B%m%0\x1b(B", "", "ログ", false},
		{"iso-2022-kr", "\x1b$)C\x0e>H3g\x0f", "iso-2022-kr", "안녕", true},
		{"bad-input 102: utf-7", "+AOY- <b>", "utf-7", "æ <b>", true},
		{"bad-input 103: utf-16 of an odd length", "a\x00b\x00c", "utf-16le", "ab\uFFFD", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := decodeCharset([]byte(tt.bytes), tt.declared)
			if got != tt.want || ok != tt.ok {
				t.Errorf("got %q, %v; want %q, %v", got, ok, tt.want, tt.ok)
			}
		})
	}
}

// A long text in a script other than Latin is told by its bytes alone.
func TestDetectForeign(t *testing.T) {
	sjis := "\x83\x8d\x83\x4f\x83\x43\x83\x93\x82\xc5\x82\xab\x82\xdc\x82\xb9\x82\xf1\x81\x42\x8e\x8e\x82\xb5\x82\xdc\x82\xb5\x82\xbd\x82\xaa\x81\x41\x82\xc8\x82\xc9\x82\xe0\x8b\x4e\x82\xab\x82\xdc\x82\xb9\x82\xf1\x81\x42"
	if got, _ := decodeCharset([]byte(sjis), ""); !strings.HasPrefix(got, "ログインできません。") {
		t.Errorf("got %q", got)
	}
	danish := strings.Repeat("Bl\xe5b\xe6rgr\xf8d p\xe5 \xf8en. ", 20)
	if got, _ := decodeCharset([]byte(danish), ""); !strings.HasPrefix(got, "Blåbærgrød på øen.") {
		t.Errorf("got %q", got)
	}
}

func TestParseContent(t *testing.T) {
	for _, tt := range []struct {
		name, value string
		want        string
		param, is   string
	}{
		{"as it should be", "text/plain; charset=utf-8", "text/plain", "charset", "utf-8"},
		{"capitals and blanks", " TEXT/Plain ; CharSet = \"UTF-8\" ", "text/plain", "charset", "UTF-8"},
		{"no semicolon", "text/plain charset=utf-8", "text/plain", "charset", "utf-8"},
		{"no type", "charset=utf-8", "", "charset", "utf-8"},
		{"a comment", "text/plain (letter); charset=utf-8", "text/plain", "charset", "utf-8"},
		{"a semicolon in quotes", "a/b; name=\"x;y.txt\"", "a/b", "name", "x;y.txt"},
		{"a quote that never closes", "a/b; name=\"x.txt; charset=utf-8", "a/b", "charset", "utf-8"},
		{"quotes inside quotes", "a/b; name=\"x \\\"y\\\".txt\"", "a/b", "name", "x \"y\".txt"},
		{"a Windows path", "a/b; name=\"C:\\tmp\\x.txt\"", "a/b", "name", "C:\\tmp\\x.txt"},
		{"sections", "a/b; name*1=\"b.txt\"; name*0=a", "a/b", "name", "ab.txt"},
		{"sections with a character set", "a/b; name*0*=iso-8859-1'da'r%F8d; name*1*=%20gr%F8d.txt", "a/b", "name", "rød grød.txt"},
		{"sections that begin with one", "a/b; name*1=a; name*2=b", "a/b", "name", "ab"},
		{"the encoded name wins", "a/b; name=r.txt; name*=utf-8''r%C3%B8d.txt", "a/b", "name", "rød.txt"},
		{"the first of two", "a/b; name=x; name=y", "a/b", "name", "x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := parseContent([]byte(tt.value), 8<<10, 50)
			if err != nil || f.value != tt.want || f.params[tt.param] != tt.is {
				t.Errorf("got %+v, %v", f, err)
			}
		})
	}
}

// TestCleanFilename: bad-input 115.
func TestCleanFilename(t *testing.T) {
	for in, want := range map[string]string{
		"rapport.pdf":                       "rapport.pdf",
		"../../etc/passwd":                  "passwd",
		"..\\..\\autoexec.bat":              "autoexec.bat",
		"/etc/shadow":                       "shadow",
		".htaccess":                         "htaccess",
		"a\x00b\r\nc.txt":                   "abc.txt",
		"gnp\u202efdp.exe":                  "gnpfdp.exe",
		"..":                                "",
		"Årsregnskab 2026.xlsx":             "Årsregnskab 2026.xlsx",
		strings.Repeat("x", 5000) + ".docx": strings.Repeat("x", 195) + ".docx",
	} {
		if got := cleanFilename(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

// TestHTMLText shows how markup becomes lines, and what is not shown.
func TestHTMLText(t *testing.T) {
	for _, tt := range []struct{ name, html, want string }{
		{"paragraphs", "<p>a</p><p>b</p>", "a\n\nb"},
		{"Outlook's paragraphs are lines", "<p class=MsoNormal>a</p><p class=MsoNormal>b</p>", "a\nb"},
		{"divs", "<div>a</div><div>b</div>", "a\nb"},
		{"breaks", "a<br>b<br><br>c", "a\nb\n\nc"},
		{"a break ends its div, not more", "<div>a</div><div><br></div><div>b</div>", "a\n\nb"},
		{"blanks collapse", "a \n\t b<b> c</b>", "a b c"},
		{"entities", "&aelig;&#248;&aring; &lt;b&gt;", "æøå <b>"},
		{"words split by tags", "kri<b>ti</b>sk", "kritisk"},
		{"cells and rows", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>", "a b\nc"},
		{"lists", "<ul><li>a<li>b</ul>", "a\nb"},
		{"preformatted", "<pre>a\n  b</pre>", "a\n  b"},
		{"scripts, styles, titles", "<title>t</title><style>s</style><script>x<b></script>a", "a"},
		{"hidden", "<div style='display: none'>x</div><span hidden>y</span><p style='font-size:0px'>z</p>a", "a"},
		{"comments", "<!-- x --><!--[if mso]><p>y</p><![endif]-->a", "a"},
		{"an emoji", "<img alt='😀'><img alt='logo'>", "😀"},
		{"a paragraph in a paragraph", "<p>a<p>b", "a\n\nb"},
		{"ends without beginnings", "a</div></td></p>b", "a\nb"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, _, _ := htmlText(tt.html, 1<<16); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
