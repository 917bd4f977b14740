package server

import (
	"fmt"
	"strings"

	"partnershipportal/internal/funding"
	"partnershipportal/internal/money"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// yearPaper draws a frozen financial year beside what was agreed for the year before.
func yearPaper(c funding.Content, x funding.Compared) page.YearPaper {
	var budget money.Pence
	for _, b := range c.Budget {
		budget += b.Pence
	}
	inKind := x.Total.InKind.Words()
	if anyEstimated(c) {
		inKind += ", some of it estimated"
	}
	p := page.YearPaper{Method: c.Method, Lines: yearLines(c, x.Total), Payers: comparedTable(x), Before: beforeWords(x), Budget: budgetTable(c, budget),
		Rows: []ui.Row{
			{Key: "Cash", Value: x.Total.Cash.Words()},
			{Key: "In kind", Value: inKind},
			{Key: "Change in cash on " + x.Before.String(), Value: changeOn(x.Total.Cash, x.Total.CashBefore, x.Known)},
			{Key: "Reserve brought forward", Value: c.OpeningPence.Words()},
			{Key: "Budget", Value: budget.Words()},
			{Key: "Reserve expected at the end", Value: (c.OpeningPence + x.Total.Cash - budget).Words()},
		}}
	if !c.ReviewDueOn.IsZero() {
		p.Rows = append(p.Rows, ui.Row{Key: "Next review due", Value: c.ReviewDueOn.Long()})
	}
	return p
}

func anyEstimated(c funding.Content) bool {
	for _, l := range c.Lines {
		if l.Estimated {
			return true
		}
	}
	return false
}

func changeOn(now, before money.Pence, known bool) string {
	if !known {
		return "not known"
	}
	return (now - before).Change()
}

// yearLines is every line as it is frozen, and the totals of cash and of what is given in kind.
func yearLines(c funding.Content, total funding.ComparedPayer) ui.Table {
	t := ui.Table{Caption: "Contributions", RowHeaders: true, Empty: "No contribution is proposed.", Columns: []ui.Column{{Text: "Who gives"}, {Text: "Form"},
		{Text: "Purpose"}, {Text: "Amount", Numeric: true}, {Text: "Particulars"}}}
	sums := []money.Pence{total.Cash, total.InKind}
	for _, l := range c.Lines {
		sums = append(sums, l.Pence)
	}
	words := money.Column(sums...)
	for _, l := range c.Lines {
		amount := words(l.Pence)
		if l.Estimated {
			amount += " (estimated)"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: l.Organisation, Path: route.OrganisationTo(l.Slug)}, {Text: sentence(string(l.Form))}, {Text: sentence(l.Purpose)},
			{Text: amount}, {Content: particulars(l).Content()}})
	}
	if len(c.Lines) > 0 {
		t.Rows = append(t.Rows,
			[]ui.Cell{{Text: "All cash"}, {Text: "Cash"}, {}, {Text: words(total.Cash)}, {}},
			[]ui.Cell{{Text: "All in kind"}, {Text: "In kind"}, {}, {Text: words(total.InKind)}, {}})
	}
	return t
}

// particulars are what else a line says: whose part it is, how it is valued, on what it depends, who decided it.
func particulars(l funding.ContentLine) page.Lines {
	var lines page.Lines
	if len(l.Parts) > 0 {
		lines = append(lines, "Our part of "+l.PayerTotalPence.Words()+": "+partWords(l))
	}
	for _, x := range []struct{ name, words string }{
		{"Valued by", l.Valuation}, {"Condition", l.Conditions}, {"Note", l.Note}, {"Decision", l.Decision},
	} {
		if x.words != "" {
			lines = append(lines, x.name+": "+x.words)
		}
	}
	if len(lines) == 0 {
		return page.Lines{"None"}
	}
	return lines
}

// partWords says how a payer's total is divided, each part to the penny.
func partWords(l funding.ContentLine) string {
	weights := make([]int64, len(l.Parts))
	for i, p := range l.Parts {
		weights[i] = p.Weight
	}
	parts := make([]string, len(l.Parts))
	for i, sum := range l.PayerTotalPence.Split(weights...) {
		parts[i] = l.Parts[i].Label + " " + sum.Words()
		if l.Parts[i].IsOurs {
			parts[i] += " (ours)"
		}
	}
	return strings.Join(parts, ", ")
}

// comparedTable is what each payer gives in all, its share of the cash, and the change on the year before.
func comparedTable(x funding.Compared) ui.Table {
	before := x.Before.String()
	t := ui.Table{Caption: "Each payer beside " + before, RowHeaders: true, Empty: "No contribution is proposed.",
		Columns: []ui.Column{{Text: "Organisation"}, {Text: "Cash", Numeric: true}, {Text: "Share of cash", Numeric: true}, {Text: "In kind", Numeric: true},
			{Text: "Change in cash on " + before, Numeric: true}, {Text: "Change in kind on " + before, Numeric: true}}}
	cash, inKind := []money.Pence{x.Total.Cash}, []money.Pence{x.Total.InKind}
	for _, p := range x.Payers {
		cash, inKind = append(cash, p.Cash), append(inKind, p.InKind)
	}
	cashWords, inKindWords := money.Column(cash...), money.Column(inKind...)
	row := func(p funding.ComparedPayer, name ui.Cell, share money.Share) []ui.Cell {
		shared := share.String()
		if x.Total.Cash == 0 {
			shared = "none"
		}
		return []ui.Cell{name, {Text: cashWords(p.Cash)}, {Text: shared}, {Text: inKindWords(p.InKind)},
			{Text: changeOn(p.Cash, p.CashBefore, x.Known)}, {Text: changeOn(p.InKind, p.InKindBefore, x.Known)}}
	}
	for _, p := range x.Payers {
		t.Rows = append(t.Rows, row(p, ui.Cell{Text: p.Name, Path: route.OrganisationTo(p.Slug)}, p.CashShare))
	}
	if len(x.Payers) > 0 {
		t.Rows = append(t.Rows, row(x.Total, ui.Cell{Text: "All together"}, 1000))
	}
	return t
}

// beforeWords says what the table cannot: that nothing was agreed for the year before, or who gave then and does not now.
func beforeWords(x funding.Compared) []string {
	if !x.Known {
		return []string{fmt.Sprintf("No contributions were agreed here for %s, so the change is not known.", x.Before)}
	}
	var sentences []string
	for _, p := range x.Gone {
		sums := []string{}
		if p.CashBefore > 0 {
			sums = append(sums, p.CashBefore.Words()+" in cash")
		}
		if p.InKindBefore > 0 {
			sums = append(sums, p.InKindBefore.Words()+" in kind")
		}
		if len(sums) > 0 {
			sentences = append(sentences, fmt.Sprintf("%s gave %s for %s, and nothing is proposed of it now.", p.Name, strings.Join(sums, " and "), x.Before))
		}
	}
	return sentences
}

func budgetTable(c funding.Content, total money.Pence) ui.Table {
	t := ui.Table{Caption: "Budget", RowHeaders: true, Empty: "No budget is proposed.", Columns: []ui.Column{{Text: "Category"}, {Text: "Amount", Numeric: true}}}
	sums := []money.Pence{total}
	for _, b := range c.Budget {
		sums = append(sums, b.Pence)
	}
	words := money.Column(sums...)
	for _, b := range c.Budget {
		t.Rows = append(t.Rows, []ui.Cell{{Text: b.Category}, {Text: words(b.Pence)}})
	}
	if len(c.Budget) > 0 {
		t.Rows = append(t.Rows, []ui.Cell{{Text: "All together"}, {Text: words(total)}})
	}
	return t
}
