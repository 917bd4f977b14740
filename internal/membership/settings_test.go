package membership_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	tx := pgtest.Tx(t)
	s := membership.NewSettings(tx, pgtest.Public(t, tx), time.Now)
	by := authz.Actor{Account: membershiptest.Person(t, tx), Held: []authz.Held{{Role: authz.Administrator}}}
	read := func() membership.Settings {
		t.Helper()
		set, err := s.Settings(ctx, by)
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	wantKind := func(err error, kind fault.Kind) {
		t.Helper()
		if !errors.Is(err, kind) {
			t.Errorf("error is %v, want %s", err, kind)
		}
	}
	if public, err := s.Public(ctx); err != nil || public.Name != "" {
		t.Errorf("a new installation shows %+v, %v", public, err)
	}
	cmd := membership.SettingsCommand{Settings: read()}
	cmd.Name, cmd.ShortName, cmd.LogoText = "The Partnership", "TP", "Words"
	cmd.Numbers = []membership.ConcernNumber{{Label: "Day", Number: "03000 41 11 11"}, {Label: "Night", Number: "03000 41 91 91", Hours: "always"}}
	cmd.Area = membership.Area{Name: "Area " + membershiptest.Unique(), StartsOn: day.Must("2019-04-01")}
	if err := s.SaveSettings(ctx, by, cmd); err != nil {
		t.Fatal(err)
	}
	public, err := s.Public(ctx)
	if err != nil || public.Name != "The Partnership" || len(public.Numbers) != 2 || public.Numbers[1] != cmd.Numbers[1] {
		t.Errorf("the public sees %+v, %v", public, err)
	}
	wantKind(s.SaveSettings(ctx, by, cmd), fault.Conflict) // its revision is past

	next := membership.SettingsCommand{Settings: read(), Area: membership.Area{ID: areaID(read(), cmd.Area.Name), Name: cmd.Area.Name, StartsOn: day.Must("2019-05-01"), GSSCode: "E10000016"}}
	next.Numbers = next.Numbers[:1]
	if err := s.SaveSettings(ctx, by, next); err != nil {
		t.Fatal(err)
	}
	if set := read(); len(set.Numbers) != 1 || set.Revision != 2 || set.Areas[0].GSSCode != "E10000016" {
		t.Errorf("saved %+v", set)
	}
	bad := membership.SettingsCommand{Settings: read(), Area: membership.Area{Name: "Other " + membershiptest.Unique(), StartsOn: day.Must("2019-05-01"), EndsOn: day.Must("2019-04-01")}}
	wantKind(s.SaveSettings(ctx, by, bad), fault.Invalid)
	bad.Area.EndsOn, bad.Area.GSSCode = day.Date{}, "nonsense"
	wantKind(s.SaveSettings(ctx, by, bad), fault.Invalid)
	bad.Area.GSSCode, bad.Area.Name = "", cmd.Area.Name
	wantKind(s.SaveSettings(ctx, by, bad), fault.Invalid)

	support := authz.Actor{Account: by.Account, Held: []authz.Held{{Role: authz.BusinessSupport}}}
	wantKind(s.SaveSettings(ctx, support, next), fault.Forbidden)
	_, err = s.Settings(ctx, support)
	wantKind(err, fault.Forbidden)
	var events int
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM event WHERE action = 'settings.changed' AND account_id = $1`, by.Account).Scan(&events); err != nil || events != 2 {
		t.Errorf("%d events, %v; want 2", events, err)
	}
}

func areaID(set membership.Settings, name string) id.Area {
	for _, a := range set.Areas {
		if a.Name == name {
			return a.ID
		}
	}
	return 0
}
