package rediskv

import (
	"context"
	"crypto/sha1" // the digest by which Redis knows a script; guards nothing
	"encoding/hex"

	"github.com/redis/go-redis/v9"
)

// script is a Lua script and the digest by which the server knows it.
type script struct{ text, digest string }

func newScript(text string) script {
	sum := sha1.Sum([]byte(text))
	return script{text: text, digest: hex.EncodeToString(sum[:])}
}

// run runs a script by its digest, and by its text where the server does not know it
// (yet, or any more).
func (b *Backend) run(ctx context.Context, s script, keys []string, args []any) (any, error) {
	reply, err := b.eval(ctx, "evalsha", s.digest, keys, args)
	if redis.HasErrorPrefix(err, "NOSCRIPT") {
		return b.eval(ctx, "eval", s.text, keys, args)
	}
	return reply, err
}

func (b *Backend) eval(ctx context.Context, verb, script string, keys []string, args []any) (any, error) {
	words := make([]any, 0, 3+len(keys)+len(args))
	words = append(words, verb, script, len(keys))
	for _, key := range keys {
		words = append(words, key)
	}
	cmd := redis.NewCmd(ctx, append(words, args...)...)
	cmd.SetFirstKeyPos(3)
	if err := b.client.Process(ctx, once{cmd}); err != nil {
		return nil, err
	}
	return cmd.Result()
}

// once is a command that the client must not repeat by itself. MaxRetries says the
// same, but the cluster client heeds only this.
type once struct{ *redis.Cmd }

// NoRetry answers the client.
func (once) NoRetry() bool { return true }
