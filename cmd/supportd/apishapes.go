package main

import (
	"time"

	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
)

type commandResult struct {
	web.TicketDetails
	Done    []web.Event  `json:"done"`
	Letters []letterOwed `json:"letters"`
	Others  []related    `json:"others"`
}
type letterOwed struct {
	Ticket  ticket.ID         `json:"ticket"`
	Number  int               `json:"number"`
	Kind    ticket.NoticeKind `json:"kind"`
	To      ticket.Address    `json:"to"`
	Leaves  time.Time         `json:"leaves"`
	Subject string            `json:"subject"`
	Text    string            `json:"text"`
}
type related struct {
	Ticket ticket.ID    `json:"ticket"`
	State  ticket.State `json:"state"`
	Done   []web.Event  `json:"done"`
}
type sprintList struct {
	Sprints []ticket.SprintLoad `json:"sprints"`
}
type digestOrder struct {
	For string `json:"for"`
}
type releaseOrder struct {
	Ticket string `json:"ticket,omitempty"`
	New    bool   `json:"new,omitempty"`
	As     string `json:"as,omitempty"`
}
type dropOrder struct {
	Reason string `json:"reason"`
	As     string `json:"as,omitempty"`
}
