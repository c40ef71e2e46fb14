package ticket

// CheckResult is how a check of the sender ended, in the words of RFC 8601
// section 2.7.
type CheckResult string

// Results of SPF, DKIM and DMARC.
const (
	CheckNone      CheckResult = "none" // there was nothing to check by
	CheckPass      CheckResult = "pass"
	CheckFail      CheckResult = "fail"
	CheckSoftFail  CheckResult = "softfail"
	CheckNeutral   CheckResult = "neutral"
	CheckTempError CheckResult = "temperror" // could not be told this time; never a pass
	CheckPermError CheckResult = "permerror" // what the domain publishes, or the signature, cannot be used
)

// SenderCheck is what was found out about who sent a mail, and what follows
// from it: Trust is TrustVerified, TrustUnverified or TrustFailed. All text in
// it is short, printable ASCII.
type SenderCheck struct {
	Trust  Trust       `json:"trust"`
	Reason string      `json:"reason"`
	SPF    SPFCheck    `json:"spf"`
	DKIM   []DKIMCheck `json:"dkim"` // one for each signature that was looked at
	DMARC  DMARCCheck  `json:"dmarc"`
	// Unchecked is how many further signatures were not looked at.
	Unchecked int `json:"unchecked_signatures,omitempty"`
}

// SPFCheck is whether a host may send for a domain (RFC 7208).
type SPFCheck struct {
	Result   CheckResult `json:"result"`
	Domain   string      `json:"domain,omitempty"`
	Identity SPFIdentity `json:"identity,omitempty"`
	Aligned  bool        `json:"aligned"` // its domain is that of From, as the policy wants it
	Why      string      `json:"why,omitempty"`
}

// SPFIdentity is whose domain SPF was asked about (RFC 7208 section 2).
type SPFIdentity string

// Identities.
const (
	SPFMailFrom SPFIdentity = "mailfrom" // of the envelope sender
	SPFHelo     SPFIdentity = "helo"     // as the host named itself, where the envelope sender is null
)

// DKIMCheck is one signature (RFC 6376).
type DKIMCheck struct {
	Result   CheckResult `json:"result"`
	Domain   string      `json:"domain,omitempty"`
	Selector string      `json:"selector,omitempty"`
	Aligned  bool        `json:"aligned"`
	Why      string      `json:"why,omitempty"`
	// Notes are what is worth knowing and changes nothing.
	Notes []string `json:"notes,omitempty"`
}

// DMARCCheck is whether a domain's policy is kept (RFC 7489).
type DMARCCheck struct {
	Result CheckResult `json:"result"`
	Domain string      `json:"domain,omitempty"` // where the policy stands
	Policy string      `json:"policy,omitempty"` // none, quarantine or reject: what it asks for this From
	Why    string      `json:"why,omitempty"`
}
