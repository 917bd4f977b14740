package server

import (
	"errors"
	"fmt"
	"net/http"

	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) postSignOffRemark(w http.ResponseWriter, r *http.Request) error {
	round, err := roundOf(r)
	if err != nil {
		return err
	}
	f := form.New(r.PostForm)
	if err := f.Only("kind", "body"); err != nil {
		return errBadForm.Because(err)
	}
	cmd := signoff.RemarkCommand{Round: round,
		Kind: f.Choice("kind", "Choose whether this is a question or a change that you ask for", "question", "requested change"),
		Body: f.RequiredText("body", "Your question or change", maxReason, "Enter your question or the change that you ask for")}
	if !f.Errors().Any() {
		err := s.Rounds.PutRemark(r.Context(), actorOf(r), cmd)
		if errors.Is(err, fault.Conflict) {
			return s.afterConflict(w, r, round, err)
		}
		if err != nil {
			return err
		}
		s.tell(r, "Put to the round", "All partners in it see it. Business support has been told.")
		return redirect(w, r, route.SignOffRoundTo(round)+"#questions")
	}
	read, err := s.Rounds.Round(r.Context(), actorOf(r), round)
	if err != nil {
		return err
	}
	p := page.SignOffRemark{Errors: f.Errors()}
	if p.Round, err = s.roundPage(r, read, f); err != nil {
		return err
	}
	return s.showForm(w, r, view{title: "Put a question or ask for a change", current: route.SignOff, hasErrors: true, content: p.Content(),
		back: &ui.Link{Text: "Back to the round", Path: route.SignOffRoundTo(round)}})
}

func (s *Server) postSignOffAnswer(w http.ResponseWriter, r *http.Request) error {
	round, err := roundOf(r)
	if err != nil {
		return err
	}
	remark, err := id.Parse[int64](r.PathValue("remark"))
	if err != nil {
		return errNoPage.Because(err)
	}
	field := fmt.Sprintf("answer-%d", remark)
	f := form.New(r.PostForm)
	if err := f.Only(field); err != nil {
		return errBadForm.Because(err)
	}
	answer := f.RequiredText(field, "Your answer", maxReason, "Enter an answer")
	if f.Errors().Any() {
		return s.showRoundAgain(w, r, round, statuses[fault.Invalid], f, "")
	}
	if err := s.Rounds.AnswerRemark(r.Context(), actorOf(r), round, remark, answer); err != nil {
		if errors.Is(err, fault.Conflict) {
			return s.afterConflict(w, r, round, err)
		}
		return err
	}
	s.tell(r, "Answer sent", "Whoever asked has been told.")
	return redirect(w, r, route.SignOffRoundTo(round)+"#questions")
}

// getArrangementSign leads from a version to its newest round, for whoever may see it.
func (s *Server) getArrangementSign(w http.ResponseWriter, r *http.Request) error {
	rounds, err := s.Rounds.Queue(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	for _, q := range rounds {
		if q.Paper.Kind == signoff.VersionPaper && q.Paper.Slug == r.PathValue("slug") && fmt.Sprint(q.Paper.Number) == r.PathValue("number") {
			return redirect(w, r, route.SignOffRoundTo(q.ID))
		}
	}
	return errNoPage
}
