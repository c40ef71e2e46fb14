package classifier

import (
	"slices"

	"aismarttalk.tech/supportd/ticket"
)

// maxMarks bounds how many marks of one text are judged: a mail that says
// "urgent" more often than this says nothing new with the next.
const maxMarks = 100

// rank orders the severities.
func rank(s ticket.Severity) int {
	switch s {
	case ticket.SeverityCritical:
		return 3
	case ticket.SeverityHigh:
		return 2
	case ticket.SeverityLow:
		return 1
	}
	return 0
}

// unmarked is the claim of a mail that marks nothing.
func unmarked() ticket.Claim {
	return ticket.Claim{Severity: ticket.SeverityNormal, Where: ticket.WhereNone}
}

// claim finds the severity that the reporter marked. The strongest mark that
// nothing cancels wins, wherever it stands; among equals the subject goes before
// the body and the body before the headers, and the earlier before the later. A
// negated mark stands for low, where there is no other.
func (c *Classifier) claim(d *document) ticket.Claim {
	best := unmarked()
	take := func(candidates []ticket.Claim) {
		for _, x := range candidates {
			if rank(x.Severity) > rank(best.Severity) {
				best = x
			}
		}
	}
	var refused []string
	if !d.forwarded {
		found, why := marksIn(d.subject, d.langs, ticket.WhereSubject)
		take(found)
		refused = append(refused, why...)
	}
	found, why := marksIn(d.body, d.langs, ticket.WhereBody)
	take(found)
	take(headerClaim(d.marks))
	if best.Where == ticket.WhereNone && len(refused)+len(why) > 0 {
		best.Rule = append(refused, why...)[0]
	}
	return best
}

// marksIn judges every mark of a text. why says of the marks that do not count
// what cancelled them.
//
// Negated marks come after plain ones of the same level, and among them the
// stronger word comes first: of "not pressing, not critical" the second says
// more.
func marksIn(t *text, langs langset, where string) (claims []ticket.Claim, why []string) {
	var negatedCritical, negatedOther []ticket.Claim
	judged, end := 0, 0
	for i, m := range t.matches {
		if _, ok := markSeverity(m.role); !ok || m.from < end || judged >= maxMarks {
			continue
		}
		m = t.longestMark(i, langs)
		if m.phrase == nil {
			continue
		}
		severity, ok := markSeverity(m.role)
		if !ok {
			continue
		}
		end = m.to
		judged++
		j := judge{t: t, m: m, langs: langs | m.lang}
		if m.lang == allLanguages {
			j.langs = langs
		}
		v := j.verdict()
		if v.cancelled != "" {
			why = append(why, m.rule()+", cancelled: "+v.cancelled)
			continue
		}
		claim := ticket.Claim{Severity: severity, Evidence: t.source(v.evidence), Where: where, Rule: m.rule()}
		if m.typo {
			claim.Rule += ", one letter off"
		}
		switch {
		case v.negatedBy == "":
			claims = append(claims, claim)
		case severity == ticket.SeverityCritical:
			negatedCritical = append(negatedCritical, negated(claim, v))
		default:
			negatedOther = append(negatedOther, negated(claim, v))
		}
	}
	return slices.Concat(claims, negatedCritical, negatedOther), why
}

func negated(c ticket.Claim, v verdict) ticket.Claim {
	c.Severity = ticket.SeverityLow
	c.Rule += ", negated: " + v.negatedBy
	return c
}

// longestMark is the longest mark that begins at the same token as match i and
// may count: a form's answer counts only behind its field, and some words only in
// their own language, being others elsewhere.
func (t *text) longestMark(i int, langs langset) match {
	best := match{}
	for _, m := range t.matches[i:] {
		if m.from != t.matches[i].from {
			break
		}
		if _, ok := markSeverity(m.role); !ok {
			continue
		}
		switch m.role {
		case roleCriticalHome, roleHighVerb:
			if m.lang&langs == 0 {
				continue
			}
		case roleSaysCritical, roleSaysHigh, roleSaysLow:
			from, ok := t.answer(m, langs)
			if !ok {
				continue
			}
			m.from = from
		}
		length, longest := m.to-m.from, best.to-best.from
		if best.phrase == nil || length > longest || length == longest && best.lang&langs == 0 && m.lang&langs != 0 {
			best = m
		}
	}
	return best
}
