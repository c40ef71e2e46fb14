package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Conversation is one with the chatbot, as it is kept between two turns. The store
// has the hash of its secret alone.
type Conversation struct {
	Turn    int             `json:"turn"` // counts how often it was saved
	Talk    json.RawMessage `json:"talk"` // the chat's own
	Expires time.Time       `json:"expires"`
}

// ErrConversationMoved: another turn was taken meanwhile.
var ErrConversationMoved = errors.New("store: the conversation has gone on meanwhile")

func chatKey(secret string) string { return Key(keyspaceChat, hashed(secret)) }

// Conversation reads one; false if there is none, or no longer.
func (s *Store) Conversation(ctx context.Context, secret string, now time.Time) (Conversation, bool, error) {
	c, found, err := readOne[Conversation](ctx, s, chatKey(secret))
	if err != nil || !found || !c.Expires.After(now) {
		return Conversation{}, false, err
	}
	return c, true, nil
}

// SaveConversation keeps the next turn of one: c as it was read, with its talk
// changed. It lives until life after now at least, and until half as long again at
// most, so that its end need not be moved at each turn.
func (s *Store) SaveConversation(ctx context.Context, secret string, c Conversation, now time.Time, life time.Duration) error {
	return s.Update(ctx, func(tx *Tx) error {
		records, err := tx.Get(chatKey(secret))
		if err != nil {
			return err
		}
		have, _, err := decode[Conversation](records[0])
		if err != nil {
			return err
		}
		if have.Turn != c.Turn {
			return ErrConversationMoved
		}
		next := Conversation{Turn: c.Turn + 1, Talk: c.Talk, Expires: c.Expires}
		if next.Expires.Before(now.Add(life)) {
			next.Expires = now.Add(life + life/2)
			tx.expire(chatKey(secret), next.Expires)
		}
		return tx.putJSON(chatKey(secret), next)
	})
}

// ForgetConversations deletes those that mention somebody, and tells how many.
func (s *Store) ForgetConversations(ctx context.Context, mentions func([]byte) bool) (int, error) {
	var keys []string
	err := s.each(ctx, keyspaceChat+"/", func(records []Record) error {
		for _, r := range records {
			if mentions(r.Value) {
				keys = append(keys, r.Key)
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, key := range keys {
		if err := s.Update(ctx, func(tx *Tx) error { tx.DeleteBlind(key); return nil }); err != nil {
			return 0, err
		}
	}
	return len(keys), nil
}
