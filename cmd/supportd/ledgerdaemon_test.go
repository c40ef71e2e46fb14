package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// program is a daemon in a process of its own, which can be killed.
type program struct {
	t      *testing.T
	dir    string // its data folder
	config string
	cmd    *exec.Cmd
}

// newProgram makes the folder and the configuration of a daemon.
func newProgram(t *testing.T, config func(dataDir string) string) *program {
	t.Helper()
	dir := t.TempDir()
	p := &program{t: t, dir: filepath.Join(dir, "data"), config: filepath.Join(dir, "supportd.yaml")}
	if err := os.WriteFile(p.config, []byte(config(p.dir)), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.end(syscall.SIGKILL) })
	return p
}

// start starts the daemon and returns where it takes mail once it can be reached.
func (p *program) start() (smtp string) {
	p.t.Helper()
	os.Remove(filepath.Join(p.dir, runningFile)) // of the one that was killed
	p.cmd = exec.Command("supportd", "serve", "--config", p.config)
	p.cmd.Stdout, p.cmd.Stderr = io.Discard, os.Stderr
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if r, ok, err := readRunning(p.dir); err == nil && ok && len(r.SMTP) > 0 {
			return r.SMTP[0].Address
		}
		if time.Now().After(deadline) {
			p.t.Fatal("the daemon does not start")
		}
	}
}

// end ends it by a signal; if it runs.
func (p *program) end(signal syscall.Signal) {
	if p.cmd == nil {
		return
	}
	p.cmd.Process.Signal(signal)
	p.cmd.Wait() // its error is the signal
	p.cmd = nil
}
