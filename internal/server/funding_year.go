package server

import (
	"net/http"

	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/money"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) getFundingYear(r *http.Request, today day.Date) (view, error) {
	year, err := yearOf(r)
	if err != nil {
		return view{}, err
	}
	x, err := s.Contributions.Picture(r.Context(), year, today)
	if err != nil {
		return view{}, err
	}
	total := funding.Total{Year: year, Cash: x.Cash, InKind: x.InKind, Released: x.Released}
	for _, p := range x.Payers {
		total.Lines += len(p.Lines)
	}
	p := page.FundingYear{Year: year.String(), State: yearState(total), Demo: x.IsDemonstration || x.Released != nil && x.Released.IsDemonstration,
		Lead: yearWords(total), Rows: yearRows(x), Unknown: unknownOf(x), Added: addedTable(x.Year), Corrections: correctionTable(x.Corrections), Files: s.yearFiles(x)}
	if x.Empty() && (x.Released == nil || x.Released.Status() != funding.Proposed) {
		p.Empty = emptyWords(x)
	}
	if !x.Empty() {
		p.Agreed, p.FairShare = givingOf("agreed", "Who gives what", x.Year, x.Before), route.FairShareTo(year.Path())
		p.Estimates, p.Splits, p.Conditions = estimatesOf(x.Year), splitsOf(x.Year), conditionsOf(x.Year)
	}
	if x.Released != nil {
		showReleased(&p, x)
	}
	signed, err := s.signedRows(r, year)
	if err != nil {
		return view{}, err
	}
	p.Rows = append(signed, p.Rows...)
	if x.Previous {
		p.Pages.Previous, p.Pages.PreviousTitle = route.FundingYearTo((year - 1).Path()), (year - 1).String()
	}
	if x.Next {
		p.Pages.Next, p.Pages.NextTitle = route.FundingYearTo((year + 1).Path()), (year + 1).String()
	}
	return view{title: "Funding for " + year.String(), current: route.Funding, canonical: route.FundingYearTo(year.Path()), content: p.Content(),
		breadcrumbs: []ui.Link{{Text: "Funding", Path: route.Funding}, {Text: year.String()}}}, nil
}

func emptyWords(x funding.Picture) string {
	if len(x.Corrections) > 0 {
		return "No contribution that counts is recorded for " + x.Year.Year.String() + ". This site does not know who gave what."
	}
	return "No contributions have been recorded for " + x.Year.Year.String() + ". This site does not know who gave what."
}

// showReleased adds what is shown of a released year alone.
func showReleased(p *page.FundingYear, x funding.Picture) {
	r := *x.Released
	if !x.Proposal.Empty() {
		p.Proposal = givingOf("proposed", "What is proposed", x.Proposal, x.Before)
		p.Proposal.Intro = append(p.Proposal.Intro, "This is not agreed. It can change until every safeguarding partner has signed.")
		p.Estimates, p.Splits, p.Conditions = estimatesOf(x.Proposal), splitsOf(x.Proposal), conditionsOf(x.Proposal)
	}
	p.Method = paragraphs(r.Method)
	p.Budget, p.BudgetNote = spendingChart(x), spendingNote(x)
	p.Reserves, p.ReserveNote = reserveRows(r, x.Cash), r.ClosingNote
	if !r.ReviewDueOn.IsZero() {
		p.ReviewDue = "The safeguarding partners next review the contributions by " + r.ReviewDueOn.Long() + "."
	}
	p.Reviews = reviewTable(x.Reviews)
	if r.SkipReason != "" && x.Before.Empty() {
		p.Unknown = append(p.Unknown, "The year before was left out: "+r.SkipReason)
	}
}

// yearRows are the year at a glance.
func yearRows(x funding.Picture) []ui.Row {
	var rows []ui.Row
	if !x.Empty() {
		inKind := x.InKind.Words()
		if x.Estimated {
			inKind += ", some of it estimated"
		}
		change := "not known: nothing is recorded of " + x.Before.Year.String()
		if !x.Before.Empty() {
			change = (x.Cash - x.Before.Cash).Change()
		}
		rows = append(rows, ui.Row{Key: "Cash", Value: x.Cash.Words()}, ui.Row{Key: "In kind", Value: inKind},
			ui.Row{Key: "Change in cash on " + x.Before.Year.String(), Value: change}, ui.Row{Key: "Who gives", Value: plural(len(x.Payers), "organisation", "organisations")})
	}
	if x.Released == nil {
		return rows
	}
	if !x.Proposal.Empty() {
		rows = append(rows, ui.Row{Key: "Still to be agreed", Value: sumWords(x.Proposal.Cash, x.Proposal.InKind)})
	}
	return append(rows, moneyRows(x)...)
}

// unknownOf says in sentences what is not known of a year.
func unknownOf(x funding.Picture) []string {
	var sentences []string
	if x.Released != nil && x.Released.Status() == funding.Proposed {
		return nil
	}
	this, before := x.Year, x.Before
	for _, b := range this.Unrecorded {
		sentences = append(sentences, "Nothing is recorded of "+b.Name+", a safeguarding partner in the year.")
	}
	for _, p := range before.Payers {
		if _, pays := this.Payer(p.ID); !pays && !this.Empty() {
			sentences = append(sentences, p.Name+" gave something in "+before.Year.String()+". For "+this.Year.String()+" nothing is recorded of it.")
		}
	}
	if !this.Empty() && before.Empty() {
		sentences = append(sentences, "Nothing is recorded of "+before.Year.String()+", so the change on that year is not known.")
	}
	return sentences
}

// mostPayers is how many payers are drawn one by one; the table has all.
const mostPayers = 12

// givingOf draws who gives what of a year, beside the year before.
func givingOf(id, heading string, this, before funding.Year) *page.Giving {
	g := &page.Giving{Heading: heading, Given: givenChart(id, this, before), Lines: lineTable(this)}
	if this.Cash > 0 {
		g.Shares = shareOfCash(id, this)
	} else {
		g.Intro = append(g.Intro, "No cash is given, so there are no shares of it.")
	}
	if id == "proposed" {
		g.Lines = proposedTable(this)
	}
	return g
}

func shareOfCash(id string, y funding.Year) ui.Chart {
	c := ui.Chart{ID: id + "-shares", Title: "Who pays what share of the cash", Description: shareWordsOf(y), Table: payerTable(y)}
	var rest money.Share
	for i, p := range y.Payers {
		if i >= mostPayers {
			rest += p.CashShare
			continue
		}
		if p.Cash > 0 {
			c.Bars = append(c.Bars, shareBar(p.Name, p.CashShare))
		}
	}
	if len(y.Payers) > mostPayers && rest > 0 {
		c.Bars = append(c.Bars, shareBar(plural(len(y.Payers)-mostPayers, "other", "others")+" together", rest))
	}
	return c
}

func shareBar(label string, share money.Share) ui.Bar {
	return ui.Bar{Label: label, Lines: []ui.BarLine{{Words: share.String(), Parts: []ui.BarPart{{Kind: ui.Solid, Size: int64(share)}}}}}
}

// shareWordsOf says who pays most, in a sentence.
func shareWordsOf(y funding.Year) string {
	first := y.Payers[0]
	if first.Cash == y.Cash {
		return first.Name + " pays all of the cash, " + y.Cash.Words() + "."
	}
	return first.Name + " pays most: " + first.CashShare.String() + " of " + y.Cash.Words() + " in cash. Shares add up to 100.0%."
}

func payerTable(y funding.Year) ui.Table {
	t := ui.Table{Caption: "Share of cash", HideCaption: true, RowHeaders: true, Columns: []ui.Column{{Text: "Organisation"}, {Text: "Cash", Numeric: true}, {Text: "Share of cash", Numeric: true}}}
	sums := []money.Pence{y.Cash}
	for _, p := range y.Payers {
		sums = append(sums, p.Cash)
	}
	words := money.Column(sums...)
	for _, p := range y.Payers {
		t.Rows = append(t.Rows, []ui.Cell{payerCell(p), {Text: words(p.Cash)}, {Text: p.CashShare.String()}})
	}
	t.Rows = append(t.Rows, []ui.Cell{{Text: "All together"}, {Text: words(y.Cash)}, {Text: money.Share(1000).String()}})
	return t
}

func payerCell(p funding.Payer) ui.Cell {
	name := page.Payer{Name: p.Name, Path: route.OrganisationTo(p.Slug)}
	for _, as := range p.PaidAs() {
		name.As = append(name.As, "paid as "+as)
	}
	return ui.Cell{Content: name.Content()}
}

func givenChart(id string, this, before funding.Year) ui.Chart {
	c := ui.Chart{ID: id + "-given", Title: "Cash and in kind, and the year before", Key: []string{"Cash", "In kind"}, Table: givenTable(this, before),
		Description: sumWords(this.Cash, this.InKind) + " for " + this.Year.String() + "."}
	if before.Empty() {
		c.Title = "Cash and in kind"
	} else {
		c.Description += " " + sumWords(before.Cash, before.InKind) + " for " + before.Year.String() + "."
	}
	var rest, restBefore funding.Payer
	for i, p := range this.Payers {
		earlier, known := before.Payer(p.ID)
		if i >= mostPayers {
			rest.Cash, rest.InKind = rest.Cash+p.Cash, rest.InKind+p.InKind
			restBefore.Cash, restBefore.InKind = restBefore.Cash+earlier.Cash, restBefore.InKind+earlier.InKind
			continue
		}
		c.Bars = append(c.Bars, givenBar(p.Name, this, before, p, earlier, known))
	}
	if more := len(this.Payers) - mostPayers; more > 0 {
		c.Bars = append(c.Bars, givenBar(plural(more, "other", "others")+" together", this, before, rest, restBefore, !before.Empty()))
	}
	return c
}

func givenBar(label string, this, before funding.Year, now, then funding.Payer, known bool) ui.Bar {
	line := func(name string, p funding.Payer) ui.BarLine {
		return ui.BarLine{Name: name, Words: sumWords(p.Cash, p.InKind), Parts: []ui.BarPart{{Kind: ui.Solid, Size: int64(p.Cash)}, {Kind: ui.Hollow, Size: int64(p.InKind)}}}
	}
	if before.Empty() {
		return ui.Bar{Label: label, Lines: []ui.BarLine{line("", now)}}
	}
	b := ui.Bar{Label: label, Lines: []ui.BarLine{line(this.Year.String(), now)}}
	if known {
		b.Lines = append(b.Lines, line(before.Year.String(), then))
	}
	return b
}

func givenTable(this, before funding.Year) ui.Table {
	on := " on " + before.Year.String()
	t := ui.Table{Caption: "Cash and in kind", HideCaption: true, RowHeaders: true, Columns: []ui.Column{{Text: "Organisation"}, {Text: "Cash", Numeric: true},
		{Text: "Change in cash" + on, Numeric: true}, {Text: "In kind", Numeric: true}, {Text: "Change in kind" + on, Numeric: true}}}
	cash, inKind := []money.Pence{this.Cash}, []money.Pence{this.InKind}
	for _, x := range this.Payers {
		cash, inKind = append(cash, x.Cash), append(inKind, x.InKind)
	}
	cashWords, inKindWords := money.Column(cash...), money.Column(inKind...)
	for _, x := range this.Payers {
		change, kindChange := "not known", "not known"
		if earlier, known := before.Payer(x.ID); known {
			change, kindChange = (x.Cash - earlier.Cash).Change(), (x.InKind - earlier.InKind).Change()
		}
		value := inKindWords(x.InKind)
		if x.Estimated {
			value += " (estimated)"
		}
		t.Rows = append(t.Rows, []ui.Cell{payerCell(x), {Text: cashWords(x.Cash)}, {Text: change}, {Text: value}, {Text: kindChange}})
	}
	change, kindChange := "not known", "not known"
	if !before.Empty() {
		change, kindChange = (this.Cash - before.Cash).Change(), (this.InKind - before.InKind).Change()
	}
	t.Rows = append(t.Rows, []ui.Cell{{Text: "All together"}, {Text: cashWords(this.Cash)}, {Text: change}, {Text: inKindWords(this.InKind)}, {Text: kindChange}})
	return t
}
