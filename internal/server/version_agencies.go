package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// versionAgencyPages are those about the relevant agencies that a version names.
func (s *Server) versionAgencyPages(in innerRoutes) {
	read, draft := can(authz.ReadDrafts), can(authz.DraftDocument)
	in.get(route.DeskVersionAgencies, read, s.getDeskVersionAgencies)
	in.post(route.DeskVersionAgencies, draft, smallForm, s.postDeskVersionAgencies)
	in.get(route.DeskVersionAgencyAdd, draft, s.getDeskVersionAgencyAdd)
	in.post(route.DeskVersionAgencyAdd, draft, smallForm, s.postDeskVersionAgencyAdd)
	in.get(route.DeskVersionAgency, draft, s.getDeskVersionAgency)
	in.post(route.DeskVersionAgency, draft, smallForm, s.postDeskVersionAgency)
}

// agencyQueryOf reads what a page of a version's agencies is narrowed to.
func agencyQueryOf(sent url.Values) arrangement.AgencyQuery {
	f := form.New(sent)
	return arrangement.AgencyQuery{Text: f.Line("name", "Name"), Group: f.Raw("group"), After: f.Raw("after")}
}

// nextPage is the address of the page that begins after a name.
func nextPage(path string, q arrangement.AgencyQuery, after string) ui.Pagination {
	if after == "" {
		return ui.Pagination{}
	}
	values := url.Values{"after": {after}}
	for name, value := range map[string]string{"name": q.Text, "group": q.Group} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return ui.Pagination{Next: route.Asking(path, values.Encode())}
}

func (s *Server) getDeskVersionAgencies(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	q := agencyQueryOf(r.URL.Query())
	n, err := s.Arrangements.NamedAgencies(r.Context(), actorOf(r), ref, q)
	if err != nil {
		return err
	}
	here := route.DeskVersionAgenciesTo(ref.Slug, ref.Number)
	p := page.DeskVersionAgencies{Ref: deskRef(n.Draft), Facts: namedFacts(n), CanEdit: n.Draft.CanEdit(actorOf(r)) == nil, Unnamed: n.Unnamed,
		Text: ui.Input{Field: form.New(r.URL.Query()).Field("name", "Name, or part of one", ""), Width: "20"}, Narrowed: q.Text != "", Pages: nextPage(here, q, n.Next)}
	p.All = "Name all " + thousands(n.Unnamed) + " that are not named"
	if n.Unnamed == 1 {
		p.All = "Name the one that is not named"
	}
	if len(n.Agencies) > 0 && (n.Matching > len(n.Agencies) || p.Narrowed) {
		p.Said = fmt.Sprintf("%s of %s: from %s to %s.", thousands(len(n.Agencies)), plural(n.Matching, "agency", "agencies"), n.Agencies[0].Name, n.Agencies[len(n.Agencies)-1].Name)
	}
	p.Table = ui.Table{Caption: "Agencies named", HideCaption: true, RowHeaders: true, Empty: "This version names no relevant agency yet.",
		Columns: []ui.Column{{Text: "Name"}, {Text: "Why it is included"}, {Text: "Reason"}}}
	if p.Narrowed {
		p.Table.Empty = "No agency that this version names matches."
	}
	for _, a := range n.Agencies {
		cell := ui.Cell{Text: a.Name}
		if p.CanEdit {
			cell.Path = route.DeskVersionAgencyTo(ref.Slug, ref.Number, a.ID)
		}
		basis := basisWords(membership.Basis(a.Basis))
		if !a.Current {
			basis += " (no relevant agency on the first day)"
		}
		p.Table.Rows = append(p.Table.Rows, []ui.Cell{cell, {Text: basis}, {Text: or(a.Reason, "None given")}})
	}
	v := deskView(p.Ref, "Relevant agencies named")
	v.content = p.Content()
	return s.show(w, r, http.StatusOK, v)
}

// namedFacts says how many agencies a version names and does not name.
func namedFacts(n arrangement.NamedAgencies) []string {
	on := "today"
	if !n.Draft.EffectiveFrom.IsZero() {
		on = "on " + n.Draft.EffectiveFrom.Long()
	}
	facts := []string{plural(n.Named, "agency is named.", "agencies are named.")}
	if n.Unnamed > 0 {
		facts = append(facts, plural(n.Unnamed, "relevant agency", "relevant agencies")+" of "+on+" "+areOrIs(n.Unnamed)+" not named.")
	} else {
		facts = append(facts, "Every relevant agency of "+on+" is named.")
	}
	if n.Former > 0 {
		facts = append(facts, thousands(n.Former)+" of those named "+areOrIs(n.Former)+" no relevant agency "+on+".")
	}
	for i := range facts {
		facts[i] = strings.ReplaceAll(facts[i], "of on ", "on ")
	}
	return facts
}

func areOrIs(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func (s *Server) postDeskVersionAgencies(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "all")
	if err != nil {
		return err
	}
	if f.Raw("all") != "yes" {
		return errBadForm
	}
	n, err := s.Arrangements.NameAllAgencies(r.Context(), actorOf(r), ref)
	if err != nil {
		return s.refuse(w, r, err, s.waysOn(r, ref)...)
	}
	s.tell(r, plural(n, "agency", "agencies")+" named", "")
	return redirect(w, r, route.DeskVersionAgenciesTo(ref.Slug, ref.Number))
}

func (s *Server) getDeskVersionAgencyAdd(w http.ResponseWriter, r *http.Request) error {
	return s.showVersionAgencyAdd(w, r, agencyQueryOf(r.URL.Query()), form.New(nil))
}

func (s *Server) showVersionAgencyAdd(w http.ResponseWriter, r *http.Request, q arrangement.AgencyQuery, f *form.Form) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	c, err := s.Arrangements.AgencyChoices(r.Context(), actorOf(r), ref, q)
	if err != nil {
		return s.refuse(w, r, err, s.waysOn(r, ref)...)
	}
	asked := form.New(url.Values{"name": {q.Text}, "group": {q.Group}})
	groups := []ui.Option{{Text: "All groups"}}
	for _, g := range c.Groups {
		groups = append(groups, ui.Option{Value: g, Text: g})
	}
	p := page.DeskVersionAgencyAdd{Ref: deskRef(c.Draft), Errors: f.Errors(), Narrowed: q.Text != "" || q.Group != "",
		Fields: []templ.Component{ui.Input{Field: asked.Field("name", "Name, or part of one", ""), Width: "20"},
			ui.Select{Field: asked.Field("group", "Group of the Schedule", ""), Options: groups}},
		Choices: ui.Checkboxes{Field: f.Field("agencies", "Agencies to name", "Basis and reason are taken from their record"), Small: true},
		Pages:   nextPage(route.DeskVersionAgencyAddTo(ref.Slug, ref.Number), q, c.Next)}
	for name, value := range map[string]string{"name": q.Text, "group": q.Group, "after": q.After} {
		if value != "" {
			p.Hidden = append(p.Hidden, ui.Hidden{Name: name, Value: value})
		}
	}
	slices.SortFunc(p.Hidden, func(a, b ui.Hidden) int { return strings.Compare(a.Name, b.Name) })
	for _, a := range c.Agencies {
		hint := basisWords(membership.Basis(a.Basis))
		if a.Reason != "" {
			hint += ": " + a.Reason
		}
		p.Choices.Options = append(p.Choices.Options, ui.Option{Value: idValue(a.Organisation), Text: a.Name, Hint: hint})
	}
	p.Said = choiceCount(c, p.Narrowed)
	v := deskView(p.Ref, "Choose agencies")
	v.content, v.hasErrors = p.Content(), p.Errors.Any()
	return s.showForm(w, r, v)
}

func choiceCount(c arrangement.AgencyChoices, narrowed bool) string {
	shown := len(c.Agencies)
	switch {
	case shown == 0 && narrowed:
		return "No agency that is not named yet matches."
	case shown == 0:
		return "Every relevant agency of the day is named."
	case shown == c.Matching:
		return plural(shown, "agency is not named yet.", "agencies are not named yet.")
	}
	return fmt.Sprintf("%s of %s that are not named yet: from %s to %s.", thousands(shown), plural(c.Matching, "agency", "agencies"), c.Agencies[0].Name, c.Agencies[shown-1].Name)
}

func (s *Server) postDeskVersionAgencyAdd(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "agencies", "page", "name", "group", "after")
	if err != nil {
		return err
	}
	q := agencyQueryOf(r.PostForm)
	c, err := s.Arrangements.AgencyChoices(r.Context(), actorOf(r), ref, q)
	if err != nil {
		return s.refuse(w, r, err, s.waysOn(r, ref)...)
	}
	var chosen []id.Organisation
	for _, a := range c.Agencies {
		if f.Raw("page") == "all" || slices.Contains(r.PostForm["agencies"], idValue(a.Organisation)) {
			chosen = append(chosen, a.Organisation)
		}
	}
	if len(chosen) == 0 {
		f.Fail("agencies", "Tick at least one agency that is not named yet")
		return s.showVersionAgencyAdd(w, r, q, f)
	}
	n, err := s.Arrangements.NameAgencies(r.Context(), actorOf(r), ref, chosen)
	if err != nil {
		return s.refuse(w, r, err, s.waysOn(r, ref)...)
	}
	s.tell(r, plural(n, "agency", "agencies")+" named", "")
	return redirect(w, r, route.DeskVersionAgenciesTo(ref.Slug, ref.Number))
}

// versionAgency reads the draft and the agency that the address names.
func (s *Server) versionAgency(r *http.Request) (arrangement.Draft, arrangement.NamedAgency, error) {
	ref, err := refOf(r)
	if err != nil {
		return arrangement.Draft{}, arrangement.NamedAgency{}, err
	}
	which, err := pathID[int64](r, "id")
	if err != nil {
		return arrangement.Draft{}, arrangement.NamedAgency{}, err
	}
	return s.Arrangements.Agency(r.Context(), actorOf(r), ref, which)
}

func (s *Server) getDeskVersionAgency(w http.ResponseWriter, r *http.Request) error {
	d, a, err := s.versionAgency(r)
	if err != nil {
		return s.refuse(w, r, err)
	}
	return s.showVersionAgency(w, r, d, a, form.New(url.Values{"reason": {a.Reason}}))
}

func (s *Server) showVersionAgency(w http.ResponseWriter, r *http.Request, d arrangement.Draft, a arrangement.NamedAgency, f *form.Form) error {
	p := page.DeskVersionAgency{Ref: deskRef(d), Errors: f.Errors(), Name: a.Name, Action: route.DeskVersionAgencyTo(d.Ref.Slug, d.Ref.Number, a.ID),
		Rows:   []ui.Row{{Key: "Why it is included", Value: basisWords(membership.Basis(a.Basis))}},
		Reason: ui.Textarea{Field: f.Field("reason", "Why it was chosen (optional)", "As it will stand in the signed text. The agency’s own record stays as it is"), Rows: 3, Max: 2000}}
	v := deskView(p.Ref, a.Name)
	v.content, v.hasErrors = p.Content(), p.Errors.Any()
	return s.showForm(w, r, v)
}

func (s *Server) postDeskVersionAgency(w http.ResponseWriter, r *http.Request) error {
	d, a, err := s.versionAgency(r)
	if err != nil {
		return s.refuse(w, r, err)
	}
	f, err := formOf(r, "reason", "do")
	if err != nil {
		return err
	}
	reason := f.Text("reason", "Reason", 2000)
	remove := f.Choice("do", "Choose what to do", "save", "remove") == "remove"
	if f.Errors().Any() {
		return s.showVersionAgency(w, r, d, a, f)
	}
	said := "Reason saved"
	if remove {
		said = a.Name + " taken out"
		err = s.Arrangements.RemoveAgency(r.Context(), actorOf(r), d.Ref, a.ID)
	} else {
		err = s.Arrangements.SaveAgencyReason(r.Context(), actorOf(r), d.Ref, a.ID, reason)
	}
	if onForm(f, err) {
		return s.showVersionAgency(w, r, d, a, f)
	}
	if err != nil {
		return s.refuse(w, r, err, s.waysOn(r, d.Ref)...)
	}
	s.tell(r, said, "")
	return redirect(w, r, route.DeskVersionAgenciesTo(d.Ref.Slug, d.Ref.Number))
}

// checkAgencyRows says on the check page which agencies the text names, and which it does not.
func checkAgencyRows(check arrangement.Check) []ui.Row {
	ref := check.Draft.Ref
	link := []ui.Action{{Text: "Change", Path: route.DeskVersionAgenciesTo(ref.Slug, ref.Number), About: "the agencies named"}}
	rows := []ui.Row{{Key: "Relevant agencies named", Value: countOrNone(check.Named), Actions: link}}
	if check.Missing == 0 {
		return rows
	}
	names := make([]string, len(check.Unnamed))
	for i, a := range check.Unnamed {
		names[i] = a.Name
	}
	words := strings.Join(names, ", ")
	if more := check.Missing - len(names); more > 0 {
		words += " and " + thousands(more) + " more"
	}
	return append(rows, ui.Row{Key: "Relevant agencies not named (" + thousands(check.Missing) + ")", Value: words})
}

func (s *Server) getArrangementAgencies(r *http.Request, today day.Date) (view, error) {
	ref, err := refOf(r)
	if err != nil {
		return view{}, err
	}
	d, v, err := s.Library.Version(r.Context(), ref)
	if err != nil {
		return view{}, err
	}
	frozen, _, err := s.Library.Content(r.Context(), ref)
	if err != nil {
		return view{}, err
	}
	content, err := arrangement.ReadContent(frozen)
	if err != nil {
		return view{}, fmt.Errorf("show the agencies of %s: %w", ref, err)
	}
	path := route.ArrangementAgenciesTo(ref.Slug, ref.Number)
	p := page.ArrangementAgencies{Title: v.Title, Name: versionName(v), Nav: versionNav(v, path), Notices: append(standingNotices(d, v, today), marks(v)...),
		Table: ui.Table{Caption: "Relevant agencies named", HideCaption: true, RowHeaders: true, Empty: "This version names no relevant agency one by one.",
			Columns: []ui.Column{{Text: "Name"}, {Text: "Why it is included"}, {Text: "Reason"}}}}
	first, last := pageOf(r, len(content.Agencies))
	for _, a := range content.Agencies[first:last] {
		p.Table.Rows = append(p.Table.Rows, []ui.Cell{{Text: a.Name, Path: route.OrganisationTo(a.Slug)}, {Text: basisWords(membership.Basis(a.Basis))}, {Text: or(a.Reason, "None given")}})
	}
	if n := len(content.Agencies); n > arrangement.AgenciesShown {
		p.Said = fmt.Sprintf("%s to %s of %s.", thousands(first+1), thousands(last), plural(n, "relevant agency", "relevant agencies"))
		if first > 0 {
			p.Pages.Previous = path
			if first > arrangement.AgenciesShown {
				p.Pages.Previous += "?from=" + strconv.Itoa(first-arrangement.AgenciesShown+1)
			}
		}
		if last < n {
			p.Pages.Next = path + "?from=" + strconv.Itoa(last+1)
		}
	}
	return view{title: "Relevant agencies named: " + v.Title + ", " + versionName(v), content: p.Content(), current: route.Arrangements, canonical: path,
		noIndex: first > 0}, nil
}

// pageOf gives the part of a list that the address asks for by the number of its first entry.
func pageOf(r *http.Request, n int) (first, last int) {
	if from, err := strconv.Atoi(r.URL.Query().Get("from")); err == nil && from > 1 && from <= n {
		first = from - 1
	}
	return first, min(first+arrangement.AgenciesShown, n)
}

// getArrangementAgenciesFrom is a later page of them, which is drawn for each request.
func (s *Server) getArrangementAgenciesFrom(w http.ResponseWriter, r *http.Request) error {
	v, err := s.getArrangementAgencies(r, s.today())
	if err != nil {
		return err
	}
	return s.showPublic(w, r, http.StatusOK, v)
}
