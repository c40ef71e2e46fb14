package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/ticket"
)

// Webhook is an address of the operator's that is told what happens to tickets.
type Webhook struct {
	URL    string
	Events []ticket.EventKind // that it is told of; none means all
}

// WebhookBody is what a webhook is told: who reported and what was written is for
// those who may ask the API.
type WebhookBody struct {
	Type      string    `json:"type"` // ticket.opened, ticket.classified, …
	Timestamp time.Time `json:"timestamp"`
	Data      struct {
		Ticket    ticket.ID        `json:"ticket"`
		Event     int              `json:"event"` // its number on the ticket
		Kind      ticket.EventKind `json:"kind"`
		Door      ticket.Door      `json:"door,omitempty"`
		State     ticket.State     `json:"state"` // after all events of the same command
		About     ticket.Kind      `json:"about"`
		Severity  ticket.Severity  `json:"severity"`
		Confirmed bool             `json:"confirmed"` // severity is staff's, not the reporter's claim
		Category  string           `json:"category"`
		Sprint    string           `json:"sprint,omitempty"`
		Result    ticket.Result    `json:"result,omitempty"`
		Other     ticket.ID        `json:"other,omitempty"`
	} `json:"data"`
}

// oweWebhooks records what is owed to webhooks for the events of a command.
func (d *Desk) oweWebhooks(tx *store.Tx, t ticket.Ticket, events []ticket.Event) error {
	for _, hook := range d.config.Webhooks {
		for _, e := range events {
			if len(hook.Events) > 0 && !slices.Contains(hook.Events, e.Kind) {
				continue
			}
			body, err := json.Marshal(webhookBody(t, e))
			if err != nil {
				return fmt.Errorf("encoding what a webhook is told: %w", err)
			}
			if err := tx.OweDelivery(store.Delivery{ID: deliveryID(hook, t.ID, e), Hook: hook.URL, Owed: e.At, Body: body}); err != nil {
				return err
			}
		}
	}
	return nil
}

// deliveryID names one event and one webhook, and never two.
func deliveryID(hook Webhook, id ticket.ID, e ticket.Event) string {
	sum := sha256.Sum256([]byte(hook.URL))
	return fmt.Sprintf("%s.%d.%s", id, e.Number, hex.EncodeToString(sum[:6]))
}

func webhookBody(t ticket.Ticket, e ticket.Event) WebhookBody {
	b := WebhookBody{Type: "ticket." + string(e.Kind), Timestamp: e.At}
	b.Data.Ticket, b.Data.Event, b.Data.Kind, b.Data.Door = t.ID, e.Number, e.Kind, e.By.Door
	b.Data.State, b.Data.About, b.Data.Category, b.Data.Sprint = t.State, t.Kind, t.Category.Name, t.Sprint.Name
	b.Data.Severity, b.Data.Confirmed = t.Level(), t.Severity != ""
	b.Data.Result, b.Data.Other = t.Result, e.Other
	return b
}
