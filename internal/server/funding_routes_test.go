package server_test

import (
	"net/http"
	"net/url"
	"testing"

	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/signoff/signofftest"
	"partnershipportal/web/route"
)

// fundingFixtures are the contributions that the rows of the table speak of: of 2019/20 one that counts, one in kind and
// one that was taken out. Of 2020/21 there is none.
type fundingFixtures struct {
	cash, inKind, takenOut id.Contribution
	comparable             id.Comparable
}

func makeFunding(t testing.TB, db pg.DB) fundingFixtures {
	t.Helper()
	f := fundingFixtures{cash: fundingtest.Contribution(t, db), takenOut: fundingtest.Contribution(t, db)}
	f.inKind = fundingtest.Contribution(t, db, func(c *funding.RecordCommand) {
		c.Form, c.Valuation, c.Estimated, c.Note, c.Demonstration = funding.InKind, "Hours at cost", true, "Two trainers", true
	})
	fundingtest.TakenOut(t, db, f.takenOut, "Entered for the wrong year")
	fundingtest.LedgerYear(t, db, 2017, 500000)
	fundingtest.Spent(t, db, func(c *funding.SpendCommand) { c.Year, c.DatedOn = 2017, day.Must("2017-07-01") })
	fundingtest.Released(t, db, 2017)
	f.comparable = fundingtest.Comparable(t, db)
	fundingtest.Comparable(t, db, func(c *funding.ComparableCommand) { c.Measure, c.Kind, c.Amount = funding.MeasureChildren, "", 64000 })
	return f
}

// signedYear makes a financial year that every safeguarding partner signed and that is released, and gives it as 2021-22.
func signedYear(t testing.TB, db pg.DB) string {
	t.Helper()
	m := signofftest.OpenYear(t, db)
	m.SignAll(t)
	m.Release(t)
	return m.Slug
}

func contributionForm() url.Values {
	return url.Values{"year": {"2019/20"}, "form": {"cash"}, "amount": {"1,234.50"}, "valuation": {""}, "purpose": {"Training"}, "source": {"Minutes"}, "note": {""},
		"agreed-precision": {"month"}, "agreed-day": {""}, "agreed-month": {"6"}, "agreed-year": {"2019"}}
}

func fundingExpectations() []expectation {
	contribution := func(path func(id.Contribution) string) func(fixtures) string {
		return func(f fixtures) string { return path(f.funding.cash) }
	}
	comparable := func(f fixtures) string { return route.DeskComparableCorrectTo(f.funding.comparable) }
	corrected := func(fixtures) url.Values { return url.Values{"reason": {"A slip"}, "next": {"only"}} }
	var rows []expectation
	for _, file := range []func(string) string{route.CSV, route.XLSX} {
		rows = append(rows, open("GET "+file(route.Funding), http.StatusOK),
			open("GET "+file(route.FundingYear), http.StatusOK).at(func(fixtures) string { return file(route.FundingYearTo("2019-20")) }),
			open("GET "+file(route.FundingSpend), http.StatusOK).at(func(fixtures) string { return file(route.FundingSpendTo("2017-18")) }),
			open("GET "+file(route.FairShare), http.StatusOK).at(func(fixtures) string { return file(route.FairShareTo("2019-20")) }),
			desk("GET "+file(route.DeskComparable), http.StatusOK).with("scrutineer", scrutineer, http.StatusOK).with("private office", office, http.StatusForbidden),
			desk("GET "+file(route.DeskContributions), http.StatusOK).with("scrutineer", scrutineer, http.StatusOK).with("private office", office, http.StatusForbidden))
	}
	return append(rows,
		open("GET "+route.Funding, http.StatusOK),
		open("GET "+route.FundingYear, http.StatusOK).at(func(fixtures) string { return route.FundingYearTo("2019-20") }),
		open("GET "+route.FundingSignOffs, http.StatusOK).at(func(f fixtures) string { return route.FundingSignOffsTo(f.signedYear) }),
		open("GET "+route.FundingContent, http.StatusOK).at(func(f fixtures) string { return route.FundingContentTo(f.signedYear) }),
		open("GET "+route.FundingGiving, http.StatusOK).at(func(fixtures) string { return route.FundingGivingTo("2019-20") }),
		open("GET "+route.FairShare, http.StatusOK).at(func(fixtures) string { return route.FairShareTo("2019-20") }),
		desk("GET "+route.DeskComparable, http.StatusOK).with("scrutineer", scrutineer, http.StatusOK).with("private office", office, http.StatusForbidden),
		desk("GET "+route.DeskComparableRecord, http.StatusOK).with("scrutineer", scrutineer, http.StatusForbidden),
		desk("POST "+route.DeskComparableRecord, http.StatusUnprocessableEntity).with("scrutineer", scrutineer, http.StatusForbidden),
		desk("GET "+route.DeskComparableCorrect, http.StatusOK).at(comparable).with("scrutineer", scrutineer, http.StatusForbidden),
		desk("POST "+route.DeskComparableCorrect, http.StatusSeeOther).at(comparable).
			sending(func(fixtures) url.Values { return url.Values{"reason": {"A slip"}} }).with("scrutineer", scrutineer, http.StatusForbidden),
		desk("GET "+route.DeskContributions, http.StatusOK).with("scrutineer", scrutineer, http.StatusOK).with("private office", office, http.StatusForbidden),
		desk("GET "+route.DeskFundingRecord, http.StatusOK).with("scrutineer", scrutineer, http.StatusForbidden),
		desk("POST "+route.DeskFundingRecord, http.StatusUnprocessableEntity).with("scrutineer", scrutineer, http.StatusForbidden),
		desk("GET "+route.DeskContribution, http.StatusOK).at(contribution(route.DeskContributionTo[id.Contribution])).with("scrutineer", scrutineer, http.StatusOK),
		desk("GET "+route.DeskContributionCorrect, http.StatusOK).at(contribution(route.DeskContributionCorrectTo[id.Contribution])).
			with("scrutineer", scrutineer, http.StatusForbidden),
		desk("POST "+route.DeskContributionCorrect, http.StatusSeeOther).at(contribution(route.DeskContributionCorrectTo[id.Contribution])).
			sending(corrected).with("scrutineer", scrutineer, http.StatusForbidden),
	)
}
