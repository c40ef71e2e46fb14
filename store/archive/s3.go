package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/encrypt"

	"aismarttalk.tech/supportd/store/journal"
)

// S3 is an archive in a bucket: an object for each mail, under the prefix and its
// Name. Any number of processes may use it at once. The bucket acknowledges what is
// durable, so there is nothing to sync.
//
// Each object bears the SHA-256 of its mail. Open compares it before anybody sees a
// byte, so that a mail which was cut short or changed is told of and not used.
type S3 struct {
	client  *minio.Client
	bucket  string
	prefix  string // "" or with a slash at its end
	sse     encrypt.ServerSide
	timeout time.Duration
}

// sumHeader names the user metadata that holds the SHA-256, hex.
const sumHeader = "Sha256"

// NewS3 wires an archive. It does not ask the server yet, which may be down.
func NewS3(c S3Config) (*S3, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	client, err := c.client()
	if err != nil {
		return nil, fmt.Errorf("making the client of the bucket: %w", err)
	}
	s := &S3{client: client, bucket: c.Bucket, prefix: c.Prefix, timeout: c.Timeout}
	if s.sse, err = c.encryption(); err != nil {
		return nil, fmt.Errorf("choosing the bucket's encryption: %w", err)
	}
	if s.prefix != "" && !strings.HasSuffix(s.prefix, "/") {
		s.prefix += "/"
	}
	if s.timeout == 0 {
		s.timeout = time.Minute
	}
	return s, nil
}

// Close does nothing.
func (s *S3) Close() error { return nil }

// Sync does nothing: Put and Delete return when the bucket has answered.
func (s *S3) Sync() error { return nil }

// key is where the mail stands.
func (s *S3) key(id journal.ID) (string, error) {
	name, err := Name(id)
	return s.prefix + name, err
}

// Put uploads the mail. It is read whole first: a reader that fails, or finds its mail
// damaged, then leaves nothing in the bucket.
func (s *S3) Put(ctx context.Context, id journal.ID, r io.Reader) error {
	key, err := s.key(id)
	if err != nil {
		return err
	}
	raw, err := readBounded(r)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("archiving mail %s: %w", id, err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	sum := sha256.Sum256(raw)
	_, err = s.client.PutObject(ctx, s.bucket, key, bytes.NewReader(raw), int64(len(raw)), minio.PutObjectOptions{
		ContentType: "message/rfc822", ServerSideEncryption: s.sse, SendContentMd5: true,
		UserMetadata: map[string]string{sumHeader: hex.EncodeToString(sum[:])},
		// One request, so that a mail is there whole or not at all.
		DisableMultipart: true,
	})
	if err != nil {
		return fmt.Errorf("archiving mail %s: %w", id, err)
	}
	return nil
}

// openTries is how often a mail is fetched whose bytes break off on the way.
const openTries = 3

// Open downloads the mail and compares its sum.
func (s *S3) Open(ctx context.Context, id journal.ID) (io.ReadCloser, error) {
	key, err := s.key(id)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	for try := 1; ; try++ {
		raw, err := s.fetch(ctx, key)
		switch {
		case err == nil:
			return io.NopCloser(bytes.NewReader(raw)), nil
		case code(err) == minio.NoSuchKey:
			return nil, fmt.Errorf("%w: %s", ErrNotFound, id)
		case try == openTries || ctx.Err() != nil || !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, journal.ErrDamaged):
			return nil, fmt.Errorf("opening archived mail %s: %w", id, err)
		}
	}
}

func (s *S3) fetch(ctx context.Context, key string) ([]byte, error) {
	core := minio.Core{Client: s.client} // GetObject of the client itself may ask for the rest of what has changed meanwhile
	body, info, _, err := core.GetObject(ctx, s.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	defer body.Close()
	raw, err := readBounded(body)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(raw)
	want := info.UserMetadata[sumHeader] // "" where another program has copied the mail here
	if want != "" && !strings.EqualFold(want, hex.EncodeToString(sum[:])) {
		return nil, fmt.Errorf("its SHA-256 is not the one that it was put with: %w", journal.ErrDamaged)
	}
	return raw, nil
}

// Delete removes the object. In a bucket with versions the older ones stay until the
// bucket's own rules remove them; see Versioned.
func (s *S3) Delete(ctx context.Context, id journal.ID) error {
	key, err := s.key(id)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	err = s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})
	if err != nil && code(err) != minio.NoSuchKey {
		return fmt.Errorf("deleting archived mail %s: %w", id, err)
	}
	return nil
}

// All lists the bucket below the prefix. A bucket lists its keys in order.
func (s *S3) All(ctx context.Context) iter.Seq2[journal.ID, error] {
	return func(yield func(journal.ID, error) bool) {
		for object := range s.client.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix, Recursive: true}) {
			if object.Err != nil {
				yield("", fmt.Errorf("listing the archive: %w", object.Err))
				return
			}
			id, ok := ParseName(strings.TrimPrefix(object.Key, s.prefix))
			if ok && !yield(id, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield("", fmt.Errorf("listing the archive: %w", err))
		}
	}
}

// Ready asks whether the bucket is there and ours to read.
func (s *S3) Ready(ctx context.Context) error {
	there, err := s.client.BucketExists(ctx, s.bucket)
	if err == nil && !there {
		err = errors.New("there is no such bucket")
	}
	if err != nil {
		return fmt.Errorf("asking for bucket %s: %w", s.bucket, err)
	}
	return nil
}

// Versioned reports whether the bucket keeps what is deleted as older versions.
func (s *S3) Versioned(ctx context.Context) (bool, error) {
	v, err := s.client.GetBucketVersioning(ctx, s.bucket)
	if err != nil {
		return false, fmt.Errorf("asking whether bucket %s keeps versions: %w", s.bucket, err)
	}
	return v.Status != "", nil
}

// code is S3's word for what went wrong.
func code(err error) string {
	response := minio.ToErrorResponse(err)
	if response.Code == "" && response.StatusCode == http.StatusNotFound {
		return minio.NoSuchKey
	}
	return response.Code
}
