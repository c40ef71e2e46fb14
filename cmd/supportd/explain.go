package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// maxExplained bounds what is read of one path, so that a device or a log file
// named by mistake does not fill the memory.
const maxExplained = 256 << 20

// explainGC lets garbage pile up: a short run over many mails has memory to
// spare, and no time to look through the tables of the rules again and again.
const explainGC = 400

type explainCommand struct {
	Paths  []string `arg:"" name:"path" help:"Mails, folders of mails, or - for one mail on the standard input."`
	Human  bool     `help:"Show one mail as a page to read instead of as JSON."`
	Prefix string   `default:"AIS" help:"Prefix of the tracking IDs to look for."`
}

// Run prints one object for each mail, in order, whatever the input: a file
// that cannot be read is an object too. The exit code is 1 if there was one.
func (c *explainCommand) Run(ctx context.Context, h host) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(explainGC)
	}
	reader, err := newMailReader(c.Prefix)
	if err != nil {
		return err
	}
	files := expand(c.Paths)
	if c.Human {
		return c.page(reader, files, h)
	}
	out := bufio.NewWriterSize(h.out, 1<<16)
	unread := 0
	progress := newProgress(h, "mails", len(files))
	err = inOrder(ctx, files, runtime.GOMAXPROCS(0), func(file string) explained {
		return explainFile(reader, file, h.in)
	}, func(e explained) error {
		if !e.ok {
			unread++
		}
		progress.step()
		_, err := out.Write(e.line)
		return err
	})
	progress.end()
	if err == nil {
		err = out.Flush()
	}
	switch {
	case ctx.Err() != nil:
		return failf(exitFailed, "interrupted: not all mails were explained")
	case err != nil:
		return failf(exitFailed, "the output could not be written: %s", reason(err))
	case unread > 0:
		return failf(exitFailed, "%d of %d mails could not be read; their objects say why", unread, len(files))
	}
	return nil
}

type explained struct {
	line []byte
	ok   bool
}

func explainFile(r mailReader, file string, stdin io.Reader) explained {
	raw, err := readMailFile(file, stdin)
	e := explanation{File: file, Error: reasonText(err)}
	if err == nil {
		e = explain(file, r.read(raw))
	}
	return explained{e.line(), e.OK}
}

// readMailFile reads one raw mail.
func readMailFile(file string, stdin io.Reader) ([]byte, error) {
	src := stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		src = f
	}
	raw, err := io.ReadAll(io.LimitReader(src, maxExplained+1))
	if err == nil && len(raw) > maxExplained {
		return nil, fmt.Errorf("larger than %d MiB", maxExplained>>20)
	}
	return raw, err
}

// expand replaces folders by the mails in them: all *.eml below it, or every
// regular file where there is none, as in a Maildir. Hidden files are no mails.
func expand(paths []string) []string {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if path == "-" || err != nil || !info.IsDir() {
			files = append(files, path) // an unreadable one is told of in its turn
			continue
		}
		files = append(files, folder(path)...)
	}
	return files
}

func folder(path string) []string {
	var all, eml []string
	err := filepath.WalkDir(path, func(p string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			all, eml = append(all, p), append(eml, p) // cannot be listed: told of
		case strings.HasPrefix(entry.Name(), ".") && p != path:
			if entry.IsDir() {
				return fs.SkipDir
			}
		case entry.Type().IsRegular():
			all = append(all, p)
			if strings.EqualFold(filepath.Ext(p), ".eml") {
				eml = append(eml, p)
			}
		}
		return nil
	})
	if err != nil {
		return []string{path}
	}
	if len(eml) > 0 {
		return eml
	}
	return all
}

// page shows one mail to a person.
func (c *explainCommand) page(r mailReader, files []string, h host) error {
	if len(files) != 1 {
		return failf(exitUsage, "--human shows one mail; these are %d", len(files))
	}
	raw, err := readMailFile(files[0], h.in)
	if err != nil {
		return failf(exitFailed, "%s cannot be read: %s", files[0], reason(err))
	}
	return explain(files[0], r.read(raw)).page(h.out)
}

func reasonText(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	}
	return reason(err)
}

// mail is what was read and understood of one mail.
type mail struct {
	message ticket.Message
	reading ticket.Reading
	clues   []ticket.Clue
}
