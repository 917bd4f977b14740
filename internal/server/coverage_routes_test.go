package server_test

import (
	"net/http"

	"partnershipportal/internal/arrangement/arrangementtest"
	"partnershipportal/web/route"
)

// following2018 lets a version follow an edition of the guidance that has a list.
func following2018(m *arrangementtest.Made) { m.Guidance = "Working Together 2018" }

func coverageExpectations() []expectation {
	public := func(f fixtures) string {
		return route.ArrangementCoverageTo(f.desk.published.Ref.Slug, f.desk.published.Ref.Number)
	}
	file := func(of func(string) string) func(fixtures) string {
		return func(f fixtures) string { return of(public(f)) }
	}
	draft := func(below string) func(fixtures) string {
		return func(f fixtures) string {
			return route.DeskCoverageTo(f.desk.draft.Ref.Slug, f.desk.draft.Ref.Number) + below
		}
	}
	const wrong = http.StatusUnprocessableEntity
	edition := func(fixtures) string { return route.AdminEditionTo(1) }
	first := func(fixtures) string { return route.AdminRequirementTo(1, 1) }
	add := func(fixtures) string { return route.AdminRequirementAddTo(1) }
	retract := func(fixtures) string { return route.AdminRequirementRetractTo(1, 1) }
	return []expectation{
		administration("GET "+route.AdminGuidance, http.StatusOK), administration("GET "+route.AdminGuidanceAdd, http.StatusOK), administration("POST "+route.AdminGuidanceAdd, wrong),
		administration("GET "+route.AdminEdition, http.StatusOK).at(edition),
		administration("GET "+route.AdminRequirementAdd, http.StatusOK).at(add), administration("POST "+route.AdminRequirementAdd, wrong).at(add),
		administration("GET "+route.AdminRequirement, http.StatusOK).at(first), administration("POST "+route.AdminRequirement, wrong).at(first),
		administration("GET "+route.AdminRequirementRetract, http.StatusOK).at(retract), administration("POST "+route.AdminRequirementRetract, wrong).at(retract),
		open("GET "+route.ArrangementCoverage, http.StatusOK).at(public),
		open("GET "+route.CSV(route.ArrangementCoverage), http.StatusOK).at(file(route.CSV)), open("GET "+route.XLSX(route.ArrangementCoverage), http.StatusOK).at(file(route.XLSX)),
		desk("GET "+route.DeskCoverage, http.StatusOK).at(draft("")).with("scrutineer", scrutineer, http.StatusOK),
		desk("GET "+route.DeskRequirement, http.StatusOK).at(draft("/4")).with("scrutineer", scrutineer, http.StatusForbidden),
		desk("POST "+route.DeskRequirement, http.StatusUnprocessableEntity).at(draft("/4")).with("scrutineer", scrutineer, http.StatusForbidden),
	}
}
