package desk

import (
	"fmt"
	"net/netip"
	"slices"

	"golang.org/x/net/publicsuffix"

	"aismarttalk.tech/supportd/origin"
	"aismarttalk.tech/supportd/store/journal"
	"aismarttalk.tech/supportd/ticket"
)

// verdict is what is known of a sender's identity, and why.
type verdict struct {
	trust  ticket.Trust
	reason string
	// local: the mail came from this machine or its private network, as it does
	// from a mail server of the operator's own.
	local bool
}

// echo reports whether the sender may be shown words of his mail again. Where
// nothing checks senders, a mail straight from the Internet may be forged.
func (v verdict) echo() bool {
	return v.trust == ticket.TrustVerified || v.trust == ticket.TrustNone && v.local
}

// accepted reports whether a participant's mail counts as his own.
func (v verdict) accepted() bool {
	return v.trust == ticket.TrustVerified || v.trust == ticket.TrustNone
}

// verdict is what the relay that brought the mail says of its sender; else what
// was found out here, if anything was.
func (d *Desk) verdict(in Incoming) verdict {
	if in.Envelope.Protocol == journal.ProtocolAPI {
		return reportVerdict(in.Envelope)
	}
	peer, local := peerAddress(in.Envelope.Peer)
	if trust, reason, ok := d.relayed(peer, in.Message); ok {
		return verdict{trust, reason, local}
	}
	switch {
	case in.Check != nil:
		return verdict{in.Check.Trust, in.Check.Reason, local}
	case len(d.config.TrustedRelays) == 0:
		return verdict{ticket.TrustNone, "no relay is configured whose checks of the sender are trusted", local}
	}
	return verdict{ticket.TrustUnverified, "no trusted relay has checked the sender", local}
}

// relayed reads the Authentication-Results of a mail, if they come from a relay
// that is trusted. All others are ignored, whatever they claim.
func (d *Desk) relayed(peer netip.Addr, m ticket.Message) (trust ticket.Trust, reason string, ok bool) {
	// A relay puts its own header on top (RFC 8601 section 5); what stands below it
	// may be the sender's invention.
	if len(m.AuthResults) == 0 {
		return "", "", false
	}
	for _, relay := range d.config.TrustedRelays {
		if !relay.Network.Contains(peer) {
			continue
		}
		id, results, err := parseAuthResults(m.AuthResults[0])
		if err != nil || !sameName(id, relay.AuthservID) {
			continue
		}
		trust, reason := judge(results, ticket.Domain(m.From.Address))
		return trust, reason + ", says " + relay.AuthservID, true
	}
	return "", "", false
}

// fromRelay reports whether a relay of the operator's own handed a mail over: what
// SPF would ask about is the host that it came from, which only the relay knows.
func (d *Desk) fromRelay(peer netip.Addr) bool {
	return slices.ContainsFunc(d.config.TrustedRelays, func(r TrustedRelay) bool { return r.Network.Contains(peer) })
}

// reportVerdict is what is known of somebody for whom a program reported through
// the API. That the program may report proves nothing of the address that it was
// given; that it checked the address itself, it must say and be allowed to say.
func reportVerdict(e journal.Envelope) verdict {
	if slices.Contains(e.Flags, ticket.FlagVouched) {
		return verdict{trust: ticket.TrustVerified, reason: fmt.Sprintf("token %s answers for the reporter", e.Token)}
	}
	if e.Peer == journal.PeerPage {
		return verdict{trust: ticket.TrustUnverified, reason: fmt.Sprintf("written in the %s, where nobody proves an address", e.Token)}
	}
	return verdict{trust: ticket.TrustUnverified, reason: fmt.Sprintf("reported with token %s, which does not answer for the reporter", e.Token)}
}

// stated puts what a reporter chose in a form or a chat in the place of what his
// words suggest.
func stated(e journal.Envelope, r ticket.Reading) ticket.Reading {
	if e.Protocol != journal.ProtocolAPI {
		return r
	}
	if e.Language != "" {
		r.Language, r.LanguageSure = e.Language, true
	}
	if e.Severity != "" {
		r.Claim = ticket.Claim{Severity: ticket.Severity(e.Severity), Evidence: e.Severity, Where: ticket.WhereHeader, Rule: "chosen"}
	}
	return r
}

// peerAddress is the client's address; a Unix socket or a pipe is this machine.
func peerAddress(peer string) (addr netip.Addr, local bool) {
	if ap, err := netip.ParseAddrPort(peer); err == nil {
		addr = ap.Addr().Unmap()
		return addr, addr.IsLoopback() || addr.IsPrivate() || addr.IsLinkLocalUnicast()
	}
	return netip.AddrFrom4([4]byte{127, 0, 0, 1}), true
}

// own reports whether an address is one of the desk's.
func (d *Desk) own(address string) bool {
	return slices.ContainsFunc(d.config.Addresses, func(ours string) bool { return ticket.Reaches(address, ours) })
}

// freeMail are domains that everybody has an address at, so that sharing one
// makes no colleagues.
var freeMail = map[string]bool{
	"gmail.com": true, "googlemail.com": true, "hotmail.com": true, "hotmail.dk": true, "hotmail.se": true, "hotmail.no": true,
	"outlook.com": true, "outlook.dk": true, "outlook.de": true, "live.com": true, "live.dk": true, "live.se": true, "live.no": true, "msn.com": true,
	"yahoo.com": true, "yahoo.dk": true, "yahoo.de": true, "yahoo.fr": true, "yahoo.es": true, "yahoo.it": true, "yahoo.co.uk": true,
	"icloud.com": true, "me.com": true, "mac.com": true, "aol.com": true, "proton.me": true, "protonmail.com": true, "pm.me": true,
	"mail.dk": true, "jubii.dk": true, "ofir.dk": true, "stofanet.dk": true, "tdcadsl.dk": true, "mail.com": true, "gmx.de": true, "gmx.net": true, "gmx.com": true,
	"web.de": true, "t-online.de": true, "freenet.de": true, "orange.fr": true, "free.fr": true, "laposte.net": true, "wanadoo.fr": true,
	"libero.it": true, "virgilio.it": true, "tiscali.it": true, "wp.pl": true, "o2.pl": true, "onet.pl": true, "interia.pl": true,
	"seznam.cz": true, "centrum.cz": true, "azet.sk": true, "zoznam.sk": true, "ziggo.nl": true, "kpnmail.nl": true, "telia.com": true, "online.no": true,
	"fastmail.com": true, "hey.com": true, "zoho.com": true, "yandex.ru": true, "mail.ru": true, "qq.com": true, "163.com": true,
}

// colleague finds a participant of the sender's own organisation.
func colleague(t ticket.Ticket, address string) (ticket.Participant, bool) {
	domain := ticket.Domain(address)
	org, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil || freeMail[org] {
		return ticket.Participant{}, false
	}
	for _, p := range t.Participants {
		if origin.SameOrganisation(ticket.Domain(p.Address), domain) {
			return p, true
		}
	}
	return ticket.Participant{}, false
}
