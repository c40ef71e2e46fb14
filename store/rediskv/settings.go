package rediskv

import (
	"context"
)

// Settings are those of the server on which it hangs whether records last.
type Settings struct {
	AppendOnly      string // "yes": what was written survives a restart
	AppendFsync     string // "always": and a power failure; "everysec": but for the last second
	MaxMemoryPolicy string // "noeviction", or records vanish when memory is short
}

// Settings asks the server. It fails where CONFIG is forbidden, as hosted services do.
func (b *Backend) Settings(ctx context.Context) (Settings, error) {
	all := map[string]string{}
	for _, pattern := range []string{"append*", "maxmemory-policy"} {
		some, err := b.client.ConfigGet(ctx, pattern).Result()
		if err != nil {
			return Settings{}, fault(ctx, "reading the settings of", err)
		}
		for name, value := range some {
			all[name] = value
		}
	}
	return Settings{
		AppendOnly:      all["appendonly"],
		AppendFsync:     all["appendfsync"],
		MaxMemoryPolicy: all["maxmemory-policy"],
	}, nil
}
