package server

import (
	"errors"
	"net/http"
	"strings"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// deskYearRoundPages are those on which a financial year is put to the safeguarding partners.
func (s *Server) deskYearRoundPages(in innerRoutes) {
	who := can(authz.OpenRound)
	in.get(route.DeskFundingRound, who, s.getDeskYearRound)
	in.post(route.DeskFundingRound, who, smallForm, s.postDeskYearRound)
}

func (s *Server) getDeskYearRound(w http.ResponseWriter, r *http.Request) error {
	return s.showDeskYearRound(w, r, form.New(nil), "", http.StatusOK)
}

// showDeskYearRound shows what a round would put to the partners now. Where none can open at all it says why.
func (s *Server) showDeskYearRound(w http.ResponseWriter, r *http.Request, f *form.Form, changed string, status int) error {
	plan, refused, err := s.linesStand(w, r)
	if err != nil || refused {
		return err
	}
	check, err := s.Years.Check(r.Context(), actorOf(r), plan.Year)
	if err != nil {
		return s.refuse(w, r, err, wayToYear(plan.Year))
	}
	paper, err := s.readYearPaper(r, check.Content)
	if err != nil {
		return err
	}
	p := page.DeskOpenYear{Year: plan.Year.String(), Path: plan.Year.Path(), Errors: f.Errors(), Changed: changed, Paper: *paper, Digest: check.Digest,
		Problems: check.Problems, Warnings: check.Warnings, Seats: yearSeats(check),
		DueOn: f.DateField("due-on", "Answers are hoped for by", "You may leave this empty. Nothing lapses by itself on that day. For example, 17 9 2026")}
	v := yearView(plan.Year, "Check before sign-off", p.Content())
	v.hasErrors = p.Errors.Any()
	return s.show(w, r, status, v)
}

func yearSeats(check funding.Check) [][]ui.Cell {
	var rows [][]ui.Cell
	for _, seat := range check.Seats {
		var who []string
		for _, h := range seat.Holders {
			if h.Covers(signoff.AnnualBudget) {
				who = append(who, holderLine(h))
			}
		}
		rows = append(rows, []ui.Cell{{Text: seat.OrganisationName}, {Text: or(strings.Join(who, "; "), "Nobody yet")}})
	}
	return rows
}

func (s *Server) postDeskYearRound(w http.ResponseWriter, r *http.Request) error {
	year, err := yearOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "digest", "due-on")
	if err != nil {
		return err
	}
	cmd := funding.OpenCommand{Year: year, Digest: f.Raw("digest"), DueOn: f.Date("due-on", "The due date", "")}
	if f.Errors().Any() {
		return s.showDeskYearRound(w, r, f, "", statuses[fault.Invalid])
	}
	round, err := s.Years.Open(r.Context(), actorOf(r), cmd)
	switch {
	case ruled(f, err):
		return s.showDeskYearRound(w, r, f, "", statuses[fault.Invalid])
	case errors.Is(err, fault.Conflict):
		s.note(r, err)
		return s.showDeskYearRound(w, r, f, fault.Message(err), statuses[fault.Conflict])
	case err != nil:
		return err
	}
	s.tell(r, year.String()+" is put to the partners", "It is frozen now. Each lead officer gets a letter.")
	return redirect(w, r, route.SignOffRoundTo(round))
}
