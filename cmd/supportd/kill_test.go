package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/smtp"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/boltkv"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/rediskv"
	"aismarttalk.tech/supportd/store/storetest"
	"aismarttalk.tech/supportd/ticket"
)

// Fault 8: the daemon is killed at random moments while clients send, and
// started again, until every mail has been answered 250. Then each of them has
// one outcome, one ticket and one acknowledgement, whatever was sent twice
// because an answer got lost.
func TestKilledUnderLoad(t *testing.T) {
	mails := 2000
	if testing.Short() {
		mails = 200
	}
	t.Run("bolt", func(t *testing.T) {
		t.Parallel() // each waits for the leases of the killed to end
		k := newKilling(t, "kind: bolt", func(data string) (store.Backend, error) {
			return boltkv.Open(boltkv.Config{Path: dataFolder(data).bolt()})
		})
		k.run(mails)
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		server := storetest.Redis(t, "--appendonly", "yes", "--appendfsync", "everysec")
		k := newKilling(t, "{kind: redis, url: "+server.URL()+", desk: killed}", func(string) (store.Backend, error) {
			return rediskv.New(rediskv.Config{URL: server.URL(), Desk: "killed"})
		})
		k.run(mails)
	})
}

// killing is a daemon in a process of its own, which is killed again and again.
type killing struct {
	t       *testing.T
	dir     string
	config  string
	backend func(data string) (store.Backend, error)
	chance  *rand.Rand
	kills   int

	mu    sync.Mutex
	smtp  string            // where the present daemon listens
	taken map[string]string // mail ID as answered → Message-ID
}

func newKilling(t *testing.T, storeConfig string, backend func(string) (store.Backend, error)) *killing {
	dir := t.TempDir()
	k := &killing{
		t: t, dir: filepath.Join(dir, "data"), config: filepath.Join(dir, "supportd.yaml"), backend: backend,
		chance: rand.New(rand.NewPCG(1, 2)), taken: map[string]string{},
	}
	if strings.HasPrefix(storeConfig, "kind") {
		storeConfig = "{" + storeConfig + "}"
	}
	yaml := fmt.Sprintf(`data_dir: %s
smtp: {listeners: [{address: "127.0.0.1:0", protocol: smtp}]}
http: {listen: "127.0.0.1:0"}
store: %s
limits: {notices_in_all_per_day: 0}
log: {level: error}
`, k.dir, storeConfig)
	if err := os.WriteFile(k.config, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	return k
}

// run sends the mails from several clients while it kills, then looks.
func (k *killing) run(mails int) {
	work := make(chan int, mails)
	for n := range mails {
		work <- n
	}
	close(work)
	sent := make(chan struct{})
	go func() {
		var clients sync.WaitGroup
		for range 8 {
			clients.Go(func() { k.client(work) })
		}
		clients.Wait()
		close(sent)
	}()
	// The moment of a kill is a number of mails and not a time, so that there is
	// work under way, and many kills whatever the machine.
	for next := 0; ; k.kills++ {
		daemon := k.start()
		next += 20 + k.chance.IntN(mails/10)
		if !k.reach(next, sent) {
			k.stop(daemon, syscall.SIGTERM)
			break
		}
		time.Sleep(time.Duration(k.chance.IntN(20)) * time.Millisecond) // into the middle of a commit, or of a letter
		k.stop(daemon, syscall.SIGKILL)
	}
	if k.kills < 5 {
		k.t.Errorf("killed %d times, want 5 at least", k.kills)
	}
	k.settle(mails)
	k.check(mails)
	k.t.Logf("%d mails, %d kills, %d answers of 250", mails, k.kills, len(k.taken))
}

// reach waits until so many mails were answered; false if all were sent before.
func (k *killing) reach(answers int, sent <-chan struct{}) bool {
	for {
		k.mu.Lock()
		n := len(k.taken)
		k.mu.Unlock()
		if n >= answers {
			return true
		}
		select {
		case <-sent:
			return false
		case <-time.After(time.Millisecond):
		}
	}
}

// start starts a daemon and waits until it can be reached.
func (k *killing) start() *exec.Cmd {
	k.t.Helper()
	os.Remove(filepath.Join(k.dir, runningFile)) // of the one that was killed
	cmd := exec.Command("supportd", "serve", "--config", k.config)
	cmd.Stdout, cmd.Stderr = io.Discard, os.Stderr
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if r, ok, err := readRunning(k.dir); err == nil && ok && len(r.SMTP) > 0 {
			k.mu.Lock()
			k.smtp = r.SMTP[0].Address
			k.mu.Unlock()
			return cmd
		}
		if time.Now().After(deadline) {
			cmd.Process.Kill()
			k.t.Fatal("the daemon does not start")
		}
	}
}

func (k *killing) stop(cmd *exec.Cmd, signal syscall.Signal) {
	cmd.Process.Signal(signal)
	cmd.Wait() // its error is the signal
}

// client sends mails as a mail server does: what was not answered is sent again.
func (k *killing) client(work <-chan int) {
	var c *smtp.Client
	defer func() {
		if c != nil {
			c.Close()
		}
	}()
	for n := range work {
		for {
			if c == nil {
				if c = k.connect(); c == nil {
					continue
				}
			}
			id, err := sendLoad(c, n)
			if err == nil {
				k.mu.Lock()
				k.taken[id] = loadID(n)
				k.mu.Unlock()
				break
			}
			c.Close()
			c = nil
		}
	}
}

func (k *killing) connect() *smtp.Client {
	k.mu.Lock()
	address := k.smtp
	k.mu.Unlock()
	conn, err := net.DialTimeout("tcp", address, time.Second)
	if err == nil {
		conn.SetDeadline(time.Now().Add(30 * time.Second))
		if c, err := smtp.NewClient(conn, "localhost"); err == nil {
			return c
		}
		conn.Close()
	}
	time.Sleep(10 * time.Millisecond) // the daemon is down; ask again
	return nil
}

func loadID(n int) string { return fmt.Sprintf("load-%d@firma.example", n) }

func loadMail(n int) string {
	return fmt.Sprintf("From: Kunde %[1]d <kunde%[1]d@firma.example>\r\nTo: contact+support@aismarttalk.tech\r\nSubject: Fejl nummer %[1]d\r\n"+
		"Message-ID: <%[2]s>\r\n\r\nChatbotten svarer ikke, siger kunde %[1]d.\r\n", n, loadID(n))
}

// sendLoad hands over one mail and returns the ID in the answer.
func sendLoad(c *smtp.Client, n int) (string, error) {
	if err := c.Mail(fmt.Sprintf("kunde%d@firma.example", n)); err != nil {
		return "", err
	}
	if err := c.Rcpt("contact+support@aismarttalk.tech"); err != nil {
		return "", err
	}
	id, err := c.Text.Cmd("DATA")
	if err != nil {
		return "", err
	}
	c.Text.StartResponse(id)
	_, _, err = c.Text.ReadResponse(354)
	c.Text.EndResponse(id)
	if err != nil {
		return "", err
	}
	w := c.Text.DotWriter()
	if _, err := io.WriteString(w, loadMail(n)); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	_, text, err := c.Text.ReadResponse(250)
	if err != nil {
		return "", err
	}
	return queuedAs(text)
}

func queuedAs(reply string) (string, error) {
	_, id, ok := strings.Cut(reply, "queued as ")
	if !ok {
		return "", &textproto.Error{Code: 250, Msg: reply}
	}
	return strings.TrimSpace(id), nil
}

// settle lets the daemon work until nothing is pending and nothing is owed.
func (k *killing) settle(mails int) {
	k.t.Helper()
	daemon := k.start()
	deadline := time.Now().Add(2 * time.Minute)
	for {
		letters, err := filepath.Glob(filepath.Join(k.dir, "outgoing", "*.eml"))
		if err == nil && len(letters) >= mails && k.paid() {
			break
		}
		if time.Now().After(deadline) {
			k.t.Errorf("%d of %d acknowledgements were written", len(letters), mails)
			break
		}
		time.Sleep(50 * time.Millisecond) // polls another process
	}
	k.stop(daemon, syscall.SIGTERM)
}

// paid reports whether the daemon owes no letter. One that was written just before a
// kill is owed until its lease ends and it is written again.
func (k *killing) paid() bool {
	out, err := exec.Command("supportd", "outbox", "list", "--config", k.config).Output()
	return err == nil && strings.HasPrefix(string(out), "No letters are waiting")
}

// check holds the records against what the clients know.
func (k *killing) check(mails int) {
	k.t.Helper()
	ctx := context.Background()
	backend, err := k.backend(k.dir)
	if err != nil {
		k.t.Fatal(err)
	}
	defer backend.Close()
	s, err := store.New(backend, store.Config{})
	if err != nil {
		k.t.Fatal(err)
	}
	j, err := journal.Open(journal.Config{Dir: dataFolder(k.dir).journal()}, journal.Deps{})
	if err != nil {
		k.t.Fatal(err)
	}
	defer j.Close()
	if st := j.Stats(); st.Pending != 0 {
		k.t.Errorf("%d mails are pending", st.Pending)
	}

	for id, messageID := range k.taken { // I1: what was answered 250 has an outcome, and its bytes are there
		m, ok, err := s.Mail(ctx, id)
		if err != nil || !ok || m.Outcome.MessageID != messageID {
			k.t.Errorf("mail %s, answered 250, is on record: %v (%v)", id, ok, err)
			continue
		}
		raw, err := j.Read(journal.ID(id))
		if err != nil {
			k.t.Errorf("mail %s cannot be read: %v", id, err)
			continue
		}
		var n int
		fmt.Sscanf(messageID, "load-%d@", &n)
		if data, err := raw.Bytes(); err != nil || !bytes.HasSuffix(data, []byte(loadMail(n))) { // I5
			k.t.Errorf("mail %s has other bytes than were sent (%v)", id, err)
		}
	}
	tickets := map[ticket.ID]bool{}
	for n := range mails { // I2, I3: one ticket a mail, one acknowledgement a ticket
		page, err := s.MailsByMessageID(ctx, loadID(n), "", 1000)
		if err != nil {
			k.t.Fatal(err)
		}
		opened := 0
		for _, m := range page.Items {
			switch m.Outcome.Outcome {
			case ticket.OutcomeOpened:
				opened++
				tickets[m.Outcome.Ticket] = true
				k.acknowledged(s, m.Outcome.Ticket)
			case ticket.OutcomeDuplicate:
			default:
				k.t.Errorf("mail %s became %s", m.Outcome.Mail, m.Outcome.Outcome)
			}
		}
		if opened != 1 {
			k.t.Errorf("%s opened %d tickets", loadID(n), opened)
		}
	}
	if len(tickets) != mails {
		k.t.Errorf("%d mails have %d tracking IDs", mails, len(tickets))
	}
	letters, err := filepath.Glob(filepath.Join(k.dir, "outgoing", "*"))
	if err != nil || len(letters) != mails { // I4: named by Message-ID, so a resend is no second file
		k.t.Errorf("%d letters for %d mails (%v)", len(letters), mails, err)
	}
}

// acknowledged: the ticket has one entry and one acknowledgement, which was sent.
func (k *killing) acknowledged(s *store.Store, id ticket.ID) {
	k.t.Helper()
	tk, ok, err := s.Ticket(context.Background(), id)
	if err != nil || !ok || tk.Entries != 1 || tk.Notices != 1 {
		k.t.Errorf("ticket %s (there: %v, %v) has %d entries and %d notices", id, ok, err, tk.Entries, tk.Notices)
		return
	}
	notices, err := s.Notices(context.Background(), id)
	if err != nil || len(notices) != 1 {
		k.t.Errorf("ticket %s has %d notices (%v)", id, len(notices), err)
		return
	}
	if n := notices[0]; n.Kind != ticket.NoticeAcknowledgement || n.State != ticket.NoticeSent {
		k.t.Errorf("the %s of ticket %s is %s: %s", n.Kind, id, n.State, n.Reason)
	}
}
