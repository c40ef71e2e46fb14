package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"aismarttalk.tech/supportd/web"
)

type healthcheckCommand struct {
	configFlags
}

// Run asks the daemon of the data folder whether all its parts work: exit 0 if
// they do, 1 if not.
func (c *healthcheckCommand) Run(ctx context.Context, h host) error {
	cfg, err := c.load(h.env)
	if err != nil {
		return err
	}
	api, err := dial(ctx, cfg)
	if errors.Is(err, errNoDaemon) {
		return failf(exitFailed, "no daemon runs on %s", cfg.DataDir)
	}
	if err != nil {
		return err
	}
	health, err := api.health(ctx)
	if err != nil {
		return err
	}
	var parts []string
	for _, name := range sortedKeys(health.Checks) {
		parts = append(parts, name+" "+health.Checks[name])
	}
	text := health.Status + ": " + strings.Join(parts, ", ")
	if health.Status != web.HealthOK {
		return failf(exitFailed, "%s", text)
	}
	_, err = fmt.Fprintln(h.out, text)
	return err
}
