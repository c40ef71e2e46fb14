package phrasing

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"aismarttalk.tech/supportd/faq"
)

// Config is where the model is.
type Config struct {
	URL     string // below which chat/completions is, such as http://127.0.0.1:11434/v1
	Model   string // its name there
	Key     string // bearer token; "" sends none
	Timeout time.Duration
}

// Validate reports all that is wrong.
func (c Config) Validate() error {
	var errs []error
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.RawQuery != "" {
		errs = append(errs, errors.New("chat.model.url: want an address such as http://127.0.0.1:11434/v1"))
	}
	if strings.TrimSpace(c.Model) == "" {
		errs = append(errs, errors.New("chat.model.model: name the model"))
	}
	if c.Timeout <= 0 || c.Timeout > 30*time.Second {
		errs = append(errs, errors.New("chat.model.timeout: want up to 30s, such as 3s"))
	}
	return errors.Join(errs...)
}

// Client asks a model. It is safe for concurrent use.
type Client struct {
	config Config
	http   *http.Client
	now    func() time.Time
	room   chan struct{} // a slot for each request in hand

	mu     sync.Mutex
	failed int       // in a row; guarded by mu
	rest   time.Time // until when it is not asked; guarded by mu
}

// Bounds of what the model can cost us.
const (
	atOnce    = 4
	maxAnswer = 64 << 10 // bytes of HTTP
	maxTokens = 600
	// After so many failures in a row it is left alone for a while: nobody should wait
	// for it each time.
	maxFailed = 3
	resting   = time.Minute
)

// New makes a client. It does not follow the model's host elsewhere.
func New(c Config, now func() time.Time) (*Client, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return &Client{
		config: c, now: now, room: make(chan struct{}, atOnce),
		http: &http.Client{
			Transport:     &http.Transport{MaxIdleConnsPerHost: atOnce, IdleConnTimeout: time.Minute},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// Close gives its connections back.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// ErrResting is returned while the model is left alone after failures, and where it has
// too much in hand.
var ErrResting = errors.New("phrasing: the model is not asked now")

// Phrase puts an answer in other words. An error means that the answer is to stand as
// it is written.
func (c *Client) Phrase(ctx context.Context, language, asked string, answer []faq.Block) ([]faq.Block, error) {
	select {
	case c.room <- struct{}{}:
		defer func() { <-c.room }()
	default:
		return nil, ErrResting
	}
	if c.resting() {
		return nil, ErrResting
	}
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	m := mask(faq.Text(answer))
	said, err := c.ask(ctx, instructions(language), question(asked, m.text))
	if c.note(err); err != nil {
		return nil, fmt.Errorf("asking the model: %w", err)
	}
	text, err := m.check(said, asked)
	if err != nil {
		return nil, fmt.Errorf("reading what the model said: %w", err)
	}
	return faq.Blocks(text), nil
}

func (c *Client) resting() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now().Before(c.rest)
}

func (c *Client) note(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		c.failed = 0
		return
	}
	if c.failed++; c.failed >= maxFailed {
		c.failed, c.rest = 0, c.now().Add(resting)
	}
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

type request struct {
	Model       string    `json:"model"`
	Messages    []message `json:"messages"`
	Temperature float64   `json:"temperature"`
	MaxTokens   int       `json:"max_tokens"`
}

type response struct {
	Choices []struct {
		Message message `json:"message"`
	} `json:"choices"`
}

// ask makes one request. No tools are offered, and none that are asked for exist.
func (c *Client) ask(ctx context.Context, system, user string) (string, error) {
	body, err := json.Marshal(request{
		Model: c.config.Model, Messages: []message{{"system", system}, {"user", user}}, MaxTokens: maxTokens,
	})
	if err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(c.config.URL, "/")+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	if c.config.Key != "" {
		r.Header.Set("Authorization", "Bearer "+c.config.Key)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("it answers with status %d", answer.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err != nil {
		return "", err
	}
	var out response
	if len(data) > maxAnswer {
		return "", errors.New("its answer is too large")
	}
	if err := json.Unmarshal(data, &out); err != nil || len(out.Choices) == 0 {
		return "", errors.New("its answer is not what was asked for")
	}
	return out.Choices[0].Message.Content, nil
}
