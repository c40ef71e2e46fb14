package classifier

// ImpactSevere is the reading of a mail that tells of something grave.
const ImpactSevere = "severe"

// maxFrame is how far the words of one grave fact may lie apart, in tokens.
const maxFrame = 16

// impact looks for facts that are grave whatever the reporter calls them: all are
// cut off, data are lost, strangers see what is private, nothing can be sold. It
// suggests; it is no claim and changes none. kind is which of them, "" for none;
// evidence is the part of the sentence that tells it, as written.
func (d *document) impact() (kind, evidence string) {
	texts := []*text{d.subject, d.body}
	if d.forwarded {
		texts = texts[1:]
	}
	for _, t := range texts {
		for _, s := range t.sentences {
			if s.question || t.toks[s.from].off {
				continue
			}
			s.to = min(s.to, s.from+2*reach)
			f := frame{t: t, s: s.span, langs: d.langs}
			if kind, e := f.grave(); kind != "" && f.holds(e) {
				return kind, t.source(e)
			}
		}
	}
	return "", ""
}

// frame is a sentence in which grave facts are looked for.
type frame struct {
	t     *text
	s     span
	langs langset
}

// grave finds the first kind of grave fact that the sentence tells.
func (f frame) grave() (kind string, e span) {
	for _, k := range []struct {
		name string
		find func() (span, bool)
	}{{"outage", f.outage}, {"loss", f.loss}, {"breach", f.breach}, {"sales", f.sales}} {
		if e, ok := k.find(); ok {
			return k.name, e
		}
	}
	return "", span{}
}

// holds reports whether what e tells is said to be so now, and not denied,
// supposed, feared, overcome, or true of a few only.
func (f frame) holds(e span) bool {
	t := f.t
	if t.any(f.s, f.langs, roleMaybe, roleAdvisory) || t.any(span{f.s.from, e.to}, f.langs, roleIf) {
		return false
	}
	if t.any(f.s, f.langs, roleNotMark) || f.some() {
		return false
	}
	fixed := false
	t.each(roleFixed, f.s, f.langs, func(x match) bool {
		fixed = !t.any(span{max(f.s.from, x.from-2), min(f.s.to, x.to+2)}, f.langs, roleNot)
		return !fixed
	})
	return !fixed
}

// some reports words such as "a few" or "one of", which "every one of" is not.
func (f frame) some() (found bool) {
	f.t.each(roleSome, f.s, f.langs, func(m match) bool {
		q, all := f.t.at(m.from, f.langs, roleEveryone, roleNobody)
		found = !all || q.to-q.from < m.to-m.from && q.from == m.from
		return !found
	})
	return found
}

// denied reports a negation right before token i.
func (f frame) denied(i int) bool {
	return f.t.any(span{max(f.s.from, i-2), i}, f.langs, roleNot)
}

// outage: everything is down, everybody is locked out, nobody gets through.
func (f frame) outage() (span, bool) {
	if m, ok := f.t.first(roleTotal, f.s, f.langs); ok && !f.denied(m.from) {
		return m.span, true
	}
	if e, ok := f.joined(roleEveryone, roleService, roleDown); ok {
		return e, true
	}
	return f.joined(roleNobody, roleService, roleWorks)
}

// joined finds a quantifier, the noun that it counts close behind it, and what
// is said of it on either side.
func (f frame) joined(quantifier, noun, said role) (e span, ok bool) {
	f.t.each(quantifier, f.s, f.langs, func(q match) bool {
		n, found := f.t.first(noun, span{q.from, min(q.to+4, f.s.to)}, f.langs)
		if !found {
			return true
		}
		near := span{max(f.s.from, q.from-maxFrame), min(f.s.to, n.to+maxFrame)}
		if quantifier == roleNobody {
			near.from = q.to
		}
		f.t.each(said, near, f.langs, func(x match) bool {
			if x.from < n.to && n.from < x.to {
				return true
			}
			e, ok = span{min(q.from, x.from), max(n.to, x.to)}, true
			return false
		})
		return !ok
	})
	return e, ok
}

// loss: all of some data is gone.
func (f frame) loss() (span, bool) {
	return f.joined(roleWhole, roleData, roleGone)
}

// breach: an intruder, a leak, or strangers who see what is private.
func (f frame) breach() (span, bool) {
	if m, ok := f.t.first(roleBreach, f.s, f.langs); ok && !f.denied(m.from) {
		return m.span, true
	}
	strangers, ok := f.t.first(roleStrangers, f.s, f.langs)
	if !ok {
		return span{}, false
	}
	near := span{max(f.s.from, strangers.from-maxFrame), min(f.s.to, strangers.to+maxFrame)}
	private, ok := f.other(rolePrivate, near, strangers.span)
	if !ok {
		return span{}, false
	}
	shown, ok := f.other(roleShown, near, strangers.span)
	if !ok || f.denied(shown.from) {
		return span{}, false
	}
	return span{min(strangers.from, private.from, shown.from), max(strangers.to, private.to, shown.to)}, true
}

// other is the first match of a role in s that does not lie within taken.
func (f frame) other(r role, s, taken span) (found match, ok bool) {
	f.t.each(r, s, f.langs, func(m match) bool {
		found, ok = m, m.from < taken.from || m.to > taken.to
		return !ok
	})
	return found, ok
}

// sales: no order comes through, nothing can be bought.
func (f frame) sales() (span, bool) {
	if e, ok := f.joined(roleNobody, roleSales, roleWorks); ok {
		return e, true
	}
	if e, ok := f.joined(roleEveryone, roleSales, roleStopped); ok {
		return e, true
	}
	return f.joined(roleNobody, roleService, roleSales)
}
