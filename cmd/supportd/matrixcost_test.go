package main

import (
	"bytes"
	"os"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"
)

// What a mail may cost, whatever is in it.
const (
	mostCPU    = 2 * time.Second
	mostMemory = 64 << 20 // bytes, and mostTimes its size
	mostTimes  = 8
)

// measure runs a case alone, and checks what it cost: processor time of all the
// program, so that a busy machine changes nothing, and its memory at the highest,
// where the system tells. The race detector makes both many times as much.
func (c *badCase) measure(play func()) {
	c.Helper()
	if raceDetector {
		play()
		return
	}
	debug.FreeOSMemory()
	before, known := c.resetMemory()
	began := c.cpu()
	play()
	took := c.cpu() - began
	if took > mostCPU {
		c.Errorf("it took %v of processor time, want at most %v", took, mostCPU)
	}
	if !known {
		c.Logf("%v of processor time", took)
		return
	}
	most := int64(mostMemory)
	for _, k := range c.kept {
		most += mostTimes * int64(len(k.raw))
	}
	grown := c.memory("VmHWM") - before
	c.Logf("%v of processor time, %d MB of memory of %d", took, grown>>20, most>>20)
	if grown > most {
		c.Errorf("it took %d MB of memory, want at most %d", grown>>20, most>>20)
	}
}

func (c *badCase) cpu() time.Duration {
	c.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		c.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// resetMemory makes the highest use of memory so far the present one, and returns
// it; false where the system does not tell.
func (c *badCase) resetMemory() (now int64, known bool) {
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		return 0, false
	}
	return c.memory("VmRSS"), true
}

// memory reads a number of bytes from /proc/self/status.
func (c *badCase) memory(name string) int64 {
	c.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		c.Fatal(err)
	}
	_, rest, _ := bytes.Cut(status, []byte("\n"+name+":"))
	words := bytes.Fields(rest)
	if len(words) == 0 {
		c.Fatalf("no %s in /proc/self/status", name)
	}
	kb, err := strconv.ParseInt(string(words[0]), 10, 64)
	if err != nil {
		c.Fatal(err)
	}
	return kb << 10
}
