package widget

import (
	"regexp"
	"strings"
	"time"

	"aismarttalk.tech/supportd/chatbot"
	"aismarttalk.tech/supportd/desk/chat"
	"aismarttalk.tech/supportd/faq"
)

// talk is a conversation as the templates draw it.
type talk struct {
	Path         string // of the page
	Conversation string
	Said         []bubble
	Summary      []chatbot.Fact
	Buttons      []chatbot.Button
	Field        string    // what is to be written; "press" for nothing
	Text         string    // that was written and did not arrive
	Until        time.Time // when to try again
	Fault        fault
}

// fault is what went wrong; "" for nothing.
type fault string

const (
	faultWait   fault = "wait"
	faultFailed fault = "failed"
)

func (t *talk) answer(a chat.Answer) {
	t.Conversation, t.Summary, t.Buttons, t.Field = a.Conversation, a.Summary, a.Buttons, string(a.Expect)
	for _, l := range a.Said {
		t.Said = append(t.Said, newBubble(l))
	}
}

// bubble is one thing that somebody says.
type bubble struct {
	Mine     bool
	Language string
	Groups   []group
}

// group is paragraphs, or the items of a list.
type group struct {
	List  string // ul, ol, or "" for paragraphs
	Items [][]piece
}

// piece is text, or a link.
type piece struct{ Text, URL string }

func newBubble(l chat.Line) bubble {
	b := bubble{Mine: l.Mine, Language: l.Language}
	for _, block := range l.Blocks {
		list := ""
		switch block.Kind {
		case faq.Bullet:
			list = "ul"
		case faq.Numbered:
			list = "ol"
		}
		item := []piece{{Text: block.Text}}
		if !l.Mine {
			item = pieces(block.Text)
		}
		if n := len(b.Groups); n == 0 || b.Groups[n-1].List != list {
			b.Groups = append(b.Groups, group{List: list})
		}
		last := &b.Groups[len(b.Groups)-1]
		last.Items = append(last.Items, item)
	}
	return b
}

// webAddress is one in a text, without what ends a sentence. The script of the page
// has the same rule.
var webAddress = regexp.MustCompile(`https?://[^\s<>"()]*[^\s<>"().,;:!?]`)

// pieces parts a text of ours at the addresses in it.
func pieces(text string) []piece {
	var all []piece
	at := 0
	for _, m := range webAddress.FindAllStringIndex(text, -1) {
		all = append(all, piece{Text: text[at:m[0]]}, piece{Text: text[m[0]:m[1]], URL: text[m[0]:m[1]]})
		at = m[1]
	}
	if rest := text[at:]; rest != "" || len(all) == 0 {
		all = append(all, piece{Text: strings.ToValidUTF8(rest, "\uFFFD")})
	}
	return all
}
