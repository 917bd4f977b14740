package demo

import (
	"context"

	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/money"
)

// loadContributions records what the bodies might have given in the first two years. That the members of the old board
// agreed their contributions for 2019/20 is known; how much each gave was never published, so all of it is invented and
// marked so. Of the later years nothing is recorded.
func (l *loader) loadContributions(ctx context.Context) error {
	const source = "Demonstration data: no amounts were published for Kent."
	agreed := map[day.FinancialYear]day.Approx{2019: day.Roughly(day.Must("2019-01-01"), day.Year), 2020: day.Roughly(day.Must("2020-02-01"), day.Month)}
	for _, c := range []struct {
		slug      string
		year      day.FinancialYear
		pence     money.Pence
		purpose   string
		valuation string // in kind
	}{
		{council, 2019, 120_000_00, "Business support team, independent scrutiny and development", ""},
		{council, 2019, 18_500_00, "Rooms and printing", "Usual hire charge of the rooms"},
		{police, 2019, 45_300_00, "Business support team, independent scrutiny and development", ""},
		{ccgs, 2019, 61_250_00, "Business support team, independent scrutiny and development", ""},
		{ccgs, 2019, 9_600_00, "A designated nurse as trainer", "Hours at cost"},
		{"maidstone-borough-council", 2019, 2_500_00, "Business support team", ""},
		{"canterbury-city-council", 2019, 2_500_00, "Business support team", ""},
		{council, 2020, 120_000_00, "Business support team, independent scrutiny and development", ""},
		{police, 2020, 47_000_00, "Business support team, independent scrutiny and development", ""},
		{ccgs, 2020, 61_250_00, "Business support team, independent scrutiny and development", ""},
		{ccgs, 2020, 10_200_00, "A designated nurse as trainer", "Hours at cost"},
		{"maidstone-borough-council", 2020, 2_575_50, "Business support team", ""},
	} {
		cmd := funding.RecordCommand{Year: c.year, Organisation: c.slug, Form: funding.Cash, Pence: c.pence, Purpose: c.purpose, Valuation: c.valuation,
			Agreed: agreed[c.year], Source: source, Demonstration: true}
		if c.valuation != "" {
			cmd.Form, cmd.Estimated = funding.InKind, true
		}
		if _, err := l.funding.Record(ctx, l.portal(), cmd); err != nil {
			return err
		}
	}
	return nil
}
