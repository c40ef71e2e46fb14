package page

import (
	"fmt"
	"html/template"
	"text/template/parse"
)

// known finds words and templates that a page asks for and that are not there, when the
// program starts and not when somebody reads the page. Keys that a template puts
// together are found by reading it alone.
func (p *Pages) known(t *template.Template) error {
	table := p.words[p.Languages()[0]]
	for _, one := range t.Templates() {
		if one.Tree == nil || one.Tree.Root == nil {
			continue
		}
		for _, w := range asked(one.Tree.Root) {
			if w.method == "" {
				if t.Lookup(w.key) == nil {
					return fmt.Errorf("%s asks for a template that is not there: %q", one.Name(), w.key)
				}
				continue
			}
			have := table
			if w.method == "Frame" {
				have = p.site.frame[p.site.cfg.DefaultLanguage]
			}
			for _, key := range w.keys() {
				if _, ok := have[key]; !ok {
					return fmt.Errorf("%s asks for words that are not there: %q", one.Name(), key)
				}
			}
		}
	}
	return nil
}

// word is one that a template looks up by a method; without a method, a template that
// it asks for.
type word struct{ method, key string }

// keys are those that a call looks up.
func (w word) keys() []string {
	if w.method == "N" {
		return []string{w.key + ".one", w.key + ".other"}
	}
	return []string{w.key}
}

// asked are the calls of T, N and Frame with a fixed key, and of templates.
func asked(n parse.Node) []word {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		return each(n.Nodes)
	case *parse.ActionNode:
		return asked(n.Pipe)
	case *parse.TemplateNode:
		found := []word{{key: n.Name}}
		if n.Pipe != nil {
			found = append(found, asked(n.Pipe)...)
		}
		return found
	case *parse.IfNode:
		return branch(n.BranchNode)
	case *parse.RangeNode:
		return branch(n.BranchNode)
	case *parse.WithNode:
		return branch(n.BranchNode)
	case *parse.PipeNode:
		return each(n.Cmds)
	case *parse.CommandNode:
		found := each(n.Args)
		if len(n.Args) < 2 {
			return found
		}
		if key, ok := n.Args[1].(*parse.StringNode); ok {
			if m := method(n.Args[0]); m != "" {
				found = append(found, word{m, key.Text})
			}
		}
		return found
	}
	return nil
}

func each[T parse.Node](nodes []T) (found []word) {
	for _, n := range nodes {
		found = append(found, asked(n)...)
	}
	return found
}

func branch(b parse.BranchNode) []word {
	return append(append(asked(b.Pipe), asked(b.List)...), asked(b.ElseList)...)
}

// method is the name of a method that looks words up, as in .T or $.T.
func method(n parse.Node) string {
	var path []string
	switch n := n.(type) {
	case *parse.FieldNode:
		path = n.Ident
	case *parse.VariableNode:
		path = n.Ident
	}
	if len(path) > 0 {
		switch last := path[len(path)-1]; last {
		case "T", "N", "Frame":
			return last
		}
	}
	return ""
}
