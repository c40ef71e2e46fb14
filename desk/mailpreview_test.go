package desk_test

import (
	"errors"
	"slices"
	"testing"

	"aismarttalk.tech/supportd/desk"
	"aismarttalk.tech/supportd/ticket"
)

// What a preview shows is what the release then does, and the preview does nothing.
func TestPreviewOfARelease(t *testing.T) {
	for _, how := range []desk.Release{{}, {New: true}} {
		h := memory(t, staffed, checked)
		id := h.receive(h.mail(client, "Emne", "Første", dmarc("pass", client))).Ticket
		in := h.mail(client, "Re: Emne", "Anden", dmarc("fail", client), answering("mail1@firma.example"))
		h.want(h.receive(in), ticket.OutcomeHeld, "")
		events, letters := h.ticket(id).Events, len(h.notices(id))
		would, err := h.desk.PreviewRelease(t.Context(), in.Mail, how, byAnne)
		if err != nil {
			t.Fatal(err)
		}
		if m, _, err := h.store.Mail(t.Context(), in.Mail); err != nil || m.Decision != nil || h.ticket(id).Events != events || len(h.notices(id)) != letters {
			t.Fatalf("the preview did it: %+v, error %v", m.Decision, err)
		}
		out, err := h.desk.Release(t.Context(), in.Mail, how, byAnne)
		if err != nil {
			t.Fatal(err)
		}
		if would.Outcome.Ticket != out.Ticket || would.Outcome.Outcome != out.Outcome || !slices.Equal(would.Outcome.Notices, out.Notices) {
			t.Errorf("%+v: the preview said %+v, it became %+v", how, would.Outcome, out)
		}
		for _, n := range would.Notices {
			if got := h.notice(n.Ticket, n.Number); got.Kind != n.Kind || got.To != n.To {
				t.Errorf("%+v: the preview showed %s to %s, owed is %s to %s", how, n.Kind, n.To.Address, got.Kind, got.To.Address)
			}
		}
		if len(would.Notices) == 0 {
			t.Errorf("%+v: no letters are shown", how)
		}
	}
}

func TestPreviewOfAReleaseIsRefusedAsTheRelease(t *testing.T) {
	h := memory(t, staffed, checked)
	h.receive(h.mail(client, "Emne", "Første", dmarc("pass", client)))
	in := h.mail(client, "Re: Emne", "Anden", dmarc("fail", client), answering("mail1@firma.example"))
	h.receive(in)
	var refused *ticket.Refused
	if _, err := h.desk.PreviewRelease(t.Context(), in.Mail, desk.Release{}, byDan); !errors.As(err, &refused) || refused.Code != ticket.RefusedRole {
		t.Errorf("a developer: %v", err)
	}
	if _, err := h.desk.PreviewRelease(t.Context(), in.Mail, desk.Release{Ticket: "AIS-7K3Q-M2XQ"}, byAnne); !errors.As(err, &refused) {
		t.Errorf("a ticket that is not there: %v", err)
	}
	if _, err := h.desk.PreviewRelease(t.Context(), "01kap000000000000999", desk.Release{}, byAnne); !errors.Is(err, desk.ErrNoMail) {
		t.Errorf("a mail that is not there: %v", err)
	}
}

// A look at a list owes no letter, and tells whether today's was owed.
func TestViewDigest(t *testing.T) {
	h := memory(t, readers(t, atEight, "support"))
	h.clockTo("2026-11-23 07:30")
	h.opened("glemt")
	look := func() desk.DigestView {
		t.Helper()
		v, err := h.desk.ViewDigest(t.Context(), staffAddress("support"))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	v := look()
	if len(v.Letter.Facts.Digest.Sections) == 0 || v.Last != nil || v.Today {
		t.Errorf("before: %+v", v)
	}
	h.wantDigests()
	sent, _, err := h.desk.SendDigest(t.Context(), staffAddress("support"), h.now)
	if err != nil {
		t.Fatal(err)
	}
	if v = look(); !v.Today || v.Last == nil || v.Last.Ticket != sent.Ticket || v.Letter.Ticket != sent.Ticket {
		t.Errorf("after: %+v", v)
	}
	h.clockTo("2026-11-25 07:30")
	if v = look(); v.Today || v.Last == nil || v.Last.Ticket != sent.Ticket {
		t.Errorf("two days later: %+v", v)
	}
	h.clockTo("2026-12-15 07:30")
	if v = look(); v.Last != nil {
		t.Errorf("three weeks later: %+v", v.Last)
	}
	if _, err := h.desk.ViewDigest(t.Context(), "nobody@firma.example"); !errors.Is(err, desk.ErrNoStaff) {
		t.Errorf("nobody: %v", err)
	}
}
