package server_test

import (
	"net/http"
	"strings"
	"testing"

	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/web/route"
)

func TestAnyDayCanBeAskedForAsItWasKnown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	u := membershiptest.Unique()
	ccg := membershiptest.Organisation(t, s.db, func(b *membershiptest.Body) { b.Name = "Kent CCGs " + u })
	partner := membershiptest.Partner(t, s.db, func(p *membershiptest.PartnerMade) { p.Body, p.Kind = ccg, "health" })
	membershiptest.Appointment(t, s.db, partner.ID, func(a *membershiptest.AppointmentMade) { a.Office = "Accountable Officer" })
	agency := membershiptest.Agency(t, s.db, func(a *membershiptest.AgencyMade) {
		a.Body = membershiptest.Organisation(t, s.db, func(b *membershiptest.Body) { b.Name = "=Hill School " + u })
		a.Reason = "<script>alert(1)</script>"
	})
	membershiptest.RecordedOn(t, s.db, day.Must("2020-05-05"))
	exec(t, s.db, `UPDATE organisation_name SET ends_on = '2020-12-31' WHERE organisation_id = $1`, ccg.ID)
	membershiptest.Name(t, s.db, ccg.ID, "Kent CCG "+u, day.Must("2021-01-01"), day.Date{})
	exec(t, s.db, `UPDATE agency_membership SET retracted_reason = 'Typed twice' WHERE id = $1`, agency.ID)
	membershiptest.RecordedOn(t, s.db, day.Must("2022-02-02"))

	v := s.visitor()
	v.get(route.AsAtAny).want(http.StatusOK).shows("How things stood on a day")
	v.get(route.AsAtAny + "?on-day=1&on-month=6&on-year=2021").leadsTo(route.AsAtTo("2021-06-01", ""))
	v.get(route.AsAtAny + "?on-day=1&on-month=6&on-year=2021&known-day=1&known-month=2&known-year=2022").leadsTo(route.AsAtTo("2021-06-01", "2022-02-01"))
	v.get(route.AsAtAny+"?on-day=31&on-month=2&on-year=2021").want(http.StatusUnprocessableEntity).shows("There is a problem", "must be a real date")
	v.get(route.AsAtAny + "?on-day=&on-month=&on-year=").want(http.StatusUnprocessableEntity).shows("Enter a day")

	v.get(route.AsAtTo("2021-06-01", "")).want(http.StatusOK).shows("Kent CCG "+u, "Accountable Officer", "5 May 2020", "Entries that were made later are included",
		"See how things stand today", "No version of the arrangements was in force").hides("Hill School "+u, "Kent CCGs "+u)
	v.get(route.AsAtTo("2021-06-01", "2022-02-01")).want(http.StatusOK).shows("Kent CCGs "+u, "=Hill School "+u, "what was known at the end of 1 February 2022",
		route.AsAtTo("2021-06-01", "2022-02-01")).hides("Kent CCG " + u)
	v.get(route.AsAtTo("2021-06-01", "2020-05-04")).want(http.StatusOK).shows("Nothing had been entered in this portal by then").hides(u)
	v.get(route.AsAtTo("2018-06-01", "")).shows("No safeguarding partner is recorded for this day")

	if got := v.get(route.CSV(route.AsAtAgenciesTo("2021-06-01")) + "?known=2022-02-01").want(http.StatusOK).body; !strings.Contains(got, `"'=Hill School `+u+`"`) ||
		!strings.Contains(got, `"2020-05-05","2021-06-01","2022-02-01"`) {
		t.Errorf("the file of the agencies says %q", got)
	}
	if got := v.get(route.CSV(route.AsAtPartnersTo("2021-06-01"))).want(http.StatusOK).body; !strings.Contains(got, "Kent CCG "+u) || !strings.Contains(got, "Accountable Officer") {
		t.Errorf("the file of the partners says %q", got)
	}
	for _, path := range []string{"/as-at/2021-02-29", "/as-at/today", "/as-at/2021-06-01?known=x", "/as-at/2021-06-01/agencies.csv?known=31", "/as-at/%00", "/as-at/2021-06-01?after=%00"} {
		if got := v.get(path).status; got != http.StatusNotFound && got != http.StatusBadRequest {
			t.Errorf("%s answers %d", path, got)
		}
	}
}

func TestAgenciesOfADayAreShownAHundredAtATime(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for range 101 {
		membershiptest.Agency(t, s.db)
	}
	v := s.visitor()
	first := v.get(route.AsAtTo("2020-01-01", "")).shows("100 of 101 agencies are shown", "More agencies")
	_, rest, _ := strings.Cut(first.body, `href="`+route.AsAtTo("2020-01-01", "")+"?after=")
	key, _, _ := strings.Cut(rest, `"`)
	v.get(route.AsAtTo("2020-01-01", "")+"?after="+key).want(http.StatusOK).shows("1 of 101 agencies", "From the beginning of the list").hides("More agencies")
}

func TestADayShowsTheContributionsAgreedByThen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	u := membershiptest.Unique()
	payer := membershiptest.Organisation(t, s.db, func(b *membershiptest.Body) { b.Name = "Payer " + u })
	fundingtest.Contribution(t, s.db, func(c *funding.RecordCommand) {
		c.Organisation, c.Year, c.Pence = payer.Slug, 2019, 1234500
		c.Agreed = day.On(day.Must("2019-05-07"))
	})
	membershiptest.RecordedOn(t, s.db, day.Must("2020-05-05"))
	v := s.visitor()
	v.get(route.AsAtTo("2019-06-01", "")).shows("Contributions agreed for 2019/20", "Payer "+u, "£12,345", "All that is recorded of 2019/20")
	v.get(route.AsAtTo("2019-05-06", "")).shows("No contributions for 2019/20 are recorded as agreed by this day").hides("£12,345")
}
