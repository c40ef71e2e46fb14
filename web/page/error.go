package page

import (
	"net/http"
	"strconv"
)

// Error answers with a page that says what is wrong and what to do about it, in the
// reader's language. The statuses that it has words for are 400, 403, 404, 405, 408,
// 413, 429, 500 and 503; another reads as 500 does.
func (s *Site) Error(w http.ResponseWriter, r *http.Request, status int) {
	key := strconv.Itoa(status)
	if _, ok := s.errors.words[s.errors.Languages()[0]][key]; !ok {
		key = strconv.Itoa(http.StatusInternalServerError)
	}
	s.errors.Write(w, r, "error", View{Status: status, TitleKey: key, Data: key + ".do"})
}

// Failed answers with 503 to what broke on our side, and logs it. doing says what
// was to be done, for the log alone.
func (s *Site) Failed(w http.ResponseWriter, r *http.Request, err error, doing string) {
	s.deps.Log.Error().Err(err).Str("doing", doing).Msg("page failed")
	w.Header().Set("Retry-After", "30")
	s.Error(w, r, http.StatusServiceUnavailable)
}
