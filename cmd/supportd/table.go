package main

import (
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// table writes rows in columns, each cell one line that does nothing to a
// terminal. On one it fits: the widest columns give way, never the first, which
// names the row.
type table struct {
	w     io.Writer
	width int // of the terminal, in characters; 0: none, nothing is cut
	rows  [][]string
}

// columnGap stands between columns; narrowestColumn is what one keeps when the
// table must fit.
const (
	columnGap       = 2
	narrowestColumn = 6
)

func newTable(w io.Writer, width int, columns ...string) *table {
	return &table{w: w, width: width, rows: [][]string{columns}}
}

func (t *table) row(cells ...string) {
	for i, c := range cells {
		cells[i] = visible(c)
	}
	t.rows = append(t.rows, cells)
}

// flush writes the table.
func (t *table) flush() error {
	widths := t.widths()
	var b strings.Builder
	for _, row := range t.rows {
		var line strings.Builder
		for i, cell := range row {
			cell = shorten(cell, widths[i])
			line.WriteString(cell)
			line.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+columnGap))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	_, err := io.WriteString(t.w, b.String())
	return err
}

// widths are those of the columns, in characters: what the cells need, or what
// there is.
func (t *table) widths() []int {
	widths := make([]int, len(t.rows[0]))
	total := -columnGap
	for i := range widths {
		for _, row := range t.rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
		total += widths[i] + columnGap
	}
	for t.width > 0 && total > t.width {
		widest := 0
		for i := 1; i < len(widths); i++ {
			if widths[i] > narrowestColumn && (widest == 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest == 0 {
			break // it does not fit, whatever is cut
		}
		widths[widest]--
		total--
	}
	return widths
}

// shorten cuts a text to a number of characters.
func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// stamp is a time as tables and pages show it: in the zone of the desk, as letters
// do, and with its name, since who reads it may sit in another.
func stamp(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2006-01-02 15:04:05 MST")
}
