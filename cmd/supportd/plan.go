package main

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"aismarttalk.tech/supportd/chatbot/phrasing"
	"aismarttalk.tech/supportd/classifier"
	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/faq"
	"aismarttalk.tech/supportd/notifier"
	"aismarttalk.tech/supportd/parser"
	"aismarttalk.tech/supportd/scanner"
	"aismarttalk.tech/supportd/smtpd"
	"aismarttalk.tech/supportd/store"
	"aismarttalk.tech/supportd/store/archive"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/store/rediskv"
	"aismarttalk.tech/supportd/templates"
	"aismarttalk.tech/supportd/ticket"
	"aismarttalk.tech/supportd/web"
	"aismarttalk.tech/supportd/web/page"
	"aismarttalk.tech/supportd/web/widget"
)

// plan is the configuration as the packages want it: what settings says, in
// their own words.
type plan struct {
	desk    desk.Config
	parser  parser.Config
	journal journal.Config
	smtp    smtpd.Config
	web     web.Config
	redis   rediskv.Config   // if store.kind is redis
	bucket  archive.S3Config // if archive.kind is s3
	senders senders
	// scanners may name none.
	scanners scanner.Config

	faq      *faq.Book
	phrasing *phrasing.Config // nil: answers stand as they are written
	widget   widget.Config

	classifier classifier.Config
	texts      templates.Config
	page       page.Config
	notifier   notifier.Config
	relay      notifier.RelayConfig // if relay.host is set
	webhooks   []notifier.Webhook
	admin      string // where those ask who watch the daemon; "" for nowhere
}

// zone is the desk's, in which letters and commands tell the time.
func (c configuration) zone() *time.Location { return c.planned.desk.Policy.Location }

// planner maps settings onto a plan and collects what is wrong with it, each
// fault with the place where it was written.
type planner struct {
	c      configuration
	faults faults
}

func (c configuration) plan() (plan, faults) {
	p := &planner{c: c}
	var out plan
	out.desk = p.desk()
	out.parser = parser.Config{OwnDomains: ownDomains(c.Desk.Addresses)}
	out.journal = journal.Config{
		// The Received header that the door adds does not count against the limit.
		Dir: dataFolder(c.DataDir).journal(), MaxBytes: c.SMTP.MaxMessageBytes + smtpd.MaxTraceBytes,
		FreeFloor: c.Limits.FreeDiskBytes, Retention: c.Retention.Journal,
	}
	out.smtp = p.smtp()
	out.senders = p.senders()
	out.scanners = p.scanners()
	out.desk.OnUnscanned = desk.OnUnscanned(c.Scanners.OnError)
	out.web = p.web()
	out.webhooks, out.desk.Webhooks = p.webhooks()
	if c.Store.Kind == "redis" {
		out.redis = p.redis()
		if out.redis.URL != "" { // else told already
			p.validate("store", out.redis.Validate())
		}
	}
	if c.Archive.Kind == "s3" {
		out.bucket = p.bucket()
		p.validate("archive", out.bucket.Validate())
	}
	out.texts = templates.Config{DeskName: c.Desk.Name, Timezone: c.Desk.Timezone, DefaultLanguage: c.Desk.DefaultLanguage}
	out.page = page.Config{DeskName: c.Desk.Name, DefaultLanguage: c.Desk.DefaultLanguage, PublicURL: c.Desk.PublicURL}
	p.validate("desk.public_url", page.ValidPublicURL(c.Desk.PublicURL))
	if len(c.Desk.Addresses) > 0 { // else told already
		out.page.Support = c.Desk.Addresses[0]
	}
	out.faq, out.phrasing = p.faq(), p.phrasing()
	out.widget = widget.Config{Sites: c.HTTP.WidgetSites}
	p.validate("http", out.widget.Validate())
	out.notifier = p.notifier()
	out.classifier = p.classifier()
	p.validate("desk", out.desk.Validate())
	if len(c.Desk.Addresses) > 0 { // else told already
		p.validate("desk", out.notifier.Validate())
	}
	p.validate("limits", out.parser.Validate())
	if c.Relay.Host != "" {
		out.relay = notifier.RelayConfig{
			Host: c.Relay.Host, Port: c.Relay.Port, TLS: notifier.TLS(c.Relay.TLS), ServerName: c.Relay.ServerName, CAFile: c.Relay.CAFile,
			Hello: out.smtp.Hostname, Username: c.Relay.Username, PasswordFile: c.Relay.PasswordFile,
		}
		p.validate("relay", out.relay.Validate())
	}
	p.validate("severity", out.classifier.Validate())
	p.validate("retention", out.journal.Validate())
	p.validate("retention", out.desk.Retention.Validate(c.Retention.Journal))
	p.validate("smtp", out.smtp.Validate())
	p.validate("http", out.web.Validate())
	out.admin = p.admin()
	return out, p.faults
}

func (p *planner) report(key, format string, args ...any) {
	p.faults = append(p.faults, fault{Where: p.c.place(key), Key: key, Text: fmt.Sprintf(format, args...)})
}

// validate reports what a package says against its configuration. Where its
// text begins with the key, as desk's do, the fault is placed there.
func (p *planner) validate(section string, err error) {
	for _, e := range flatten(err) {
		key, text := section, e.Error()
		if head, rest, ok := strings.Cut(text, ": "); ok && strings.HasPrefix(head, section+".") {
			key, text = head, rest
		}
		p.report(key, "%s", text)
	}
}

func (p *planner) desk() desk.Config {
	s := p.c.Desk
	location, err := time.LoadLocation(s.Timezone)
	if err != nil || s.Timezone == "" {
		p.report("desk.timezone", "there is no time zone %q; write it like Europe/Copenhagen", s.Timezone)
		location = time.UTC
	}
	if known := templates.Languages(); !slices.Contains(known, s.DefaultLanguage) {
		p.report("desk.default_language", "there are no letters in %q; want one of %s", s.DefaultLanguage, strings.Join(known, ", "))
	}
	c := desk.Config{
		Addresses: s.Addresses,
		Prefix:    strings.ToUpper(s.Prefix),
		Policy: ticket.Policy{
			ReopenWindow: s.ReopenWindow, QuietDays: s.QuietDays, RemindDays: s.RemindDays, Location: location,
			Promises: p.promises(location),
		},
		Calendar:  p.calendar(location),
		PlanAfter: p.c.Sprints.PlanAfter, UndoWindow: s.UndoWindow,
		Categories: p.categories(),
		PublicURL:  s.PublicURL,
		Retention: desk.Retention{
			Mail: p.c.Retention.Mail, Auto: p.c.Retention.Auto, Held: p.c.Retention.Held,
			ClosedTickets: p.c.Retention.ClosedTickets, Letters: p.c.Retention.Letters,
		},
		Correspondence: ticket.Correspondence{
			Staff: p.staff(), Languages: templates.Languages(), Default: s.DefaultLanguage,
		},
	}
	for i, r := range p.c.SMTP.TrustedRelays {
		network := p.network(fmt.Sprintf("smtp.trusted_relays[%d].network", i), r.Network)
		c.TrustedRelays = append(c.TrustedRelays, desk.TrustedRelay{Network: network, AuthservID: r.AuthservID})
	}
	return c
}

func (p *planner) calendar(location *time.Location) ticket.Calendar {
	s := p.c.Sprints
	monday, err := time.ParseInLocation(time.DateOnly, s.FirstMonday, location)
	if err != nil {
		p.report("sprints.first_monday", "want a day such as 2026-01-05; got %q", s.FirstMonday)
	}
	return ticket.Calendar{FirstMonday: monday, Weeks: s.Weeks, Capacity: s.Capacity, Location: location}
}

// categories are those that the classifier knows, and those of the configuration.
func (p *planner) categories() []string {
	names := classifier.Categories()
	for _, c := range p.c.Categories {
		if !slices.Contains(names, c.Name) {
			names = append(names, c.Name)
		}
	}
	return names
}

func (p *planner) staff() []ticket.Staff {
	// Not every language has letters to staff, and commands and letters to one of
	// ours are to be in the same.
	languages := ticket.Correspondence{Languages: templates.StaffLanguages(), Default: "en"}
	var all []ticket.Staff
	for i, s := range p.c.Staff {
		one := ticket.Staff{Address: s.Address, Name: s.Name, Language: s.Language}
		if one.Language == "" {
			one.Language = languages.LetterLanguage(p.c.Desk.DefaultLanguage)
		}
		if s.Digest != "" {
			var err error
			if one.Digest, err = ticket.ParseClock(s.Digest); err != nil {
				p.report(fmt.Sprintf("staff[%d].digest", i), `want a time of day such as "08:00", or nothing for no digest; got %q`, s.Digest)
			}
		}
		for _, r := range s.Roles {
			one.Roles = append(one.Roles, ticket.Role(r))
		}
		all = append(all, one)
	}
	return all
}

func (p *planner) smtp() smtpd.Config {
	s, l := p.c.SMTP, p.c.Limits
	c := smtpd.Config{
		Hostname:  s.Hostname,
		Addresses: p.c.Desk.Addresses, MaxMessageBytes: s.MaxMessageBytes,
		MaxRecipients: l.Recipients, MaxHops: l.Hops,
		MaxConnections: l.Connections, MaxConnectionsPerNetwork: l.ConnectionsPerNetwork,
		MaxCommands: l.Commands, MaxUnknownRecipients: l.UnknownRecipients, SenderPerMinute: l.MailsPerMinute,
		IdleTimeout: l.IdleTimeout, DataTimeout: l.DataTimeout, TotalTimeout: l.SessionTimeout,
		CertificateFile: s.TLS.CertFile, KeyFile: s.TLS.KeyFile,
	}
	if c.Hostname == "" {
		c.Hostname = machineName()
	}
	for i, one := range s.Listeners {
		listener := smtpd.Listener{Address: one.Address, Protocol: smtpd.Protocol(one.Protocol)}
		if one.Protocol == "" {
			listener.Protocol = smtpd.SMTP
		}
		for j, n := range one.ProxyFrom {
			key := fmt.Sprintf("smtp.listeners[%d].proxy_from[%d]", i, j)
			listener.ProxyFrom = append(listener.ProxyFrom, p.network(key, n))
		}
		c.Listeners = append(c.Listeners, listener)
	}
	for _, r := range s.TrustedRelays {
		if network, err := netip.ParsePrefix(r.Network); err == nil {
			c.Trusted = append(c.Trusted, network)
		}
	}
	return c
}

func (p *planner) classifier() classifier.Config {
	c := classifier.Config{Phrases: map[string]map[ticket.Severity][]string{}}
	for lang, levels := range p.c.Severity.Phrases {
		c.Phrases[lang] = map[ticket.Severity][]string{}
		for level, phrases := range levels {
			c.Phrases[lang][ticket.Severity(level)] = phrases
		}
	}
	for _, one := range p.c.Categories {
		c.Categories = append(c.Categories, classifier.CategoryConfig{Name: one.Name, Phrases: one.Phrases})
	}
	return c
}

func (p *planner) notifier() notifier.Config {
	s, l := p.c.Desk, p.c.Limits
	c := notifier.DefaultConfig()
	c.DeskName, c.Prefix = s.Name, strings.ToUpper(s.Prefix)
	if len(s.Addresses) > 0 {
		c.Address = s.Addresses[0]
	}
	c.Reporters = store.Budget{TenMinutes: l.NoticesPer10Minutes, Day: l.NoticesPerDay}
	c.Staff = store.Budget{TenMinutes: l.StaffNoticesPer10Minutes, Day: l.StaffNoticesPerDay}
	c.Daily = l.NoticesInAllPerDay
	return c
}

func (p *planner) network(key, text string) netip.Prefix {
	network, err := netip.ParsePrefix(text)
	if err != nil {
		p.report(key, "want a network such as 192.0.2.0/24 or 127.0.0.1/32; got %q", text)
		return netip.PrefixFrom(netip.IPv4Unspecified(), 32) // a valid one, so that no second fault follows from this
	}
	return network
}

// machineName is how a machine without a configured name greets.
func machineName() string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return "localhost"
	}
	return name
}

// web reads the tokens: a file that cannot be read is a fault of the
// configuration too.
func (p *planner) web() web.Config {
	c := web.Config{Listen: p.c.HTTP.Listen, MaxImportBytes: p.c.SMTP.MaxMessageBytes + smtpd.MaxTraceBytes}
	for i, n := range p.c.HTTP.TrustedProxies {
		c.TrustedProxies = append(c.TrustedProxies, p.network(fmt.Sprintf("http.trusted_proxies[%d]", i), n))
	}
	for i, t := range p.c.HTTP.Tokens {
		if t.TokenFile == "" {
			continue // told already
		}
		key := fmt.Sprintf("http.tokens[%d].token_file", i)
		secret, err := os.ReadFile(t.TokenFile)
		if err != nil {
			p.report(key, "%s cannot be read: %s", t.TokenFile, reason(err))
			continue
		}
		scopes := make([]web.Scope, len(t.Scopes))
		for j, s := range t.Scopes {
			scopes[j] = web.Scope(s)
		}
		token, err := web.NewToken(t.Name, string(secret), scopes...)
		if err != nil {
			p.report(key, "%s: %s", t.TokenFile, err)
			continue
		}
		c.Tokens = append(c.Tokens, token)
	}
	return c
}

// admin is where metrics are read. By itself it is this machine alone, at the port
// behind that of http.listen, or a free one if that is.
func (p *planner) admin() string {
	switch listen := p.c.HTTP.AdminListen; listen {
	case "off":
		return ""
	case "auto":
		_, text, _ := net.SplitHostPort(p.c.HTTP.Listen)
		port, err := strconv.Atoi(text)
		if err != nil || port == 65535 {
			port = -1 // a name; then a free one
		}
		if port != 0 {
			port++
		}
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	default:
		if _, _, err := net.SplitHostPort(listen); err != nil {
			p.report("http.admin_listen", "want auto, off, or host:port such as 127.0.0.1:8081; got %q", listen)
		}
		return listen
	}
}

// webhooks are those of the configuration, as who sends them and as who owes them
// wants them.
func (p *planner) webhooks() (hooks []notifier.Webhook, owed []desk.Webhook) {
	seen := map[string]bool{}
	for i, w := range p.c.HTTP.Webhooks {
		key := fmt.Sprintf("http.webhooks[%d]", i)
		if w.SecretFile == "" {
			p.report(key+".secret_file", "name the file that holds the secret, whsec_ and base64")
			continue
		}
		text, err := os.ReadFile(w.SecretFile)
		if err != nil {
			p.report(key+".secret_file", "%s cannot be read: %s", w.SecretFile, reason(err))
			continue
		}
		secret, err := notifier.ParseWebhookSecret(string(text))
		if err != nil {
			p.report(key+".secret_file", "%s: %s", w.SecretFile, err)
			continue
		}
		hook := notifier.Webhook{URL: w.URL, Secret: secret, Private: w.Private}
		if err := hook.Validate(); err != nil {
			p.report(key+".url", "%s", err)
			continue
		}
		if seen[w.URL] {
			p.report(key+".url", "this address stands twice; give one entry all the events")
			continue
		}
		seen[w.URL] = true
		hooks = append(hooks, hook)
		one := desk.Webhook{URL: w.URL}
		for _, e := range w.Events {
			one.Events = append(one.Events, ticket.EventKind(e))
		}
		owed = append(owed, one)
	}
	return hooks, owed
}

func (p *planner) redis() rediskv.Config {
	s := p.c.Store
	c := rediskv.Config{URL: s.URL, Cluster: s.Cluster, Desk: s.Desk}
	if s.URLFile != "" {
		text, err := os.ReadFile(s.URLFile)
		if err != nil {
			p.report("store.url_file", "%s cannot be read: %s", s.URLFile, reason(err))
		}
		c.URL = strings.TrimSpace(string(text))
	}
	return c
}

// bucket reads the keys of the bucket; one that cannot be read is told of once.
func (p *planner) bucket() archive.S3Config {
	s := p.c.Archive
	c := archive.S3Config{
		Endpoint: s.Endpoint, Region: s.Region, Bucket: s.Bucket, Prefix: s.Prefix, PathStyle: s.PathStyle, CAFile: s.CAFile, KMSKey: s.KMSKey,
	}
	if s.SSE != "none" {
		c.SSE = s.SSE
	}
	for _, one := range []struct {
		key, file string
		to        *string
	}{{"archive.access_key_file", s.AccessKeyFile, &c.AccessKey}, {"archive.secret_key_file", s.SecretKeyFile, &c.SecretKey}} {
		if one.file == "" {
			continue // Validate tells
		}
		text, err := os.ReadFile(one.file)
		if err != nil {
			p.report(one.key, "%s cannot be read: %s", one.file, reason(err))
		}
		*one.to = strings.TrimSpace(string(text))
	}
	return c
}

// ownDomains are the domains of our addresses, each once.
func ownDomains(addresses []string) []string {
	var domains []string
	for _, a := range addresses {
		if domain := ticket.Domain(a); !slices.Contains(domains, domain) {
			domains = append(domains, domain)
		}
	}
	return domains
}
