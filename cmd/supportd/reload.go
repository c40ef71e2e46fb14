package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/rs/zerolog"

	"aismarttalk.tech/supportd/classifier"
)

// reloader takes over what can be changed while the daemon works. Whatever
// happens, the daemon goes on: with the new settings, or with the old ones.
type reloader struct {
	daemon  *daemon
	gate    *logGate
	log     zerolog.Logger
	flags   configFlags
	env     []string
	current settings // in force
}

// reloadable are the keys, or beginnings of keys, that a reload takes over. All
// others want a restart.
var reloadable = []string{"log.level", "severity.", "categories"}

// onEach reloads at each signal until the returned function is called.
func (r *reloader) onEach(hangups <-chan os.Signal) (stop func()) {
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-hangups:
				r.reload()
			case <-quit:
				return
			}
		}
	}()
	return func() {
		close(quit)
		<-ended
	}
}

// reload reads the configuration again and logs what came of it.
func (r *reloader) reload() {
	fresh, err := r.flags.load(r.env)
	if err != nil {
		r.log.Error().Strs("faults", strings.Split(err.Error(), "\n")).Msg("configuration not reloaded; the old one stays")
		return
	}
	taken, waiting := r.changes(fresh.settings)
	keys, err := r.rotate()
	if err == nil {
		err = r.apply(fresh)
	}
	if err != nil {
		r.log.Error().Err(err).Msg("configuration not reloaded; the old one stays")
		return
	}
	r.log.Info().Strs("changed", append(taken, keys...)).Msg("configuration reloaded")
	if len(waiting) > 0 {
		r.log.Warn().Strs("keys", waiting).Msg("these changed keys want a restart")
	}
}

// rotate takes over the reply keys that are in the data folder, and tells if they are
// others than before.
func (r *reloader) rotate() (changed []string, err error) {
	s := r.daemon.records.secrets
	fresh, err := readKeyring(dataFolder(r.daemon.cfg.DataDir).keys())
	if err != nil {
		return nil, err
	}
	if maps.Equal(fresh.Fingerprints(), s.ring.Fingerprints()) {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), storePatience)
	defer cancel()
	if err := r.daemon.records.store.Admit(ctx, fingerprints(s.ticket, fresh)); err != nil {
		return nil, fmt.Errorf("taking over the reply keys: %w", err)
	}
	s.renew(fresh)
	return []string{"keys"}, nil
}

// apply takes the new settings over, all of them or none.
func (r *reloader) apply(fresh configuration) error {
	c, err := classifier.New(fresh.planned.classifier)
	if err != nil {
		return fmt.Errorf("reading the phrases: %w", err)
	}
	// The certificate may be renewed in place, so that its key did not change.
	if err := r.daemon.smtp.ReloadCertificate(); err != nil {
		return err
	}
	if err := r.gate.set(fresh.Log.Level); err != nil {
		return err
	}
	r.daemon.classifier.Store(c)
	r.current.Log.Level, r.current.Severity, r.current.Categories = fresh.Log.Level, fresh.Severity, fresh.Categories
	return nil
}

// changes lists the keys that differ, those that reload takes over and those
// that wait for a restart.
func (r *reloader) changes(fresh settings) (taken, waiting []string) {
	for _, key := range changedKeys(reflect.ValueOf(r.current), reflect.ValueOf(fresh), "") {
		if slices.ContainsFunc(reloadable, func(p string) bool { return strings.HasPrefix(key, p) }) {
			taken = append(taken, key)
		} else {
			waiting = append(waiting, key)
		}
	}
	return taken, waiting
}

func changedKeys(a, b reflect.Value, parent string) []string {
	var keys []string
	for i, name := range fieldNames(a.Type()) {
		key := join(parent, name)
		switch {
		case a.Field(i).Kind() == reflect.Struct:
			keys = append(keys, changedKeys(a.Field(i), b.Field(i), key)...)
		case !reflect.DeepEqual(a.Field(i).Interface(), b.Field(i).Interface()):
			keys = append(keys, key)
		}
	}
	return keys
}
