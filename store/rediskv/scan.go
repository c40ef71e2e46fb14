package rediskv

import (
	"context"
	"errors"
	"fmt"

	"aismarttalk.tech/supportd/store"
)

// scanScript reads a range at one moment. Redis wants a script to name its keys
// beforehand, but which records a range holds only the sorted set knows. So the
// caller names those that it expects, none at first; if the range holds others, it
// is told their names and asks again.
//
//	KEYS  the sorted set, then the records expected
//	ARGV  beginning and end of the range as ZRANGEBYLEX wants them; the limit; how
//	      many names to look at; the prefix of a record's key
//
// It returns 1 and names and values in turn, or 0 and names.
const scanScript = `
local expected = {}
for i = 2, #KEYS do
  expected[KEYS[i]] = true
end
local names = redis.call('ZRANGEBYLEX', KEYS[1], ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[4])
local limit, found = tonumber(ARGV[3]), {1}
for _, name in ipairs(names) do
  if #found >= 2 * limit then
    break
  end
  local key = ARGV[5] .. name
  if not expected[key] then
    table.insert(names, 1, 0)
    return names
  end
  local value = redis.call('GET', key)
  if value then
    found[#found + 1] = name
    found[#found + 1] = value
  end
end
return found
`

const (
	// spareNames are looked at beyond the limit, so that records deleted from the
	// beginning of a range, as leased jobs are, do not cost another try.
	spareNames = 16
	// scanTries bounds how often a range may gain records between two tries.
	scanTries = 32
)

// Scan returns the first records of a range, in two round trips if others do not
// add to it meanwhile, in one if it is empty.
func (b *Backend) Scan(ctx context.Context, from, to string, limit int) ([]store.Record, error) {
	if err := store.CheckRange(from, to, limit); err != nil {
		return nil, err
	}
	keys := []string{b.index + store.Keyspace(from)}
	args := []any{"[" + from, "(" + to, limit, limit + spareNames, b.prefix}
	expected := map[string]bool{}
	for range scanTries {
		reply, err := b.run(ctx, b.scan, keys, args)
		if err != nil {
			return nil, fault(ctx, "scanning", err)
		}
		complete, texts, err := scanReply(reply)
		if err != nil {
			return nil, err
		}
		if complete {
			return decodeAll(texts)
		}
		for _, name := range texts {
			if !expected[name] {
				expected[name] = true
				keys = append(keys, b.prefix+name)
			}
		}
	}
	return nil, fmt.Errorf("scanning redis: the range from %q gained records in each of %d tries", from, scanTries)
}

func scanReply(reply any) (complete bool, texts []string, err error) {
	items, _ := reply.([]any)
	for i, item := range items {
		switch item := item.(type) {
		case int64:
			complete = i == 0 && item == 1
		case string:
			texts = append(texts, item)
		}
	}
	if want := len(items) - 1; want < 0 || len(texts) != want || complete && want%2 != 0 {
		return false, nil, errors.New("scanning redis: the script's reply cannot be read")
	}
	return complete, texts, nil
}

func decodeAll(texts []string) ([]store.Record, error) {
	records := make([]store.Record, 0, len(texts)/2)
	for i := 0; i < len(texts); i += 2 {
		r, err := decode(texts[i], texts[i+1])
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	return records, nil
}
