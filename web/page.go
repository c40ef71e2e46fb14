package web

import (
	"context"
	"encoding/base64"
	"net/http"

	"aismarttalk.tech/supportd/store"
)

// Paging is the part of a query that walks through a list. It is exported because
// huma fills exported parts only.
type Paging struct {
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200" doc:"How many at most."`
	Cursor string `query:"cursor" maxLength:"2000" doc:"Where the page before ended: its next."`
}

// maxScanned bounds how many records one request looks at for a filter that
// few of them pass. The page is then short, but its next goes on.
const maxScanned = 2000

// after is the key that the cursor stands for.
func (p Paging) after() (string, error) {
	key, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err != nil {
		return "", errCursor
	}
	return string(key), nil
}

var errCursor = problem(http.StatusBadRequest, "the cursor is not one of ours; begin again without it")

func cursor(key string) string { return base64.RawURLEncoding.EncodeToString([]byte(key)) }

// collect reads pages of a list until enough items pass the filter.
func collect[T any](ctx context.Context, p Paging, keep func(T) bool,
	read func(ctx context.Context, after string, limit int) (store.Page[T], error),
) ([]T, string, error) {
	after, err := p.after()
	if err != nil {
		return nil, "", err
	}
	items := []T{}
	for scanned := 0; scanned < maxScanned; {
		page, err := read(ctx, after, p.Limit-len(items))
		if err != nil {
			return nil, "", err
		}
		for _, item := range page.Items {
			if keep(item) {
				items = append(items, item)
			}
		}
		scanned += max(len(page.Items), 1)
		after = page.Next
		if after == "" || len(items) == p.Limit {
			break
		}
	}
	if after == "" {
		return items, "", nil
	}
	return items, cursor(after), nil
}
