package server

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// numberOf reads the number of a version as an address writes it.
func numberOf(text string) (int, error) {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != text {
		return 0, errNoPage
	}
	return int(n), nil
}

// getArrangementCompare shows what changed between two published versions: always from the earlier to the later.
func (s *Server) getArrangementCompare(r *http.Request, today day.Date) (view, error) {
	ref, err := refOf(r)
	if err != nil {
		return view{}, err
	}
	number, err := numberOf(chi.URLParam(r, "other"))
	if err != nil {
		return view{}, err
	}
	d, from, err := s.Library.Version(r.Context(), ref)
	if err != nil {
		return view{}, err
	}
	to, ok := d.Version(number)
	if !ok {
		return view{}, errNoPage
	}
	if earlier(to, from) {
		from, to = to, from
	}
	f := form.New(map[string][]string{"from": {strconv.Itoa(from.Ref.Number)}, "to": {strconv.Itoa(to.Ref.Number)}})
	p := page.ArrangementCompare{Title: d.Title, Choose: compareChoice(d, f)}
	path := route.ArrangementCompareTo(ref.Slug, from.Ref.Number, to.Ref.Number)
	v := view{title: "What changed: " + d.Title, current: route.Arrangements, canonical: path, noIndex: r.URL.RawQuery != ""}
	if from.ID == to.ID {
		p.Same = "You have chosen the same version twice. Choose two different versions to see what changed."
		v.title, v.noIndex, v.content = "Compare two versions: "+d.Title, true, p.Content()
		return v, nil
	}
	for _, version := range []arrangement.PublishedVersion{from, to} {
		if version.Closed() {
			p.Same = versionName(version) + " was withdrawn, and a legal reason closes its text. So it cannot be compared."
			v.noIndex, v.content = true, p.Content()
			return v, nil
		}
		if !version.WithdrawnAt.IsZero() {
			p.Notices = append(p.Notices, page.Notice{Grave: true, Text: fmt.Sprintf("%s was withdrawn on %s. %s", versionName(version),
				day.Of(version.WithdrawnAt).Long(), version.WithdrawnReason)})
		}
	}
	p.From, p.To = comparedVersion(d, from, today), comparedVersion(d, to, today)
	if p.Redline, err = s.publishedRedline(r, from, to); err != nil {
		return view{}, err
	}
	v.title = fmt.Sprintf("What changed from version %d to version %d: %s", from.Ref.Number, to.Ref.Number, d.Title)
	v.content = p.Content()
	return v, nil
}

func (s *Server) publishedRedline(r *http.Request, from, to arrangement.PublishedVersion) (page.Redline, error) {
	old, err := s.readable(r, from)
	if err != nil {
		return page.Redline{}, err
	}
	now, err := s.readable(r, to)
	if err != nil {
		return page.Redline{}, err
	}
	return redlineOf(arrangement.Compare(old, now), route.ArrangementCompareTo(from.Ref.Slug, from.Ref.Number, to.Ref.Number), onlyChanged(r)), nil
}

// getArrangementCompareOnly is the same without the sections that did not change, which is drawn for each request.
func (s *Server) getArrangementCompareOnly(w http.ResponseWriter, r *http.Request) error {
	v, err := s.getArrangementCompare(r, s.today())
	if err != nil {
		return err
	}
	return s.showPublic(w, r, http.StatusOK, v)
}

// earlier tells whether a version takes effect before another.
func earlier(a, b arrangement.PublishedVersion) bool {
	return a.EffectiveFrom.Before(b.EffectiveFrom) || a.EffectiveFrom == b.EffectiveFrom && a.Ref.Number < b.Ref.Number
}

func comparedVersion(d arrangement.PublishedDocument, v arrangement.PublishedVersion, today day.Date) page.ComparedVersion {
	return page.ComparedVersion{Name: versionName(v), Path: route.ArrangementVersionTo(v.Ref.Slug, v.Ref.Number), State: publicStates[d.State(v, today)],
		Standing: standing(d, v, today), Demonstration: v.Demonstration}
}

// getArrangementCompareAny asks for two versions, and leads on to what changed between them.
func (s *Server) getArrangementCompareAny(w http.ResponseWriter, r *http.Request) error {
	d, err := s.Library.Document(r.Context(), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	f := form.New(r.URL.Query())
	if f.Has("from") || f.Has("to") {
		from, to := f.Choice("from", "Choose the version to compare from", versionNumbers(d)...), f.Choice("to", "Choose the version to compare with", versionNumbers(d)...)
		if !f.Errors().Any() {
			a, _ := numberOf(from) // Choice has let only numbers of versions pass
			b, _ := numberOf(to)
			return redirect(w, r, route.ArrangementCompareTo(d.Slug, a, b))
		}
	}
	p := page.ArrangementCompare{Title: d.Title, Errors: f.Errors(), Choose: compareChoice(d, f)}
	status := http.StatusOK
	if p.Errors.Any() {
		status = statuses[fault.Invalid]
	}
	return s.showPublic(w, r, status, view{title: "Compare two versions: " + d.Title, current: route.Arrangements, content: p.Content(),
		hasErrors: p.Errors.Any(), canonical: route.ArrangementCompareAnyTo(d.Slug), noIndex: r.URL.RawQuery != ""})
}

func versionNumbers(d arrangement.PublishedDocument) []string {
	var numbers []string
	for _, v := range openVersions(d) {
		numbers = append(numbers, strconv.Itoa(v.Ref.Number))
	}
	return numbers
}

// compareChoice offers the published versions, if there are at least two.
func compareChoice(d arrangement.PublishedDocument, f *form.Form) page.CompareChoice {
	c := page.CompareChoice{Path: route.ArrangementCompareAnyTo(d.Slug), Back: ui.Link{Text: "The version in force", Path: route.ArrangementTo(d.Slug)}}
	if len(openVersions(d)) < 2 {
		return c
	}
	c.From, c.To = f.Field("from", "From", ""), f.Field("to", "To", "")
	for _, v := range slices.Backward(openVersions(d)) {
		c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(v.Ref.Number), Text: versionName(v) + ", in effect from " + v.EffectiveFrom.Long()})
	}
	return c
}

// openVersions are those whose text can be read.
func openVersions(d arrangement.PublishedDocument) []arrangement.PublishedVersion {
	return slices.DeleteFunc(slices.Clone(d.Versions), arrangement.PublishedVersion.Closed)
}

// changedSince leads from a version to what it changed of the one before it.
func changedSince(d arrangement.PublishedDocument, v arrangement.PublishedVersion) (ui.Link, bool) {
	before, ok := d.Before(v)
	if !ok || before.ID == v.ID || v.Closed() {
		return ui.Link{}, false
	}
	return ui.Link{Text: fmt.Sprintf("What changed since version %d", before.Ref.Number),
		Path: route.ArrangementCompareTo(v.Ref.Slug, before.Ref.Number, v.Ref.Number)}, true
}

// comparedCell leads from a row of the versions to what the version changed.
func comparedCell(d arrangement.PublishedDocument, v arrangement.PublishedVersion) ui.Cell {
	since, ok := changedSince(d, v)
	if !ok {
		return ui.Cell{Text: "Nothing before it"}
	}
	return ui.Cell{Text: since.Text, Path: since.Path}
}
