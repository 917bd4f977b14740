package arrangement_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/internal/signoff"
)

// sharing makes safeguarding partners of kinds, each for its areas.
func sharing(t *testing.T, db pg.DB, kind string, areas ...id.Area) membershiptest.PartnerMade {
	t.Helper()
	return membershiptest.Partner(t, db, func(p *membershiptest.PartnerMade) { p.Kind, p.Areas = kind, areas })
}

// seatsOf are the partners that have a seat in a round, in the order in which they were made.
func seatsOf(t *testing.T, db pg.DB, by authz.Actor, round id.Round) []id.Partner {
	t.Helper()
	_, rounds := arrangementtest.Services(db, &arrangementtest.Letters{})
	r, err := rounds.Round(t.Context(), by, round)
	if err != nil {
		t.Fatal(err)
	}
	var list []id.Partner
	for _, s := range r.Seats {
		list = append(list, s.Partner)
	}
	slices.Sort(list)
	return list
}

func ids(partners ...membershiptest.PartnerMade) []id.Partner {
	var list []id.Partner
	for _, p := range partners {
		list = append(list, p.ID)
	}
	slices.Sort(list)
	return list
}

func wantSeats(t *testing.T, db pg.DB, by authz.Actor, round id.Round, partners ...membershiptest.PartnerMade) {
	t.Helper()
	if got, want := seatsOf(t, db, by, round), ids(partners...); !slices.Equal(got, want) {
		t.Errorf("seats of %v, want %v", got, want)
	}
}

// openNext starts the next version of a document and puts it to its partners.
func openNext(t *testing.T, db pg.DB, m arrangementtest.Made, areas ...id.Area) (arrangement.Ref, id.Round) {
	t.Helper()
	s, _ := arrangementtest.Services(db, m.Sent)
	ref, err := s.NextVersion(t.Context(), m.Support, m.Slug, false)
	if err != nil {
		t.Fatal(err)
	}
	if areas != nil {
		if err := s.SaveAreas(t.Context(), m.Support, ref, areas); err != nil {
			t.Fatal(err)
		}
	}
	d, err := s.Draft(t.Context(), m.Support, ref)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SaveDetails(t.Context(), m.Support, arrangement.DetailsCommand{Ref: ref, Revision: d.Revision, Title: d.Title, Guidance: d.Guidance.ID,
		EffectiveFrom: m.EffectiveFrom.Add(30)}); err != nil {
		t.Fatal(err)
	}
	check, err := s.Check(t.Context(), m.Support, ref, day.Date{})
	if err != nil {
		t.Fatal(err)
	}
	round, err := s.Open(t.Context(), m.Support, arrangement.OpenCommand{Ref: ref, Digest: check.Digest})
	if err != nil {
		t.Fatal(err)
	}
	return ref, round
}

func TestTheNumberOfPartnersIsData(t *testing.T) {
	t.Parallel()
	t.Run("four partners of one area sign, and only then it is complete", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		area := membershiptest.Area(t, db)
		four := []membershiptest.PartnerMade{sharing(t, db, "local authority", area), sharing(t, db, "police", area), sharing(t, db, "health", area), sharing(t, db, "health", area)}
		m := arrangementtest.Published(t, db, func(m *arrangementtest.Made) { m.Partners = four })
		wantSeats(t, db, m.Support, m.Round, four...)
	})
	t.Run("two councils of two areas sign beside the police and the health body of both", func(t *testing.T) {
		t.Parallel()
		db := pgtest.Tx(t)
		a, b := membershiptest.Area(t, db), membershiptest.Area(t, db)
		four := []membershiptest.PartnerMade{sharing(t, db, "local authority", a), sharing(t, db, "local authority", b), sharing(t, db, "police", a, b), sharing(t, db, "health", a, b)}
		m := arrangementtest.Published(t, db, func(m *arrangementtest.Made) { m.Partners, m.Areas = four, []id.Area{a, b} })
		wantSeats(t, db, m.Support, m.Round, four...)
	})
}

// As Staffordshire and Stoke-on-Trent in October 2021: one partnership for two areas becomes two.
func TestAPartnershipSplits(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	county, city := membershiptest.Area(t, db), membershiptest.Area(t, db)
	staffordshire, stoke := sharing(t, db, "local authority", county), sharing(t, db, "local authority", city)
	police, health := sharing(t, db, "police", county, city), sharing(t, db, "health", county, city)
	m := arrangementtest.Published(t, db, func(m *arrangementtest.Made) {
		m.Partners, m.Areas = []membershiptest.PartnerMade{staffordshire, stoke, police, health}, []id.Area{county, city}
	})
	wantSeats(t, db, m.Support, m.Round, staffordshire, stoke, police, health)
	s, rounds := arrangementtest.Services(db, m.Sent)

	ref, round := openNext(t, db, m, county)
	wantSeats(t, db, m.Support, round, staffordshire, police, health)
	err := s.SaveAreas(t.Context(), m.Support, ref, []id.Area{county, city})
	if !errors.Is(err, fault.Conflict) {
		t.Errorf("the areas of a text that is out for sign-off are changed: %v", err)
	}
	own := arrangementtest.Draft(t, db, func(m *arrangementtest.Made) {
		m.Partners, m.Areas = []membershiptest.PartnerMade{stoke}, []id.Area{city}
	})
	check, err := s.Check(t.Context(), own.Support, own.Ref, day.Date{})
	if err != nil {
		t.Fatal(err)
	}
	own.Round, err = s.Open(t.Context(), own.Support, arrangement.OpenCommand{Ref: own.Ref, Digest: check.Digest})
	if err != nil {
		t.Fatal(err)
	}
	wantSeats(t, db, own.Support, own.Round, stoke, police, health)
	wantSeats(t, db, m.Support, m.Round, staffordshire, stoke, police, health) // the first edition is as it was signed
	before, err := rounds.SeatsOn(t.Context(), signoff.OfVersion(m.Version), day.Of(time.Now()).Add(-1))
	if err != nil || len(before) != 4 {
		t.Errorf("yesterday there were %d seats (%v), want four", len(before), err)
	}
}

func TestAnAreaEnds(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	county, city := membershiptest.Area(t, db), membershiptest.Area(t, db)
	one, other, police, health := sharing(t, db, "local authority", county), sharing(t, db, "local authority", city), sharing(t, db, "police", county, city), sharing(t, db, "health", county, city)
	m := arrangementtest.Published(t, db, func(m *arrangementtest.Made) {
		m.Partners, m.Areas = []membershiptest.PartnerMade{one, other, police, health}, []id.Area{county, city}
	})
	settings := membership.NewSettings(db, db, time.Now)
	admin := arrangementtest.WithRole(t, db, authz.Administrator)
	set, err := settings.Settings(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	ended := set.Areas[slices.IndexFunc(set.Areas, func(a membership.Area) bool { return a.ID == city })]
	ended.EndsOn = day.Of(time.Now()).Add(-1)
	set.Name, set.ShortName, set.LogoText = "Partnership", "P", "P"
	if err := settings.SaveSettings(t.Context(), admin, membership.SettingsCommand{Settings: set, Area: ended}); err != nil {
		t.Fatal(err)
	}
	_, round := openNext(t, db, m)
	wantSeats(t, db, m.Support, round, one, police, health)
}

func TestTwoPartnershipsMerge(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	a, b := membershiptest.Area(t, db), membershiptest.Area(t, db)
	first, police, health := sharing(t, db, "local authority", a), sharing(t, db, "police", a), sharing(t, db, "health", a)
	second := sharing(t, db, "local authority", b)
	m := arrangementtest.Published(t, db, func(m *arrangementtest.Made) { m.Partners = []membershiptest.PartnerMade{first, police, health} })
	members := membership.New(db, membership.NoLetters{}, time.Now)
	today := day.Of(time.Now())
	for _, p := range []membershiptest.PartnerMade{police, health} { // they share the duty in the other area too, from today
		err := members.ShareArea(t.Context(), m.Support, membership.ShareCommand{Slug: p.Body.Slug, Partner: p.ID, Area: b, From: today})
		if err != nil {
			t.Fatal(err)
		}
	}
	ref, round := openNext(t, db, m, a, b)
	wantSeats(t, db, m.Support, round, first, second, police, health)
	s, rounds := arrangementtest.Services(db, m.Sent)
	d, err := s.Draft(t.Context(), m.Support, ref)
	if err != nil || len(d.Areas) != 2 {
		t.Errorf("the text is for %v (%v)", d.Areas, err)
	}
	seats, err := rounds.SeatsOn(t.Context(), signoff.OfVersion(d.ID), today.Add(-1))
	if err != nil || len(seats) != 3 {
		t.Errorf("yesterday there were %d seats (%v), want three", len(seats), err)
	}
}

func TestTheAreasOfADraftAreChosenAnew(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	m := arrangementtest.Draft(t, db)
	s, _ := arrangementtest.Services(db, m.Sent)
	more := membershiptest.Area(t, db)
	save := func(by authz.Actor, areas ...id.Area) error { return s.SaveAreas(t.Context(), by, m.Ref, areas) }
	for _, areas := range [][]id.Area{{more}, {m.Areas[0], more}, {m.Areas[0]}, {m.Areas[0]}} {
		if err := save(m.Support, areas...); err != nil {
			t.Fatal(err)
		}
		d, err := s.Draft(t.Context(), m.Support, m.Ref)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.AreasOf(t.Context(), d.Document)
		slices.Sort(areas)
		if err != nil || !slices.Equal(got, areas) || len(d.Areas) != len(areas) {
			t.Errorf("areas %v (%v), want %v", got, err, areas)
		}
	}
	for _, wrong := range [][]id.Area{nil, {id.Area(1 << 40)}} {
		err := save(m.Support, wrong...)
		f, ok := errors.AsType[*fault.Error](err)
		if !ok || f.Field != "areas" {
			t.Errorf("areas %v: %v", wrong, err)
		}
	}
	if err := save(arrangementtest.WithRole(t, db, authz.Scrutineer), more); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the scrutineer changes areas: %v", err)
	}
}
