package parser

import (
	"bytes"
	"io"
	"mime"
	"net/mail"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"aismarttalk.tech/supportd/ticket"
)

// sender reads who wrote a mail. Only net/mail decides, and only over the raw
// field: one From header, one mailbox in it. A repaired address may be shown,
// it never identifies anybody.
func sender(h header, hint string) (from ticket.Address, identified bool, flags []string) {
	values := h.all("from")
	switch {
	case len(values) == 0 || len(trimSpace(values[0])) == 0:
		return ticket.Address{}, false, []string{ticket.FlagNoFrom}
	case len(values) > 1:
		flags = append(flags, ticket.FlagTwoFrom)
	}
	value := withoutComments(validUTF8(values[0], hint))
	list, err := addressParser().ParseList(value)
	switch {
	case hasGroup(value):
		flags = append(flags, ticket.FlagNoFrom)
		from = salvageFirst(value)
	case err != nil:
		flags = append(flags, ticket.FlagBadFrom, ticket.FlagRaw) // who wrote it, only the raw mail shows
		from = salvageFirst(value)
	case len(list) > 1:
		flags = append(flags, ticket.FlagMultiFrom)
		from = address(list[0])
	case wasRepaired(values[0], list[0].Address):
		flags = append(flags, ticket.FlagBadFrom)
		from = address(list[0])
	default:
		from, identified = address(list[0]), len(values) == 1
	}
	ascii, foreign := asciiDomain(from.Address)
	from.Address = ascii
	if foreign {
		flags = append(flags, ticket.FlagPunycode)
	}
	return from, identified, flags
}

// wasRepaired reports whether the address only came about because controls
// were taken out of the field or its bytes were guessed to be characters.
func wasRepaired(raw []byte, addr string) bool {
	if bytes.ContainsFunc(raw, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return true
	}
	return !utf8.Valid(raw) && !isASCII([]byte(addr))
}

// addresses reads a To, Cc or Reply-To field as far as it can be read; they
// are for display and for lookups, never for identity.
func addresses(values [][]byte, hint string, limit int) (list []ticket.Address, cut bool) {
	for _, v := range values {
		value := validUTF8(v, hint)
		parsed, err := addressParser().ParseList(value)
		if err == nil {
			for _, a := range parsed {
				list = append(list, address(a))
			}
		} else {
			list = append(list, salvageAddresses(value)...)
		}
		if len(list) > limit {
			return list[:limit], true
		}
	}
	return list, false
}

// addressParser decodes words in any character set; net/mail takes no address
// from inside an encoded word (bad-input 65).
func addressParser() *mail.AddressParser {
	return &mail.AddressParser{WordDecoder: &mime.WordDecoder{CharsetReader: charsetReader}}
}

func charsetReader(charset string, input io.Reader) (io.Reader, error) {
	b, err := io.ReadAll(input)
	if err != nil {
		return nil, err
	}
	text, _ := decodeCharset(b, charset)
	return strings.NewReader(text), nil
}

// address cleans a parsed mailbox. A name inside quotes may still hold encoded
// words, which no standard allows and half the world writes.
func address(a *mail.Address) ticket.Address {
	name := a.Name
	if strings.Contains(name, "=?") {
		name = decodeText([]byte(name), "")
	}
	name, _ = cutText(cleanLine(name), 300)
	addr, _ := cutText(cleanLine(a.Address), 400)
	return ticket.Address{Name: name, Address: addr}
}

// salvageFirst shows the first mailbox of a field that cannot be parsed.
func salvageFirst(value string) ticket.Address {
	if list := salvageAddresses(value); len(list) > 0 {
		return list[0]
	}
	name, _ := cutText(decodeText([]byte(value), ""), 300)
	return ticket.Address{Name: name}
}

// withoutComments takes the comments before an address out: net/mail refuses
// them there (RFC 5322 allows them), and what they hold is nobody's address.
// Those behind an address stay, for net/mail takes them as its name.
func withoutComments(value string) string {
	for {
		value = strings.TrimSpace(value)
		if !strings.HasPrefix(value, "(") {
			return value
		}
		end := commentEnd(value)
		if end < 0 {
			return value
		}
		value = value[end+1:]
	}
}

func commentEnd(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// salvageAddresses takes a list apart at the commas that stand outside quotes
// and brackets, and keeps what looks like a mailbox.
func salvageAddresses(value string) []ticket.Address {
	var list []ticket.Address
	for _, item := range splitList(value) {
		if a, err := addressParser().Parse(item); err == nil {
			list = append(list, address(a))
			continue
		}
		name, addr := item, ""
		if open := strings.LastIndexByte(item, '<'); open >= 0 {
			name = item[:open]
			addr, _, _ = strings.Cut(item[open+1:], ">")
		} else if i := strings.IndexByte(item, '@'); i >= 0 {
			addr, name = wordAround(item, i), ""
		}
		addr = strings.Trim(cleanLine(addr), " '\"()[],;")
		if strings.ContainsAny(addr, " \t") || strings.Count(addr, "@") != 1 {
			continue
		}
		name, _ = cutText(strings.Trim(decodeText([]byte(name), ""), " \"'"), 300)
		addr, _ = cutText(addr, 400)
		list = append(list, ticket.Address{Name: name, Address: addr})
	}
	return list
}

// wordAround returns the word of s that holds index i.
func wordAround(s string, i int) string {
	start := strings.LastIndexAny(s[:i], " \t<(\"") + 1
	end := strings.IndexAny(s[i:], " \t>)\"")
	if end < 0 {
		return s[start:]
	}
	return s[start : i+end]
}

// splitList cuts at commas and semicolons outside quotes, comments and brackets.
func splitList(s string) []string {
	var items []string
	start := 0
	scanAddress(s, func(i int, c byte) {
		if c == ',' || c == ';' {
			items = append(items, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	})
	return append(items, strings.TrimSpace(s[start:]))
}

// hasGroup reports whether the field uses group syntax ("name: a, b;"), which
// holds no mailbox of a sender (RFC 6854 notwithstanding).
func hasGroup(s string) bool {
	group := false
	scanAddress(s, func(_ int, c byte) { group = group || c == ':' })
	return group
}

// scanAddress calls fn for each byte outside quotes, comments and brackets.
func scanAddress(s string, fn func(i int, c byte)) {
	quoted, bracket, comment := false, false, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\':
			i++
		case c == '"' && comment == 0:
			quoted = !quoted
		case quoted:
		case c == '(':
			comment++
		case c == ')' && comment > 0:
			comment--
		case comment > 0:
		case c == '<':
			bracket = true
		case c == '>':
			bracket = false
		case bracket:
		default:
			fn(i, c)
		}
	}
}

// validUTF8 makes the bytes of an address field readable for net/mail without
// touching its encoded words.
func validUTF8(value []byte, hint string) string {
	s := rawText(value, hint)
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// asciiDomain shows the domain of an address in its ASCII form, and whether
// that differs from what a reader would see.
func asciiDomain(addr string) (string, bool) {
	at := strings.LastIndexByte(addr, '@')
	if at < 0 {
		return addr, false
	}
	domain := addr[at+1:]
	if isASCII([]byte(domain)) {
		return addr, bytes.Contains(bytes.ToLower([]byte(domain)), []byte("xn--"))
	}
	ascii, err := idna.ToASCII(domain)
	if err != nil {
		return addr, true
	}
	return addr[:at+1] + ascii, true
}
