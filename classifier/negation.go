package classifier

import "strings"

// negation finds what negates the mark: before it, with nothing but light words
// in between, or behind a verb or a copula ("haster ikke", "kritisch ist es
// nicht").
func (j *judge) negation() (span, bool) {
	if neg, ok := j.negationBefore(); ok {
		return neg, true
	}
	return j.negationAfter()
}

func (j *judge) negationBefore() (span, bool) {
	t := j.t
	unknown, copula := 0, false
	if at := j.clause.from - 1; at > 0 && t.toks[at].form == "," && j.m.from-at <= 9 {
		// "I do not think, that this is critical": a comma that says nothing.
		if d, ok := t.at(at-1, j.langs, roleDoubt); ok && d.to == at && j.onlyLight(at+1) {
			return d.span, true
		}
	}
	for i := j.m.from - 1; i >= j.clause.from && j.m.from-i <= 9; i-- {
		k := t.toks[i]
		if !k.word {
			if strings.Contains("\"'/„“”«»*", k.form) {
				continue
			}
			return span{}, false
		}
		if _, ok := t.at(i, j.langs, roleNotReally); ok {
			return span{}, false
		}
		if neg, ok := t.at(i, j.langs, roleNot); ok {
			near := span{max(neg.from-2, j.clause.from), min(neg.to+2, j.m.from)}
			copula = copula || t.any(near, j.langs, roleIs)
			if unknown > 0 && !copula || unknown > 2 {
				return span{}, false
			}
			if !copula && j.labelBehind(neg) {
				return span{}, false
			}
			return neg.span, true
		}
		if _, ok := t.at(i, j.langs, roleIs); ok {
			copula = true
			continue
		}
		if _, ok := t.at(i, j.langs, roleBut); ok {
			return span{}, false
		}
		if _, ok := t.at(i, j.langs, roleAnd); ok && !j.mark(i-1) {
			return span{}, false // "it does not run and that is critical"
		}
		if _, ok := t.at(i, j.langs, roleBetween, roleProblem, roleMarkAs, roleUs, roleItIs); !ok && !j.mark(i) {
			unknown++
		}
	}
	return span{}, false
}

// labelBehind reports a mark in capitals behind a sentence that ends with its own
// negation and no full stop: "login virker ikke KRITISK".
func (j *judge) labelBehind(neg match) bool {
	t := j.t
	if neg.to != j.m.from || neg.from <= j.clause.from || !t.allCaps(j.m.from) || t.allCaps(neg.from) {
		return false
	}
	_, light := t.at(neg.from-1, j.langs, roleBetween, roleIs, roleItIs)
	return !light
}

// mark reports whether token i is part of a mark.
func (j *judge) mark(i int) bool {
	_, ok := j.t.at(i, j.langs, roleCritical, roleCriticalAlways, roleCriticalHome, roleHigh, roleHighAlways, roleHighVerb)
	return ok
}

// onlyLight reports whether nothing but light words stands between token i and
// the mark.
func (j *judge) onlyLight(i int) bool {
	for ; i < j.m.from; i++ {
		if _, ok := j.t.at(i, j.langs, roleBetween, roleIs, roleItIs, roleProblem, roleUs); !ok {
			return false
		}
	}
	return true
}

func (j *judge) negationAfter() (span, bool) {
	t := j.t
	verb := j.m.role == roleHighVerb
	copula := false
	for i := j.m.to; i < j.clause.to && i-j.m.to < 6; i++ {
		if !t.toks[i].word {
			return span{}, false
		}
		if neg, ok := t.at(i, j.langs, roleNotAfter); ok {
			_, really := t.at(i, j.langs, roleNotReally)
			return neg.span, (verb || copula) && !really
		}
		if _, ok := t.at(i, j.langs, roleIs, roleItIs); ok {
			copula = true
			continue
		}
		if _, ok := t.at(i, j.langs, roleBetween, roleUs); !ok {
			return span{}, false
		}
	}
	return span{}, false
}
