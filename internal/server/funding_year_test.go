package server_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/signoff/signofftest"
	"partnershipportal/web/route"
)

// fundingAddresses are all public addresses that tell of a financial year, and those that could.
func fundingAddresses(year day.FinancialYear) []string {
	page, shares, spend := route.FundingYearTo(year.Path()), route.FairShareTo(year.Path()), route.FundingSpendTo(year.Path())
	return []string{route.Root, route.Funding, route.CSV(route.Funding), route.XLSX(route.Funding), page, route.CSV(page), route.XLSX(page), shares, route.CSV(shares),
		route.FundingGivingTo(year.Path()), route.CSV(spend), route.XLSX(spend), route.AsAtTo("2014-09-01", "")}
}

// What is proposed, planned and spent for a year that is not released never reaches a public address, and all of it does
// once the year is released.
func TestAYearIsPublicOnceItIsReleased(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const marker = "Kestrel"
	council := membershiptest.Organisation(t, s.db, func(b *membershiptest.Body) { b.Name = "The County Council" })
	police := membershiptest.Organisation(t, s.db, func(b *membershiptest.Body) { b.Name = "The Constabulary" })
	fundingtest.Contribution(t, s.db, func(c *funding.RecordCommand) { c.Year, c.Organisation = 2013, council.Slug })
	fundingtest.Year(t, s.db, 2014)
	fundingtest.Line(t, s.db, 2014, func(c *funding.LineCommand) {
		c.Organisation, c.Total, c.Conditions, c.Note = council.Slug, 30000000, "If Kestrel does", "For the Kestrel project"
		c.Parts = []funding.Part{{Label: "Children’s", Weight: 1, IsOurs: true}, {Label: "Kestrel adults’", Weight: 1}}
	})
	fundingtest.Line(t, s.db, 2014, func(c *funding.LineCommand) {
		c.Organisation, c.Total, c.Form, c.Valuation, c.Estimated = police.Slug, 800000, funding.InKind, "Kestrel hours at cost", true
	})
	years := funding.NewYears(s.db, nil, time.Now)
	support := authz.System("test")
	plan := func() funding.Plan {
		p, err := years.Plan(t.Context(), support, 2014)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if err := years.SaveTerms(t.Context(), support, funding.TermsCommand{Year: 2014, Revision: plan().Revision, Opening: 1230000, Method: "By the Kestrel rule.\n\nWith care.",
		ReviewDueOn: day.Must("2015-01-31")}); err != nil {
		t.Fatal(err)
	}
	if err := years.SaveBudget(t.Context(), support, funding.BudgetCommand{Year: 2014, Revision: plan().Revision, Lines: []funding.BudgetLine{{Category: "staffing", Pence: 14000000}}}); err != nil {
		t.Fatal(err)
	}
	v := s.visitor()
	for _, path := range fundingAddresses(2014) {
		if a := v.get(path); strings.Contains(a.body, marker) || strings.Contains(a.body, "150,000") || strings.Contains(a.body, "150000") || strings.Contains(a.body, "12,300") {
			t.Errorf("%s tells of a year that is not released", path)
		}
	}
	v.get(route.FundingYearTo("2014-15")).want(http.StatusOK).shows("No contributions have been recorded for 2014/15.").hides("Proposed")
	v.get(route.CSV(route.FundingSpendTo("2014-15"))).want(http.StatusNotFound)
	fundingtest.Released(t, s.db, 2014)
	v.get(route.Funding).want(http.StatusOK).shows("2014/15 Proposed not agreed not agreed Proposed: £150,000 in cash and £8,000 in kind")
	v.get(route.FundingYearTo("2014-15")).want(http.StatusOK).shows("Proposed: £150,000 in cash and £8,000 in kind. Nothing is agreed yet.", "This is not agreed.",
		"The County Council pays all of the cash, £150,000.", "The County Council £150,000 100.0%", "The County Council £150,000 +£149,000 £0 no change",
		"Children’s £150,000, Kestrel adults’ £150,000", "If Kestrel does", "The Constabulary: £8,000 in kind. Estimated by: Kestrel hours at cost.", "By the Kestrel rule.",
		"next review the contributions by 31 January 2015", "Staffing £140,000", "£140,000 is to be spent in the year.", "Brought forward £12,300", "Not confirmed here").
		hides("No contributions have been recorded", "Received", "Who signed")
	v.get(route.FairShareTo("2014-15")).want(http.StatusOK).shows("There is nothing to compare")
	if list := v.get(route.FundingGivingTo("2014-15")).want(http.StatusOK); !strings.Contains(list.body, `"grants": []`) {
		t.Errorf("a proposal is given out as a grant: %s", list.body)
	}
}

func TestTheMoneyOfAYear(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	v := s.visitor()
	charity := membershiptest.Organisation(t, s.db, func(b *membershiptest.Body) { b.Name = "The Charity" })
	exec(t, s.db, `INSERT INTO organisation_identifier (organisation_id, scheme, value) VALUES ($1, 'charity', '1164883')`, charity.ID)
	fundingtest.LedgerYear(t, s.db, 2011, 500000)
	made := fundingtest.Contribution(t, s.db, func(c *funding.RecordCommand) {
		c.Year, c.Organisation, c.Pence, c.Agreed, c.Conditions = 2011, charity.Slug, 1234567, day.Roughly(day.Must("2019-06-01"), day.Month), "Paid in two halves."
	})
	fundingtest.Contribution(t, s.db, func(c *funding.RecordCommand) {
		c.Year, c.Form, c.Valuation, c.Pence = 2011, funding.InKind, "Hours", 7777
	})
	fundingtest.Entry(t, s.db, func(c *funding.RecordEntryCommand) { c.Year, c.Organisation, c.Pence = 2011, charity.Slug, 1000000 })
	fundingtest.Spent(t, s.db, func(c *funding.SpendCommand) { c.Year, c.Reference = 2011, "PAY-1" })
	fundingtest.Spent(t, s.db, func(c *funding.SpendCommand) {
		c.Year, c.Pence, c.Withheld, c.Supplier, c.Category = 2011, 90000, true, "Ada Private", "practice-reviews"
	})
	page := route.FundingYearTo("2011-12")
	v.get(page).shows("Agreed elsewhere, and recorded here").hides("Reserves", "Payments of more than")
	fundingtest.Released(t, s.db, 2011)
	v.get(page).want(http.StatusOK).shows("Agreed elsewhere, 1 March 2019, and recorded here. Source: Minutes of the board.", "Practice reviews none £900 −£900", "Training none £600 −£600",
		"All together £0 £1,500 −£1,500", "Brought forward £5,000", "Received £10,000 of £12,345.67 agreed in cash", "Spent £1,500", "In hand now £13,500. The year is not closed.",
		"The Charity, £12,345.67: Paid in two halves.", "Payments of more than £500, CSV")
	if err := funding.New(s.db, time.Now).CloseYear(t.Context(), authz.System("test"), funding.CloseCommand{Year: 2011, Bank: 1350000, Note: "Two reviews were late."}); err != nil {
		t.Fatal(err)
	}
	v.get(page).want(http.StatusOK).shows("Closed on", "£13,500 is carried forward.", "Carried forward £13,500", "Two reviews were late.").hides("In hand now")
	v.get(route.Funding).want(http.StatusOK).shows("2011/12 Closed £12,345.67 £77.77")
	t.Run("payments of more than £500, as the transparency code asks for them", func(t *testing.T) {
		a := v.get(route.CSV(route.FundingSpendTo("2011-12"))).want(http.StatusOK)
		rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
		if err != nil || len(rows) != 3 {
			t.Fatalf("%d rows (%v)", len(rows), err)
		}
		if got := strings.Join(rows[1][2:10], "|"); !strings.HasPrefix(got, "2019-07-01|") || !strings.HasSuffix(got, "|A trainer|A day of training|600.00|not recorded|Training|PAY-1") {
			t.Errorf("row %q under %q", rows[1], rows[0])
		}
		if strings.Contains(a.body, "Ada") || rows[2][4] != "Withheld: a private person" {
			t.Errorf("a private person is named: %v", rows[2])
		}
	})
	t.Run("contributions in cash in the shape of 360Giving", func(t *testing.T) {
		var list struct{ Grants []map[string]any }
		a := v.get(route.FundingGivingTo("2011-12")).want(http.StatusOK)
		if err := json.Unmarshal([]byte(a.body), &list); err != nil || len(list.Grants) != 1 {
			t.Fatalf("%d grants (%v): %s", len(list.Grants), err, a.body)
		}
		g := list.Grants[0]
		payer := g["fundingOrganization"].([]any)[0].(map[string]any)
		if g["amountAwarded"] != 12345.67 || g["currency"] != "GBP" || g["awardDate"] != "2019-06-01" || payer["id"] != "GB-CHC-1164883" || payer["name"] != "The Charity" ||
			!strings.HasSuffix(g["id"].(string), strings.TrimPrefix(route.DeskContributionTo(made), route.DeskFunding+"/")) || !strings.Contains(a.body, `"amountAwarded": 12345.67`) {
			t.Errorf("the grant is %v", g)
		}
		for _, key := range []string{"title", "description", "recipientOrganization", "plannedDates", "dataSource", "dateModified", "grantProgramme"} {
			if g[key] == nil {
				t.Errorf("the grant has no %s", key)
			}
		}
	})
}

func TestAYearThatEveryPartnerSigned(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	m := signofftest.OpenYear(t, s.db)
	m.SignAll(t)
	page, v := route.FundingYearTo(m.Slug), s.visitor()
	v.get(page).want(http.StatusNotFound)
	m.Release(t)
	v.get(page).want(http.StatusOK).shows("Agreed", "every safeguarding partner signed.", "Who signed, and when", "100.0%", "Agreed by every safeguarding partner, round 1").
		hides("What is proposed", "What was added later")
	body := membershiptest.Organisation(t, s.db)
	fundingtest.Contribution(t, s.db, func(c *funding.RecordCommand) {
		c.Year, c.Organisation, c.Pence, c.AdjustmentReason, c.DecisionNumber = m.Year, body.Slug, 250000, "It joined in June.", "24/00011"
	})
	v.get(page).want(http.StatusOK).shows("What was added later", "It joined in June.", "24/00011")
	v.get(route.CSV(page)).want(http.StatusOK).shows("It joined in June.", "24/00011")
	v.get(route.FundingSignOffsTo(m.Slug)).want(http.StatusOK)
}

func TestAYearOfManyPayers(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for range 40 {
		fundingtest.Contribution(t, s.db, func(c *funding.RecordCommand) { c.Pence = 333333 })
	}
	s.visitor().get(route.FundingYearTo("2019-20")).want(http.StatusOK).shows("28 others together: 70.0%", "All together £133,333.20 100.0%")
}

func TestAYearInWhichNobodyGivesCash(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	body := membershiptest.Organisation(t, s.db)
	fundingtest.Contribution(t, s.db, func(c *funding.RecordCommand) { c.Pence, c.Organisation = 0, body.Slug })
	s.visitor().get(route.FundingYearTo("2019-20")).want(http.StatusOK).shows(body.Name+" £0 not known £0 not known", "No cash is given").hides("Who pays what share", "360Giving")
	s.visitor().get(route.FairShareTo("2019-20")).want(http.StatusOK).shows("nothing to compare")
}
