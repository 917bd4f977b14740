package demo

import (
	"context"

	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/money"
)

// The financial years that the demonstration has: one that was agreed elsewhere, and one that waits to be put to the
// partners. All their figures are invented and marked so.
const (
	agreedYear   day.FinancialYear = 2020
	proposedYear day.FinancialYear = 2026
)

// loadYears begins both years. The public sees the agreed one; the proposed one is complete, but one agency has still to
// confirm its pledge, and it is not released.
func (l *loader) loadYears(ctx context.Context) error {
	years := funding.NewYears(l.tx, l.rounds, l.now)
	_, err := years.Begin(ctx, l.portal(), funding.BeginCommand{Year: agreedYear, Origin: funding.Elsewhere, Opening: 22_400_00,
		Source: "Demonstration data: no amounts were published for Kent.", Agreed: day.Roughly(day.Must("2020-02-01"), day.Month), Demonstration: true})
	if err != nil {
		return err
	}
	if err := l.planYear(ctx, years, agreedYear, 22_400_00, "Demonstration data: as in the year before.", day.Must("2021-01-31"), map[string]money.Pence{
		"staffing": 168_000_00, "independent-scrutiny": 24_000_00, "practice-reviews": 18_000_00, "training": 15_500_00, "contingency": 5_000_00}); err != nil {
		return err
	}
	if err := years.Release(ctx, l.portal(), agreedYear); err != nil {
		return err
	}
	_, err = years.Begin(ctx, l.portal(), funding.BeginCommand{Year: proposedYear, Origin: funding.InPortal, Opening: 31_250_00,
		SkipReason: "Demonstration data: nothing is recorded of the years between.", Demonstration: true})
	if err != nil {
		return err
	}
	for _, c := range []funding.LineCommand{
		{Organisation: council, Total: 131_500_00, Purpose: "general"},
		{Organisation: council, Total: 19_800_00, Purpose: "general", Form: funding.InKind, Valuation: "Usual hire charge of the rooms", Estimated: true},
		{Organisation: police, Total: 99_000_00, Purpose: "business support", Note: "One sum for both boards.",
			Parts: []funding.Part{{Label: "Children’s", Weight: 1, IsOurs: true}, {Label: "Adults’", Weight: 1}}},
		{Organisation: icb, Total: 66_750_00, Purpose: "independent scrutiny", Conditions: "If the board’s budget is agreed in March."},
		{Organisation: icb, Total: 10_400_00, Purpose: "training", Form: funding.InKind, Valuation: "Hours at cost", Estimated: true},
		{Organisation: "maidstone-borough-council", Total: 2_750_00, Purpose: "business support"},
	} {
		c.Year = proposedYear
		if c.Form == "" {
			c.Form = funding.Cash
		}
		if _, err := years.SaveLine(ctx, l.portal(), c); err != nil {
			return err
		}
	}
	return l.planYear(ctx, years, proposedYear, 31_250_00, "Demonstration data: each partner’s share follows what it gave in the last agreed year, raised by one rate for all.",
		day.Must("2027-01-29"), map[string]money.Pence{"staffing": 176_500_00, "independent-scrutiny": 26_000_00, "practice-reviews": 22_000_00,
			"training": 14_000_00, "website-and-procedures": 6_500_00, "contingency": 5_000_00})
}

// planYear writes the terms and the budget of a year.
func (l *loader) planYear(ctx context.Context, years *funding.Years, year day.FinancialYear, opening money.Pence, method string, review day.Date, budget map[string]money.Pence) error {
	p, err := years.Plan(ctx, l.portal(), year)
	if err != nil {
		return err
	}
	if err := years.SaveTerms(ctx, l.portal(), funding.TermsCommand{Year: year, Revision: p.Revision, Opening: opening, Method: method, ReviewDueOn: review}); err != nil {
		return err
	}
	var lines []funding.BudgetLine
	for _, c := range p.BudgetLines {
		lines = append(lines, funding.BudgetLine{Category: c.Category, Pence: budget[c.Category]})
	}
	return years.SaveBudget(ctx, l.portal(), funding.BudgetCommand{Year: year, Revision: p.Revision + 1, Lines: lines})
}
