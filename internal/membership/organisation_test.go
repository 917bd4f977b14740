package membership_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func slug() string { return "body-" + membershiptest.Unique() }

func TestAnEmptyInstallationGetsItsPartnersAndAgencies(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	ctx := t.Context()
	police := slug()
	_, err := b.s.AddOrganisation(ctx, b.support, membership.AddCommand{Slug: police, Kind: "police", Name: "Kent Constabulary"})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.s.Rename(ctx, b.support, membership.RenameCommand{Slug: police, Name: "Kent Police", From: day.Must("2002-01-01")}); err != nil {
		t.Fatal(err)
	}
	area := membershiptest.Area(t, b.db)
	partner, err := b.s.MakePartner(ctx, b.support, membership.PartnerCommand{
		Slug: police, Kind: "police", From: day.Must("2019-09-17"), Areas: []id.Area{area, area}, PublishesNames: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.s.NameAgency(ctx, b.support, membership.AgencyCommand{
		Slug: police, Basis: membership.Chosen, Categories: []int{4, 13}, Reason: "Runs nurseries", From: day.Must("2019-09-17"),
	}); err != nil {
		t.Fatal(err)
	}
	if err := b.s.PublishNames(ctx, b.support, police, partner, false); err != nil {
		t.Fatal(err)
	}
	o, err := b.s.Organisation(ctx, b.support, police)
	if err != nil {
		t.Fatal(err)
	}
	want := []membership.DatedName{
		{Name: "Kent Constabulary", EndsOn: day.Must("2001-12-31")},
		{Name: "Kent Police", StartsOn: day.Must("2002-01-01")},
	}
	if d := cmp.Diff(want, o.Names, cmp.AllowUnexported(day.Date{})); d != "" {
		t.Error(d)
	}
	if o.Name != "Kent Police" || len(o.Partner) != 1 || len(o.Partner[0].Areas) != 1 || o.Partner[0].PublishesNames ||
		len(o.Agency) != 1 || len(o.Agency[0].Categories) != 2 {
		t.Errorf("got %+v", o)
	}
	areas, err := b.s.Areas(ctx, b.support)
	if err != nil || len(areas) == 0 {
		t.Errorf("areas %v (%v)", areas, err)
	}
	categories, err := b.s.Categories(ctx, b.support)
	if err != nil || len(categories) != 35 {
		t.Errorf("%d categories (%v), want 35", len(categories), err)
	}
}

func TestOnlyBusinessSupportKeepsOrganisations(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	ctx, p := t.Context(), b.partner
	agency := membershiptest.Agency(t, b.db)
	for _, by := range []authz.Actor{{}, b.admin, holder(t, b.db, authz.Scrutineer), {Account: b.appointee}} {
		_, err := b.s.Organisations(ctx, by, membership.OrganisationFilter{})
		wantKind(t, err, fault.Forbidden)
		_, err = b.s.Organisation(ctx, by, p.Body.Slug)
		wantKind(t, err, fault.Forbidden)
		_, err = b.s.Areas(ctx, by)
		wantKind(t, err, fault.Forbidden)
		_, err = b.s.Categories(ctx, by)
		wantKind(t, err, fault.Forbidden)
		_, err = b.s.AddOrganisation(ctx, by, membership.AddCommand{Slug: slug(), Kind: "other", Name: "X"})
		wantKind(t, err, fault.Forbidden)
		wantKind(t, b.s.Rename(ctx, by, membership.RenameCommand{Slug: p.Body.Slug}), fault.Forbidden)
		wantKind(t, b.s.EndOrganisation(ctx, by, p.Body.Slug, day.Must("2026-01-01")), fault.Forbidden)
		_, err = b.s.RecordSuccession(ctx, by, membership.SucceedCommand{})
		wantKind(t, err, fault.Forbidden)
		_, err = b.s.PlanSuccession(ctx, by, membership.SucceedCommand{})
		wantKind(t, err, fault.Forbidden)
		_, err = b.s.Successions(ctx, by)
		wantKind(t, err, fault.Forbidden)
		_, err = b.s.Succession(ctx, by, 1)
		wantKind(t, err, fault.Forbidden)
		wantKind(t, b.s.ReverseSuccession(ctx, by, 1, "x"), fault.Forbidden)
		_, err = b.s.MakePartner(ctx, by, membership.PartnerCommand{Slug: p.Body.Slug})
		wantKind(t, err, fault.Forbidden)
		wantKind(t, b.s.EndPartner(ctx, by, p.Body.Slug, p.ID, day.Must("2026-01-01")), fault.Forbidden)
		wantKind(t, b.s.PublishNames(ctx, by, p.Body.Slug, p.ID, true), fault.Forbidden)
		_, err = b.s.NameAgency(ctx, by, membership.AgencyCommand{Slug: p.Body.Slug})
		wantKind(t, err, fault.Forbidden)
		wantKind(t, b.s.EndAgency(ctx, by, agency.Body.Slug, agency.ID, day.Must("2026-01-01")), fault.Forbidden)
	}
}

func TestOrganisationsThatBreakARule(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	ctx, taken := t.Context(), b.partner.Body
	add := func(c membership.AddCommand) error { _, err := b.s.AddOrganisation(ctx, b.support, c); return err }
	wantField(t, add(membership.AddCommand{Slug: slug(), Kind: "other"}), "name")
	wantField(t, add(membership.AddCommand{Kind: "other", Name: "X"}), "slug")
	wantField(t, add(membership.AddCommand{Slug: slug(), Kind: "shop", Name: "X"}), "kind")
	wantField(t, add(membership.AddCommand{Slug: taken.Slug, Kind: "other", Name: "X"}), "slug")
	wantField(t, add(membership.AddCommand{Slug: "Not A Slug", Kind: "other", Name: "X"}), "slug")

	rename := func(c membership.RenameCommand) error { return b.s.Rename(ctx, b.support, c) }
	wantKind(t, rename(membership.RenameCommand{Slug: "no-such-body", Name: "X", From: day.Must("2020-01-01")}), fault.NotFound)
	wantField(t, rename(membership.RenameCommand{Slug: taken.Slug, From: day.Must("2020-01-01")}), "name")
	wantField(t, rename(membership.RenameCommand{Slug: taken.Slug, Name: "X"}), "starts")
	wantField(t, rename(membership.RenameCommand{Slug: taken.Slug, Name: taken.Name, From: day.Must("2020-01-01")}), "name")
	if err := rename(membership.RenameCommand{Slug: taken.Slug, Name: "Y", From: day.Must("2020-01-01")}); err != nil {
		t.Fatal(err)
	}
	wantField(t, rename(membership.RenameCommand{Slug: taken.Slug, Name: "Z", From: day.Must("2020-01-01")}), "starts")

	partner := func(alter func(*membership.PartnerCommand)) error {
		c := membership.PartnerCommand{Slug: membershiptest.Organisation(t, b.db).Slug, Kind: "health", From: day.Must("2020-01-01"), Areas: b.partner.Areas}
		alter(&c)
		_, err := b.s.MakePartner(ctx, b.support, c)
		return err
	}
	wantField(t, partner(func(c *membership.PartnerCommand) { c.Kind = "other" }), "statutory-kind")
	wantField(t, partner(func(c *membership.PartnerCommand) { c.Areas = nil }), "areas")
	wantField(t, partner(func(c *membership.PartnerCommand) { c.Areas = []id.Area{1 << 40} }), "areas")
	wantField(t, partner(func(c *membership.PartnerCommand) { c.From = day.Date{} }), "starts")
	wantField(t, partner(func(c *membership.PartnerCommand) { c.To = day.Must("2019-01-01") }), "ends")
	wantKind(t, partner(func(c *membership.PartnerCommand) { c.Slug = taken.Slug }), fault.Conflict)
	wantKind(t, partner(func(c *membership.PartnerCommand) { c.Slug = "no-such-body" }), fault.NotFound)

	agency := func(alter func(*membership.AgencyCommand)) error {
		c := membership.AgencyCommand{Slug: membershiptest.Organisation(t, b.db).Slug, Basis: membership.Chosen, Categories: []int{4}, From: day.Must("2020-01-01")}
		alter(&c)
		_, err := b.s.NameAgency(ctx, b.support, c)
		return err
	}
	wantField(t, agency(func(c *membership.AgencyCommand) { c.Basis = "friend" }), "basis")
	wantField(t, agency(func(c *membership.AgencyCommand) { c.Categories = nil }), "categories")
	wantField(t, agency(func(c *membership.AgencyCommand) { c.Basis = membership.Invitee }), "categories")
	wantField(t, agency(func(c *membership.AgencyCommand) { c.Categories = []int{99} }), "categories")
	wantField(t, agency(func(c *membership.AgencyCommand) { c.From = day.Date{} }), "starts")
	wantField(t, agency(func(c *membership.AgencyCommand) { c.To = day.Must("2019-01-01") }), "ends")
	wantKind(t, agency(func(c *membership.AgencyCommand) { c.Slug = membershiptest.Agency(t, b.db).Body.Slug }), fault.Conflict)
}

func TestEndingTimesInThePartnership(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	ctx, p, agency := t.Context(), b.partner, membershiptest.Agency(t, b.db)
	last := day.Must("2026-12-31")
	wantKind(t, b.s.EndOrganisation(ctx, b.support, p.Body.Slug, last), fault.Conflict)
	wantKind(t, b.s.EndOrganisation(ctx, b.support, agency.Body.Slug, last), fault.Conflict)
	wantKind(t, b.s.EndPartner(ctx, b.support, agency.Body.Slug, p.ID, last), fault.NotFound)
	wantKind(t, b.s.EndAgency(ctx, b.support, p.Body.Slug, agency.ID, last), fault.NotFound)
	wantField(t, b.s.EndPartner(ctx, b.support, p.Body.Slug, p.ID, day.Date{}), "ends")
	wantField(t, b.s.EndPartner(ctx, b.support, p.Body.Slug, p.ID, day.Must("2018-12-31")), "ends")
	for _, err := range []error{
		b.s.EndPartner(ctx, b.support, p.Body.Slug, p.ID, last),
		b.s.EndAgency(ctx, b.support, agency.Body.Slug, agency.ID, last),
		b.s.EndOrganisation(ctx, b.support, p.Body.Slug, last),
	} {
		if err != nil {
			t.Error(err)
		}
	}
	wantField(t, b.s.EndPartner(ctx, b.support, p.Body.Slug, p.ID, last.Add(1)), "ends")
	wantField(t, b.s.EndAgency(ctx, b.support, agency.Body.Slug, agency.ID, last.Add(1)), "ends")
}

func TestListOfOrganisations(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	membershiptest.Agency(t, b.db)
	membershiptest.Organisation(t, b.db)
	membershiptest.Organisation(t, b.db, func(o *membershiptest.Body) { o.EndsOn = day.Must("2020-01-01") })
	tests := []struct {
		name   string
		filter membership.OrganisationFilter
		want   int
	}{
		{"everything", membership.OrganisationFilter{}, 4},
		{"partners", membership.OrganisationFilter{Standing: membership.IsPartner}, 1},
		{"agencies", membership.OrganisationFilter{Standing: membership.IsAgency}, 1},
		{"neither", membership.OrganisationFilter{Standing: membership.IsNeither}, 1},
		{"ended", membership.OrganisationFilter{Standing: membership.IsClosed}, 1},
		{"a kind", membership.OrganisationFilter{Kind: "police"}, 1},
		{"part of a name", membership.OrganisationFilter{Text: strings.ToUpper(b.partner.Body.Name)}, 1},
		{"a percent sign is no wildcard", membership.OrganisationFilter{Text: "%"}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			list, err := b.s.Organisations(t.Context(), b.support, tt.filter)
			if err != nil || len(list) != tt.want {
				t.Errorf("%d listed (%v), want %d", len(list), err, tt.want)
			}
		})
	}
}

func TestThePublicReadsTheMembershipOfADay(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	public := membership.NewPublic(pgtest.Public(t, db))
	ctx := t.Context()
	u := membershiptest.Unique()
	ccg := membershiptest.Partner(t, db, func(p *membershiptest.PartnerMade) {
		p.Kind, p.EndsOn = "health", day.Must("2022-06-30")
		p.Body = membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = "CCGs " + u })
	})
	icb := membershiptest.Partner(t, db, func(p *membershiptest.PartnerMade) { p.Kind, p.StartsOn = "health", day.Must("2022-07-01") })
	membershiptest.Appointment(t, db, icb.ID, func(a *membershiptest.AppointmentMade) {
		a.Office, a.StartsOn = "Chief Nursing Officer", day.Must("2022-07-01")
	})
	membershiptest.Appointment(t, db, icb.ID, func(a *membershiptest.AppointmentMade) {
		a.Office, a.StartsOn, a.EndsOn, a.Confirmed = "Somebody proposed", day.Must("2022-07-01"), day.Date{}, false
	})
	exec(t, db, `INSERT INTO organisation_succession (predecessor_id, successor_id, takes_over_on) VALUES ($1, $2, '2022-07-01')`, ccg.Body.ID, icb.Body.ID)

	then, err := public.Partners(ctx, day.Must("2019-09-17"))
	if err != nil || len(then.Current) != 1 || then.Current[0].Slug != ccg.Body.Slug || len(then.Upcoming) != 1 || then.Current[0].Office != "" {
		t.Errorf("in 2019: %+v (%v)", then, err)
	}
	today, err := public.Partners(ctx, day.Must("2026-11-22"))
	if err != nil || len(today.Current) != 1 || today.Current[0].Office != "Chief Nursing Officer" || len(today.Current[0].Areas) != 1 ||
		len(today.Former) != 1 || today.Former[0].Name != "CCGs "+u {
		t.Errorf("today: %+v (%v)", today, err)
	}

	school := membershiptest.Agency(t, db, func(a *membershiptest.AgencyMade) { a.Categories, a.Reason = []int{4, 25}, "Teaches" })
	membershiptest.Name(t, db, membershiptest.Agency(t, db, func(a *membershiptest.AgencyMade) {
		a.Categories = []int{25}
		a.Body = membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name, b.NameFrom = "A district "+u, day.Must("2021-01-01") })
	}).Body.ID, "An earlier district "+u, day.Date{}, day.Must("2020-12-31"))
	agencies, err := public.Agencies(ctx, membership.AgencyFilter{On: day.Must("2020-06-01")})
	if err != nil || len(agencies) != 2 {
		t.Fatalf("agencies %+v (%v)", agencies, err)
	}
	if agencies[0].Name != "An earlier district "+u || len(agencies[0].Groups) != 0 {
		t.Errorf("got %+v, want the name of the day and no group, since its wording is unconfirmed", agencies[0])
	}
	if d := cmp.Diff([]string{"Education and childcare"}, agencies[1].Groups); d != "" || agencies[1].Slug != school.Body.Slug {
		t.Error(d, agencies[1])
	}
	if none, err := public.Agencies(ctx, membership.AgencyFilter{On: day.Must("2018-12-31")}); err != nil || len(none) != 0 {
		t.Errorf("before anything: %v (%v)", none, err)
	}

	o, err := public.Organisation(ctx, icb.Body.Slug, day.Must("2026-11-22"))
	if err != nil || len(o.Names) != 1 || len(o.Partner) != 1 || len(o.Offices) != 1 || len(o.Predecessors) != 1 || o.Predecessors[0].Name != "CCGs "+u {
		t.Errorf("got %+v (%v)", o, err)
	}
	o, err = public.Organisation(ctx, ccg.Body.Slug, day.Must("2026-11-22"))
	if err != nil || len(o.Successors) != 1 {
		t.Errorf("got %+v (%v)", o, err)
	}
	_, err = public.Organisation(ctx, "no-such-body", day.Must("2026-11-22"))
	wantKind(t, err, fault.NotFound)
}
