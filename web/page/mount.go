package page

import "net/http"

// Mount is a handler and the pattern of [http.ServeMux] under which it answers.
type Mount struct {
	Pattern string
	Handler http.Handler
}
