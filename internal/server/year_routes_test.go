package server_test

import (
	"net/http"
	"net/url"
	"testing"

	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/web/route"
)

// plannedYear is one that is proposed and wants nothing but its budget, method and review.
const plannedYear = day.FinancialYear(2012)

// planFixtures are the lines of the proposed year: one of the agency of the staff, one in kind with a split.
type planFixtures struct {
	pledge, inKind id.FundingLine
}

func makePlan(t testing.TB, db pg.DB, agency string) planFixtures {
	t.Helper()
	fundingtest.Year(t, db, plannedYear)
	other := membershiptest.Organisation(t, db)
	return planFixtures{
		pledge: fundingtest.Line(t, db, plannedYear, func(c *funding.LineCommand) { c.Organisation, c.Total = agency, 1250050 }),
		inKind: fundingtest.Line(t, db, plannedYear, func(c *funding.LineCommand) {
			c.Organisation, c.Form, c.Total, c.Valuation, c.Estimated = other.Slug, funding.InKind, 900000, "Hours at cost", true
			c.Parts = []funding.Part{{Label: "Children's", Weight: 3, IsOurs: true}, {Label: "Adults'", Weight: 2}}
		}),
	}
}

func yearExpectations() []expectation {
	planned := func(path func(string) string) func(fixtures) string {
		return func(fixtures) string { return path(plannedYear.Path()) }
	}
	signed := func(path func(string) string) func(fixtures) string {
		return func(f fixtures) string { return path(f.signedYear) }
	}
	line := func(path func(string, id.FundingLine) string) func(fixtures) string {
		return func(f fixtures) string { return path(plannedYear.Path(), f.plan.inKind) }
	}
	reads := func(name string, status int) expectation {
		return desk(name, status).with("scrutineer", scrutineer, status).with("private office", office, http.StatusForbidden)
	}
	plans := func(name string, status int) expectation {
		return desk(name, status).with("scrutineer", scrutineer, http.StatusForbidden).with("private office", office, http.StatusForbidden)
	}
	partners := func(name string) expectation {
		return closed(name).with("lead officer", lead, http.StatusOK).with("private office", office, http.StatusOK).with("business support", support, http.StatusOK).
			with("scrutineer", scrutineer, http.StatusOK).with("agency staff", staff, http.StatusForbidden).with("administrator", admin, http.StatusForbidden)
	}
	fields := func(pairs ...string) func(fixtures) url.Values {
		v := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return func(fixtures) url.Values { return v }
	}
	linePath, removePath := route.DeskFundingLineTo[id.FundingLine], route.DeskFundingLineRemoveTo[id.FundingLine]
	pledge := func(f fixtures) string { return route.MyPledgeTo(f.plan.pledge) }
	rows := []expectation{
		reads("GET "+route.DeskFunding, http.StatusOK),
		plans("GET "+route.DeskFundingBegin, http.StatusOK),
		plans("POST "+route.DeskFundingBegin, http.StatusUnprocessableEntity),
		reads("GET "+route.DeskFundingYear, http.StatusOK).at(planned(route.DeskFundingYearTo)),
		withFurther(reads("GET "+route.DeskFundingYear, http.StatusOK).at(signed(route.DeskFundingYearTo))),
		withFurther(reads("GET "+route.DeskFundingYear, http.StatusNotFound).at(func(fixtures) string { return route.DeskFundingYearTo("1999-00") })),
		plans("GET "+route.DeskFundingTerms, http.StatusOK).at(planned(route.DeskFundingTermsTo)),
		withFurther(plans("GET "+route.DeskFundingTerms, http.StatusConflict).at(signed(route.DeskFundingTermsTo))),
		plans("POST "+route.DeskFundingTerms, http.StatusUnprocessableEntity).at(planned(route.DeskFundingTermsTo)).sending(fields("opening", "1.234")),
		plans("GET "+route.DeskFundingBudget, http.StatusOK).at(planned(route.DeskFundingBudgetTo)),
		plans("POST "+route.DeskFundingBudget, http.StatusConflict).at(planned(route.DeskFundingBudgetTo)).sending(fields("revision", "99", "budget-staffing", "1,000")),
		plans("GET "+route.DeskFundingLines, http.StatusOK).at(planned(route.DeskFundingLinesTo)),
		plans("POST "+route.DeskFundingLines, http.StatusUnprocessableEntity).at(planned(route.DeskFundingLinesTo)).sending(fields("rows", "1", "total-1", "12,34", "form-1", "cash")),
		plans("GET "+route.DeskFundingLinesImport, http.StatusOK).at(planned(route.DeskFundingLinesImportTo)),
		plans("POST "+route.DeskFundingLinesImport, http.StatusUnprocessableEntity).at(planned(route.DeskFundingLinesImportTo)),
		plans("GET "+route.DeskFundingLineNew, http.StatusOK).at(planned(route.DeskFundingLineNewTo)),
		plans("POST "+route.DeskFundingLineNew, http.StatusUnprocessableEntity).at(planned(route.DeskFundingLineNewTo)),
		plans("GET "+route.DeskFundingLine, http.StatusOK).at(line(linePath)),
		plans("POST "+route.DeskFundingLine, http.StatusUnprocessableEntity).at(line(linePath)),
		plans("GET "+route.DeskFundingLineRemove, http.StatusOK).at(line(removePath)),
		plans("POST "+route.DeskFundingLineRemove, http.StatusConflict).at(line(removePath)).sending(fields("revision", "99")),
		plans("GET "+route.DeskFundingRound, http.StatusOK).at(planned(route.DeskFundingRoundTo)),
		plans("POST "+route.DeskFundingRound, http.StatusUnprocessableEntity).at(planned(route.DeskFundingRoundTo)),
		plans("GET "+route.DeskFundingRelease, http.StatusOK).at(planned(route.DeskFundingReleaseTo)),
		plans("POST "+route.DeskFundingRelease, http.StatusSeeOther).at(planned(route.DeskFundingReleaseTo)),
		plans("GET "+route.DeskFundingReview, http.StatusOK).at(signed(route.DeskFundingReviewTo)),
		plans("POST "+route.DeskFundingReview, http.StatusUnprocessableEntity).at(signed(route.DeskFundingReviewTo)),
		plans("GET "+route.DeskFundingAdjust, http.StatusOK).at(signed(route.DeskFundingAdjustTo)),
		plans("POST "+route.DeskFundingAdjust, http.StatusUnprocessableEntity).at(signed(route.DeskFundingAdjustTo)),
		partners("GET " + route.Years),
		partners("GET " + route.Year).at(planned(route.YearTo)),
		withFurther(partners("GET " + route.Year).at(signed(route.YearTo))),
		closed("GET "+route.MyPledge).at(pledge).with("agency staff", staff, http.StatusOK).with("lead officer", lead, http.StatusForbidden).with("business support", support, http.StatusForbidden),
		closed("POST "+route.MyPledge).at(pledge).with("agency staff", staff, http.StatusUnprocessableEntity).with("lead officer", lead, http.StatusForbidden),
	}
	for _, file := range []func(string) string{route.CSV, route.XLSX} {
		rows = append(rows, reads("GET "+file(route.DeskFundingLines), http.StatusOK).at(func(fixtures) string { return file(route.DeskFundingLinesTo(plannedYear.Path())) }))
	}
	return rows
}
