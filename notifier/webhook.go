package notifier

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"aismarttalk.tech/supportd/store"
)

// Webhook is an address that is told what happens to tickets, by the rules of
// Standard Webhooks: each request bears webhook-id, webhook-timestamp and
// webhook-signature, the HMAC-SHA256 (v1) over all three parts of it.
type Webhook struct {
	URL    string // https, or http for a private address
	Secret []byte
	// Private allows addresses of private networks and this machine: without it a
	// name that leads there is refused, wherever it led before.
	Private bool
}

// secretPrefix marks a secret of a webhook; behind it stands base64.
const secretPrefix = "whsec_"

// ParseWebhookSecret reads a secret as Standard Webhooks writes it: whsec_ and 24
// to 64 bytes in base64.
func ParseWebhookSecret(text string) ([]byte, error) {
	encoded, ok := strings.CutPrefix(strings.TrimSpace(text), secretPrefix)
	secret, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil || len(secret) < 24 || len(secret) > 64 {
		return nil, errors.New("want whsec_ and 24 to 64 bytes in base64; make one with: echo whsec_$(openssl rand -base64 32)")
	}
	return secret, nil
}

// Validate reports all that is wrong.
func (w Webhook) Validate() error {
	u, err := url.Parse(w.URL)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Fragment != "":
		return errors.New("want an address such as https://firma.example/hooks, without a user or a fragment")
	case u.Scheme != "https" && (u.Scheme != "http" || !w.Private):
		return errors.New("want https; http is for private addresses, with private: true")
	case len(w.Secret) == 0:
		return errors.New("it has no secret")
	}
	return nil
}

// sign is the webhook-signature of a request.
func (w Webhook) sign(id string, at time.Time, body []byte) string {
	h := hmac.New(sha256.New, w.Secret)
	fmt.Fprintf(h, "%s.%d.", id, at.Unix())
	h.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// webhookTimeout bounds one request, its answer included.
const webhookTimeout = 20 * time.Second

// errGone: the receiver said that nothing more is to come (410).
var errGone = errors.New("410 Gone: the receiver wants no more")

// client speaks to the webhook: no proxy, no redirects, and no address that the
// operator has not meant.
func (w Webhook) client() *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if !w.Private {
		dialer.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error { return mustBePublic(address) }
	}
	return &http.Client{
		Timeout:       webhookTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: webhookTimeout,
			MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 32 << 10, ForceAttemptHTTP2: true,
		},
	}
}

// mustBePublic is asked about the address that a connection is about to be made to,
// when the name is resolved for good.
func mustBePublic(address string) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%q is no address", address)
	}
	if a := ap.Addr().Unmap(); !a.IsGlobalUnicast() || a.IsPrivate() || within(a, notPublic) {
		return fmt.Errorf("%s is no public address; private: true would allow it", a)
	}
	return nil
}

// notPublic are ranges beside those of RFC 1918 and RFC 4193 that lead nowhere on
// the Internet (RFC 6890), or through a translator to anywhere.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("2002::/16"),
}

func within(a netip.Addr, ranges []netip.Prefix) bool {
	for _, r := range ranges {
		if r.Contains(a) {
			return true
		}
	}
	return false
}

// post makes one delivery. Anything but 2xx is an error in the receiver's words.
func (w Webhook) post(ctx context.Context, client *http.Client, d store.Delivery, at time.Time) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.URL, bytes.NewReader(d.Body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "supportd")
	r.Header.Set("webhook-id", d.ID)
	r.Header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	r.Header.Set("webhook-signature", w.sign(d.ID, at, d.Body))
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	words, _ := io.ReadAll(io.LimitReader(answer.Body, 512))
	switch {
	case answer.StatusCode == http.StatusGone:
		return errGone
	case answer.StatusCode < 200 || answer.StatusCode > 299:
		return fmt.Errorf("%s %s", answer.Status, words)
	}
	return nil
}
