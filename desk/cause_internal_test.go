package desk

import (
	"bytes"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/memkv"
	"aismarttalk.tech/supportd/store/sent"
	"aismarttalk.tech/supportd/ticket"
)

type leftOnce struct{ letter sent.Letter }

func (l *leftOnce) Find(key string) (sent.Letter, bool) { return l.letter, key == l.letter.Key }
func (l *leftOnce) Highest(ticket.ID) int               { return l.letter.Number }

// The clock can plan a ticket, and plan it again for the same reason when a sprint was
// full: where the first letter is on record it was not lost, and the second is another.
func TestTheClockMayOweTwice(t *testing.T) {
	s, err := store.New(memkv.New(), store.Config{})
	if err != nil {
		t.Fatal(err)
	}
	left := &leftOnce{}
	d := &Desk{sent: left, secrets: Secrets{
		Tickets: bytes.Repeat([]byte("t"), 32), Keys: ticket.Keyring{Current: '1', Keys: map[byte][]byte{'1': bytes.Repeat([]byte("k"), 32)}},
	}}
	id := ticket.DeriveID("AIS", d.secrets.Tickets, "mail", 0)
	owe := func(last int) (n ticket.Notice) {
		t.Helper()
		err := s.Update(t.Context(), func(tx *store.Tx) (err error) {
			letter := ticket.Notice{Ticket: id, Kind: ticket.NoticePlanned, To: ticket.Address{Address: "kunde@firma.example"}, Owed: time.Unix(1, 0)}
			n, err = d.owe(tx, letter, causedByClock("planning", id, "now"), last)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	first := owe(0)
	left.letter = sent.Letter{Key: first.Sending(), Ticket: id, Number: first.Number, At: time.Unix(2, 0)}
	second := owe(1)
	if second.State != ticket.NoticeQueued || second.Identity == first.Identity || second.Number != 2 {
		t.Errorf("the second letter is %d, %s", second.Number, second.State)
	}
	if s, err = store.New(memkv.New(), store.Config{}); err != nil {
		t.Fatal(err)
	}
	if lost := owe(0); lost.State != ticket.NoticeSent || lost.Number != first.Number || lost.Identity != first.Identity {
		t.Errorf("the first letter, lost, is owed again as %d, %s", lost.Number, lost.State)
	}
}
