package server

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

const recordsForm = decision.MaxImportFile + smallForm

// decisionImportPages are those of business support about files that fill the decisions register.
func (s *Server) decisionImportPages(in innerRoutes) {
	who := can(authz.PublishDecision)
	in.get(route.DeskImportDecisions, who, s.getDeskImportDecisions)
	in.post(route.DeskImportDecisions, who, recordsForm, s.postDeskImportDecisions)
	in.table(route.DeskImportDecisionsTemplate, who, s.decisionTemplate)
	in.get(route.DeskImportDecisionsRun, who, s.getDeskImportDecisionsRun)
	in.post(route.DeskImportDecisionsApply, who, smallForm, s.postDeskImportDecisionsApply)
	in.get(route.DeskImportDecisionsUndo, who, s.getDeskImportDecisionsUndo)
	in.post(route.DeskImportDecisionsUndo, who, smallForm, s.postDeskImportDecisionsUndo)
}

// decisionTemplate is an empty spreadsheet with the columns of records.
func (s *Server) decisionTemplate(*http.Request) (string, sheet.Table, error) {
	return "decisions-template", sheet.Template("Records of decision", decision.ImportColumns()), nil
}

func (s *Server) getDeskImportDecisions(w http.ResponseWriter, r *http.Request) error {
	return s.showDeskImportDecisions(w, r, form.New(nil), decision.ImportPreview{})
}

func (s *Server) postDeskImportDecisions(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, "body")
	if err != nil {
		return err
	}
	up := decision.ImportFiles{Body: f.Line("body", "Whose records they are")}
	if up.Files, err = uploadedRecords(r); err != nil && !onForm(f, err) {
		return err
	}
	if f.Errors().Any() {
		return s.showDeskImportDecisions(w, r, f, decision.ImportPreview{})
	}
	p, err := s.Decisions.PreviewFiles(r.Context(), actorOf(r), up)
	if onForm(f, err) {
		return s.showDeskImportDecisions(w, r, f, p)
	}
	if err != nil {
		return err
	}
	if len(p.Problems) > 0 {
		f.Fail("file", "The files cannot be imported. What is wrong stands below, record by record")
		return s.showDeskImportDecisions(w, r, f, p)
	}
	return redirect(w, r, route.DeskImportDecisionsTo(p.ID))
}

// uploadedRecords reads the files of the form. Fault: Invalid, where there is none or they are too large.
func uploadedRecords(r *http.Request) ([]decision.Upload, error) {
	if r.MultipartForm == nil {
		return nil, fault.Field("file", "Choose a file")
	}
	var list []decision.Upload
	for _, header := range r.MultipartForm.File["file"] {
		sent, err := header.Open()
		if err != nil {
			return nil, errBadForm.Because(err)
		}
		data, err := io.ReadAll(io.LimitReader(sent, decision.MaxImportFile+1))
		if err = errors.Join(err, sent.Close()); err != nil {
			return nil, errBadForm.Because(err)
		}
		list = append(list, decision.Upload{Name: header.Filename, Data: data})
	}
	return list, nil
}

func (s *Server) showDeskImportDecisions(w http.ResponseWriter, r *http.Request, f *form.Form, sent decision.ImportPreview) error {
	before, err := queryID[id.DecisionImport](r, "before")
	if err != nil {
		return err
	}
	past, err := s.Decisions.ImportRuns(r.Context(), actorOf(r), before, importsShown+1)
	if err != nil {
		return err
	}
	bodies, err := s.recordBodies(r)
	if err != nil {
		return err
	}
	p := page.DeskImportDecisions{
		Errors: f.Errors(), Notices: sent.Notices, Problems: recordProblems(sent.Problems), Columns: recordColumns(),
		Body: ui.Select{Field: f.Field("body", "Whose records are they?", "For records that do not name their body, as saved pages don’t"),
			Empty: "The files name it", Options: bodies},
		File: ui.FileUpload{Field: f.Field("file", "CSV, Excel, JSON or saved pages",
			"Up to "+strconv.Itoa(decision.MaxImportFiles)+" files with 20 MB and "+thousands(decision.MaxImported)+" records together"),
			Accept: ".csv,.xlsx,.json,.html,.htm,.aspx", Multiple: true},
	}
	if len(past) > importsShown {
		past = past[:importsShown]
		p.Next = route.DeskImportDecisionsBefore(past[importsShown-1].ID)
	}
	p.Past = pastRecordImports(past)
	return s.showForm(w, r, view{title: "Import records of decision", current: route.DeskOrganisations, content: p.Content(), hasErrors: p.Errors.Any(),
		breadcrumbs: importCrumbs("Records of decision", ui.Link{Text: "Import", Path: route.DeskImport})})
}

// recordBodies are the bodies that records are imported for: the partnership, its partners, and who has records already.
func (s *Server) recordBodies(r *http.Request) ([]ui.Option, error) {
	facets, err := s.Decisions.Facets(r.Context(), actorOf(r))
	if err != nil {
		return nil, err
	}
	all, err := s.Members.Organisations(r.Context(), actorOf(r), membership.OrganisationFilter{})
	if err != nil {
		return nil, err
	}
	options := []ui.Option{{Value: decision.PartnershipSlug, Text: "The partnership itself"}}
	known := map[string]bool{decision.PartnershipSlug: true}
	for _, b := range all {
		if b.StatutoryKind != "" {
			known[b.Slug] = true
			options = append(options, ui.Option{Value: b.Slug, Text: or(b.Name, "The partnership")})
		}
	}
	for _, b := range facets.Bodies {
		if !known[b.Slug] {
			options = append(options, ui.Option{Value: b.Slug, Text: or(b.Name, "The partnership")})
		}
	}
	return options, nil
}

func recordProblems(problems []decision.ImportProblem) ui.Table {
	t := ui.Table{Caption: "Records that are wrong", HideCaption: true, RowHeaders: true, Columns: []ui.Column{{Text: "Where"}, {Text: "Column"}, {Text: "What is wrong"}}}
	for _, p := range problems[:min(len(problems), importedRows)] {
		t.Rows = append(t.Rows, []ui.Cell{{Text: or(p.Place, "All")}, {Text: p.Column}, {Text: p.Message}})
	}
	return t
}

func recordColumns() ui.Table {
	t := ui.Table{Caption: "Columns for records of decision", HideCaption: true, RowHeaders: true,
		Columns: []ui.Column{{Text: "Column"}, {Text: "What to write"}, {Text: "Example"}}}
	for _, c := range decision.ImportColumns() {
		t.Rows = append(t.Rows, []ui.Cell{{Text: c.Name}, {Text: c.Help}, {Text: c.Example}})
	}
	return t
}

func pastRecordImports(list []decision.ImportRun) ui.Table {
	t := ui.Table{Caption: "Past imports of records", HideCaption: true, RowHeaders: true, Empty: "Nothing has been imported yet.",
		Columns: []ui.Column{{Text: "Files"}, {Text: "When and by whom"}, {Text: "Records"}, {Text: "State"}}}
	for _, i := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Text: i.Name(), Path: route.DeskImportDecisionsTo(i.ID)},
			{Text: day.Clock(i.PreviewedAt) + " by " + or(i.PreviewedBy, "the command")}, {Text: recordCounts(i)}, {Content: recordImportTag(i)}})
	}
	return t
}

func recordCounts(i decision.ImportRun) string {
	var words []string
	for _, c := range []struct {
		n    int
		what decision.ImportEffect
	}{{i.Added, decision.ImportAdds}, {i.Changed, decision.ImportChanges}, {i.Unchanged, decision.ImportUnchanged}} {
		if c.n > 0 {
			words = append(words, strconv.Itoa(c.n)+" "+string(c.what))
		}
	}
	return strings.Join(words, ", ")
}

func recordImportTag(i decision.ImportRun) ui.Tag {
	switch i.State() {
	case decision.ImportApplied:
		return ui.Tag{State: ui.Complete, Text: "Imported"}
	case decision.ImportUndone:
		return ui.Tag{State: ui.Withdrawn, Text: "Undone"}
	case decision.ImportPreviewed:
	}
	return ui.Tag{State: ui.Draft, Text: "Preview only"}
}
