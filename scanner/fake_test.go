package scanner

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
)

// eicar is the test signature that every scanner knows (eicar.org), in two halves so
// that no file of ours holds it.
func eicar() string {
	return `X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`
}

// fakeClamd answers each connection by script. A script is given the command and a
// function that reads the stream behind it.
func fakeClamd(t *testing.T, script func(command string, body func() string, conn net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				r := bufio.NewReader(conn)
				command, err := r.ReadString(0)
				if err == nil {
					script(strings.TrimRight(command, "\x00"), func() string { return readChunks(r) }, conn)
				}
			}()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr().String()
}

// readChunks reads what INSTREAM brings, up to the empty chunk.
func readChunks(r io.Reader) string {
	var body strings.Builder
	for {
		var n uint32
		if binary.Read(r, binary.BigEndian, &n) != nil || n == 0 {
			return body.String()
		}
		if _, err := io.CopyN(&body, r, int64(n)); err != nil {
			return body.String()
		}
	}
}

// honestClamd finds EICAR, and pongs.
func honestClamd(command string, body func() string, conn net.Conn) {
	switch {
	case command == "zPING":
		io.WriteString(conn, "PONG\x00")
	case strings.Contains(body(), eicar()):
		io.WriteString(conn, "stream: Eicar-Test-Signature FOUND\x00")
	default:
		io.WriteString(conn, "stream: OK\x00")
	}
}

// base64Mail is a mail with one file, as mail programs send it.
func base64Mail(content string) string {
	return "From: kunde@firma.example\r\nSubject: fil\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream; name=fil.bin\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(content)) + "\r\n"
}

// nestedZip is an archive in an archive, so many deep.
func nestedZip(t *testing.T, depth int) []byte {
	t.Helper()
	content := []byte("hej")
	for range depth {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		f, err := w.Create("fil.zip")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(content); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		content = b.Bytes()
	}
	return content
}
