package main

import (
	"context"
	"strings"

	"aismarttalk.tech/supportd/store/archive"
)

// archive asks for the bucket. A folder is looked at with the other files.
func (d *doctor) archive(ctx context.Context) {
	if d.cfg.Archive.Kind != "s3" {
		return
	}
	bucket, err := archive.NewS3(d.cfg.planned.bucket)
	if err == nil {
		err = bucket.Ready(ctx)
	}
	if err != nil {
		d.found("archive", bad, "%s: the journal keeps its mail until the bucket takes it", reason(err))
		return
	}
	if !strings.HasPrefix(d.cfg.Archive.Endpoint, "https:") {
		d.found("archive", doubtful, "%s is asked without TLS: whoever stands between reads the mail", d.cfg.Archive.Endpoint)
	}
	versioned, err := bucket.Versioned(ctx)
	switch {
	case err != nil:
		d.found("archive", doubtful, "bucket %s answers, and does not say whether it keeps versions; if it does, what is deleted stays", d.cfg.Archive.Bucket)
	case versioned:
		d.found("archive", doubtful, "bucket %s keeps versions: what is erased or past retention stays as an older one; have a lifecycle rule delete those", d.cfg.Archive.Bucket)
	default:
		d.found("archive", wellDone, "bucket %s answers, and keeps no older versions", d.cfg.Archive.Bucket)
	}
}
