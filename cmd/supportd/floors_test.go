package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "aismarttalk.tech/supportd"

// floors of the house: imports only go down, and never sideways but where
// sideways lists it.
var floors = map[string]int{
	"ticket": 0, "words": 0, "testdata/demo": 0,
	"parser": 1, "classifier": 1, "templates": 1, "origin": 1, "scanner": 1, "faq": 1,
	"web/page": 1, "web/page/pagetest": 1, "web/page/browsertest": 1,
	"store": 1, "store/journal": 1, "store/archive": 1, "store/archive/archivetest": 1, "store/storetest": 1,
	"store/backup": 1,
	"store/memkv":  1, "store/boltkv": 1, "store/rediskv": 1, "store/search": 1, "store/sent": 1,
	"desk": 2, "desk/report": 2, "desk/chat": 2, "chatbot": 2, "chatbot/phrasing": 2,
	"smtpd": 3, "notifier": 3, "web": 3, "web/console": 3, "web/mcp": 3, "web/public": 3, "web/widget": 3,
	"cmd/supportd": 4,
}

// sideways are the imports between packages of one floor: the store's parts
// build on store, and pages call things what letters call them.
var sideways = map[string][]string{
	"web/page":    {"templates"},     // names of states, dates
	"store":       {"store/journal"}, // the envelope of a mail's record
	"store/memkv": {"store"}, "store/boltkv": {"store"}, "store/rediskv": {"store"},
	"store/storetest":           {"store", "store/memkv"},
	"store/archive":             {"store/journal"},
	"store/archive/archivetest": {"store/archive", "store/journal"},
	"store/backup":              {"store", "store/archive", "store/journal"},
	"store/search":              {"store"},                  // what its follower reads
	"desk/chat":                 {"chatbot", "desk/report"}, // whom it lets talk, and where reports go
	"web/page/browsertest":      {"store/storetest"},        // what finds programs
}

// drivers is what a backend may import from outside the module.
var drivers = map[string][]string{
	"store/memkv":   nil,
	"store/boltkv":  {"go.etcd.io/bbolt"},
	"store/rediskv": {"github.com/redis/go-redis/v9"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal("go list:", err)
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestFloors(t *testing.T) {
	for _, p := range listPackages(t) {
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		floor, ok := floors[name]
		if !ok {
			t.Errorf("%s stands on no floor: add it to the table, or put it elsewhere", name)
			continue
		}
		for _, i := range p.Imports {
			if fault := wrongImport(name, floor, i); fault != "" {
				t.Errorf("%s imports %s: %s", name, i, fault)
			}
		}
	}
}

// wrongImport says why a package may not import another, "" if it may.
func wrongImport(name string, floor int, imported string) string {
	inner, ours := strings.CutPrefix(imported, module+"/")
	switch {
	case ours:
		below, ok := floors[inner]
		switch {
		case !ok:
			return "it stands on no floor"
		case below > floor:
			return "imports go down only"
		case below == floor && !slices.Contains(sideways[name], inner):
			return "packages of one floor do not know each other"
		}
	case standard(imported):
	case name == "ticket":
		return "the domain imports the standard library only"
	default:
		allowed, backend := drivers[name]
		if backend && !slices.ContainsFunc(allowed, func(d string) bool { return imported == d || strings.HasPrefix(imported, d+"/") }) {
			return "a backend imports its driver only"
		}
	}
	return ""
}

// standard reports whether a path is of the standard library: its first
// element has no dot.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// The rules of the test are themselves tested: each must be able to fail.
func TestFloorRules(t *testing.T) {
	for _, c := range []struct {
		name, imported string
		ok             bool
	}{
		{"ticket", "net/mail", true},
		{"ticket", "golang.org/x/text/cases", false},
		{"ticket", module + "/parser", false},
		{"parser", module + "/ticket", true},
		{"parser", module + "/classifier", false},
		{"desk", module + "/store/journal", true},
		{"smtpd", module + "/desk", true},
		{"smtpd", module + "/notifier", false},
		{"smtpd", module + "/unknown", false},
		{"store/boltkv", "go.etcd.io/bbolt/errors", true},
		{"store/boltkv", "github.com/rs/zerolog", false},
		{"store/boltkv", module + "/store", true},
		{"store/boltkv", module + "/store/memkv", false},
		{"cmd/supportd", module + "/web", true},
	} {
		if got := wrongImport(c.name, floors[c.name], c.imported) == ""; got != c.ok {
			t.Errorf("%s imports %s: allowed is %v, want %v", c.name, c.imported, got, c.ok)
		}
	}
}
