package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Secrets of the daemon, each in a file of its own below the data folder:
//
//	admin.token      opens the API to this machine's operator
//	keys/ticket      from which tracking IDs are derived; for ever the same
//	keys/reply-0     signs reply addresses and Message-IDs, version 0
//
// A rotation puts keys/reply-1 beside it (see keyscmd.go): the last version in the
// order of the alphabet signs, all of them verify.
type secrets struct {
	ticket []byte
	ring   ticket.Keyring
	renew  func(ticket.Keyring) // of ring
	admin  string
}

const (
	adminTokenFile = "admin.token"
	keyFolder      = "keys"
	ticketKeyFile  = "ticket"
	replyKeyPrefix = "reply-"
	secretBytes    = 32
)

// openSecrets reads the secrets of a data folder, and makes those that are
// missing from random.
func openSecrets(dataDir string, random io.Reader) (secrets, error) {
	keys := filepath.Join(dataDir, keyFolder)
	if err := os.MkdirAll(keys, 0o700); err != nil {
		return secrets{}, fmt.Errorf("making the folder of the keys: %w", err)
	}
	admin, err := secretFile(filepath.Join(dataDir, adminTokenFile), random)
	if err != nil {
		return secrets{}, err
	}
	ticketKey, err := secretFile(filepath.Join(keys, ticketKeyFile), random)
	if err != nil {
		return secrets{}, err
	}
	ring, err := openKeyring(keys, random)
	if err != nil {
		return secrets{}, err
	}
	s := secrets{ticket: ticketKey, admin: hex.EncodeToString(admin)}
	s.ring, s.renew = ring.Renewable()
	return s, nil
}

// fingerprints name the keys as their files are named.
func fingerprints(ticketKey []byte, ring ticket.Keyring) store.Keys {
	prints := store.Keys{ticketKeyFile: ticket.Fingerprint(ticketKey)}
	for version, print := range ring.Fingerprints() {
		prints[replyKeyPrefix+string(version)] = print
	}
	return prints
}

// openKeyring reads the reply keys, or makes the first.
func openKeyring(folder string, random io.Reader) (ticket.Keyring, error) {
	ring, err := readKeyring(folder)
	if !errors.Is(err, errNoReplyKey) {
		return ring, err
	}
	if _, err := makeSecret(replyKeyFile(folder, '0'), random); err != nil {
		return ticket.Keyring{}, err
	}
	return readKeyring(folder)
}

// errNoReplyKey is returned where a data folder has no reply key.
var errNoReplyKey = errors.New("there is no reply key")

func replyKeyFile(folder string, version byte) string {
	return filepath.Join(folder, replyKeyPrefix+string(version))
}

// readKeyring reads the reply keys, of which the last signs.
func readKeyring(folder string) (ticket.Keyring, error) {
	files, err := filepath.Glob(replyKeyFile(folder, '?')) // sorted
	if err != nil {
		return ticket.Keyring{}, fmt.Errorf("listing the reply keys: %w", err)
	}
	if len(files) == 0 {
		return ticket.Keyring{}, errNoReplyKey
	}
	ring := ticket.Keyring{Keys: map[byte][]byte{}}
	for _, f := range files {
		key, err := readSecret(f)
		if err != nil {
			return ticket.Keyring{}, err
		}
		ring.Current = f[len(f)-1]
		ring.Keys[ring.Current] = key
	}
	if err := ring.Validate(); err != nil {
		return ticket.Keyring{}, fmt.Errorf("reading the reply keys: %w", err)
	}
	return ring, nil
}

// secretFile reads a secret in hexadecimal, or makes it. A made one is on disk
// when it returns: mail that bears its signature is in the world soon after.
func secretFile(file string, random io.Reader) ([]byte, error) {
	key, err := readSecret(file)
	if errors.Is(err, fs.ErrNotExist) {
		return makeSecret(file, random)
	}
	return key, err
}

func readSecret(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading a secret: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) < secretBytes {
		return nil, fmt.Errorf("reading %s: want %d hexadecimal digits", file, 2*secretBytes)
	}
	return key, nil
}

func makeSecret(file string, random io.Reader) ([]byte, error) {
	key := make([]byte, secretBytes)
	if _, err := io.ReadFull(random, key); err != nil {
		return nil, fmt.Errorf("drawing a secret: %w", err)
	}
	if err := writeDurably(file, []byte(hex.EncodeToString(key)+"\n")); err != nil {
		return nil, fmt.Errorf("writing %s: %w", file, err)
	}
	return key, nil
}

// writeDurably makes a file that is whole or absent, also after a power
// failure: written under another name, synced, renamed, the folder synced.
func writeDurably(file string, data []byte) error {
	folder := filepath.Dir(file)
	tmp, err := os.CreateTemp(folder, ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // gone already if all went well
	_, err = tmp.Write(data)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), file); err != nil {
		return err
	}
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
