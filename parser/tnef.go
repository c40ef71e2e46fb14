package parser

import (
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf16"

	"aismarttalk.tech/supportd/ticket"
)

// tnef unpacks a winmail.dat, in which Outlook and Exchange wrap a mail and
// its files ([MS-OXTNEF]). The file itself is kept; its contents join the
// attachments, and its text is the mail's where there is no other.
func (r *bodyReader) tnef(p *part, data []byte, name string) content {
	if name == "" {
		name = "winmail.dat"
	}
	c := content{attachments: []ticket.Attachment{r.attachment(p, data, name)}}
	t, err := readTNEF(data, r.cfg.Parts)
	if err != nil {
		r.flag(ticket.FlagRaw)
	}
	for _, f := range t.files {
		at := ticket.Attachment{Filename: cleanFilename(f.name), ContentType: f.ctype, ContentID: f.id, Inline: f.id != ""}
		if at.ContentType == "" {
			at.ContentType = "application/octet-stream"
		}
		c.attachments = append(c.attachments, withContent(at, f.content))
	}
	if r.text > 0 {
		return c
	}
	b := block{text: cleanText(t.text)}
	if b.empty() && t.html != "" {
		b.text, b.spans, _ = htmlText(t.html, r.cfg.TextBytes)
		b.html = true
	}
	if b.empty() && t.rtf != nil {
		b.text = cleanText(rtfText(t.rtf))
	}
	b.text, _ = cutText(b.text, r.cfg.TextBytes)
	b.spans = clipSpans(b.spans, len(b.text))
	r.text += len(b.text)
	c.blocks = append(c.blocks, b)
	return c
}

// tnefMail is what a TNEF stream holds, as far as it is wanted.
type tnefMail struct {
	text, html string
	rtf        []byte // decompressed
	files      []tnefFile
}

type tnefFile struct {
	name, ctype, id string
	content         []byte
}

// Attributes of a TNEF stream ([MS-OXTNEF] section 2.1.3.3) and MAPI
// properties ([MS-OXPROPS]).
const (
	tnefSignature    = 0x223e9f78
	tnefBody         = 0x0002800c
	tnefMessageProps = 0x00069003
	tnefCodepage     = 0x00069007
	tnefAttachRend   = 0x00069002
	tnefAttachTitle  = 0x00018010
	tnefAttachData   = 0x0006800f
	tnefAttachProps  = 0x00069005

	mapiBody        = 0x1000
	mapiRTF         = 0x1009
	mapiHTML        = 0x1013
	mapiAttachData  = 0x3701
	mapiAttachName  = 0x3704
	mapiAttachLong  = 0x3707
	mapiAttachType  = 0x370e
	mapiAttachCID   = 0x3712
	mapiDisplayName = 0x3001
)

var errTNEF = errors.New("broken TNEF")

// readTNEF reads the attributes one after the other; what was read before a
// fault is kept.
func readTNEF(data []byte, maxFiles int) (tnefMail, error) {
	var t tnefMail
	if len(data) < 6 || binary.LittleEndian.Uint32(data) != tnefSignature {
		return t, errTNEF
	}
	codepage := ""
	var file *tnefFile
	for rest := data[6:]; len(rest) >= 9; {
		id, size := binary.LittleEndian.Uint32(rest[1:]), int64(binary.LittleEndian.Uint32(rest[5:]))
		if size+11 > int64(len(rest)) {
			return t, errTNEF
		}
		value := rest[9 : 9+size]
		rest = rest[9+size+2:] // a checksum follows, that not every writer gets right
		switch id {
		case tnefCodepage:
			if len(value) >= 4 {
				codepage = codepageName(binary.LittleEndian.Uint32(value))
			}
		case tnefBody:
			t.text, _ = decodeCharset(trimNUL(value), codepage)
		case tnefMessageProps:
			t.takeMessage(mapiProperties(value), codepage)
		case tnefAttachRend:
			if len(t.files) >= maxFiles {
				return t, errTNEF
			}
			t.files = append(t.files, tnefFile{})
			file = &t.files[len(t.files)-1]
		}
		if file != nil {
			file.take(id, value, codepage)
		}
	}
	return t, nil
}

func (f *tnefFile) take(id uint32, value []byte, codepage string) {
	switch id {
	case tnefAttachTitle:
		if f.name == "" {
			f.name, _ = decodeCharset(trimNUL(value), codepage)
		}
	case tnefAttachData:
		f.content = value
	case tnefAttachProps:
		props := mapiProperties(value)
		for _, key := range []uint16{mapiAttachLong, mapiAttachName, mapiDisplayName} {
			if name := props.text(key, codepage); name != "" {
				f.name = name
				break
			}
		}
		f.ctype = strings.ToLower(cleanLine(props.text(mapiAttachType, codepage)))
		f.id = cleanLine(props.text(mapiAttachCID, codepage))
		if f.content == nil {
			f.content = props[mapiAttachData].value
		}
	}
}

func (t *tnefMail) takeMessage(props mapiProps, codepage string) {
	if s := props.text(mapiBody, codepage); s != "" {
		t.text = s
	}
	t.html = props.text(mapiHTML, codepage)
	if packed := props[mapiRTF].value; packed != nil {
		t.rtf = decompressRTF(packed)
	}
}

// mapiProp is one property; only the first value of several is kept.
type mapiProp struct {
	kind  uint16
	value []byte
}

type mapiProps map[uint16]mapiProp

func (p mapiProps) text(key uint16, codepage string) string {
	prop, found := p[key]
	if !found {
		return ""
	}
	if prop.kind == 0x001f { // PT_UNICODE
		units := make([]uint16, len(prop.value)/2)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(prop.value[2*i:])
		}
		return strings.TrimRight(string(utf16.Decode(units)), "\x00")
	}
	text, _ := decodeCharset(trimNUL(prop.value), codepage)
	return text
}

// mapiProperties reads the property list of [MS-OXTNEF] section 2.1.3.4. It
// stops at the first thing it does not know, since it cannot tell its length.
func mapiProperties(b []byte) mapiProps {
	props := mapiProps{}
	count, b, ok := cutUint32(b)
	if !ok {
		return props
	}
	for range count {
		var tag uint32
		if tag, b, ok = cutUint32(b); !ok {
			return props
		}
		kind, id := uint16(tag), uint16(tag>>16)
		if id >= 0x8000 { // a named property: its name stands before its value
			if b, ok = skipName(b); !ok {
				return props
			}
		}
		var value []byte
		if value, b, ok = cutValue(b, kind); !ok {
			return props
		}
		if _, twice := props[id]; !twice {
			props[id] = mapiProp{kind &^ 0x1000, value}
		}
	}
	return props
}

// cutValue takes one property value, or the first of a multi-valued one.
func cutValue(b []byte, kind uint16) (value, rest []byte, ok bool) {
	values := uint32(1)
	variable := kind&0x0fff == 0x1e || kind&0x0fff == 0x1f || kind&0x0fff == 0x102 || kind&0x0fff == 0x0d
	if kind&0x1000 != 0 || variable {
		if values, b, ok = cutUint32(b); !ok {
			return nil, nil, false
		}
	}
	for i := range values {
		size, known := fixedSize(kind & 0x0fff)
		if variable {
			if size, b, ok = cutUint32(b); !ok {
				return nil, nil, false
			}
		} else if !known || size == 0 && values > 1 {
			return nil, nil, false
		}
		padded := (int64(size) + 3) &^ 3
		if padded > int64(len(b)) {
			return nil, nil, false
		}
		if i == 0 {
			value = b[:size]
			if kind&0x0fff == 0x0d && size >= 16 {
				value = value[16:] // PT_OBJECT: the interface's identifier
			}
		}
		b = b[padded:]
	}
	return value, b, true
}

func fixedSize(kind uint16) (uint32, bool) {
	switch kind {
	case 0x02, 0x03, 0x04, 0x0a, 0x0b:
		return 4, true
	case 0x05, 0x06, 0x07, 0x14, 0x40:
		return 8, true
	case 0x48:
		return 16, true
	case 0x01:
		return 0, true
	}
	return 0, false
}

// skipName steps over the name of a named property: a GUID, then a number or
// a padded string.
func skipName(b []byte) ([]byte, bool) {
	if len(b) < 24 {
		return nil, false
	}
	kind, size := binary.LittleEndian.Uint32(b[16:]), binary.LittleEndian.Uint32(b[20:])
	b = b[24:]
	if kind == 0 {
		return b, true
	}
	padded := (int64(size) + 3) &^ 3
	if padded > int64(len(b)) {
		return nil, false
	}
	return b[padded:], true
}

func cutUint32(b []byte) (uint32, []byte, bool) {
	if len(b) < 4 {
		return 0, nil, false
	}
	return binary.LittleEndian.Uint32(b), b[4:], true
}

func trimNUL(b []byte) []byte {
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1]
	}
	return b
}

// codepageName turns a Windows code page into a character set's name.
func codepageName(page uint32) string {
	switch page {
	case 65001:
		return "utf-8"
	case 932:
		return "shift_jis"
	case 936:
		return "gbk"
	case 949:
		return "euc-kr"
	case 950:
		return "big5"
	case 874:
		return "windows-874"
	case 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258:
		return "windows-" + string([]byte{'1', '2', '5', byte('0' + page%10)})
	}
	return ""
}
