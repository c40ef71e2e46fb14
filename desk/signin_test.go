package desk_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/ticket"
)

const firstLine = "first-line@aismarttalk.tech"

// consoleHouse has one of the staff, and pages.
func consoleHouse(t *testing.T) *house {
	return newHouse(t, memkv.New(), listFirstLine)
}

func listFirstLine(c *desk.Config) {
	c.PublicURL = "https://support.firma.example"
	c.Correspondence.Staff = []ticket.Staff{{Address: firstLine, Name: "Support", Roles: []ticket.Role{ticket.RoleSupport}, Language: "da"}}
}

// signInLetters are those that are owed.
func (h *house) signInLetters() []ticket.Notice {
	h.t.Helper()
	var letters []ticket.Notice
	for n, err := range h.store.AllNoticesIn(h.t.Context(), ticket.NoticeQueued, time.Time{}) {
		if err != nil {
			h.t.Fatal(err)
		}
		if n.Kind == ticket.NoticeStaffSignIn {
			letters = append(letters, n)
		}
	}
	return letters
}

func (h *house) askSignIn(address, next string) {
	h.t.Helper()
	if err := h.desk.AskSignIn(h.t.Context(), address, next); err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.desk.DoChores(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// link is the secret of a link of ours.
func (h *house) link(link string) string {
	h.t.Helper()
	u, err := url.Parse(link)
	if err != nil || u.Path != desk.SignInPath {
		h.t.Fatalf("link %q, error %v", link, err)
	}
	return u.Query().Get("link")
}

func (h *house) signIn(former string) desk.SignedIn {
	h.t.Helper()
	link, err := h.desk.SignInLink(h.t.Context(), firstLine)
	if err != nil {
		h.t.Fatal(err)
	}
	in, err := h.desk.SignIn(h.t.Context(), h.link(link), former)
	if err != nil {
		h.t.Fatal(err)
	}
	return in
}

func (h *house) wantSession(what, secret string, open bool) {
	h.t.Helper()
	who, err := h.desk.Session(h.t.Context(), secret)
	switch {
	case open && (err != nil || who.Address != firstLine):
		h.t.Errorf("%s: the session is %q's, error %v", what, who.Address, err)
	case !open && !errors.Is(err, desk.ErrNoSession):
		h.t.Errorf("%s: the session opens for %q, error %v", what, who.Address, err)
	}
}

func TestSignInByMail(t *testing.T) {
	h := consoleHouse(t)
	h.askSignIn("First-Line@aismarttalk.tech", "/console/tickets/AIS-7K3Q-M2XQ")
	letters := h.signInLetters()
	if len(letters) != 1 {
		t.Fatalf("%d letters are owed", len(letters))
	}
	l := letters[0]
	if l.To.Address != firstLine || l.Language != "da" || !l.NotBefore.IsZero() || !strings.HasPrefix(l.Facts.Link, "https://support.firma.example/console/signin?link=") {
		t.Errorf("the letter is %+v", l)
	}
	in, err := h.desk.SignIn(t.Context(), h.link(l.Facts.Link), "")
	if err != nil || in.Next != "/console/tickets/AIS-7K3Q-M2XQ" {
		t.Fatalf("signed in with %+v, error %v", in, err)
	}
	h.wantSession("signed in", in.Secret, true)
	if _, err := h.desk.SignIn(t.Context(), h.link(l.Facts.Link), ""); !errors.Is(err, desk.ErrNoSignIn) {
		t.Errorf("the link works twice: %v", err)
	}
}

// Whoever asks sees no difference; only a listed address is written to, and not often.
func TestWhoIsSentALink(t *testing.T) {
	h := consoleHouse(t)
	h.askSignIn("stranger@firma.example", "")
	if n := len(h.signInLetters()); n != 0 {
		t.Errorf("a stranger's question owes %d letters", n)
	}
	for range 20 {
		h.askSignIn(firstLine, "")
		h.now = h.now.Add(20 * time.Second)
	}
	if n := len(h.signInLetters()); n != 5 {
		t.Errorf("20 questions within the hour owe %d letters, want 5", n)
	}
}

func TestLinksEnd(t *testing.T) {
	h := consoleHouse(t)
	link, err := h.desk.SignInLink(t.Context(), firstLine)
	if err != nil {
		t.Fatal(err)
	}
	h.now = h.now.Add(desk.SignInLife)
	if _, err := h.desk.SignIn(t.Context(), h.link(link), ""); !errors.Is(err, desk.ErrNoSignIn) {
		t.Errorf("a link works after its time: %v", err)
	}
	if _, err := h.desk.SignInLink(t.Context(), "stranger@firma.example"); !errors.Is(err, desk.ErrNoStaff) {
		t.Errorf("a link for a stranger: %v", err)
	}
}

func TestSessionsEnd(t *testing.T) {
	h := consoleHouse(t)
	began := h.now
	in := h.signIn("")
	for range 13 { // used every twelve hours less a minute, it lives to its last day
		h.now = h.now.Add(desk.SessionIdle - time.Minute)
		h.wantSession("used in time", in.Secret, true)
	}
	h.now = began.Add(desk.SessionLife)
	h.wantSession("after a week", in.Secret, false)

	in = h.signIn("")
	h.now = h.now.Add(desk.SessionIdle / 2)
	if _, err := h.desk.Standing(t.Context(), in.Secret); err != nil { // which is no use
		t.Errorf("a session that stands: %v", err)
	}
	h.now = h.now.Add(desk.SessionIdle / 2)
	h.wantSession("idle", in.Secret, false)
	if who, err := h.desk.LapsedSession(t.Context(), in.Secret); err != nil || who.Address != firstLine {
		t.Errorf("whose idle session it was: %q, error %v", who.Address, err)
	}
}

// Bad-input 145: a session that was there before the sign-in is worth nothing after it,
// nor is one after its end.
func TestSessionFixation(t *testing.T) {
	h := consoleHouse(t)
	h.wantSession("made up", "chosen-by-somebody-else", false)
	first := h.signIn("chosen-by-somebody-else")
	h.wantSession("brought along", "chosen-by-somebody-else", false)
	second := h.signIn(first.Secret)
	h.wantSession("the one before", first.Secret, false)
	h.wantSession("the new one", second.Secret, true)
	other := h.signIn("")
	if err := h.desk.SignOut(t.Context(), second.Secret, false); err != nil {
		t.Fatal(err)
	}
	h.wantSession("signed out", second.Secret, false)
	h.wantSession("at another browser", other.Secret, true)
	last := h.signIn("")
	if err := h.desk.SignOut(t.Context(), last.Secret, true); err != nil {
		t.Fatal(err)
	}
	h.wantSession("signed out everywhere", other.Secret, false)
}

// Who leaves the staff is out at once, and stays out when he comes back.
func TestLeaversAreOut(t *testing.T) {
	b := memkv.New()
	h := newHouse(t, b, listFirstLine)
	in := h.signIn("")
	link, err := h.desk.SignInLink(t.Context(), firstLine)
	if err != nil {
		t.Fatal(err)
	}
	without := newHouse(t, b, func(c *desk.Config) { c.PublicURL = "https://support.firma.example" })
	without.wantSession("after he left", in.Secret, false)
	if _, err := without.desk.SignIn(t.Context(), h.link(link), ""); !errors.Is(err, desk.ErrNoSignIn) {
		t.Errorf("his link works: %v", err)
	}
	if err := without.desk.EndLeavers(t.Context()); err != nil {
		t.Fatal(err)
	}
	newHouse(t, b, listFirstLine).wantSession("after he came back", in.Secret, false)
}

// The store has no secret of a session or a link in the clear.
func TestSecretsAreHashed(t *testing.T) {
	b := memkv.New()
	h := newHouse(t, b, listFirstLine)
	in := h.signIn("")
	err := store.Export(t.Context(), b, func(r store.Record) error {
		if strings.Contains(r.Key, in.Secret) || strings.Contains(string(r.Value), in.Secret) {
			t.Errorf("record %s holds the secret", r.Key)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
