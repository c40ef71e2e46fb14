package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// running is what a daemon leaves in its data folder for the commands that talk
// with it: where it listens, which the configuration does not say when ports
// are chosen free. After kill -9 it is stale, and what it names does not answer.
type running struct {
	PID  int              `json:"pid"`
	HTTP string           `json:"http"`
	SMTP []runningAddress `json:"smtp"`
}

type runningAddress struct {
	Address  string `json:"address"`
	Protocol string `json:"protocol"`
	Proxied  bool   `json:"proxied,omitempty"` // wants a PROXY header first
}

const runningFile = "running.json"

func (r running) write(dataDir string) error {
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := writeDurably(filepath.Join(dataDir, runningFile), append(data, '\n')); err != nil {
		return fmt.Errorf("writing %s: %w", runningFile, err)
	}
	return nil
}

// readRunning returns what a daemon left; false if none runs on this folder, as
// far as one can see.
func readRunning(dataDir string) (running, bool, error) {
	data, err := os.ReadFile(filepath.Join(dataDir, runningFile))
	if errors.Is(err, fs.ErrNotExist) {
		return running{}, false, nil
	}
	if err != nil {
		return running{}, false, err
	}
	var r running
	if err := json.Unmarshal(data, &r); err != nil {
		return running{}, false, fmt.Errorf("reading %s: %w", runningFile, err)
	}
	return r, true, nil
}

func removeRunning(dataDir string) error {
	err := os.Remove(filepath.Join(dataDir, runningFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
