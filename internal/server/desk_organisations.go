package server

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// organisationPages are those of business support about the bodies of the partnership.
func (s *Server) organisationPages(in innerRoutes) {
	who := can(authz.EditMembership)
	in.get(route.DeskOrganisations, who, s.getDeskOrganisations)
	in.table(route.DeskOrganisations, who, s.deskOrganisationsTable)
	in.get(route.DeskOrganisationAdd, who, s.getDeskOrganisationAdd)
	in.post(route.DeskOrganisationAdd, who, smallForm, s.postDeskOrganisationAdd)
	in.get(route.DeskOrganisation, who, s.getDeskOrganisation)
	for path, act := range map[string]organisationAct{
		route.DeskOrganisationRename: renameAct, route.DeskOrganisationEnd: closeAct,
		route.DeskOrganisationPartner: partnerAct, route.DeskPartnerEnd: partnerEndAct, route.DeskPartnerNames: partnerNamesAct,
		route.DeskOrganisationAgency: agencyAct, route.DeskAgencyEnd: agencyEndAct,
		route.DeskOrganisationEdit: editAct, route.DeskOrganisationIdentifier: identifierAct, route.DeskOrganisationAddress: addressAct,
		route.DeskOrganisationRetract: retractBodyAct, route.DeskFactRetract: retractAct, route.DeskPartnerArea: shareAct, route.DeskAreaEnd: shareEndAct,
	} {
		in.get(path, who, s.getDeskOrganisationAct(act))
		in.post(path, who, smallForm, s.postDeskOrganisationAct(act))
	}
}

// organisationFilter reads what the list is narrowed to.
func organisationFilter(f *form.Form) membership.OrganisationFilter {
	filter := membership.OrganisationFilter{Text: f.Line("name", "Name")}
	if kind := f.Raw("kind"); slices.Contains(membership.OrganisationKinds(), kind) {
		filter.Kind = kind
	}
	if standing := membership.Standing(f.Raw("standing")); slices.Contains(membership.Standings(), standing) {
		filter.Standing = standing
	}
	return filter
}

func (s *Server) getDeskOrganisations(w http.ResponseWriter, r *http.Request) error {
	f := form.New(r.URL.Query())
	filter := organisationFilter(f)
	list, err := s.Members.Organisations(r.Context(), actorOf(r), filter)
	if err != nil {
		return err
	}
	p := page.DeskOrganisations{
		Text:     ui.Input{Field: f.Field("name", "Name, or part of one", "")},
		Kind:     ui.Select{Field: f.Field("kind", "Kind", ""), Options: withAny(options(membership.OrganisationKinds()))},
		Standing: ui.Select{Field: f.Field("standing", "In the partnership today", ""), Options: withAny(standingOptions)},
		Table:    organisationTable(list, filter == membership.OrganisationFilter{}),
		Files:    page.Downloads{Path: route.DeskOrganisations, Query: queryOf(r)},
	}
	return s.show(w, r, http.StatusOK, view{title: "Organisations", current: route.DeskOrganisations, content: p.Content()})
}

var standingOptions = []ui.Option{
	{Value: string(membership.IsPartner), Text: "Safeguarding partner"}, {Value: string(membership.IsAgency), Text: "Relevant agency"},
	{Value: string(membership.IsNeither), Text: "Neither"}, {Value: string(membership.IsClosed), Text: "No longer exists"},
}

func organisationTable(list []membership.OrganisationLine, all bool) ui.Table {
	t := ui.Table{
		Caption: "Organisations", HideCaption: true, RowHeaders: true, Empty: "No organisation matches. Change what you look for.",
		Columns: []ui.Column{{Text: "Name"}, {Text: "Kind"}, {Text: "In the partnership today"}},
	}
	if all {
		t.Empty = "There is no organisation yet. Add the first safeguarding partner."
	}
	for _, o := range list {
		t.Rows = append(t.Rows, []ui.Cell{
			{Text: o.Name, Path: route.DeskOrganisationTo(o.Slug)}, {Text: sentence(o.Kind)}, {Text: lineStanding(o)},
		})
	}
	return t
}

// lineStanding says what a body in a list is to the partnership today.
func lineStanding(o membership.OrganisationLine) string {
	var standing []string
	if o.StatutoryKind != "" {
		standing = append(standing, "safeguarding partner ("+o.StatutoryKind+")")
	}
	if o.Agency {
		standing = append(standing, "relevant agency")
	}
	if !o.EndsOn.IsZero() {
		standing = append(standing, "ended on "+o.EndsOn.Long())
	}
	if o.IsDemonstration {
		standing = append(standing, "demonstration data")
	}
	return sentence(strings.Join(standing, ", "))
}

func (s *Server) deskOrganisationsTable(r *http.Request) (string, sheet.Table, error) {
	list, err := s.Members.Organisations(r.Context(), actorOf(r), organisationFilter(form.New(r.URL.Query())))
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Title: "Organisations", Header: []string{"Name", "Slug", "Kind", "In the partnership today", "Page"}}
	for _, o := range list {
		t.Rows = append(t.Rows, []string{o.Name, o.Slug, o.Kind, lineStanding(o), s.whole(route.DeskOrganisationTo(o.Slug))})
	}
	return tableName("organisations", s.today()), t, nil
}

func (s *Server) getDeskOrganisationAdd(w http.ResponseWriter, r *http.Request) error {
	return s.showOrganisationAdd(w, r, form.New(nil))
}

func (s *Server) postDeskOrganisationAdd(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, "name", "slug", "kind", "starts", "note")
	if err != nil {
		return err
	}
	cmd := membership.AddCommand{
		Name: f.Required("name", "Name", "Enter the name of the organisation"),
		Slug: f.Required("slug", "Address", "Enter the address of its page"),
		Kind: f.Choice("kind", "Choose the kind of organisation", membership.OrganisationKinds()...),
		From: f.Date("starts", "First day", ""),
		Note: f.Text("note", "Note", 2000),
	}
	if f.Errors().Any() {
		return s.showOrganisationAdd(w, r, f)
	}
	_, err = s.Members.AddOrganisation(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showOrganisationAdd(w, r, f)
	}
	if err != nil {
		return err
	}
	s.tell(r, cmd.Name+" added", "Now say what it is to the partnership.")
	return redirect(w, r, route.DeskOrganisationTo(cmd.Slug))
}

func (s *Server) showOrganisationAdd(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	p := page.DeskForm{
		Heading: "Add an organisation", Errors: f.Errors(), Action: route.DeskOrganisationAdd, Cancel: route.DeskOrganisations,
		Button: ui.Button{Text: "Add organisation"},
		Fields: []templ.Component{
			ui.Input{Field: f.Field("name", "Name", "Its first name, if you will record later ones too")},
			ui.Input{Field: f.Field("slug", "Address of its page", "Lower-case letters, figures and hyphens, for example kent-police. It cannot be changed later."), NoSpellcheck: true},
			ui.Radios{Field: f.Field("kind", "Kind of organisation", ""), Options: options(membership.OrganisationKinds()), Small: true},
			ui.DateInput{Field: f.DateField("starts", "First day under this name (optional)", "Leave empty if it was always called so, or if nobody knows")},
			ui.Textarea{Field: f.Field("note", "Note (optional)", "Shown on its public page"), Rows: 3, Max: 2000},
		},
	}
	return s.showForm(w, r, view{title: p.Heading, current: route.DeskOrganisations, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "Organisations", Path: route.DeskOrganisations}})
}

// organisationOf reads the organisation that the address names.
func (s *Server) organisationOf(r *http.Request) (membership.Organisation, error) {
	return s.Members.Organisation(r.Context(), actorOf(r), chi.URLParam(r, "slug"))
}

func (s *Server) getDeskOrganisation(w http.ResponseWriter, r *http.Request) error {
	o, err := s.organisationOf(r)
	if err != nil {
		return err
	}
	facts, err := s.Members.Facts(r.Context(), actorOf(r), o.Slug)
	if err != nil {
		return err
	}
	act := func(name string) string { return route.DeskOrganisationAct(o.Slug, name) }
	p := page.DeskOrganisation{
		Name: o.Name, Kind: sentence(o.Kind), Demo: o.IsDemonstration, PublicPath: route.OrganisationTo(o.Slug),
		Rows:  []ui.Row{{Key: "Address", Value: o.Slug}, {Key: "Existed", Value: sentence(term(o.StartsOn, o.EndsOn))}, {Key: "Note", Value: or(o.Note, "None")}},
		Names: factTable(o.Slug, "Names", facts, membership.NameFact), Partner: partnerTable(o, facts), Agency: agencyTable(o),
		Codes: factTable(o.Slug, "Codes in public registers", facts, membership.IdentifierFact), Addresses: factTable(o.Slug, "Addresses", facts, membership.AddressFact),
		Retracted: retractedTable(facts), Edit: act("edit"), AddCode: act("identifier"), AddAddress: act("address"), Retract: act("retract"), Succession: successionTable(o),
		Readers: route.DeskReadersTo(o.Slug), Posts: route.DeskPostsOf(o.Slug), Rename: act("rename"), MakeNew: act("partner"), NameAgency: act("agency"), Succeed: route.DeskSuccessionRecordOf(o.Slug), End: act("end"),
	}
	return s.show(w, r, http.StatusOK, view{title: "Organisation: " + o.Name, current: route.DeskOrganisations, content: p.Content(),
		breadcrumbs: []ui.Link{{Text: "Home", Path: route.Home}, {Text: "Organisations", Path: route.DeskOrganisations}, {Text: o.Name}}})
}

func partnerTable(o membership.Organisation, facts []membership.Fact) ui.Table {
	t := ui.Table{Caption: "As safeguarding partner", HideCaption: true, RowHeaders: true, Empty: "It is not and was not a safeguarding partner.",
		Columns: []ui.Column{{Text: "When"}, {Text: "Kind"}, {Text: "Areas"}, {Text: "Publishes officers’ names"}, {Text: "Change"}}}
	for _, p := range o.Partner {
		names := "No"
		if p.PublishesNames {
			names = "Yes"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: sentence(term(p.StartsOn, p.EndsOn))}, {Text: sentence(p.StatutoryKind)}, {Content: areasOf(o.Slug, p.ID, facts).Content()},
			{Text: names}, {Content: page.Links{
				{Text: "Set the last day", Path: route.DeskPartnerAct(o.Slug, p.ID, "end")},
				{Text: "Officers’ names", Path: route.DeskPartnerAct(o.Slug, p.ID, "names")},
				{Text: "Add an area", Path: route.DeskPartnerAct(o.Slug, p.ID, "area")},
				{Text: "Retract", Path: route.DeskFactRetractTo(o.Slug, string(membership.PartnerFact), int64(p.ID))},
			}.Content()}})
	}
	return t
}

func agencyTable(o membership.Organisation) ui.Table {
	t := ui.Table{Caption: "As relevant agency", HideCaption: true, RowHeaders: true, Empty: "It is not and was not a relevant agency.",
		Columns: []ui.Column{{Text: "When"}, {Text: "Basis"}, {Text: "Categories of the Schedule"}, {Text: "Reason"}, {Text: "Change"}}}
	for _, a := range o.Agency {
		t.Rows = append(t.Rows, []ui.Cell{{Text: sentence(term(a.StartsOn, a.EndsOn))}, {Text: basisWords(a.Basis)},
			{Text: or(strings.Join(a.Categories, "; "), "None")}, {Text: a.Reason},
			{Content: page.Links{
				{Text: "Categories and reason", Path: route.DeskAgencyAct(o.Slug, a.ID, "change")},
				{Text: "Why it is included", Path: route.DeskAgencyAct(o.Slug, a.ID, "basis")},
				{Text: "Set the last day", Path: route.DeskAgencyEndTo(o.Slug, a.ID)},
				{Text: "Retract", Path: route.DeskFactRetractTo(o.Slug, string(membership.AgencyFact), int64(a.ID))},
			}.Content()}})
	}
	return t
}

func successionTable(o membership.Organisation) ui.Table {
	t := ui.Table{Caption: "Predecessors and successors", HideCaption: true, RowHeaders: true, Empty: "None is recorded.",
		Columns: []ui.Column{{Text: "Organisation"}, {Text: "What happened"}, {Text: "Note"}}}
	for _, p := range o.Predecessors {
		t.Rows = append(t.Rows, []ui.Cell{{Text: p.Name, Path: route.DeskOrganisationTo(p.Slug)}, {Text: "Taken over from on " + p.On.Long()}, {Text: p.Note}})
	}
	for _, x := range o.Successors {
		t.Rows = append(t.Rows, []ui.Cell{{Text: x.Name, Path: route.DeskOrganisationTo(x.Slug)}, {Text: "Took over on " + x.On.Long()}, {Text: x.Note}})
	}
	return t
}
