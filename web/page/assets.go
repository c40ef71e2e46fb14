package page

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// Assets are files whose address holds a hash of what is in them, so that a browser
// keeps them for ever and sees a new one at once. It never changes and is safe for
// concurrent use.
type Assets struct {
	urls  map[string]string // by name
	files map[string]asset  // by URL
}

type asset struct {
	contentType string
	plain, gzip []byte // gzip: nil where it saves nothing
}

// contentType is that of a file which may be an asset; "" for any other.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return ""
}

// NewAssets reads the style sheets, scripts and drawings of a folder. Their
// addresses begin with prefix, which ends in a slash.
func NewAssets(prefix string, f fs.FS) (*Assets, error) {
	a := &Assets{urls: map[string]string{}, files: map[string]asset{}}
	entries, err := fs.ReadDir(f, ".")
	if err != nil {
		return nil, fmt.Errorf("reading assets: %w", err)
	}
	for _, e := range entries {
		name := e.Name()
		one := asset{contentType: contentType(name)}
		if one.contentType == "" {
			return nil, fmt.Errorf("reading assets: %s is neither a style sheet nor a script nor a drawing", name)
		}
		if one.plain, err = fs.ReadFile(f, name); err != nil {
			return nil, fmt.Errorf("reading assets: %w", err)
		}
		if one.gzip, err = compressed(one.plain); err != nil {
			return nil, fmt.Errorf("compressing %s: %w", name, err)
		}
		sum := sha256.Sum256(one.plain)
		ext := path.Ext(name)
		url := prefix + strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
		a.urls[name], a.files[url] = url, one
	}
	return a, nil
}

func compressed(plain []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if out.Len() >= len(plain) {
		return nil, nil
	}
	return out.Bytes(), nil
}

// URL is the address of an asset; "" for one that is not there.
func (a *Assets) URL(name string) string { return a.urls[name] }

// ServeHTTP answers with an asset. Other sites may load them too: the chat widget's
// script is one, and there is nothing secret about any.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	one, ok := a.files[r.URL.Path]
	if !ok {
		http.Error(w, "there is no such file; reload the page", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", one.contentType)
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := one.plain
	if one.gzip != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		body = one.gzip
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the reader's loss
}

// acceptsGzip reads an Accept-Encoding header (RFC 9110 section 12.5.3).
func acceptsGzip(header string) bool {
	for _, one := range strings.Split(header, ",") {
		coding, weight, _ := strings.Cut(one, ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			return !strings.HasPrefix(strings.ReplaceAll(weight, " ", ""), "q=0") || strings.Contains(weight, "0.")
		}
	}
	return false
}
