package membership_test

import (
	"testing"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func (b *bench) facts(t *testing.T, slug string, kind membership.FactKind) (count, retracted []membership.Fact) {
	t.Helper()
	all, err := b.s.Facts(t.Context(), b.support, slug)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		switch {
		case f.Kind != kind:
		case f.Retracted == nil:
			count = append(count, f)
		default:
			retracted = append(retracted, f)
		}
	}
	return count, retracted
}

func (b *bench) retract(t *testing.T, slug string, f membership.Fact) error {
	t.Helper()
	return b.s.Retract(t.Context(), b.support, membership.RetractCommand{Slug: slug, Kind: f.Kind, Row: f.Row, Reason: "typed twice"})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestARetractedNameLetsTheOneBeforeGoOn(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	o := membershiptest.Organisation(t, b.db)
	for name, from := range map[string]string{"Second": "2020-01-01"} {
		must(t, b.s.Rename(t.Context(), b.support, membership.RenameCommand{Slug: o.Slug, Name: name, From: day.Must(from)}))
	}
	must(t, b.s.Rename(t.Context(), b.support, membership.RenameCommand{Slug: o.Slug, Name: "Third", From: day.Must("2022-01-01")}))
	names, _ := b.facts(t, o.Slug, membership.NameFact)
	wantField(t, b.s.Retract(t.Context(), b.support, membership.RetractCommand{Slug: o.Slug, Kind: membership.NameFact, Row: names[1].Row}), "reason")
	must(t, b.retract(t, o.Slug, names[1]))
	wantKind(t, b.retract(t, o.Slug, names[1]), fault.NotFound)
	names, gone := b.facts(t, o.Slug, membership.NameFact)
	if len(names) != 2 || names[0].EndsOn != day.Must("2021-12-31") || len(gone) != 1 || gone[0].Reason != "typed twice" {
		t.Fatalf("names %+v, retracted %+v", names, gone)
	}
	must(t, b.retract(t, o.Slug, names[1]))
	names, _ = b.facts(t, o.Slug, membership.NameFact)
	if len(names) != 1 || !names[0].EndsOn.IsZero() {
		t.Fatalf("names %+v, want the first one open again", names)
	}
	wantField(t, b.retract(t, o.Slug, names[0]), "right")
	right := membership.RetractCommand{Slug: o.Slug, Kind: membership.NameFact, Row: names[0].Row, Right: names[0].Words, Reason: "misspelt"}
	wantField(t, b.s.Retract(t.Context(), b.support, right), "right")
	right.Right = "Spelt well"
	must(t, b.s.Retract(t.Context(), b.support, right))
	if got := b.body(t, o.Slug); got.Name != "Spelt well" || len(got.Names) != 1 {
		t.Errorf("got %+v", got.Names)
	}
}

func TestCodesAndAddressesHaveTheirDays(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	o, other := membershiptest.Organisation(t, b.db), membershiptest.Organisation(t, b.db)
	code := func(scheme, value, from string) error {
		c := membership.IdentifierCommand{Slug: o.Slug, Scheme: scheme, Value: value}
		if from != "" {
			c.From = day.Must(from)
		}
		return b.s.AddIdentifier(t.Context(), b.support, c)
	}
	wantField(t, code("passport", "1", ""), "scheme")
	wantField(t, code("ods", "", ""), "value")
	for scheme, wrong := range map[string]string{"gss": "X10000016", "ods": "q!", "urn": "12345", "ukprn": "20003558", "charity": "12", "company": "123"} {
		wantField(t, code(scheme, wrong, ""), "value")
	}
	must(t, code("ods", "qk s", ""))
	must(t, code("ods", "QKS1", "2022-07-01"))
	must(t, code("gss", "E10000016", ""))
	wantField(t, code("ods", "QKS2", "2020-01-01"), "starts")
	err := b.s.AddIdentifier(t.Context(), b.support, membership.IdentifierCommand{Slug: other.Slug, Scheme: "ods", Value: "QKS1", From: day.Must("2023-01-01")})
	wantField(t, err, "value")
	codes, _ := b.facts(t, o.Slug, membership.IdentifierFact)
	if len(codes) != 3 || codes[0].Words != "QKS" || codes[0].EndsOn != day.Must("2022-06-30") {
		t.Fatalf("codes %+v", codes)
	}
	must(t, b.retract(t, o.Slug, codes[2]))
	codes, _ = b.facts(t, o.Slug, membership.IdentifierFact)
	if len(codes) != 2 || !codes[0].EndsOn.IsZero() {
		t.Errorf("codes %+v, want the first open again", codes)
	}

	address := membership.AddressCommand{Slug: o.Slug, Address: "County Hall\nMaidstone", Postcode: "me141xq"}
	wantField(t, b.s.AddAddress(t.Context(), b.support, membership.AddressCommand{Slug: o.Slug}), "address")
	wantField(t, b.s.AddAddress(t.Context(), b.support, membership.AddressCommand{Slug: o.Slug, Address: "x", Postcode: "here"}), "postcode")
	must(t, b.s.AddAddress(t.Context(), b.support, address))
	wantField(t, b.s.AddAddress(t.Context(), b.support, address), "starts")
	address.From = day.Must("2024-01-01")
	must(t, b.s.AddAddress(t.Context(), b.support, address))
	places, _ := b.facts(t, o.Slug, membership.AddressFact)
	if len(places) != 2 || places[0].Words != "County Hall\nMaidstone\nME14 1XQ" || places[0].EndsOn != day.Must("2023-12-31") {
		t.Errorf("addresses %+v", places)
	}
	public, err := membership.NewPublic(pgtest.Public(t, b.db)).Organisation(t.Context(), o.Slug, day.Must("2026-11-22"))
	if err != nil || len(public.Facts) != 5 || public.EnteredLate(membership.AddressFact, address.From).IsZero() {
		t.Errorf("the public reads %+v (%v)", public.Facts, err)
	}
}

func TestTimesAndBodiesEnteredInError(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	p, used := membershiptest.Partner(t, b.db), membershiptest.Partner(t, b.db)
	membershiptest.Appointment(t, b.db, used.ID)
	agency := membershiptest.Agency(t, b.db, func(a *membershiptest.AgencyMade) { a.Body = p.Body })
	wantKind(t, b.s.RetractOrganisation(t.Context(), b.support, p.Body.Slug, "typed twice"), fault.Conflict)
	wantKind(t, b.retract(t, used.Body.Slug, membership.Fact{Kind: membership.PartnerFact, Row: int64(used.ID)}), fault.Conflict)
	wantKind(t, b.retract(t, used.Body.Slug, membership.Fact{Kind: membership.PartnerFact, Row: int64(p.ID)}), fault.NotFound)
	wantKind(t, b.retract(t, used.Body.Slug, membership.Fact{Kind: "rumour", Row: 1}), fault.NotFound)
	shares, _ := b.facts(t, p.Body.Slug, membership.ShareFact)
	wantKind(t, b.retract(t, p.Body.Slug, shares[0]), fault.Conflict) // the only area
	must(t, b.retract(t, p.Body.Slug, membership.Fact{Kind: membership.PartnerFact, Row: int64(p.ID)}))
	must(t, b.retract(t, p.Body.Slug, membership.Fact{Kind: membership.AgencyFact, Row: int64(agency.ID)}))
	wantField(t, b.s.RetractOrganisation(t.Context(), b.support, p.Body.Slug, " "), "reason")
	must(t, b.s.RetractOrganisation(t.Context(), b.support, p.Body.Slug, "typed twice"))
	wantKind(t, b.s.RetractOrganisation(t.Context(), b.support, p.Body.Slug, "again"), fault.NotFound)
	_, err := b.s.AddOrganisation(t.Context(), b.support, membership.AddCommand{Slug: p.Body.Slug, Kind: "other", Name: "Anew"})
	must(t, err)
	wantField(t, b.s.EditOrganisation(t.Context(), b.support, membership.EditCommand{Slug: p.Body.Slug, Kind: "shop"}), "kind")
	must(t, b.s.EditOrganisation(t.Context(), b.support, membership.EditCommand{Slug: p.Body.Slug, Kind: "education", Note: "A school"}))
	if got := b.body(t, p.Body.Slug); got.Kind != "education" || got.Note != "A school" {
		t.Errorf("got %+v", got)
	}
}

func TestOnlyBusinessSupportKeepsFacts(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	ctx, slug := t.Context(), b.partner.Body.Slug
	_, err := b.s.Facts(ctx, b.admin, slug)
	wantKind(t, err, fault.Forbidden)
	for _, err := range []error{
		b.s.EditOrganisation(ctx, b.admin, membership.EditCommand{Slug: slug}), b.s.AddIdentifier(ctx, b.admin, membership.IdentifierCommand{Slug: slug}),
		b.s.AddAddress(ctx, b.admin, membership.AddressCommand{Slug: slug}), b.s.ShareArea(ctx, b.admin, membership.ShareCommand{Slug: slug}),
		b.s.EndShare(ctx, b.admin, slug, 1, day.Must("2026-01-01")), b.s.Retract(ctx, b.admin, membership.RetractCommand{Slug: slug}),
		b.s.RetractOrganisation(ctx, b.admin, slug, "x"),
	} {
		wantKind(t, err, fault.Forbidden)
	}
	_, err = b.s.Facts(ctx, b.support, "no-such-body")
	wantKind(t, err, fault.NotFound)
}

func TestAPartnerSharesAFurtherArea(t *testing.T) {
	t.Parallel()
	b := setUp(t)
	p, area := b.partner, membershiptest.Area(t, b.db)
	share := membership.ShareCommand{Slug: p.Body.Slug, Partner: p.ID, Area: area, From: day.Must("2021-10-01")}
	for field, alter := range map[string]func(*membership.ShareCommand){
		"area": func(c *membership.ShareCommand) { c.Area = 0 }, "areas": func(c *membership.ShareCommand) { c.Area = id.Area(1 << 40) },
		"starts": func(c *membership.ShareCommand) { c.From = day.Must("2018-12-31") },
	} {
		wrong := share
		alter(&wrong)
		wantField(t, b.s.ShareArea(t.Context(), b.support, wrong), field)
	}
	none := share
	none.From = day.Date{}
	wantField(t, b.s.ShareArea(t.Context(), b.support, none), "starts")
	must(t, b.s.ShareArea(t.Context(), b.support, share))
	wantKind(t, b.s.ShareArea(t.Context(), b.support, share), fault.Conflict)
	public := membership.NewPublic(pgtest.Public(t, b.db))
	areasOn := func(on string) int {
		t.Helper()
		all, err := public.Partners(t.Context(), day.Must(on))
		if err != nil || len(all.Current) != 1 {
			t.Fatalf("partners on %s: %+v (%v)", on, all, err)
		}
		return len(all.Current[0].Areas)
	}
	shares, _ := b.facts(t, p.Body.Slug, membership.ShareFact)
	i := 0
	if shares[i].StartsOn.IsZero() {
		i = 1
	}
	wantField(t, b.s.EndShare(t.Context(), b.support, p.Body.Slug, shares[i].Row, day.Must("2021-09-30")), "ends")
	wantKind(t, b.s.EndShare(t.Context(), b.support, p.Body.Slug, 1<<40, day.Must("2023-09-30")), fault.NotFound)
	must(t, b.s.EndShare(t.Context(), b.support, p.Body.Slug, shares[i].Row, day.Must("2023-09-30")))
	if areasOn("2021-09-30") != 1 || areasOn("2021-10-01") != 2 || areasOn("2023-09-30") != 2 || areasOn("2023-10-01") != 1 {
		t.Error("the areas of the day are wrong")
	}
	shares, _ = b.facts(t, p.Body.Slug, membership.ShareFact)
	must(t, b.retract(t, p.Body.Slug, shares[i]))
	if areasOn("2022-01-01") != 1 {
		t.Error("a retracted area still counts")
	}
}
