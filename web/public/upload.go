package public

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"

	"aismarttalk.tech/supportd/desk/report"
	"aismarttalk.tech/supportd/templates"
)

// maxFields bounds the parts of a form, so that none is made of empty ones.
const maxFields = 40

// errParts is for a form of more parts than any browser would send.
var errParts = errors.New("the form has too many parts")

// read takes the form from a request, part by part: nothing of it is written to a
// disk, and no more is kept than its bounds. Without files, as some programs send
// it, it may be an ordinary form.
func (form *reporting) read(r *http.Request) error {
	parts, err := r.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		if err := r.ParseForm(); err != nil {
			return err
		}
		form.fill(r.PostForm)
		return nil
	}
	if err != nil {
		return err
	}
	sent := url.Values{}
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if err == io.EOF { // not wrapped: then the form was cut off
			form.fill(sent)
			return nil
		}
		if err != nil {
			return err
		}
		if n == maxFields {
			return errParts
		}
		// The request as a whole is bounded, and so is what is read here.
		content, err := io.ReadAll(part)
		if err != nil {
			return err
		}
		if part.FormName() == fileField {
			form.addFile(part, content)
		} else {
			sent.Add(part.FormName(), string(content))
		}
	}
}

func (form *reporting) fill(sent url.Values) {
	form.Read(sent)
	form.Key, form.trap = sent.Get(keyField), sent.Get(trapField)
}

// mediaType is what a type of a file may look like (RFC 2045 section 5.1), without
// parameters.
var mediaType = regexp.MustCompile(`^[A-Za-z0-9.+-]+/[A-Za-z0-9.+-]+$`)

// addFile keeps a file; a field where none was chosen comes as one without a name.
func (form *reporting) addFile(part *multipart.Part, content []byte) {
	name := part.FileName()
	if name == "" && len(content) == 0 {
		return
	}
	f := report.File{Name: templates.Shorten(name, maxFileName), ContentType: part.Header.Get("Content-Type"), Content: content}
	if len(f.ContentType) > 100 || !mediaType.MatchString(f.ContentType) {
		f.ContentType = ""
	}
	form.files = append(form.files, f)
}
