package server

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// documentKinds are the kinds of document, in the order in which they are offered.
var documentKinds = []ui.Option{
	{Value: "arrangements", Text: "Safeguarding arrangements"},
	{Value: "yearly report", Text: "Yearly report"},
	{Value: "threshold document", Text: "Threshold document"},
	{Value: "child death review arrangements", Text: "Child death review arrangements", Hint: "Signed by the local authorities and the health bodies"},
}

// createChoices is what the form offers.
type createChoices struct{ editions, areas, predecessors []ui.Option }

func (s *Server) createChoices(r *http.Request) (c createChoices, err error) {
	editions, err := s.editions(r)
	if err != nil {
		return c, err
	}
	areas, err := s.Arrangements.Areas(r.Context())
	if err != nil {
		return c, err
	}
	predecessors, err := s.Arrangements.Predecessors(r.Context())
	if err != nil {
		return c, err
	}
	c.editions = editions
	for _, a := range areas {
		c.areas = append(c.areas, ui.Option{Value: strconv.FormatInt(int64(a.ID), 10), Text: a.Name})
	}
	c.predecessors = []ui.Option{{Value: "", Text: "None"}}
	for _, o := range predecessors {
		c.predecessors = append(c.predecessors, ui.Option{Value: strconv.FormatInt(int64(o.ID), 10), Text: o.Name})
	}
	return c, nil
}

func (s *Server) editions(r *http.Request) ([]ui.Option, error) {
	editions, err := s.Arrangements.GuidanceEditions(r.Context())
	if err != nil {
		return nil, err
	}
	var options []ui.Option
	for _, g := range editions {
		options = append(options, ui.Option{Value: strconv.FormatInt(g.ID, 10), Text: g.Title})
	}
	return options, nil
}

func values(options []ui.Option) []string {
	list := make([]string, len(options))
	for i, o := range options {
		list[i] = o.Value
	}
	return list
}

func number[T ~int64](text string) T {
	n, err := id.Parse[T](text)
	if err != nil {
		return 0
	}
	return n
}

func (s *Server) getDeskCreate(w http.ResponseWriter, r *http.Request) error {
	c, err := s.createChoices(r)
	if err != nil {
		return err
	}
	first := map[string][]string{"kind": {documentKinds[0].Value}}
	if len(c.areas) == 1 {
		first["areas"] = []string{c.areas[0].Value}
	}
	return s.showDeskCreate(w, r, form.New(first), c)
}

func (s *Server) postDeskCreate(w http.ResponseWriter, r *http.Request) error {
	c, err := s.createChoices(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "title", "slug", "kind", "guidance", "areas", "predecessor")
	if err != nil {
		return err
	}
	cmd := arrangement.CreateCommand{
		Title:         f.Required("title", "Title", "Enter a title"),
		Slug:          f.Line("slug", "Address"),
		Kind:          f.Choice("kind", "Choose a kind of document", values(documentKinds)...),
		Guidance:      number[int64](f.Choice("guidance", "Choose an edition of the guidance", values(c.editions)...)),
		Demonstration: s.Demonstration,
	}
	for _, area := range f.Choices("areas", "Choose areas from the list", values(c.areas)...) {
		cmd.Areas = append(cmd.Areas, number[id.Area](area))
	}
	if len(cmd.Areas) == 0 {
		f.Fail("areas", "Choose at least one area")
	}
	cmd.Predecessor = number[id.Organisation](f.Choice("predecessor", "Choose a predecessor from the list", values(c.predecessors)...))
	if f.Errors().Any() {
		return s.showDeskCreate(w, r, f, c)
	}
	ref, err := s.Arrangements.Create(r.Context(), actorOf(r), cmd)
	if ruled(f, err) {
		return s.showDeskCreate(w, r, f, c)
	}
	if err != nil {
		return err
	}
	s.tell(r, "The document is created", "Its first version is a draft. Add the sections, then set the effective day.")
	return redirect(w, r, versionPath(ref))
}

func (s *Server) showDeskCreate(w http.ResponseWriter, r *http.Request, f *form.Form, c createChoices) error {
	p := page.DeskCreate{
		Errors:      f.Errors(),
		Title:       f.Field("title", "Title", "As it stands on the cover, for example “Kent safeguarding arrangements”"),
		Slug:        f.Field("slug", "Address", "Small letters, digits and hyphens. Leave it empty and it is made from the title. It never changes."),
		Kind:        f.Field("kind", "Kind of document", ""),
		Guidance:    f.Field("guidance", "Edition of the statutory guidance", "The first version is written under this edition"),
		Areas:       f.Field("areas", "Areas", "The safeguarding partners of these areas sign it"),
		Predecessor: f.Field("predecessor", "Body whose own text was in force before", "Only for the past, such as a local safeguarding children board"),
		Kinds:       documentKinds, Editions: c.editions, AreaChoices: c.areas, Predecessors: c.predecessors,
	}
	if p.Slug.Value == "" && p.Title.Value != "" {
		p.Slug.Value = arrangement.Slug(p.Title.Value)
	}
	if actorOf(r).Can(authz.EditSettings) {
		p.SettingsPath = route.AdminSettings
	}
	return s.showForm(w, r, view{title: "Create a document", current: route.Desk, hasErrors: p.Errors.Any(), content: p.Content(),
		breadcrumbs: []ui.Link{{Text: "Desk", Path: route.Desk}, {Text: "Create a document"}}})
}

func (s *Server) postDeskNextVersion(w http.ResponseWriter, r *http.Request) error {
	slug := chi.URLParam(r, "slug")
	ref, err := s.Arrangements.NextVersion(r.Context(), actorOf(r), slug, s.Demonstration)
	if errors.Is(err, fault.Conflict) {
		return s.refuse(w, r, err, ui.Link{Text: "See what is in work on your desk", Path: route.Desk})
	}
	if err != nil {
		return err
	}
	s.tell(r, "The next version is started", "It begins with the text of the latest published version. Set its effective day before you open a round.")
	return redirect(w, r, versionPath(ref))
}
