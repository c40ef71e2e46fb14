package desk

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Sign-in of staff at the console: by a one-time link mailed to a listed address, and
// no password.

const (
	signInQueue = "signin"
	// SignInLife is how long a link into the console works.
	SignInLife = 15 * time.Minute
	// SessionIdle ends a session that nobody has used for so long.
	SessionIdle = 12 * time.Hour
	// SessionLife ends a session whatever is done in it.
	SessionLife = 7 * 24 * time.Hour
	// sessionNote is how exactly it is known when a session was last used: not each
	// request is worth a commit.
	sessionNote = 5 * time.Minute
	// SignInPath is the page of the console that a link leads to.
	SignInPath = "/console/signin"
)

// signInBudget bounds the links to one address.
var signInBudget = store.SignInBudget{Rest: time.Minute, Most: 5, Within: time.Hour}

// Errors of signing in.
var (
	// ErrNoSignIn is returned for the secret of a link that is none, was used, or is too
	// old.
	ErrNoSignIn = errors.New("desk: no such sign-in link")
	// ErrNoSession is returned for the secret of a session that is none or is over.
	ErrNoSession = errors.New("desk: no such session")
)

// signInWish is what somebody who has proved nothing asks for.
type signInWish struct {
	Address string `json:"address"`
	Next    string `json:"next,omitempty"`
}

// AskSignIn has a sign-in link mailed to an address, if it is one of the staff's.
// Whether it is, is found out later: what the caller sees, and how long it takes, is
// the same for every address. Next is the page that he comes to by the link.
func (d *Desk) AskSignIn(ctx context.Context, address, next string) error {
	payload, err := json.Marshal(signInWish{ticket.FoldAddress(address), next})
	if err != nil {
		return fmt.Errorf("encoding a wish to sign in: %w", err)
	}
	sum := sha256.Sum256([]byte(ticket.FoldAddress(address)))
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		tx.Enqueue(store.Job{Queue: signInQueue, ID: hex.EncodeToString(sum[:16]), Due: d.now(), Payload: payload})
		return nil
	})
	if err == nil {
		d.wakeChores()
	}
	return err
}

// answerSignIn owes the link that somebody asked for, if it is his to have.
func (d *Desk) answerSignIn(ctx context.Context, j store.Job) (owed bool, err error) {
	var wish signInWish
	unread := json.Unmarshal(j.Payload, &wish) != nil
	who, listed := d.config.Correspondence.StaffAt(wish.Address)
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		owed = false
		if err := tx.Settle(j); err != nil || unread || !listed || d.config.PublicURL == "" {
			return err
		}
		now := d.now()
		allowed, err := tx.SignInAllowed(who.Address, signInBudget, now)
		if err != nil || !allowed {
			return err
		}
		secret, err := d.putSignIn(tx, who, wish.Next, now)
		if err != nil {
			return err
		}
		letter := d.config.Correspondence.SignIn(who, d.config.PublicURL+signInLink(secret), now.Add(SignInLife))
		owed = true
		return d.oweLetters(tx, causedBy("signin "+j.ID+" "+j.Due.UTC().Format(time.RFC3339Nano)), now, letter)
	})
	switch {
	case errors.Is(err, store.ErrLost):
		return false, nil // another node has it
	case err == nil && owed:
		d.owed()
	}
	return owed, err
}

// SignInLink makes a sign-in link for one of ours and mails it to nobody: for an
// operator who has shown in another way that he may. It begins with a slash, behind
// which console it is the caller's to say.
func (d *Desk) SignInLink(ctx context.Context, address string) (string, error) {
	who, listed := d.config.Correspondence.StaffAt(address)
	if !listed {
		return "", ErrNoStaff
	}
	var secret string
	err := d.store.Update(ctx, func(tx *store.Tx) (err error) {
		secret, err = d.putSignIn(tx, who, "", d.now())
		return err
	})
	if err != nil {
		return "", fmt.Errorf("making a sign-in link: %w", err)
	}
	d.log.Info().Str("for", who.Address).Msg("an operator made a sign-in link")
	return signInLink(secret), nil
}

func signInLink(secret string) string {
	return SignInPath + "?" + url.Values{"link": {secret}}.Encode()
}

func (d *Desk) putSignIn(tx *store.Tx, who ticket.Staff, next string, now time.Time) (string, error) {
	secret, err := d.secret()
	if err != nil {
		return "", fmt.Errorf("drawing a sign-in link: %w", err)
	}
	return secret, tx.PutSignIn(secret, store.SignIn{Address: who.Address, Next: next, Expires: now.Add(SignInLife)})
}

// secret is one that nobody guesses.
func (d *Desk) secret() (string, error) {
	b := make([]byte, proofBytes)
	if _, err := io.ReadFull(d.random, b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// SignedIn is one of ours at a browser.
type SignedIn struct {
	Secret string // of the session, for a cookie; the store has its hash
	Staff  ticket.Staff
	Next   string // the page that he wanted before he signed in
	Until  time.Time
}

// SignIn spends a link and begins a session, in one commit. The session is a new one
// whatever the browser brought (bad-input 145), and the one that it brought ends. It
// returns ErrNoSignIn for a link that does not work, or whose owner has left.
func (d *Desk) SignIn(ctx context.Context, link, formerSession string) (SignedIn, error) {
	session, err := d.secret()
	if err != nil {
		return SignedIn{}, fmt.Errorf("drawing a session: %w", err)
	}
	var in SignedIn
	good := false
	err = d.store.Update(ctx, func(tx *store.Tx) error {
		good = false
		now := d.now()
		l, found, err := tx.SpendSignIn(link, now)
		if err != nil {
			return err
		}
		who, listed := d.config.Correspondence.StaffAt(l.Address)
		if !found || !listed {
			return nil // what was found is spent all the same
		}
		good = true
		if formerSession != "" {
			if err := tx.EndSession(formerSession); err != nil {
				return err
			}
		}
		in = SignedIn{Secret: session, Staff: who, Next: l.Next, Until: now.Add(SessionLife)}
		return tx.PutSession(session, store.Session{Address: who.Address, Began: now, Seen: now, Expires: in.Until})
	})
	switch {
	case err != nil:
		return SignedIn{}, fmt.Errorf("signing in: %w", err)
	case !good:
		return SignedIn{}, ErrNoSignIn
	}
	d.log.Info().Str("staff", in.Staff.Address).Msg("signed in at the console")
	return in, nil
}

// Session is whose session a secret opens, and notes that it was used. It returns
// ErrNoSession for one that is over: ended, idle for SessionIdle, older than
// SessionLife, or of somebody who is no longer listed.
func (d *Desk) Session(ctx context.Context, secret string) (ticket.Staff, error) {
	who, s, err := d.standing(ctx, secret)
	if err != nil {
		return who, err
	}
	if now := d.now(); now.Sub(s.Seen) >= sessionNote {
		if err := d.store.Update(ctx, func(tx *store.Tx) error { return tx.TouchSession(secret, now) }); err != nil {
			return ticket.Staff{}, fmt.Errorf("noting that a session was used: %w", err)
		}
	}
	return who, nil
}

// Standing is Session for what a page does by itself while nobody looks: it does not
// count as use.
func (d *Desk) Standing(ctx context.Context, secret string) (ticket.Staff, error) {
	who, _, err := d.standing(ctx, secret)
	return who, err
}

func (d *Desk) standing(ctx context.Context, secret string) (ticket.Staff, store.Session, error) {
	if secret == "" {
		return ticket.Staff{}, store.Session{}, ErrNoSession
	}
	now := d.now()
	s, found, err := d.store.Session(ctx, secret)
	if err != nil {
		return ticket.Staff{}, s, fmt.Errorf("reading a session: %w", err)
	}
	who, listed := d.config.Correspondence.StaffAt(s.Address)
	if !found || !listed || !now.Before(s.Expires) || now.Sub(s.Seen) >= SessionIdle {
		return ticket.Staff{}, s, ErrNoSession
	}
	return who, s, nil
}

// LapsedSession is whose session was that ended for want of use, and of nothing else:
// what he wrote meanwhile is kept for him as a draft, and opens nothing.
func (d *Desk) LapsedSession(ctx context.Context, secret string) (ticket.Staff, error) {
	s, found, err := d.store.Session(ctx, secret)
	if err != nil {
		return ticket.Staff{}, fmt.Errorf("reading a session: %w", err)
	}
	who, listed := d.config.Correspondence.StaffAt(s.Address)
	if !found || !listed || !d.now().Before(s.Expires) {
		return ticket.Staff{}, ErrNoSession
	}
	return who, nil
}

// SignOut ends a session, or all of its owner's.
func (d *Desk) SignOut(ctx context.Context, secret string, everywhere bool) error {
	if everywhere {
		who, err := d.Session(ctx, secret)
		if err != nil {
			return err
		}
		_, err = d.store.EndSessions(ctx, func(s store.Session) bool {
			return ticket.FoldAddress(s.Address) == ticket.FoldAddress(who.Address)
		})
		return err
	}
	return d.store.Update(ctx, func(tx *store.Tx) error { return tx.EndSession(secret) })
}

// EndLeavers ends the sessions of those who are no longer listed, so that they do not
// go on should their owners be listed again.
func (d *Desk) EndLeavers(ctx context.Context) error {
	n, err := d.store.EndSessions(ctx, func(s store.Session) bool {
		_, listed := d.config.Correspondence.StaffAt(s.Address)
		return !listed
	})
	if n > 0 {
		d.log.Info().Int("sessions", n).Msg("ended the sessions of those who left the staff")
	}
	return err
}
