package server

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/day"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

const arrangementsKind = "arrangements"

// getFront is the first page of the site.
func (s *Server) getFront(r *http.Request, today day.Date) (view, error) {
	documents, err := s.Library.Documents(r.Context(), arrangementsKind)
	if err != nil {
		return view{}, err
	}
	set, err := s.Settings.Public(r.Context())
	if err != nil {
		return view{}, err
	}
	p := page.Front{Name: set.Name}
	if p.Name == "" {
		p.Name = nameBeforeSettings
	}
	for _, d := range documents {
		f := page.FrontDocument{Title: d.Title, Path: route.ArrangementTo(d.Slug), Upcoming: upcomingNotices(d, today)}
		current, ok := d.InForce(today)
		if !ok {
			f.Standing, _ = noneInForce(d, today, today)
			p.Documents = append(p.Documents, f)
			continue
		}
		f.Current = true
		f.Title = current.Title
		f.Bar = ui.VersionBar{State: ui.InForce, Text: standing(d, current, today), Rows: []ui.Row{
			{Key: "Published", Value: publishedWords(current)}, {Key: "Guidance", Value: current.Guidance}},
			Links: []ui.Link{{Text: "Read the arrangements", Path: f.Path}, {Text: "Sign-offs", Path: route.ArrangementSignOffsTo(d.Slug, current.Ref.Number)}}}
		f.Upcoming = append(marks(current), f.Upcoming...)
		if f.Signed, err = s.signatures(r, current); err != nil {
			return view{}, err
		}
		p.Documents = append(p.Documents, f)
	}
	return view{title: p.Name, content: p.Content(), canonical: route.Root}, nil
}

func (s *Server) signatures(r *http.Request, v arrangement.PublishedVersion) ([]page.FrontSignature, error) {
	signed, err := s.Library.SignOffs(r.Context(), v.ID)
	if err != nil {
		return nil, err
	}
	list := make([]page.FrontSignature, len(signed))
	for i, x := range signed {
		list[i] = page.FrontSignature{Organisation: x.Organisation, Detail: officeWords(x) + ", " + x.Signed.Words()}
	}
	return list, nil
}

// getArrangements lists the arrangements.
func (s *Server) getArrangements(r *http.Request, today day.Date) (view, error) {
	p := page.Arrangements{Heading: "Arrangements", Empty: "No arrangements have been published here yet.",
		Lead: "How the safeguarding partners and the relevant agencies work together. Earlier versions stay here, plainly marked."}
	documents, err := s.Library.Documents(r.Context(), arrangementsKind)
	if err != nil {
		return view{}, err
	}
	p.Documents = listAll(documents, today)
	return view{title: p.Heading, content: p.Content(), current: route.Arrangements, canonical: route.Arrangements}, nil
}

// getDocuments lists the documents of every kind.
func (s *Server) getDocuments(r *http.Request, today day.Date) (view, error) {
	p := page.Arrangements{Heading: "Published documents", Empty: "Nothing has been published here yet.", All: true,
		Lead: "Everything that the partnership has published here, with all versions."}
	documents, err := s.Library.Documents(r.Context(), "")
	if err != nil {
		return view{}, err
	}
	p.Documents = listAll(documents, today)
	for i, d := range documents {
		p.Documents[i].Kind = kindWords[d.Kind]
	}
	return view{title: p.Heading, content: withFiles(p.Content(), route.Documents, ""), canonical: route.Documents}, nil
}

func listAll(documents []arrangement.PublishedDocument, today day.Date) []page.ListedDocument {
	list := make([]page.ListedDocument, len(documents))
	titles := map[string]int{}
	for i, d := range documents {
		list[i] = listed(d, today)
		if titles[d.Title]++; titles[d.Title] > 1 { // each table is announced under a name of its own
			list[i].Versions.Caption += fmt.Sprintf(" (%d)", titles[d.Title])
		}
	}
	return list
}

func listed(d arrangement.PublishedDocument, today day.Date) page.ListedDocument {
	l := page.ListedDocument{Title: d.Title, Path: route.ArrangementTo(d.Slug), Versions: versionTable(d, today)}
	if current, ok := d.InForce(today); ok {
		l.Standing = versionName(current) + " has been in force since " + current.EffectiveFrom.Long() + "."
	} else {
		l.Standing, _ = noneInForce(d, today, today)
	}
	return l
}

func versionTable(d arrangement.PublishedDocument, today day.Date) ui.Table {
	t := ui.Table{Caption: "Versions of " + d.Title, HideCaption: true, RowHeaders: true,
		Columns: []ui.Column{{Text: "Version"}, {Text: "State"}, {Text: "In force from"}, {Text: "Published"}, {Text: "Signed off by"}}}
	if len(openVersions(d)) > 1 {
		t.Columns = append(t.Columns, ui.Column{Text: "Compared"})
	}
	for _, v := range d.Versions {
		row := []ui.Cell{
			{Text: versionName(v), Path: route.ArrangementVersionTo(v.Ref.Slug, v.Ref.Number)},
			{Content: ui.Tag{State: publicStates[d.State(v, today)]}},
			{Content: ui.TimeOf(day.On(v.EffectiveFrom))},
			{Content: ui.TimeOf(v.Published)},
			{Text: signedByCount(v)},
		}
		if len(openVersions(d)) > 1 {
			row = append(row, comparedCell(d, v))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// refOf reads the version that the address names. What can't be one is not found.
func refOf(r *http.Request) (arrangement.Ref, error) {
	text := chi.URLParam(r, "number")
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != text {
		return arrangement.Ref{}, errNoPage
	}
	return arrangement.Ref{Slug: chi.URLParam(r, "slug"), Number: int(n)}, nil
}

// getArrangement shows the version in force today, or says why there is none.
func (s *Server) getArrangement(r *http.Request, today day.Date) (view, error) {
	d, err := s.Library.Document(r.Context(), chi.URLParam(r, "slug"))
	if err != nil {
		return view{}, err
	}
	current, ok := d.InForce(today)
	if !ok {
		text, before := noneInForce(d, today, today)
		p := page.ArrangementNone{Title: d.Title, Text: text, Before: before, Versions: versionTable(d, today)}
		return view{title: d.Title, content: p.Content(), current: route.Arrangements, canonical: route.ArrangementTo(d.Slug)}, nil
	}
	v, err := s.readingPage(r, d, current, today)
	v.title, v.canonical = d.Title, route.ArrangementTo(d.Slug)
	return v, err
}

// getArrangementVersion shows one version, whatever its state.
func (s *Server) getArrangementVersion(r *http.Request, today day.Date) (view, error) {
	ref, err := refOf(r)
	if err != nil {
		return view{}, err
	}
	d, v, err := s.Library.Version(r.Context(), ref)
	if err != nil {
		return view{}, err
	}
	return s.readingPage(r, d, v, today)
}

func (s *Server) readingPage(r *http.Request, d arrangement.PublishedDocument, v arrangement.PublishedVersion, today day.Date) (view, error) {
	content, err := s.readable(r, v)
	if err != nil {
		return view{}, err
	}
	signed, err := s.Library.SignOffs(r.Context(), v.ID)
	if err != nil {
		return view{}, err
	}
	state := d.State(v, today)
	p := page.ArrangementRead{Title: v.Title, Name: versionName(v), State: publicStates[state], Folded: state == arrangement.StateWithdrawn, Closed: v.Closed(),
		Notices: append(standingNotices(d, v, today), marks(v)...), Bar: versionBar(d, v, signed, today),
		Nav: versionNav(v, route.ArrangementVersionTo(v.Ref.Slug, v.Ref.Number))}
	for i, section := range content.Sections {
		rs := page.ReadSection{Number: i + 1, Heading: section.Heading}
		for _, b := range arrangement.RenderSection(i+1, section.Markdown) {
			rs.Blocks = append(rs.Blocks, page.ReadBlock{Number: b.Number, Anchor: b.Anchor, HTML: page.SafeHTML(b.HTML)})
		}
		p.Sections = append(p.Sections, rs)
	}
	return view{title: v.Title + ", " + versionName(v), content: p.Content(), current: route.Arrangements,
		canonical: route.ArrangementVersionTo(v.Ref.Slug, v.Ref.Number)}, nil
}

// readable is the signed text of a version; it is empty where a legal reason closes it.
func (s *Server) readable(r *http.Request, v arrangement.PublishedVersion) (arrangement.Content, error) {
	if v.Closed() {
		return arrangement.Content{}, nil
	}
	frozen, _, err := s.Library.Content(r.Context(), v.Ref)
	if err != nil {
		return arrangement.Content{}, err
	}
	content, err := arrangement.ReadContent(frozen)
	if err != nil {
		return arrangement.Content{}, fmt.Errorf("show %s: %w", v.Ref, err)
	}
	return content, nil
}

// versionNav leads between the pages of one version.
func versionNav(v arrangement.PublishedVersion, current string) ui.SubNav {
	nav := ui.SubNav{Label: "This version", Current: current, Items: []ui.Link{
		{Text: "Text", Path: route.ArrangementVersionTo(v.Ref.Slug, v.Ref.Number)},
		{Text: "Sign-offs", Path: route.ArrangementSignOffsTo(v.Ref.Slug, v.Ref.Number)},
		{Text: "Timeline", Path: route.ArrangementTimelineTo(v.Ref.Slug, v.Ref.Number)},
	}}
	if v.Agencies > 0 && !v.Closed() {
		nav.Items = append(nav.Items, ui.Link{Text: "Agencies", Path: route.ArrangementAgenciesTo(v.Ref.Slug, v.Ref.Number)})
	}
	if v.Asked && !v.Closed() {
		nav.Items = append(nav.Items, ui.Link{Text: "Coverage", Path: route.ArrangementCoverageTo(v.Ref.Slug, v.Ref.Number)})
	}
	return nav
}

func versionBar(d arrangement.PublishedDocument, v arrangement.PublishedVersion, signed []signoff.SignOff, today day.Date) ui.VersionBar {
	bar := ui.VersionBar{State: publicStates[d.State(v, today)], Text: standing(d, v, today)}
	state := d.State(v, today)
	if state != arrangement.StateWithdrawn {
		bar.Rows = append(bar.Rows, replacedRows(d, v, state)...)
	}
	if after, ok := d.After(v); ok && state != arrangement.StateWithdrawn {
		key := "Replaced by"
		if after.EffectiveFrom.After(today) {
			key = "To be replaced by"
		}
		bar.Rows = append(bar.Rows, ui.Row{Key: key, Content: linkTo(*versionLink(versionName(after)+", from "+after.EffectiveFrom.Long(), after))})
	}
	if v.Agencies > 0 && !v.Closed() {
		bar.Rows = append(bar.Rows, ui.Row{Key: "Relevant agencies", Content: linkTo(ui.Link{Text: thousands(v.Agencies) + " named", Path: route.ArrangementAgenciesTo(v.Ref.Slug, v.Ref.Number)})})
	}
	bar.Rows = append(bar.Rows, ui.Row{Key: "Published", Value: publishedWords(v)}, ui.Row{Key: "Guidance", Value: v.Guidance},
		ui.Row{Key: "Signed off by", Value: signedByCount(v) + ": " + strings.Join(names(signed), ", ")},
		ui.Row{Key: "Digest", Content: ui.Digest{Value: v.DigestHex(), Label: "SHA-256 of the exact text"}})
	all := ui.Link{Text: "All versions", Path: route.Arrangements}
	if d.Kind != arrangementsKind {
		all.Path = route.Documents
	}
	if since, ok := changedSince(d, v); ok {
		bar.Links = []ui.Link{since}
	}
	if !v.Closed() {
		bar.Links = append(bar.Links, ui.Link{Text: "Word document, for committee papers", Path: route.ArrangementWordTo(v.Ref.Slug, v.Ref.Number)},
			ui.Link{Text: "Exact text as data (JSON)", Path: route.ArrangementContentTo(v.Ref.Slug, v.Ref.Number)})
	}
	if v.Asked && !v.Closed() {
		bar.Links = append(bar.Links, ui.Link{Text: "How it meets the guidance", Path: route.ArrangementCoverageTo(v.Ref.Slug, v.Ref.Number)})
	}
	bar.Links = append(bar.Links, ui.Link{Text: "Check a copy", Path: route.VerifyTo(v.DigestHex(), false)}, all)
	if len(openVersions(d)) > 1 {
		bar.Links = append(bar.Links, ui.Link{Text: "Compare two versions", Path: route.ArrangementCompareAnyTo(d.Slug)})
	}
	return bar
}

// replacedRows says what the version took over from.
func replacedRows(d arrangement.PublishedDocument, v arrangement.PublishedVersion, state arrangement.State) []ui.Row {
	key := "Replaced"
	if state == arrangement.StateUpcoming {
		key = "Will replace"
	}
	if before, ok := d.Before(v); ok {
		return []ui.Row{{Key: key, Content: linkTo(*versionLink(versionName(before), before))}}
	}
	if d.Predecessor == "" {
		return nil
	}
	return []ui.Row{{Key: key, Content: linkTo(ui.Link{Text: "The text of " + d.Predecessor, Path: route.OrganisationTo(d.PredecessorSlug)})}}
}

func linkTo(l ui.Link) page.Anchor { return page.Anchor(l) }

func names(signed []signoff.SignOff) []string {
	list := make([]string, len(signed))
	for i, x := range signed {
		list[i] = x.Organisation
	}
	return list
}
