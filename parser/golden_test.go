package parser

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/ticket"
)

var update = flag.Bool("update", false, "write the golden files anew")

const fixtures = "../testdata/mail"

// golden is a Message as a person checks it: segments with their text, no
// offsets and no contents.
type golden struct {
	From       ticket.Address      `json:"from"`
	Identified bool                `json:"identified"`
	Subject    string              `json:"subject"`
	Date       string              `json:"date,omitempty"`
	InReplyTo  []string            `json:"in_reply_to,omitempty"`
	References []string            `json:"references,omitempty"`
	Delivered  []string            `json:"delivered_to,omitempty"`
	Segments   [][2]string         `json:"segments"`
	Reply      string              `json:"reply"`
	Files      []ticket.Attachment `json:"attachments,omitempty"`
	Automatic  *ticket.Automatic   `json:"automatic,omitempty"`
	Bounce     *ticket.Bounce      `json:"bounce,omitempty"`
	Marks      []ticket.Header     `json:"marks,omitempty"`
	Auth       []string            `json:"auth_results,omitempty"`
	Loop       []string            `json:"loop_marks,omitempty"`
	Flags      []string            `json:"flags,omitempty"`
}

func goldenOf(m ticket.Message) golden {
	g := golden{
		From: m.From, Identified: m.Identified, Subject: m.Subject, InReplyTo: m.InReplyTo, References: m.References,
		Delivered: m.DeliveredTo, Segments: [][2]string{}, Reply: m.Reply, Files: m.Attachments, Marks: m.Marks,
		Auth: m.AuthResults, Loop: m.LoopMarks, Flags: m.Flags,
	}
	if !m.Date.IsZero() {
		g.Date = m.Date.Format("2006-01-02T15:04:05Z07:00")
	}
	for _, s := range m.Segments {
		g.Segments = append(g.Segments, [2]string{string(s.Kind), m.Text[s.Start:s.End]})
	}
	if m.Automatic.Is {
		g.Automatic = &m.Automatic
	}
	if m.Bounce.Is {
		g.Bounce = &m.Bounce
	}
	return g
}

// TestGolden reads each mail of testdata/mail and compares what became of it.
// The names of the mails say what each one shows.
func TestGolden(t *testing.T) {
	p := newParser(t)
	for _, file := range mails(t) {
		name := strings.TrimSuffix(filepath.Base(file), ".eml")
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			m := p.Parse(raw)
			checkInvariants(t, m)
			got := encode(t, goldenOf(m))
			path := strings.TrimSuffix(file, ".eml") + ".golden.json"
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("differs from %s (-want +got):\n%s", path, diff)
			}
		})
	}
}

func mails(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(fixtures, "*.eml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no mails in %s: %v", fixtures, err)
	}
	return files
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
