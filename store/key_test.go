package store_test

import (
	"errors"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/store"
)

// bad-input 147: metacharacters of Redis, line breaks and braces in IDs become
// harmless text; two different IDs never become one key.
func TestKeyEscapes(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	for _, c := range []struct {
		name string
		part string
		want string
	}{
		{"an ID of ours", "AIS-7K3Q-M2XD", "clue/AIS-7K3Q-M2XD"},
		{"a Message-ID", "abc.1@mail.firma.example", "clue/abc.1@mail.firma.example"},
		{"empty", "", "clue/"},
		{"slash", "a/b", "clue/a%2Fb"},
		{"hash tag", "{other}:x", "clue/%7Bother%7D:x"},
		{"line breaks", "a\r\nDEL x", "clue/a%0D%0ADEL%20x"},
		{"pattern", "a*?[b]", "clue/a%2A%3F%5Bb%5D"},
		{"NUL", "a\x00b", "clue/a%00b"},
		{"æøå", "på", "clue/p%C3%A5"},
		{"already escaped", "a%2Fb", "clue/a%252Fb"},
		{"a shortened part forged", "x~00", "clue/x%7E00"},
		{"long", long, "clue/" + strings.Repeat("x", 54) + "~e4ee97ec252749d2096447e849628d0d7734f51700416eefbb33574bf0b3ee75"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := store.Key("clue", c.part)
			if got != c.want {
				t.Fatalf("Key = %q, want %q", got, c.want)
			}
			if err := store.CheckKey(got); err != nil {
				t.Error(err)
			}
		})
	}
}

// A key of a keyspace and four parts of any content is one that backends accept,
// and splitting it at its slashes gives the escaped parts back.
func FuzzKey(f *testing.F) {
	f.Add("a", "b", "c", "d")
	f.Add("", "/", "%2F", "~")
	f.Add(strings.Repeat("å", 60), strings.Repeat("/", 41), "\x00\r\n", "{x}")
	f.Fuzz(func(t *testing.T, a, b, c, d string) {
		key := store.Key("index", a, b, c, d)
		if err := store.CheckKey(key); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(key, "/"); n != 4 {
			t.Fatalf("%q has %d slashes, want 4", key, n)
		}
		if same := store.Key("index", b, a, c, d) == key; same != (a == b) {
			t.Fatalf("%q and %q give the same key: %v", a, b, same)
		}
	})
}

func TestCheckKeyRefuses(t *testing.T) {
	for name, key := range map[string]string{
		"empty":               "",
		"no keyspace":         "ticket",
		"empty keyspace":      "/ticket",
		"upper-case keyspace": "Ticket/1",
		"brace in keyspace":   "{other}/1",
		"unescaped brace":     "ticket/{1}",
		"line break":          "ticket/1\n",
		"8-bit":               "ticket/å",
		"too long":            "ticket/" + strings.Repeat("1", store.MaxKey),
	} {
		t.Run(name, func(t *testing.T) {
			if err := store.CheckKey(key); !errors.Is(err, store.ErrInvalid) {
				t.Errorf("CheckKey(%q) = %v, want ErrInvalid", key, err)
			}
		})
	}
}

func TestCheckRange(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to string
		limit    int
		ok       bool
	}{
		{"a keyspace", "ticket/", store.PrefixEnd("ticket/"), 1, true},
		{"a part of it", "ticket/a", "ticket/b", 1, true},
		{"backwards, so empty", "ticket/b", "ticket/a", 1, true},
		{"two keyspaces", "event/", "ticket/", 1, false},
		{"everything", "", "zzz", 1, false},
		{"past the end", "ticket/", "ticket1", 1, false},
		{"limit 0", "ticket/", "ticket0", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := store.CheckRange(c.from, c.to, c.limit)
			if ok := err == nil; ok != c.ok {
				t.Errorf("CheckRange = %v", err)
			}
		})
	}
}

func TestPrefixEnd(t *testing.T) {
	for prefix, want := range map[string]string{
		"ticket/":  "ticket0",
		"a\xff":    "b",
		"\xff\xff": "",
	} {
		if got := store.PrefixEnd(prefix); got != want {
			t.Errorf("PrefixEnd(%q) = %q, want %q", prefix, got, want)
		}
	}
}
