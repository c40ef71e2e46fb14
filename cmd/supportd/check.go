package main

import (
	"fmt"
	"slices"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// check finds what is wrong with values that are well-formed, and names the
// place where each was written.
func (c configuration) check() faults {
	var fs faults
	report := func(key, format string, args ...any) {
		fs = append(fs, fault{Where: c.place(key), Key: key, Text: fmt.Sprintf(format, args...)})
	}
	if c.DataDir == "" {
		report("data_dir", "must name a folder")
	}
	switch given := c.Store.URL != "" || c.Store.URLFile != ""; {
	case c.Store.Kind == "redis" && !given:
		report("store.url", "store.kind redis needs the address of the server, such as redis://127.0.0.1:6379/0")
	case c.Store.Kind != "redis" && given:
		report("store.url", "only store.kind redis has an address; kind is %s", c.Store.Kind)
	case c.Store.URL != "" && c.Store.URLFile != "":
		report("store.url_file", "store.url is set too; keep one")
	}
	c.checkNames(report)
	return fs
}

// place is where a key was written, or the section that lacks it.
func (c configuration) place(key string) string {
	for {
		if where, ok := c.origins[key]; ok {
			return where
		}
		i := strings.LastIndexAny(key, ".[")
		if i < 0 {
			return ""
		}
		key = key[:i]
	}
}

// checkNames looks for people and tokens that stand twice.
func (c configuration) checkNames(report func(key, format string, args ...any)) {
	staff := map[string]bool{}
	for i, p := range c.Staff {
		key := fmt.Sprintf("staff[%d].address", i)
		address := ticket.FoldAddress(p.Address)
		switch {
		case !strings.Contains(address, "@"):
			report(key, "want a mail address; got %q", p.Address)
		case staff[address]:
			report(key, "%s is listed twice; give one entry all the roles", p.Address)
		case len(p.Roles) == 0:
			report(fmt.Sprintf("staff[%d].roles", i), "%s has no role; there are support, dev, qa, owner", p.Address)
		}
		staff[address] = true
	}
	tokens := map[string]bool{}
	for i, t := range c.HTTP.Tokens {
		key := fmt.Sprintf("http.tokens[%d]", i)
		if t.Name == "" || tokens[t.Name] {
			report(key+".name", "each token needs a name of its own")
		}
		if t.TokenFile == "" {
			report(key+".token_file", "name the file that holds the token")
		}
		tokens[t.Name] = true
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
