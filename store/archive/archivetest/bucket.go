package archivetest

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"aismarttalk.tech/supportd/store/archive"
)

// Bucket is an S3 server with one bucket, as far as an archive needs one: it keeps
// objects in memory, wants requests that are signed with its access key, and fails as
// it is told. It does not verify signatures: that both ends agree on them is the
// library's to prove.
type Bucket struct {
	fail     func(*http.Request) Fault
	versions bool

	server *httptest.Server
	mu     sync.Mutex
	object map[string]object // by key
	asked  []string          // method and key of each request
}

type object struct {
	data     []byte
	metadata http.Header
}

// Fault is how a request fails.
type Fault string

// Faults.
const (
	None       Fault = ""
	SlowDown   Fault = "SlowDown"         // 503, as of a server under load
	Denied     Fault = "AccessDenied"     // 403
	NoBucket   Fault = "NoSuchBucket"     // 404
	ResetBody  Fault = "connection reset" // in the middle of a body, whichever way it goes
	Truncated  Fault = "truncated object" // an answer that is whole and lacks half of the object
	Unanswered Fault = "no answer"        // the connection is cut before any
)

// Names of the bucket and who may use it.
const (
	BucketName = "raw-mail"
	AccessKey  = "AKIDEXAMPLE"
	SecretKey  = "secret-of-the-test"
)

// NewBucket starts a server that ends with the test.
func NewBucket(t testing.TB) *Bucket {
	t.Helper()
	b := &Bucket{object: map[string]object{}}
	b.server = httptest.NewServer(b)
	t.Cleanup(b.server.Close)
	return b
}

// Config is that of an archive in this bucket.
func (b *Bucket) Config() archive.S3Config {
	return archive.S3Config{
		Endpoint: b.server.URL, Region: "eu-north-1", Bucket: BucketName, Prefix: "support/raw", PathStyle: true,
		AccessKey: AccessKey, SecretKey: SecretKey, Tries: 1,
	}
}

// Fail has each request looked at from now on; nil ends that.
func (b *Bucket) Fail(f func(*http.Request) Fault) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fail = f
}

// Always is a Fail that meets every request.
func Always(f Fault) func(*http.Request) Fault { return func(*http.Request) Fault { return f } }

// Keys lists the objects.
func (b *Bucket) Keys() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.object))
}

// Asked lists the requests, method and key.
func (b *Bucket) Asked() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.asked)
}

// Object is what stands under a key.
func (b *Bucket) Object(key string) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.object[key].data
}

// Versions has the bucket keep older versions, as far as it tells.
func (b *Bucket) Versions(on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.versions = on
}

// Metadata is what an object was put with.
func (b *Bucket) Metadata(key string) http.Header {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.object[key].metadata
}

// ServeHTTP answers one request.
func (b *Bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	b.mu.Lock()
	b.asked = append(b.asked, r.Method+" "+key)
	fault := None
	if b.fail != nil {
		fault = b.fail(r)
	}
	b.mu.Unlock()
	switch {
	case !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential="+AccessKey+"/") || !strings.Contains(r.Header.Get("Authorization"), "Signature="):
		refuse(w, http.StatusForbidden, "InvalidAccessKeyId")
	case fault == SlowDown:
		refuse(w, http.StatusServiceUnavailable, string(SlowDown))
	case fault == Denied:
		refuse(w, http.StatusForbidden, string(Denied))
	case fault == NoBucket || bucket != BucketName:
		refuse(w, http.StatusNotFound, string(NoBucket))
	case fault == Unanswered:
		panic(http.ErrAbortHandler)
	case key == "":
		b.serveBucket(w, r)
	case r.Method == http.MethodPut:
		b.put(w, r, key, fault)
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		b.get(w, key, fault)
	case r.Method == http.MethodDelete:
		b.mu.Lock()
		delete(b.object, key)
		b.mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	default:
		refuse(w, http.StatusMethodNotAllowed, "MethodNotAllowed")
	}
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>as the test wants</Message></Error>", code)
}

// listing is the answer of ListObjectsV2.
type listing struct {
	XMLName               xml.Name `xml:"ListBucketResult"`
	Contents              []listed
	IsTruncated           bool
	NextContinuationToken string `xml:",omitempty"`
}

type listed struct {
	Key  string
	Size int
}

// pageSize is small, so that every listing of some length has pages.
const pageSize = 3

func (b *Bucket) serveBucket(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if r.Method != http.MethodGet || query.Get("list-type") != "2" {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch {
		case query.Has("versioning") && b.versions:
			fmt.Fprint(w, "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
		case query.Has("versioning"):
			fmt.Fprint(w, "<VersioningConfiguration/>")
		}
		return // HEAD: it is there
	}
	page := listing{}
	for _, key := range b.Keys() {
		if !strings.HasPrefix(key, query.Get("prefix")) || key <= query.Get("continuation-token") {
			continue
		}
		if len(page.Contents) == pageSize {
			page.IsTruncated, page.NextContinuationToken = true, page.Contents[pageSize-1].Key
			break
		}
		page.Contents = append(page.Contents, listed{Key: key, Size: 1})
	}
	_ = xml.NewEncoder(w).Encode(page) // the client's loss
}

func (b *Bucket) put(w http.ResponseWriter, r *http.Request, key string, fault Fault) {
	if fault == ResetBody {
		_, _ = io.CopyN(io.Discard, r.Body, r.ContentLength/2)
		panic(http.ErrAbortHandler)
	}
	data, err := body(r)
	if err != nil {
		refuse(w, http.StatusBadRequest, "IncompleteBody")
		return
	}
	kept := http.Header{}
	for name, values := range r.Header {
		if strings.HasPrefix(name, "X-Amz-Meta-") || strings.HasPrefix(name, "X-Amz-Server-Side-") || name == "Content-Type" {
			kept[name] = values
		}
	}
	b.mu.Lock()
	b.object[key] = object{data, kept}
	b.mu.Unlock()
	w.Header().Set("ETag", `"0"`)
}

// body reads what a client sends, in the signed chunks that it may send it in.
func body(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return io.ReadAll(r.Body)
	}
	var data []byte
	in := bufio.NewReader(r.Body)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, err := strconv.ParseUint(size, 16, 31)
		if err != nil || n == 0 {
			return data, err
		}
		chunk := make([]byte, n+2) // and its line end
		if _, err := io.ReadFull(in, chunk); err != nil {
			return nil, err
		}
		data = append(data, chunk[:n]...)
	}
}

func (b *Bucket) get(w http.ResponseWriter, key string, fault Fault) {
	b.mu.Lock()
	o, there := b.object[key]
	b.mu.Unlock()
	if !there {
		refuse(w, http.StatusNotFound, "NoSuchKey")
		return
	}
	data := o.data
	if fault == Truncated {
		data = data[:len(data)/2]
	}
	maps.Copy(w.Header(), o.metadata)
	w.Header().Set("ETag", `"0"`)
	w.Header().Set("Last-Modified", "Mon, 09 Mar 2026 08:00:00 GMT")
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	if fault == ResetBody {
		_, _ = w.Write(data[:len(data)/2])
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(data) // the client's loss
}
