package archive

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/encrypt"
)

// Ways in which the server encrypts what it keeps.
const (
	SSENone = ""
	SSES3   = "s3"  // by a key of the server's
	SSEKMS  = "kms" // by a key of its key service
)

// S3Config says where the bucket is, and who we are there. Zero times and counts mean
// their defaults.
type S3Config struct {
	Endpoint  string // https://host or https://host:port; http:// sends mail in the clear
	Region    string // "" lets the server say
	Bucket    string // must exist
	Prefix    string // of all keys; "" or a path such as support/raw
	PathStyle bool   // https://host/bucket in place of https://bucket.host
	AccessKey string
	SecretKey string
	CAFile    string // PEM of who signed its certificate, if not one of the system's
	SSE       string // one of those above
	KMSKey    string // the key's ID, for SSEKMS; "" means the bucket's own

	Timeout time.Duration // of one operation with all its tries; 0 means a minute
	Tries   int           // of one operation; 0 means 4
}

// Validate reports all that is wrong with the configuration.
func (c S3Config) Validate() error {
	var faults []error
	if _, err := c.endpoint(); err != nil {
		faults = append(faults, err)
	}
	if c.Bucket == "" || strings.ContainsAny(c.Bucket, "/ \t") {
		faults = append(faults, fmt.Errorf("archive.bucket: want the name of a bucket; got %q", c.Bucket))
	}
	if strings.HasPrefix(c.Prefix, "/") || strings.Contains(c.Prefix, "//") || strings.Contains(c.Prefix, "..") {
		faults = append(faults, fmt.Errorf("archive.prefix: want a path without a slash at its start, such as support/raw; got %q", c.Prefix))
	}
	if c.AccessKey == "" || c.SecretKey == "" {
		faults = append(faults, errors.New("archive.access_key_file: both access_key_file and secret_key_file are needed, and must not be empty"))
	}
	if c.KMSKey != "" && c.SSE != SSEKMS {
		faults = append(faults, errors.New("archive.kms_key: goes with sse: kms only"))
	}
	if c.Timeout < 0 || c.Tries < 0 {
		faults = append(faults, errors.New("archive: times and counts must not be negative"))
	}
	if _, err := c.roots(); err != nil {
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

func (c S3Config) endpoint() (*url.URL, error) {
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.User != nil || u.RawQuery != "" {
		return nil, errors.New("archive.endpoint: want https://host or https://host:port, and nothing behind it")
	}
	return u, nil
}

// roots are the authorities that may have signed the server's certificate; nil means
// the system's.
func (c S3Config) roots() (*x509.CertPool, error) {
	if c.CAFile == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(c.CAFile)
	if err != nil {
		return nil, fmt.Errorf("archive.ca_file: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("archive.ca_file: %s holds no certificate in PEM form", c.CAFile)
	}
	return pool, nil
}

func (c S3Config) client() (*minio.Client, error) {
	u, err := c.endpoint()
	if err != nil {
		return nil, err
	}
	roots, err := c.roots()
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	transport.DisableCompression = true // bytes come as they were put
	transport.MaxIdleConnsPerHost = 16
	transport.ResponseHeaderTimeout = 30 * time.Second
	lookup := minio.BucketLookupDNS
	if c.PathStyle {
		lookup = minio.BucketLookupPath
	}
	tries := c.Tries
	if tries == 0 {
		tries = 4
	}
	return minio.New(u.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""),
		Secure: u.Scheme == "https", Transport: transport, Region: c.Region, BucketLookup: lookup, MaxRetries: tries,
	})
}

func (c S3Config) encryption() (encrypt.ServerSide, error) {
	switch c.SSE {
	case SSES3:
		return encrypt.NewSSE(), nil
	case SSEKMS:
		return encrypt.NewSSEKMS(c.KMSKey, nil)
	}
	return nil, nil
}
