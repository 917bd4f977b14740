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
)

// yearFiles are the open data of a year, each with what it is.
func (s *Server) yearFiles(x funding.Picture) []page.OpenFile {
	path := route.FundingYearTo(x.Year.Year.Path())
	var files []page.OpenFile
	if !x.Empty() || len(x.Corrections) > 0 {
		files = append(files, page.OpenFile{Text: "Contributions, CSV", Path: route.CSV(path), What: "every contribution, with what was corrected."},
			page.OpenFile{Text: "Contributions, Excel", Path: route.XLSX(path), What: "the same as a workbook."})
	}
	if x.Cash > 0 {
		files = append(files, page.OpenFile{Text: "Contributions in cash, JSON", Path: route.FundingGivingTo(x.Year.Year.Path()),
			What: "in the shape of the 360Giving standard for grants. What is given in kind does not fit it and is left out."})
	}
	if x.Over500 {
		spend := route.FundingSpendTo(x.Year.Year.Path())
		files = append(files, page.OpenFile{Text: "Payments of more than £500, CSV", Path: route.CSV(spend),
			What: "with what the Local Government Transparency Code asks for. The names of private persons are left out."},
			page.OpenFile{Text: "Payments of more than £500, Excel", Path: route.XLSX(spend), What: "the same as a workbook."})
	}
	if !x.Empty() {
		path := route.CSV(route.FairShareTo(x.Year.Year.Path()))
		files = append(files, page.OpenFile{Text: "Shares by kind of body, CSV", Path: path, What: "here, and in other areas where figures are recorded."})
	}
	return files
}

// notStated stands where the code asks for what is not recorded here.
const notStated = "not recorded"

// fundingSpendTable lists payments of more than £500 with what the Local Government Transparency Code asks for.
func (s *Server) fundingSpendTable(r *http.Request) (string, sheet.Table, error) {
	year, err := yearOf(r)
	if err != nil {
		return "", sheet.Table{}, err
	}
	payments, err := s.Contributions.Payments(r.Context(), year)
	if err != nil {
		return "", sheet.Table{}, err
	}
	name := or(s.partnership(r.Context(), true).Name, nameBeforeSettings)
	t := sheet.Table{Title: "Payments of more than £500", Header: []string{"Body name", "Financial year", "Date", "Department", "Beneficiary", "Purpose of expenditure", "Amount",
		"Irrecoverable VAT", "Merchant category", "Transaction number", "Demonstration data"}}
	for _, p := range payments {
		t.Rows = append(t.Rows, []string{name, year.String(), p.DatedOn.String(), name, or(p.Supplier, "Withheld: a private person"), p.Description, p.Pence.Decimal(), notStated,
			p.Category, or(p.Reference, strconv.FormatInt(int64(p.ID), 10)), yesNo(p.IsDemonstration)})
	}
	return "spend-over-500-" + year.Path(), t, nil
}

// The following have the names of the 360Giving standard.
type giving360 struct {
	Grants []grant360 `json:"grants"`
}

type grant360 struct {
	ID           string         `json:"id"`
	Title        string         `json:"title"`
	Description  string         `json:"description"`
	Currency     string         `json:"currency"`
	Amount       jsonPence      `json:"amountAwarded"`
	AwardDate    string         `json:"awardDate"`
	Planned      []planned360   `json:"plannedDates"`
	Recipient    []body360      `json:"recipientOrganization"`
	Funding      []body360      `json:"fundingOrganization"`
	Programme    []programme360 `json:"grantProgramme"`
	DataSource   string         `json:"dataSource"`
	DateModified string         `json:"dateModified"`
}

type planned360 struct {
	Start string `json:"startDate"`
	End   string `json:"endDate"`
}

type body360 struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type programme360 struct {
	Title string `json:"title"`
}

// jsonPence is a sum as a number of pounds, written without a rounding of its own.
type jsonPence money.Pence

// MarshalJSON writes the number.
func (p jsonPence) MarshalJSON() ([]byte, error) { return []byte(money.Pence(p).Decimal()), nil }

// getFundingGiving gives the contributions in cash of a year in the shape of the 360Giving standard. Identifiers of ours
// begin with the host of the portal: a registered prefix is for the publisher to ask for.
func (s *Server) getFundingGiving(w http.ResponseWriter, r *http.Request) error {
	year, err := yearOf(r)
	if err != nil {
		return err
	}
	grants, err := s.Contributions.Grants(r.Context(), year, s.today())
	if err != nil {
		return err
	}
	name := or(s.partnership(r.Context(), true).Name, nameBeforeSettings)
	own := s.BaseURL.Host
	list := giving360{Grants: []grant360{}}
	for _, g := range grants {
		list.Grants = append(list.Grants, grant360{
			ID: own + "-contribution-" + strconv.FormatInt(int64(g.ID), 10), Title: "Contribution of " + g.Name + " for " + year.String(),
			Description: grantWords(g), Currency: "GBP", Amount: jsonPence(g.Pence), AwardDate: g.AgreedOn.String(),
			Planned:   []planned360{{Start: year.Starts().String(), End: year.Ends().String()}},
			Recipient: []body360{{ID: own, Name: name}}, Funding: []body360{{ID: or(g.PayerID, own+"-"+g.Slug), Name: g.Name}},
			Programme: []programme360{{Title: "Funding for " + year.String()}}, DataSource: s.whole(route.FundingYearTo(year.Path())), DateModified: rfc3339(g.RecordedAt)})
	}
	return publicJSON(w, r, list)
}

// grantWords describes a contribution: what it is for, its conditions, and how well its day is known.
func grantWords(g funding.Grant) string {
	words := sentence(g.Purpose) + "."
	if g.Note != "" {
		words += " " + g.Note
	}
	if g.Conditions != "" {
		words += " Conditions: " + g.Conditions
	}
	if g.AgreedPrecision != day.Exact {
		words += " Agreed: " + g.Agreed().Words() + "; the date stands for it."
	}
	if g.IsDemonstration {
		words += " Demonstration data."
	}
	return words
}
