package rediskv

import (
	"context"
	"fmt"

	"aismarttalk.tech/supportd/store"
)

// applyScript writes a batch and returns 1, or returns 0 if a check does not hold.
//
//	KEYS  the records to check, to put and to delete, then the sorted sets
//	ARGV  how many to check, how many to put, how many to delete; the length of the
//	      prefix of a record's key; the revisions to check; the values to put; for
//	      each put and each delete which of the sorted sets its key belongs to
//
// All that can fail comes before the first write of a record: a check, an OOM (Redis
// refuses a script's first write, or none), a sorted set that is none (ZADD).
const applyScript = `
local checks, puts, deletes, prefix = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local records = checks + puts + deletes
for i = 1, checks do
  if redis.call('GETRANGE', KEYS[i], 0, 15) ~= ARGV[4 + i] then
    return 0
  end
end
local values, sets = 4 + checks, 4 + checks + puts
for i = 1, puts do
  redis.call('ZADD', KEYS[records + ARGV[sets + i]], 0, string.sub(KEYS[checks + i], prefix + 1))
end
for i = 1, puts do
  redis.call('SET', KEYS[checks + i], ARGV[values + i])
end
for i = puts + 1, puts + deletes do
  redis.call('DEL', KEYS[checks + i])
  redis.call('ZREM', KEYS[records + ARGV[sets + i]], string.sub(KEYS[checks + i], prefix + 1))
end
return 1
`

// Apply writes the batch.
func (b *Backend) Apply(ctx context.Context, batch store.Batch) error {
	if err := batch.Validate(); err != nil {
		return err
	}
	keys, args := b.applyArgs(batch)
	if len(keys) == 0 {
		return nil
	}
	reply, err := b.run(ctx, b.apply, keys, args)
	if err != nil {
		return fault(ctx, "writing", err)
	}
	switch reply {
	case int64(1):
		return nil
	case int64(0):
		return store.ErrConflict
	default:
		return fmt.Errorf("writing redis: the script replied %v", reply)
	}
}

// applyArgs lays a batch out for the script.
func (b *Backend) applyArgs(batch store.Batch) (keys []string, args []any) {
	records := len(batch.Check) + len(batch.Put) + len(batch.Delete)
	keys = make([]string, 0, records+8)
	args = make([]any, 0, 4+records+len(batch.Put))
	args = append(args, len(batch.Check), len(batch.Put), len(batch.Delete), len(b.prefix))
	for _, c := range batch.Check {
		keys = append(keys, b.prefix+c.Key)
		args = append(args, revText(c.Rev))
	}
	rev := revText(b.rev())
	for _, r := range batch.Put {
		keys = append(keys, b.prefix+r.Key)
		args = append(args, rev+" "+string(r.Value))
	}
	for _, key := range batch.Delete {
		keys = append(keys, b.prefix+key)
	}
	numbers := map[string]int{} // of the sorted sets, counting from 1
	number := func(key string) int {
		space := store.Keyspace(key)
		if numbers[space] == 0 {
			numbers[space] = len(numbers) + 1
			keys = append(keys, b.index+space)
		}
		return numbers[space]
	}
	for _, r := range batch.Put {
		args = append(args, number(r.Key))
	}
	for _, key := range batch.Delete {
		args = append(args, number(key))
	}
	return keys, args
}
