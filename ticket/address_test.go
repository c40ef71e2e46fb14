package ticket_test

import (
	"testing"

	"aismarttalk.tech/supportd/ticket"
)

func TestDomain(t *testing.T) {
	for address, want := range map[string]string{
		"kunde@firma.example":    "firma.example",
		"Kunde@Firma.Example.":   "firma.example",
		`"a@b"@firma.example`:    "firma.example",
		"@kunde@firma.example":   "firma.example",
		"firma.example":          "firma.example",
		"kunde@":                 "",
		"":                       "",
		"kunde@ærlig.example":    "ærlig.example",
		"a@[192.0.2.1]":          "[192.0.2.1]",
		"contact+support@a.b.cd": "a.b.cd",
	} {
		if got := ticket.Domain(address); got != want {
			t.Errorf("Domain(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestReaches(t *testing.T) {
	const mailbox = "Contact+Support@firma.example"
	for address, want := range map[string]bool{
		"contact+support@firma.example":           true,
		" CONTACT+SUPPORT@FIRMA.EXAMPLE ":         true,
		ticket.Tagged(mailbox, "token"):           true,
		"contact+support+a+b@firma.example":       true,
		"contact@firma.example":                   false,
		"contact+supporters@firma.example":        false,
		"contact+support@firma.example.evil.test": false,
		"contact+support@other.example":           false,
		`"contact+support@firma.example"@x.test`:  false,
		"contact+support":                         false,
		"":                                        false,
	} {
		if got := ticket.Reaches(address, mailbox); got != want {
			t.Errorf("Reaches(%q) = %v, want %v", address, got, want)
		}
	}
}

func TestNeedsSMTPUTF8(t *testing.T) {
	for address, want := range map[string]bool{"": false, "kunde@firma.example": false, "kønde@firma.example": true, "kunde@f\xe6.example": true} {
		if got := ticket.NeedsSMTPUTF8("a@b.example", address); got != want {
			t.Errorf("NeedsSMTPUTF8(%q) = %v, want %v", address, got, want)
		}
	}
}

func TestMaskAddress(t *testing.T) {
	for address, want := range map[string]string{
		"karen@butik.example": "k…@butik.example", "å@x.example": "å…@x.example", `"a@b"@x.example`: `"…@x.example`, "none": "none", "@x.example": "@x.example",
	} {
		if got := ticket.MaskAddress(address); got != want {
			t.Errorf("%s is shown as %s, want %s", address, got, want)
		}
	}
}
