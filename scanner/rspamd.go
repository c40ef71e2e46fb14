package scanner

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

const (
	// maxRspamdReply bounds what rspamd can make us read.
	maxRspamdReply = 1 << 20
	// maxSymbols are kept of those that made the score, the weightiest first.
	maxSymbols = 12
	// maxSymbol bounds a name, in bytes.
	maxSymbol = 64
)

// rspamd asks one Rspamd worker over HTTP (rspamd.com, protocol of /checkv2).
type rspamd struct {
	base     string
	password string
	client   *http.Client
}

// rspamdReply is what we read of the answer.
type rspamdReply struct {
	Skipped  bool     `json:"is_skipped"`
	Action   string   `json:"action"`
	Score    *float64 `json:"score"`
	Required float64  `json:"required_score"`
	Symbols  map[string]struct {
		Score float64 `json:"score"`
	} `json:"symbols"`
}

func (r rspamd) check(ctx context.Context, f Facts, raw []byte) (*ticket.SpamScan, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.base+"/checkv2", bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("asking rspamd: %w", err)
	}
	r.describe(req.Header, f)
	res, err := r.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("asking rspamd: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("rspamd answers %s", res.Status)
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, maxRspamdReply+1))
	if err != nil {
		return nil, fmt.Errorf("reading rspamd's answer: %w", err)
	}
	if len(text) > maxRspamdReply {
		return nil, fmt.Errorf("rspamd's answer is larger than %d bytes", maxRspamdReply)
	}
	return readRspamd(text)
}

// describe tells what the mail itself does not. A header of HTTP takes no control
// characters, and an envelope is a stranger's words.
func (r rspamd) describe(h http.Header, f Facts) {
	set := func(name, value string) {
		if value != "" && !strings.ContainsFunc(value, func(c rune) bool { return c < ' ' || c == 0x7f }) {
			h.Set(name, value)
		}
	}
	h.Set("Content-Type", "message/rfc822")
	set("Queue-Id", f.Mail)
	set("From", f.MailFrom)
	set("Helo", f.Helo)
	if f.Client.IsValid() {
		set("IP", f.Client.String())
	}
	for _, to := range f.To {
		if !strings.ContainsFunc(to, func(c rune) bool { return c < ' ' || c == 0x7f }) {
			h.Add("Rcpt", to)
		}
	}
	set("Password", r.password)
}

// readRspamd reads a verdict. An answer without score or with an action that nobody
// knows is an error, and no verdict.
func readRspamd(text []byte) (*ticket.SpamScan, error) {
	var said rspamdReply
	if err := json.Unmarshal(text, &said); err != nil {
		return nil, fmt.Errorf("reading rspamd's answer: %w", err)
	}
	action, ok := actions(said.Action)
	// It also says that it skipped its rules where the first one settled the mail.
	if said.Skipped && action == ticket.SpamNone {
		return nil, errors.New("rspamd was told not to look at this mail")
	}
	if !ok || said.Score == nil {
		return nil, fmt.Errorf("rspamd answers without a verdict: action %.40q", said.Action)
	}
	scan := &ticket.SpamScan{Action: action, Said: said.Action, Score: *said.Score, Required: said.Required}
	for name, s := range said.Symbols {
		if s.Score != 0 {
			scan.Symbols = append(scan.Symbols, name)
		}
	}
	slices.SortFunc(scan.Symbols, func(a, b string) int {
		x, y := said.Symbols[a].Score, said.Symbols[b].Score
		if x != y {
			return map[bool]int{true: -1, false: 1}[x > y]
		}
		return strings.Compare(a, b)
	})
	scan.Symbols = scan.Symbols[:min(len(scan.Symbols), maxSymbols)]
	for i, s := range scan.Symbols {
		scan.Symbols[i] = s[:min(len(s), maxSymbol)]
	}
	return scan, nil
}

// actions are rspamd's own, by what they can mean once a mail was accepted: "try
// again later" comes too late, so that it marks the mail as "add header" does.
func actions(said string) (ticket.SpamAction, bool) {
	switch said {
	case "no action":
		return ticket.SpamNone, true
	case "greylist", "soft reject", "add header", "rewrite subject":
		return ticket.SpamFlag, true
	case "reject", "discard", "quarantine":
		return ticket.SpamReject, true
	}
	return "", false
}

func (r rspamd) ping(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+"/ping", nil)
	if err != nil {
		return fmt.Errorf("asking rspamd: %w", err)
	}
	res, err := r.client.Do(req)
	if err != nil {
		return fmt.Errorf("asking rspamd: %w", err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 64))
	if err == nil && (res.StatusCode != http.StatusOK || strings.TrimSpace(string(text)) != "pong") {
		err = fmt.Errorf("rspamd answers %s to /ping", res.Status)
	}
	return err
}
