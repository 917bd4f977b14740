package server

import (
	"net/http"
	"strconv"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// correctionWords says what of an entry a correction is about.
var correctionWords = map[string]string{"name": "Name", "basis": "Why it is included", "categories": "Categories", "reason": "Reason for choosing it",
	"dates": "First or last day", "address": "Address", "identifiers": "Codes in registers", "post-title": "Title of a contact post",
	"post-email": "E-mail of a contact post", "post-phone": "Telephone of a contact post", "readers": "Readers", "other": "Something else"}

func correctionState(c membership.Correction) string {
	switch c.Outcome {
	case membership.CorrectionAccepted:
		if c.Applied {
			return "Accepted, and changed"
		}
		return "Accepted"
	case membership.CorrectionDeclined:
		return "Declined"
	}
	return "Waits for an answer"
}

// proposalTable lists corrections for business support, each with a link to its page.
func proposalTable(caption string, list []membership.Correction, empty string) ui.Table {
	t := ui.Table{Caption: caption, RowHeaders: true, Empty: empty,
		Columns: []ui.Column{{Text: "Agency"}, {Text: "About"}, {Text: "Proposed"}, {Text: "State"}}}
	for _, c := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Text: c.Organisation + ": proposal " + strconv.FormatInt(int64(c.ID), 10), Path: route.DeskCorrectionTo(c.ID)},
			{Text: correctionWords[c.Field]}, {Text: day.Of(c.ProposedAt).Long()}, {Text: correctionState(c)}})
	}
	return t
}

func (s *Server) getDeskCorrections(w http.ResponseWriter, r *http.Request) error {
	waiting, answered, err := s.Members.Corrections(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	p := page.DeskCorrections{Waiting: proposalTable("Waiting for an answer", waiting, "Nothing waits for an answer."),
		Answered: proposalTable("Answered", answered, "Nothing was answered yet.")}
	p.Waiting.HideCaption, p.Answered.HideCaption = true, true
	return s.show(w, r, http.StatusOK, view{title: "Corrections", current: route.DeskAgencies, content: withFiles(p.Content(), route.DeskCorrections, ""),
		breadcrumbs: []ui.Link{{Text: "Home", Path: route.Home}, {Text: "Relevant agencies", Path: route.DeskAgencies}, {Text: "Corrections"}}})
}

func (s *Server) correctionOf(r *http.Request) (membership.Correction, error) {
	which, err := pathID[id.Correction](r, "id")
	if err != nil {
		return membership.Correction{}, err
	}
	return s.Members.Correction(r.Context(), actorOf(r), which)
}

func (s *Server) getDeskCorrection(w http.ResponseWriter, r *http.Request) error {
	c, err := s.correctionOf(r)
	if err != nil {
		return err
	}
	return s.showCorrection(w, r, c, form.New(nil), "")
}

const (
	decideApply   = "apply"
	decideAccept  = "accept"
	decideDecline = "decline"
)

func (s *Server) showCorrection(w http.ResponseWriter, r *http.Request, c membership.Correction, f *form.Form, notice string) error {
	p := page.DeskCorrection{Name: c.Organisation, Errors: f.Errors(), Notice: notice, Rows: correctionRows(c), Action: route.DeskCorrectionTo(c.ID),
		Answered: c.Outcome != membership.CorrectionWaits}
	if c.Outcome != membership.CorrectionDeclined {
		p.Places = correctionPlaces(c)
	}
	var list []ui.Option
	if c.OfPost() {
		list = append(list, ui.Option{Value: decideApply, Text: "Accept, and change the post now", Hint: "It will say: " + c.Suggested})
	}
	list = append(list, ui.Option{Value: decideAccept, Text: "Accept", Hint: "You change it yourself, on a page named above."},
		ui.Option{Value: decideDecline, Text: "Decline", Hint: "Say why below."})
	p.Decision = ui.Radios{Field: f.Field("decision", "Your answer", ""), Options: list}
	p.Answer = ui.Textarea{Field: f.Field("answer", "Answer to the person who proposed it", "Needed when you decline. They read it on the page of their agency"), Rows: 3, Max: 2000}
	status := http.StatusOK
	if p.Errors.Any() {
		status = http.StatusUnprocessableEntity
	} else if notice != "" {
		status = http.StatusConflict
	}
	return s.show(w, r, status, view{title: "Proposed correction: " + c.Organisation, current: route.DeskAgencies, content: p.Content(), hasErrors: p.Errors.Any(),
		breadcrumbs: []ui.Link{{Text: "Home", Path: route.Home}, {Text: "Corrections", Path: route.DeskCorrections}, {Text: "Proposal " + strconv.FormatInt(int64(c.ID), 10)}}})
}

func correctionRows(c membership.Correction) []ui.Row {
	rows := []ui.Row{{Key: "About", Value: correctionWords[c.Field]}}
	if c.OfPost() {
		rows = append(rows, ui.Row{Key: "Contact post", Value: c.Post}, ui.Row{Key: "It says today", Value: or(c.Now, "Nothing")})
	}
	rows = append(rows, ui.Row{Key: "What is wrong", Value: c.Words}, ui.Row{Key: "What it should say", Value: or(c.Suggested, "Not given")},
		ui.Row{Key: "Proposed by", Value: c.Proposer + ", " + day.Clock(c.ProposedAt)}, ui.Row{Key: "State", Value: correctionState(c)})
	if c.Outcome != membership.CorrectionWaits {
		rows = append(rows, ui.Row{Key: "Answered by", Value: c.Decider + ", " + day.Clock(c.DecidedAt)}, ui.Row{Key: "Answer", Value: or(c.Answer, "None given")})
	}
	return rows
}

// correctionPlaces leads to where what is wrong is changed.
func correctionPlaces(c membership.Correction) []ui.Link {
	body := ui.Link{Text: "The organisation’s page at the desk", Path: route.DeskOrganisationTo(c.Slug)}
	switch c.Field {
	case "name":
		return []ui.Link{{Text: "Give it a new name", Path: route.DeskOrganisationAct(c.Slug, "rename")}, body}
	case "readers":
		return []ui.Link{{Text: "Its readers", Path: route.DeskReadersTo(c.Slug)}, body}
	}
	return []ui.Link{body}
}

func (s *Server) postDeskCorrection(w http.ResponseWriter, r *http.Request) error {
	c, err := s.correctionOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "decision", "answer")
	if err != nil {
		return err
	}
	allowed := []string{decideAccept, decideDecline}
	if c.OfPost() {
		allowed = append(allowed, decideApply)
	}
	decision := f.Choice("decision", "Choose your answer", allowed...)
	answer := f.Text("answer", "Answer", 2000)
	if decision == decideDecline && answer == "" && !f.Errors().Any() {
		f.Fail("answer", "Enter why you decline it")
	}
	if f.Errors().Any() {
		return s.showCorrection(w, r, c, f, "")
	}
	if decision == decideDecline {
		err = s.Members.DeclineCorrection(r.Context(), actorOf(r), c.ID, answer)
	} else {
		err = s.Members.AcceptCorrection(r.Context(), actorOf(r), c.ID, answer, decision == decideApply)
	}
	if notice, ok := conflict(err); ok {
		return s.showCorrection(w, r, c, f, notice)
	}
	if onForm(f, err) {
		return s.showCorrection(w, r, c, f, "")
	}
	if err != nil {
		return err
	}
	switch decision {
	case decideApply:
		s.tell(r, "Accepted, and changed", "The person who proposed it is told.")
	case decideAccept:
		s.tell(r, "Accepted", "The person who proposed it is told. Now change it on one of the pages below.")
		return redirect(w, r, route.DeskCorrectionTo(c.ID))
	default:
		s.tell(r, "Declined", "The person who proposed it is told.")
	}
	return redirect(w, r, route.DeskCorrections)
}

// correctionTasks tell business support of proposals that wait.
func (s *Server) correctionTasks(r *http.Request, by authz.Actor) ([]page.HomeTask, error) {
	if !membership.CanEdit(by) {
		return nil, nil
	}
	n, err := s.Members.CorrectionsWaiting(r.Context(), by)
	if err != nil || n == 0 {
		return nil, err
	}
	return []page.HomeTask{{Text: "Answer " + plural(n, "correction that an agency proposes", "corrections that agencies propose"), Path: route.DeskCorrections}}, nil
}
