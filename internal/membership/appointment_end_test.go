package membership_test

import (
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership"
)

func TestEndingAnAppointment(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	which := b.propose(t)
	wantKind(t, b.s.End(t.Context(), b.support, which, day.Must("2026-12-31")), fault.Conflict)
	if err := b.s.Confirm(t.Context(), b.admin, which); err != nil {
		t.Fatal(err)
	}
	wantKind(t, b.s.End(t.Context(), authz.Actor{Account: b.appointee}, which, day.Must("2026-12-31")), fault.Forbidden)
	wantField(t, b.s.End(t.Context(), b.support, which, day.Date{}), "ends")
	wantField(t, b.s.End(t.Context(), b.support, which, day.Must("2025-12-31")), "ends")
	if err := b.s.End(t.Context(), b.support, which, day.Must("2026-12-31")); err != nil {
		t.Fatal(err)
	}
	wantField(t, b.s.End(t.Context(), b.support, which, day.Must("2027-01-01")), "ends")
	if got := b.state(t, which); got != membership.Confirmed {
		t.Errorf("with its last day to come it is %s", got)
	}
	if err := b.s.End(t.Context(), b.admin, which, day.Must("2026-11-21")); err != nil {
		t.Fatal(err)
	}
	if got := b.state(t, which); got != membership.Ended {
		t.Errorf("after its last day it is %s", got)
	}
	for _, state := range membership.States() {
		list, err := b.s.Appointments(t.Context(), b.admin, membership.AppointmentFilter{State: state, Organisation: b.partner.Body.Slug})
		if err != nil {
			t.Fatal(err)
		}
		if want := state == membership.Ended; (len(list) == 1) != want {
			t.Errorf("listed as %s: %v, want %v", state, len(list) == 1, want)
		}
	}
}

func TestWithdrawingTellsThePersonAndFreesTheOffice(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	which := b.propose(t)
	if err := b.s.Confirm(t.Context(), b.admin, which); err != nil {
		t.Fatal(err)
	}
	if err := b.s.Withdraw(t.Context(), b.admin, which); err != nil {
		t.Fatal(err)
	}
	if b.sent.letters[len(b.sent.letters)-1] != "ended" {
		t.Errorf("letters %v, want the last to tell of the end", b.sent.letters)
	}
	// The office is free again.
	if err := b.s.Confirm(t.Context(), b.admin, b.propose(t)); err != nil {
		t.Errorf("a successor from the same day: %v", err)
	}
}

func TestChoicesOfAProposal(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	people, err := b.s.Appointable(t.Context(), b.support)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range people {
		if p.Account == b.support.Account || p.Account == b.admin.Account {
			t.Errorf("%v can be chosen", p)
		}
	}
	if len(people) == 0 {
		t.Error("nobody can be chosen")
	}
	partners, err := b.s.PartnerChoices(t.Context(), b.support)
	if err != nil || len(partners) == 0 {
		t.Errorf("partners %v (%v)", partners, err)
	}
	_, err = b.s.Appointable(t.Context(), b.admin)
	wantKind(t, err, fault.Forbidden)
	_, err = b.s.PartnerChoices(t.Context(), authz.Actor{})
	wantKind(t, err, fault.Forbidden)
}
