package classifier

import (
	"bufio"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"aismarttalk.tech/supportd/ticket"
)

//go:embed rules/*.txt
var ruleFiles embed.FS

// role is what a phrase does in a sentence: one per section of a rule file.
type role uint8

const (
	roleNone role = iota

	// Marks, and the words of forms.
	roleCritical
	roleCriticalAlways // never stands before the noun it is said of
	roleCriticalHome   // a mark only in mail of its own language: "critic"
	roleHigh
	roleHighAlways // needs no look at the noun that follows
	roleHighVerb   // "haster": its negation follows it
	roleLow        // an explicit low mark
	roleNotMark    // a negated mark in itself: "non-critical", "no rush"
	roleField      // "priority", "alvorlighed"
	roleSaysCritical
	roleSaysHigh
	roleSaysNormal
	roleSaysLow

	// What cancels a mark, and what saves it.
	roleNot
	roleNotReally
	roleDoubt // "I do not think", whose comma the negation passes
	roleNotAfter
	roleBetween
	roleIs
	roleWas
	roleFixed
	roleUntil
	roleStill
	roleIf
	roleIfFirst // a condition only where it opens a clause: "se", "als", "si"
	roleNotIf
	roleMaybe
	roleMay    // a modal verb, and
	roleBecome // the verb behind the mark that it goes with
	roleAsk
	rolePlease
	roleItIs
	roleThey
	roleBrand // a firm that is a third party only where it speaks
	roleFrom
	roleSay
	roleAnnounce // what firms and authorities do: "has warned", "has released"
	roleAdvisory
	roleUs
	roleOurs
	roleProblem
	roleFrame
	roleOther
	roleCalled
	roleMarkAs
	roleBut
	roleAnd

	// Frames of a mail.
	roleBye
	roleDisclaimer
	roleSpeaker
	roleForward
	roleSetting // opens a line about the reporter's machine

	// Impact.
	roleEveryone
	roleNobody
	roleDown
	roleWorks
	roleService
	roleWhole
	roleData
	roleGone
	roleStrangers
	rolePrivate
	roleShown
	roleBreach
	roleSales
	roleStopped
	roleTotal
	roleSome

	// Language, category and kind.
	roleWord
	roleKnown // a word that is no typing mistake of a mark
	roleCategory
	roleIdea // what a mail tells with, whatever its language
	roleWish
	roleQuestion // opens a question: "how", "kan", "is"
	roleDefect

	roleCount
)

// sectionRoles names the section of the rule files that fills each role.
var sectionRoles = [roleCount]string{
	roleCritical: "critical", roleCriticalAlways: "critical always", roleCriticalHome: "critical at home", roleHigh: "high", roleHighAlways: "high always", roleHighVerb: "high verb",
	roleLow: "low", roleNotMark: "low by negation", roleField: "field",
	roleSaysCritical: "says critical", roleSaysHigh: "says high", roleSaysNormal: "says normal", roleSaysLow: "says low",
	roleNot: "not", roleNotReally: "not really not", roleDoubt: "doubt", roleNotAfter: "not after", roleBetween: "between",
	roleIs: "is", roleWas: "was", roleFixed: "fixed", roleUntil: "until", roleStill: "still",
	roleIf: "if", roleIfFirst: "if at the start", roleNotIf: "not really if", roleMaybe: "maybe", roleMay: "may", roleBecome: "become", roleAsk: "ask", rolePlease: "please", roleItIs: "it is",
	roleThey: "they", roleBrand: "brand", roleFrom: "from", roleSay: "say", roleAnnounce: "announce", roleAdvisory: "advisory", roleUs: "us", roleOurs: "ours",
	roleProblem: "problem", roleFrame: "we have", roleOther: "other meaning", roleCalled: "called", roleMarkAs: "mark as",
	roleBut: "but", roleAnd: "and",
	roleBye: "goodbye", roleDisclaimer: "disclaimer", roleSpeaker: "speaker", roleForward: "forward prefix", roleSetting: "setting",
	roleEveryone: "everyone", roleNobody: "nobody", roleDown: "down", roleWorks: "works", roleService: "service",
	roleWhole: "whole", roleData: "data", roleGone: "gone",
	roleStrangers: "strangers", rolePrivate: "private", roleShown: "shown", roleBreach: "breach",
	roleSales: "sales", roleStopped: "stopped", roleTotal: "total", roleSome: "some",
	roleWord: "words", roleKnown: "no typing mistake",
	roleCategory: "category", roleIdea: "idea", roleWish: "wish", roleQuestion: "question", roleDefect: "defect",
}

// section is what a heading of a rule file says of the phrases below it.
type section struct {
	role     role
	origin   string  // the language of the file, or "configuration"
	category string  // for roleCategory; for roleIdea, its name
	weight   float64 // how much each speaks for its category
}

// fromConfig is the origin of the operator's phrases.
const fromConfig = "configuration"

// rule names the section for people: "da critical".
func (s *section) rule() string { return s.origin + " " + sectionRoles[s.role] }

// ruled is a phrase of a rule file, ready to be inserted.
type ruled struct {
	section *section
	lang    langset
	text    string // as it stands there
	slots   [][]string
}

// readRules reads every embedded rule file, side by side, and returns them in
// their order.
func readRules() ([][]ruled, error) {
	files, err := fs.Glob(ruleFiles, "rules/*.txt")
	if err != nil {
		return nil, fmt.Errorf("listing rules: %w", err)
	}
	rules, errs := make([][]ruled, len(files)), make([]error, len(files))
	var reading sync.WaitGroup
	for i, name := range files {
		reading.Go(func() {
			b, err := ruleFiles.ReadFile(name)
			if err == nil {
				rules[i], err = readRuleFile(strings.TrimSuffix(path.Base(name), ".txt"), string(b))
			}
			if err != nil {
				errs[i] = fmt.Errorf("reading %s: %w", name, err)
			}
		})
	}
	reading.Wait()
	return rules, errors.Join(errs...)
}

// insertAll compiles the rules, in their order.
func (t *tree) insertAll(rules [][]ruled) error {
	for _, file := range rules {
		for _, r := range file {
			if err := t.insert(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// samplesOf are the phrases of each language, as text: they show its letters.
func samplesOf(rules [][]ruled) (samples [len(languages)]string) {
	var text [len(languages)]strings.Builder
	for _, file := range rules {
		for _, r := range file {
			for i := range text {
				if r.lang == 1<<i && r.section.role < roleCategory {
					text[i].WriteString(unwild.Replace(r.text) + "\n")
				}
			}
		}
	}
	for i := range text {
		samples[i] = text[i].String()
	}
	return samples
}

// readRuleFile reads one file: "[section]" lines, and under each of them phrases
// parted by commas or line ends. "#" begins a comment at the start of a line.
func readRuleFile(tag, content string) (rules []ruled, err error) {
	lang, ok := languageSet(tag)
	if !ok {
		return nil, fmt.Errorf("no language %q", tag)
	}
	var under *section
	lines := bufio.NewScanner(strings.NewReader(content))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if name, ok := strings.CutPrefix(line, "["); ok {
			name, _, ok = strings.Cut(name, "]")
			if under = sectionNamed(name, tag); !ok || under == nil {
				return nil, fmt.Errorf("line %d: no section %q", n, line)
			}
			continue
		}
		if under == nil {
			return nil, fmt.Errorf("line %d: a phrase before any section", n)
		}
		for _, text := range strings.Split(line, ",") {
			if text = strings.TrimSpace(text); text == "" {
				continue
			}
			slots, err := slotsOf(text)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
			rules = append(rules, ruled{under, lang, text, slots})
		}
	}
	return rules, lines.Err()
}

// sectionNamed is the section of a heading in the file of that origin, or nil.
func sectionNamed(heading, origin string) *section {
	if c, ok := strings.CutPrefix(heading, "category "); ok {
		category, manner, _ := strings.Cut(c, " ")
		weight, ok := map[string]float64{"": phraseWeight, "strongly": strongWeight, "weakly": weakWeight}[manner]
		if !ok {
			return nil
		}
		return &section{role: roleCategory, origin: origin, category: category, weight: weight}
	}
	if idea, ok := strings.CutPrefix(heading, "idea "); ok {
		return &section{role: roleIdea, origin: origin, category: idea}
	}
	for r, s := range sectionRoles {
		if s == heading && r != int(roleNone) {
			return &section{role: role(r), origin: origin}
		}
	}
	return nil
}

// markSeverity is the level that a mark of this role claims; ok is false for
// roles that mark nothing.
func markSeverity(r role) (s ticket.Severity, ok bool) {
	switch r {
	case roleCritical, roleCriticalAlways, roleCriticalHome, roleSaysCritical:
		return ticket.SeverityCritical, true
	case roleHigh, roleHighAlways, roleHighVerb, roleSaysHigh:
		return ticket.SeverityHigh, true
	case roleLow, roleNotMark, roleSaysLow:
		return ticket.SeverityLow, true
	}
	return "", false
}
