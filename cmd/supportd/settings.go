package main

import "time"

// settings is supportd.yaml. Every key has a default, so that an empty file is
// a whole configuration. The packages own their limits and check them
// themselves (plan.go maps the one onto the other); what is said here is
// spelling, types and the choices that more than one package depends on.
//
// Tags: yaml names the key; oneof lists the words that a text may be; later
// marks a key whose feature is not in this release, so that it is accepted and
// config check says that it does nothing yet; secret marks a text of which
// config print shows no more than that it is set.
type settings struct {
	Desk       deskSettings       `yaml:"desk"`
	DataDir    string             `yaml:"data_dir"`
	SMTP       smtpSettings       `yaml:"smtp"`
	Store      storeSettings      `yaml:"store"`
	Archive    archiveSettings    `yaml:"archive"`
	Relay      relaySettings      `yaml:"relay"`
	HTTP       httpSettings       `yaml:"http"`
	Chat       chatSettings       `yaml:"chat"`
	Staff      []staffSettings    `yaml:"staff"`
	Sprints    sprintSettings     `yaml:"sprints"`
	Severity   severitySettings   `yaml:"severity"`
	Categories []categorySettings `yaml:"categories"`
	Limits     limitSettings      `yaml:"limits"`
	Retention  retentionSettings  `yaml:"retention"`
	Scanners   scannerSettings    `yaml:"scanners"`
	Log        logSettings        `yaml:"log"`
}

type deskSettings struct {
	Name            string                     `yaml:"name"`
	Addresses       []string                   `yaml:"addresses"`
	Prefix          string                     `yaml:"prefix"`
	DefaultLanguage string                     `yaml:"default_language"`
	Timezone        string                     `yaml:"timezone"`
	PublicURL       string                     `yaml:"public_url"`
	ReopenWindow    time.Duration              `yaml:"reopen_window"`
	QuietDays       int                        `yaml:"quiet_days"`
	RemindDays      []int                      `yaml:"remind_days"`
	UndoWindow      time.Duration              `yaml:"undo_window"`
	Promises        map[string]promiseSettings `yaml:"promises"`
	Hours           hoursSettings              `yaml:"hours"`
}

// hoursSettings are the business hours in which promises are counted.
type hoursSettings struct {
	Open          string   `yaml:"open"`
	Close         string   `yaml:"close"`
	Days          []string `yaml:"days" oneof:"mon,tue,wed,thu,fri,sat,sun"`
	Holidays      string   `yaml:"holidays" oneof:"da,none"`
	ExtraHolidays []string `yaml:"extra_holidays"`
}

// promiseSettings are counted in business hours.
type promiseSettings struct {
	Assess time.Duration `yaml:"assess"`
	Answer time.Duration `yaml:"answer"`
}

type smtpSettings struct {
	Hostname        string                 `yaml:"hostname"`
	Listeners       []listenerSettings     `yaml:"listeners"`
	MaxMessageBytes int64                  `yaml:"max_message_bytes"`
	TrustedRelays   []trustedRelaySettings `yaml:"trusted_relays"`
	CheckSenders    string                 `yaml:"check_senders" oneof:"auto,on,off"`
	Resolver        string                 `yaml:"resolver"`
	TLS             tlsSettings            `yaml:"tls"`
}

type listenerSettings struct {
	Address   string   `yaml:"address"`
	Protocol  string   `yaml:"protocol" oneof:"smtp,smtps,lmtp"`
	ProxyFrom []string `yaml:"proxy_from"`
}

type trustedRelaySettings struct {
	Network    string `yaml:"network"`
	AuthservID string `yaml:"authserv_id"`
}

type tlsSettings struct {
	CertFile string `yaml:"cert_file"`
	KeyFile  string `yaml:"key_file"`
}

type storeSettings struct {
	Kind    string `yaml:"kind" oneof:"bolt,redis,memory"`
	URL     string `yaml:"url" secret:"url"`
	URLFile string `yaml:"url_file"`
	Cluster bool   `yaml:"cluster"`
	Desk    string `yaml:"desk"`
}

type archiveSettings struct {
	Kind          string `yaml:"kind" oneof:"dir,s3"`
	Endpoint      string `yaml:"endpoint"`
	Region        string `yaml:"region"`
	Bucket        string `yaml:"bucket"`
	Prefix        string `yaml:"prefix"`
	PathStyle     bool   `yaml:"path_style"`
	AccessKeyFile string `yaml:"access_key_file"`
	SecretKeyFile string `yaml:"secret_key_file"`
	CAFile        string `yaml:"ca_file"`
	SSE           string `yaml:"sse" oneof:"none,s3,kms"`
	KMSKey        string `yaml:"kms_key"`
}

type relaySettings struct {
	Host         string `yaml:"host"`
	Port         int    `yaml:"port"`
	TLS          string `yaml:"tls" oneof:"none,opportunistic,mandatory,implicit"`
	ServerName   string `yaml:"server_name"`
	CAFile       string `yaml:"ca_file"`
	Username     string `yaml:"username"`
	PasswordFile string `yaml:"password_file"`
}

type httpSettings struct {
	Listen      string            `yaml:"listen"`
	AdminListen string            `yaml:"admin_listen"`
	Pprof       bool              `yaml:"pprof"`
	WidgetSites []string          `yaml:"widget_sites"`
	Tokens      []tokenSettings   `yaml:"tokens"`
	Webhooks    []webhookSettings `yaml:"webhooks"`

	TrustedProxies []string `yaml:"trusted_proxies"`
}

type chatSettings struct {
	FAQDir string        `yaml:"faq_dir"`
	Model  modelSettings `yaml:"model"`
}

// modelSettings are of the model that may reword answers; none without a url.
type modelSettings struct {
	URL     string        `yaml:"url"`
	Model   string        `yaml:"model"`
	KeyFile string        `yaml:"key_file"`
	Timeout time.Duration `yaml:"timeout"`
}

type webhookSettings struct {
	URL        string   `yaml:"url"`
	SecretFile string   `yaml:"secret_file"`
	Events     []string `yaml:"events" oneof:"opened,appended,answered,reopened,followed,classified,planned,moved,started,handed-over,failed,resolved,closed,noted,replied,asked,reminded,assigned,titled,merged,absorbed,linked,decided,invited,dismissed,bounced,overdue,asked-status,undone"`
	Private    bool     `yaml:"private"`
}

type tokenSettings struct {
	Name      string   `yaml:"name"`
	TokenFile string   `yaml:"token_file"`
	Scopes    []string `yaml:"scopes"`
}

type staffSettings struct {
	Name     string   `yaml:"name"`
	Address  string   `yaml:"address"`
	Roles    []string `yaml:"roles" oneof:"support,dev,qa,owner"`
	Language string   `yaml:"language" oneof:"da,en"`
	Digest   string   `yaml:"digest"`
}

type sprintSettings struct {
	FirstMonday string        `yaml:"first_monday"`
	Weeks       int           `yaml:"weeks"`
	Capacity    int           `yaml:"capacity"`
	PlanAfter   time.Duration `yaml:"plan_after"`
}

type severitySettings struct {
	// Phrases by language and level.
	Phrases map[string]map[string][]string `yaml:"phrases"`
}

type categorySettings struct {
	Name    string   `yaml:"name"`
	Phrases []string `yaml:"phrases"`
}

type limitSettings struct {
	Connections           int           `yaml:"connections"`
	ConnectionsPerNetwork int           `yaml:"connections_per_network"`
	Recipients            int           `yaml:"recipients"`
	UnknownRecipients     int           `yaml:"unknown_recipients"`
	Commands              int           `yaml:"commands"`
	Hops                  int           `yaml:"hops"`
	MailsPerMinute        int           `yaml:"mails_per_minute"`
	IdleTimeout           time.Duration `yaml:"idle_timeout"`
	DataTimeout           time.Duration `yaml:"data_timeout"`
	SessionTimeout        time.Duration `yaml:"session_timeout"`
	FreeDiskBytes         int64         `yaml:"free_disk_bytes"`
	NoticesPer10Minutes   int           `yaml:"notices_per_10_minutes"`
	NoticesPerDay         int           `yaml:"notices_per_day"`
	NoticesInAllPerDay    int           `yaml:"notices_in_all_per_day"`

	StaffNoticesPer10Minutes int `yaml:"staff_notices_per_10_minutes"`
	StaffNoticesPerDay       int `yaml:"staff_notices_per_day"`
}

type retentionSettings struct {
	Journal       time.Duration `yaml:"journal"`
	Mail          time.Duration `yaml:"mail"`
	Auto          time.Duration `yaml:"auto"`
	Held          time.Duration `yaml:"held"`
	ClosedTickets time.Duration `yaml:"closed_tickets"`
	Letters       time.Duration `yaml:"letters"`
}

type scannerSettings struct {
	Clamd              string        `yaml:"clamd"`
	Rspamd             string        `yaml:"rspamd"`
	RspamdPasswordFile string        `yaml:"rspamd_password_file"`
	Timeout            time.Duration `yaml:"timeout"`
	OnError            string        `yaml:"on_error" oneof:"file,hold"`
}

type logSettings struct {
	Level  string `yaml:"level" oneof:"debug,info,warn,error"`
	Format string `yaml:"format" oneof:"auto,json,console"`
}

// defaultSettings listens on loopback only and needs nothing from outside.
func defaultSettings() settings {
	return settings{
		Desk: deskSettings{
			Name:            "AI SmartTalk support",
			Addresses:       []string{"contact+support@aismarttalk.tech"},
			Prefix:          "AIS",
			DefaultLanguage: "da",
			Timezone:        "Europe/Copenhagen",
			ReopenWindow:    14 * 24 * time.Hour,
			QuietDays:       5,
			RemindDays:      []int{3, 7},
			UndoWindow:      10 * time.Second,
			Hours: hoursSettings{
				Open: "08:00", Close: "16:00", Days: []string{"mon", "tue", "wed", "thu", "fri"},
				Holidays: "da", ExtraHolidays: []string{"06-05", "12-24", "12-31"},
			},
		},
		DataDir: "./supportd-data",
		SMTP: smtpSettings{
			Listeners:       []listenerSettings{{Address: "127.0.0.1:2525", Protocol: "smtp"}},
			MaxMessageBytes: 25 << 20,
			CheckSenders:    "auto",
		},
		Store:     storeSettings{Kind: "bolt", Desk: "support"},
		Archive:   archiveSettings{Kind: "dir", SSE: "none"},
		Relay:     relaySettings{Port: 25, TLS: "mandatory"},
		HTTP:      httpSettings{Listen: "127.0.0.1:8080", AdminListen: "auto"},
		Chat:      chatSettings{Model: modelSettings{Timeout: 3 * time.Second}},
		Sprints:   sprintSettings{FirstMonday: "2026-01-05", Weeks: 2, Capacity: 10, PlanAfter: 24 * time.Hour},
		Retention: retentionSettings{Journal: 7 * 24 * time.Hour},
		Scanners:  scannerSettings{Timeout: 20 * time.Second, OnError: "file"},
		Log:       logSettings{Level: "info", Format: "auto"},
		Limits: limitSettings{
			Connections: 1000, ConnectionsPerNetwork: 200,
			Recipients: 100, UnknownRecipients: 10, Commands: 50, Hops: 50,
			MailsPerMinute: 600,
			IdleTimeout:    5 * time.Minute, DataTimeout: 10 * time.Minute, SessionTimeout: time.Hour,
			FreeDiskBytes:       64 << 20,
			NoticesPer10Minutes: 10, NoticesPerDay: 40, NoticesInAllPerDay: 1000,
			StaffNoticesPer10Minutes: 60, StaffNoticesPerDay: 400,
		},
	}
}
