package parser

import (
	"encoding/json"
	"strings"

	"aismarttalk.tech/supportd/ticket"
)

// amazonNotification is what Amazon SES writes through SNS in place of a
// bounce: JSON in a mail.
type amazonNotification struct {
	NotificationType string `json:"notificationType"`
	EventType        string `json:"eventType"`
	Bounce           struct {
		BounceType string `json:"bounceType"`
		Recipients []struct {
			Address    string `json:"emailAddress"`
			Action     string `json:"action"`
			Status     string `json:"status"`
			Diagnostic string `json:"diagnosticCode"`
		} `json:"bouncedRecipients"`
	} `json:"bounce"`
	Mail struct {
		MessageID     string `json:"messageId"`
		CommonHeaders struct {
			MessageID string `json:"messageId"`
		} `json:"commonHeaders"`
	} `json:"mail"`
}

// amazonNotice reads the notification at the start of a text, also from inside
// the envelope of SNS; ok is false where the text is none.
func amazonNotice(text string) (n amazonNotification, ok bool) {
	const largest = 256 << 10
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "{") || len(text) > largest {
		return n, false
	}
	// SNS wraps its lines, also within strings.
	text = strings.ReplaceAll(text, "\n", "")
	var envelope struct {
		Type    string
		Message string
	}
	if decodeFirst(text, &envelope) && envelope.Type == "Notification" {
		text = envelope.Message
	}
	ok = decodeFirst(text, &n)
	return n, ok && n.kind() != ""
}

// decodeFirst decodes the JSON value at the start of text; what follows it,
// such as the footer of SNS, does not matter.
func decodeFirst(text string, v any) bool {
	return json.NewDecoder(strings.NewReader(text)).Decode(v) == nil
}

// kind is Bounce, Complaint or Delivery.
func (n amazonNotification) kind() string {
	if n.NotificationType != "" {
		return n.NotificationType
	}
	return n.EventType
}

func (n amazonNotification) messageID() string {
	if ids := messageIDs([]byte(n.Mail.CommonHeaders.MessageID), 1); len(ids) > 0 {
		return ids[0]
	}
	id, _ := cleanMessageID([]byte(n.Mail.MessageID))
	return id
}

func (n amazonNotification) recipients() []ticket.BouncedRecipient {
	list := []ticket.BouncedRecipient{}
	for _, r := range n.Bounce.Recipients {
		if len(list) == maxRecipients {
			break
		}
		b := ticket.BouncedRecipient{Address: addressIn(r.Address), Action: strings.ToLower(cleanLine(r.Action)), Status: enhancedCode(r.Status), Diagnostic: untyped(r.Diagnostic)}
		if b.Status == "" && n.Bounce.BounceType == "Transient" {
			b.Status = "4.0.0"
		}
		complete(&b, r.Diagnostic)
		list = append(list, b)
	}
	return list
}
