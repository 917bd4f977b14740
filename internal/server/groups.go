package server

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/file"
	"partnershipportal/internal/group"
	"partnershipportal/internal/id"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// groupPages are the public ones about the groups of the partnership.
func (s *Server) groupPages(pub publicRoutes) {
	pub.page(route.Groups, s.getGroups)
	pub.table(route.Groups, s.groupsTable)
	pub.page(route.Group, s.getGroup)
	pub.get(route.GroupTerms, s.getGroupTerms)
}

func (s *Server) getGroups(r *http.Request, today day.Date) (view, error) {
	list, err := s.PublicGroups.Groups(r.Context(), today)
	if err != nil {
		return view{}, err
	}
	p := page.Groups{Files: page.Downloads{Path: route.Groups}}
	for _, g := range list {
		card := page.GroupCard{Name: g.Name, Path: route.GroupTo(g.Slug), Purpose: g.Purpose, Demo: g.IsDemonstration,
			Rows: []ui.Row{{Key: "Chair", Value: or(g.Chair, "Not recorded")}, {Key: "Meets", Value: or(sentence(g.Rhythm), "Not recorded")},
				{Key: "Dates", Value: sentence(term(g.StartsOn, g.EndsOn))}}}
		if g.Ended(today) {
			p.Ended = append(p.Ended, card)
		} else {
			p.Current = append(p.Current, card)
		}
	}
	return view{title: "Groups of the partnership", current: route.Partners, canonical: route.Groups, content: p.Content()}, nil
}

func (s *Server) getGroup(r *http.Request, today day.Date) (view, error) {
	g, err := s.PublicGroups.Group(r.Context(), chi.URLParam(r, "slug"), today)
	if err != nil {
		return view{}, err
	}
	p := page.GroupPage{Caption: "Group of the partnership", Heading: g.Name, State: endedState(g.Ended(today)), Demo: g.IsDemonstration, Intro: []string{g.Purpose}}
	if g.Ended(today) {
		p.Intro = append([]string{"This group ended on " + g.EndsOn.Long() + "."}, p.Intro...)
	}
	p.Rows = []ui.Row{{Key: "Chair", Value: or(g.Chair, "Not recorded")}, {Key: "Meets", Value: or(sentence(g.Rhythm), "Not recorded")},
		{Key: "Dates", Value: sentence(term(g.StartsOn, g.EndsOn))}}
	for _, n := range g.Names {
		if n.Name != g.Name {
			p.Rows = append(p.Rows, ui.Row{Key: "Another name", Value: n.Name + " (" + term(n.StartsOn, n.EndsOn) + ")"})
		}
	}
	heading, none := "Member organisations", "No organisation is a member today."
	if g.Ended(today) {
		heading, none = "Member organisations when it ended", "No member is recorded."
	}
	members := page.GroupSection{Heading: heading}
	var list page.BodyList
	for _, m := range g.Bodies {
		list = append(list, ui.Link{Text: m.Name, Path: route.OrganisationTo(m.Slug)})
	}
	if len(list) > 0 {
		members.Parts = []templ.Component{list.Content()}
	} else {
		members.Text = none
	}
	p.Sections = append(p.Sections, members, termsSection(g.Slug, g.Terms, today))
	p.Sections = append(p.Sections, page.GroupSection{Heading: "More", Parts: []templ.Component{page.Links{
		{Text: "All groups", Path: route.Groups}, {Text: "For members: meetings, papers and actions", Path: route.GroupWorkTo(g.Slug)}}.Content()}})
	return view{title: g.Name, current: route.Partners, canonical: route.GroupTo(g.Slug), content: p.Content(),
		breadcrumbs: []ui.Link{{Text: "Home", Path: route.Root}, {Text: "Groups", Path: route.Groups}, {Text: g.Name}}}, nil
}

func endedState(ended bool) ui.State {
	if ended {
		return ui.Ended
	}
	return ""
}

// termsSection offers the terms of reference of the day, then the earlier and the coming ones.
func termsSection(slug string, list []group.Terms, today day.Date) page.GroupSection {
	s := page.GroupSection{Heading: "Terms of reference"}
	if len(list) == 0 {
		s.Text = "No terms of reference have been added yet."
		return s
	}
	t := ui.Table{Caption: "Terms of reference", HideCaption: true, Columns: []ui.Column{{Text: "Document"}, {Text: "Holds from"}, {Text: "Standing"}}}
	holding, any := group.TermsOn(list, today)
	for _, x := range list {
		standing := "Earlier"
		switch {
		case any && x.File == holding.File:
			standing = "Hold today"
		case x.StartsOn.After(today):
			standing = "Still to come"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Content: fileLink(route.GroupTermsTo(slug, x.File), x.Title, x.Language, x.MediaType, x.Size)},
			{Text: x.StartsOn.Long()}, {Text: standing}})
	}
	s.Parts = []templ.Component{t}
	return s
}

// fileLink offers a stored file with what it is and how large.
func fileLink(path, title, language, mediaType string, size int64) templ.Component {
	about := file.Words(mediaType) + ", " + sizeWords(size)
	if language != "en" {
		about += ", language: " + language
	}
	return page.FileLink{Path: path, Title: title, Lang: language, About: about}.Content()
}

// sizeWords says a size as people read it.
func sizeWords(size int64) string {
	switch {
	case size >= 1<<20:
		return strconv.FormatFloat(float64(size)/(1<<20), 'f', 1, 64) + " MB"
	case size >= 1<<10:
		return strconv.FormatInt((size+1<<9)>>10, 10) + " kB"
	}
	return strconv.FormatInt(size, 10) + " bytes"
}

func (s *Server) getGroupTerms(w http.ResponseWriter, r *http.Request) error {
	which, err := pathID[id.File](r, "file")
	if err != nil {
		return err
	}
	terms, err := s.PublicGroups.Terms(r.Context(), chi.URLParam(r, "slug"), which)
	if err != nil {
		return err
	}
	return sendFile(w, r, terms)
}

func (s *Server) groupsTable(r *http.Request) (string, sheet.Table, error) {
	today := s.today()
	list, err := s.PublicGroups.Groups(r.Context(), today)
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Header: []string{"Name", "Address", "Purpose", "Chair", "Meets", "First day", "Last day", "Member organisations", "As at"}}
	for _, g := range list {
		whole, err := s.PublicGroups.Group(r.Context(), g.Slug, today)
		if err != nil {
			return "", sheet.Table{}, err
		}
		var names []string
		for _, m := range whole.Bodies {
			names = append(names, m.Name)
		}
		t.Rows = append(t.Rows, []string{g.Name, s.whole(route.GroupTo(g.Slug)), g.Purpose, g.Chair, g.Rhythm, g.StartsOn.String(), g.EndsOn.String(),
			strings.Join(names, "; "), today.String()})
	}
	return tableName("groups", today), t, nil
}
