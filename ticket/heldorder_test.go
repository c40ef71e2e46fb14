package ticket_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aismarttalk.tech/supportd/ticket"
)

func TestHeldOrders(t *testing.T) {
	valid := ticket.DeriveID("AIS", []byte("secret"), "mail", 0)
	for _, c := range []struct {
		text string
		want []ticket.HeldOrder
	}{
		{"", nil},
		{"Hej", nil},
		{"Hej\n#frigiv", nil},
		{"#frigiv", []ticket.HeldOrder{{Written: "#frigiv"}}},
		{"#Release\n\nMvh", []ticket.HeldOrder{{Written: "#Release"}}},
		{"#frigiv ny", []ticket.HeldOrder{{Written: "#frigiv ny", New: true}}},
		{"#release new.", []ticket.HeldOrder{{Written: "#release new.", New: true}}},
		{"#frigiv " + string(valid), []ticket.HeldOrder{{Written: "#frigiv " + string(valid), Ticket: valid}}},
		{"#frigiv alt", []ticket.HeldOrder{{Written: "#frigiv alt", Err: &ticket.OrderError{Code: ticket.OrderValue, Field: ticket.FieldInto, Value: "alt"}}}},
		{"#afvis", []ticket.HeldOrder{{Written: "#afvis", Drop: true}}},
		{"#afvis …", []ticket.HeldOrder{{Written: "#afvis …", Drop: true}}},
		{"#drop it is forged", []ticket.HeldOrder{{Written: "#drop it is forged", Drop: true, Reason: "it is forged"}}},
		{"#hjælp", []ticket.HeldOrder{{Written: "#hjælp", Help: true}}},
		{"#luk", []ticket.HeldOrder{{Written: "#luk", Err: &ticket.OrderError{Code: ticket.OrderUnknown, Value: "luk"}}}},
	} {
		if diff := cmp.Diff(c.want, ticket.ReadHeldOrders(c.text, "AIS")); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}
