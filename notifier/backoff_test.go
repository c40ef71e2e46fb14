package notifier

import (
	"testing"
	"time"
)

func TestDelay(t *testing.T) {
	n := sample(t, "da", "resolved")
	other := n
	other.Number++
	differ := false
	for attempt, want := range map[int]time.Duration{
		1: time.Minute, 2: 2 * time.Minute, 3: 4 * time.Minute, 6: 32 * time.Minute, 7: time.Hour, 8: time.Hour, 10_000: time.Hour,
	} {
		got := delay(n, attempt)
		if got < want-want/10 || got > want+want/10 {
			t.Errorf("after attempt %d a rest of %v, want about %v", attempt, got, want)
		}
		if again := delay(n, attempt); again != got {
			t.Errorf("attempt %d: %v and then %v: chance must not decide", attempt, got, again)
		}
		differ = differ || delay(other, attempt) != got
	}
	if !differ {
		t.Error("all notices come back together")
	}
}
