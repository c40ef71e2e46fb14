package classifier

// judge decides on one mark: whether it is said of the reporter's own matter,
// now and in earnest.
type judge struct {
	t     *text
	m     match
	langs langset // whose words are looked for around the mark

	clause span
}

// verdict on a mark. cancelled and negatedBy exclude each other.
type verdict struct {
	cancelled string // why the mark does not count
	negatedBy string // the negation, as written
	evidence  span
}

func (j *judge) verdict() verdict {
	j.clause = j.t.clauseOf(j.m.from)
	j.clause.from = max(j.clause.from, j.m.from-reach)
	j.clause.to = max(min(j.clause.to, j.m.to+reach), j.m.to)
	tag := j.tag()
	for _, check := range []struct {
		name    string
		tagsToo bool
		holds   func() bool
	}{
		{"another meaning", true, j.otherMeaning},
		{"an option not chosen", true, j.notChosen},
		{"a name in quotes", true, j.quotedName},
		{"a third party's word", false, j.thirdParty},
		{"a question", true, j.asked},
		{"a condition", false, j.hypothetical},
	} {
		if (!tag || check.tagsToo) && check.holds() {
			return verdict{cancelled: check.name}
		}
	}
	if neg, ok := j.negation(); ok && j.m.role != roleNotMark {
		if j.m.role == roleLow || j.m.role == roleSaysLow {
			return verdict{cancelled: "a negated low mark"}
		}
		e := span{min(neg.from, j.m.from), max(neg.to, j.m.to)}
		return verdict{negatedBy: j.t.source(neg), evidence: e}
	}
	if !tag && j.past() {
		return verdict{cancelled: "past"}
	}
	return verdict{evidence: j.m.span}
}

// tag reports a mark that stands by itself, as a label does: what the rest of
// the sentence asks or supposes is not said of it.
func (j *judge) tag() bool {
	if j.t.any(j.clause, j.langs, roleMaybe, roleIf) {
		return false
	}
	for i := j.clause.from; i < j.clause.to; i++ {
		if i >= j.m.from && i < j.m.to || !j.t.toks[i].word {
			continue
		}
		if _, ok := j.t.at(i, j.langs, roleBetween, roleUs, roleField, roleItIs); !ok && !j.mark(i) {
			return false
		}
	}
	return true
}

// otherMeaning reports a mark word that is said of something else: part of a
// name, or of a noun that is no problem.
func (j *judge) otherMeaning() bool {
	t, m := j.t, j.m
	if o, ok := t.at(m.from, j.langs, roleOther); ok && o.from <= m.from && o.to >= m.to && o.to-o.from > m.to-m.from {
		return true
	}
	if o, ok := t.at(m.to-1, j.langs, roleOther); ok && o.from <= m.from && o.to >= m.to {
		return true
	}
	if j.called() || j.properName() {
		return true
	}
	return (m.role == roleCritical || m.role == roleCriticalHome || m.role == roleHigh) && m.to-m.from == 1 && j.saidOfStranger()
}

// called reports a mark right behind a word such as "button" or "named", unless
// somebody is asked to set it.
func (j *judge) called() (found bool) {
	t, m := j.t, j.m
	t.each(roleCalled, span{max(t.sentenceOf(m.from).from, m.from-6), m.from}, j.langs, func(x match) bool {
		found = t.words(span{x.to, m.from}) == 0 && !t.any(span{j.clause.from, x.from}, j.langs, roleMarkAs)
		return !found
	})
	return found
}

// properName reports a mark capitalised in the middle of a sentence before
// another capital: Critical Path Planner.
func (j *judge) properName() bool {
	t, m := j.t, j.m
	if m.to >= len(t.toks) || m.to-m.from > 1 || j.langs&germanNouns == germanNouns && j.langs.count() < 3 {
		return false
	}
	next := t.toks[m.to]
	if !next.word || !next.space || next.lines > 0 || t.toks[m.to].clause != t.toks[m.from].clause {
		return false
	}
	if !t.capital(m.from) || t.allCaps(m.from) || !t.capital(m.to) || t.allCaps(m.to) || m.from == t.sentenceOf(m.from).from {
		return false
	}
	_, problem := t.at(m.to, j.langs, roleProblem)
	return !problem
}

// saidOfStranger reports an adjective before a noun that is neither a problem
// nor part of ours. The noun must be known as one of ours, or the sentence must
// present it as ours; in a subject, whatever it opens with is ours.
func (j *judge) saidOfStranger() bool {
	t, m := j.t, j.m
	if m.to >= j.clause.to || !t.toks[m.to].word || j.afterNoun() {
		return false
	}
	if _, ok := t.at(m.to, j.langs, roleWord, roleBetween, roleIs, roleWas, roleNot, roleAnd, roleBut, roleUs); ok {
		return false
	}
	if t.any(span{m.to, min(m.to+3, j.clause.to)}, j.langs, roleProblem) {
		return false
	}
	if t.subject && m.from == j.clause.from {
		return false
	}
	if is, ok := t.last(roleIs, span{j.clause.from, m.from}, j.langs); ok && is.to == m.from {
		return false // "je urgentné …", "it is critical …": said of the clause
	}
	return !t.any(span{j.clause.from, m.from}, j.langs, roleFrame, roleOurs)
}

// afterNoun reports a language that puts the adjective behind its noun.
func (j *judge) afterNoun() bool {
	return j.m.lang&adjectiveLast != 0 && j.m.lang&^adjectiveLast == 0
}

// notChosen reports an option of a form that was not ticked, and a list of all
// levels, of which none is chosen.
func (j *judge) notChosen() bool { return j.t.unticked(j.m) || j.t.listed(j.m, j.langs) }

// quotedName reports a mark in quotation marks that nobody sets: a label, what a
// page says, what somebody typed.
func (j *judge) quotedName() bool {
	t := j.t
	open, end, ok := t.quotation(j.m.span)
	if !ok {
		return false
	}
	before := span{j.clause.from, j.m.from}
	if open < before.from {
		before.from = max(t.sentenceOf(j.m.from).from, open-reach)
	}
	if t.any(before, j.langs, roleMarkAs, roleField) {
		return false
	}
	whole := open <= j.clause.from && end >= j.clause.to-1
	return !(t.subject && whole && t.words(span{open, end}) == t.words(j.m.span) && open == 0)
}

// thirdParty reports a mark that another firm, an authority or a program gave.
func (j *judge) thirdParty() bool {
	t, m := j.t, j.m
	s := t.around(m)
	if t.any(s, j.langs, roleAdvisory) {
		return true
	}
	if x, ok := t.last(roleAnnounce, span{s.from, m.from}, j.langs); ok && !t.any(span{s.from, x.from}, j.langs, roleUs) {
		return true
	}
	ours := t.any(span{m.from, j.clause.to}, j.langs, roleUs) || t.any(span{j.clause.from, m.from}, j.langs, roleUs)
	for _, r := range []role{roleThey, roleBrand} {
		they, ok := t.last(r, span{s.from, m.from}, j.langs)
		if !ok {
			continue
		}
		if t.any(span{they.to, m.from}, j.langs, roleSay) {
			return true
		}
		if r == roleThey && !ours && t.toks[they.from].clause == t.toks[m.from].clause {
			return true
		}
	}
	if ours {
		return false
	}
	from, ok := t.first(roleFrom, span{m.to, j.clause.to}, j.langs)
	if !ok {
		return false
	}
	return t.any(span{from.to, min(from.to+4, j.clause.to)}, j.langs, roleThey, roleBrand)
}

// asked reports a mark inside a question, or inside words that ask how marks
// are given. A request put as a question ("Could you look at this critical
// fault?") is a request.
func (j *judge) asked() bool {
	t, m := j.t, j.m
	if t.any(span{j.clause.from, m.from}, j.langs, roleAsk) {
		return true
	}
	s := t.sentenceOf(m.from)
	if !s.question {
		return false
	}
	around := t.around(m)
	if j.stated(around.from) {
		return false
	}
	lastClause := t.toks[s.to-1].clause
	inLast := t.toks[m.to-1].clause == lastClause
	if !inLast && !j.opensWith(around, roleQuestion, roleIf, roleIfFirst, rolePlease) {
		return false
	}
	if t.any(span{around.from, m.from}, j.langs, rolePlease) {
		return t.any(around, j.langs, roleMarkAs, roleAsk)
	}
	return true
}

// stated reports a clause, not the first of its sentence, that says of itself
// that something is so: ", it is critical".
func (j *judge) stated(sentence int) bool {
	if j.clause.from <= sentence {
		return false
	}
	_, ok := j.t.first(roleItIs, span{j.clause.from, j.m.from}, j.langs)
	return ok || j.tag() && !j.opensWith(span{sentence, j.m.from}, roleQuestion)
}

// opensWith reports whether one of the roles stands at the beginning of s.
func (j *judge) opensWith(s span, roles ...role) bool {
	for s.from < s.to && !j.t.toks[s.from].word {
		s.from++
	}
	for _, r := range roles {
		if x, ok := j.t.first(r, s, j.langs); ok && x.from == s.from {
			return true
		}
	}
	return false
}

// hypothetical reports a mark that only holds under a condition, or in the
// future, or perhaps.
func (j *judge) hypothetical() bool {
	t, m := j.t, j.m
	if x, ok := t.last(roleMaybe, span{j.clause.from, m.from + 1}, j.langs); ok && m.role != roleLow && t.words(span{x.to, m.from}) <= 4 {
		_, really := t.at(x.from, j.langs, roleNotReally)
		return !really
	}
	if t.any(span{j.clause.from, m.from}, j.langs, roleMay) && t.any(span{m.to, min(m.to+3, j.clause.to)}, j.langs, roleBecome) {
		return true
	}
	s := t.around(m)
	if x, ok := j.condition(span{s.from, m.from}); ok {
		same := t.toks[x.from].clause == t.toks[m.from].clause
		if same || t.words(span{s.from, x.from}) <= 1 {
			return true
		}
	}
	after := span{m.to, min(m.to+6, s.to)}
	x, ok := j.conditionAfter(after)
	return ok && t.words(span{m.to, x.from}) <= 1
}

// condition is the last word in s that opens a condition.
func (j *judge) condition(s span) (found match, ok bool) {
	for _, r := range []role{roleIf, roleIfFirst} {
		j.t.each(r, s, j.langs, func(x match) bool {
			if j.conditional(x) && (!ok || x.from > found.from) {
				found, ok = x, true
			}
			return true
		})
	}
	return found, ok
}

func (j *judge) conditionAfter(s span) (found match, ok bool) {
	for _, r := range []role{roleIf, roleIfFirst} {
		j.t.each(r, s, j.langs, func(x match) bool {
			if !j.conditional(x) {
				return true
			}
			if !ok || x.from < found.from {
				found, ok = x, true
			}
			return false
		})
	}
	return found, ok
}

func (j *judge) conditional(x match) bool {
	t := j.t
	if _, ok := t.at(x.from, j.langs, roleNotIf); ok {
		return false
	}
	if x.role == roleIf {
		return true
	}
	if x.from == 0 || t.toks[x.from-1].clause != t.toks[x.from].clause || !t.toks[x.from-1].word || t.toks[x.from-1].sentence != t.toks[x.from].sentence {
		return true
	}
	_, ok := t.at(x.from-1, j.langs, roleAnd, roleBut)
	return ok
}

// past reports a mark that held once and no longer does.
func (j *judge) past() bool {
	t, m := j.t, j.m
	s := t.around(m)
	if t.any(s, j.langs, roleStill) {
		return false
	}
	before := span{max(j.clause.from, m.from-9), m.from}
	if was, ok := t.last(roleWas, before, j.langs); ok {
		is, present := t.last(roleIs, span{was.from, m.from}, j.langs)
		if !present || is.to <= was.to {
			return true
		}
	}
	gone := false
	t.each(roleFixed, s, j.langs, func(x match) bool {
		near := span{max(s.from, x.from-3), min(s.to, x.to+2)}
		gone = !t.any(near, j.langs, roleNot) && !t.any(span{max(s.from, x.from-8), x.from}, j.langs, roleUntil, roleIf)
		return !gone
	})
	return gone
}
