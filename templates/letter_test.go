package templates

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"aismarttalk.tech/supportd/ticket"
)

func newSet(t testing.TB) *Set {
	t.Helper()
	s, err := New(Config{DeskName: "Firma support", Timezone: "Europe/Copenhagen", DefaultLanguage: "da"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t testing.TB, s *Set, n ticket.Notice) Letter {
	t.Helper()
	l, err := s.Letter(n)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// sample returns a named sample, to be changed.
func sample(t testing.TB, language, name string) ticket.Notice {
	t.Helper()
	for _, s := range Samples(language) {
		if s.Name == name {
			return s.Notice
		}
	}
	t.Fatalf("there is no sample %q", name)
	return ticket.Notice{}
}

// eachSample runs a check on every sample in every language.
func eachSample(t *testing.T, check func(t *testing.T, n ticket.Notice, l Letter)) {
	s := newSet(t)
	for _, language := range Languages() {
		for _, sample := range Samples(language) {
			t.Run(language+"/"+sample.Name, func(t *testing.T) {
				check(t, sample.Notice, write(t, s, sample.Notice))
			})
		}
	}
}

func TestSamplesCoverEveryLetter(t *testing.T) {
	var have []string
	for _, s := range Samples("da") {
		have = append(have, string(s.Notice.Kind))
		if s.Notice.Facts.Neutral {
			have = append(have, neutral)
		}
		if !s.Notice.Ticket.Valid() {
			t.Errorf("%s: %s is no tracking ID", s.Name, s.Notice.Ticket)
		}
	}
	for _, name := range append(reporterLetters(), staffLetters()...) {
		if !slices.Contains(have, name) {
			t.Errorf("no sample shows the letter %s", name)
		}
	}
}

// The frame of every letter, in both parts.
func TestFrame(t *testing.T) {
	s := newSet(t)
	eachSample(t, func(t *testing.T, n ticket.Notice, l Letter) {
		lang := s.languages[l.Language]
		marker := "──── " + lang.words.Marker + " ────"
		if n.Kind.ForStaff() {
			marker = "──── " + lang.staff.Marker + " ────"
		}
		if first, _, _ := strings.Cut(l.Text, "\n"); first != marker {
			t.Errorf("the text begins with %q, not with the marker", first)
		}
		visible := visibleText(t, l.HTML)
		if !strings.HasPrefix(visible, marker) {
			t.Errorf("the HTML shows %.60q first, not the marker", visible)
		}
		if !strings.Contains(blanks.ReplaceAllString(l.Text, " "), l.Preheader) || !strings.Contains(visible, l.Preheader) {
			t.Errorf("%q does not stand in both parts", l.Preheader)
		}
		for _, courtesy := range []string{lang.words.Greeting, lang.words.Regards} {
			if has := strings.Contains(l.Text, "\n"+courtesy+"\n"); has == n.Kind.ForStaff() {
				t.Errorf("%q in the text: %v; staff get none, reporters do", courtesy, has)
			}
		}
	})
}

// A letter about a ticket names it, in the subject and in both parts; a letter
// about none does not pretend to.
func TestTrackingID(t *testing.T) {
	eachSample(t, func(t *testing.T, n ticket.Notice, l Letter) {
		id := string(shown(n))
		if shown(n).ForLetter() {
			for part, text := range map[string]string{"subject": l.Subject, "text": l.Text, "HTML": l.HTML} {
				if strings.Contains(text, id) {
					t.Errorf("the %s names %s, which is no ticket", part, id)
				}
			}
			return
		}
		if !strings.Contains(l.Text, id) || !strings.Contains(visibleText(t, l.HTML), id) {
			t.Errorf("%s does not stand in both parts", id)
		}
		if guessed := n.Kind == ticket.NoticeStaffHeld; strings.HasSuffix(l.Subject, " ["+id+"]") == guessed {
			t.Errorf("subject %q", l.Subject)
		}
	})
}

// A reporter whose ticket was merged goes on seeing the ID that he knows.
func TestShownID(t *testing.T) {
	l := write(t, newSet(t), sample(t, "en", "merged"))
	if !strings.HasSuffix(l.Subject, " [AIS-7K3Q-M2XQ]") {
		t.Errorf("subject %q", l.Subject)
	}
	for _, want := range []string{"Your tracking ID AIS-7K3Q-M2XQ is still good", "Ticket AIS-7K3Q-M2XQ · "} {
		if !strings.Contains(l.Text, want) {
			t.Errorf("%q is missing in\n%s", want, l.Text)
		}
	}
}

// Staff letters about a ticket show what an answer may hold, line by line, and what to type on
// the server; the lines of commands stand behind the marker, so that what an
// answer quotes of them is no command.
func TestCommandLines(t *testing.T) {
	s := newSet(t)
	eachSample(t, func(t *testing.T, n ticket.Notice, l Letter) {
		lang := s.languages[l.Language]
		_, after, found := strings.Cut(l.Text, "\n"+lang.staff.Commands+":\n")
		if want := n.Kind.ForStaff() && (n.Kind == ticket.NoticeStaffHeld || !n.Ticket.ForLetter()); found != want {
			t.Fatalf("lines of commands: %v, want %v", found, want)
		}
		if !found {
			return
		}
		lines, rest, _ := strings.Cut(after, "\n\n")
		for line := range strings.Lines(lines) {
			line = strings.TrimSpace(line)
			if !strings.HasPrefix(line, "#") || !strings.Contains(l.HTML, "<br><code>"+line+"</code>") {
				t.Errorf("%q is no command, or does not stand alone in both parts", line)
			}
		}
		if n.Ticket.ForLetter() || n.Kind == ticket.NoticeStaffHeld {
			return
		}
		if show := "\nsupportd ticket show " + string(n.Ticket) + "\n"; strings.HasSuffix(rest, show) != (n.Facts.Link == "") {
			t.Errorf("with the link %q, the letter ends in %q: a command is for those without the console", n.Facts.Link, rest)
		}
	})
}

// A line of commands is one that is read, for somebody who gets the letter. One
// that wants words is nothing without them: copied as it stands it must not send
// or record an ellipsis.
func TestCommandLinesAreOrders(t *testing.T) {
	eachSample(t, func(t *testing.T, n ticket.Notice, l Letter) {
		for line := range strings.Lines(l.Text) {
			line = strings.TrimSpace(line)
			if !n.Kind.ForStaff() || !strings.HasPrefix(line, "#") || strings.Contains(line, "|") {
				continue
			}
			if n.Kind == ticket.NoticeStaffHeld {
				if orders := ticket.ReadHeldOrders(line, "AIS"); len(orders) != 1 || orders[0].Err != nil || orders[0].Reason != "" {
					t.Errorf("%q is read as %+v", line, orders)
				}
				continue
			}
			orders, rest := ticket.ReadOrders(line, ticket.OrderTerms{Prefix: "AIS"})
			if len(orders) != 1 || rest != "" {
				t.Fatalf("%q is read as %+v and %q", line, orders, rest)
			}
			if err := orders[0].Err; err != nil && (err.Code != ticket.OrderMissing || !strings.HasSuffix(line, "…")) {
				t.Errorf("%q: %v", line, err)
			}
			if said := fmt.Sprintf("%+v", orders[0].Order); strings.Contains(said, "…") {
				t.Errorf("%q is read as %s", line, said)
			}
		}
	})
}

func TestLinesOfADigestAndOfAHeldMail(t *testing.T) {
	s := newSet(t)
	for name, want := range map[string]string{
		"digest":     "\nsupportd ticket show SPORINGS-ID\n",
		"staff-held": "\nsupportd trace 01m81sna5mw50rq6df5x\n",
	} {
		if l := write(t, s, sample(t, "da", name)); strings.Count(l.Text, "supportd ") != 1 || !strings.HasSuffix(l.Text, want) {
			t.Errorf("%s does not end in %q:\n%s", name, want, l.Text)
		}
	}
}

// The order of a letter is agreed: lead, body, facts, next, how to add, link.
func TestOrder(t *testing.T) {
	l := write(t, newSet(t), sample(t, "en", "acknowledgement-critical"))
	want := []string{
		"──── Write your reply above this line ────",
		"Hello",
		"We have received your report, and the product owner is being told now.",
		"You marked it as critical. If we confirm that, it becomes a hotfix in the",
		"Ticket AIS-7K3Q-M2XQ · Received · Reported: critical · chatbot answers",
		"What happens next: We will write when we have assessed it, by 24 November",
		"Reply to this mail to add something.",
		"Follow the ticket:\nhttps://support.firma.example/t/ais7k3qm2xq",
		"Kind regards\nFirma support",
	}
	rest := l.Text
	for _, part := range want {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Fatalf("%q is missing or stands too early in\n%s", part, l.Text)
		}
		rest = after
	}
}

func TestPreheader(t *testing.T) {
	s := newSet(t)
	eachSample(t, func(t *testing.T, _ ticket.Notice, l Letter) {
		if n := utf8.RuneCountInString(l.Preheader); n == 0 || n > 90 {
			t.Errorf("the preheader %q has %d characters", l.Preheader, n)
		}
		// Were the preheader shown in an answer, a severity in it would read as
		// the reporter's claim.
		said := strings.FieldsFunc(strings.ToLower(l.Preheader), func(r rune) bool { return !unicode.IsLetter(r) })
		for _, lang := range s.languages {
			for _, severity := range lang.words.Severities {
				if slices.Contains(said, severity) {
					t.Errorf("the preheader %q names the severity %q", l.Preheader, severity)
				}
			}
		}
	})
}

// The first sentence has room for the longest period, so that it is never cut
// where dates happen to be long.
func TestLeadsHoldAnyPeriod(t *testing.T) {
	s := newSet(t)
	for _, language := range Languages() {
		for _, name := range []string{"planned", "planned-hotfix", "slipped"} {
			n := sample(t, language, name)
			for first := noon(2026, 1, 5); first.Year() == 2026; first = first.AddDate(0, 0, 7) {
				n.Facts.SprintStart, n.Facts.SprintEnd = first, first.AddDate(0, 0, 13)
				if l := write(t, s, n); strings.HasSuffix(l.Preheader, "…") {
					t.Errorf("%s in %s is cut: %q", name, language, l.Preheader)
				}
			}
		}
	}
}

// A reporter is told about the product owner only where the same commit alerts
// him.
func TestOwnerIsNamedOnlyWhenTold(t *testing.T) {
	s := newSet(t)
	for _, name := range []string{"acknowledgement-critical", "followup-critical"} {
		for language, owner := range map[string]string{
			"da": "produktansvarlige", "en": "product owner",
			"sv": "roduktägaren", "nb": "rodukteieren", "de": "Produktleitung", "nl": "product owner",
			"es": "responsable", "fr": "responsable", "it": "responsabile", "pl": "właściciela",
		} {
			n := sample(t, language, name)
			for _, told := range []bool{true, false} {
				n.Facts.OwnerTold = told
				l := write(t, s, n)
				if strings.Contains(l.Text, owner) != told || strings.Contains(l.HTML, owner) != told {
					t.Errorf("%s in %s, owner told: %v, yet the letter says\n%s", name, language, told, l.Text)
				}
			}
		}
	}
}

// Letters are short. The rows of a list are not counted: there are as many as
// there is to tell of.
func TestShort(t *testing.T) {
	s := newSet(t)
	eachSample(t, func(t *testing.T, n ticket.Notice, l Letter) {
		lang, texts, err := s.find(n)
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.compose(n, lang, texts)
		if err != nil {
			t.Fatal(err)
		}
		said := []string{c.Lead, c.Next}
		for _, b := range c.Body {
			if b.Kind == blockText {
				said = append(said, b.Rows[0].String())
			}
		}
		if words := len(strings.Fields(strings.Join(said, " "))); words > 90 {
			t.Errorf("%d words without the frame, 90 are agreed", words)
		}
		for line := range strings.Lines(l.Text) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > columns && !strings.HasPrefix(line, "https://") {
				t.Errorf("%d columns: %q", n, line)
			}
		}
		if n, most := len(l.HTML), mostHTML(n.Kind); n > most {
			t.Errorf("%d bytes of HTML, %d are agreed", n, most)
		}
	})
}

// mostHTML is how long the HTML of a letter may be, in bytes.
func mostHTML(k ticket.NoticeKind) int {
	if k == ticket.NoticeDigest {
		return 60 << 10
	}
	return 25 << 10
}

var untidy = regexp.MustCompile(`\S  |\n\n\n| [.,;:)]|\( |\.\.|%!|<no value>|ZgotmplZ|[\x00-\x09\x0b-\x1f\x7f]`)

// A clause whose fact is missing drops out whole, with its blanks and signs.
func TestMissingFactsLeaveNoTrace(t *testing.T) {
	s := newSet(t)
	eachSample(t, func(t *testing.T, n ticket.Notice, l Letter) {
		if found := untidy.FindString(l.Text); found != "" {
			t.Errorf("%q in\n%s", found, l.Text)
		}
		n.Facts = ticket.Facts{} // nothing at all is known
		bare := write(t, s, n)
		if found := untidy.FindString(bare.Text + visibleText(t, bare.HTML)); found != "" {
			t.Errorf("%q in\n%s", found, bare.Text)
		}
	})
}

func TestUnknownKind(t *testing.T) {
	n := sample(t, "da", "resolved")
	n.Kind = "postcard"
	if l, err := newSet(t).Letter(n); err == nil {
		t.Errorf("there are words for a kind of notice that does not exist: %+v", l)
	}
}

func TestUnknownLanguageFallsBack(t *testing.T) {
	n := sample(t, "da", "reopened")
	n.Language = "tlh"
	if l := write(t, newSet(t), n); l.Language != "da" || !strings.Contains(l.HTML, `<html lang="da">`) {
		t.Errorf("language %q, want the default one: da", l.Language)
	}
}

// Nothing that came from a sender whose domain did not authenticate, or that we
// know of the ticket, reaches the address that he named (bad-input 137).
func TestNeutralEchoesNothing(t *testing.T) {
	const canary = "xyzzy"
	for _, kind := range []ticket.NoticeKind{ticket.NoticeAcknowledgement, ticket.NoticeFollowup} {
		n := sample(t, "en", "acknowledgement-neutral")
		n.Kind = kind
		n.To.Name = canary
		n.Facts = ticket.Facts{
			Neutral: true, Subject: canary, State: ticket.StateReported, Severity: ticket.SeverityCritical,
			Marked: true, Evidence: canary, Category: canary, Sprint: canary, OwnerTold: true, Text: canary,
			Reason: canary, Follows: "AIS-9QW2-4HTV", Link: "https://support.firma.example/" + canary,
			Reporter: ticket.Address{Name: canary, Address: canary + "@kunde.example"},
			Verdict:  ticket.TrustVerified, Excerpt: canary, ThreadTopic: canary,
		}
		l := write(t, newSet(t), n)
		if l.Subject != "We received a mail [AIS-7K3Q-M2XQ]" {
			t.Errorf("subject %q", l.Subject)
		}
		for _, banned := range []string{canary, "critical", "AIS-9QW2-4HTV", "Received", "https://"} {
			if all := l.Subject + l.Preheader + l.Text + l.HTML; strings.Contains(all, banned) {
				t.Errorf("%s: %q in\n%s", kind, banned, all)
			}
		}
	}
}

// Who asks for the state of a ticket and did not authenticate gets a link and
// nothing else, whatever the facts hold.
func TestNeutralStatusIsALink(t *testing.T) {
	n := sample(t, "en", "status-waiting")
	n.Facts.Neutral, n.Facts.Expires = true, noon(2026, 11, 23)
	l := write(t, newSet(t), n)
	for _, want := range []string{"Here is the link to your ticket.", "The link below works once, until 12:00.", n.Facts.Link} {
		if !strings.Contains(l.Text, want) {
			t.Errorf("%q is missing in\n%s", want, l.Text)
		}
	}
	for _, banned := range []string{"Waiting", "browser", "chatbot", "normal", "20 November"} {
		if strings.Contains(l.Subject+l.Text+l.HTML, banned) {
			t.Errorf("%q in\n%s", banned, l.Text)
		}
	}
}

// A later letter about such a ticket keeps its subject and says what staff wrote.
func TestNeutralLater(t *testing.T) {
	n := sample(t, "da", "resolved-answer")
	n.Facts.Neutral = true
	l := write(t, newSet(t), n)
	if l.Subject != "Vi har modtaget en mail [AIS-7K3Q-M2XQ]" {
		t.Errorf("subject %q", l.Subject)
	}
	if !strings.Contains(l.Text, "Indstillinger > Kanaler") || strings.Contains(l.Text, "https://") {
		t.Errorf("want the answer and no link:\n%s", l.Text)
	}
}

// Staff see the words of a reporter only when it is known who he is.
func TestStaffSeeOnlyVerifiedWords(t *testing.T) {
	s := newSet(t)
	const canary = "xyzzy"
	for _, kind := range staffKinds() {
		n := sample(t, "da", "staff-critical")
		n.Kind = kind
		n.Facts.Subject, n.Facts.Evidence, n.Facts.Excerpt = canary, canary, canary
		for _, verdict := range []ticket.Trust{ticket.TrustUnverified, ticket.TrustFailed, ticket.TrustNone, ""} {
			n.Facts.Verdict = verdict
			if l := write(t, s, n); strings.Contains(l.Subject+l.Text+l.HTML, canary) {
				t.Errorf("%s shows words of a sender who is %q:\n%s", kind, verdict, l.Text)
			}
		}
		n.Facts.Verdict = ticket.TrustVerified
		shows := []ticket.NoticeKind{ticket.NoticeStaffNew, ticket.NoticeStaffCritical, ticket.NoticeStaffReopened, ticket.NoticeStaffAnswered, ticket.NoticeStaffRequest}
		if l := write(t, s, n); slices.Contains(shows, kind) && strings.Count(l.Text, canary) < 2 {
			t.Errorf("%s hides the words of a verified sender:\n%s", kind, l.Text)
		}
	}
}

// A broken promise of an answer was once told with the time of the assessment,
// which was broken too.
func TestOverdueNamesItsOwnTime(t *testing.T) {
	n := ticket.Notice{Ticket: "AIS-7K3Q-M2XQ", Number: 1, Kind: ticket.NoticeStaffOverdue, Language: "en", To: ticket.Address{Address: "support@firma.example"}}
	n.Facts = ticket.Facts{
		State: ticket.StateReported, Overdue: ticket.PromiseAnswer,
		AssessBy: noon(2026, time.November, 23), AnswerBy: noon(2026, time.November, 24),
	}
	if text := write(t, newSet(t), n).Text; !strings.Contains(text, "24 November") || strings.Contains(text, "23 November") {
		t.Errorf("of an answer promised for 24 November it says\n%s", text)
	}
}

// What looks like a template, a format or markup is text (bad-input 120).
func TestWordsStayLiteral(t *testing.T) {
	const evil = `{{7*7}} {{.ID}} %s %d ${7*7} <%= 7*7 %> <script>alert(1)</script> "quoted" & co.`
	n := sample(t, "en", "resolved-workaround")
	n.Facts.Subject, n.Facts.Text, n.Facts.Verified = evil, evil, evil+"\nsecond line"
	l := write(t, newSet(t), n)
	if l.Subject != "Re: "+evil+" [AIS-7K3Q-M2XQ]" {
		t.Errorf("subject %q", l.Subject)
	}
	if reflowed := strings.Join(strings.Fields(l.Text), " "); strings.Count(reflowed, evil) != 2 {
		t.Errorf("the text changes the words:\n%s", l.Text)
	}
	if strings.Contains(l.HTML, "<script") || strings.Count(visibleText(t, l.HTML), evil) != 2 {
		t.Errorf("the HTML changes the words:\n%s", l.HTML)
	}
}

// Text of others cannot forge a paragraph of ours or leave its element
// (bad-input 70).
func TestQuotedTextStaysQuoted(t *testing.T) {
	n := sample(t, "en", "closed-staff")
	n.Facts.Reason = "first\x03\x02\r\n\r\n\r\nsecond\u202egnp.exe\u200b\x1b[31m"
	l := write(t, newSet(t), n)
	if !strings.Contains(l.Text, "\nfirst\n\nsecondgnp.exe[31m\n") {
		t.Errorf("text:\n%s", l.Text)
	}
	if !strings.Contains(l.HTML, `<span dir="auto">first<br><br>secondgnp.exe[31m</span>`) {
		t.Errorf("HTML:\n%s", l.HTML)
	}
}

func TestLongWordsOfStaffAreBounded(t *testing.T) {
	n := sample(t, "da", "resolved-answer")
	n.Facts.Text = strings.Repeat("ord & ", 10_000)
	l := write(t, newSet(t), n)
	if len(l.HTML) > 100<<10 {
		t.Errorf("%d bytes of HTML: past about 102 KB mail programs clip it", len(l.HTML))
	}
	if !strings.Contains(l.Text, "…") {
		t.Error("nothing shows that the text was cut")
	}
}

func TestLinkMustBeAWebLink(t *testing.T) {
	n := sample(t, "da", "acknowledgement")
	for _, link := range []string{"javascript:alert(1)", "data:text/html,x", "/t/1", "https://a.example/\r\nBcc: x", "https://a.example/ x"} {
		n.Facts.Link = link
		if l := write(t, newSet(t), n); strings.Contains(l.Text, "Følg billetten") || strings.Contains(l.HTML, "<a ") {
			t.Errorf("%q became a link", link)
		}
	}
}

// visibleText is what a mail program shows of the HTML, no-break spaces included.
func visibleText(t testing.TB, page string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			if n.Data == "head" || strings.Contains(attribute(n, "style"), "display:none") {
				return
			}
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return strings.TrimSpace(blanks.ReplaceAllString(b.String(), " "))
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
