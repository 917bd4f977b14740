package server

import (
	"net/http"
	"strconv"

	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/money"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// mostComparedLines is how many other areas are drawn one by one; of more only the lowest and the highest share are.
const mostComparedLines = 5

const ownArea = "This partnership"

// payerWords are the kinds of body as they pay: several of each.
var payerWords = map[string]string{"local authority": "Local authorities", "police": "Police", "health": "Health", "district council": "District councils",
	"education": "Education", "criminal justice": "Criminal justice", "voluntary": "Voluntary bodies", "other": "Others"}

func (s *Server) getFairShare(r *http.Request, today day.Date) (view, error) {
	year, err := yearOf(r)
	if err != nil {
		return view{}, err
	}
	f, err := s.Contributions.FairShare(r.Context(), year, today)
	if err != nil {
		return view{}, err
	}
	path := route.FairShareTo(year.Path())
	p := page.FairShare{Year: year.String(), YearPath: route.FundingYearTo(year.Path()), Demo: f.IsDemonstration, Files: page.Downloads{Path: path}}
	switch {
	case !f.Comparable():
		p.Empty, p.Files.Path = "No figures of other areas are recorded for "+year.String()+" or a year before it. There is nothing to compare with.", ""
	case f.Here.Cash == 0:
		p.Empty = "No cash is recorded for " + year.String() + ". There is nothing to compare with other areas."
	default:
		p.Summary, p.Chart, p.Sums, p.Sources = shareSentences(f), shareChart(f), areaSums(f), areaSources(f)
	}
	return view{title: "Shares here and in other areas, " + year.String(), current: route.Funding, canonical: path, content: p.Content(), breadcrumbs: []ui.Link{
		{Text: "Funding", Path: route.Funding}, {Text: year.String(), Path: p.YearPath}, {Text: "Other areas"}}}, nil
}

// known lists the shares of the kind at a place in the other areas whose figures say it.
func known(f funding.FairShare, kind int) []money.Share {
	var list []money.Share
	for _, a := range f.Others {
		if a.Kinds[kind].Known && a.Whole() {
			list = append(list, a.Kinds[kind].Share)
		}
	}
	return list
}

// lowHigh gives the ends of a list that is not empty.
func lowHigh(list []money.Share) (low, high money.Share) {
	low, high = list[0], list[0]
	for _, s := range list {
		low, high = min(low, s), max(high, s)
	}
	return low, high
}

// shareSentences says of each kind of body what it pays here, and between what it pays elsewhere.
func shareSentences(f funding.FairShare) []string {
	var sentences []string
	for i, k := range f.Here.Kinds {
		elsewhere := known(f, i)
		if !k.Known || len(elsewhere) == 0 {
			continue
		}
		low, high := lowHigh(elsewhere)
		words := payerWords[k.Kind] + ": " + k.Share.String() + " of the cash here, "
		switch {
		case len(elsewhere) == 1 || low == high:
			words += low.String() + " in " + plural(len(elsewhere), "other area", "other areas") + "."
		default:
			words += "from " + low.String() + " to " + high.String() + " in " + strconv.Itoa(len(elsewhere)) + " other areas."
		}
		sentences = append(sentences, words)
	}
	return sentences
}

func shareChart(f funding.FairShare) ui.Chart {
	c := ui.Chart{ID: "shares", Title: "Here and in other areas", Key: []string{ownArea, "Other areas"}, Table: shareTable(f),
		Description: "Each line is the share of an area’s cash that bodies of one kind pay. The table below has every figure."}
	line := func(name string, part ui.PartKind, share money.Share) ui.BarLine {
		return ui.BarLine{Name: name, Words: share.String(), Parts: []ui.BarPart{{Kind: part, Size: int64(share)}}}
	}
	for i, k := range f.Here.Kinds {
		bar := ui.Bar{Label: payerWords[k.Kind], Lines: []ui.BarLine{{Name: "Here", Words: "not recorded"}}}
		if k.Known {
			bar.Lines[0] = line("Here", ui.Solid, k.Share)
		}
		switch elsewhere := known(f, i); {
		case len(elsewhere) > mostComparedLines:
			low, high := lowHigh(elsewhere)
			bar.Lines = append(bar.Lines, line("Lowest of "+strconv.Itoa(len(elsewhere)), ui.Hollow, low), line("Highest of "+strconv.Itoa(len(elsewhere)), ui.Hollow, high))
		default:
			for _, a := range f.Others {
				if a.Kinds[i].Known && a.Whole() {
					bar.Lines = append(bar.Lines, line(a.Area, ui.Hollow, a.Kinds[i].Share))
				}
			}
		}
		c.Bars = append(c.Bars, bar)
	}
	return c
}

func areaName(a funding.AreaShares) string {
	if a.Area == "" {
		return ownArea
	}
	return a.Area
}

func shareTable(f funding.FairShare) ui.Table {
	t := ui.Table{Caption: "Shares of cash", RowHeaders: true, Columns: []ui.Column{{Text: "Area"}, {Text: "Year"}}}
	for _, k := range f.Kinds {
		t.Columns = append(t.Columns, ui.Column{Text: payerWords[k], Numeric: true})
	}
	for _, a := range append([]funding.AreaShares{f.Here}, f.Others...) {
		row := []ui.Cell{{Text: areaName(a)}, {Text: a.Year.String()}}
		for _, k := range a.Kinds {
			row = append(row, ui.Cell{Text: shareWords(k, a)})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func shareWords(k funding.KindShare, a funding.AreaShares) string {
	switch {
	case !k.Known:
		return "not recorded"
	case a.Cash == 0:
		return "none"
	case !a.Whole():
		return "the only figure"
	}
	return k.Share.String()
}

func areaSums(f funding.FairShare) ui.Table {
	t := ui.Table{Caption: "Cash, in kind and children", HideCaption: true, RowHeaders: true, Columns: []ui.Column{{Text: "Area"}, {Text: "Year"}, {Text: "Cash", Numeric: true},
		{Text: "In kind", Numeric: true}, {Text: "Children", Numeric: true}, {Text: "Cash for each child", Numeric: true}}}
	for _, a := range append([]funding.AreaShares{f.Here}, f.Others...) {
		children, each, inKind := "not known", "not known", "not recorded"
		if a.InKindKnown {
			inKind = a.InKind.Words()
		}
		if per, ok := a.PerChild(); ok {
			children, each = count(a.Children), per.String()
			if a.ChildrenYear != a.Year {
				children += " (" + a.ChildrenYear.String() + ")"
			}
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: areaName(a)}, {Text: a.Year.String()}, {Text: a.Cash.Words()}, {Text: inKind}, {Text: children}, {Text: each}})
	}
	return t
}

func areaSources(f funding.FairShare) ui.Table {
	t := ui.Table{Caption: "Sources", HideCaption: true, RowHeaders: true, Columns: []ui.Column{{Text: "Area"}, {Text: "Source"}}}
	here := append(page.Lines{"The contributions on the page of " + f.Year.String()}, f.Here.Sources...)
	t.Rows = append(t.Rows, []ui.Cell{{Text: ownArea}, {Content: here.Content()}})
	for _, a := range f.Others {
		t.Rows = append(t.Rows, []ui.Cell{{Text: a.Area}, {Content: page.Lines(a.Sources).Content()}})
	}
	return t
}

// count writes a number with commas.
func count(n int64) string { return money.Pence(n * 100).Words()[len("£"):] }

// fairShareTable is what is compared for a year, one row for each area and kind of body.
func (s *Server) fairShareTable(r *http.Request) (string, sheet.Table, error) {
	year, err := yearOf(r)
	if err != nil {
		return "", sheet.Table{}, err
	}
	f, err := s.Contributions.FairShare(r.Context(), year, s.today())
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Title: "Shares", Header: []string{"Area", "Financial year", "Kind of body", "Cash", "Share of cash in percent", "Children", "Year of children"}}
	for _, a := range append([]funding.AreaShares{f.Here}, f.Others...) {
		for _, k := range a.Kinds {
			if !k.Known {
				continue
			}
			share := k.Share.String()
			row := []string{areaName(a), a.Year.String(), k.Kind, k.Cash.Decimal(), share[:len(share)-len("%")], "", ""}
			if a.Children > 0 {
				row[5], row[6] = strconv.FormatInt(a.Children, 10), a.ChildrenYear.String()
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return "shares-" + year.Path(), t, nil
}
