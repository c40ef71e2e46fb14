package parser

import (
	"strings"
	"testing"
)

// BenchmarkParse measures the mails that a desk gets most of.
func BenchmarkParse(b *testing.B) {
	sentence := "Vi kan ikke logge ind på siden, efter at I opdaterede den i går. "
	text := strings.Repeat(sentence+"\r\n", 50) + "\r\nMed venlig hilsen\r\nTest Kunde\r\n\r\nDen 12. nov. 2026 kl. 14.05 skrev Support <contact@desk.example>:\r\n" + strings.Repeat("> "+sentence+"\r\n", 10)
	html := "<html><body>" + strings.Repeat("<p class=MsoNormal>"+sentence+"<o:p></o:p></p>", 30) + "<div id=divRplyFwdMsg><b>Fra:</b> Support<br></div><p>" + strings.Repeat(sentence, 10) + "</p></body></html>"
	textPart := "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
	htmlPart := "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
	for _, bb := range []struct{ name, raw string }{
		{"text 4 KB", head + textPart + text},
		{"multipart 6 KB", head + "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n" + textPart + text[:2400] + "\r\n--b\r\n" + htmlPart + html + "\r\n--b--\r\n"},
		{"html 3 KB", head + htmlPart + html},
		{"attachment 1 MB", head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + textPart + "Se filen.\r\n--b\r\nContent-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + strings.Repeat(strings.Repeat("QUJD", 19)+"\r\n", 18000) + "--b--\r\n"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			p := newParser(b)
			raw := []byte(bb.raw)
			b.SetBytes(int64(len(raw)))
			b.ReportAllocs()
			for b.Loop() {
				p.Parse(raw)
			}
		})
	}
}
