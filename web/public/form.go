package public

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"aismarttalk.tech/supportd/desk/report"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web/page"
)

// Bounds of what the form takes.
const (
	maxWhat     = 20_000 // runes
	maxLine     = 500
	maxName     = 100
	maxAddress  = 254
	maxFiles    = 10
	maxFileName = 200
	maxSubject  = 100 // runes of the first line that becomes the subject
	// maxUpload is all of a request: the files, the fields at four bytes a rune, and
	// what parts them.
	maxUpload = report.MaxFiles + 1<<20
	// uploadPatience is how long sending the form may take: ten megabytes need it on
	// a slow line.
	uploadPatience = 2 * time.Minute
)

// source is the form as the intake knows it.
func source() report.Source { return report.Source{Name: "report form", Page: true} }

// reporting is the form with what was written in it.
type reporting struct {
	page.Form
	Key   string // of this form: sent twice, it reports once
	files []report.File
	trap  string // what a program wrote where nothing belongs
}

// Names of fields that the form does not list.
const (
	keyField  = "key"
	trapField = "website"
	fileField = "files"
)

func (d *Door) newForm(r *http.Request) reporting {
	say := d.site.Texts(r)
	option := func(s ticket.Severity) page.Option {
		key := "report." + string(s)
		return page.Option{Value: string(s), Label: say(key), Hint: say(key + ".hint")}
	}
	return reporting{Form: page.Form{Fields: []page.Field{
		{Name: "what", Kind: page.FieldArea, Label: say("report.what"), Hint: say("report.what.hint"), Required: true, Max: maxWhat},
		{Name: "expected", Kind: page.FieldText, Label: say("report.expected"), Max: maxLine},
		{Name: "where", Kind: page.FieldText, Label: say("report.where"), Hint: say("report.where.hint"), Max: maxLine},
		{Name: "severity", Kind: page.FieldChoice, Label: say("report.severity"), Options: []page.Option{
			option(ticket.SeverityCritical), option(ticket.SeverityHigh), option(ticket.SeverityNormal), option(ticket.SeverityLow),
		}},
		{Name: "address", Kind: page.FieldEmail, Label: say("report.address"), Hint: say("report.address.hint"), Required: true, Max: maxAddress, Autocomplete: "email"},
		{Name: "name", Kind: page.FieldText, Label: say("report.name"), Max: maxName, Autocomplete: "name"},
		{Name: fileField, Kind: page.FieldFiles, Label: say("report.files"), Hint: say("report.files.hint", maxFiles)},
	}}}
}

func (d *Door) reportForm(w http.ResponseWriter, r *http.Request) {
	form := d.newForm(r)
	var err error
	if form.Key, err = d.newKey(); err != nil {
		d.parts.Site.Failed(w, r, err, "naming a form")
		return
	}
	d.writeForm(w, r, http.StatusOK, form)
}

func (d *Door) writeForm(w http.ResponseWriter, r *http.Request, status int, form reporting) {
	d.site.Write(w, r, "report", page.View{Status: status, TitleKey: "report.title", Current: "/report", Data: form})
}

// keyForm is what the key of a form looks like: 16 bytes in base64.
var keyForm = regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`)

func (d *Door) newKey() (string, error) {
	chance := make([]byte, 16)
	if _, err := io.ReadFull(d.parts.Random, chance); err != nil {
		return "", fmt.Errorf("drawing a key: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(chance), nil
}

// takeReport takes the form in as POST /tickets takes a report: by the same journal,
// and once however often it was sent.
func (d *Door) takeReport(w http.ResponseWriter, r *http.Request) {
	// The server's own patience is for requests that are small. It may not be
	// there, as under test.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadPatience))
	form := d.newForm(r)
	if err := form.read(r); err != nil {
		d.parts.Site.Unreadable(w, r, err)
		return
	}
	if !keyForm.MatchString(form.Key) {
		key, err := d.newKey()
		if err != nil {
			d.parts.Site.Failed(w, r, err, "naming a form")
			return
		}
		form.Key = key
	}
	if d.check(r, &form); len(form.Faults()) > 0 {
		d.writeForm(w, r, http.StatusUnprocessableEntity, form)
		return
	}
	filed, err := d.parts.Reports.Once(r.Context(), form.report(d.site.Texts(r)), source(), form.Key)
	switch {
	case errors.Is(err, journal.ErrTooLarge):
		d.parts.Site.Error(w, r, http.StatusRequestEntityTooLarge)
	case err != nil:
		d.parts.Site.Failed(w, r, err, "taking a report in")
	default:
		d.site.Write(w, r, "received", page.View{TitleKey: "received.title", Data: receiptOf(form, filed)})
	}
}

// check notes what is wrong. Of files that were sent with a form that is at fault
// nothing is kept: a browser does not let a page fill them in.
func (d *Door) check(r *http.Request, form *reporting) {
	say := d.site.Texts(r)
	for _, f := range form.Fields {
		if f.Long() {
			form.Fault(f.Name, say("report.fault.long", f.Max))
		}
		if f.Kind == page.FieldChoice && !f.Known() {
			form.Fault(f.Name, say("report.fault.severity"))
		}
	}
	if form.Value("what") == "" {
		form.Fault("what", say("report.fault.what"))
	}
	if !ticket.ValidAddress(form.Value("address")) {
		form.Fault("address", say("report.fault.address"))
	}
	size := 0
	for _, f := range form.files {
		size += len(f.Content)
	}
	switch {
	case len(form.files) > maxFiles:
		form.Fault(fileField, say("report.fault.files", maxFiles))
	case size > report.MaxFiles:
		form.Fault(fileField, say("report.fault.size"))
	}
	if form.trap != "" {
		form.Fault(fileField, say("report.fault.trap"))
	}
	if len(form.files) > 0 && len(form.Faults()) > 0 {
		form.Fault(fileField, say("report.fault.again"))
	}
}

// report is the form as a report. Its subject is the first line of what happened.
func (form reporting) report(say func(string, ...any) string) report.Report {
	text := form.Value("what")
	subject, _, _ := strings.Cut(text, "\n")
	if subject = templates.Shorten(strings.TrimSpace(subject), maxSubject); subject == "" {
		subject = say("report.subject")
	}
	for _, name := range []string{"expected", "where"} {
		if answer := form.Value(name); answer != "" {
			text += "\n\n" + say("report."+name) + "\n" + answer
		}
	}
	return report.Report{
		Address: form.Value("address"), Name: form.Value("name"), Subject: subject, Text: text,
		Claim: ticket.Severity(form.Value("severity")), Files: form.files,
	}
}

// receipt is what became of a report, for whoever sent it.
type receipt struct {
	ID       ticket.ID // "" where it is not known yet, or not his to know
	Address  string    // of the acknowledgement, most of it hidden: others may look on
	Critical bool
}

func receiptOf(form reporting, f report.Filed) receipt {
	out := receipt{Address: ticket.MaskAddress(form.Value("address")), Critical: form.Value("severity") == string(ticket.SeverityCritical)}
	if f.Outcome == ticket.OutcomeOpened {
		// One that was added to another ticket is not told of here: nobody has proved
		// that the address is his.
		out.ID = f.Ticket
	}
	return out
}
