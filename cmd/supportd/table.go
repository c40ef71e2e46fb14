package main

import (
	"io"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"aismarttalk.tech/supportd/templates"
)

// table writes rows in columns, each cell one line that does nothing to a
// terminal. On one it fits: columns that can be missed go first, then the widest
// give way, but never the first, which names the row.
type table struct {
	w        io.Writer
	width    int // of the terminal, in characters; 0: none, all is shown
	rows     [][]string
	optional []string // heads of columns that can be missed, the first to go first
}

// columnGap stands between columns; narrowColumn is how far one gives way before
// others are left out, narrowestColumn what one keeps in any case.
const (
	columnGap       = 2
	narrowColumn    = 16
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
	widths := t.fit()
	var b strings.Builder
	for _, row := range t.rows {
		var line strings.Builder
		for i, cell := range row {
			cell = templates.Shorten(cell, widths[i])
			line.WriteString(cell)
			line.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+columnGap))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	_, err := io.WriteString(t.w, b.String())
	return err
}

// fit leaves out columns and returns the widths of the others, in characters: what
// the cells need, or what there is.
func (t *table) fit() []int {
	widths := t.natural()
	if t.width == 0 {
		return widths
	}
	for _, head := range t.optional {
		if i := slices.Index(t.rows[0], head); i >= 0 && total(widths, narrowColumn) > t.width {
			t.leaveOut(i)
			widths = t.natural()
		}
	}
	for over := total(widths, math.MaxInt) - t.width; over > 0; over-- {
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
	}
	return widths
}

// natural widths are those that the cells need.
func (t *table) natural() []int {
	widths := make([]int, len(t.rows[0]))
	for _, row := range t.rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	return widths
}

func (t *table) leaveOut(column int) {
	for i, row := range t.rows {
		t.rows[i] = slices.Delete(row, column, column+1)
	}
}

// total is the width of a line if no column but the first is wider than most.
func total(widths []int, most int) int {
	sum := widths[0]
	for _, w := range widths[1:] {
		sum += columnGap + min(w, most)
	}
	return sum
}

// stamp is a time as tables and pages show it: in the zone of the desk, as letters
// do, and with its name, since who reads it may sit in another.
func stamp(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format("2006-01-02 15:04:05 MST")
}
