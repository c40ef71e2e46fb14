package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"aismarttalk.tech/supportd/store"
)

type deliveryQuery struct {
	State store.DeliveryState `query:"state" default:"given-up" enum:"given-up,queued" doc:"given-up: nothing is tried again. queued: owed, or tried again."`
	Limit int                 `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"How many at most."`
}

// DeliveryList is what is owed to webhooks.
type DeliveryList struct {
	Deliveries []Delivery `json:"deliveries"`
}

// Delivery is one event that a webhook has not taken.
type Delivery struct {
	ID       string              `json:"id" doc:"The webhook-id of its requests."`
	Hook     string              `json:"hook" doc:"The webhook's address."`
	State    store.DeliveryState `json:"state"`
	Owed     time.Time           `json:"owed"`
	Attempts int                 `json:"attempts"`
	Tried    time.Time           `json:"tried,omitzero"`
	Reply    string              `json:"reply,omitempty" doc:"What the receiver said last, or what went wrong."`
}

type deliveryListAnswer struct{ Body DeliveryList }

func (s *Server) listDeliveries(ctx context.Context, q *deliveryQuery) (*deliveryListAnswer, error) {
	found, err := s.parts.Store.DeliveriesIn(ctx, q.State, q.Limit)
	if err != nil {
		return nil, s.failed(err, "listing what is owed to webhooks")
	}
	list := DeliveryList{Deliveries: make([]Delivery, len(found))}
	for i, d := range found {
		list.Deliveries[i] = Delivery{ID: d.ID, Hook: d.Hook, State: d.State, Owed: d.Owed, Attempts: d.Attempts, Tried: d.Tried, Reply: d.Reply}
	}
	return &deliveryListAnswer{list}, nil
}

type deliveryRequest struct {
	ID string `path:"delivery" maxLength:"64" pattern:"^[A-Za-z0-9.-]+$" doc:"ID of the delivery."`
}

func (s *Server) retryDelivery(ctx context.Context, r *deliveryRequest) (*struct{}, error) {
	err := s.parts.Desk.RetryWebhook(ctx, r.ID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, problem(http.StatusNotFound, "there is no delivery "+r.ID+"; one that was taken is not kept")
	case errors.Is(err, store.ErrNotWaiting):
		return nil, problem(http.StatusConflict, "delivery "+r.ID+" was not given up: it is tried again by itself")
	case err != nil:
		return nil, s.failed(err, "retrying a delivery")
	}
	return nil, nil
}
