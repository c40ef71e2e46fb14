package ticket_test

import (
	"bytes"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

func ring(current byte, versions ...byte) ticket.Keyring {
	k := ticket.Keyring{Current: current, Keys: map[byte][]byte{}}
	for _, v := range versions {
		k.Keys[v] = bytes.Repeat([]byte{v}, 32)
	}
	return k
}

func TestReplyTokens(t *testing.T) {
	k := ring('1', '1')
	id := ticket.DeriveID("AIS", secret, "mail", 0)
	other := ticket.DeriveID("AIS", secret, "mail", 1)
	people := []ticket.Participant{{Address: "Kunde@Firma.example", Reporter: true}, {Address: "chef@firma.example"}}
	token := k.ReplyToken(id, "kunde@firma.example")
	if local := "contact+support+" + token; len(local) > 64 {
		t.Errorf("local part %q has %d octets, 64 are allowed", local, len(local))
	}
	if p, ok := k.VerifyReply(strings.ToUpper(token), id, people); !ok || !p.Reporter {
		t.Errorf("the reporter's token is read as %+v, %v", p, ok)
	}
	for i := range token {
		flipped := []byte(token)
		flipped[i] = "01"[(strings.IndexByte("01", flipped[i])+1)%2]
		if string(flipped) == token {
			continue
		}
		if _, ok := k.VerifyReply(string(flipped), id, people); ok {
			t.Errorf("token with character %d changed is accepted", i)
		}
	}
	for name, bad := range map[string]string{
		"of another ticket": k.ReplyToken(other, "kunde@firma.example"),
		"of a stranger":     k.ReplyToken(id, "fremmed@andet.example"),
		"cut":               token[:len(token)-1],
		"empty":             "",
		"signed by another": ring('1', '1', '2').ReplyToken(id, "kunde@firma.example")[:12] + strings.Repeat("0", 20),
	} {
		if _, ok := k.VerifyReply(bad, id, people); ok {
			t.Errorf("a token %s is accepted", name)
		}
	}
}

func TestKeysRotate(t *testing.T) {
	id := ticket.DeriveID("AIS", secret, "mail", 0)
	people := []ticket.Participant{{Address: "kunde@firma.example"}}
	old := ring('1', '1').ReplyToken(id, "kunde@firma.example")
	if _, ok := ring('2', '1', '2').VerifyReply(old, id, people); !ok {
		t.Error("a token of the previous key is refused while the key is in the ring")
	}
	if _, ok := ring('2', '2').VerifyReply(old, id, people); ok {
		t.Error("a token of a removed key is accepted")
	}
}

func TestMessageIDs(t *testing.T) {
	k := ring('1', '1')
	id := ticket.DeriveID("AIS", secret, "mail", 0)
	m := k.MessageID(id, 3, "aismarttalk.tech")
	if got, n, ok := k.VerifyMessageID(m); !ok || got != id || n != 3 {
		t.Errorf("VerifyMessageID(%q) = %s, %d, %v", m, got, n, ok)
	}
	if got, n, ok := ticket.NoticeOf("contact+support+"+k.NoticeName(id, 3)+"@aismarttalk.tech", k); !ok || got != id || n != 3 {
		t.Errorf("the bounce address is read as %s, %d, %v", got, n, ok)
	}
	for _, bad := range []string{
		strings.Replace(m, ".3.", ".4.", 1), strings.Replace(m, ".3.", ".03.", 1), strings.Replace(m, ".3.", ".-3.", 1),
		"x" + m, "@", "", "a.b.c@d", strings.Repeat(".", 100) + "@x",
	} {
		if _, _, ok := k.VerifyMessageID(bad); ok {
			t.Errorf("%q passes for ours", bad)
		}
	}
	if !k.VerifyLoopMark(" "+strings.ToUpper(k.LoopMark("Aismarttalk.tech")), "aismarttalk.tech") {
		t.Error("our loop mark is not known again")
	}
	if k.VerifyLoopMark(k.LoopMark("other.example"), "aismarttalk.tech") || k.VerifyLoopMark("", "aismarttalk.tech") {
		t.Error("a foreign loop mark passes for ours")
	}
}

func TestKeyringIsChecked(t *testing.T) {
	for name, k := range map[string]ticket.Keyring{
		"no key":          {Current: '1'},
		"no current key":  ring('2', '1'),
		"version l":       ring('l', 'l'),
		"version capital": ring('A', 'A'),
		"short key":       {Current: '1', Keys: map[byte][]byte{'1': []byte("short")}},
	} {
		if k.Validate() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := ring('1', '1', 'z').Validate(); err != nil {
		t.Error(err)
	}
}
