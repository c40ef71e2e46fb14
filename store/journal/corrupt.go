package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// setAside copies a damaged stretch of a segment to corrupt/, durably, and
// reports whether it is there. What is there already from an earlier run is
// neither copied nor counted again.
func (j *Journal) setAside(f io.ReaderAt, segment ID, d stretch, what string) bool {
	name := j.layout.corrupt(fmt.Sprintf("%s-%x-%x", segment, d.from, d.to))
	if exists(name) {
		return true
	}
	log := j.log.Error().Str("segment", string(segment)).Int64("offset", d.from).Int64("bytes", d.to-d.from).Str("copy", name)
	if err := j.copyAside(io.NewSectionReader(f, d.from, d.to-d.from), name); err != nil {
		log.Err(err).Msg(what + "; setting them aside failed")
		return false
	}
	log.Msg(what)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.damaged++
	return true
}

func (j *Journal) copyAside(r io.Reader, name string) (err error) {
	id, err := j.mint.mail()
	if err != nil {
		return err
	}
	temp := j.layout.temp(id)
	f, err := j.deps.disk.Create(temp)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = j.deps.disk.Rename(temp, name)
	}
	if err != nil {
		j.deps.disk.Remove(temp)
		return err
	}
	return j.deps.disk.SyncDir(j.layout.corruptDir())
}

// setAsideFile moves a large mail that no record names to corrupt/: it was
// being put when the process ended, or its record is damaged.
func (j *Journal) setAsideFile(id ID) {
	name := j.layout.corrupt(string(id) + largeSuffix)
	log := j.log.Error().Str("mail", string(id)).Str("file", name)
	if err := j.deps.disk.Rename(j.layout.large(id), name); err != nil {
		log.Err(err).Msg("setting aside a large mail without record failed")
		return
	}
	log.Msg("large mail without record set aside")
	j.damaged++
}

// giveUp sets aside a pending mail that has become damaged since Open.
func (j *Journal) giveUp(e *entry, cause error) {
	aside := false
	if f, err := os.Open(j.layout.segment(e.seg.name)); err == nil {
		aside = j.setAside(f, e.seg.name, stretch{e.offset, e.end()}, cause.Error())
		f.Close()
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	e.seg.suspect = e.seg.suspect || !aside
	if j.mails[e.id] == e {
		j.forget(e)
	}
}
