package server

import (
	"errors"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/money"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// fundingPages are the public ones about who gives what.
func (s *Server) fundingPages(pub publicRoutes) {
	pub.page(route.Funding, s.getFunding)
	pub.table(route.Funding, s.fundingTable)
	pub.page(route.FundingYear, s.getFundingYear)
	pub.table(route.FundingYear, s.fundingYearTable)
	pub.page(route.FundingSignOffs, s.getFundingSignOffs)
	pub.get(route.FundingContent, s.getFundingContent)
	pub.page(route.FairShare, s.getFairShare)
	pub.table(route.FairShare, s.fairShareTable)
}

const noContributions = "No contributions have been recorded."

func (s *Server) getFunding(r *http.Request, today day.Date) (view, error) {
	totals, err := s.Contributions.Totals(r.Context(), today)
	if err != nil {
		return view{}, err
	}
	t := ui.Table{Caption: "Financial years", HideCaption: true, RowHeaders: true, Empty: noContributions,
		Columns: []ui.Column{{Text: "Financial year"}, {Text: "Cash", Numeric: true}, {Text: "In kind", Numeric: true}, {Text: "What is recorded"}}}
	p := page.Funding{}
	var cash, inKind []money.Pence
	for _, total := range totals {
		cash, inKind = append(cash, total.Cash), append(inKind, total.InKind)
	}
	cashWords, inKindWords := money.Column(cash...), money.Column(inKind...)
	for _, total := range totals {
		row := []ui.Cell{{Text: total.Year.String(), Path: route.FundingYearTo(total.Year.Path())}, {Text: "not known"}, {Text: "not known"}, {Text: "Nothing"}}
		if total.TakenOut > 0 {
			row[3].Text = "Nothing that counts: " + plural(total.TakenOut, "contribution was", "contributions were") + " taken out"
		}
		if total.Known() {
			row[1].Text, row[2].Text, row[3].Text = cashWords(total.Cash), inKindWords(total.InKind), totalWords(total)
		}
		p.Demo = p.Demo || total.IsDemonstration
		t.Rows = append(t.Rows, row)
	}
	if p.Table = t; len(totals) > 0 {
		p.Files.Path = route.Funding
	}
	return view{title: "Funding", current: route.Funding, canonical: route.Funding, content: p.Content()}, nil
}

func totalWords(t funding.Total) string {
	words := []string{plural(t.Lines, "contribution", "contributions")}
	if t.IsEstimated {
		words = append(words, "some values in kind are estimated")
	}
	if t.IsDemonstration {
		words = append(words, "demonstration data")
	}
	return strings.Join(words, ", ")
}

// yearOf reads the financial year that the address names: 2019-20.
func yearOf(r *http.Request) (day.FinancialYear, error) {
	part := chi.URLParam(r, "year")
	year, err := day.ParseFinancialYear(part)
	if err != nil {
		return 0, errNoPage.Because(err)
	}
	if year.Path() != part {
		return 0, errNoPage
	}
	return year, nil
}

func (s *Server) getFundingYear(r *http.Request, today day.Date) (view, error) {
	year, err := yearOf(r)
	if err != nil {
		return view{}, err
	}
	this, err := s.Contributions.Year(r.Context(), year, today)
	if err != nil {
		return view{}, err
	}
	before, beforeErr := s.Contributions.Year(r.Context(), year-1, today)
	if beforeErr != nil && !errors.Is(beforeErr, fault.NotFound) {
		return view{}, beforeErr
	}
	before.Year = year - 1
	_, afterErr := s.Contributions.Year(r.Context(), year+1, today)
	if afterErr != nil && !errors.Is(afterErr, fault.NotFound) {
		return view{}, afterErr
	}
	p := page.FundingYear{Year: year.String(), Demo: this.IsDemonstration, Empty: this.Empty(), Rows: yearRows(this, before),
		Payers: payerTable(this, before), Lines: lineTable(this), Unknown: unknownOf(this, before), Corrections: correctionTable(this.Corrections)}
	signed, err := s.signedRows(r, year)
	if err != nil {
		return view{}, err
	}
	p.Rows = append(p.Rows, signed...)
	if !p.Empty || len(this.Corrections) > 0 {
		p.Files.Path = route.FundingYearTo(year.Path())
	}
	if beforeErr == nil {
		p.Pages.Previous, p.Pages.PreviousTitle = route.FundingYearTo((year - 1).Path()), (year - 1).String()
	}
	if afterErr == nil {
		p.Pages.Next, p.Pages.NextTitle = route.FundingYearTo((year + 1).Path()), (year + 1).String()
	}
	return view{title: "Contributions for " + year.String(), current: route.Funding, canonical: route.FundingYearTo(year.Path()), content: p.Content(),
		breadcrumbs: []ui.Link{{Text: "Funding", Path: route.Funding}, {Text: year.String()}}}, nil
}

func yearRows(this, before funding.Year) []ui.Row {
	inKind := this.InKind.Words()
	if this.Estimated {
		inKind += ", some of it estimated"
	}
	change := "not known: nothing is recorded of " + before.Year.String()
	if !before.Empty() {
		change = (this.Cash - before.Cash).Change()
	}
	return []ui.Row{{Key: "Cash", Value: this.Cash.Words()}, {Key: "In kind", Value: inKind},
		{Key: "Change in cash on " + before.Year.String(), Value: change}, {Key: "Who gives", Value: plural(len(this.Payers), "organisation", "organisations")}}
}

func payerTable(this, before funding.Year) ui.Table {
	t := ui.Table{Caption: "Who gives what", RowHeaders: true, Columns: []ui.Column{{Text: "Organisation"}, {Text: "Cash", Numeric: true},
		{Text: "Share of cash", Numeric: true}, {Text: "In kind", Numeric: true}, {Text: "Change in cash on " + before.Year.String(), Numeric: true}}}
	cash, inKind := []money.Pence{this.Cash}, []money.Pence{this.InKind}
	for _, x := range this.Payers {
		cash, inKind = append(cash, x.Cash), append(inKind, x.InKind)
	}
	cashWords, inKindWords := money.Column(cash...), money.Column(inKind...)
	share := func(x money.Share) string {
		if this.Cash == 0 {
			return "none"
		}
		return x.String()
	}
	for _, x := range this.Payers {
		name := page.Payer{Name: x.Name, Path: route.OrganisationTo(x.Slug)}
		for _, as := range x.PaidAs() {
			name.As = append(name.As, "paid as "+as)
		}
		change := "not known"
		if earlier, known := before.Payer(x.ID); known {
			change = (x.Cash - earlier.Cash).Change()
		}
		value := inKindWords(x.InKind)
		if x.Estimated {
			value += " (estimated)"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Content: name.Content()}, {Text: cashWords(x.Cash)}, {Text: share(x.CashShare)}, {Text: value}, {Text: change}})
	}
	change := "not known"
	if !before.Empty() {
		change = (this.Cash - before.Cash).Change()
	}
	t.Rows = append(t.Rows, []ui.Cell{{Text: "All together"}, {Text: cashWords(this.Cash)}, {Text: share(1000)}, {Text: inKindWords(this.InKind)}, {Text: change}})
	return t
}

func lineTable(y funding.Year) ui.Table {
	t := ui.Table{Caption: "Each contribution and where it can be read", RowHeaders: true, Columns: []ui.Column{{Text: "Agreed by"}, {Text: "Amount", Numeric: true},
		{Text: "What for"}, {Text: "Agreed"}, {Text: "Source"}, {Text: "Recorded here"}}}
	for _, p := range y.Payers {
		for _, l := range p.Lines {
			t.Rows = append(t.Rows, []ui.Cell{{Text: l.Name}, {Content: amountLines(l).Content()}, {Content: purposeLines(l).Content()},
				{Content: ui.TimeOf(l.Agreed())}, {Text: l.Source}, {Content: onDay(day.Of(l.RecordedAt))}})
		}
	}
	return t
}

func amountLines(l funding.Line) page.Lines {
	lines := page.Lines{l.Pence.Words() + " in cash"}
	if l.Form == funding.InKind {
		lines[0] = "worth " + l.Pence.Words() + " in kind"
		valued := "valued by: "
		if l.IsEstimated {
			valued = "estimated by: "
		}
		lines = append(lines, valued+l.Valuation)
	}
	return lines
}

func purposeLines(l funding.Line) page.Lines {
	lines := page.Lines{l.Purpose}
	if l.Note != "" {
		lines = append(lines, l.Note)
	}
	if l.IsDemonstration {
		lines = append(lines, "Demonstration data")
	}
	return lines
}

func correctionTable(list []funding.Correction) ui.Table {
	t := ui.Table{Caption: "Contributions that were taken out", HideCaption: true, RowHeaders: true,
		Columns: []ui.Column{{Text: "Recorded for"}, {Text: "Amount", Numeric: true}, {Text: "Recorded here"}, {Text: "Taken out"}, {Text: "Why"}}}
	for _, c := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Text: c.Name}, {Content: amountLines(c.Line).Content()}, {Content: onDay(day.Of(c.RecordedAt))},
			{Content: onDay(day.Of(c.TakenOutAt))}, {Text: c.Reason}})
	}
	return t
}

// unknownOf says in sentences what is not known of a year.
func unknownOf(this, before funding.Year) []string {
	var sentences []string
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

func (s *Server) fundingTable(r *http.Request) (string, sheet.Table, error) {
	list, err := s.Contributions.Entries(r.Context(), 0, s.today())
	return tableName("contributions", s.today()), s.entryTable(list), err
}

func (s *Server) fundingYearTable(r *http.Request) (string, sheet.Table, error) {
	year, err := yearOf(r)
	if err != nil {
		return "", sheet.Table{}, err
	}
	if _, err := s.Contributions.Year(r.Context(), year, s.today()); err != nil {
		return "", sheet.Table{}, err
	}
	list, err := s.Contributions.Entries(r.Context(), year, s.today())
	return "contributions-" + year.Path(), s.entryTable(list), err
}

func (s *Server) entryTable(list []funding.Entry) sheet.Table {
	t := sheet.Table{Title: "Contributions", Header: []string{"Financial year", "Agreed by", "Organisation today", "Address", "Form", "Amount", "Valuation", "Estimated",
		"What for", "Note", "Agreed", "Precision", "Source", "Recorded", "Taken out", "Why taken out", "Demonstration data"}}
	for _, e := range list {
		taken := ""
		if !e.Counts() {
			taken = day.Of(e.TakenOutAt).String()
		}
		t.Rows = append(t.Rows, []string{e.Year.String(), e.Name, e.Payer.Name, s.whole(route.OrganisationTo(e.Slug)), string(e.Form), e.Pence.Decimal(), e.Valuation,
			yesNo(e.IsEstimated), e.Purpose, e.Note, e.AgreedOn.String(), string(e.AgreedPrecision), e.Source, day.Of(e.RecordedAt).String(), taken, e.Reason,
			yesNo(e.IsDemonstration)})
	}
	return t
}
