package server

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/day"
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
	pub.get(route.FundingGiving, s.getFundingGiving)
	pub.table(route.FundingSpend, s.fundingSpendTable)
	pub.page(route.FairShare, s.getFairShare)
	pub.table(route.FairShare, s.fairShareTable)
}

const noContributions = "No contributions have been recorded."

func (s *Server) getFunding(r *http.Request, today day.Date) (view, error) {
	totals, err := s.Contributions.Totals(r.Context(), today)
	if err != nil {
		return view{}, err
	}
	p := page.Funding{}
	if len(totals) == 0 {
		p.Empty = noContributions
	} else {
		p.Files.Path, p.Now, p.Chart = route.Funding, fundingNow(totals, today), yearsChart(totals)
	}
	for _, t := range totals {
		p.Demo = p.Demo || t.IsDemonstration || t.Released != nil && t.Released.IsDemonstration
	}
	return view{title: "Funding", current: route.Funding, canonical: route.Funding, content: p.Content()}, nil
}

// fundingNow is the present financial year, if anything is known of it.
func fundingNow(totals []funding.Total, today day.Date) page.FundingNow {
	for _, t := range totals {
		if t.Year == day.FinancialYearOf(today) && (t.Known() || t.Released != nil) {
			now := page.FundingNow{Heading: "This year, " + t.Year.String(), State: yearState(t), Words: yearWords(t),
				Link: ui.Link{Text: "Funding for " + t.Year.String(), Path: route.FundingYearTo(t.Year.Path())}}
			if t.Known() {
				now.Words = append(now.Words, sumWords(t.Cash, t.InKind)+" from "+plural(t.Lines, "contribution", "contributions")+".")
			}
			return now
		}
	}
	return page.FundingNow{}
}

// sumWords says a sum of cash and one in kind in one breath.
func sumWords(cash, inKind money.Pence) string {
	if inKind == 0 {
		return cash.Words() + " in cash"
	}
	return cash.Words() + " in cash and " + inKind.Words() + " in kind"
}

// mostYears is how many years of which something is known are drawn; the table has all.
const mostYears = 10

func yearsChart(totals []funding.Total) ui.Chart {
	c := ui.Chart{ID: "years", Title: "Cash and in kind by financial year", Key: []string{"Cash", "In kind"}, Table: yearsTable(totals),
		Description: "What was agreed for each year. The table below has every year, and what is still proposed."}
	for _, t := range totals {
		if t.Known() && len(c.Bars) < mostYears {
			c.Bars = append(c.Bars, ui.Bar{Label: t.Year.String(), Lines: []ui.BarLine{{Words: sumWords(t.Cash, t.InKind), Parts: []ui.BarPart{
				{Kind: ui.Solid, Size: int64(t.Cash)}, {Kind: ui.Hollow, Size: int64(t.InKind)}}}}})
		}
	}
	return c
}

func yearsTable(totals []funding.Total) ui.Table {
	t := ui.Table{Caption: "Financial years", HideCaption: true, RowHeaders: true,
		Columns: []ui.Column{{Text: "Financial year"}, {Text: "How far it is"}, {Text: "Cash", Numeric: true}, {Text: "In kind", Numeric: true}, {Text: "What is recorded"}}}
	var cash, inKind []money.Pence
	for _, total := range totals {
		cash, inKind = append(cash, total.Cash), append(inKind, total.InKind)
	}
	cashWords, inKindWords := money.Column(cash...), money.Column(inKind...)
	for _, total := range totals {
		row := []ui.Cell{{Text: total.Year.String(), Path: route.FundingYearTo(total.Year.Path())}, {Text: "Not known"}, {Text: "not known"}, {Text: "not known"}, {Text: "Nothing"}}
		if state := yearState(total); state != "" {
			row[1] = ui.Cell{Content: ui.Tag{State: state}}
		}
		if total.TakenOut > 0 {
			row[4].Text = "Nothing that counts: " + plural(total.TakenOut, "contribution was", "contributions were") + " taken out"
		}
		switch {
		case total.Known():
			row[2].Text, row[3].Text, row[4].Text = cashWords(total.Cash), inKindWords(total.InKind), totalWords(total)
		case total.Released != nil && total.Released.Status() == funding.Proposed:
			row[2].Text, row[3].Text = "not agreed", "not agreed"
			row[4].Text = "Proposed: " + sumWords(total.Released.ProposedCash, total.Released.ProposedInKind)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
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
		"What for", "Note", "Agreed", "Precision", "Source", "Recorded", "Taken out", "Why taken out", "Demonstration data", "Payer's total", "Parts of the total", "Conditions", "Decision",
		"Why added once agreed", "Signed here by every partner"}}
	for _, e := range list {
		taken := ""
		if !e.Counts() {
			taken = day.Of(e.TakenOutAt).String()
		}
		t.Rows = append(t.Rows, []string{e.Year.String(), e.Name, e.Payer.Name, s.whole(route.OrganisationTo(e.Slug)), string(e.Form), e.Pence.Decimal(), e.Valuation,
			yesNo(e.IsEstimated), e.Purpose, e.Note, e.AgreedOn.String(), string(e.AgreedPrecision), e.Source, day.Of(e.RecordedAt).String(), taken, e.Reason,
			yesNo(e.IsDemonstration), e.Total.Decimal(), splitWords(e.Line), e.Conditions, e.DecisionNumber, e.AdjustmentReason, yesNo(e.WasSigned)})
	}
	return t
}
