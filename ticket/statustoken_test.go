package ticket

import (
	"bytes"
	"testing"
	"time"
)

func TestStatusToken(t *testing.T) {
	const id ID = "AIS-7K3Q-M2XQ"
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	ring := Keyring{Current: '1', Keys: map[byte][]byte{'0': bytes.Repeat([]byte{1}, 32), '1': bytes.Repeat([]byte{2}, 32)}}
	token := ring.StatusToken(id, now.Add(time.Hour))
	old := ring.At("0").StatusToken(id, now.Add(time.Hour))
	for _, c := range []struct {
		name, token string
		at          time.Time
		want        bool
	}{
		{"ours", token, now, true},
		{"until its last second", token, now.Add(time.Hour - time.Second), true},
		{"expired", token, now.Add(time.Hour), false},
		{"by an older key of the ring", old, now, true},
		{"a reply token", ring.ReplyToken(id, "kunde@firma.example"), now, false},
		{"the name of a letter", ring.NoticeName(id, 1), now, false},
		{"cut off", token[:len(token)-1], now, false},
		{"nothing", "", now, false},
	} {
		got, ok := ring.VerifyStatus(c.token, c.at)
		if ok != c.want || ok && got != id {
			t.Errorf("%s: %s, %v", c.name, got, ok)
		}
	}
	if _, ok := (Keyring{Current: '1', Keys: map[byte][]byte{'1': ring.Keys['1']}}).VerifyStatus(old, now); ok {
		t.Error("a token outlives its key")
	}
}

// Whatever is sent for a token, only what the ring signed is one.
func FuzzVerifyStatus(f *testing.F) {
	ring := Keyring{Current: '0', Keys: map[byte][]byte{'0': bytes.Repeat([]byte{1}, 32)}}
	expires := time.Unix(2_000_000_000, 0)
	f.Add(ring.StatusToken("AIS-7K3Q-M2XQ", expires))
	f.Add("ais7k3qm2xq.x.0")
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		for _, now := range []time.Time{{}, time.Unix(0, 0)} {
			if id, ok := ring.VerifyStatus(token, now); ok && id != "AIS-7K3Q-M2XQ" {
				t.Errorf("%q shows %s", token, id)
			}
		}
	})
}
