package server_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"partnershipportal/internal/account/accounttest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/web/route"
)

func TestPostsInTheBrowser(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	partner := membershiptest.Partner(t, s.db)
	slug := partner.Body.Slug
	holder := accounttest.Account(t, s.db)

	support.get(route.DeskPosts).want(http.StatusOK).shows("There is no post yet")
	support.get(route.DeskAttention).shows("Partners without a contact post", partner.Body.Name+" has no contact post")
	support.post(route.DeskPostAdd, url.Values{"organisation": {"no-such"}, "title": {"Manager"}}).want(http.StatusUnprocessableEntity).shows("No organisation has this address")
	support.post(route.DeskPostAdd, url.Values{"organisation": {slug}, "title": {"Staff officer"}, "contact": {"yes"}}).want(http.StatusUnprocessableEntity).
		shows("Enter an email address or a telephone number")
	at := support.post(route.DeskPostAdd, url.Values{"organisation": {slug}, "title": {"Staff officer"}, "contact": {"yes"}, "email": {"so@example.org"}}).
		want(http.StatusSeeOther).header.Get("Location")
	support.get(at).shows("Post added", "Nobody is recorded as holding it", "so@example.org")
	support.post(at+"/holder", merge(url.Values{"name": {"Olive Officer"}, "account": {holder.Email}}, dateFields("starts", "2024-01-01"))).leadsTo(at)
	support.post(at+"/holder", merge(url.Values{"name": {"Nora Next"}, "follows": {"yes"}}, dateFields("starts", "2025-01-01"))).leadsTo(at)
	support.get(at).shows("Olive Officer 1 January 2024 to 31 December 2024", holder.Email, "Nora Next From 1 January 2025")

	public := s.visitor()
	public.get(route.OrganisationTo(slug)).shows("Whom to contact", "Staff officer", "so@example.org").hides("Nora Next", "Olive Officer")
	support.post(at+"/change", url.Values{"title": {"Staff officer"}, "contact": {"yes"}, "email": {"so@example.org"}, "names": {"yes"}}).leadsTo(at)
	s.visitor().get(route.OrganisationTo(slug)).shows("Staff officer , Nora Next").hides("Olive Officer")

	support.post(at+"/reviewed", nil).leadsTo(at)
	support.get(at).shows("Last reviewed " + day.Of(time.Now()).Long())
	support.post(at+"/retract", url.Values{"reason": {"Typed twice"}}).want(http.StatusConflict).shows("Somebody is recorded as holding this post")
	support.get(route.DeskOrganisationTo(slug)).shows("Its posts")
	support.get(route.DeskPostsOf(slug)).shows("Staff officer", "Nora Next")
	support.get(route.DeskPostsOf("other")).shows("No post matches")
}

// Who held a post stays told when the person's account, role or suspension changes.
func TestEndingAnAccountEndsNothingInHistory(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	partner := membershiptest.Partner(t, s.db, func(p *membershiptest.PartnerMade) { p.PublishesNames = true })
	person := accounttest.Account(t, s.db, accounttest.In(authz.Office, partner.Body.ID))
	appointed := membershiptest.Appointment(t, s.db, partner.ID, func(a *membershiptest.AppointmentMade) { a.Account = person.ID })
	ids := makePosts(t, s.db, partner.Body.ID)
	exec(t, s.db, `INSERT INTO post_holder (post_id, name, account_id, starts_on) VALUES ($1, $2, $3, '2023-01-01')`, ids.post, person.Name, person.ID)
	admin, support := s.asRole(authz.Administrator), s.asRole(authz.BusinessSupport)

	admin.post(route.AdminUserTo(person.ID)+"/suspend", nil).want(http.StatusSeeOther)
	support.get(route.DeskPostTo(ids.post)).shows(person.Name, "From 1 January 2023")
	support.get(route.DeskAppointmentTo(appointed.ID)).shows(person.Name, "Confirmed")
	s.visitor().get(route.OrganisationTo(partner.Body.Slug)).shows("Office that signs: Chief Officer")
	admin.post(route.AdminUserTo(person.ID)+"/restore", nil).want(http.StatusSeeOther)
	support.get(route.DeskPostTo(ids.post)).shows(person.Name, "From 1 January 2023")
}
