package origin

import "strings"

// maxTags is how many tags of a list are read; no list in use has half as many.
const maxTags = 100

// parseTags reads a tag list, as DKIM (RFC 6376 section 3.2) and DMARC (RFC 7489
// section 6.3) write them: name=value, separated by semicolons. What is no tag is
// left out. A name that stands twice counts as it stood first.
func parseTags(s string) map[string]string {
	tags := make(map[string]string)
	read := 0
	for item := range strings.SplitSeq(s, ";") {
		if read++; read > maxTags {
			break
		}
		name, value, ok := strings.Cut(item, "=")
		name = strings.Trim(name, blanks)
		if _, twice := tags[name]; !ok || name == "" || twice {
			continue
		}
		tags[name] = strings.Trim(value, blanks)
	}
	return tags
}

// blanks are those of folded white space (RFC 5322 section 3.2.2).
const blanks = " \t\r\n"
