package server

import (
	"net/http"

	"github.com/a-h/templ"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// successionPages are those of business support about what became of organisations.
func (s *Server) successionPages(in innerRoutes) {
	who := can(authz.EditMembership)
	in.get(route.DeskSuccessions, who, s.getDeskSuccessions)
	in.get(route.DeskSuccessionRecord, who, s.getDeskSuccessionRecord)
	in.post(route.DeskSuccessionRecord, who, smallForm, s.postDeskSuccessionRecord)
	in.get(route.DeskSuccession, who, s.getDeskSuccession)
	in.get(route.DeskSuccessionReverse, who, s.getDeskSuccessionReverse)
	in.post(route.DeskSuccessionReverse, who, smallForm, s.postDeskSuccessionReverse)
}

func (s *Server) getDeskSuccessions(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Members.Successions(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Successions", HideCaption: true, RowHeaders: true, Empty: "No succession is recorded yet.",
		Columns: []ui.Column{{Text: "What happened"}, {Text: "From"}, {Text: "Recorded"}, {Text: "State"}}}
	for _, x := range list {
		state := "Stands"
		if !x.Stands() {
			state = "Taken back"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: x.Words(), Path: route.DeskSuccessionTo(x.ID)}, {Text: x.On.Long()},
			{Content: ui.TimeAt(x.RecordedAt)}, {Text: state}})
	}
	p := page.DeskSuccessions{Table: t}
	return s.show(w, r, http.StatusOK, view{title: "Successions", current: route.DeskOrganisations, content: withFiles(p.Content(), route.DeskSuccessions, ""),
		breadcrumbs: []ui.Link{{Text: "Home", Path: route.Home}, {Text: "Organisations", Path: route.DeskOrganisations}, {Text: "Successions"}}})
}

// successionOf reads the succession that the address names.
func (s *Server) successionOf(r *http.Request) (membership.SuccessionRecord, error) {
	which, err := pathID[id.Succession](r, "id")
	if err != nil {
		return membership.SuccessionRecord{}, err
	}
	return s.Members.Succession(r.Context(), actorOf(r), which)
}

func (s *Server) getDeskSuccession(w http.ResponseWriter, r *http.Request) error {
	x, err := s.successionOf(r)
	if err != nil {
		return err
	}
	rows := append(successionRows(x), ui.Row{Key: "Recorded", Content: ui.TimeAt(x.RecordedAt)}, ui.Row{Key: "Recorded by", Value: or(x.RecordedBy, "The installation")})
	p := page.DeskSuccession{Heading: x.Words(), Rows: rows}
	for _, b := range x.Bodies {
		p.Bodies = append(p.Bodies, ui.Link{Text: b.Name, Path: route.DeskOrganisationTo(b.Slug)})
	}
	if x.Stands() {
		p.Reverse = route.DeskSuccessionReverseTo(x.ID)
	} else {
		p.Reversed = []ui.Row{{Key: "Taken back", Content: ui.TimeAt(*x.ReversedAt)}, {Key: "Taken back by", Value: or(x.ReversedBy, "The installation")},
			{Key: "Why", Value: x.ReversedReason}}
	}
	return s.show(w, r, http.StatusOK, view{title: "Succession: " + p.Heading, current: route.DeskOrganisations, content: p.Content(),
		back: &ui.Link{Text: "Successions", Path: route.DeskSuccessions}})
}

func (s *Server) getDeskSuccessionReverse(w http.ResponseWriter, r *http.Request) error {
	x, err := s.successionOf(r)
	if err != nil {
		return err
	}
	return s.showSuccessionReverse(w, r, x, form.New(nil), "")
}

func (s *Server) postDeskSuccessionReverse(w http.ResponseWriter, r *http.Request) error {
	x, err := s.successionOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "reason")
	if err != nil {
		return err
	}
	reason := f.RequiredText("reason", "Reason", 2000, "Enter why it is taken back")
	if f.Errors().Any() {
		return s.showSuccessionReverse(w, r, x, f, "")
	}
	err = s.Members.ReverseSuccession(r.Context(), actorOf(r), x.ID, reason)
	if notice, ok := conflict(err); ok {
		return s.showSuccessionReverse(w, r, x, f, notice)
	}
	if err != nil {
		return err
	}
	s.tell(r, "Succession taken back", "The records are as they were before it. The people whom it concerned get a letter.")
	return redirect(w, r, route.DeskSuccessionTo(x.ID))
}

func (s *Server) showSuccessionReverse(w http.ResponseWriter, r *http.Request, x membership.SuccessionRecord, f *form.Form, notice string) error {
	here := route.DeskSuccessionTo(x.ID)
	p := page.DeskForm{
		Caption: x.Words(), Heading: "Take this succession back", Notice: notice, Errors: f.Errors(), Rows: successionRows(x),
		Intro: []string{"Use this only for what was recorded in error. What it made is retracted, and what it ended goes on as before.",
			"What somebody has changed since stays as they left it."},
		Fields: []templ.Component{ui.Textarea{Field: f.Field("reason", "Why is it taken back?", "Kept with the record, and told in the letters"), Rows: 3, Max: 2000}},
		Action: route.DeskSuccessionReverseTo(x.ID), Button: ui.Button{Text: "Take it back", Kind: ui.Warning}, Cancel: here,
	}
	v := view{title: p.Heading, current: route.DeskOrganisations, content: p.Content(), hasErrors: p.Errors.Any(), back: &ui.Link{Text: "The succession", Path: here}}
	if notice != "" {
		return s.show(w, r, statuses[fault.Conflict], v)
	}
	return s.showForm(w, r, v)
}
