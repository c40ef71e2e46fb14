package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

// Tracking IDs in what people read of us pass the check character, so that
// nobody who tries an example is told that it is no tracking ID.
func TestExampleIDsAreValid(t *testing.T) {
	const root = "../.."
	// The prefix is that of the desk where a message names an example.
	example := regexp.MustCompile(`[" \[](AIS|)-([0-9A-Z]{4}-[0-9A-Z]{4})\b`)
	found := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == "testdata" || d.Name() == ".git" {
				return fs.SkipDir
			}
			return nil
		}
		text := strings.HasSuffix(path, ".md") || strings.HasSuffix(path, ".yaml")
		if code := strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"); !text && !code {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range example.FindAllStringSubmatch(string(data), -1) {
			found++
			if id := ticket.ID("AIS-" + m[2]); !id.Valid() {
				t.Errorf("%s: %s is no tracking ID", path, id)
			}
		}
		return nil
	})
	if err != nil || found < 10 {
		t.Errorf("%d examples found, %v", found, err)
	}
}
