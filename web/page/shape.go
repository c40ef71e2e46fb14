package page

import (
	"fmt"
	"html/template"

	"aismarttalk.tech/supportd/ticket"
)

// Shape is a small drawing that goes with a word, on a ground of 16 × 16. It means
// nothing alone: the word always stands beside it.
type Shape struct {
	// marks are SVG elements of ours. Those with the class f are filled and those with
	// the class l are lines, so that the style sheet chooses colours.
	marks template.HTML
}

// SVG is the drawing on its own.
func (s Shape) SVG() template.HTML {
	return `<svg class="shape" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">` + s.marks + `</svg>`
}

// At is the drawing as a part of a larger one, with its corner at x and y.
func (s Shape) At(x, y float64) template.HTML {
	return template.HTML(fmt.Sprintf(`<g class="shape" transform="translate(%g %g)">`, x, y)) + s.marks + `</g>`
}

// with puts a word beside the drawing.
func (s Shape) with(class, word string) template.HTML {
	return `<span class="` + template.HTML(template.HTMLEscapeString(class)) + `">` + s.SVG() + ` ` +
		template.HTML(template.HTMLEscapeString(word)) + `</span>`
}

const ring = `<circle class="l" cx="8" cy="8" r="6"/>`

// SeverityShape is ▲ critical, ◆ high, ● normal, ○ low.
func SeverityShape(s ticket.Severity) Shape {
	switch s {
	case ticket.SeverityCritical:
		return Shape{`<path class="f l" d="M8 2 14.5 13.5H1.5z"/>`}
	case ticket.SeverityHigh:
		return Shape{`<path class="f l" d="M8 1.5 14.5 8 8 14.5 1.5 8z"/>`}
	case ticket.SeverityNormal:
		return Shape{`<circle class="f l" cx="8" cy="8" r="5"/>`}
	}
	return Shape{`<circle class="l" cx="8" cy="8" r="5"/>`}
}

// StateShape fills as a ticket goes its way: ○ ◔ ◑ ◕ ◉ ✓ ■, and ‖ while it waits.
func StateShape(s ticket.State) Shape {
	switch s {
	case ticket.StateClassified:
		return Shape{ring + `<path class="f" d="M8 8V2a6 6 0 0 1 6 6z"/>`}
	case ticket.StatePlanned:
		return Shape{ring + `<path class="f" d="M8 2a6 6 0 0 1 0 12z"/>`}
	case ticket.StateInvestigating:
		return Shape{ring + `<path class="f" d="M8 8V2a6 6 0 1 1-6 6z"/>`}
	case ticket.StateTesting:
		return Shape{ring + `<circle class="f" cx="8" cy="8" r="3.5"/>`}
	case ticket.StateResolved:
		return Shape{`<path class="l" d="m2.5 8.5 4 4 7-9"/>`}
	case ticket.StateClosed:
		return Shape{`<path class="f l" d="M3 3h10v10H3z"/>`}
	case ticket.StateWaiting:
		return Shape{`<path class="l" d="M5.5 3v10M10.5 3v10"/>`}
	}
	return Shape{ring}
}
