package overview_test

import (
	"context"
	"fmt"
	"testing"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/day"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/overview"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

func exec(t *testing.T, db pg.DB, sql string, args ...any) {
	t.Helper()
	if _, err := db.Exec(context.Background(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func reader(t *testing.T, db pg.DB) *overview.Public {
	return overview.NewPublic(pgtest.Public(t, db))
}

func moment(on string, known ...string) overview.Moment {
	m := overview.Moment{On: day.Must(on)}
	if len(known) > 0 {
		m.Known = day.Must(known[0])
	}
	return m
}

// partners tells the partners of a moment as "name: office, office".
func partners(t *testing.T, p *overview.Public, m overview.Moment) []string {
	t.Helper()
	list, err := p.Partners(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	told := []string{}
	for _, x := range list {
		words := x.Name
		for _, s := range x.Seats {
			words += fmt.Sprintf(" (%s %s)", s.Capacity, s.Office)
		}
		told = append(told, words)
	}
	return told
}

func agencies(t *testing.T, p *overview.Public, m overview.Moment) []string {
	t.Helper()
	list, err := p.Agencies(t.Context(), m, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	told := []string{}
	for _, x := range list {
		told = append(told, x.Name)
	}
	count, err := p.CountAgencies(t.Context(), m)
	if err != nil || count != len(told) {
		t.Errorf("%d agencies counted, %d listed, %v", count, len(told), err)
	}
	return told
}

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestABodyHasTheNameOfTheDayAsItWasKnown(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	p := reader(t, db)
	body := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = "Kent CCGs" })
	membershiptest.Partner(t, db, func(x *membershiptest.PartnerMade) { x.Body = body })
	membershiptest.RecordedOn(t, db, day.Must("2020-03-01"))
	exec(t, db, `UPDATE organisation_name SET ends_on = '2020-12-31' WHERE organisation_id = $1`, body.ID)
	membershiptest.Name(t, db, body.ID, "Kent CCG", day.Must("2021-01-01"), day.Date{})
	membershiptest.RecordedOn(t, db, day.Must("2021-06-01"))

	same(t, "before the change", partners(t, p, moment("2020-12-31")), "Kent CCGs")
	same(t, "on its day", partners(t, p, moment("2021-01-01")), "Kent CCG")
	same(t, "on its day, as known before it was entered", partners(t, p, moment("2021-01-01", "2021-05-31")), "Kent CCGs")
	same(t, "on its day, as known on the day of its entry", partners(t, p, moment("2021-01-01", "2021-06-01")), "Kent CCG")
	same(t, "before anything was entered", partners(t, p, moment("2021-01-01", "2020-02-29")))
	if first, err := p.FirstKnown(t.Context()); err != nil || first != day.Must("2020-03-01") {
		t.Errorf("first entry on %s, %v", first, err)
	}
}

func TestWhatWasRetractedIsStillKnownOnEarlierDays(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	p := reader(t, db)
	agency := membershiptest.Agency(t, db, func(a *membershiptest.AgencyMade) {
		a.Body = membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = "Hill School" })
	})
	membershiptest.RecordedOn(t, db, day.Must("2022-01-01"))
	exec(t, db, `UPDATE agency_membership SET retracted_reason = 'Typed twice' WHERE id = $1`, agency.ID)
	membershiptest.RecordedOn(t, db, day.Must("2023-01-01"))

	same(t, "now", agencies(t, p, moment("2022-06-01")))
	same(t, "as known before", agencies(t, p, moment("2022-06-01", "2022-12-31")), "Hill School")
}

func TestATermThatWasEndedLaterLastedAsFarAsAnybodyKnew(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	p := reader(t, db)
	agency := membershiptest.Agency(t, db, func(a *membershiptest.AgencyMade) {
		a.Body = membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = "Hill School" })
	})
	membershiptest.RecordedOn(t, db, day.Must("2022-01-01"))
	exec(t, db, `UPDATE agency_membership SET ends_on = '2022-03-31' WHERE id = $1`, agency.ID)
	membershiptest.RecordedOn(t, db, day.Must("2022-09-01"))

	same(t, "after its end", agencies(t, p, moment("2022-04-01")))
	same(t, "after its end, as known before that was entered", agencies(t, p, moment("2022-04-01", "2022-08-31")), "Hill School")
}

func TestASeatIsHeldUntilItIsWithdrawn(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	p := reader(t, db)
	partner := membershiptest.Partner(t, db, func(x *membershiptest.PartnerMade) {
		x.Body = membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = "Kent Police" })
	})
	lead := membershiptest.Appointment(t, db, partner.ID, func(a *membershiptest.AppointmentMade) { a.Office = "Chief Constable" })
	membershiptest.RecordedOn(t, db, day.Must("2020-01-10"))
	exec(t, db, `UPDATE appointment SET withdrawn_by = $2 WHERE id = $1`, lead.ID, membershiptest.Person(t, db))
	membershiptest.RecordedOn(t, db, day.Must("2021-05-05"))

	same(t, "before it was withdrawn", partners(t, p, moment("2021-05-04")), "Kent Police (lead Chief Constable)")
	same(t, "after it was withdrawn", partners(t, p, moment("2021-05-06")), "Kent Police")
	same(t, "after, as known before", partners(t, p, moment("2021-05-06", "2021-05-04")), "Kent Police (lead Chief Constable)")
	same(t, "before it was proposed", partners(t, p, moment("2020-01-01", "2020-01-09")))
}

func TestADelegateActsNoLongerThanWhoNamedThem(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	p := reader(t, db)
	partner := membershiptest.Partner(t, db, func(x *membershiptest.PartnerMade) {
		x.Body = membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = "Kent Police" })
	})
	lead := membershiptest.Appointment(t, db, partner.ID, func(a *membershiptest.AppointmentMade) { a.Office = "Chief Constable" })
	membershiptest.Appointment(t, db, partner.ID, func(a *membershiptest.AppointmentMade) {
		a.Office, a.Capacity, a.ActingFor, a.Under, a.ProposedBy = "Assistant", "delegate", "Chief Constable", lead.ID, lead.Account
		a.EndsOn = day.Must("2030-12-31")
	})
	exec(t, db, `UPDATE appointment SET ends_on = '2021-05-05' WHERE id = $1`, lead.ID)

	same(t, "on the lead officer's last day", partners(t, p, moment("2021-05-05")), "Kent Police (lead Chief Constable) (delegate Assistant)")
	same(t, "after it", partners(t, p, moment("2021-05-06")), "Kent Police")
}

func TestTheListOfAgenciesIsReadInPages(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	p := reader(t, db)
	for _, name := range []string{"alder School", "Birch School", "birch School", "Cedar School"} {
		membershiptest.Agency(t, db, func(a *membershiptest.AgencyMade) {
			a.Categories = []int{4, 16}
			a.Body = membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.Name = name })
		})
	}
	var all []string
	after := ""
	for {
		page, err := p.Agencies(t.Context(), moment("2020-01-01"), after, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, x := range page {
			all = append(all, x.Name)
			if fmt.Sprint(x.Groups) != "[Education and childcare]" {
				t.Errorf("%s stands under %v, want the confirmed group alone", x.Name, x.Groups)
			}
		}
		after = page[len(page)-1].Key
	}
	if len(all) != 4 || all[0] != "alder School" || all[3] != "Cedar School" {
		t.Errorf("read in pages: %q", all)
	}
}

func TestTheVersionInForceIsThatOfTheDay(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	p := reader(t, db)
	made := arrangementtest.Published(t, db)
	in, err := p.InForce(t.Context(), overview.Moment{On: made.EffectiveFrom})
	if err != nil || len(in) != 1 || in[0].Slug != made.Slug || in[0].Number != made.Ref.Number {
		t.Errorf("in force on its first day: %+v, %v", in, err)
	}
	in, err = p.InForce(t.Context(), overview.Moment{On: made.EffectiveFrom.Add(-1)})
	if err != nil || len(in) != 0 {
		t.Errorf("in force before: %+v, %v", in, err)
	}
	in, err = p.InForce(t.Context(), overview.Moment{On: made.EffectiveFrom, Known: day.Must("2020-01-01")})
	if err != nil || len(in) != 0 {
		t.Errorf("in force, as known before it was published: %+v, %v", in, err)
	}
}
