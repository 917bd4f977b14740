package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/web/route"
)

func successionExpectations() []expectation {
	one := func(f fixtures) string { return route.DeskSuccessionTo(f.members.succession) }
	reverse := func(f fixtures) string { return route.DeskSuccessionReverseTo(f.members.succession) }
	return []expectation{
		desk("GET "+route.DeskSuccessions, http.StatusOK).with("scrutineer", scrutineer, http.StatusForbidden),
		desk("GET "+route.DeskSuccessionRecord, http.StatusOK),
		desk("POST "+route.DeskSuccessionRecord, http.StatusUnprocessableEntity),
		desk("GET "+route.DeskSuccession, http.StatusOK).at(one),
		desk("GET "+route.DeskSuccessionReverse, http.StatusOK).at(reverse),
		desk("POST "+route.DeskSuccessionReverse, http.StatusUnprocessableEntity).at(reverse),
	}
}

func TestASuccessionIsRecordedAndTakenBackByClicking(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	made := arrangementtest.OutForSignOff(t, s.db)
	u := membershiptest.Unique()
	ccg := made.Partners[2]
	today := day.Of(time.Now())
	if got := support.get(route.DeskOrganisationTo(ccg.Body.Slug)).shows("Record a succession").body; !strings.Contains(got, route.DeskSuccessionRecordOf(ccg.Body.Slug)) {
		t.Error("the page of a body does not lead to its succession")
	}
	if got := support.get(route.DeskSuccessionRecordOf(ccg.Body.Slug)).want(http.StatusOK).shows(ccg.Body.Slug).body; strings.Count(got, " checked") != 4 {
		t.Error("what follows is not ticked")
	}

	fields := merge(url.Values{"kind": {"takeover"}, "predecessors": {ccg.Body.Name}, "follows": {"end", "partner", "agency", "posts"},
		"begins-name": {"NHS Kent " + u}, "begins-slug": {"nhs-kent-" + u}, "begins-kind": {"health"}, "note": {"An Act of Parliament"},
		"outlasting": {"Closing its accounts"}}, dateFields("on", today.Add(1).String()))
	post := func(changes url.Values) answer {
		return support.post(route.DeskSuccessionRecord, merge(fields, changes))
	}
	post(url.Values{"predecessors": {"Nobody"}}).want(http.StatusUnprocessableEntity).shows("There is no organisation called “Nobody”")
	post(url.Values{"kind": {"split"}}).want(http.StatusUnprocessableEntity).shows("Choose at least two organisations that followed")
	post(nil).want(http.StatusOK).shows("Check before you record it", "NHS Kent "+u+" follows "+ccg.Body.Name,
		"is a safeguarding partner until "+today.Long(), "Open sign-offs", "Recall each of these", "no last day is known")
	post(url.Values{"step": {"change"}}).want(http.StatusOK).shows("Record what became of an organisation")
	s.visitor().get(route.OrganisationTo("nhs-kent-" + u)).want(http.StatusNotFound)
	post(url.Values{"step": {"do"}}).leadsTo("/desk/successions/" + last(t, s))
	path := "/desk/successions/" + last(t, s)
	support.get(path).want(http.StatusOK).shows("Succession recorded", "NHS Kent "+u+" follows", "Take this succession back", "begins on "+today.Add(1).Long())
	post(url.Values{"step": {"do"}}).want(http.StatusUnprocessableEntity).shows("Another organisation has this address")
	support.get(route.DeskSuccessions).shows("NHS Kent "+u+" follows", "Stands")
	s.visitor().get(route.OrganisationTo("nhs-kent-"+u)).want(http.StatusOK).shows("Took over from "+ccg.Body.Name, "An Act of Parliament")

	support.post(path+"/reverse", url.Values{"reason": {""}}).want(http.StatusUnprocessableEntity).shows("Enter why it is taken back")
	support.post(path+"/reverse", url.Values{"reason": {"Not enacted"}}).leadsTo(path)
	support.get(path).shows("Not enacted", "counts for nothing").hides("Take this succession back")
	support.post(path+"/reverse", url.Values{"reason": {"again"}}).want(http.StatusConflict).shows("already reversed")
	s.visitor().get(route.OrganisationTo("nhs-kent-" + u)).want(http.StatusNotFound)
	s.visitor().get(route.OrganisationTo(ccg.Body.Slug)).want(http.StatusOK).hides("Succeeded by")
	support.get(route.DeskSuccessions).shows("Taken back")
	support.get("/desk/successions/999999").want(http.StatusNotFound)
}

// last is the identifier of the succession recorded last.
func last(t *testing.T, s *site) string {
	t.Helper()
	var which string
	if err := s.db.QueryRow(t.Context(), `SELECT coalesce(max(id), 0)::text FROM succession`).Scan(&which); err != nil {
		t.Fatal(err)
	}
	return which
}
