package server

import (
	"partnershipportal/internal/funding"
	"partnershipportal/internal/money"
	"partnershipportal/web/ui"
)

// spendingChart sets what was spent on each category beside its budget.
func spendingChart(x funding.Picture) ui.Chart {
	if len(x.Spending) == 0 {
		return ui.Chart{}
	}
	planned := x.Released.Status() == funding.Proposed
	c := ui.Chart{ID: "spending", Title: "Budget and spending by category", Key: []string{"Spent", "Budget"}, Table: ui.Table{Caption: "Budget and spending", HideCaption: true,
		RowHeaders: true, Columns: []ui.Column{{Text: "What for"}, {Text: "Budget", Numeric: true}, {Text: "Spent", Numeric: true}, {Text: "Left of the budget", Numeric: true}}}}
	if planned {
		c.Title, c.Key, c.Table.Columns = "Budget by category", nil, c.Table.Columns[:2]
	}
	all := funding.CategorySpending{Name: "All together", HasBudget: true}
	for _, s := range x.Spending {
		all.Budget, all.Spent = all.Budget+s.Budget, all.Spent+s.Spent
		c.Bars = append(c.Bars, spendingBar(s, planned))
	}
	for _, s := range append(x.Spending, all) {
		row := []ui.Cell{{Text: s.Name}, {Text: "none"}, {Text: s.Spent.Words()}, {Text: s.Left().Words()}}
		if s.HasBudget {
			row[1].Text = s.Budget.Words()
		}
		c.Table.Rows = append(c.Table.Rows, row[:len(c.Table.Columns)])
	}
	c.Description = all.Spent.Words() + " spent of a budget of " + all.Budget.Words() + "."
	switch {
	case !planned && all.Budget == 0:
		c.Description = all.Spent.Words() + " spent. No budget is recorded."
	case planned:
		c.Description = all.Budget.Words() + " is to be spent in the year."
	}
	return c
}

func spendingBar(s funding.CategorySpending, planned bool) ui.Bar {
	line := func(name string, kind ui.PartKind, sum money.Pence) ui.BarLine {
		return ui.BarLine{Name: name, Words: sum.Words(), Parts: []ui.BarPart{{Kind: kind, Size: int64(max(sum, 0))}}}
	}
	if planned {
		return ui.Bar{Label: s.Name, Lines: []ui.BarLine{line("", ui.Solid, s.Budget)}}
	}
	return ui.Bar{Label: s.Name, Lines: []ui.BarLine{line("Spent", ui.Solid, s.Spent), line("Budget", ui.Hollow, s.Budget)}}
}

// spendingNote says that the spending of a year that is not closed may grow.
func spendingNote(x funding.Picture) string {
	if x.Released.Status() != funding.Agreed || len(x.Spending) == 0 {
		return ""
	}
	return "The year is not closed, so more may be spent."
}

// reserveRows are the sums by which the reserve is carried on: brought forward, and received, less what was spent.
func reserveRows(r funding.Released, agreed money.Pence) []ui.Row {
	rows := []ui.Row{{Key: "Brought forward", Value: r.OpeningPence.Words()}}
	if r.Status() == funding.Proposed {
		return rows
	}
	rows = append(rows, ui.Row{Key: "Received", Value: r.Income.Words() + " of " + agreed.Words() + " agreed in cash"}, ui.Row{Key: "Spent", Value: r.Expenditure.Words()})
	if r.Closing != nil {
		return append(rows, ui.Row{Key: "Carried forward", Value: r.Closing.Words()})
	}
	return append(rows, ui.Row{Key: "In hand now", Value: r.InHand().Words() + ". The year is not closed."})
}

// moneyRows are the spending, the reserve and the next review of a released year at a glance.
func moneyRows(x funding.Picture) []ui.Row {
	var rows []ui.Row
	r := *x.Released
	var budget money.Pence
	for _, s := range x.Spending {
		budget += s.Budget
	}
	switch {
	case r.Status() != funding.Proposed && budget == 0:
		rows = append(rows, ui.Row{Key: "Spent", Value: r.Expenditure.Words() + ". No budget is recorded."})
	case r.Status() != funding.Proposed:
		rows = append(rows, ui.Row{Key: "Spent", Value: r.Expenditure.Words() + " of a budget of " + budget.Words()})
	case budget > 0:
		rows = append(rows, ui.Row{Key: "Budget", Value: budget.Words()})
	}
	if r.Closing != nil {
		rows = append(rows, ui.Row{Key: "Reserve carried forward", Value: r.Closing.Words()})
	} else {
		rows = append(rows, ui.Row{Key: "Reserve brought forward", Value: r.OpeningPence.Words()})
	}
	if !r.ReviewDueOn.IsZero() {
		rows = append(rows, ui.Row{Key: "To be reviewed by", Value: r.ReviewDueOn.Long()})
	}
	return rows
}
