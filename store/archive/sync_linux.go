package archive

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncDisk flushes the file system that holds root: one call for any number of
// files and folders. Since Linux 5.8 it reports writes that failed.
func syncDisk(root *os.File) error {
	return os.NewSyscallError("syncfs", unix.Syncfs(int(root.Fd())))
}
