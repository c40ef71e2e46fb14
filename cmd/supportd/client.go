package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

// client speaks with the API as the operator.
type client struct {
	http    *http.Client
	base    string // http://127.0.0.1:8080
	token   string
	offline bool           // no daemon runs: this process answers itself
	zone    *time.Location // of the desk, in which times are shown
	close   func() error
}

// maxAnswer bounds what is read of one answer.
const maxAnswer = 64 << 20

// get reads the answer to a question into out, and returns it as it came.
func (c *client) get(ctx context.Context, path string, query url.Values, out any) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url(path, query), nil)
	if err != nil {
		return nil, err
	}
	return c.do(r, out)
}

// post sends a body and reads the answer.
func (c *client) post(ctx context.Context, path string, query url.Values, body, out any) ([]byte, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url(path, query), bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	return c.do(r, out)
}

// stream copies a long answer, for which no time is set.
func (c *client) stream(ctx context.Context, path string, query url.Values, w io.Writer) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	answer, err := (&http.Client{}).Do(r)
	if err != nil {
		return unreachable(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
		return errors.Join(refusal(answer.StatusCode, data), err)
	}
	from := &failingReader{r: answer.Body}
	_, err = io.Copy(w, from)
	if from.err != nil {
		return failf(exitTemporary, "the daemon broke off its answer; its log says why")
	}
	return err
}

// failingReader remembers its error, so that it can be told from the writer's.
type failingReader struct {
	r   io.Reader
	err error
}

func (f *failingReader) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

// postMail sends a raw mail and reads the answer.
func (c *client) postMail(ctx context.Context, path string, raw []byte, out any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "message/rfc822")
	_, err = c.do(r, out)
	return err
}

func (c *client) url(path string, query url.Values) string {
	if len(query) == 0 {
		return c.base + path
	}
	return c.base + path + "?" + query.Encode()
}

// health asks whether all parts work; 503 is an answer too.
func (c *client) health(ctx context.Context) (web.Health, error) {
	var h web.Health
	raw, err := c.get(ctx, "/readyz", nil, &h)
	if h.Status == "" && json.Unmarshal(raw, &h) == nil && h.Status != "" {
		err = nil
	}
	return h, err
}

// getText reads an answer of another media type than JSON.
func (c *client) getText(ctx context.Context, path string, query url.Values, media string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url(path, query), nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", media)
	return c.send(r)
}

func (c *client) do(r *http.Request, out any) ([]byte, error) {
	data, err := c.send(r)
	if err != nil {
		return data, err
	}
	if err := json.Unmarshal(data, out); err != nil {
		return data, failf(exitFailed, "the daemon's answer is not understood; is it of another version? (%s)", err)
	}
	return data, nil
}

func (c *client) send(r *http.Request) ([]byte, error) {
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set(web.HeaderDoor, string(ticket.DoorCLI))
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, unreachable(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return nil, unreachable(err)
	}
	if answer.StatusCode != http.StatusOK {
		return data, refusal(answer.StatusCode, data)
	}
	return data, nil
}

// refusal passes on what the API says: its texts are for people. 422 is a slip
// in the request itself, other 4xx a refusal; 5xx comes right when tried again.
func refusal(status int, body []byte) error {
	var p struct {
		Detail string `json:"detail"`
		Errors []struct {
			Message  string `json:"message"`
			Location string `json:"location"`
		} `json:"errors"`
	}
	text := fmt.Sprintf("the daemon answered %d", status)
	if json.Unmarshal(body, &p) == nil && p.Detail != "" {
		text = p.Detail
	}
	for _, e := range p.Errors {
		text += fmt.Sprintf("; %s: %s", e.Location, e.Message)
	}
	switch {
	case status >= 500:
		return failure{exitTemporary, text}
	case status == http.StatusUnprocessableEntity:
		return failure{exitUsage, text}
	}
	return failure{exitFailed, text}
}

// errNoDaemon is returned where no daemon of ours listens.
var errNoDaemon = errors.New("no daemon listens")

func unreachable(err error) error {
	return failf(exitTemporary, "the daemon does not answer: %s", reason(err))
}
