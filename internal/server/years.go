package server

import (
	"net/http"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/funding"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// yearPages are those on which a financial year is read before the public sees it.
func (s *Server) yearPages(in innerRoutes) {
	who := can(authz.ReadFundingYears)
	in.get(route.Years, who, s.getYears)
	in.get(route.Year, who, s.getYear)
}

func (s *Server) getYears(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Years.List(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	p := page.YearsRead{Years: yearTable(list, s.today(), route.YearTo)}
	return s.show(w, r, http.StatusOK, view{title: "Funding", current: route.Years, content: p.Content()})
}

func (s *Server) getYear(w http.ResponseWriter, r *http.Request) error {
	plan, err := s.planOf(r)
	if err != nil {
		return err
	}
	by := actorOf(r)
	p := page.YearRead{Year: plan.Year.String(), State: headState(plan.Head), Plan: planPage(plan, readWays), Said: "You see this year before it is released to the public."}
	if plan.Released() {
		p.Said = "This year is released: everybody sees it."
		p.More = append(p.More, ui.Link{Text: "The public page of the year", Path: route.FundingYearTo(plan.Year.Path())})
	}
	switch {
	case plan.OpenRound != 0:
		p.Round = &ui.Link{Text: "See who has signed", Path: route.SignOffRoundTo(plan.OpenRound)}
		if len(by.Seats) > 0 {
			p.Round.Text = "Read and sign"
		}
	case plan.AgreedRound != 0:
		p.More = append(p.More, ui.Link{Text: "The round in which it was agreed", Path: route.SignOffRoundTo(plan.AgreedRound)})
	}
	if funding.CanReadLedger(by) {
		p.More = append(p.More, ui.Link{Text: "Ledger of the year", Path: route.DeskLedgerTo(plan.Year.Path())})
	}
	if funding.CanRead(by) {
		p.More = append(p.More, ui.Link{Text: "This year on the desk", Path: route.DeskFundingYearTo(plan.Year.Path())})
	}
	return s.show(w, r, http.StatusOK, view{title: "Financial year " + p.Year, current: route.Years, content: p.Content(),
		breadcrumbs: []ui.Link{{Text: "Funding", Path: route.Years}, {Text: p.Year}}})
}
