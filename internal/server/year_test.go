package server_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
	"partnershipportal/web/route"
)

// gridRows are the fields of a grid with a row for each organisation, all in cash.
func gridRows(slugs []string, totals ...string) url.Values {
	v := url.Values{"rows": {strconv.Itoa(len(slugs))}, "do": {"save"}}
	for i, slug := range slugs {
		for name, x := range map[string]string{"organisation": slug, "form": "cash", "purpose": "general", "total": totals[i], "line": "", "revision": ""} {
			v.Set(fmt.Sprintf("%s-%d", name, i+1), x)
		}
	}
	return v
}

func TestTheGridOfAYear(t *testing.T) {
	t.Parallel()
	tx := ownTx(t)
	s := siteOver(t, tx, pgtest.Public(t, tx))
	support := s.asRole(authz.BusinessSupport)
	const year = day.FinancialYear(2025)
	support.post(route.DeskFundingBegin, url.Values{"year": {"2025/26"}, "origin": {"empty"}, "opening": {""}, "skip-reason": {"Nothing older is kept"}}).leadsTo(route.DeskFundingYearTo(year.Path()))
	one, two := membershiptest.Organisation(t, tx), membershiptest.Organisation(t, tx)
	path := route.DeskFundingLinesTo(year.Path())
	slugs := []string{one.Slug, two.Slug}

	t.Run("more rows keep what is typed", func(t *testing.T) {
		v := gridRows(slugs, "1,0", "20")
		v.Set("do", "more")
		a := support.post(path, v).want(http.StatusOK)
		for _, kept := range []string{`name="rows" value="5"`, `value="1,0"`, `name="total-5"`} {
			if !strings.Contains(a.body, kept) {
				t.Errorf("the grid has no %s", kept)
			}
		}
	})
	t.Run("all rows are saved or none", func(t *testing.T) {
		for _, wrong := range []string{"12.345", "12,34", "-5", "0", ""} {
			support.post(path, gridRows(slugs, "1,000.50", wrong)).want(http.StatusUnprocessableEntity).shows("Line 2:")
		}
		support.get(route.DeskFundingYearTo(year.Path())).shows("No contribution is proposed yet.")
		support.post(path, gridRows(slugs, "1,000.50", "20")).leadsTo(route.DeskFundingYearTo(year.Path()))
		support.get(route.DeskFundingYearTo(year.Path())).shows("£1,000.50", "£1,020.50")
	})
	t.Run("who comes second sees what is stored beside what they typed", func(t *testing.T) {
		plan, err := funding.NewYears(tx, nil, nil).Plan(context.Background(), authz.System("test"), year)
		if err != nil {
			t.Fatal(err)
		}
		v := gridRows(slugs[:1], "5,000")
		v.Set("line-1", strconv.FormatInt(int64(plan.Proposal[0].ID), 10))
		v.Set("revision-1", "0")
		support.post(path, v).want(http.StatusConflict).shows("Stored now", "1000.50", "5,000")
	})
	t.Run("a file comes into the grid, and nothing is saved yet", func(t *testing.T) {
		file := "slug,organisation,form,purpose,total\n" + two.Slug + ",,cash,training,75.25\n,Nobody at all,cash,general,80\n"
		a := support.sendParcel(route.DeskFundingLinesImportTo(year.Path()), parcel{files: map[string]sentFile{"file": {"lines.csv", []byte(file)}}}).want(http.StatusUnprocessableEntity).
			shows("2 new lines", "“Nobody at all” is no organisation on record")
		if !strings.Contains(a.body, `value="75.25"`) {
			t.Error("the row of the file is not in the grid")
		}
		support.get(route.DeskFundingYearTo(year.Path())).hides("75.25")
	})
	t.Run("the lines are given out with the columns that are read", func(t *testing.T) {
		support.get(route.CSV(path)).want(http.StatusOK).shows(one.Slug, "1000.50")
	})
}

func TestAPledgeIsAnswered(t *testing.T) {
	t.Parallel()
	tx := ownTx(t)
	s := siteOver(t, tx, pgtest.Public(t, tx))
	agency := membershiptest.Agency(t, tx)
	const year = day.FinancialYear(2025)
	fundingtest.Year(t, tx, year)
	line := fundingtest.Line(t, tx, year, func(c *funding.LineCommand) { c.Organisation, c.Total = agency.Body.Slug, 250000 })
	staff, support := s.asRole(authz.AgencyStaff, agency.Body.ID), s.asRole(authz.BusinessSupport)
	staff.get(route.Home).shows("Confirm or query what " + agency.Body.Name + " is to give for 2025/26")
	staff.get(route.MyAgency).shows("£2,500.00", "Not yet confirmed")
	answer := func(what, words string) url.Values {
		return url.Values{"revision": {"1"}, "answer": {what}, "words": {words}}
	}
	staff.post(route.MyPledgeTo(line), answer("query", "")).want(http.StatusUnprocessableEntity).shows("Enter what is to be changed or explained")
	staff.post(route.MyPledgeTo(line), answer("query", "It was £2,000 last year.")).leadsTo(route.MyAgency)
	support.get(route.DeskFundingYearTo(year.Path())).shows("Queried", "It was £2,000 last year.", "1 agency queries its pledge.")
	staff.post(route.MyPledgeTo(line), answer("confirmed", "")).leadsTo(route.MyAgency)
	support.get(route.DeskFundingYearTo(year.Path())).shows("Confirmed").hides("queries its pledge")
	other := s.asRole(authz.AgencyStaff, membershiptest.Agency(t, tx).Body.ID)
	other.get(route.MyPledgeTo(line)).want(http.StatusNotFound)
	other.post(route.MyPledgeTo(line), answer("confirmed", "")).want(http.StatusNotFound)
}
