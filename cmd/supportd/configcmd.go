package main

import (
	"encoding/json"
	"fmt"
)

type configCheckCommand struct {
	configFlags
	JSON bool `help:"Print the result as JSON."`
}

func (c *configCheckCommand) Run(h host) error {
	cfg, err := c.load(h.env)
	bad, _ := err.(faults)
	if c.JSON {
		out := struct {
			OK     bool    `json:"ok"`
			File   string  `json:"file"`
			Faults []fault `json:"faults"`
		}{len(bad) == 0, cfg.file, append([]fault{}, bad...)}
		if err := json.NewEncoder(h.out).Encode(out); err != nil {
			return err
		}
		if len(bad) > 0 {
			return failf(exitConfig, "the configuration has faults; they are listed in the output")
		}
		return nil
	}
	if err != nil {
		return err
	}
	name := cfg.file
	if name == "" {
		name = "no configuration file, the defaults"
	}
	fmt.Fprintf(h.out, "%s: in order\n", name)
	return nil
}

type configPrintCommand struct {
	configFlags
}

func (c *configPrintCommand) Run(h host) error {
	cfg, err := c.load(h.env)
	if err != nil {
		return err
	}
	return cfg.print(h.out)
}
