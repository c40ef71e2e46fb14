package archive_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/archive/archivetest"
	"aismarttalk.tech/supportd/store/journal"
)

func mustS3(t *testing.T, c archive.S3Config) *archive.S3 {
	t.Helper()
	s, err := archive.NewS3(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestS3(t *testing.T) {
	archivetest.Run(t, func(t *testing.T) func() archive.Archive {
		b := archivetest.NewBucket(t)
		return func() archive.Archive { return mustS3(t, b.Config()) }
	})
}

// Other things may stand in the bucket: the archive neither sees nor touches them.
func TestBucketIsShared(t *testing.T) {
	b := archivetest.NewBucket(t)
	mine, c := mustS3(t, b.Config()), b.Config()
	c.Prefix = "support/rawest/"
	theirs := mustS3(t, c)
	archivetest.Put(t, mine, archivetest.ID, "mine")
	archivetest.Put(t, theirs, archivetest.ID, "theirs")
	if ids := archivetest.List(t, mine); !slices.Equal(ids, []journal.ID{archivetest.ID}) {
		t.Errorf("listed: %v", ids)
	}
	if err := mine.Delete(t.Context(), archivetest.ID); err != nil {
		t.Fatal(err)
	}
	if got := archivetest.Read(t, theirs, archivetest.ID); got != "theirs" {
		t.Errorf("another's mail is %q", got)
	}
	if keys := b.Keys(); !slices.Equal(keys, []string{"support/rawest/2026/03/09/" + string(archivetest.ID) + ".eml"}) {
		t.Errorf("keys: %v", keys)
	}
}

func TestServerSideEncryption(t *testing.T) {
	for sse, want := range map[string]string{archive.SSENone: "", archive.SSES3: "AES256", archive.SSEKMS: "aws:kms"} {
		b := archivetest.NewBucket(t)
		c := b.Config()
		c.SSE = sse
		archivetest.Put(t, mustS3(t, c), archivetest.ID, "mail")
		if got := b.Metadata(b.Keys()[0]).Get("X-Amz-Server-Side-Encryption"); got != want {
			t.Errorf("sse %q asks for %q, want %q", sse, got, want)
		}
	}
}

// What goes wrong with a bucket fails the call, and is never taken for a mail that is
// kept, or for one that is not there.
func TestS3Faults(t *testing.T) {
	for _, fault := range []archivetest.Fault{
		archivetest.SlowDown, archivetest.Denied, archivetest.NoBucket, archivetest.ResetBody, archivetest.Unanswered,
	} {
		t.Run(string(fault), func(t *testing.T) {
			b := archivetest.NewBucket(t)
			s := mustS3(t, b.Config())
			archivetest.Put(t, s, archivetest.ID, "the mail that is there")
			b.Fail(archivetest.Always(fault))
			if err := s.Put(t.Context(), archivetest.ID[:19]+"0", strings.NewReader("a mail")); err == nil {
				t.Error("Put succeeds")
			}
			if _, err := s.Open(t.Context(), archivetest.ID); err == nil || errors.Is(err, archive.ErrNotFound) {
				t.Errorf("Open: %v", err)
			}
			if fault != archivetest.ResetBody { // these have no body
				if err := s.Delete(t.Context(), archivetest.ID); err == nil {
					t.Error("Delete succeeds")
				}
				if err := s.Ready(t.Context()); err == nil {
					t.Error("Ready")
				}
				var listed error
				for _, err := range s.All(t.Context()) {
					listed = err
				}
				if listed == nil {
					t.Error("All succeeds")
				}
			}
			b.Fail(nil)
			if ids := archivetest.List(t, s); !slices.Equal(ids, []journal.ID{archivetest.ID}) {
				t.Errorf("afterwards: %v", ids)
			}
		})
	}
}

// A server that is busy for a moment is asked again, and a body that breaks off is
// fetched again.
func TestS3TriesAgain(t *testing.T) {
	for _, fault := range []archivetest.Fault{archivetest.SlowDown, archivetest.ResetBody, archivetest.Truncated} {
		b := archivetest.NewBucket(t)
		c := b.Config()
		c.Tries = 3
		s := mustS3(t, c)
		archivetest.Put(t, s, archivetest.ID, "the mail")
		asked := 0
		b.Fail(func(*http.Request) archivetest.Fault {
			if asked++; asked == 1 {
				return fault
			}
			return archivetest.None
		})
		if got := archivetest.Read(t, s, archivetest.ID); got != "the mail" {
			t.Errorf("%s: %q", fault, got)
		}
	}
}

// Half a mail is never handed out as a mail.
func TestTruncatedObjectIsDamaged(t *testing.T) {
	b := archivetest.NewBucket(t)
	s := mustS3(t, b.Config())
	archivetest.Put(t, s, archivetest.ID, "the mail")
	b.Fail(archivetest.Always(archivetest.Truncated))
	if _, err := s.Open(t.Context(), archivetest.ID); !errors.Is(err, journal.ErrDamaged) {
		t.Errorf("Open: %v, want ErrDamaged", err)
	}
}

func TestWrongKeyIsRefused(t *testing.T) {
	b := archivetest.NewBucket(t)
	c := b.Config()
	c.AccessKey = "AKIDOTHER"
	s := mustS3(t, c)
	if err := s.Ready(t.Context()); err == nil {
		t.Error("Ready with another's access key")
	}
	if err := s.Put(t.Context(), archivetest.ID, strings.NewReader("mail")); err == nil || strings.Contains(err.Error(), archivetest.SecretKey) {
		t.Errorf("Put with another's access key: %v", err)
	}
}

func TestS3Config(t *testing.T) {
	good := archive.S3Config{Endpoint: "https://s3.firma.example", Bucket: "raw", AccessKey: "a", SecretKey: "s"}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	noPEM := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(noPEM, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for key, change := range map[string]func(*archive.S3Config){
		"archive.endpoint":        func(c *archive.S3Config) { c.Endpoint = "s3.firma.example" },
		"archive.endpoint: want":  func(c *archive.S3Config) { c.Endpoint = "https://s3.firma.example/raw" },
		"archive.bucket":          func(c *archive.S3Config) { c.Bucket = "" },
		"archive.prefix":          func(c *archive.S3Config) { c.Prefix = "/raw" },
		"archive.access_key_file": func(c *archive.S3Config) { c.SecretKey = "" },
		"archive.ca_file":         func(c *archive.S3Config) { c.CAFile = noPEM },
		"archive.kms_key":         func(c *archive.S3Config) { c.KMSKey = "key" },
	} {
		c := good
		change(&c)
		if err := c.Validate(); err == nil || !strings.HasPrefix(err.Error(), key) {
			t.Errorf("%s: %v", key, err)
		}
	}
}
