package server

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// agencyPages are those about the relevant agencies: business support's, and those of an agency's own staff.
func (s *Server) agencyPages(in innerRoutes) {
	who, staff := can(authz.EditMembership), can(authz.ProposeCorrection)
	in.get(route.DeskAgencies, who, s.getDeskAgencies)
	in.table(route.DeskAgencies, who, s.deskAgenciesTable)
	in.get(route.DeskAgencyCategories, who, s.getDeskCategories)
	in.get(route.DeskAgencyCategoryAdd, who, s.getDeskCategoryAdd)
	in.post(route.DeskAgencyCategoryAdd, who, smallForm, s.postDeskCategoryAdd)
	in.get(route.DeskAgencyCategory, who, s.getDeskCategory)
	in.post(route.DeskAgencyCategory, who, smallForm, s.postDeskCategory)
	in.get(route.DeskReaders, who, s.getDeskReaders)
	for path, act := range map[string]organisationAct{
		route.DeskAgencyChange: agencyChangeAct, route.DeskAgencyBasis: agencyBasisAct, route.DeskReaderAdd: readerAddAct,
		route.DeskReaderChange: readerChangeAct, route.DeskReaderEnd: readerEndAct, route.DeskReaderRetract: readerRetractAct,
	} {
		in.get(path, who, s.getDeskOrganisationAct(act))
		in.post(path, who, smallForm, s.postDeskOrganisationAct(act))
	}
	in.get(route.DeskCorrections, who, s.getDeskCorrections)
	in.get(route.DeskCorrection, who, s.getDeskCorrection)
	in.post(route.DeskCorrection, who, smallForm, s.postDeskCorrection)
	in.get(route.MyAgency, staff, s.getMyAgency)
	in.get(route.MyAgencyCorrection, staff, s.getMyAgencyCorrection)
	in.post(route.MyAgencyCorrection, staff, smallForm, s.postMyAgencyCorrection)
}

var agencyStateOptions = []ui.Option{
	{Text: "Current"}, {Value: string(membership.AgencyEnded), Text: "Ended"}, {Value: string(membership.AgencyComing), Text: "Coming"},
}

var agencyGapOptions = []ui.Option{
	{Text: "Anything"}, {Value: string(membership.NoCategory), Text: "Without a category"}, {Value: string(membership.NoReader), Text: "Without a reader"},
	{Value: string(membership.NoVersion), Text: "Named in no version"},
}

var basisOptions = []ui.Option{
	{Value: string(membership.Chosen), Text: "Chosen by the safeguarding partners"},
	{Value: string(membership.Designated), Text: "Designated by law", Hint: "For use once such a law is in force."},
	{Value: string(membership.Invitee), Text: "Invited to take part", Hint: "For a body of no kind that the Schedule lists."},
}

// readDeskAgencies reads what the list is narrowed to. What it does not know it leaves out.
func readDeskAgencies(sent url.Values) membership.DeskAgencyFilter {
	f := form.New(sent)
	filter := membership.DeskAgencyFilter{Text: f.Line("name", "Name"), After: membership.ParseAgencyKey(sent.Get("after")), Before: membership.ParseAgencyKey(sent.Get("before"))}
	if n, err := strconv.Atoi(f.Raw("category")); err == nil && n > 0 && n < 1000 {
		filter.Category = n
	}
	if b := membership.Basis(f.Raw("basis")); slices.Contains(membership.Bases(), b) {
		filter.Basis = b
	}
	if st := membership.AgencyState(f.Raw("state")); slices.Contains(membership.AgencyStates(), st) {
		filter.State = st
	}
	if g := membership.AgencyGap(f.Raw("without")); slices.Contains(membership.AgencyGaps(), g) {
		filter.Gap = g
	}
	return filter
}

func (s *Server) getDeskAgencies(w http.ResponseWriter, r *http.Request) error {
	sent := r.URL.Query()
	filter := readDeskAgencies(sent)
	found, err := s.Members.DeskAgencies(r.Context(), actorOf(r), filter)
	if err != nil {
		return err
	}
	categories, err := s.Members.Categories(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	kept := url.Values{}
	for _, name := range []string{"name", "category", "basis", "state", "without"} {
		if v := sent.Get(name); v != "" {
			kept.Set(name, v)
		}
	}
	p := page.DeskAgencies{Fields: deskAgencyFields(form.New(sent), categories), Narrowed: len(kept) > 0, Table: deskAgencyTable(found.Agencies),
		Said: deskAgencyCount(found), Files: page.Downloads{Path: route.DeskAgencies, Query: kept.Encode()}}
	p.Pages = agencyPages(found.Previous, found.Next, func(change ...string) string {
		values := url.Values{}
		for name, v := range kept {
			values[name] = v
		}
		values.Set(change[0], change[1])
		return route.Asking(route.DeskAgencies, values.Encode())
	})
	return s.show(w, r, http.StatusOK, view{title: "Relevant agencies: desk", current: route.DeskAgencies, content: p.Content()})
}

func deskAgencyFields(f *form.Form, categories []membership.Category) []templ.Component {
	var list []ui.Option
	for _, c := range categories {
		list = append(list, ui.Option{Value: strconv.Itoa(c.Paragraph), Text: strconv.Itoa(c.Paragraph) + ". " + shortText(c.Category, 60)})
	}
	return []templ.Component{
		ui.Input{Field: f.Field("name", "Name, or part of one", "Earlier names are found too"), Width: "20"},
		ui.Select{Field: f.Field("category", "Category of the Schedule", ""), Options: withAny(list)},
		ui.Select{Field: f.Field("basis", "Why it is included", ""), Options: withAny(withoutHints(basisOptions))},
		ui.Select{Field: f.Field("state", "State", ""), Options: agencyStateOptions},
		ui.Select{Field: f.Field("without", "What is missing", ""), Options: agencyGapOptions},
	}
}

func withoutHints(list []ui.Option) []ui.Option {
	plain := slices.Clone(list)
	for i := range plain {
		plain[i].Hint = ""
	}
	return plain
}

// shortText keeps a text to what a narrow list shows.
func shortText(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

func deskAgencyCount(found membership.DeskAgencyPage) string {
	shown := len(found.Agencies)
	switch {
	case shown == 0:
		return ""
	case shown == found.Total:
		return plural(shown, "agency", "agencies") + "."
	}
	return fmt.Sprintf("%s of %s: from %s to %s.", thousands(shown), plural(found.Total, "agency", "agencies"), found.Agencies[0].Name, found.Agencies[shown-1].Name)
}

func deskAgencyTable(list []membership.DeskAgency) ui.Table {
	t := ui.Table{Caption: "Relevant agencies", HideCaption: true, RowHeaders: true, Empty: "No relevant agency matches. Change what you look for, or make an organisation a relevant agency.",
		Columns: []ui.Column{{Text: "Name"}, {Text: "Why it is included"}, {Text: "Categories of the Schedule"}, {Text: "When"}, {Text: "Readers"}, {Text: "Versions"}}}
	for _, a := range list {
		name := a.Name
		if a.IsDemonstration {
			name += " (demonstration data)"
		}
		categories := strings.Join(a.Categories, "; ")
		if a.Basis != membership.Invitee {
			categories = or(categories, "None: to be chosen")
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: name, Path: route.DeskOrganisationTo(a.Slug)}, {Text: basisWords(a.Basis)}, {Text: categories},
			{Text: sentence(term(a.StartsOn, a.EndsOn))}, {Text: countOrNone(a.Readers), Path: route.DeskReadersTo(a.Slug)}, {Text: countOrNone(a.Versions)}})
	}
	return t
}

func countOrNone(n int) string {
	if n == 0 {
		return "None"
	}
	return thousands(n)
}

func (s *Server) deskAgenciesTable(r *http.Request) (string, sheet.Table, error) {
	list, err := s.Members.AllDeskAgencies(r.Context(), actorOf(r), readDeskAgencies(r.URL.Query()))
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Title: "Relevant agencies", Header: []string{"Name", "Address", "Basis", "Categories", "Reason", "First day", "Last day", "Readers", "Versions"}}
	for _, a := range list {
		t.Rows = append(t.Rows, []string{a.Name, s.whole(route.OrganisationTo(a.Slug)), basisWords(a.Basis), strings.Join(a.Categories, "; "), a.Reason,
			a.StartsOn.String(), a.EndsOn.String(), strconv.Itoa(a.Readers), strconv.Itoa(a.Versions)})
	}
	return tableName("desk-agencies", s.today()), t, nil
}
