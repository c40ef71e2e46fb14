// Package rediskv is the store backend for several machines: Redis 6 or later,
// Valkey, or a Redis Cluster.
//
// It stands on floor 1, below store. Its one rule: what must happen at one moment is
// one command or one script, and that names every key it touches.
//
// A record is a string of its own, {desk}:ticket/AIS-7K3Q-M2XQ, which holds
// "<revision> <value>", the revision in 16 hexadecimal digits. The keys of each
// keyspace stand in a sorted set, {desk}.keys:ticket, all with score 0 and so in
// byte order. The hash tag {desk} keeps a desk on one node of a cluster.
//
// The server's maxmemory-policy must be noeviction: a full server then refuses what
// is new, and keeps what it has.
package rediskv

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/redis/go-redis/v9"

	"aismarttalk.tech/supportd/store"
)

// Backend keeps records in Redis.
type Backend struct {
	client redis.UniversalClient
	apply  script
	scan   script
	rev    func() uint64
	prefix string // of a record's key
	index  string // of a sorted set's key
}

var _ store.Backend = (*Backend)(nil)

// New returns a backend. It does not connect: a server that is down, is loading or
// has lost its master makes each call fail until it is back, and no longer.
func New(c Config) (*Backend, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.withDefaults()
	client, err := c.client()
	if err != nil {
		return nil, err
	}
	tag := "{" + c.Desk + "}"
	return &Backend{
		client: client,
		apply:  newScript(applyScript),
		scan:   newScript(scanScript),
		rev:    c.Rev,
		prefix: tag + ":",
		index:  tag + ".keys:",
	}, nil
}

// Get returns the records of the keys.
func (b *Backend) Get(ctx context.Context, keys ...string) ([]store.Record, error) {
	names := make([]string, len(keys))
	for i, key := range keys {
		if err := store.CheckKey(key); err != nil {
			return nil, err
		}
		names[i] = b.prefix + key
	}
	if len(keys) == 0 {
		return nil, nil
	}
	values, err := b.client.MGet(ctx, names...).Result()
	if err != nil {
		return nil, fault(ctx, "reading", err)
	}
	if len(values) != len(keys) {
		return nil, fmt.Errorf("reading redis: %d values for %d keys", len(values), len(keys))
	}
	records := make([]store.Record, len(keys))
	for i, key := range keys {
		switch value := values[i].(type) {
		case nil:
			records[i] = store.Record{Key: key}
		case string:
			if records[i], err = decode(key, value); err != nil {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("reading redis: a value of type %T", value)
		}
	}
	return records, nil
}

// Close lets go of the connections.
func (b *Backend) Close() error {
	err := b.client.Close()
	if errors.Is(err, redis.ErrClosed) {
		return nil
	}
	return err
}

// fault says which of the store's errors an error of the client is. All others, from
// a lost connection to LOADING, READONLY, MASTERDOWN, OOM and MISCONF, stay what
// they are: not acceptable now, and open to another try.
func fault(ctx context.Context, doing string, err error) error {
	if errors.Is(err, redis.ErrClosed) {
		return store.ErrClosed
	}
	if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
		return fmt.Errorf("%s redis: %w (%w)", doing, ended, err)
	}
	return fmt.Errorf("%s redis: %w", doing, err)
}

const revDigits = 16

// revText is a revision as it stands in a record, "" for an absent one.
func revText(rev uint64) string {
	if rev == 0 {
		return ""
	}
	return fmt.Sprintf("%0*x", revDigits, rev)
}

func decode(key, text string) (store.Record, error) {
	if len(text) > revDigits && text[revDigits] == ' ' {
		rev, err := strconv.ParseUint(text[:revDigits], 16, 64)
		if err == nil && rev != 0 {
			return store.Record{Key: key, Value: []byte(text[revDigits+1:]), Rev: rev}, nil
		}
	}
	return store.Record{}, fmt.Errorf("the value of %q in redis is not of supportd's making", key)
}
