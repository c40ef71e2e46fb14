package origin

import "strings"

// maxText is how long what a stranger's DNS or mail made us say may be.
const maxText = 200

// short makes a text fit for a record: printable ASCII, and not long. It quotes
// what strangers wrote.
func short(s string) string {
	if len(s) > maxText {
		s = s[:maxText]
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
}
