package membership_test

import (
	"errors"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/membership"
)

var (
	appointed  = authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.Administrator}, {Role: authz.BusinessSupport}}}
	proposer   = authz.Actor{Account: 2, Held: []authz.Held{{Role: authz.Administrator}, {Role: authz.BusinessSupport}}}
	supporter  = authz.Actor{Account: 3, Held: []authz.Held{{Role: authz.BusinessSupport}}}
	adminOther = authz.Actor{Account: 4, Held: []authz.Held{{Role: authz.Administrator}}}
	onlooker   = authz.Actor{Account: 5, Held: []authz.Held{{Role: authz.Scrutineer}, {Role: authz.Office, Organisation: 1}}}
)

// appointmentIn makes an appointment of account 1 in a state of 22 November 2026, proposed by account 2.
func appointmentIn(state membership.State) membership.Appointment {
	a := membership.Appointment{Account: 1, StartsOn: day.Must("2026-01-01"), Proposed: membership.Step{By: 2}}
	switch state {
	case membership.Confirmed:
		a.Confirmed = membership.Step{By: 9}
	case membership.Ended:
		a.Confirmed, a.EndsOn = membership.Step{By: 9}, day.Must("2026-11-21")
	case membership.Refused:
		a.Refused = membership.Step{By: 9}
	case membership.Withdrawn:
		a.Withdrawn = membership.Step{By: 9}
	}
	return a
}

func TestStateOfAnAppointment(t *testing.T) {
	t.Parallel()
	today := day.Must("2026-11-22")
	for _, want := range membership.States() {
		if got := appointmentIn(want).State(today); got != want {
			t.Errorf("state %s, want %s", got, want)
		}
	}
	lastDay := appointmentIn(membership.Ended)
	lastDay.EndsOn = today
	if got := lastDay.State(today); got != membership.Confirmed {
		t.Errorf("on its last day it is %s, want confirmed", got)
	}
	both := appointmentIn(membership.Confirmed)
	both.Withdrawn = membership.Step{By: 9}
	if got := both.State(today); got != membership.Withdrawn {
		t.Errorf("withdrawn after it was confirmed it is %s", got)
	}
}

// For each act: what each actor is answered on each state. An empty kind means that the act is allowed.
func TestWhoMayDoWhatWithAnAppointment(t *testing.T) {
	t.Parallel()
	const ok, no, late = fault.Kind(""), fault.Forbidden, fault.Conflict
	// In the order of States: proposed, confirmed, ended, refused, withdrawn.
	tests := []struct {
		name string
		can  func(membership.Appointment, authz.Actor, day.Date) error
		by   authz.Actor
		want [5]fault.Kind
	}{
		{"the appointee decides", membership.Appointment.CanDecide, appointed, [5]fault.Kind{no, no, no, no, no}},
		{"the proposer decides", membership.Appointment.CanDecide, proposer, [5]fault.Kind{no, no, no, no, no}},
		{"business support decides", membership.Appointment.CanDecide, supporter, [5]fault.Kind{no, no, no, no, no}},
		{"another administrator decides", membership.Appointment.CanDecide, adminOther, [5]fault.Kind{ok, late, late, late, late}},
		{"an onlooker decides", membership.Appointment.CanDecide, onlooker, [5]fault.Kind{no, no, no, no, no}},
		{"the portal itself decides", membership.Appointment.CanDecide, authz.System("x"), [5]fault.Kind{no, no, no, no, no}},
		{"business support ends", membership.Appointment.CanEnd, supporter, [5]fault.Kind{late, ok, late, late, late}},
		{"an administrator ends", membership.Appointment.CanEnd, adminOther, [5]fault.Kind{late, ok, late, late, late}},
		{"an onlooker ends", membership.Appointment.CanEnd, onlooker, [5]fault.Kind{no, no, no, no, no}},
		{"business support withdraws", membership.Appointment.CanWithdraw, supporter, [5]fault.Kind{ok, ok, late, late, late}},
		{"an administrator withdraws", membership.Appointment.CanWithdraw, adminOther, [5]fault.Kind{ok, ok, late, late, late}},
		{"an onlooker withdraws", membership.Appointment.CanWithdraw, onlooker, [5]fault.Kind{no, no, no, no, no}},
		{"business support adopts what has a proposer", membership.Appointment.CanAdopt, supporter, [5]fault.Kind{late, late, late, late, late}},
		{"an administrator adopts", membership.Appointment.CanAdopt, adminOther, [5]fault.Kind{no, no, no, no, no}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for i, state := range membership.States() {
				err := tt.can(appointmentIn(state), tt.by, day.Must("2026-11-22"))
				if want := tt.want[i]; (want == ok) != (err == nil) || (want != ok && !errors.Is(err, want)) {
					t.Errorf("on a %s one: %v, want %q", state, err, want)
				}
			}
		})
	}
	asked := appointmentIn(membership.Proposed)
	asked.Proposed = membership.Step{}
	for by, want := range map[*authz.Actor]fault.Kind{&supporter: ok, &appointed: no, &adminOther: no} {
		if err := asked.CanAdopt(*by, day.Must("2026-11-22")); (want == ok) != (err == nil) || (want != ok && !errors.Is(err, want)) {
			t.Errorf("account %d adopts: %v, want %q", by.Account, err, want)
		}
	}
	if err := asked.CanDecide(adminOther, day.Must("2026-11-22")); !errors.Is(err, fault.Conflict) {
		t.Errorf("deciding what nobody proposed: %v, want a conflict", err)
	}
}
