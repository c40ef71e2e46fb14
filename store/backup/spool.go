package backup

import (
	"bufio"
	"fmt"
	"io"
	"os"
)

// spool is a file without a name: what is written there before its size is known,
// which a tar wants first. It is gone when it is closed, or the process ends.
type spool struct {
	f *os.File
	*bufio.Writer
}

func newSpool(dir string) (*spool, error) {
	f, err := os.CreateTemp(dir, ".backup-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("making a temporary file: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, fmt.Errorf("making a temporary file: %w", err)
	}
	return &spool{f: f, Writer: bufio.NewWriterSize(f, 1<<20)}, nil
}

func (s *spool) reset() error {
	s.Writer.Reset(s.f)
	if _, err := s.f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return s.f.Truncate(0)
}

func (s *spool) flush() error { return s.Flush() }

// reader reads from the start, and tells the size.
func (s *spool) reader() (io.Reader, int64, error) {
	if err := s.Flush(); err != nil {
		return nil, 0, err
	}
	size, err := s.f.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, 0, err
	}
	return io.NewSectionReader(s.f, 0, size), size, nil
}

func (s *spool) close() { s.f.Close() }
