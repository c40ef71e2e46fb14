package smtpd

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestDialogues runs testdata/smtpd/*.txt; its README.md explains the lines.
func TestDialogues(t *testing.T) {
	files, err := filepath.Glob("../testdata/smtpd/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dialogues (%v)", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, dialogue := range strings.Split(string(text), "\n=== ") {
			if i == 0 {
				continue // the comment at the top
			}
			name, lines, _ := strings.Cut(dialogue, "\n")
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+name, func(t *testing.T) {
				t.Parallel()
				play(t, strings.Split(lines, "\n"))
			})
		}
	}
}

// play runs one dialogue against a server of its own.
func play(t *testing.T, lines []string) {
	cfg, in := testConfig(), &memoryInbox{}
	if settings, ok := strings.CutPrefix(lines[0], "config "); ok {
		for _, setting := range strings.Fields(settings) {
			configure(t, &cfg, in, setting)
		}
		lines = lines[1:]
	}
	s := start(t, cfg, in)
	c := s.dial()
	for n, line := range lines {
		word, rest, _ := strings.Cut(line, " ")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := step(c, in, word, rest); err != nil {
			t.Fatalf("line %d, %s: %v", n+1, line, err)
		}
	}
	c.Close()
	nextMail(t, s, in)
}

// configure applies one setting of a config line.
func configure(t *testing.T, cfg *Config, in *memoryInbox, setting string) {
	t.Helper()
	key, value, _ := strings.Cut(setting, "=")
	var err error
	switch key {
	case "limit":
		cfg.MaxMessageBytes, err = strconv.ParseInt(value, 10, 64)
	case "recipients":
		cfg.MaxRecipients, err = strconv.Atoi(value)
	case "idle":
		cfg.IdleTimeout, err = time.ParseDuration(value)
	case "data":
		cfg.DataTimeout, err = time.ParseDuration(value)
	case "total":
		cfg.TotalTimeout, err = time.ParseDuration(value)
	case "protocol":
		cfg.Listeners[0].Protocol = Protocol(value)
	case "inbox":
		switch value {
		case "full":
			in.full = true
		case "fault":
			in.put = func(context.Context) error { return errors.New("fsync: input/output error") }
		case "early":
			in.early = errors.New("no segment")
		default:
			err = errors.New("no such inbox")
		}
	default:
		err = errors.New("no such key")
	}
	if err != nil {
		t.Fatalf("config %s: %v", setting, err)
	}
}

// step does one line of a dialogue.
func step(c *client, in *memoryInbox, word, rest string) error {
	c.t.Helper()
	switch word {
	case "greet":
		c.greet()
	case "ready":
		c.ready()
	case "data":
		c.data()
	case "C:":
		c.send(rest + "\r\n")
	case "C>":
		raw, err := strconv.Unquote(rest)
		if err != nil {
			return err
		}
		c.send(raw)
	case "S:":
		c.expect(rest)
	case "fin":
		return c.Conn.(*net.TCPConn).CloseWrite()
	case "closed":
		c.expectClosed()
	default:
		return check(in.all(), word, rest)
	}
	return nil
}

// check compares what was kept.
func check(mails []kept, word, want string) error {
	var last kept
	if n := len(mails); n > 0 {
		last = mails[n-1]
	}
	var got string
	switch word {
	case "mails":
		got = strconv.Itoa(len(mails))
	case "body":
		got = strconv.Quote(last.body)
		if raw, err := strconv.Unquote(want); err == nil {
			want = strconv.Quote(raw)
		}
	case "from":
		got = last.From
	case "to":
		got = strings.Join(last.To, " ")
	case "flags":
		got = strings.Join(last.Flags, " ")
	case "with":
		got = last.Protocol
	default:
		return errors.New("no such line")
	}
	if got != want {
		return fmt.Errorf("got %s", got)
	}
	return nil
}

// nextMail delivers one more mail: whatever happened, the server goes on.
func nextMail(t *testing.T, s *running, in *memoryInbox) {
	t.Helper()
	in.full, in.put, in.early = false, nil, nil
	if s.cfg.TotalTimeout < time.Minute || s.cfg.MaxMessageBytes < 100 {
		return // too tight for this
	}
	before := len(in.all())
	c := s.dial()
	c.expect("220 ")
	if s.cfg.Listeners[0].Protocol == LMTP {
		c.do("LHLO client.example", "250 ")
	} else {
		c.do("EHLO client.example", "250 ")
	}
	c.data()
	c.send(simpleMail + ".\r\n")
	c.expect("250 2.0.0 ")
	mails := in.all()
	if got := mails[len(mails)-1].body; len(mails) != before+1 || got != simpleMail {
		t.Errorf("the next mail came as %q", got)
	}
	if !slices.Equal(mails[len(mails)-1].To, []string{"contact+support@firma.example"}) {
		t.Errorf("the next mail went to %v", mails[len(mails)-1].To)
	}
}
