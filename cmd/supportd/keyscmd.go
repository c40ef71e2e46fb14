package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

type keysCommand struct {
	List   keysListCommand   `cmd:"" help:"List the reply keys: which one signs, and since when."`
	Rotate keysRotateCommand `cmd:"" help:"Add a reply key that signs from now on; the others go on verifying."`
	Adopt  keysAdoptCommand  `cmd:"" help:"Have the store take the keys that are here, where those are lost that its records were written with."`
}

// replyKey is one version of the key that signs reply addresses and Message-IDs.
type replyKey struct {
	Version string    `json:"version"`
	Since   time.Time `json:"since"`
	Signs   bool      `json:"signs"`
}

// listKeys reads the ring, and when each key was made. Keys themselves are not shown.
func listKeys(folder string) ([]replyKey, ticket.Keyring, error) {
	ring, err := readKeyring(folder)
	if err != nil {
		return nil, ring, err
	}
	var keys []replyKey
	for _, v := range ring.Versions() {
		info, err := os.Stat(replyKeyFile(folder, v))
		if err != nil {
			return nil, ring, err
		}
		keys = append(keys, replyKey{Version: string(v), Since: info.ModTime().UTC().Truncate(time.Second), Signs: v == ring.Current})
	}
	return keys, ring, nil
}

type keysListCommand struct {
	configFlags
	JSON bool `help:"Print as JSON."`
}

func (c *keysListCommand) Run(_ context.Context, h host) error {
	cfg, err := c.load(h.env)
	if err != nil {
		return err
	}
	if err := needDataFolder(cfg); err != nil {
		return err
	}
	keys, _, err := listKeys(dataFolder(cfg.DataDir).keys())
	if err != nil {
		return keysFailure(err)
	}
	if c.JSON {
		return json.NewEncoder(h.out).Encode(keys)
	}
	t := newTable(h.out, h.width, "VERSION", "SINCE", "SIGNS")
	for _, k := range keys {
		signs := ""
		if k.Signs {
			signs = "yes"
		}
		t.row(k.Version, stamp(k.Since, cfg.zone()), signs)
	}
	return t.flush()
}

func keysFailure(err error) error {
	if errors.Is(err, errNoReplyKey) {
		return failf(exitFailed, "there is no key yet; the first start of the daemon makes one")
	}
	return failf(exitFailed, "the keys cannot be read: %s", err)
}

type keysRotateCommand struct {
	configFlags
	Keep int `placeholder:"N" help:"Retire all but the N newest keys, the new one included: answers to letters that an older one signed are known by their references and IDs alone. Without it all stay."`
}

// Run adds a key and tells the daemon. A letter that was owed before keeps its key,
// so that a second try bears the Message-ID of the first.
func (c *keysRotateCommand) Run(ctx context.Context, h host) error {
	cfg, err := c.load(h.env)
	if err != nil {
		return err
	}
	if c.Keep < 0 || c.Keep == 1 {
		return failf(exitUsage, "--keep wants 2 or more: letters that are on their way bear the key before the new one")
	}
	if err := needDataFolder(cfg); err != nil {
		return err
	}
	privateFiles()
	folder := dataFolder(cfg.DataDir).keys()
	_, ring, err := listKeys(folder)
	if err != nil {
		return keysFailure(err)
	}
	next, ok := nextVersion(ring.Current)
	if !ok {
		return failf(exitFailed, "version %c is the last there can be", ring.Current)
	}
	if _, err := makeSecret(replyKeyFile(folder, next), rand.Reader); err != nil {
		return failf(exitFailed, "the key cannot be written: %s", reason(err))
	}
	retired, err := retire(folder, append(ring.Versions(), next), c.Keep)
	if err != nil {
		return failf(exitFailed, "key %c signs from now on; an older one cannot be deleted: %s", next, reason(err))
	}
	return c.tell(ctx, cfg, h.out, next, retired)
}

// nextVersion is the next letter of the alphabet of versions.
func nextVersion(v byte) (byte, bool) {
	const alphabet = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford's base32, as ticket.Keyring has it
	i := strings.IndexByte(alphabet, v)
	if i < 0 || i+1 == len(alphabet) {
		return 0, false
	}
	return alphabet[i+1], true
}

// retire deletes the oldest keys.
func retire(folder string, versions []byte, keep int) ([]byte, error) {
	if keep == 0 || len(versions) <= keep {
		return nil, nil
	}
	old := slices.Clone(versions[:len(versions)-keep])
	for _, v := range old {
		if err := os.Remove(replyKeyFile(folder, v)); err != nil {
			return nil, err
		}
	}
	return old, nil
}

func (c *keysRotateCommand) tell(ctx context.Context, cfg configuration, w io.Writer, next byte, retired []byte) error {
	fmt.Fprintf(w, "Key %c signs from now on.\n", next)
	if len(retired) > 0 {
		fmt.Fprintf(w, "Retired: %s.\n", strings.Join(strings.Split(string(retired), ""), ", "))
	}
	_, err := dial(ctx, cfg)
	if errors.Is(err, errNoDaemon) {
		return nil
	}
	r, _, readErr := readRunning(cfg.DataDir)
	if err = errors.Join(err, readErr); err == nil {
		err = hangUp(r.PID)
	}
	if err != nil {
		return failf(exitFailed, "the running daemon could not be told (%s); have it reload with SIGHUP", reason(err))
	}
	_, err = fmt.Fprintln(w, "The running daemon was told to take it over.")
	return err
}

type keysAdoptCommand struct{ configFlags }

// Run puts the fingerprints of the keys that are here in place of those in the
// store, so that supportd starts again.
func (c *keysAdoptCommand) Run(ctx context.Context, h host) error {
	cfg, err := c.load(h.env)
	if err != nil {
		return err
	}
	if err := needDataFolder(cfg); err != nil {
		return err
	}
	if _, err := dial(ctx, cfg); !errors.Is(err, errNoDaemon) {
		return failf(exitFailed, "a supportd works on %s, with the keys that are here", cfg.DataDir)
	}
	folder := dataFolder(cfg.DataDir).keys()
	ring, err := readKeyring(folder)
	if err != nil {
		return keysFailure(err)
	}
	ticketKey, err := readSecret(filepath.Join(folder, ticketKeyFile))
	if err != nil {
		return keysFailure(err)
	}
	b, err := openBackend(cfg)
	if err != nil {
		return startFailure(err, cfg)
	}
	s, err := store.New(b, store.Config{})
	if err == nil {
		err = s.Adopt(ctx, fingerprints(ticketKey, ring))
	}
	if err = errors.Join(err, b.Close()); err != nil {
		return failf(exitFailed, "the store cannot be changed: %s", reason(err))
	}
	_, err = fmt.Fprintln(h.out, "The store takes the keys that are here. Answers to letters that other keys signed are known by the IDs in them alone.")
	return err
}
