package page

// In is the words, dates and shapes of a language, for texts that a handler puts
// together: those of a form, or of an answer that is no page.
func (p *Pages) In(lang string) Context {
	s := p.site
	lang = s.near(lang, p.Languages())
	return Context{Lang: lang, Desk: s.cfg.DeskName, words: p.words[lang], frame: s.frame[lang], wording: s.deps.Texts.Wording(lang), now: s.deps.Now()}
}
