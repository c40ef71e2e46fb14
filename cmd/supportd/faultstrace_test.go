package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"aismarttalk.tech/supportd/store/storetest"
)

// tracer is a strace on the daemon of a bed.
type tracer struct {
	b    *bed
	cmd  *exec.Cmd
	file string // what it saw
}

// trace attaches strace to the daemon, all of its threads; the arguments say what it
// watches and which fault it injects. It returns once strace is attached.
func (b *bed) trace(args ...string) *tracer {
	b.t.Helper()
	path, ok := storetest.Need(b.t, "strace")
	if !ok {
		b.t.Skip("strace is not installed")
	}
	tr := &tracer{b: b, file: filepath.Join(b.t.TempDir(), "strace")}
	tr.cmd = exec.Command(path, append([]string{"-f", "-y", "-o", tr.file, "-p", fmt.Sprint(b.daemon.Process.Pid)}, args...)...)
	said, err := tr.cmd.StderrPipe()
	if err != nil {
		b.t.Fatal(err)
	}
	if err := tr.cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	hang := time.AfterFunc(faultHang, func() { tr.cmd.Process.Kill() })
	b.t.Cleanup(func() {
		hang.Stop()
		tr.detach()
	})
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "attached") {
			go func() {
				for lines.Scan() { // of threads that come and go
				}
			}()
			return tr
		}
		b.t.Log(lines.Text())
		if strings.Contains(lines.Text(), "not permitted") {
			b.t.Skip("strace may not attach to other processes here")
		}
	}
	b.t.Fatal("strace did not attach")
	return nil
}

// detach lets the daemon go on without faults.
func (tr *tracer) detach() {
	if tr.cmd.ProcessState != nil {
		return
	}
	tr.cmd.Process.Signal(syscall.SIGINT)
	tr.cmd.Wait() // its error is the signal
}

// seen is what strace saw up to now.
func (tr *tracer) seen() string {
	text, err := os.ReadFile(tr.file)
	if err != nil {
		tr.b.t.Fatal(err)
	}
	return string(text)
}

// injected fails the test unless the fault was injected.
func (tr *tracer) injected() {
	tr.b.t.Helper()
	if s := tr.seen(); !strings.Contains(s, "(INJECTED)") && !strings.Contains(s, "(DELAYED)") && !strings.Contains(s, "killed by SIGKILL") {
		tr.b.t.Errorf("no fault was injected:\n%s", tail(s, 2000))
	}
}

// segment is the journal's file that is written to.
func (b *bed) segment() string {
	b.t.Helper()
	names, err := filepath.Glob(filepath.Join(dataFolder(b.data).journal(), "*.seg"))
	if err != nil || len(names) == 0 {
		b.t.Fatal("the journal has no segment", err)
	}
	return names[len(names)-1] // they sort by time
}

// journalFolder is one of the journal's.
func (b *bed) journalFolder(name string) string {
	return filepath.Join(dataFolder(b.data).journal(), name)
}

// filesIn lists a folder of the journal.
func (b *bed) filesIn(folder string) []string {
	b.t.Helper()
	names, err := filepath.Glob(filepath.Join(b.journalFolder(folder), "*"))
	if err != nil {
		b.t.Fatal(err)
	}
	return names
}
