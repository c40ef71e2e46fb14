package classifier

import (
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// headerClaim reads the standard priority headers. They mark high at most: mail
// programs set them for a raised eyebrow, and none has a word for critical.
//
// X-Priority is Outlook's and Eudora's 1 to 5; Importance and Priority are of
// RFC 2156 section 5.3.4 and RFC 4021.
func headerClaim(marks []ticket.Header) []ticket.Claim {
	var out []ticket.Claim
	for _, h := range marks {
		if s := headerSeverity(h); s != ticket.SeverityNormal {
			name := strings.TrimSpace(h.Name)
			out = append(out, ticket.Claim{
				Severity: s, Evidence: name + ": " + strings.TrimSpace(h.Value), Where: ticket.WhereHeader,
				Rule: "header " + strings.ToLower(name),
			})
		}
	}
	return out
}

func headerSeverity(h ticket.Header) ticket.Severity {
	value := fold(strings.TrimSpace(h.Value)).s
	first, _, _ := strings.Cut(value, " ")
	switch strings.ToLower(strings.TrimSpace(h.Name)) {
	case "x-priority":
		switch strings.TrimRight(first, "(,;") {
		case "1", "2", "highest", "high", "urgent":
			return ticket.SeverityHigh
		case "4", "5", "lowest", "low":
			return ticket.SeverityLow
		}
	case "x-msmail-priority", "importance":
		switch first {
		case "high":
			return ticket.SeverityHigh
		case "low":
			return ticket.SeverityLow
		}
	case "priority":
		switch first {
		case "urgent":
			return ticket.SeverityHigh
		case "non-urgent":
			return ticket.SeverityLow
		}
	}
	return ticket.SeverityNormal
}
