package archive

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// syncDisk flushes the file system that holds root: one call for any number of
// files and folders. Since Linux 5.8 it reports writes that failed.
func syncDisk(root string) error {
	f, err := os.Open(root)
	if err != nil {
		return err
	}
	return errors.Join(os.NewSyscallError("syncfs", unix.Syncfs(int(f.Fd()))), f.Close())
}
