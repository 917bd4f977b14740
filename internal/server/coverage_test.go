package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/web/route"
)

func TestAnAdministratorKeepsTheGuidance(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin := s.asRole(authz.Administrator)
	admin.get(route.AdminGuidance).want(http.StatusOK).shows("Working Together 2018", "14, 11 confirmed", "Working Together 2026", "No list is recorded")
	admin.get(route.AdminEditionTo(2)).want(http.StatusOK).shows("Must. Not confirmed against the published guidance")
	title := url.Values{"title": {"Working Together 2018"}, "published-day": {"1"}, "published-month": {"5"}, "published-year": {"2031"}}
	admin.post(route.AdminGuidanceAdd, title).want(http.StatusUnprocessableEntity).shows("There is an edition of this title already")
	title.Set("title", "Working Together 2031")
	added := admin.post(route.AdminGuidanceAdd, title).want(http.StatusSeeOther).header.Get("Location")
	admin.get(added).want(http.StatusOK).shows("No list is recorded for this edition.")
	must := url.Values{"number": {"1"}, "kind": {"must"}, "wording": {"How it is done"}, "confidence": {"confirmed"}}
	admin.post(added+"/add", must).want(http.StatusUnprocessableEntity).shows("Say where the confirmed text was read")
	must.Set("source", "Chapter 2")
	admin.post(added+"/add", must).want(http.StatusSeeOther)
	must.Del("number")
	must.Set("wording", "How all of it is done")
	admin.post(added+"/1", must).want(http.StatusSeeOther)
	admin.get(added+"/1").want(http.StatusOK).shows("How all of it is done", "Must: How it is done")
	admin.post(added+"/1/retract", url.Values{"reason": {"Typed twice."}}).want(http.StatusSeeOther)
	admin.get(added).shows("No list is recorded for this edition.")
	admin.get(added + "/1").want(http.StatusNotFound)
}

func TestCoverageIsSaidWhileDraftingAndShownToEverybody(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	made := arrangementtest.Draft(t, s.db, following2018)
	slug := made.Ref.Slug
	list, answer := route.DeskCoverageTo(slug, 1), func(n int) string { return route.DeskRequirementTo(slug, 1, n) }

	support.get(route.DeskVersionTo(slug, 1)).want(http.StatusOK).shows("Coverage of the guidance", "3 of 14 covered")
	support.get(list).want(http.StatusOK).shows("3 of 14 requirements of Working Together 2018 are covered.", "Nothing is said yet", "Confirmed against the published guidance only in part")
	support.get(answer(1)).want(http.StatusOK).shows("Requirement 1 of Working Together 2018", "It cannot be marked as not covered.").hides("Not covered, because")
	support.post(answer(1), url.Values{"revision": {"1"}, "reason": {"No need"}}).want(http.StatusUnprocessableEntity).shows("This is a must, and its text is confirmed.")
	support.post(answer(1), url.Values{"revision": {"1"}}).want(http.StatusSeeOther)
	support.get(route.DeskOpenRoundTo(slug, 1)).want(http.StatusOK).shows("The round cannot open yet", "No section covers requirement 1 of Working Together 2018")
	support.get(route.DeskVersionTo(slug, 1)).shows("Before a round can open", "No section covers requirement 1")
	first := strconv.FormatInt(int64(made.SectionIDs[0]), 10)
	support.post(answer(1), url.Values{"revision": {"2"}, "sections": {first}}).want(http.StatusSeeOther)

	support.post(answer(4), url.Values{"revision": {"0"}, "reason": {"Said in the membership."}}).want(http.StatusSeeOther)
	support.post(answer(4), url.Values{"revision": {"0"}, "reason": {"Another reason."}}).want(http.StatusConflict).
		shows("Somebody else changed the answer to requirement 4", "Said in the membership.", "Another reason.", "Replace the saved text with mine")
	support.get(answer(99)).want(http.StatusNotFound)

	out := arrangementtest.OutForSignOff(t, s.db, following2018)
	support.get(route.SignOffRoundTo(out.Round)).want(http.StatusOK).shows("How it meets the guidance", "3 of 14 requirements", "Section 1: Scope")
	support.get(route.DeskRequirementTo(out.Ref.Slug, 1, 4)).want(http.StatusConflict).shows("Recall the round")

	public := s.visitor()
	published := arrangementtest.Published(t, s.db, following2018)
	public.get(route.ArrangementVersionTo(published.Ref.Slug, 1)).want(http.StatusOK).shows("How it meets the guidance")
	public.get(route.ArrangementCoverageTo(published.Ref.Slug, 1)).want(http.StatusOK).shows("3 of 14 requirements of Working Together 2018 are covered.", "Section 1: Scope", "Nothing is said yet")
	unlisted := arrangementtest.Published(t, s.db)
	public.get(route.ArrangementCoverageTo(unlisted.Ref.Slug, 1)).want(http.StatusOK).shows("no list was recorded for this edition")
	framework := arrangementtest.Draft(t, s.db, func(m *arrangementtest.Made) { m.Kind, m.Guidance = "framework", "Working Together 2018" })
	support.get(route.DeskCoverageTo(framework.Ref.Slug, 1)).want(http.StatusOK).shows("Documents of this kind are not held against a list")
}
