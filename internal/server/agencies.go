package server

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"partnershipportal/internal/day"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

const byGroup = "group"

func (s *Server) getAgencies(r *http.Request, today day.Date) (view, error) {
	return s.agenciesView(r, today, form.New(nil))
}

func (s *Server) getAgenciesOn(w http.ResponseWriter, r *http.Request) error {
	on, f := s.readOn(r)
	v, err := s.agenciesView(r, on, f)
	if err != nil {
		return err
	}
	return s.showPublic(w, r, statusOf(v), v)
}

func (s *Server) agenciesView(r *http.Request, on day.Date, f *form.Form) (view, error) {
	list, err := s.Bodies.Agencies(r.Context(), on)
	if err != nil {
		return view{}, err
	}
	iso := ""
	if on != s.today() {
		iso = on.String()
	}
	p := page.Agencies{
		On: s.onDayOf(on, f, route.Agencies), ByGroup: r.URL.Query().Get("by") == byGroup,
		AtoZ: agenciesPath(iso, ""), Groups: agenciesPath(iso, byGroup),
	}
	if p.ByGroup {
		p.On.Hidden = []ui.Hidden{{Name: "by", Value: byGroup}}
		p.Tables = agencyGroups(list)
	}
	if len(p.Tables) == 0 {
		p.Tables = []ui.Table{agencyList("Relevant agencies from A to Z", list)}
	}
	return view{title: "Relevant agencies", current: route.Agencies, canonical: route.Agencies, content: p.Content(),
		hasErrors: p.On.Errors.Any(), noIndex: p.On.Words != ""}, nil
}

func agenciesPath(on, by string) string {
	query := url.Values{}
	if on != "" {
		query.Set("on", on)
	}
	if by != "" {
		query.Set("by", by)
	}
	if len(query) == 0 {
		return route.Agencies
	}
	return route.Agencies + "?" + query.Encode()
}

func agencyList(caption string, list []membership.PublicAgency) ui.Table {
	t := ui.Table{Caption: caption, RowHeaders: true, Empty: "No relevant agency is recorded for this day.",
		Columns: []ui.Column{{Text: "Name"}, {Text: "Why it is included"}, {Text: "Relevant agency"}}}
	for _, x := range list {
		why := basisWords(x.Basis)
		if x.Reason != "" {
			why += ": " + x.Reason
		}
		name := x.Name
		if x.IsDemonstration {
			name += " (demonstration data)"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: name, Path: route.OrganisationTo(x.Slug)}, {Text: why}, {Text: sentence(term(x.StartsOn, x.EndsOn))}})
	}
	return t
}

// agencyGroups puts agencies under the groups of the Schedule; one may stand under several.
func agencyGroups(list []membership.PublicAgency) []ui.Table {
	grouped := map[string][]membership.PublicAgency{}
	var names []string
	var others []membership.PublicAgency
	for _, x := range list {
		if len(x.Groups) == 0 {
			others = append(others, x)
		}
		for _, g := range x.Groups {
			if _, known := grouped[g]; !known {
				names = append(names, g)
			}
			grouped[g] = append(grouped[g], x)
		}
	}
	slices.Sort(names)
	var tables []ui.Table
	for _, g := range names {
		tables = append(tables, agencyList(g, grouped[g]))
	}
	if len(others) > 0 {
		tables = append(tables, agencyList("Other relevant agencies", others))
	}
	return tables
}

func (s *Server) agenciesTable(r *http.Request) (string, sheet.Table, error) {
	on, f := s.readOn(r)
	if f.Errors().Any() {
		return "", sheet.Table{}, errNoPage
	}
	list, err := s.Bodies.Agencies(r.Context(), on)
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Title: "Relevant agencies", Header: []string{"Name", "Address", "Basis", "Reason", "Groups of the Schedule", "First day", "Last day", "As at"}}
	for _, x := range list {
		t.Rows = append(t.Rows, []string{x.Name, s.whole(route.OrganisationTo(x.Slug)), basisWords(x.Basis), x.Reason, strings.Join(x.Groups, "; "),
			x.StartsOn.String(), x.EndsOn.String(), on.String()})
	}
	return tableName("relevant-agencies", on), t, nil
}
