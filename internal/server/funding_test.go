package server_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/funding/fundingtest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/money"
	"partnershipportal/web/route"
)

func TestTheFundingOfNothingRecordedIsSaidPlainly(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.visitor().get(route.Funding).want(http.StatusOK).shows("No contributions have been recorded.", "does not know who gave what")
	s.visitor().get(route.FundingYearTo("2019-20")).want(http.StatusNotFound)
	s.asRole(authz.BusinessSupport).get(route.DeskContributions).want(http.StatusOK).shows("No contributions have been recorded.", "Record a contribution")
	s.asRole(authz.Scrutineer).get(route.DeskContributions).want(http.StatusOK).hides("Record a contribution")
}

func TestTheFundingOfAYear(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	body := func(name string) membershiptest.Body {
		return membershiptest.Organisation(t, s.db, func(b *membershiptest.Body) { b.Name = name })
	}
	council, ccgs, icb := body("The County Council"), body("The CCGs"), body("The Care Board")
	membershiptest.Partner(t, s.db, func(p *membershiptest.PartnerMade) { p.Body = body("The Constabulary") })
	exec(t, s.db, `INSERT INTO organisation_succession (predecessor_id, successor_id, takes_over_on) VALUES ($1, $2, '2022-07-01')`, ccgs.ID, icb.ID)
	pays := func(b membershiptest.Body, year day.FinancialYear, alter ...func(*funding.RecordCommand)) {
		fundingtest.Contribution(t, s.db, append([]func(*funding.RecordCommand){func(c *funding.RecordCommand) { c.Organisation, c.Year = b.Slug, year }}, alter...)...)
	}
	pays(council, 2019, func(c *funding.RecordCommand) { c.Pence = 200050 })
	pays(council, 2020, func(c *funding.RecordCommand) { c.Pence = 150050 })
	pays(ccgs, 2019)
	pays(ccgs, 2019, func(c *funding.RecordCommand) {
		c.Form, c.Valuation, c.Estimated, c.Pence = funding.InKind, "Usual hire charge", true, 30000
	})
	fundingtest.TakenOut(t, s.db, fundingtest.Contribution(t, s.db, func(c *funding.RecordCommand) { c.Organisation, c.Pence = council.Slug, 999900 }), "Typed twice")
	v := s.visitor()
	v.get(route.Funding).want(http.StatusOK).shows("2019/20 Recorded £3,000.50 £300 3 contributions, some values in kind are estimated", "2020/21 Recorded £1,500.50 £0 1 contribution",
		"2021/22 Not known not known not known Nothing", "2019/20 2019/20: £3,000.50 in cash and £300 in kind")
	v.get(route.FundingYearTo("2019-20")).want(http.StatusOK).shows(
		"Agreed elsewhere, and recorded here with the source of each contribution.",
		"The County Council £2,000.50 66.7%", "The Care Board paid as The CCGs £1,000.00 33.3%", "All together £3,000.50 100.0%",
		"The County Council pays most: 66.7% of £3,000.50 in cash.", "The Care Board: 33.3%", "The Care Board: £1,000 in cash and £300 in kind",
		"The County Council £2,000.50 not known £0 not known", "The Care Board paid as The CCGs £1,000.00 not known £300 (estimated) not known",
		"All together £3,000.50 not known £300 not known", "The CCGs: £300 in kind. Estimated by: Usual hire charge.", "The CCGs £300 in kind General estimated by: Usual hire charge", "Minutes of the board",
		"Nothing is recorded of The Constabulary, a safeguarding partner in the year.", "Nothing is recorded of 2018/19", "£9,999 in cash", "Typed twice")
	v.get(route.FundingYearTo("2020-21")).want(http.StatusOK).shows("The County Council pays all of the cash, £1,500.50.", "The County Council £1,500.50 −£500 £0 no change",
		"All together £1,500.50 −£1,500 £0 −£300", "The County Council, 2019/20: £2,000.50 in cash",
		"The Care Board gave something in 2019/20. For 2020/21 nothing is recorded of it.").hides("What was corrected")
	v.get(route.FundingYearTo("2021-22")).want(http.StatusOK).shows("No contributions have been recorded for 2021/22.", "The Constabulary").hides("All together")
	for _, year := range []string{"2018-19", "2019-21", "2019", "2019%2F20", "x"} {
		v.get(route.Funding + "/" + year).want(http.StatusNotFound)
		v.get(route.Funding + "/" + year + ".csv").want(http.StatusNotFound)
	}
	t.Run("as a file", func(t *testing.T) {
		a := v.get(route.CSV(route.FundingYearTo("2019-20"))).want(http.StatusOK)
		rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
		if err != nil || len(rows) != 5 {
			t.Fatalf("%d rows (%v), want a heading and four", len(rows), err)
		}
		counted := map[string]string{}
		for _, row := range rows[1:] {
			counted[row[1]+" "+row[4]+" "+row[5]] = row[2] + "/" + row[15]
		}
		for line, want := range map[string]string{"The County Council cash 2000.50": "The County Council/", "The CCGs in kind 300.00": "The Care Board/",
			"The County Council cash 9999.00": "The County Council/Typed twice"} {
			if counted[line] != want {
				t.Errorf("%s: %q, want %q; rows %v", line, counted[line], want, rows)
			}
		}
		all, err := csv.NewReader(strings.NewReader(v.get(route.CSV(route.Funding)).want(http.StatusOK).body)).ReadAll()
		if err != nil || len(all) != 6 {
			t.Errorf("%d rows of all years (%v), want six", len(all), err)
		}
	})
}

func TestRecordingAndCorrectingAContribution(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	body := membershiptest.Organisation(t, s.db)
	support.get(route.DeskFundingRecord).want(http.StatusOK).shows(body.Name, "Record only what was agreed elsewhere")
	fields := contributionForm()
	t.Run("what is missing or wrong is said at its field, and nothing typed is lost", func(t *testing.T) {
		for field, c := range map[string]struct{ sent, says string }{
			"organisation": {"", "Choose the organisation that agreed to the contribution"},
			"year":         {"2019/21", "The financial year must be like 2019/20"},
			"amount":       {"1,23.456", "The amount must have two figures after the point at most"},
			"form":         {"gold", "Choose whether it is cash or in kind"},
			"valuation":    {"By eye", "Cash needs no valuation"},
			"purpose":      {"", "Enter what the contribution is for"},
			"source":       {"", "Enter where the agreement can be read"},
			"agreed-month": {"13", "The date of the agreement must be a real date"},
		} {
			sent := url.Values{"organisation": {body.Slug}}
			for k, v := range fields {
				sent[k] = v
			}
			sent.Set(field, c.sent)
			support.post(route.DeskFundingRecord, sent).want(http.StatusUnprocessableEntity).shows("There is a problem", c.says)
		}
	})
	fields.Set("organisation", body.Slug)
	recorded := support.post(route.DeskFundingRecord, fields).want(http.StatusSeeOther).header.Get("Location")
	support.get(recorded).want(http.StatusOK).shows("Contribution recorded", body.Name, "£1,234.50", "June 2019", "Correct this contribution")
	s.asRole(authz.Scrutineer).get(recorded).want(http.StatusOK).shows("£1,234.50").hides("Correct this contribution")
	support.get(route.DeskFundingOf("2019-20")).want(http.StatusOK).shows(body.Name + ", 2019/20 £1,234.50")
	support.get(route.Asking(route.CSV(route.DeskContributions), "year=2019-20")).want(http.StatusOK).shows(body.Slug, "1234.50", "2019-06-01")
	support.get(route.Asking(route.CSV(route.DeskContributions), "year=2018-19")).want(http.StatusOK).hides(body.Slug)
	support.get(route.DeskFundingOf("2018-19")).want(http.StatusOK).shows("No contributions have been recorded.")
	t.Run("the very same is not recorded twice", func(t *testing.T) {
		support.post(route.DeskFundingRecord, fields).want(http.StatusUnprocessableEntity).shows("This contribution is already recorded")
	})
	correct := recorded + "/correct"
	t.Run("a correction asks for a reason and what follows", func(t *testing.T) {
		support.post(correct, url.Values{"reason": {" "}}).want(http.StatusUnprocessableEntity).shows("Enter why the contribution is wrong", "Choose whether to record it again")
	})
	again := support.post(correct, url.Values{"reason": {"The amount was another"}, "next": {"again"}}).want(http.StatusSeeOther).header.Get("Location")
	support.get(again).want(http.StatusOK).shows("Contribution taken out").hasValues("1234.50", "2019/20", "Training", "Minutes")
	support.get(recorded).want(http.StatusOK).shows("Taken out", "The amount was another").hides("Correct this contribution")
	t.Run("it is not taken out twice", func(t *testing.T) {
		support.get(correct).want(http.StatusConflict).shows("already been taken out", "See the contribution")
		support.post(correct, url.Values{"reason": {"Again"}, "next": {"only"}}).want(http.StatusConflict)
	})
	t.Run("then it can be recorded again", func(t *testing.T) {
		support.post(route.DeskFundingRecord, fields).want(http.StatusSeeOther)
	})
	t.Run("what is not there is not found", func(t *testing.T) {
		for _, path := range []string{route.DeskContributionTo(int64(999999999)), route.DeskContributionTo(int64(999999999)) + "/correct", route.DeskFunding + "/x", route.DeskFundingRecord + "?like=999999999", route.DeskFundingRecord + "?like=x"} {
			support.get(path).want(http.StatusNotFound)
		}
	})
	t.Run("a body that did not exist is refused at its field", func(t *testing.T) {
		ended := membershiptest.Organisation(t, s.db, func(b *membershiptest.Body) { b.EndsOn = day.Must("2018-01-01") })
		sent := contributionForm()
		sent.Set("organisation", ended.Slug)
		support.post(route.DeskFundingRecord, sent).want(http.StatusUnprocessableEntity).shows("This organisation did not exist in that financial year")
	})
}

func TestContributionsAreImportedAndUndoneByClicking(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support := s.asRole(authz.BusinessSupport)
	body := membershiptest.Organisation(t, s.db)
	support.get(route.DeskContributions).shows("Import from a spreadsheet")
	const head = "financial year,slug,form,amount,purpose,agreed,precision,source\n"
	support.importFile("contributions", "year.csv", []byte(head+"2019/20,"+body.Slug+",cash,1.234,Training,2019-06-01,month,Minutes\n")).
		want(http.StatusUnprocessableEntity).shows("2 amount The amount must have two figures after the point at most")
	run := support.importFile("contributions", "year.csv", []byte(head+"2019/20,"+body.Slug+",cash,\"1,234.50\",Training,2019-06-01,month,Minutes\n")).
		want(http.StatusSeeOther).header.Get("Location")
	support.get(run).want(http.StatusOK).shows("Import into contributions", body.Name, "£1,234.50 in cash for 2019/20", "Import 1 row")
	s.visitor().get(route.Funding).shows("No contributions have been recorded.")
	support.post(run+"/apply", nil).leadsTo(run)
	s.visitor().get(route.FundingYearTo("2019-20")).want(http.StatusOK).shows(body.Name, "£1,234.50", "June 2019")
	support.get(run + "/undo").want(http.StatusOK).shows("contributions are taken out")
	support.post(run+"/undo", url.Values{"reason": {"The wrong year"}}).leadsTo(run)
	s.visitor().get(route.Funding).shows("2019/20 Not known not known not known Nothing that counts: 1 contribution was taken out")
	s.visitor().get(route.FundingYearTo("2019-20")).want(http.StatusOK).shows("No contribution that counts is recorded for 2019/20.", "What was corrected", "undone: The wrong year")
	support.get(route.DeskContributions).shows(body.Name, "Taken out")
	for _, file := range []string{route.CSV(route.DeskImportTemplateTo("contributions")), route.XLSX(route.DeskImportRegisterTo("contributions"))} {
		support.get(file).want(http.StatusOK)
	}
}

// hasValues fails the test unless the page's fields hold the values.
func (a answer) hasValues(values ...string) answer {
	a.t.Helper()
	for _, v := range values {
		if !strings.Contains(a.body, `value="`+v+`"`) && !strings.Contains(a.body, "\n"+v+"</textarea>") {
			a.keep()
			a.t.Fatalf("%s holds no field with %q", a.request, v)
		}
	}
	return a
}

func TestSharesBesideThoseOfOtherAreas(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	support, v := s.asRole(authz.BusinessSupport), s.visitor()
	police := membershiptest.Organisation(t, s.db, func(b *membershiptest.Body) { b.Kind = "police" })
	council := membershiptest.Organisation(t, s.db, func(b *membershiptest.Body) { b.Kind = "local authority" })
	for slug, pence := range map[string]int64{police.Slug: 100000, council.Slug: 300000} {
		fundingtest.Contribution(t, s.db, func(c *funding.RecordCommand) { c.Organisation, c.Pence = slug, money.Pence(pence) })
	}
	page := route.FairShareTo("2019-20")
	v.get(page).want(http.StatusOK).shows("No figures of other areas are recorded").hides("Download")
	v.get(route.FairShareTo("2011-12")).want(http.StatusNotFound)
	support.get(route.DeskContributions).shows("Figures of other areas")
	support.get(route.DeskComparable).want(http.StatusOK).shows("No figures of other areas have been entered.", "Enter a figure")
	s.asRole(authz.Scrutineer).get(route.DeskComparable).want(http.StatusOK).hides("Enter a figure")
	form := func(area, measure, kind, amount string) url.Values {
		return url.Values{"area": {area}, "year": {"2019/20"}, "measure": {measure}, "kind": {kind}, "amount": {amount}, "source": {"Annual report of " + area}, "note": {""}}
	}
	for want, sent := range map[string]url.Values{
		"Enter the name of the other area":                 form("", "cash", "police", "5"),
		"Choose the kind of body that pays":                form("Medway", "cash", "", "5"),
		"The amount must have two figures after the point": form("Medway", "cash", "police", "1.234"),
		"Enter the number of children in figures":          form("Medway", "children", "", "1.5"),
		"Choose no kind of body":                           form("Medway", "children", "police", "5"),
	} {
		support.post(route.DeskComparableRecord, sent).want(http.StatusUnprocessableEntity).shows("There is a problem", want)
	}
	for _, sent := range []url.Values{form("Medway", "cash", "police", "1,000"), form("Medway", "cash", "local authority", "9,000"), form("Medway", "children", "", "64,000"),
		form("Surrey", "cash", "police", "4,000"), form("Surrey", "cash", "health", "4,000"), form("Essex", "cash", "police", "9,000")} {
		support.post(route.DeskComparableRecord, sent).leadsTo(route.DeskComparable)
	}
	support.post(route.DeskComparableRecord, form("Medway", "cash", "police", "7")).want(http.StatusUnprocessableEntity).shows("There is a figure of this area")
	v.get(page).want(http.StatusOK).shows("Police: 25.0% of the cash here, from 10.0% to 50.0% in 2 other areas.", "Local authorities: 75.0% of the cash here, 90.0% in 1 other area.",
		"Medway 2019/20 90.0% 10.0% not recorded", "Essex 2019/20 not recorded the only figure", "This partnership 2019/20 £4,000 £0 not known not known", "Medway 2019/20 £10,000 not recorded 64,000 £0.16", "Annual report of Surrey")
	rows, err := csv.NewReader(strings.NewReader(v.get(route.CSV(page)).want(http.StatusOK).body)).ReadAll()
	if err != nil || len(rows) != 8 || strings.Join(rows[4], "|") != "Medway|2019/20|local authority|9000.00|90.0|64000|2019/20" {
		t.Errorf("%d rows (%v): %v", len(rows), err, rows)
	}
	support.get(route.DeskComparable).want(http.StatusOK).shows("Surrey 2019/20 Health, cash £4,000 Annual report of Surrey Take out")
	list, err := funding.New(s.db, time.Now).Comparables(t.Context(), authz.System("test"))
	if err != nil || len(list) == 0 {
		t.Fatal(list, err)
	}
	correct := route.DeskComparableCorrectTo(list[len(list)-1].ID)
	support.post(correct, url.Values{"reason": {" "}}).want(http.StatusUnprocessableEntity).shows("Enter why the figure is wrong")
	support.get(correct).want(http.StatusOK).shows("Take this figure out")
	support.post(correct, url.Values{"reason": {"Read from the wrong line"}}).leadsTo(route.DeskComparable)
	support.get(route.DeskComparable).shows("Taken out: Read from the wrong line")
	support.get(correct).want(http.StatusConflict)
	support.post(correct, url.Values{"reason": {"Again"}}).want(http.StatusConflict).shows("already been taken out")
	support.get(route.CSV(route.DeskComparable)).want(http.StatusOK).shows("Read from the wrong line", "64,000")
	support.get(route.DeskComparableCorrectTo(int64(999999))).want(http.StatusNotFound)
}
