package rediskv

import (
	"reflect"
	"testing"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/storetest"
)

// The scan script touches no record that its caller did not name: that is what lets it
// run where scripts are held to the keys they declare.
func TestScanScriptKeepsToItsKeys(t *testing.T) {
	b, err := New(Config{URL: storetest.Redis(t).URL(), Desk: "firma", Rev: func() uint64 { return 0xabc }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	err = b.Apply(t.Context(), store.Batch{Put: []store.Record{{Key: "ticket/1", Value: []byte("one")}, {Key: "ticket/2", Value: []byte("two")}}})
	if err != nil {
		t.Fatal(err)
	}
	args := []any{"[ticket/", "(ticket0", 2, 3, "{firma}:"}
	for _, c := range []struct {
		name string
		keys []string
		want []any
	}{
		{"none named", nil, []any{int64(0), "ticket/1", "ticket/2"}},
		{"one named", []string{"{firma}:ticket/1"}, []any{int64(0), "ticket/1", "ticket/2"}},
		{
			"all named, and one more",
			[]string{"{firma}:ticket/0", "{firma}:ticket/1", "{firma}:ticket/2"},
			[]any{int64(1), "ticket/1", "0000000000000abc one", "ticket/2", "0000000000000abc two"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := b.run(t.Context(), b.scan, append([]string{"{firma}.keys:ticket"}, c.keys...), args)
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("the script returns %q, %v, want %q", got, err, c.want)
			}
		})
	}
}
