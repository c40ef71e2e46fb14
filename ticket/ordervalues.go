package ticket

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	sprintForm  = regexp.MustCompile(`^(?:sprint )?(\d{4})[-/. ](\d{1,2})$`)
	quarterForm = regexp.MustCompile(`^(\d{4})[- ]?[qk]([1-4])$`)
	quarterTurn = regexp.MustCompile(`^(?:[qk]([1-4])|([1-4])\. ?kvartal)[-/ ]?(\d{4})$`)
	dateISO     = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	dateDayThen = regexp.MustCompile(`^(\d{1,2})[./-](\d{1,2})[./ -](\d{4})$`)
	dateNamed   = regexp.MustCompile(`^(\d{1,2})\.? (\pL{3,9})\.? (\d{4})$`)
)

// readSprint reads a sprint's year and number: 2026-5 is 2026-05.
func readSprint(v *string) bool {
	m := sprintForm.FindStringSubmatch(unwrap(plainText(*v)))
	if m == nil {
		return false
	}
	n, _ := strconv.Atoi(m[2])
	if n < 1 || n > 53 {
		return false
	}
	*v = fmt.Sprintf("%s-%02d", m[1], n)
	return true
}

// readQuarter reads a quarter: 2026-Q4, Q4 2026, 4. kvartal 2026.
func readQuarter(v *string) bool {
	typed := unwrap(plainText(*v))
	if m := quarterForm.FindStringSubmatch(typed); m != nil {
		*v = m[1] + "-Q" + m[2]
		return true
	}
	if m := quarterTurn.FindStringSubmatch(typed); m != nil {
		*v = m[3] + "-Q" + m[1] + m[2]
		return true
	}
	return false
}

// months by the first three letters of their names, Danish and English.
var months = map[string]int{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "maj": 5, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
}

// readDate reads a day with its year: 2026-12-01, or the day first as in
// Denmark and Britain: 1.12.2026, 1/12-2026, 1. december 2026.
func readDate(v *string) bool {
	typed := unwrap(plainText(*v))
	var year, month, day string
	if m := dateISO.FindStringSubmatch(typed); m != nil {
		year, month, day = m[1], m[2], m[3]
	} else if m := dateDayThen.FindStringSubmatch(typed); m != nil {
		day, month, year = m[1], m[2], m[3]
	} else if m := dateNamed.FindStringSubmatch(typed); m != nil {
		day, year = m[1], m[3]
		month = strconv.Itoa(months[string([]rune(m[2])[:3])])
	} else {
		return false
	}
	date, err := time.Parse("2006-1-2", year+"-"+strings.TrimPrefix(month, "0")+"-"+strings.TrimPrefix(day, "0"))
	if err != nil {
		return false // no such day
	}
	*v = date.Format(time.DateOnly)
	return true
}

// cutValue splits words at the longest beginning that read accepts, of at most
// n words, and returns that beginning in canonical form.
func cutValue(words string, n int, read func(*string) bool) (value, rest string) {
	fields := strings.Fields(words)
	for n = min(n, len(fields)); n > 0; n-- {
		if value = strings.Join(fields[:n], " "); read(&value) {
			return value, afterFields(words, n)
		}
	}
	return "", words
}

// afterFields is what follows the first n words of a line.
func afterFields(line string, n int) string {
	for range n {
		line = strings.TrimSpace(line)
		i := strings.IndexFunc(line, isBlankRune)
		if i < 0 {
			return ""
		}
		line = line[i:]
	}
	return strings.TrimSpace(line)
}
