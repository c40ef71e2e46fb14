package main

import (
	"io"
	"sync/atomic"

	"github.com/rs/zerolog"
)

// logGate lets lines of a level and above through; the level may change while
// it is in use (see reload).
type logGate struct {
	w     io.Writer
	level atomic.Int32 // a zerolog.Level
}

func newLogGate(w io.Writer, s logSettings, terminal bool) (*logGate, error) {
	if s.Format == "console" || s.Format == "auto" && terminal {
		w = zerolog.ConsoleWriter{Out: w}
	}
	g := &logGate{w: w}
	return g, g.set(s.Level)
}

func (g *logGate) set(level string) error {
	l, err := zerolog.ParseLevel(level)
	if err != nil {
		return err
	}
	g.level.Store(int32(l))
	return nil
}

func (g *logGate) Write(p []byte) (int, error) { return g.w.Write(p) }

// WriteLevel is what zerolog calls for a line with a level.
func (g *logGate) WriteLevel(l zerolog.Level, p []byte) (int, error) {
	if l < zerolog.Level(g.level.Load()) {
		return len(p), nil
	}
	return g.w.Write(p)
}

func (g *logGate) logger() zerolog.Logger {
	return zerolog.New(g).With().Timestamp().Logger()
}
