package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/archive/archivetest"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/web"
)

// withBucket has raw mail go to a bucket.
func withBucket(t *testing.T, s settings, b *archivetest.Bucket) settings {
	t.Helper()
	c := b.Config()
	keys := t.TempDir()
	for name, secret := range map[string]string{"access": c.AccessKey, "secret": c.SecretKey} {
		if err := os.WriteFile(filepath.Join(keys, name), []byte(secret+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.Archive = archiveSettings{
		Kind: "s3", Endpoint: c.Endpoint, Region: c.Region, Bucket: c.Bucket, Prefix: c.Prefix, PathStyle: true, SSE: "none",
		AccessKeyFile: filepath.Join(keys, "access"), SecretKeyFile: filepath.Join(keys, "secret"),
	}
	return s
}

func bucketFlags(s settings) []string {
	a := s.Archive
	return append(setFlags(s), "--set=archive.kind=s3", "--set=archive.endpoint="+a.Endpoint, "--set=archive.region="+a.Region, "--set=archive.bucket="+a.Bucket,
		"--set=archive.prefix="+a.Prefix, "--set=archive.path_style=true", "--set=archive.access_key_file="+a.AccessKeyFile, "--set=archive.secret_key_file="+a.SecretKeyFile)
}

// swept hands all filed mail over to the archive, as days later.
func (b *bench) swept() error {
	b.settled()
	for _, days := range []time.Duration{2, 9} { // sealed first
		if err := b.daemon.journal.Sweep(b.t.Context(), time.Now().Add(days*24*time.Hour), b.daemon.archive); err != nil {
			return err
		}
	}
	return nil
}

// While the bucket is away mail is taken and filed, stays in the journal, and /readyz
// says so. When it is back, mail leaves for it, and is read from there.
func TestBucketAway(t *testing.T) {
	bucket := archivetest.NewBucket(t)
	bucket.Fail(archivetest.Always(archivetest.SlowDown))
	b := startDaemon(t, withBucket(t, testSettings(t.TempDir()), bucket))
	m := b.write("kunde@firma.example", b.support(), "Hej", "Hej.")
	b.daemon.sweeping.ended(b.swept())
	if _, err := b.daemon.journal.Read(journal.ID(m.Mail)); err != nil {
		t.Error("the journal has let go of it:", err)
	}
	if health, err := b.api.health(t.Context()); err != nil || health.Checks["archive"] != web.HealthFailing || health.Checks["journal"] != web.HealthOK {
		t.Errorf("health while the bucket is away: %+v %v", health, err)
	}
	b.expectRaw(m)

	bucket.Fail(nil)
	wait := b.daemon.sweeping.ended(b.swept())
	if _, err := b.daemon.journal.Read(journal.ID(m.Mail)); !errors.Is(err, journal.ErrNotFound) || wait != sweepEvery {
		t.Errorf("the mail is in the journal still: %v; next sweep in %v", err, wait)
	}
	if health, err := b.api.health(t.Context()); err != nil || health.Checks["archive"] != web.HealthOK {
		t.Errorf("health when the bucket is back: %+v %v", health, err)
	}
	b.expectRaw(m)
}

func TestSweepBacksOff(t *testing.T) {
	var s sweeping
	for _, want := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, time.Hour, time.Hour} {
		if got := s.ended(errors.New("away")); got != want {
			t.Errorf("again after %v, want %v", got, want)
		}
	}
	if got := s.ended(nil); got != sweepEvery || s.fault(t.Context()) != nil {
		t.Errorf("after a good one: %v, %v", got, s.fault(t.Context()))
	}
}

// A backup holds what is in the bucket, and takes it to a folder and back into another
// bucket; a person is erased from it without a byte left.
func TestBackupAndErasureWithABucket(t *testing.T) {
	t.Chdir(t.TempDir())
	bucket := archivetest.NewBucket(t)
	s := withBucket(t, testSettings(t.TempDir()), bucket)
	b := startDaemon(t, s)
	hers, _ := karensLife(t, b)
	if err := b.swept(); err != nil {
		t.Fatal(err)
	}
	keys := bucket.Keys()
	if len(keys) < 5 {
		t.Fatalf("in the bucket: %v", keys)
	}
	mustRun(t, append([]string{"backup", "bucket.tar"}, bucketFlags(s)...)...)

	folder := testSettings(filepath.Join(t.TempDir(), "data"))
	mustRun(t, append([]string{"restore", "bucket.tar"}, setFlags(folder)...)...)
	mustRun(t, append([]string{"backup", "folder.tar"}, setFlags(folder)...)...)
	other := archivetest.NewBucket(t)
	fresh := withBucket(t, testSettings(filepath.Join(t.TempDir(), "data")), other)
	mustRun(t, append([]string{"restore", "folder.tar"}, bucketFlags(fresh)...)...)
	if got := other.Keys(); strings.Join(got, "\n") != strings.Join(keys, "\n") {
		t.Errorf("in the other bucket:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(keys, "\n"))
	}
	for _, key := range keys {
		if string(other.Object(key)) != string(bucket.Object(key)) {
			t.Errorf("%s came back changed", key)
		}
	}

	var cert web.Erasure
	out := mustRun(t, append([]string{"person", "erase", karen, "--json", "--reason=request 17 of 2026"}, bucketFlags(s)...)...)
	if err := json.Unmarshal([]byte(out), &cert); err != nil {
		t.Fatal(err)
	}
	if len(cert.Mails) != 4 || cert.Mails[0].SHA256 == "" {
		t.Errorf("certificate: %+v", cert)
	}
	for _, key := range bucket.Keys() {
		if strings.Contains(string(bucket.Object(key)), karen) {
			t.Errorf("%s is hers still", key)
		}
	}
	if len(bucket.Keys()) != len(keys)-4 {
		t.Errorf("left in the bucket: %v", bucket.Keys())
	}
	if _, err := archive.Read(t.Context(), rawMail{b.daemon.journal, b.daemon.archive}, journal.ID(hers.Mail)); !errors.Is(err, archive.ErrNotFound) {
		t.Error("her mail can be read still:", err)
	}
}

func TestDoctorAsksForTheBucket(t *testing.T) {
	bucket := archivetest.NewBucket(t)
	s := withBucket(t, testSettings(t.TempDir()), bucket)
	finding := func() string {
		_, d := examined(t, s, zone{}, time.Now())
		for _, f := range d.findings {
			if f.Part == "archive" && f.Grade != wellDone && !strings.Contains(f.Detail, "without TLS") {
				return string(f.Grade)
			}
		}
		return string(wellDone)
	}
	if got := finding(); got != string(wellDone) {
		t.Errorf("a good bucket is %s", got)
	}
	bucket.Versions(true)
	if got := finding(); got != string(doubtful) {
		t.Errorf("a bucket with versions is %s", got)
	}
	bucket.Fail(archivetest.Always(archivetest.Denied))
	if got := finding(); got != string(bad) {
		t.Errorf("a bucket that refuses us is %s", got)
	}
}

func TestBucketSecretsAreOfTheConfiguration(t *testing.T) {
	bucket := archivetest.NewBucket(t)
	s := withBucket(t, testSettings(t.TempDir()), bucket)
	var out strings.Builder
	if err := planned(t, s).print(&out); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), archivetest.SecretKey) || strings.Contains(out.String(), archivetest.AccessKey) {
		t.Error("config print tells the keys")
	}
	s.Archive.SecretKeyFile = filepath.Join(t.TempDir(), "absent")
	s.Archive.Endpoint = "s3.firma.example"
	_, faults := configuration{settings: s}.plan()
	text := faults.Error()
	for _, key := range []string{"archive.secret_key_file", "archive.endpoint"} {
		if !strings.Contains(text, key) {
			t.Errorf("no word of %s in:\n%s", key, text)
		}
	}
}
