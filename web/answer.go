package web

import (
	"encoding/json"
	"fmt"
	"strings"

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

// wants reports whether a media type is named before JSON is (RFC 9110 section
// 12.5.1, without its weights: who wants a calendar or a table says so alone).
func wants(accept, media string) bool {
	for r := range strings.SplitSeq(accept, ",") {
		switch name, _, _ := strings.Cut(r, ";"); strings.TrimSpace(strings.ToLower(name)) {
		case media:
			return true
		case "application/json":
			return false
		}
	}
	return false
}
