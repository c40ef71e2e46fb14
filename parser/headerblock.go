package parser

import "strings"

// blockFacts is what a list of labels says of itself.
type blockFacts struct {
	from, date, sent, to, subject int
	address                       bool // From holds one
	recipient                     bool // To holds one
	stamped                       bool // Date holds a year and a time of day
}

// headerBlock reads "From: … Sent: … To: … Subject: …" at line i and returns
// the line after it. Not every list of labels is one: a booking has From, To
// and Date, a form has a Subject. ruled says that a line was drawn above it.
func (s *splitter) headerBlock(i int, ruled bool) (end int, ok bool) {
	const maxLines, maxWrapped = 40, 4
	var facts blockFacts
	wrapped := 0
	for j := i; j < len(s.lines) && j < i+maxLines; j++ {
		plain := s.lines[j].plain
		if plain == "" {
			if j == i || !s.goesOn(j, facts) {
				break
			}
			continue
		}
		kind, name, value := s.lex.label(plain)
		if j == i && (kind == labelNone || kind == labelOther) {
			return 0, false
		}
		if kind == labelNone {
			// A long value goes on in the next line, which is sure once another label follows.
			if wrapped++; wrapped > maxWrapped {
				break
			}
			continue
		}
		facts.note(kind, name, value)
		end, wrapped = j+1, 0
	}
	return end, facts.enough(ruled, s.textAbove(i))
}

// goesOn reports whether the block continues after the single blank line j:
// some clients set their headers in double spacing.
func (s *splitter) goesOn(j int, facts blockFacts) bool {
	if j+1 >= len(s.lines) || s.lines[j+1].blank() {
		return false
	}
	switch kind, _, _ := s.lex.label(s.lines[j+1].plain); kind {
	case labelFrom:
		return facts.from == 0
	case labelDate:
		return facts.date == 0
	case labelTo:
		return facts.to == 0
	case labelSubject:
		return facts.subject == 0
	case labelCc:
		return true
	}
	return false
}

func (f *blockFacts) note(kind label, name, value string) {
	switch kind {
	case labelFrom:
		f.from++
		f.address = f.address || strings.Contains(value, "@")
	case labelDate:
		f.date++
		if !isPlainDate(name) {
			f.sent++
		}
		date, clock := dateIn(strings.ReplaceAll(value, "=2c", ","))
		f.stamped = f.stamped || date && clock
	case labelTo:
		f.to++
		f.recipient = f.recipient || strings.Contains(value, "@")
	case labelSubject:
		f.subject++
	}
}

// enough says whether the labels together make a mail's header. Few of them do
// only below other text: a form that fills a mail begins with labels too.
func (f blockFacts) enough(ruled, below bool) bool {
	from, date, to, subject := f.from > 0, f.date > 0, f.to > 0, f.subject > 0
	switch {
	case from && subject && (date || to):
		return true
	case from && to && f.sent > 0, from && date && to && f.address:
		return true
	case below && f.stamped && (f.address || f.recipient):
		return true
	}
	return ruled && (from && (date || subject || to) || date && to && subject)
}

// isPlainDate tells the labels that only mean "date" from those that mean
// "sent": bookings and invoices have the former.
func isPlainDate(name string) bool {
	switch name {
	case "date", "dato", "datum", "data", "fecha", "дата", "dátum", "päiväys", "päivämäärä", "pvm", "tarih", "dagsetning", "dată", "日期", "日付", "날짜", "ngày", "kuupäev", "datums":
		return true
	}
	return false
}

// label reads "Label: value" at the start of a line.
func (x *lexicon) label(plain string) (kind label, name, value string) {
	plain = strings.TrimLeft(plain, "|_ ")
	colon := strings.IndexByte(plain, ':')
	size := 1
	if wide := strings.Index(plain, "："); wide >= 0 && (colon < 0 || wide < colon) {
		colon, size = wide, len("：")
	}
	if colon <= 0 || colon > 40 {
		return labelNone, "", ""
	}
	name = strings.Trim(plain[:colon], "_ ")
	kind = x.labels[name]
	if kind == labelNone {
		if first, _, two := strings.Cut(name, "/"); two {
			kind = x.labels[strings.TrimSpace(first)]
		}
	}
	return kind, name, plain[colon+size:]
}
