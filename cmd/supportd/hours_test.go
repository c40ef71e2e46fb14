package main

import (
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// hoursOf loads a configuration and returns its business hours.
func hoursOf(t *testing.T, set ...string) ticket.Hours {
	t.Helper()
	t.Chdir(t.TempDir())
	cfg, err := configFlags{Set: append([]string{"desk.promises={normal: {assess: 16h}}"}, set...)}.load(nil)
	if err != nil {
		t.Fatal(err)
	}
	return cfg.planned.desk.Policy.Promises.Hours
}

func TestHolidays(t *testing.T) {
	type days = map[string]bool
	for _, tt := range []struct {
		name string
		set  []string
		want days
	}{
		{"Danish", nil, days{
			"2026-01-01": true, "2026-04-02": true, "2026-04-03": true, "2026-04-06": true, "2026-05-14": true, "2026-05-25": true,
			"2026-12-25": true, "2026-12-26": true, "2027-03-26": true,
			"2026-06-05": true, "2026-12-24": true, "2026-12-31": true, // by default
			"2023-05-05": true, "2024-04-26": false, "2026-05-01": false, // Store Bededag, and its end
			"2026-05-15": false, "2026-11-23": false,
		}},
		{"Danish without days of our own", []string{"desk.hours.extra_holidays=[]"}, days{
			"2026-06-05": false, "2026-12-24": false, "2026-12-31": false, "2026-12-25": true,
		}},
		{"none but our own", []string{"desk.hours.holidays=none", "desk.hours.extra_holidays=[02-29, 2026-12-28]"}, days{
			"2026-12-25": false, "2028-02-29": true, "2026-12-28": true, "2027-12-28": false,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := hoursOf(t, tt.set...)
			for day, want := range tt.want {
				at, err := time.Parse(time.DateOnly, day)
				if err != nil {
					t.Fatal(err)
				}
				if got := h.Holiday(at.Date()); got != want {
					t.Errorf("%s is a holiday: %v, want %v", day, got, want)
				}
			}
		})
	}
}

// A promise made before Christmas is counted over it.
func TestPromisesOfTheConfiguration(t *testing.T) {
	t.Chdir(t.TempDir())
	cfg, err := configFlags{Set: []string{
		"desk.promises={critical: {assess: 2h, answer: 8h}, normal: {assess: 16h}}", "desk.hours.close=24:00", `staff=[{address: a@firma.example, roles: [qa], digest: "08:00"}]`,
	}}.load(nil)
	if err != nil {
		t.Fatal(err)
	}
	d := cfg.planned.desk
	from := time.Date(2026, 12, 23, 23, 0, 0, 0, d.Policy.Location) // a Wednesday
	promises := d.Policy.Promises
	if got, want := promises.AssessBy(ticket.SeverityCritical, from), time.Date(2026, 12, 28, 9, 0, 0, 0, d.Policy.Location); !got.Equal(want) {
		t.Errorf("critical is assessed by %s, want %s", got, want)
	}
	if got := promises.AnswerBy(ticket.SeverityNormal, from); !got.IsZero() {
		t.Errorf("an answer is promised by %s, though none is configured", got)
	}
	if got := d.Correspondence.Staff[0].Digest.String(); got != "08:00" {
		t.Errorf("the digest is at %q", got)
	}
}
