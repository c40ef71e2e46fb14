package journal

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

const fuzzSegment = ID("01kk8szjf0xb6x37wd37")

// exampleSegment holds three mails.
func exampleSegment(t testing.TB) []byte {
	b := []byte(formatLine)
	for i, text := range numbered(3) {
		line, err := meta{Envelope: envelope(""), Size: int64(len(text))}.line()
		if err != nil {
			t.Fatal(err)
		}
		id := fuzzSegment[:idLen-1] + ID(idAlphabet[i])
		b = appendHead(b, fuzzSegment, head{
			kind: kindMail, id: id,
			meta: int64(len(line)), body: int64(len(text)), crc: payloadCRC(line, []byte(text)),
		})
		b = append(append(b, line...), text...)
	}
	return b
}

// Whatever stands in a segment: the scan ends, its records do not overlap, each
// can be read, and every byte that is no record is accounted for.
func FuzzScan(f *testing.F) {
	good := exampleSegment(f)
	f.Add(good)
	f.Add(good[:len(good)-3])
	f.Add(append(bytes.Clone(good[:300]), good[301:]...))
	f.Add(append(bytes.Clone(good), make([]byte, 100)...))
	f.Add([]byte(strings.Repeat(string(boundary(fuzzSegment)), 50)))
	f.Fuzz(func(t *testing.T, b []byte) {
		var end int64
		covered := int64(0)
		found, err := scan(bytes.NewReader(b), int64(len(b)), fuzzSegment, func(r record) bool {
			if r.offset < end || r.end() > int64(len(b)) {
				t.Fatalf("record from %d to %d after one that ends at %d, of %d bytes", r.offset, r.end(), end, len(b))
			}
			end = r.end()
			covered += r.end() - r.offset
			if _, _, err := readRecord(bytes.NewReader(b), fuzzSegment, r); err != nil && !errors.Is(err, ErrDamaged) {
				t.Fatal(err)
			}
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range append(found.damaged, found.tail) {
			covered += d.to - d.from
		}
		if bytes.HasPrefix(b, []byte(formatLine)) {
			covered += int64(len(formatLine))
		}
		rest := b[found.tail.to:]
		if covered+int64(len(rest)) != int64(len(b)) || len(bytes.Trim(rest, "\x00")) > 0 {
			t.Fatalf("%d of %d bytes accounted for, the rest is %q; %+v", covered, len(b), rest, found)
		}
	})
}

// Whatever stands among the marks, reading them ends, and a mail is never both
// done and parked.
func FuzzMarks(f *testing.F) {
	id := string(fuzzSegment)
	f.Add([]byte("\nboot a\ndone " + id + "\nkept 40\nretry " + id + "\npark " + id + " 2026-03-09T08:00:00Z \"odd\"\nall 1 " + id + "\n"))
	f.Add([]byte("done\nkept x\nboot\nall\npark " + id + " x\n\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m := parseMarks(b, "a")
		for id := range m.parked {
			if m.done[id] {
				t.Fatalf("%s is done and parked", id)
			}
		}
		for id := range m.unkept {
			if !m.done[id] {
				t.Fatalf("%s is unkept but not done", id)
			}
		}
	})
}
