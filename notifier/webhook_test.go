package notifier

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
)

const hookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="

// hookBench is a sender of webhooks over a store, with a receiver that answers as
// scripted.
type hookBench struct {
	t        *testing.T
	store    *store.Store
	queue    *store.Deliveries
	hooks    *Webhooks
	receiver *httptest.Server

	mu      sync.Mutex
	now     time.Time
	answers []int // the last one for ever
	got     []*http.Request
	bodies  []string
}

func newHookBench(t *testing.T, answers ...int) *hookBench {
	t.Helper()
	st, err := store.New(memkv.New(), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	b := &hookBench{t: t, store: st, queue: store.NewDeliveries(st), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), answers: answers}
	b.receiver = httptest.NewServer(b)
	t.Cleanup(b.receiver.Close)
	b.wire(true)
	return b
}

func (b *hookBench) wire(private bool) {
	b.t.Helper()
	secret, err := ParseWebhookSecret(hookSecret + "\n")
	if err != nil {
		b.t.Fatal(err)
	}
	w := Webhook{URL: b.receiver.URL + "/hooks", Secret: secret, Private: true}
	b.hooks, err = NewWebhooks([]Webhook{w}, b.queue, b.clock, zerolog.Nop())
	if err != nil {
		b.t.Fatal(err)
	}
	if !private {
		r := b.hooks.hooks[w.URL]
		r.Private = false
		r.client = r.Webhook.client()
		b.hooks.hooks[w.URL] = r
	}
	b.t.Cleanup(func() {
		for _, r := range b.hooks.hooks {
			r.client.CloseIdleConnections()
		}
	})
}

func (b *hookBench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *hookBench) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got, b.bodies = append(b.got, r), append(b.bodies, string(body))
	code := b.answers[min(len(b.got), len(b.answers))-1]
	if code == http.StatusFound {
		w.Header().Set("Location", "/elsewhere")
	}
	w.WriteHeader(code)
}

func (b *hookBench) owe(id, hook string) {
	b.t.Helper()
	err := b.store.Update(b.t.Context(), func(tx *store.Tx) error {
		return tx.OweDelivery(store.Delivery{ID: id, Hook: hook, Owed: b.clock(), Body: json.RawMessage(`{"type":"ticket.opened"}`)})
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// round makes one attempt at all that is due, and tells how many were.
func (b *hookBench) round() int {
	b.t.Helper()
	leased, err := b.queue.Lease(b.t.Context(), b.clock(), webhookLease, 10)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, l := range leased {
		b.hooks.deliver(b.t.Context(), l)
	}
	return len(leased)
}

func (b *hookBench) in(state store.DeliveryState) []store.Delivery {
	b.t.Helper()
	found, err := b.store.DeliveriesIn(b.t.Context(), state, 10)
	if err != nil {
		b.t.Fatal(err)
	}
	return found
}

// A receiver verifies what it gets by the rules of Standard Webhooks.
func TestWebhookIsSigned(t *testing.T) {
	b := newHookBench(t, http.StatusNoContent)
	b.owe("AIS-J53T-16GB.1.x", b.receiver.URL+"/hooks")
	if b.round() != 1 || len(b.got) != 1 {
		t.Fatal(len(b.got))
	}
	h := b.got[0].Header
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(hookSecret, "whsec_"))
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", h.Get("webhook-id"), h.Get("webhook-timestamp"), b.bodies[0])
	if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); h.Get("webhook-signature") != want || h.Get("webhook-id") != "AIS-J53T-16GB.1.x" {
		t.Errorf("%v, want %s", h, want)
	}
	if h.Get("webhook-timestamp") != fmt.Sprint(b.now.Unix()) || h.Get("Content-Type") != "application/json" {
		t.Error(h)
	}
	if left := len(b.in(store.DeliveryQueued)); left != 0 {
		t.Errorf("%d left", left)
	}
}

// What is not taken is tried again under the same ID, later and later, and at last
// given up and shown; an operator can have it tried again.
func TestWebhookIsTriedAgain(t *testing.T) {
	b := newHookBench(t, 500)
	b.owe("one", b.receiver.URL+"/hooks")
	for tries := 1; len(b.in(store.DeliveryGivenUp)) == 0; tries++ {
		if tries > 200 {
			t.Fatal("never given up")
		}
		due, ok, err := b.queue.NextDue(t.Context())
		if err != nil || !ok {
			t.Fatal("nothing is due:", err)
		}
		if wait := due.Sub(b.now); wait > longestDelay*11/10 || tries > 1 && wait < firstDelay*9/10 {
			t.Fatalf("try %d comes after %v", tries, wait)
		}
		b.mu.Lock()
		b.now = due
		b.mu.Unlock()
		b.round()
	}
	d := b.in(store.DeliveryGivenUp)[0]
	age := b.now.Sub(d.Owed)
	if age > webhookAge || age < webhookAge-2*longestDelay || d.Reply != "500 Internal Server Error" || d.Attempts != len(b.got) {
		t.Errorf("%+v after %v and %d requests", d, age, len(b.got))
	}
	for _, r := range b.got {
		if r.Header.Get("webhook-id") != "one" {
			t.Fatal("another ID:", r.Header)
		}
	}
	if err := b.store.Update(t.Context(), func(tx *store.Tx) error { return tx.RequeueDelivery("one", b.now) }); err != nil {
		t.Fatal(err)
	}
	b.answers = []int{200}
	if b.round() != 1 || len(b.in(store.DeliveryQueued)) != 0 || len(b.in(store.DeliveryGivenUp)) != 0 {
		t.Error("it was not tried again")
	}
}

func TestWebhooksThatAreNotTriedAgain(t *testing.T) {
	b := newHookBench(t, http.StatusGone)
	b.owe("gone", b.receiver.URL+"/hooks")
	b.owe("unknown", "https://former.example/hooks")
	b.round()
	for _, d := range b.in(store.DeliveryGivenUp) {
		if want := map[string]string{"gone": "410 Gone", "unknown": "names this webhook no longer"}[d.ID]; !strings.Contains(d.Reply, want) {
			t.Errorf("%+v", d)
		}
	}
	if n := len(b.in(store.DeliveryGivenUp)); n != 2 {
		t.Errorf("%d given up", n)
	}
}

// A redirect is no way to have us ask another address, and a name that leads into a
// private network is refused when the connection is made.
func TestWebhookGoesNowhereElse(t *testing.T) {
	b := newHookBench(t, http.StatusFound)
	b.owe("one", b.receiver.URL+"/hooks")
	b.round()
	if len(b.got) != 1 || b.got[0].URL.Path != "/hooks" {
		t.Errorf("%d requests", len(b.got))
	}
	b.wire(false)
	b.owe("two", b.receiver.URL+"/hooks")
	b.round()
	if len(b.got) != 1 {
		t.Error("a private address was asked")
	}
	for address, public := range map[string]bool{
		"127.0.0.1:80": false, "[::1]:80": false, "10.1.2.3:80": false, "192.168.0.1:80": false, "169.254.169.254:80": false, "[fe80::1]:80": false,
		"[fd00::1]:80": false, "0.0.0.0:80": false, "100.64.0.1:80": false, "[::ffff:127.0.0.1]:80": false, "[64:ff9b::7f00:1]:80": false,
		"224.0.0.1:80": false, "203.0.113.9:443": true, "[2001:db8::1]:443": true,
	} {
		if err := mustBePublic(address); (err == nil) != public {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// Run tells what is owed, and ends when it is told to.
func TestWebhooksRun(t *testing.T) {
	b := newHookBench(t, 200)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := b.hooks.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	for i := range 20 {
		b.owe(fmt.Sprintf("d%d", i), b.receiver.URL+"/hooks")
	}
	b.hooks.Wake()
	deadline := time.Now().Add(30 * time.Second) // a hang guard
	for len(b.in(store.DeliveryQueued)) > 0 && time.Now().Before(deadline) {
		b.hooks.Wake()
	}
	stop()
	running.Wait()
	if n := len(b.in(store.DeliveryQueued)); n != 0 || len(b.got) != 20 {
		t.Errorf("%d left, %d requests", n, len(b.got))
	}
}

func TestWebhookConfiguration(t *testing.T) {
	secret := make([]byte, 32)
	for _, c := range []struct {
		hook Webhook
		good bool
	}{
		{Webhook{URL: "https://firma.example/hooks", Secret: secret}, true},
		{Webhook{URL: "http://10.0.0.7/hooks", Secret: secret, Private: true}, true},
		{Webhook{URL: "http://firma.example/hooks", Secret: secret}, false},
		{Webhook{URL: "https://user:pass@firma.example/", Secret: secret}, false},
		{Webhook{URL: "firma.example", Secret: secret}, false},
		{Webhook{URL: "https://firma.example/hooks"}, false},
	} {
		if err := c.hook.Validate(); (err == nil) != c.good {
			t.Errorf("%s: %v", c.hook.URL, err)
		}
	}
	for _, bad := range []string{"", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_%%", "whsec_c2hvcnQ="} {
		if _, err := ParseWebhookSecret(bad); err == nil {
			t.Errorf("%q passed", bad)
		}
	}
	if _, err := NewWebhooks([]Webhook{{URL: "x"}}, nil, time.Now, zerolog.Nop()); err == nil || errors.Is(err, errGone) {
		t.Error(err)
	}
}
