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
	return []expectation{
		open("GET "+route.ArrangementCoverage, http.StatusOK).at(public),
		open("GET "+route.CSV(route.ArrangementCoverage), http.StatusOK).at(file(route.CSV)), open("GET "+route.XLSX(route.ArrangementCoverage), http.StatusOK).at(file(route.XLSX)),
		desk("GET "+route.DeskCoverage, http.StatusOK).at(draft("")).with("scrutineer", scrutineer, http.StatusOK),
		desk("GET "+route.DeskRequirement, http.StatusOK).at(draft("/4")).with("scrutineer", scrutineer, http.StatusForbidden),
		desk("POST "+route.DeskRequirement, http.StatusUnprocessableEntity).at(draft("/4")).with("scrutineer", scrutineer, http.StatusForbidden),
	}
}
