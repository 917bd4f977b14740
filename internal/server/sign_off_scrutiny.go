package server

import (
	"errors"
	"net/http"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

const maxScrutiny = 20_000

// getSignOffScrutiny is where the independent scrutineer files a statement on an open round.
func (s *Server) getSignOffScrutiny(w http.ResponseWriter, r *http.Request) error {
	return s.showScrutinyForm(w, r, form.New(nil), http.StatusOK)
}

func (s *Server) postSignOffScrutiny(w http.ResponseWriter, r *http.Request) error {
	round, err := roundOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "scrutiny")
	if err != nil {
		return err
	}
	body := f.RequiredText("scrutiny", "The statement", maxScrutiny, "Enter your statement")
	if f.Errors().Any() {
		return s.showScrutinyForm(w, r, f, statuses[fault.Invalid])
	}
	err = s.Rounds.FileScrutiny(r.Context(), actorOf(r), round, body)
	if errors.Is(err, fault.Conflict) {
		return s.afterConflict(w, r, round, err)
	}
	if err != nil {
		return err
	}
	s.tell(r, "Your statement is filed", "The partners see it before they sign, and they have been told.")
	return redirect(w, r, route.SignOffRoundTo(round)+"#scrutiny")
}

func (s *Server) showScrutinyForm(w http.ResponseWriter, r *http.Request, f *form.Form, status int) error {
	round, err := roundOf(r)
	if err != nil {
		return err
	}
	read, err := s.Rounds.Round(r.Context(), actorOf(r), round)
	if err != nil {
		return err
	}
	if !actorOf(r).Can(authz.FileScrutiny) {
		return fault.New(fault.Forbidden, "Only the independent scrutineer files a statement of scrutiny.")
	}
	if !read.CanFileScrutiny(actorOf(r)) {
		return s.afterConflict(w, r, round, fault.New(fault.Conflict, "A statement can be filed only while the round is open."))
	}
	p := page.SignOffScrutiny{Errors: f.Errors(), ID: int64(round), Title: read.Paper.Title,
		Body: f.Field("scrutiny", "Your statement", "What you say of the text and of how it came about. Everybody can read it once the text is published")}
	return s.show(w, r, status, view{title: "File a statement of scrutiny", current: route.SignOff, hasErrors: f.Errors().Any(), content: p.Content(),
		back: &ui.Link{Text: "Back to the round", Path: route.SignOffRoundTo(round)}})
}

// roundScrutiny draws what the scrutineer has said of a round, or that nothing was said.
func roundScrutiny(read signoff.Round, by authz.Actor) *page.RoundScrutiny {
	if read.Origin == signoff.Recorded {
		return nil
	}
	p := &page.RoundScrutiny{Open: read.Outcome == signoff.Open, Statements: scrutinyStatements(read.Scrutiny)}
	if read.CanFileScrutiny(by) {
		p.File = route.SignOffScrutinyTo(read.ID)
	}
	return p
}

// publicScrutiny draws what the scrutineer said of a public paper, or that nothing was said.
func (s *Server) publicScrutiny(r *http.Request, paper signoff.PaperRef) (*page.RoundScrutiny, error) {
	filed, err := s.Signed.Scrutiny(r.Context(), paper)
	if err != nil {
		return nil, err
	}
	return &page.RoundScrutiny{Statements: scrutinyStatements(filed)}, nil
}

func scrutinyStatements(filed []signoff.Scrutiny) []page.ScrutinyStatement {
	list := make([]page.ScrutinyStatement, len(filed))
	for i, x := range filed {
		list[i] = page.ScrutinyStatement{Body: x.Body, When: ui.TimeAt(x.At)}
	}
	return list
}
