package store

import (
	"context"
	"time"

	"aismarttalk.tech/supportd/ticket"
)

// SignIn is a one-time link by which one of ours signs in. The store has the hash of
// its secret alone.
type SignIn struct {
	Address string    `json:"address"`
	Next    string    `json:"next,omitempty"` // the page that he wanted
	Expires time.Time `json:"expires"`
}

func signInKey(secret string) string { return Key(keyspaceSignIn, hashed(secret)) }

// PutSignIn remembers a link under its secret until it expires.
func (tx *Tx) PutSignIn(secret string, l SignIn) error {
	tx.expire(signInKey(secret), l.Expires)
	return tx.putBlindJSON(signInKey(secret), l) // nobody can have drawn the same
}

// SpendSignIn takes a link away, and returns it; false if there is none, or no
// longer.
func (tx *Tx) SpendSignIn(secret string, now time.Time) (SignIn, bool, error) {
	records, err := tx.Get(signInKey(secret))
	if err != nil {
		return SignIn{}, false, err
	}
	l, found, err := decode[SignIn](records[0])
	if err != nil || !found {
		return SignIn{}, false, err
	}
	tx.Delete(signInKey(secret))
	return l, l.Expires.After(now), nil
}

// signInsAsked is when links were sent to an address.
type signInsAsked struct {
	Times   []time.Time `json:"times"`
	Expires time.Time   `json:"expires"`
}

// SignInBudget bounds the links that one address is sent: whoever knows it must not
// fill its mailbox.
type SignInBudget struct {
	Rest   time.Duration // between two
	Most   int           // within …
	Within time.Duration
}

// SignInAllowed reports whether an address may be sent one more link now, and counts
// it if so.
func (tx *Tx) SignInAllowed(address string, b SignInBudget, now time.Time) (bool, error) {
	key := Key(keyspaceSignIn, "asked", ticket.FoldAddress(address))
	records, err := tx.Get(key)
	if err != nil {
		return false, err
	}
	have, _, err := decode[signInsAsked](records[0])
	if err != nil {
		return false, err
	}
	var recent []time.Time
	for _, at := range have.Times {
		if now.Sub(at) < b.Within {
			recent = append(recent, at)
		}
	}
	if n := len(recent); n >= b.Most || n > 0 && now.Sub(recent[n-1]) < b.Rest {
		return false, nil
	}
	asked := signInsAsked{Times: append(recent, now), Expires: now.Add(b.Within)}
	tx.expire(key, asked.Expires)
	return true, tx.putJSON(key, asked)
}

// Session is a browser that one of ours has signed in with. The store has the hash
// of its secret alone.
type Session struct {
	Address string    `json:"address"`
	Began   time.Time `json:"began"`
	Seen    time.Time `json:"seen"` // last, to within some minutes
	Expires time.Time `json:"expires"`
}

func sessionKey(secret string) string { return Key(keyspaceSession, hashed(secret)) }

// PutSession remembers a new session under its secret until it expires.
func (tx *Tx) PutSession(secret string, s Session) error {
	tx.expire(sessionKey(secret), s.Expires)
	return tx.putBlindJSON(sessionKey(secret), s)
}

// TouchSession notes that a session was used; one that has ended meanwhile stays
// ended.
func (tx *Tx) TouchSession(secret string, now time.Time) error {
	records, err := tx.Get(sessionKey(secret))
	if err != nil {
		return err
	}
	s, found, err := decode[Session](records[0])
	if err != nil || !found {
		return err
	}
	s.Seen = now
	return tx.putJSON(sessionKey(secret), s)
}

// EndSession ends a session; one that is over is no error.
func (tx *Tx) EndSession(secret string) error {
	records, err := tx.Get(sessionKey(secret))
	if err != nil || !records[0].Exists() {
		return err
	}
	tx.Delete(sessionKey(secret))
	return nil
}

// Session finds the session of a secret, expired or not; false if there is none.
func (s *Store) Session(ctx context.Context, secret string) (Session, bool, error) {
	return readOne[Session](ctx, s, sessionKey(secret))
}

// EndSessions ends all sessions that end says, and tells how many.
func (s *Store) EndSessions(ctx context.Context, end func(Session) bool) (int, error) {
	var keys []string
	err := s.each(ctx, Prefix(keyspaceSession), func(records []Record) error {
		sessions, err := decodeAll[Session](records)
		for i, one := range sessions {
			if end(one) {
				keys = append(keys, records[i].Key)
			}
		}
		return err
	})
	if err != nil || len(keys) == 0 {
		return 0, err
	}
	return len(keys), s.Update(ctx, func(tx *Tx) error {
		for _, key := range keys {
			tx.DeleteBlind(key)
		}
		return nil
	})
}
