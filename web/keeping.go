package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// Keeping is what an operator does to all that is kept at once: a backup, an import
// of old mail, a person's data.
type Keeping interface {
	// Backup writes a backup as a tar stream.
	Backup(ctx context.Context, w io.Writer) error
	// Import takes in one old mail.
	Import(ctx context.Context, o ImportOrder, raw []byte) (Imported, error)
	// ExportPerson writes all that is kept of a person as a tar stream.
	ExportPerson(ctx context.Context, address string, w io.Writer) error
	// Retain lets go of what is past retention, or tells what that is.
	Retain(ctx context.Context, dry bool) (Retention, error)
	// ErasePerson erases it, or tells what it would erase.
	ErasePerson(ctx context.Context, o ErasureOrder) (Erasure, error)
}

// ImportOrder says how an old mail is taken in.
type ImportOrder struct {
	Received time.Time `query:"received" json:"received,omitzero" doc:"When it was received, where the mail itself does not say; now if absent."`
	Notices  bool      `query:"notices" json:"notices,omitempty" doc:"Answer it and tell staff, as if it came in now."`
}

// Imported says what became of an old mail.
type Imported struct {
	Mail  string `json:"mail,omitempty" doc:"Its ID in the journal, from which it is filed next; the one that it bears already if it is known."`
	Known bool   `json:"known,omitempty" doc:"The same mail is on file: nothing was done."`
}

// ErrNoMail is returned by Keeping.Import for bytes that are no mail.
var ErrNoMail = errors.New("these bytes are no mail: no header field is in them")

// ErrReasonNames is returned by Keeping.ErasePerson for a reason that would keep what
// is to be erased.
var ErrReasonNames = errors.New("the reason names the person; write one that does not, since it is kept")

// ErasureOrder names whom to erase, and why.
type ErasureOrder struct {
	Address string `json:"address" minLength:"3" maxLength:"320" doc:"The person's mail address."`
	Reason  string `json:"reason,omitempty" maxLength:"500" doc:"Why, for the certificate; needed unless dry_run."`
	DryRun  bool   `json:"dry_run,omitempty" doc:"Tell what would be erased, and erase nothing."`
}

// Erasure is the certificate of an erasure. It names nobody: the person is a keyed
// hash of his address, from which only this desk can tell whether it was he.
type Erasure struct {
	Person  string        `json:"person"`
	Reason  string        `json:"reason,omitempty"`
	At      time.Time     `json:"at"`
	DryRun  bool          `json:"dry_run,omitempty"`
	Tickets []ticket.ID   `json:"tickets"`
	Mails   []ErasedMail  `json:"mails"`
	Letters int           `json:"letters" doc:"Whose words and recipient were erased."`
	Records int           `json:"records" doc:"Of the store, that were rewritten or deleted."`
	Files   int           `json:"files" doc:"Raw mails and letters on disk that were deleted or overwritten."`
	Left    []ErasureLeft `json:"left" doc:"Where others mention the person: for people to decide."`
	File    string        `json:"file,omitempty" doc:"Where the certificate is kept, below the data folder."`
}

// ErasedMail is one mail of his.
type ErasedMail struct {
	Mail   string `json:"mail"`
	SHA256 string `json:"sha256,omitempty" doc:"Of the raw mail as it was; absent if its bytes were gone already."`
	Size   int    `json:"size,omitempty"`
}

// ErasureLeft is one place that still mentions him.
type ErasureLeft struct {
	Where  string    `json:"where"`
	Ticket ticket.ID `json:"ticket,omitempty"`
	Why    string    `json:"why"`
}

// RetentionOrder asks for a run of retention.
type RetentionOrder struct {
	DryRun bool `json:"dry_run,omitempty" doc:"Tell what is due, and let nothing go."`
}

// Retention counts what went, or is due.
type Retention struct {
	desk.Retained
	DryRun bool `json:"dry_run,omitempty"`
	Files  int  `json:"files" doc:"Raw mails and letters that were deleted from this node's disk or bucket."`
}

// longAnswer lifts the limit on the time of an answer: a backup takes as long as
// there is to write. It ends when the reader goes away.
func longAnswer(ctx huma.Context, next func(huma.Context)) {
	_, w := humago.Unwrap(ctx)
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // without it the answer is cut short, and seen to be
	next(ctx)
}

// tarStream is an answer that is written while it is made. What fails on the way breaks
// it off, so that nobody takes it for whole.
func (s *Server) tarStream(name, doing string, write func(context.Context, io.Writer) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "application/x-tar")
		ctx.SetHeader("Content-Disposition", `attachment; filename="`+name+`"`)
		if err := write(ctx.Context(), ctx.BodyWriter()); err != nil {
			s.log.Error().Err(err).Msg(doing)
			panic(http.ErrAbortHandler)
		}
	}}
}

// keeping are the operator's own operations. None takes an Idempotency-Key: repeated,
// they do nothing more, and their answers are better not kept.
func (o operations) keeping() {
	s := o.server
	long := func(op huma.Operation) huma.Operation {
		op.Middlewares = append(op.Middlewares, longAnswer)
		return op
	}
	const tar = "application/x-tar"
	huma.Register(o.api, long(file(o.get("backup", "/backup", "A backup of store, keys, journal and archive, which ends with its manifest", adminAccess), tar)), s.backup)
	huma.Register(o.api, long(file(o.get("export-person", "/person/export", "All that is kept of one person", adminAccess), tar)), s.exportPerson)
	huma.Register(o.api, long(o.bounded(o.get("erase-person", "/person/erase", "Erase what is kept of one person", adminAccess))), s.erasePerson)
	huma.Register(o.api, long(o.bounded(o.get("retention", "/retention", "Let go of what is past retention, now", adminAccess))), s.retention)
	take := o.bounded(o.get("import", "/import", "Take in an old mail", adminAccess))
	take.MaxBodyBytes = s.cfg.MaxImportBytes
	take.Errors = append(take.Errors, http.StatusUnsupportedMediaType)
	huma.Register(o.api, take, s.importMail)
}

func (s *Server) backup(context.Context, *struct{}) (*huma.StreamResponse, error) {
	return s.tarStream("supportd-backup.tar", "writing a backup failed", s.parts.Keeping.Backup), nil
}

type personQuery struct {
	Address string `query:"address" required:"true" minLength:"3" maxLength:"320" doc:"The person's mail address."`
}

func (s *Server) exportPerson(_ context.Context, q *personQuery) (*huma.StreamResponse, error) {
	if !ticket.ValidAddress(q.Address) {
		return nil, problem(http.StatusBadRequest, "this is not one mail address")
	}
	return s.tarStream("person.tar", "exporting a person's data failed", func(ctx context.Context, w io.Writer) error {
		return s.parts.Keeping.ExportPerson(ctx, q.Address, w)
	}), nil
}

type importRequest struct {
	ImportOrder
	RawBody []byte `contentType:"message/rfc822"`
}

type importAnswer struct{ Body Imported }

func (s *Server) importMail(ctx context.Context, r *importRequest) (*importAnswer, error) {
	done, err := s.parts.Keeping.Import(ctx, r.ImportOrder, r.RawBody)
	switch {
	case errors.Is(err, ErrNoMail):
		return nil, problem(http.StatusUnsupportedMediaType, err.Error())
	case errors.Is(err, journal.ErrTooLarge):
		return nil, problem(http.StatusRequestEntityTooLarge, "the mail is larger than smtp.max_message_bytes")
	case errors.Is(err, journal.ErrFull):
		return nil, problem(http.StatusServiceUnavailable, "the disk is nearly full: nothing is taken in")
	case err != nil:
		return nil, s.failed(err, "importing a mail")
	}
	return &importAnswer{done}, nil
}

type retentionRequest struct{ Body RetentionOrder }

type retentionAnswer struct{ Body Retention }

func (s *Server) retention(ctx context.Context, r *retentionRequest) (*retentionAnswer, error) {
	done, err := s.parts.Keeping.Retain(ctx, r.Body.DryRun)
	if err != nil {
		return nil, s.failed(err, "letting go of what is past retention")
	}
	return &retentionAnswer{done}, nil
}

type erasureRequest struct{ Body ErasureOrder }

type erasureAnswer struct{ Body Erasure }

func (s *Server) erasePerson(ctx context.Context, r *erasureRequest) (*erasureAnswer, error) {
	switch {
	case !ticket.ValidAddress(r.Body.Address):
		return nil, problem(http.StatusBadRequest, "this is not one mail address")
	case r.Body.Reason == "" && !r.Body.DryRun:
		return nil, problem(http.StatusBadRequest, "say why, for the certificate")
	}
	done, err := s.parts.Keeping.ErasePerson(ctx, r.Body)
	if errors.Is(err, ErrReasonNames) {
		return nil, problem(http.StatusConflict, err.Error())
	}
	if err != nil {
		return nil, s.failed(err, "erasing a person")
	}
	s.log.Info().Str("person", done.Person).Bool("dry_run", done.DryRun).Int("tickets", len(done.Tickets)).
		Int("mails", len(done.Mails)).Int("left", len(done.Left)).Msg("a person was erased")
	return &erasureAnswer{done}, nil
}
