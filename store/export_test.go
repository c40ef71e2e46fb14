package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
)

// A keyspace that Keyspaces does not name would be left out of every backup.
func TestEveryKeyspaceIsExported(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "keys.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		lit, ok := spec.Values[0].(*ast.BasicLit)
		name := spec.Names[0].Name
		if !ok || lit.Kind != token.STRING || !strings.HasPrefix(name, "keyspace") && !strings.HasSuffix(name, "Key") {
			return true
		}
		value, _ := strconv.Unquote(lit.Value)
		space, _, _ := strings.Cut(value, "/")
		found++
		if !slices.Contains(store.Keyspaces(), space) {
			t.Errorf("%s: keyspace %q is not among Keyspaces", name, space)
		}
		return true
	})
	if found < 10 || !slices.IsSorted(store.Keyspaces()) {
		t.Errorf("%d keyspaces found in keys.go; exported, in this order: %q", found, store.Keyspaces())
	}
}

// pages hides that a backend can show one moment.
type pages struct{ store.Backend }

func fill(t *testing.T, b store.Backend, n int) {
	t.Helper()
	batch := store.Batch{Put: []store.Record{{Key: "schema/version", Value: []byte("1")}}}
	for i := range n {
		batch.Put = append(batch.Put, store.Record{Key: store.Key("event", "AIS-1", strconv.Itoa(10_000+i)), Value: []byte(strconv.Itoa(i))})
	}
	if err := b.Apply(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

func TestExportInPagesAndAtOnce(t *testing.T) {
	b := memkv.New()
	fill(t, b, 1500) // three pages and an end
	var sums []string
	for _, backend := range []store.Backend{b, pages{b}} {
		d, last := store.NewDigest(), ""
		err := store.Export(t.Context(), backend, func(r store.Record) error {
			if r.Key <= last {
				t.Errorf("%s comes behind %s", r.Key, last)
			}
			last = r.Key
			d.Add(r.Key, r.Value)
			return nil
		})
		if err != nil || d.Count != 1501 {
			t.Fatalf("%d records, %v", d.Count, err)
		}
		sums = append(sums, d.Sum())
	}
	if sums[0] != sums[1] {
		t.Errorf("digests differ: %q", sums)
	}
}

func TestClearLeavesNothing(t *testing.T) {
	b := memkv.New()
	fill(t, b, 1500)
	if empty, err := store.Empty(t.Context(), b); empty || err != nil {
		t.Fatalf("empty: %v %v", empty, err)
	}
	if err := store.Clear(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if err := store.Export(t.Context(), b, func(r store.Record) error { t.Error("left:", r.Key); return nil }); err != nil {
		t.Fatal(err)
	}
	if empty, err := store.Empty(t.Context(), b); !empty || err != nil {
		t.Errorf("empty: %v %v", empty, err)
	}
}

func TestDigestKeepsKeyAndValueApart(t *testing.T) {
	a, b := store.NewDigest(), store.NewDigest()
	a.Add("ticket/a", []byte("bc"))
	b.Add("ticket/ab", []byte("c"))
	if a.Sum() == b.Sum() {
		t.Error("other records, same digest")
	}
}
