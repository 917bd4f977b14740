package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/web/route"
)

func TestAnEmptyInstallationIsFilledByClicking(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	area := membershiptest.Area(t, s.db)
	s.visitor().get(route.Partners).want(http.StatusOK).shows("No safeguarding partner is recorded for this day")
	s.visitor().get(route.Agencies).want(http.StatusOK).shows("No relevant agency is recorded for this day")
	support.get(route.DeskOrganisations).shows("There is no organisation yet")

	add := url.Values{"name": {"Kent Police"}, "slug": {"kent-police"}, "kind": {"police"}}
	support.post(route.DeskOrganisationAdd, merge(add, url.Values{"slug": {"Kent Police"}})).want(http.StatusUnprocessableEntity).
		shows("Use lower-case letters, figures and single hyphens only")
	support.post(route.DeskOrganisationAdd, merge(add, url.Values{"slug": {"add"}})).want(http.StatusUnprocessableEntity)
	support.post(route.DeskOrganisationAdd, add).leadsTo("/desk/organisations/kent-police")
	body := route.DeskOrganisationTo("kent-police")
	support.get(body).want(http.StatusOK).shows("Kent Police added", "It is not and was not a safeguarding partner")
	support.post(route.DeskOrganisationAdd, add).want(http.StatusUnprocessableEntity).shows("Another organisation has this address")

	partner := merge(url.Values{"statutory-kind": {"police"}, "areas": {number(area)}}, dateFields("starts", "2019-09-17"))
	support.post(body+"/partner", merge(partner, url.Values{"areas": {"999999999"}})).want(http.StatusUnprocessableEntity).shows("Choose areas of the partnership")
	support.post(body+"/partner", partner).want(http.StatusOK).shows("Check before you go on", "From 17 September 2019", "No, only their office")
	support.post(body+"/partner", merge(partner, url.Values{"step": {"do"}})).leadsTo(body)
	support.post(body+"/partner", merge(partner, url.Values{"step": {"do"}})).want(http.StatusConflict).shows("already a safeguarding partner")
	s.visitor().get(route.Partners).shows("Kent Police", "From 17 September 2019")

	school := url.Values{"name": {"Hill School"}, "slug": {"hill-school"}, "kind": {"education"}}
	support.post(route.DeskOrganisationAdd, school).leadsTo("/desk/organisations/hill-school")
	agency := merge(url.Values{"basis": {"chosen"}, "categories": {"4", "25"}, "reason": {"Every school"}}, dateFields("starts", "2019-09-17"))
	page := route.DeskOrganisationTo("hill-school")
	support.post(page+"/agency", merge(agency, url.Values{"categories": nil})).want(http.StatusUnprocessableEntity).shows("Choose at least one category")
	support.post(page+"/agency", agency).leadsTo(page)
	support.get(page).shows("Governing body of a maintained school", "District council")
	visitor := s.visitor()
	visitor.get(route.Agencies).shows("Hill School", "Chosen by the safeguarding partners: Every school")
	visitor.get(route.Agencies + "?by=group").shows("Education and childcare").hides("Local government")
	visitor.get(route.Agencies+"?group=Education+and+childcare").shows("Hill School", "Governing body of a maintained school", "1 relevant agency")
	visitor.get(route.Agencies + "?name=hill").shows("Hill School")
	visitor.get(route.Agencies + "?letter=z").want(http.StatusOK).shows("No relevant agency matches").hides("Hill School")
}

func TestADatedStoryOfAnOrganisation(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	u := membershiptest.Unique()
	ccg := membershiptest.Partner(t, s.db, func(p *membershiptest.PartnerMade) {
		p.Kind = "health"
		p.Body = membershiptest.Organisation(t, s.db, func(b *membershiptest.Body) { b.Name = "Kent CCGs " + u })
	})
	icb := membershiptest.Organisation(t, s.db, func(b *membershiptest.Body) { b.Name = "NHS Kent " + u })
	page := route.DeskOrganisationTo(ccg.Body.Slug)

	rename := merge(url.Values{"name": {"Kent and Medway CCG " + u}}, dateFields("starts", "2020-04-01"))
	support.post(page+"/rename", rename).leadsTo(page)
	support.post(page+"/rename", merge(rename, url.Values{"name": {"Another"}})).want(http.StatusUnprocessableEntity).shows("must be after 1 April 2020")
	end := route.DeskPartnerAct(ccg.Body.Slug, ccg.ID, "end")
	support.post(end, dateFields("ends", "2022-06-30")).want(http.StatusOK).shows("Check before you go on", "30 June 2022")
	support.post(page+"/end", dateFields("ends", "2022-06-30")).want(http.StatusConflict).shows("End that first")
	support.post(end, merge(dateFields("ends", "2022-06-30"), url.Values{"step": {"do"}})).leadsTo(page)
	support.post(page+"/end", dateFields("ends", "2022-06-30")).leadsTo(page)
	succeed := merge(url.Values{"kind": {"takeover"}, "predecessors": {ccg.Body.Slug}, "successors": {icb.Slug}, "note": {"Health and Care Act 2022"}, "step": {"do"}},
		dateFields("on", "2022-07-01"))
	support.post(route.DeskSuccessionRecord, succeed).want(http.StatusSeeOther)
	support.post(route.DeskSuccessionRecord, succeed).want(http.StatusUnprocessableEntity).shows("already recorded")
	names := route.DeskPartnerAct(ccg.Body.Slug, ccg.ID, "names")
	support.post(names, url.Values{"publishes-names": {"yes"}}).leadsTo(page)
	support.get(page).shows("Yes")
	support.get(route.DeskPartnerAct(icb.Slug, ccg.ID, "end")).want(http.StatusNotFound)
	support.get(route.DeskAgencyEndTo(icb.Slug, ccg.ID)).want(http.StatusNotFound)
	support.get(route.DeskOrganisationTo("no-such-body")).want(http.StatusNotFound)

	v := s.visitor()
	v.get(route.Partners+"?on=2019-06-01").want(http.StatusOK).shows("as it was on 1 June 2019", "Kent CCGs "+u, "See today")
	v.get(route.Partners + "?on=2021-06-01").shows("Kent and Medway CCG " + u)
	v.get(route.Partners).shows("Former safeguarding partners", "Kent and Medway CCG "+u).hides("as it was on")
	v.get(route.Partners + "?on=yesterday").want(http.StatusUnprocessableEntity).shows("Enter a real day")
	v.get(route.OrganisationTo(ccg.Body.Slug)).want(http.StatusOK).shows("Named Kent CCGs "+u, "Named Kent and Medway CCG "+u, "1 April 2020",
		"Last day as safeguarding partner", "Succeeded by NHS Kent "+u, "Health and Care Act 2022", "Ceased to exist")
	v.get(route.OrganisationTo(icb.Slug)).shows("Took over from Kent and Medway CCG " + u)
	v.get(route.OrganisationTo("no-such-body")).want(http.StatusNotFound)
}

func TestMembershipAsFiles(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	u := membershiptest.Unique()
	membershiptest.Agency(t, s.db, func(a *membershiptest.AgencyMade) {
		a.Reason = "＝1+1"
		a.Body = membershiptest.Organisation(t, s.db, func(b *membershiptest.Body) { b.Name = `=HYPERLINK("x") ` + u })
	})
	membershiptest.Partner(t, s.db, func(p *membershiptest.PartnerMade) {
		p.EndsOn = day.Must("2022-06-30")
		p.Body = membershiptest.Organisation(t, s.db, func(b *membershiptest.Body) { b.Name = "@body " + u })
	})
	v := s.visitor()
	a := v.get(route.CSV(route.Agencies)).want(http.StatusOK)
	for _, want := range []string{`"'=HYPERLINK(""x"") ` + u + `"`, `"'＝1+1"`, "Education and childcare", "http://localhost:8080/organisations/"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the file lacks %s:\n%s", want, a.body)
		}
	}
	if got := a.header.Get("Content-Type"); !strings.HasPrefix(got, "text/csv") {
		t.Errorf("content type %q", got)
	}
	if got := v.get(route.CSV(route.Partners) + "?on=2020-01-01").want(http.StatusOK).body; !strings.Contains(got, `"'@body `+u+`"`) || !strings.Contains(got, `"current","2020-01-01"`) {
		t.Errorf("got %s", got)
	}
	if got := v.get(route.CSV(route.Partners)).body; !strings.Contains(got, `"former"`) {
		t.Errorf("got %s", got)
	}
	x := v.get(route.XLSX(route.Agencies)).want(http.StatusOK)
	if got := x.header.Get("Content-Type"); !strings.HasSuffix(got, "spreadsheetml.sheet") || !strings.HasPrefix(x.body, "PK") ||
		!strings.HasSuffix(x.header.Get("Content-Disposition"), `.xlsx"`) {
		t.Errorf("the workbook is of type %q: %v", got, x.header)
	}
	if got := v.get(route.Agencies + "?on=2020-01-01").body; !strings.Contains(got, `href="/agencies.xlsx?on=2020-01-01"`) {
		t.Error("the page of another day does not offer that day's list as a workbook")
	}
	v.get(route.CSV(route.Partners) + "?on=x").want(http.StatusNotFound)
	if v.get(route.Partners).header.Get("ETag") == "" || v.get(route.Agencies+"?by=group").header.Get("Cache-Control") != "no-cache" {
		t.Error("today's page is not kept, or a page with a query is")
	}
	for _, path := range []string{route.Partners, route.Agencies, route.CSV(route.Agencies)} {
		if got := v.get(path).header; got.Get("Set-Cookie") != "" || strings.Contains(got.Get("Vary"), "Cookie") {
			t.Errorf("%s does session work: %v", path, got)
		}
	}
}
