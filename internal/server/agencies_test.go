package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/web/route"
)

func TestTheScheduleIsKeptAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	support.get(route.DeskAgencyCategories).want(http.StatusOK).shows("4. Governing body of a maintained school", "Unconfirmed", "From 29 June 2018")
	page := route.DeskAgencyCategoryTo(16)
	change := url.Values{"group": {"Health and social care"}, "category": {"NHS trust in England"}, "confidence": {"confirmed"}}
	support.post(page, change).want(http.StatusUnprocessableEntity).shows("Enter where the wording was read")
	support.post(page, merge(change, url.Values{"source": {"Schedule, paragraph 16"}})).leadsTo(page)
	support.get(page).want(http.StatusOK).shows("What it said before", "NHS trust", "Unconfirmed", "Confirmed")
	support.post(page, merge(merge(change, dateFields("ends", "2020-03-31")), url.Values{"source": {"Schedule, paragraph 16"}})).leadsTo(page)

	add := url.Values{"paragraph": {"36"}, "group": {"Miscellaneous"}, "category": {"Youth club"}, "confidence": {"unconfirmed"}}
	support.post(route.DeskAgencyCategoryAdd, add).leadsTo(route.DeskAgencyCategories)
	support.post(route.DeskAgencyCategoryAdd, add).want(http.StatusUnprocessableEntity).shows("The list has this paragraph already")
	support.get(route.DeskAgencyCategoryTo(99)).want(http.StatusNotFound)

	body := membershiptest.Organisation(t, s.db)
	agency := merge(url.Values{"basis": {"chosen"}, "categories": {"16"}}, dateFields("starts", "2024-01-01"))
	support.post(route.DeskOrganisationAct(body.Slug, "agency"), agency).want(http.StatusUnprocessableEntity).shows("Paragraph 16 ended on 31 March 2020")
}

func TestAnAgencyIsKeptAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	a := membershiptest.Agency(t, s.db)
	list := route.DeskAgencies + "?name=" + url.QueryEscape(a.Body.Name)
	support.get(list).want(http.StatusOK).shows(a.Body.Name, "4. Governing body of a maintained school", "1 agency.")
	support.get(list + "&state=ended").hides(`>` + a.Body.Name + `<`).shows("No relevant agency matches")
	support.get(list + "&without=reader").shows(a.Body.Name)
	support.get(list + "&without=category").shows("No relevant agency matches")
	support.get(list + "&category=4&basis=chosen").shows(a.Body.Name)

	change := route.DeskAgencyAct(a.Body.Slug, a.ID, "change")
	support.get(change).want(http.StatusOK).shows("Governing body of a maintained school")
	fields := url.Values{"categories": {"5"}, "reason": {"A nursery now"}}
	support.post(change, fields).want(http.StatusUnprocessableEntity).shows("Enter why categories are taken back")
	support.post(change, merge(fields, url.Values{"why": {"Entered in error"}})).leadsTo(route.DeskOrganisationTo(a.Body.Slug))
	s.visitor().get(route.OrganisationTo(a.Body.Slug)).shows("A nursery now")
	var kept int
	if err := s.db.QueryRow(t.Context(), `SELECT count(*) FROM agency_membership_category WHERE membership_id = $1 AND retracted_reason = 'Entered in error'`, a.ID).Scan(&kept); err != nil || kept != 1 {
		t.Errorf("%d categories are kept as taken back (%v), want 1", kept, err)
	}

	basis := route.DeskAgencyAct(a.Body.Slug, a.ID, "basis")
	invite := merge(url.Values{"basis": {"invitee"}, "reason": {"Asked"}}, dateFields("starts", "2025-04-01"))
	support.post(basis, merge(invite, dateFields("starts", "2018-01-01"))).want(http.StatusUnprocessableEntity).shows("must be after 1 January 2019")
	support.post(basis, invite).leadsTo(route.DeskOrganisationTo(a.Body.Slug))
	support.get(route.DeskOrganisationTo(a.Body.Slug)).shows("1 January 2019 to 31 March 2025", "From 1 April 2025", "Invited to take part")

	readers := route.DeskReadersTo(a.Body.Slug)
	support.get(readers).want(http.StatusOK).shows("Nobody is named as a reader yet", "No version names it")
	reader := merge(url.Values{"name": {"Ada Ames"}, "email": {"Ada@Example.org"}, "post": {"Head"}, "capacity": {"leader"}}, dateFields("starts", "2025-01-01"))
	support.post(readers+"/add", reader).leadsTo(readers)
	support.post(readers+"/add", reader).want(http.StatusUnprocessableEntity).shows("reads for the agency in this capacity already")
	support.get(readers).shows("Ada Ames", "ada@example.org", "None yet")
	support.get(list + "&without=reader").shows("No relevant agency matches")
	s.visitor().get(route.OrganisationTo(a.Body.Slug)).hides("Ada Ames")
}

func TestTheStaffOfAnAgencyProposeCorrections(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	a, other := membershiptest.Agency(t, s.db), membershiptest.Agency(t, s.db)
	staff := s.asRole(authz.AgencyStaff, a.Body.ID)
	var post string
	err := s.db.QueryRow(t.Context(), `INSERT INTO post (organisation_id, title, email, is_contact) VALUES ($1, 'Clerk', 'old@example.org', true) RETURNING id::text`, a.Body.ID).Scan(&post)
	if err != nil {
		t.Fatal(err)
	}
	staff.get(route.MyAgency).want(http.StatusOK).shows(a.Body.Name, "Clerk", "old@example.org", "No correction was proposed yet", "Nobody is named as a reader yet").hides(other.Body.Name)
	form := route.MyAgencyCorrectionFor(a.Body.Slug)
	staff.get(form).want(http.StatusOK).shows("Propose a correction")
	staff.get(route.MyAgencyCorrectionFor(other.Body.Slug)).want(http.StatusNotFound)
	fields := url.Values{"agency": {a.Body.Slug}, "field": {"post-email"}, "words": {"The address is old."}}
	staff.post(route.MyAgencyCorrection, fields).want(http.StatusUnprocessableEntity).shows("Choose the contact post")
	staff.post(route.MyAgencyCorrection, merge(fields, url.Values{"agency": {other.Body.Slug}})).want(http.StatusNotFound)
	staff.post(route.MyAgencyCorrection, merge(fields, url.Values{"post": {post}, "suggested": {"new@example.org"}})).leadsTo(route.MyAgency)
	staff.post(route.MyAgencyCorrection, url.Values{"agency": {a.Body.Slug}, "field": {"name"}, "words": {"We are a college now."}}).leadsTo(route.MyAgency)
	staff.get(route.MyAgency).shows("Waits for an answer", "The address is old.")
	s.asRole(authz.AgencyStaff, other.Body.ID).get(route.MyAgency).hides("The address is old.")

	support.get(route.Home).shows("Answer 2 corrections that agencies propose")
	list := support.get(route.DeskCorrections).want(http.StatusOK).shows(a.Body.Name)
	var first, second string
	if err := s.db.QueryRow(t.Context(), `SELECT min(id)::text, max(id)::text FROM correction WHERE organisation_id = $1`, a.Body.ID).Scan(&first, &second); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(list.body, route.DeskCorrections+"/"+first) {
		t.Errorf("no link to proposal %s", first)
	}
	one, two := route.DeskCorrections+"/"+first, route.DeskCorrections+"/"+second
	support.get(one).want(http.StatusOK).shows("new@example.org", "It says today", "old@example.org")
	support.post(one, url.Values{"decision": {"decline"}}).want(http.StatusUnprocessableEntity).shows("Enter why you decline it")
	support.post(one, url.Values{"decision": {"apply"}}).leadsTo(route.DeskCorrections)
	support.post(one, url.Values{"decision": {"accept"}}).want(http.StatusConflict).shows("answered already")
	support.get(two).shows("Give it a new name")
	support.post(two, url.Values{"decision": {"decline"}, "answer": {"The register says otherwise."}}).leadsTo(route.DeskCorrections)
	staff.get(route.MyAgency).shows("new@example.org", "Accepted, and changed", "Declined", "The register says otherwise.").hides("Waits for an answer")
}

func TestAgenciesAreNamedInAVersion(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	made := arrangementtest.Draft(t, s.db)
	a, b := membershiptest.Agency(t, s.db), membershiptest.Agency(t, s.db)
	page, add := route.DeskVersionAgenciesTo(made.Slug, 1), route.DeskVersionAgencyAddTo(made.Slug, 1)
	support.get(page).want(http.StatusOK).shows("This version names no relevant agency yet", "Name all 2 that are not named")
	support.get(add).shows(a.Body.Name, b.Body.Name, "2 agencies are not named yet")
	support.get(add + "?name=" + url.QueryEscape(a.Body.Name)).shows(a.Body.Name).hides(b.Body.Name)
	support.post(add, url.Values{}).want(http.StatusUnprocessableEntity).shows("Tick at least one agency")
	support.post(add, url.Values{"agencies": {number(a.Body.ID)}}).leadsTo(page)
	support.get(page).shows(a.Body.Name, "1 agency is named").hides(b.Body.Name)
	support.get(route.DeskOpenRoundTo(made.Slug, 1)).shows("Relevant agencies named", "Relevant agencies not named (1)", b.Body.Name)
	support.post(page, url.Values{"all": {"yes"}}).leadsTo(page)
	support.get(page).shows("2 agencies are named", "is named.").hides("Choose agencies")
	support.get(route.DeskReadersTo(a.Body.Slug)).shows(made.Title, "Not yet")
	staff := s.as(accounttest.Account(t, s.db, accounttest.In(authz.AgencyStaff, a.Body.ID)).ID)
	staff.get(route.MyAgency).shows("No published version names it")
}
