package server

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"partnershipportal/internal/day"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

const (
	byGroup     = "group"
	alphabet    = "abcdefghijklmnopqrstuvwxyz"
	longestText = 100 // characters of a name that is looked for
)

// agencyQuery is what the address of the public list asks for.
type agencyQuery struct {
	filter  membership.AgencyFilter
	byGroup bool
	today   day.Date
}

// readAgencyQuery reads the address. What it does not know it leaves out.
func (s *Server) readAgencyQuery(r *http.Request) (agencyQuery, *form.Form) {
	on, f := s.readOn(r)
	sent := r.URL.Query()
	text, _ := strings.CutPrefix(strings.TrimSpace(sent.Get("name")), "\ufeff")
	if runes := []rune(text); len(runes) > longestText {
		text = string(runes[:longestText])
	}
	q := agencyQuery{today: s.today(), byGroup: sent.Get("by") == byGroup, filter: membership.AgencyFilter{
		On: on, Text: text, Group: sent.Get("group"),
		After: membership.ParseAgencyKey(sent.Get("after")), Before: membership.ParseAgencyKey(sent.Get("before")),
	}}
	if letter := sent.Get("letter"); len(letter) == 1 && strings.Contains(alphabet, letter) {
		q.filter.Letter = letter
	}
	return q, f
}

// path is the address of the same list with something else asked; an empty value leaves a parameter out.
func (q agencyQuery) path(base string, change ...string) string {
	values := url.Values{}
	set := func(name, value string) {
		values.Del(name)
		if value != "" {
			values.Set(name, value)
		}
	}
	if q.filter.On != q.today {
		set("on", q.filter.On.String())
	}
	if q.byGroup {
		set("by", byGroup)
	}
	set("name", q.filter.Text)
	set("group", q.filter.Group)
	set("letter", q.filter.Letter)
	for i := 0; i < len(change); i += 2 {
		set(change[i], change[i+1])
	}
	if len(values) == 0 {
		return base
	}
	return base + "?" + values.Encode()
}

func (s *Server) getAgencies(r *http.Request, today day.Date) (view, error) {
	return s.agenciesView(r, agencyQuery{today: today, filter: membership.AgencyFilter{On: today}}, form.New(nil))
}

func (s *Server) getAgenciesOn(w http.ResponseWriter, r *http.Request) error {
	q, f := s.readAgencyQuery(r)
	v, err := s.agenciesView(r, q, f)
	if err != nil {
		return err
	}
	return s.showPublic(w, r, statusOf(v), v)
}

func (s *Server) agenciesView(r *http.Request, q agencyQuery, f *form.Form) (view, error) {
	groups, err := s.Bodies.AgencyGroups(r.Context(), q.filter.On)
	if err != nil {
		return view{}, err
	}
	p := page.Agencies{
		On: s.onDayOf(q.filter.On, f, route.Agencies), ByGroup: q.byGroup, Filter: agencyFields(q, groups),
		AtoZ: q.path(route.Agencies, "by", "", "group", "", "name", "", "letter", ""), Groups: q.path(route.Agencies, "by", byGroup, "group", "", "name", "", "letter", ""),
	}
	_, p.On.Files.Query, _ = strings.Cut(q.path("", "by", ""), "?")
	v := view{title: "Relevant agencies", current: route.Agencies, canonical: route.Agencies, hasErrors: p.On.Errors.Any(), noIndex: r.URL.RawQuery != ""}
	if q.byGroup {
		p.On.Hidden = []ui.Hidden{{Name: "by", Value: byGroup}}
		p.Table = groupTable(q, groups)
		v.content = p.Content()
		return v, nil
	}
	found, err := s.Bodies.AgencyPage(r.Context(), q.filter)
	if err != nil {
		return view{}, err
	}
	p.Said = agencyCount(q.filter, found)
	p.Letters = letterLinks(q)
	p.Table = agencyList(found.Agencies)
	if found.All > 0 {
		p.Table.Empty = "No relevant agency matches. Change what you look for."
	}
	p.Pages = agencyPages(found.Previous, found.Next, func(change ...string) string { return q.path(route.Agencies, change...) })
	p.Clear = q.path(route.Agencies, "name", "", "group", "", "letter", "")
	p.Narrowed = q.filter.Text != "" || q.filter.Group != "" || q.filter.Letter != ""
	v.content = p.Content()
	return v, nil
}

// agencyPages leads to the page before and after.
func agencyPages(previous, next membership.AgencyKey, path func(change ...string) string) ui.Pagination {
	var p ui.Pagination
	if !previous.IsZero() {
		p.Previous = path("before", previous.String())
	}
	if !next.IsZero() {
		p.Next = path("after", next.String())
	}
	return p
}

// agencyFields are the fields that narrow the list.
func agencyFields(q agencyQuery, groups []membership.AgencyGroup) page.AgencyFilter {
	f := form.New(url.Values{"name": {q.filter.Text}, "group": {q.filter.Group}})
	list := []ui.Option{{Text: "All groups"}}
	for _, g := range groups {
		if g.Name != "" {
			list = append(list, ui.Option{Value: g.Name, Text: g.Name})
		}
	}
	p := page.AgencyFilter{
		Text:  ui.Input{Field: f.Field("name", "Name, or part of one", "Earlier names are found too"), Width: "20"},
		Group: ui.Select{Field: f.Field("group", "Group of the Schedule", ""), Options: list},
	}
	if q.filter.On != q.today {
		p.Hidden = append(p.Hidden, ui.Hidden{Name: "on", Value: q.filter.On.String()})
	}
	return p
}

// agencyCount says what is shown of how many.
func agencyCount(f membership.AgencyFilter, found membership.AgencyPage) string {
	shown := len(found.Agencies)
	switch {
	case shown == 0:
		return ""
	case found.Total == found.All && shown == found.Total:
		return fmt.Sprintf("%s.", plural(shown, "relevant agency", "relevant agencies"))
	case shown == found.Total:
		return fmt.Sprintf("%s of %s.", thousands(shown), plural(found.All, "relevant agency", "relevant agencies"))
	}
	words := fmt.Sprintf("%s of %s", thousands(shown), plural(found.Total, "relevant agency", "relevant agencies"))
	if found.Total != found.All {
		words += " that match, of " + thousands(found.All) + " in all"
	}
	return words + ": from " + found.Agencies[0].Name + " to " + found.Agencies[shown-1].Name + "."
}

// letterLinks lead to the agencies whose name begins with a letter.
func letterLinks(q agencyQuery) ui.SubNav {
	n := ui.SubNav{Label: "First letter", Current: q.path(route.Agencies), Items: []ui.Link{{Text: "All", Path: q.path(route.Agencies, "letter", "")}}}
	for _, letter := range alphabet {
		n.Items = append(n.Items, ui.Link{Text: strings.ToUpper(string(letter)), Path: q.path(route.Agencies, "letter", string(letter))})
	}
	return n
}

func agencyList(list []membership.PublicAgency) ui.Table {
	t := ui.Table{Caption: "Relevant agencies", HideCaption: true, RowHeaders: true, Empty: "No relevant agency is recorded for this day.",
		Columns: []ui.Column{{Text: "Name"}, {Text: "Why it is included"}, {Text: "Category"}, {Text: "Relevant agency"}}}
	for _, x := range list {
		why := basisWords(x.Basis)
		if x.Reason != "" {
			why += ": " + x.Reason
		}
		name := x.Name
		if x.IsDemonstration {
			name += " (demonstration data)"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: name, Path: route.OrganisationTo(x.Slug)}, {Text: why}, {Text: strings.Join(x.Categories, "; ")},
			{Text: sentence(term(x.StartsOn, x.EndsOn))}})
	}
	return t
}

// groupTable lists the groups of the Schedule; an agency may stand under several.
func groupTable(q agencyQuery, groups []membership.AgencyGroup) ui.Table {
	t := ui.Table{Caption: "Relevant agencies by group", HideCaption: true, RowHeaders: true, Empty: "No relevant agency is recorded for this day.",
		Columns: []ui.Column{{Text: "Group of the Schedule"}, {Text: "Relevant agencies", Numeric: true}}}
	for _, g := range groups {
		cell := ui.Cell{Text: g.Name, Path: q.path(route.Agencies, "by", "", "group", g.Name)}
		if g.Name == "" {
			cell = ui.Cell{Text: "Under no confirmed category"}
		}
		t.Rows = append(t.Rows, []ui.Cell{cell, {Text: thousands(g.Agencies)}})
	}
	return t
}

func (s *Server) agenciesTable(r *http.Request) (string, sheet.Table, error) {
	q, f := s.readAgencyQuery(r)
	if f.Errors().Any() {
		return "", sheet.Table{}, errNoPage
	}
	list, err := s.Bodies.Agencies(r.Context(), q.filter)
	if err != nil {
		return "", sheet.Table{}, err
	}
	on := q.filter.On
	t := sheet.Table{Title: "Relevant agencies", Header: []string{"Name", "Address", "Basis", "Reason", "Groups of the Schedule", "First day", "Last day", "As at"}}
	for _, x := range list {
		t.Rows = append(t.Rows, []string{x.Name, s.whole(route.OrganisationTo(x.Slug)), basisWords(x.Basis), x.Reason, strings.Join(x.Groups, "; "),
			x.StartsOn.String(), x.EndsOn.String(), on.String()})
	}
	return tableName("relevant-agencies", on), t, nil
}
