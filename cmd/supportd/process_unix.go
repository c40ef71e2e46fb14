//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// privateFiles keeps every file that this process makes for its user alone:
// mail holds other people's secrets.
func privateFiles() { syscall.Umask(0o077) }

// hangUp has a process reload its configuration.
func hangUp(pid int) error { return syscall.Kill(pid, syscall.SIGHUP) }

// notifyHangup sends SIGHUP to c until the returned function is called.
func notifyHangup(c chan<- os.Signal) (stop func()) {
	signal.Notify(c, syscall.SIGHUP)
	return func() { signal.Stop(c) }
}

// freeSpace is how many bytes are free to us on the disk of a folder.
func freeSpace(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, os.NewSyscallError("statfs", err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}
