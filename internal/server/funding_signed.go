package server

import (
	"encoding/hex"
	"errors"
	"net/http"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// signedYear reads the financial year of the address as every safeguarding partner signed it.
func (s *Server) signedYear(r *http.Request) (signoff.SignedYear, error) {
	year, err := yearOf(r)
	if err != nil {
		return signoff.SignedYear{}, err
	}
	return s.Signed.Year(r.Context(), year)
}

// getFundingSignOffs shows who signed a financial year.
func (s *Server) getFundingSignOffs(r *http.Request, today day.Date) (view, error) {
	y, err := s.signedYear(r)
	if err != nil {
		return view{}, err
	}
	signed, err := s.Signed.SignOffs(r.Context(), signoff.OfYear(y.FinancialYear))
	if err != nil {
		return view{}, err
	}
	records, err := s.Register.AuthorisedYear(r.Context(), y.FinancialYear, today)
	if err != nil {
		return view{}, err
	}
	authority := publicAuthority(records)
	path := route.FundingSignOffsTo(y.FinancialYear.Path())
	p := page.ArrangementSignOffs{Title: "Funding", Name: y.FinancialYear.String(), Nav: signedYearNav(y.FinancialYear, path),
		Lead:   "Every safeguarding partner signed the same contributions and the same budget. The digest of what they signed is this:",
		Digest: ui.Digest{Value: hex.EncodeToString(y.Digest), Label: "Digest of the paper (SHA-256)"}}
	if y.Demonstration {
		p.Notices = []page.Notice{{Text: "This is demonstration data."}}
	}
	for i, x := range signed {
		drawn := signedBy(x, i+1, "Paper")
		drawn.Rows = append(drawn.Rows, authorityRow(authority[x.OrganisationSlug]))
		p.SignOffs = append(p.SignOffs, drawn)
	}
	if p.Scrutiny, err = s.publicScrutiny(r, signoff.OfYear(y.FinancialYear)); err != nil {
		return view{}, err
	}
	return view{title: "Sign-offs of the funding for " + y.FinancialYear.String(), content: p.Content(), current: route.Funding, canonical: path,
		breadcrumbs: []ui.Link{{Text: "Funding", Path: route.Funding}, {Text: y.FinancialYear.String(), Path: route.FundingYearTo(y.FinancialYear.Path())}, {Text: "Sign-offs"}}}, nil
}

// signedRows lead from the page of a financial year to who signed it, if it was signed here.
func (s *Server) signedRows(r *http.Request, year day.FinancialYear) ([]ui.Row, error) {
	y, err := s.Signed.Year(r.Context(), year)
	if errors.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []ui.Row{{Key: "Agreed by every safeguarding partner", Content: linkTo(ui.Link{Text: "Who signed, and when (the last on " + day.Of(y.AgreedAt).Long() + ")", Path: route.FundingSignOffsTo(year.Path())})}}, nil
}

// signedYearNav leads between the pages of a signed year.
func signedYearNav(year day.FinancialYear, current string) ui.SubNav {
	return ui.SubNav{Label: "Funding for " + year.String(), Current: current, Items: []ui.Link{
		{Text: "Contributions", Path: route.FundingYearTo(year.Path())},
		{Text: "Sign-offs", Path: route.FundingSignOffsTo(year.Path())},
		{Text: "The exact bytes (JSON)", Path: route.FundingContentTo(year.Path())}}}
}

// getFundingContent sends the exact bytes that were signed of a financial year.
func (s *Server) getFundingContent(w http.ResponseWriter, r *http.Request) error {
	y, err := s.signedYear(r)
	if err != nil {
		return err
	}
	sendSigned(w, r, y.Content, y.Digest)
	return nil
}

// lookUpYear finds a published financial year by its digest, or by that of a statement of its sign-off.
// Fault: NotFound.
func (s *Server) lookUpYear(r *http.Request, digest []byte) (*page.Found, error) {
	y, err := s.Signed.YearByDigest(r.Context(), digest)
	if err == nil {
		return foundYear(y), nil
	}
	if !errors.Is(err, fault.NotFound) {
		return nil, err
	}
	statement, of, err := s.Signed.ByStatement(r.Context(), digest)
	if err != nil {
		return nil, err
	}
	if y, err = s.Signed.Year(r.Context(), of.Year()); err != nil {
		return nil, err
	}
	p := foundYear(y)
	p.Heading = "This is the statement of a sign-off"
	p.Rows = append(statementRows(statement, "Paper"), p.Rows...)
	return p, nil
}

func foundYear(y signoff.SignedYear) *page.Found {
	path := y.FinancialYear.Path()
	return &page.Found{State: ui.Complete, Heading: "These are the exact figures of an agreed financial year", Text: y.Title + ".",
		Rows:  []ui.Row{{Key: "Agreed", Value: day.Clock(y.AgreedAt)}},
		Links: []ui.Link{{Text: "Read this year", Path: route.FundingYearTo(path)}, {Text: "Its sign-offs", Path: route.FundingSignOffsTo(path)}}}
}
