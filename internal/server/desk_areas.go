package server

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/id"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) getDeskAreas(w http.ResponseWriter, r *http.Request) error {
	d, err := s.editable(r)
	if err != nil {
		return s.refuse(w, r, err, wayToVersion(d.Ref))
	}
	has, err := s.Arrangements.AreasOf(r.Context(), d.Document)
	if err != nil {
		return err
	}
	first := url.Values{}
	for _, area := range has {
		first.Add("areas", idValue(area))
	}
	return s.showDeskAreas(w, r, d, form.New(first))
}

func (s *Server) postDeskAreas(w http.ResponseWriter, r *http.Request) error {
	d, err := s.deskDraft(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "areas")
	if err != nil {
		return err
	}
	choices, err := s.Arrangements.Areas(r.Context())
	if err != nil {
		return err
	}
	allowed := make([]string, len(choices))
	for i, a := range choices {
		allowed[i] = idValue(a.ID)
	}
	var areas []id.Area
	for _, c := range f.Choices("areas", "Choose areas from the list", allowed...) {
		areas = append(areas, choices[slices.Index(allowed, c)].ID)
	}
	if f.Errors().Any() {
		return s.showDeskAreas(w, r, d, f)
	}
	err = s.Arrangements.SaveAreas(r.Context(), actorOf(r), d.Ref, areas)
	if onForm(f, err) {
		return s.showDeskAreas(w, r, d, f)
	}
	if err != nil {
		return s.refuse(w, r, err, wayToVersion(d.Ref))
	}
	s.tell(r, "Areas saved", "The safeguarding partners of these areas get a seat when the next sign-off opens.")
	return redirect(w, r, versionPath(d.Ref))
}

func (s *Server) showDeskAreas(w http.ResponseWriter, r *http.Request, d arrangement.Draft, f *form.Form) error {
	choices, err := s.Arrangements.Areas(r.Context())
	if err != nil {
		return err
	}
	var list []ui.Option
	for _, a := range choices {
		list = append(list, ui.Option{Value: idValue(a.ID), Text: a.Name})
	}
	p := page.DeskForm{
		Caption: d.Title, Heading: "For which areas is it made?", Errors: f.Errors(), Action: route.DeskAreasTo(d.Ref.Slug, d.Ref.Number),
		Intro:  []string{"The safeguarding partners of these areas sign it. The choice counts from today; published versions and earlier days keep theirs."},
		Fields: []templ.Component{ui.Checkboxes{Field: f.Field("areas", "Areas", "Areas that the partnership covers today. An administrator keeps them in the settings."), Options: list}},
		Button: ui.Button{Text: "Save the areas"}, Cancel: versionPath(d.Ref),
	}
	return s.showForm(w, r, view{title: p.Heading + ": " + d.Title, current: route.Desk, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: d.Title, Path: versionPath(d.Ref)}})
}
