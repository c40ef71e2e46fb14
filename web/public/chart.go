package public

import (
	"strings"
	"time"

	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
)

// Measures of the drawing, in its own units; 960 is the width of the page.
const (
	chartWidth  = 960
	columnGap   = 6
	columnInset = 8
	headHeight  = 46
	rowHeight   = 34 // two lines
	lineHeight  = 14
	shapeWidth  = 20
	shapeHeight = 16
	// letterWidth is what a letter of the drawing's type takes on average.
	letterWidth = 7.3
	// maxRows bounds the fixes that a column names; the table has all.
	maxRows = 6
	// minRows keeps a drawing with little in it from being a mere line.
	minRows = 2
)

// chart is a quarter as columns, one per sprint, so that a template can draw it.
type chart struct {
	Width, Height int
	Columns       []column
}

type column struct {
	Sprint  ticket.RoadmapSprint
	X, Wide float64
	TextX   float64
	Rows    []row   // at most maxRows
	Done    int     // resolved, where they are counted and not named
	DoneY   float64 // 0: not said
	More    int     // neither named nor counted
	MoreY   float64
}

// row is one fix: the shape of its state before its first line, and that of its
// severity before its second.
type row struct {
	ticket.RoadmapItem
	X, Y, Y2 float64 // of the shapes
	TextX    float64
	Lines    []line
}

type line struct {
	Text string
	Y    float64
}

// draw lays a quarter out. What is done is counted, and what is to come is named: a
// sprint that is over says how much of it there was.
func draw(sprints []ticket.RoadmapSprint, now time.Time) chart {
	if len(sprints) == 0 {
		return chart{}
	}
	wide := float64(chartWidth-columnGap*(len(sprints)-1)) / float64(len(sprints))
	c := chart{Width: chartWidth}
	tallest := minRows
	for i, s := range sprints {
		col := column{Sprint: s, X: float64(i) * (wide + columnGap), Wide: wide}
		col.TextX = col.X + columnInset
		over := s.End.Before(now) && !s.Current
		open := 0
		for _, item := range s.Items {
			done := item.State == ticket.StateResolved || item.State == ticket.StateClosed
			if done && over {
				continue
			}
			open++
			if len(col.Rows) < maxRows {
				col.Rows = append(col.Rows, layRow(item, col, len(col.Rows)))
			}
		}
		used := len(col.Rows)
		bottom := func() float64 { used++; return headHeight + float64(used-1)*rowHeight + lineHeight }
		if over && s.Done > 0 {
			col.Done, col.DoneY = s.Done, bottom()
		}
		col.More = open - len(col.Rows) + s.Untitled - hidden(s, over)
		if col.More > 0 || used == 0 {
			col.MoreY = bottom()
		}
		tallest = max(tallest, used)
		c.Columns = append(c.Columns, col)
	}
	c.Height = headHeight + tallest*rowHeight
	return c
}

// hidden are fixes without a title that are counted as done already.
func hidden(s ticket.RoadmapSprint, over bool) int {
	if !over {
		return 0
	}
	titled := 0
	for _, item := range s.Items {
		if item.State == ticket.StateResolved || item.State == ticket.StateClosed {
			titled++
		}
	}
	return min(s.Untitled, max(0, s.Done-titled))
}

func layRow(item ticket.RoadmapItem, c column, n int) row {
	r := row{RoadmapItem: item, X: c.TextX, Y: headHeight + float64(n)*rowHeight, TextX: c.TextX + shapeWidth}
	r.Y2 = r.Y + shapeHeight
	letters := int((c.Wide - 2*columnInset - shapeWidth) / letterWidth)
	for i, text := range wrap(item.Title, letters, 2) {
		r.Lines = append(r.Lines, line{text, r.Y + 12 + float64(i)*lineHeight})
	}
	return r
}

// wrap breaks a text into lines of so many letters, and ends the last one with an
// ellipsis where more follows.
func wrap(text string, letters, lines int) []string {
	rest := []rune(strings.Join(strings.Fields(text), " "))
	var out []string
	for len(rest) > letters && len(out) < lines-1 {
		end := letters // within a word that fits on no line
		for at := letters; at > 0; at-- {
			if rest[at] == ' ' {
				end = at
				break
			}
		}
		out = append(out, string(rest[:end]))
		rest = []rune(strings.TrimSpace(string(rest[end:])))
	}
	if len(rest) > 0 {
		out = append(out, templates.Shorten(string(rest), letters))
	}
	return out
}
