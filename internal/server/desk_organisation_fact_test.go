package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/web/route"
)

func TestFactsOfAnOrganisationAreKeptByClicking(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support, visitor := s.asRole(authz.BusinessSupport), s.visitor()
	p := membershiptest.Partner(t, s.db)
	second := membershiptest.Area(t, s.db)
	here, public := route.DeskOrganisationTo(p.Body.Slug), route.OrganisationTo(p.Body.Slug)

	support.get(here + "/edit").want(http.StatusOK).shows("Kind of organisation")
	support.post(here+"/edit", url.Values{"kind": {"police"}, "note": {"A force"}}).leadsTo(here)
	support.post(here+"/identifier", url.Values{"scheme": {"gss"}, "value": {"Kent"}}).want(http.StatusUnprocessableEntity).
		shows("The code must be E or W and eight figures, like E10000016")
	support.post(here+"/identifier", url.Values{"scheme": {"gss"}, "value": {"e10000016"}}).leadsTo(here)
	support.post(here+"/address", url.Values{"address": {"Sutton Road"}, "postcode": {"nowhere"}}).want(http.StatusUnprocessableEntity).shows("Enter a full postcode")
	support.post(here+"/address", merge(url.Values{"address": {"Sutton Road\r\nMaidstone"}, "postcode": {"ME15 9BZ"}}, dateFields("starts", "2020-01-01"))).leadsTo(here)
	visitor.get(public).want(http.StatusOK).shows("A force", "ONS area code E10000016", "Sutton Road, Maidstone, ME15 9BZ", "Entered on ")

	area := route.DeskPartnerAct(p.Body.Slug, p.ID, "area")
	support.post(area, url.Values{"area": {"1"}}).want(http.StatusUnprocessableEntity)
	support.post(area, merge(url.Values{"area": {number(second)}}, dateFields("starts", "2021-10-01"))).leadsTo(here)
	support.get(here).shows("from 1 October 2021", "E10000016")
	visitor.get(public).shows("1 October 2021", " too")
	support.post(area, merge(url.Values{"area": {number(second)}}, dateFields("starts", "2022-10-01"))).want(http.StatusConflict).shows("shares this area")

	row := func(table, where string) string {
		t.Helper()
		var n int64
		if err := s.db.QueryRow(t.Context(), `SELECT id FROM `+table+` WHERE `+where).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return strconv.FormatInt(n, 10)
	}
	name := here + "/retract/name/" + row("organisation_name", `name = '`+p.Body.Name+`'`)
	support.post(name, url.Values{"reason": {"Misspelt"}}).want(http.StatusUnprocessableEntity).shows("Enter the right name in its place")
	support.post(name, url.Values{"reason": {"Misspelt"}, "right": {"Kent Police " + p.Body.Slug}}).leadsTo(here)
	support.get(here).shows("Kent Police "+p.Body.Slug, "Misspelt", p.Body.Name)
	visitor.get(public).shows("Kent Police "+p.Body.Slug).hides(p.Body.Name, "Misspelt")
	share := row("partner_area", `starts_on = '2021-10-01'`)
	support.get(here + "/area/" + share + "/end").want(http.StatusOK)
	support.post(here+"/area/"+share+"/end", dateFields("ends", "2023-09-30")).leadsTo(here)
	support.post(here+"/retract/area/"+share, url.Values{"reason": {"Never so"}}).leadsTo(here)
	support.get(here + "/retract/area/" + share).want(http.StatusNotFound)
	support.get(here + "/retract/rumour/1").want(http.StatusNotFound)
	support.get(here + "/retract/name/x").want(http.StatusNotFound)

	support.post(here+"/retract", url.Values{"reason": {"Typed twice"}}).want(http.StatusConflict).shows("Something still hangs on the organisation")
	support.post(here+"/retract/partner/"+number(p.ID), url.Values{"reason": {"Typed twice"}}).leadsTo(here)
	support.post(here+"/retract", url.Values{"reason": {"Typed twice"}}).leadsTo(route.DeskOrganisations)
	visitor.get(public).want(http.StatusNotFound)
	support.get(here).want(http.StatusNotFound)
}
