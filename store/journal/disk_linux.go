package journal

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// syncData flushes the file's content and size but not its times, which spares
// a write of metadata when the size did not change.
func syncData(f *os.File) error {
	for {
		err := unix.Fdatasync(int(f.Fd()))
		if err != unix.EINTR {
			return os.NewSyscallError("fdatasync", err)
		}
	}
}

// bootID is made anew by the kernel at each start of the machine; "" if the
// kernel does not say.
func bootID() string {
	b, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
