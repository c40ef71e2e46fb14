package web

import (
	"encoding/json"
	"fmt"

	"github.com/danielgtaylor/huma/v2"
)

// Answers of operations that have more than one form.

func bytesAnswer(contentType string, data []byte) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", contentType)
		_, _ = ctx.BodyWriter().Write(data) // the client's loss
	}}
}

func jsonAnswer(v any) (*huma.StreamResponse, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encoding an answer: %w", err)
	}
	return bytesAnswer("application/json", append(data, '\n')), nil
}
