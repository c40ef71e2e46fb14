package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The test binary is also the program, so that scripts run it as a shell would.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"supportd": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "../../testdata/cmd/script",
		UpdateScripts: *update,
	})
}
