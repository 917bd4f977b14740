package account_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"partnershipportal/internal/account"
	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
)

func TestActorSeats(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := newOffice(t)
	p := membershiptest.Partner(t, o.db)
	seats := func(who id.Account) []authz.Seat {
		t.Helper()
		actor, err := o.Actor(ctx, who, 1)
		if err != nil {
			t.Fatal(err)
		}
		return actor.Seats
	}
	now := membershiptest.Appointment(t, o.db, p.ID)
	if got := seats(now.Account); len(got) != 1 || got[0].Partner != p.ID || got[0].Organisation != p.Body.ID || got[0].Office != now.Office || got[0].Capacity != authz.Lead {
		t.Errorf("seats %+v", got)
	}
	proposed := membershiptest.Appointment(t, o.db, p.ID, func(a *membershiptest.AppointmentMade) { a.Confirmed = false })
	if got := seats(proposed.Account); len(got) != 0 {
		t.Errorf("a proposed appointment gives %+v", got)
	}
	waiting, err := o.Waiting(ctx, authz.Actor{Account: proposed.Account})
	if err != nil || len(waiting) != 1 || waiting[0].Partner != p.Body.Name {
		t.Errorf("Waiting = %+v, %v", waiting, err)
	}
	o.at = membershiptest.Start.Starts().Add(-time.Second)
	if got := seats(now.Account); len(got) != 0 {
		t.Errorf("the day before it begins the appointment gives %+v", got)
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	o := newOffice(t)
	u := membershiptest.Unique()
	named := func(name string, alter ...func(*accounttest.Made)) id.Account {
		return accounttest.Account(t, o.db, append(alter, func(m *accounttest.Made) { m.Name = name + " " + u })...).ID
	}
	active := named("Active 100%", accounttest.In(authz.Scrutineer))
	open := named("Open", func(m *accounttest.Made) { m.Hash = "" })
	suspended := named("Suspended")
	if err := o.Suspend(ctx, o.admin, suspended); err != nil {
		t.Fatal(err)
	}
	lead := membershiptest.Appointment(t, o.db, membershiptest.Partner(t, o.db).ID).Account
	for name, c := range map[string]struct {
		filter account.Filter
		want   []id.Account
	}{
		"by part of a name":          {account.Filter{Search: "tive 100% " + u}, []id.Account{active}},
		"a sign that matches itself": {account.Filter{Search: "tive _00% " + u}, nil},
		"by state open":              {account.Filter{Search: u, State: account.Open}, []id.Account{open}},
		"by state suspended":         {account.Filter{Search: u, State: account.Suspended}, []id.Account{suspended}},
		"by state active":            {account.Filter{Search: u, State: account.Active}, []id.Account{active}},
		"by role":                    {account.Filter{Role: authz.Scrutineer}, []id.Account{active}},
		"by appointment":             {account.Filter{Role: authz.LeadOfficer}, []id.Account{lead}},
		"after the last":             {account.Filter{After: "zzzzzzzz"}, nil},
	} {
		people, more, err := o.Accounts(ctx, o.admin, c.filter)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var got []id.Account
		for _, p := range people {
			got = append(got, p.ID)
		}
		if !slices.Equal(got, c.want) || more {
			t.Errorf("%s: %v (more %v), want %v", name, got, more, c.want)
		}
	}
	_, err := o.Account(ctx, o.admin, 1<<40)
	wantFault(t, err, fault.NotFound)
	if choices, err := o.Organisations(ctx, o.admin); err != nil || len(choices) == 0 {
		t.Errorf("Organisations = %v, %v", choices, err)
	}
}
