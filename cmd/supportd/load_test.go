package main

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/templates"
)

// Each bad configuration reports all of its faults, each with its place and
// what was meant.
func TestBadConfigurations(t *testing.T) {
	files, err := filepath.Glob("../../testdata/cmd/config/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no bad configurations found", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			_, err := configFlags{Config: file}.load(nil)
			if err == nil {
				t.Fatal("loaded without a fault")
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".golden", err.Error()+"\n")
		})
	}
}

// The example is complete: it loads, and every key that there is stands in it.
func TestExampleConfiguration(t *testing.T) {
	const example = "../../supportd.example.yaml"
	if _, err := (configFlags{Config: example}).load(nil); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range allKeys(reflect.TypeFor[settings](), "") {
		name := key[strings.LastIndex(key, ".")+1:]
		if !strings.Contains(string(text), name+":") {
			t.Errorf("%s is missing in the example", key)
		}
	}
}

// Without any source the defaults hold, and they are without fault.
func TestDefaultConfiguration(t *testing.T) {
	t.Chdir(t.TempDir())
	cfg, err := configFlags{}.load(nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(defaultSettings(), cfg.settings); diff != "" {
		t.Error(diff)
	}
}

// The environment goes over the file, flags go over both.
func TestPrecedence(t *testing.T) {
	t.Chdir(t.TempDir())
	file := "desk: {name: from the file, prefix: FIL, quiet_days: 1}\nlog: {level: warn}\n"
	if err := os.WriteFile(defaultConfigFile, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{
		"SUPPORTD_DESK__NAME=2026", // a text is taken as it stands
		"SUPPORTD_DESK__QUIET_DAYS=2",
		"SUPPORTD_DESK__ADDRESSES=[help@firma.example, hjaelp@firma.example]",
		"SUPPORTD_DESK__REOPEN_WINDOW=48h",
		"SUPPORTD_TEST_REQUIRE=redis", // not ours
		"PATH=/usr/bin",
	}
	cfg, err := configFlags{Set: []string{"desk.quiet_days=3"}}.load(env)
	if err != nil {
		t.Fatal(err)
	}
	want := defaultSettings()
	want.Desk.Name, want.Desk.Prefix, want.Desk.QuietDays = "2026", "FIL", 3
	want.Desk.Addresses = []string{"help@firma.example", "hjaelp@firma.example"}
	want.Desk.ReopenWindow = 48 * time.Hour
	want.Log.Level = "warn"
	if diff := cmp.Diff(want, cfg.settings); diff != "" {
		t.Error(diff)
	}
	for key, where := range map[string]string{
		"desk.name": "SUPPORTD_DESK__NAME", "desk.prefix": "supportd.yaml:1:37", "desk.quiet_days": "--set",
	} {
		if got := cfg.origins[key]; got != where {
			t.Errorf("origin of %s: %q, want %q", key, got, where)
		}
	}
}

// The budgets of reporters and of staff are told apart, and 0 lifts one.
func TestLetterLimits(t *testing.T) {
	t.Chdir(t.TempDir())
	cfg, err := configFlags{Set: []string{
		"limits.notices_per_10_minutes=1", "limits.notices_per_day=2", "limits.staff_notices_per_10_minutes=3",
		"limits.staff_notices_per_day=0", "limits.notices_in_all_per_day=5",
	}}.load(nil)
	if err != nil {
		t.Fatal(err)
	}
	n := cfg.planned.notifier
	if n.Reporters != (store.Budget{TenMinutes: 1, Day: 2}) || n.Staff != (store.Budget{TenMinutes: 3}) || n.Daily != 5 {
		t.Errorf("reporters %+v, staff %+v, in all %d", n.Reporters, n.Staff, n.Daily)
	}
}

// The default language is any that has letters; staff without a language of
// their own get the nearest that has letters to staff.
func TestDefaultLanguage(t *testing.T) {
	t.Chdir(t.TempDir())
	const staff = "staff=[{address: first-line@firma.example, roles: [support]}]"
	nordic := []string{"da", "nb", "sv"}
	for _, language := range templates.Languages() {
		cfg, err := configFlags{Set: []string{"desk.default_language=" + language, staff}}.load(nil)
		if err != nil {
			t.Errorf("%s: %v", language, err)
			continue
		}
		want := "en"
		if slices.Contains(nordic, language) {
			want = "da"
		}
		if got := cfg.planned.desk.Correspondence.Staff[0].Language; got != want {
			t.Errorf("staff of a desk in %s are written to in %s, want %s", language, got, want)
		}
	}
	_, err := configFlags{Set: []string{"desk.default_language=tlh"}}.load(nil)
	if err == nil || !strings.Contains(err.Error(), `--set: desk.default_language: there are no letters in "tlh"; want one of da, `) {
		t.Errorf("error %v", err)
	}
}

// Slips outside the file are faults as well, and all are told.
func TestFaultsOutsideTheFile(t *testing.T) {
	t.Chdir(t.TempDir())
	env := []string{"SUPPORTD_DESK__NAMES=x", "SUPPORTD_SMTP__MAX_MESSAGE_BYTES=many", "SUPPORTD_STAFF__0__NAME=x", "SUPPORTD_RETENTION={}"}
	_, err := configFlags{
		Config: "missing.yaml",
		Set: []string{
			"log.levl=x", "log.level", "store.kind=blot", "desk.addresses=[a", "store={kind: redis}", "staff[0].name=x", "colour=red",
		},
	}.load(env)
	if err == nil {
		t.Fatal("loaded without a fault")
	}
	for _, want := range []string{
		"missing.yaml: there is no such file",
		"SUPPORTD_DESK__NAMES: no key has this name; did you mean SUPPORTD_DESK__NAME?",
		"SUPPORTD_SMTP__MAX_MESSAGE_BYTES: smtp.max_message_bytes: want a whole number",
		"SUPPORTD_STAFF__0__NAME: no key has this name; SUPPORTD_STAFF is set whole, as YAML",
		"SUPPORTD_RETENTION: no key has this name; the keys of this section are SUPPORTD_RETENTION__JOURNAL, SUPPORTD_RETENTION__MAIL",
		"--set: log.levl: unknown key; did you mean log.level?",
		`--set: want KEY=VALUE; got "log.level"`,
		`--set: store.kind: want one of bolt, redis, memory; got "blot"; did you mean bolt?`,
		"--set: desk.addresses: this is not YAML",
		"--set: store: unknown key; the keys of this section are store.kind, store.url, store.url_file, store.cluster, store.desk",
		"--set: staff[0].name: unknown key; staff is set whole, as YAML",
		"--set: colour: unknown key; supportd config print lists all there are",
		"12 faults",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("not told: %s\nin:\n%s", want, err)
		}
	}
}

// What config print writes loads again to the same configuration.
func TestPrintLoadsAgain(t *testing.T) {
	first, err := configFlags{Config: "../../supportd.example.yaml"}.load(nil)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := first.print(&text); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "again.yaml")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := configFlags{Config: file}.load(nil)
	if err != nil {
		t.Fatalf("%s\n%s", err, text.String())
	}
	if diff := cmp.Diff(first.settings, again.settings, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

// No secret is printed.
func TestPrintHidesSecrets(t *testing.T) {
	t.Chdir(t.TempDir())
	cfg, err := configFlags{Set: []string{"store.kind=redis", "store.url=redis://desk:hunter2@127.0.0.1:6379/0"}}.load(nil)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := cfg.print(&text); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text.String(), "hunter2") || !strings.Contains(text.String(), "redis://desk:xxxxx@127.0.0.1") {
		t.Error(text.String())
	}
}

func TestNearest(t *testing.T) {
	keys := []string{"name", "addresses", "prefix", "timezone"}
	for word, want := range map[string]string{
		"adresses": "addresses", "addresess": "addresses", "prefiks": "prefix", "nmae": "name", "time_zone": "timezone",
		"colour": "", "x": "", "": "",
	} {
		if got := nearest(word, keys); got != want {
			t.Errorf("nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

// Whatever a configuration holds, it is loaded or its faults are told.
func FuzzConfiguration(f *testing.F) {
	files, err := filepath.Glob("../../testdata/cmd/config/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "../../supportd.example.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	file := filepath.Join(f.TempDir(), "fuzzed.yaml")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		cfg, err := configFlags{Config: file}.load(nil)
		if err == nil && cfg.Desk.Prefix == "" {
			t.Error("a configuration without a prefix passed")
		}
	})
}
