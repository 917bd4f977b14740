package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/arrangement"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/sheet"
	"partnershipportal/internal/signoff"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// coveragePages are those about how a version meets the guidance.
func (s *Server) coveragePages(in innerRoutes) {
	in.get(route.DeskCoverage, can(authz.ReadDrafts), s.getDeskCoverage)
	in.get(route.DeskRequirement, can(authz.DraftDocument), s.getDeskRequirement)
	in.post(route.DeskRequirement, can(authz.DraftDocument), smallForm, s.postDeskRequirement)
}

// doubts says how sure a wording is, where it is not confirmed.
var doubts = map[string]string{
	arrangement.RequirementPartly:      "Confirmed against the published guidance only in part",
	arrangement.RequirementUnconfirmed: "Not confirmed against the published guidance",
}

// requirementNote says whether it is a must, and where that is not certain, that it is not.
func requirementNote(q arrangement.Requirement) string {
	if doubt := doubts[q.Confidence]; doubt != "" {
		return sentence(q.Kind) + ". " + doubt
	}
	return sentence(q.Kind)
}

// coverageTable lists the requirements with how they are met; place is where a section can be read, edit where an answer
// is given (nil: nowhere).
func coverageTable(answers arrangement.Answers, headings []string, place, edit func(int) string) ui.Table {
	t := ui.Table{Caption: "Requirements of the guidance", HideCaption: true, RowHeaders: true,
		Columns: []ui.Column{{Text: "Requirement"}, {Text: "How it is met"}}}
	for _, a := range answers {
		var sections []ui.Link
		for _, n := range a.Sections {
			text := "Section " + strconv.Itoa(n)
			if n <= len(headings) {
				text += ": " + headings[n-1]
			}
			sections = append(sections, ui.Link{Text: text, Path: place(n)})
		}
		state := "Not covered"
		if a.Open() {
			state = "Nothing is said yet"
		}
		row := []ui.Cell{{Content: page.Requirement(a.Number, or(a.Wording, "The wording of this requirement is not on record"), requirementNote(a.Requirement))},
			{Content: page.CoveredBy(state, sections, a.Reason)}}
		if edit != nil {
			about := "requirement " + strconv.Itoa(a.Number)
			row = append(row, ui.Cell{Text: "Answer " + about, Path: edit(a.Number)})
		}
		t.Rows = append(t.Rows, row)
	}
	if edit != nil {
		t.Columns = append(t.Columns, ui.Column{Text: "Answer"})
	}
	return t
}

// coverageOf draws the answers, or says why there are none.
func coverageOf(edition string, asked bool, answers arrangement.Answers, t ui.Table) page.Coverage {
	c := page.Coverage{Edition: edition, Table: t}
	switch {
	case !asked:
		c.Said = "Documents of this kind are not held against a list of the guidance."
	case len(answers) == 0:
		c.Said = "No list is recorded for this edition: " + edition + "."
	default:
		c.Said = fmt.Sprintf("%d of %s of %s %s covered.", answers.Covered(), plural(len(answers), "requirement", "requirements"), edition, areOrIs(len(answers)))
		c.Unsure = slices.ContainsFunc(answers, func(a arrangement.Answer) bool { return !a.Confirmed() })
	}
	return c
}

// coveredCount says how many are covered: "9 of 11 covered".
func coveredCount(answers arrangement.Answers) string {
	return fmt.Sprintf("%d of %d covered", answers.Covered(), len(answers))
}

func headingsOf(sections []arrangement.Text) []string {
	headings := make([]string, len(sections))
	for i, section := range sections {
		headings[i] = section.Heading
	}
	return headings
}

func draftHeadings(d arrangement.Draft) []string {
	headings := make([]string, len(d.Sections))
	for i, section := range d.Sections {
		headings[i] = section.Heading
	}
	return headings
}

// deskCoverageRows say on the pages of a draft how far its coverage is.
func deskCoverageRows(c arrangement.DraftCoverage) []ui.Row {
	if !c.Asked {
		return nil
	}
	said := "no list is recorded for this edition"
	if c.Listed() {
		said = coveredCount(c.Answers)
	}
	ref := c.Draft.Ref
	return []ui.Row{{Key: "Coverage of the guidance", Value: said,
		Actions: []ui.Action{{Text: "See", Path: route.DeskCoverageTo(ref.Slug, ref.Number), About: "the coverage of the guidance"}}}}
}

func (s *Server) getDeskCoverage(w http.ResponseWriter, r *http.Request) error {
	ref, err := refOf(r)
	if err != nil {
		return err
	}
	c, err := s.Arrangements.Coverage(r.Context(), actorOf(r), ref)
	if err != nil {
		return err
	}
	p := page.DeskCoverage{Ref: deskRef(c.Draft), Path: route.DeskCoverageTo(ref.Slug, ref.Number)}
	var edit func(int) string
	if c.Draft.CanEdit(actorOf(r)) == nil {
		edit = func(n int) string { return route.DeskRequirementTo(ref.Slug, ref.Number, n) }
		p.Problems = c.Musts()
	} else if c.Listed() {
		p.Note = "This is the coverage as it was last written down. What was signed is on the page of its round."
	}
	place := func(n int) string { return route.DeskTextTo(ref.Slug, ref.Number) + "#" + sectionAnchor(n) }
	p.Coverage = coverageOf(c.Draft.Guidance.Title, c.Asked, c.Answers, coverageTable(c.Answers, draftHeadings(c.Draft), place, edit))
	v := deskView(p.Ref, "Coverage")
	v.content = p.Content()
	return s.show(w, r, http.StatusOK, v)
}

// requirementOf reads the draft and the answer that the address names.
func (s *Server) requirementOf(r *http.Request) (arrangement.DraftCoverage, arrangement.Answer, error) {
	ref, err := refOf(r)
	if err != nil {
		return arrangement.DraftCoverage{}, arrangement.Answer{}, err
	}
	number, err := strconv.Atoi(chi.URLParam(r, "requirement"))
	if err != nil || strconv.Itoa(number) != chi.URLParam(r, "requirement") {
		return arrangement.DraftCoverage{}, arrangement.Answer{}, errNoPage
	}
	c, err := s.Arrangements.Coverage(r.Context(), actorOf(r), ref)
	if err != nil {
		return arrangement.DraftCoverage{}, arrangement.Answer{}, err
	}
	a, err := c.Answer(number)
	return c, a, err
}

func (s *Server) getDeskRequirement(w http.ResponseWriter, r *http.Request) error {
	c, a, err := s.requirementOf(r)
	if err != nil {
		return err
	}
	if err := c.Draft.CanEdit(actorOf(r)); err != nil {
		return s.refuse(w, r, err, s.waysOn(r, c.Draft.Ref)...)
	}
	first := url.Values{"reason": {a.Reason}}
	for _, n := range a.Sections {
		first.Add("sections", strconv.FormatInt(int64(c.Draft.Sections[n-1].ID), 10))
	}
	return s.showRequirement(w, r, form.New(first), c, a, nil, http.StatusOK)
}

func (s *Server) postDeskRequirement(w http.ResponseWriter, r *http.Request) error {
	c, a, err := s.requirementOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "sections", "reason", "revision", "do")
	if err != nil {
		return err
	}
	cmd := arrangement.CoverageCommand{Ref: c.Draft.Ref, Number: a.Number, Reason: f.Text("reason", "The reason", 2000)}
	for _, chosen := range f.Choices("sections", "Somebody has deleted a section that you chose. Choose again", sectionIDs(c.Draft)...) {
		cmd.Sections = append(cmd.Sections, number[id.Section](chosen))
	}
	cmd.Revision = f.Int("revision", "Revision", "The form did not arrive whole", 0, highestRevision)
	seen := a
	seen.Revision = cmd.Revision
	if f.Errors().Any() {
		return s.showRequirement(w, r, f, c, seen, nil, statuses[fault.Invalid])
	}
	err = s.Arrangements.SaveCoverage(r.Context(), actorOf(r), cmd)
	if clash, ok := errors.AsType[*arrangement.CoverageConflict](err); ok {
		s.note(r, err)
		mine := arrangement.Answer{Reason: cmd.Reason}
		for _, section := range c.Draft.Sections {
			if slices.Contains(cmd.Sections, section.ID) {
				mine.Sections = append(mine.Sections, section.Number)
			}
		}
		return s.showRequirement(w, r, f, c, clash.Theirs, &ui.Conflict{What: fmt.Sprintf("the answer to requirement %d", a.Number), SavedBy: or(clash.Saved.Name, "Somebody else"),
			SavedAt: day.Clock(clash.Saved.At), Saved: answerWords(clash.Theirs, draftHeadings(c.Draft)), Yours: answerWords(mine, draftHeadings(c.Draft))}, statuses[fault.Conflict])
	}
	if ruled(f, err) {
		return s.showRequirement(w, r, f, c, seen, nil, statuses[fault.Invalid])
	}
	if err != nil {
		return s.refuse(w, r, err, s.waysOn(r, c.Draft.Ref)...)
	}
	s.tell(r, fmt.Sprintf("The answer to requirement %d is saved", a.Number), "")
	return redirect(w, r, route.DeskCoverageTo(cmd.Ref.Slug, cmd.Ref.Number))
}

func sectionIDs(d arrangement.Draft) []string {
	ids := make([]string, len(d.Sections))
	for i, section := range d.Sections {
		ids[i] = strconv.FormatInt(int64(section.ID), 10)
	}
	return ids
}

// answerWords writes an answer as text, to compare two of them.
func answerWords(a arrangement.Answer, headings []string) string {
	if !a.Covered() {
		return or(a.Reason, "Nothing is said yet.")
	}
	var lines []string
	for _, n := range a.Sections {
		lines = append(lines, fmt.Sprintf("Section %d: %s", n, headings[n-1]))
	}
	return strings.Join(lines, "\n")
}

// showRequirement draws the form of an answer, with the revision of the answer that the editor has seen.
func (s *Server) showRequirement(w http.ResponseWriter, r *http.Request, f *form.Form, c arrangement.DraftCoverage, a arrangement.Answer, clash *ui.Conflict, status int) error {
	ref := c.Draft.Ref
	p := page.DeskRequirement{Ref: deskRef(c.Draft), Heading: fmt.Sprintf("Requirement %d of %s", a.Number, c.Draft.Guidance.Title), Errors: f.Errors(), Conflict: clash,
		Revision: a.Revision, Action: route.DeskRequirementTo(ref.Slug, ref.Number, a.Number), Cancel: route.DeskCoverageTo(ref.Slug, ref.Number),
		Facts: []ui.Row{{Key: "Asked for", Value: a.Wording}, {Key: "Must or should", Value: sentence(a.Kind)},
			{Key: "How sure", Value: or(doubts[a.Confidence], "Confirmed against the published guidance")}, {Key: "Source", Value: or(a.Source, "None on record")}}}
	p.Sections = ui.Checkboxes{Field: f.Field("sections", "Which sections cover it?", "Tick all that apply"), Small: true}
	for _, section := range c.Draft.Sections {
		p.Sections.Options = append(p.Sections.Options, ui.Option{Value: strconv.FormatInt(int64(section.ID), 10), Text: fmt.Sprintf("%d. %s", section.Number, section.Heading)})
	}
	if !a.Binding() {
		p.Reason = &ui.Textarea{Field: f.Field("reason", "Not covered, because …", "Only if no section covers it. The partners and the public read it"), Rows: 4, Max: 2000}
	}
	v := deskView(p.Ref, "Requirement "+strconv.Itoa(a.Number))
	v.content, v.hasErrors = p.Content(), p.Errors.Any() || clash != nil
	return s.show(w, r, status, v)
}

// signedCoverage is the coverage of a round's frozen text; nil where the text has none and is asked for none.
func (s *Server) signedCoverage(r *http.Request, read signoff.Round, content arrangement.Content) (*page.Coverage, error) {
	answers, err := s.Arrangements.SignedAnswers(r.Context(), content, read.OpenedAt)
	if err != nil || content.Document.Kind != arrangementsKind {
		return nil, err
	}
	place := func(n int) string { return "#" + sectionAnchor(n) }
	c := coverageOf(content.GuidanceEdition, true, answers, coverageTable(answers, headingsOf(content.Sections), place, nil))
	if len(answers) == 0 {
		c.Said = "No coverage is recorded with this text."
	}
	return &c, nil
}

func (s *Server) getArrangementCoverage(r *http.Request, today day.Date) (view, error) {
	d, v, err := s.versionOf(r)
	if err != nil {
		return view{}, err
	}
	content, answers, err := s.Library.Coverage(r.Context(), v)
	if err != nil {
		return view{}, err
	}
	path := route.ArrangementCoverageTo(v.Ref.Slug, v.Ref.Number)
	place := func(n int) string {
		return route.ArrangementVersionTo(v.Ref.Slug, v.Ref.Number) + "#" + route.SectionAnchor(n)
	}
	p := page.ArrangementCoverage{Title: v.Title, Name: versionName(v), Nav: versionNav(v, path), Notices: append(standingNotices(d, v, today), withoutLinks(marks(v))...),
		Coverage: coverageOf(v.Guidance, v.Asked, answers, coverageTable(answers, headingsOf(content.Sections), place, nil)), Files: page.Downloads{Path: path}}
	if v.Asked && len(answers) == 0 {
		p.Coverage.Said = "No coverage of " + v.Guidance + " is recorded with this version: when it was signed, no list was recorded for this edition."
	}
	return view{title: "Coverage of the guidance, " + v.Title + ", " + versionName(v), content: p.Content(), current: route.Arrangements, canonical: path}, nil
}

func (s *Server) arrangementCoverageTable(r *http.Request) (string, sheet.Table, error) {
	_, v, err := s.versionOf(r)
	if err != nil {
		return "", sheet.Table{}, err
	}
	content, answers, err := s.Library.Coverage(r.Context(), v)
	if err != nil {
		return "", sheet.Table{}, err
	}
	headings := headingsOf(content.Sections)
	t := sheet.Table{Title: "Coverage of the guidance", Header: []string{"Edition", "Requirement", "Must or should", "Wording", "How sure", "Source", "Covered", "Sections", "Not covered because"}}
	for _, a := range answers {
		covered, sections := "no", ""
		if a.Covered() {
			covered, sections = "yes", answerWords(a, headings)
		}
		t.Rows = append(t.Rows, []string{v.Guidance, strconv.Itoa(a.Number), a.Kind, a.Wording, or(doubts[a.Confidence], "Confirmed against the published guidance"), a.Source,
			covered, strings.ReplaceAll(sections, "\n", "; "), a.Reason})
	}
	return fmt.Sprintf("coverage-%s-%d", v.Ref.Slug, v.Ref.Number), t, nil
}
