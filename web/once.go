package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"os"
	"regexp"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"aismarttalk.tech/supportd/store"
)

// keyForm is what an idempotency key may be made of.
var keyForm = regexp.MustCompile(`^[\x21-\x7e]{1,255}$`)

// recordTimeout is what remembering an answer may take.
const recordTimeout = 10 * time.Second

// once has a request with an Idempotency-Key carried out once: asked again, it is
// answered as it was. The key belongs to the token, and is kept with a hash of the
// request for a day. What was refused did nothing, so that its key is free again.
func (s *Server) once(api huma.API) func(huma.Context, func(huma.Context)) {
	refuse := func(ctx huma.Context, status int, code, detail string) {
		p := problem(status, detail)
		p.Code = code
		s.write(api, ctx, p)
	}
	return func(ctx huma.Context, next func(huma.Context)) {
		key := ctx.Header("Idempotency-Key")
		owner, ok := bearer(s.cfg.Tokens, ctx.Header("Authorization"))
		if key == "" || !ok {
			next(ctx)
			return
		}
		if !keyForm.MatchString(key) {
			refuse(ctx, http.StatusBadRequest, "", "Idempotency-Key holds up to 255 visible characters of ASCII, such as a UUID")
			return
		}
		body, err := readBounded(ctx)
		if err != nil {
			s.write(api, ctx, bodyProblem(err))
			return
		}
		claim := store.Claim{Owner: owner.Name, Key: key, Request: requestHash(ctx, body)}
		before, err := s.parts.Store.Claim(ctx.Context(), claim, s.parts.Now())
		switch {
		case errors.Is(err, store.ErrClaimBusy):
			refuse(ctx, http.StatusConflict, CodeKeyInUse, "a request with this Idempotency-Key is in hand; ask again in a moment")
		case errors.Is(err, store.ErrClaimOther):
			refuse(ctx, http.StatusUnprocessableEntity, CodeKeyReused, "this Idempotency-Key was used for another request; take a new one")
		case err != nil:
			s.write(api, ctx, s.failed(err, "looking up an idempotency key"))
		case before != nil:
			ctx.SetHeader("Content-Type", before.ContentType)
			ctx.SetHeader("Idempotency-Replayed", "true")
			ctx.SetStatus(before.Status)
			_, _ = ctx.BodyWriter().Write(before.Body) // the client's loss
		default:
			s.carryOut(ctx, next, claim, body)
		}
	}
}

// carryOut does what a claimed request asks for, and remembers what it was
// answered. The answer is remembered before it is written: who was told has it.
func (s *Server) carryOut(ctx huma.Context, next func(huma.Context), claim store.Claim, body []byte) {
	r := &recorder{humaContext: ctx, in: bytes.NewReader(body), header: http.Header{}}
	finished := false
	defer func() {
		if !finished { // it panicked: whether it did anything is not known
			return
		}
		// Whether the client still listens or not.
		record, cancel := context.WithTimeout(context.WithoutCancel(ctx.Context()), recordTimeout)
		defer cancel()
		if r.status < 300 {
			answer := store.Answer{Status: r.status, ContentType: r.header.Get("Content-Type"), Body: r.out.Bytes()}
			err := s.parts.Store.Answered(record, claim, answer)
			if err != nil {
				s.log.Error().Err(err).Msg("remembering an answer; asked again with the same key it is done again")
			}
		} else if err := s.parts.Store.Unclaim(record, claim); err != nil {
			s.log.Warn().Err(err).Msg("giving an idempotency key back")
		}
		r.replay(ctx)
	}()
	next(r)
	finished = true
}

func requestHash(ctx huma.Context, body []byte) string {
	u := ctx.URL()
	h := sha256.New()
	h.Write([]byte(ctx.Method() + " " + u.RequestURI() + "\x00" + ctx.Header("If-Match") + "\x00"))
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

var errBodyTooLarge = errors.New("the body is too large")

// readBounded reads the body of a request within the bounds of its operation.
func readBounded(ctx huma.Context) ([]byte, error) {
	op := ctx.Operation()
	if err := ctx.SetReadDeadline(time.Now().Add(op.BodyReadTimeout)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(ctx.BodyReader(), op.MaxBodyBytes+1))
	if err == nil && int64(len(body)) > op.MaxBodyBytes {
		err = errBodyTooLarge
	}
	return body, err
}

func bodyProblem(err error) *Problem {
	switch {
	case errors.Is(err, errBodyTooLarge):
		return problem(http.StatusRequestEntityTooLarge, "the body is too large; /openapi.json names the bounds")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return problem(http.StatusRequestTimeout, "the body did not come in time")
	}
	return problem(http.StatusBadRequest, "the body cannot be read")
}

// write answers with a problem from within a middleware.
func (s *Server) write(api huma.API, ctx huma.Context, err error) {
	var p *Problem
	if !errors.As(err, &p) {
		p = problem(http.StatusServiceUnavailable, "try again in a moment")
	}
	ctx.SetHeader("Content-Type", "application/problem+json")
	ctx.SetStatus(p.Status)
	_ = api.Marshal(ctx.BodyWriter(), "application/json", p) // the client's loss
}

// humaContext is embedded under a name that its method Context does not hide.
type humaContext = huma.Context

// recorder keeps an answer until it may be written.
type recorder struct {
	humaContext
	in     io.Reader
	header http.Header
	status int
	out    bytes.Buffer
}

func (r *recorder) BodyReader() io.Reader           { return r.in }
func (r *recorder) BodyWriter() io.Writer           { return &r.out }
func (r *recorder) SetReadDeadline(time.Time) error { return nil } // it is read
func (r *recorder) SetStatus(code int)              { r.status = code }
func (r *recorder) Status() int                     { return r.status }
func (r *recorder) SetHeader(name, value string)    { r.header.Set(name, value) }
func (r *recorder) AppendHeader(name, value string) { r.header.Add(name, value) }

func (r *recorder) replay(ctx huma.Context) {
	for name, values := range r.header {
		for _, v := range values {
			ctx.AppendHeader(name, v)
		}
	}
	ctx.SetStatus(r.status)
	_, _ = ctx.BodyWriter().Write(r.out.Bytes()) // the client's loss
}
