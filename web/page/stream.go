package page

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	// Heartbeat is how often a stream on which nothing happens wants a Beat: it keeps
	// proxies from closing it.
	Heartbeat = 15 * time.Second
	// streamWrite is how long a reader may take to take one message.
	streamWrite = 10 * time.Second
)

// Stream is an answer of server-sent events (HTML, section 9.2), each written at once
// and in bounded time. An error means that its reader has gone, or is too slow.
type Stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// NewStream begins the answer, with a comment on what it is of, and how long a reader
// waits before it comes back.
func NewStream(w http.ResponseWriter, of string, retry time.Duration) (Stream, error) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	s := Stream{w, http.NewResponseController(w)}
	return s, s.write(fmt.Sprintf("retry: %d\n: %s\n\n", retry.Milliseconds(), of))
}

// Event writes one, its data as JSON. With an id a reader that comes back says where it
// was; "" is none.
func (s Stream) Event(id, kind string, data any) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	if id != "" {
		id = "id: " + id + "\n"
	}
	return s.write(fmt.Sprintf("%sevent: %s\ndata: %s\n\n", id, kind, text))
}

// Beat writes something that readers pass over.
func (s Stream) Beat() error { return s.write(": here\n\n") }

func (s Stream) write(text string) error {
	if err := s.control.SetWriteDeadline(time.Now().Add(streamWrite)); err != nil {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
