package web

import (
	"encoding/csv"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// What reporters write stays text in a spreadsheet (bad-input 121).
func TestCellsAreInert(t *testing.T) {
	for cell, want := range map[string]string{
		"Login virker ikke":             "Login virker ikke",
		"":                              "",
		"'tak":                          "'tak",
		"1+1=2":                         "1+1=2",
		"=cmd|' /C calc'!A0":            "'=cmd|' /C calc'!A0",
		"+45 12 34 56 78":               "'+45 12 34 56 78",
		"-1":                            "'-1",
		"@SUM(A1)":                      "'@SUM(A1)",
		"\t=1":                          "'\t=1",
		"\r=1":                          "'\r=1",
		"  =1":                          "'  =1",
		"\ufeff=1":                      "'\ufeff=1",
		"＝1":                            "'＝1",
		"hej;=HYPERLINK(\"ond\");+1;ja": "hej;'=HYPERLINK(\"ond\");'+1;ja",
	} {
		if got := inert(cell); got != want {
			t.Errorf("%q became %q, want %q", cell, got, want)
		}
	}
}

func TestTicketsAsCSV(t *testing.T) {
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("CET", 3600))
	row := TicketRow{
		ID: "AIS-7K3Q-M2XQ", State: ticket.StateReported, Kind: ticket.KindBug, Subject: "=1+1, \"siger\"\nhan", Reporter: "@ond.example",
		Claim: ticket.Claim{Severity: ticket.SeverityHigh}, Category: "login", Opened: at, Updated: at, Mails: 2, Flags: []string{"nul", "barelf"},
	}
	var b strings.Builder
	if err := WriteCSV(&b, []TicketRow{row}); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%v in %q", err, b.String())
	}
	got := map[string]string{}
	for i, name := range rows[0] {
		got[name] = rows[1][i]
	}
	for name, want := range map[string]string{
		"id": "AIS-7K3Q-M2XQ", "severity": "high", "confirmed": "false", "opened": "2026-11-23T11:00:00Z", "mails": "2", "reporter": "'@ond.example",
		"subject": "'=1+1, \"siger\"\nhan", "flags": "nul barelf", "assignee": "",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
}

// The same question gets both forms; both go on at the same cursor.
func TestListForSpreadsheets(t *testing.T) {
	f := newFixture(t)
	page := func(cursor string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/api/v1/tickets?limit=1&cursor="+cursor, nil)
		r.Header.Set("Authorization", "Bearer "+adminSecret)
		r.Header.Set("Accept", "text/csv")
		w := httptest.NewRecorder()
		f.http.Handler.ServeHTTP(w, r)
		if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") {
			t.Fatalf("%d %s %s", w.Code, w.Header(), w.Body)
		}
		return w
	}
	var got []string
	for cursor, more := "", true; more; more = cursor != "" {
		w := page(cursor)
		rows, err := csv.NewReader(w.Body).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows[1:] {
			got = append(got, r[0])
		}
		cursor = w.Header().Get(HeaderNext)
	}
	var want []string
	for _, row := range decode[TicketList](t, f.ask("GET", "/api/v1/tickets", "")).Tickets {
		want = append(want, string(row.ID))
	}
	if !slices.Equal(got, want) || len(want) < 2 {
		t.Errorf("as CSV %q, as JSON %q", got, want)
	}
}
