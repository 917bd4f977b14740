package server

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

const (
	sheetForm     = sheet.MaxFile + smallForm
	importsShown  = 20
	importedRows  = 500 // of a file, on its page
	obstaclesTold = 20
)

// importPages are those of business support about spreadsheets that fill the registers.
func (s *Server) importPages(in innerRoutes) {
	who := can(authz.EditMembership)
	in.get(route.DeskImport, who, s.getDeskImport)
	in.post(route.DeskImport, who, sheetForm, s.postDeskImport)
	in.table(route.DeskImportTemplate, who, s.importTemplate)
	in.table(route.DeskImportRegister, who, s.importRegister)
	in.get(route.DeskImportRun, who, s.getDeskImportRun)
	in.post(route.DeskImportApply, who, smallForm, s.postDeskImportApply)
	in.get(route.DeskImportUndo, who, s.getDeskImportUndo)
	in.post(route.DeskImportUndo, who, smallForm, s.postDeskImportUndo)
}

// registerNames says in words what a file lists.
var registerNames = map[membership.Register]string{
	membership.RegisterAgencies: "relevant agencies", membership.RegisterContributions: "contributions", membership.RegisterOrganisations: "organisations",
}

// registers are what the form lets choose from.
func registers() []string {
	var names []string
	for _, of := range membership.Registers() {
		names = append(names, string(of))
	}
	return names
}

func (s *Server) getDeskImport(w http.ResponseWriter, r *http.Request) error {
	return s.showDeskImport(w, r, form.New(nil), membership.ImportPreview{})
}

func (s *Server) postDeskImport(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, "register")
	if err != nil {
		return err
	}
	cmd := membership.ImportCommand{Register: membership.Register(f.Choice("register", "Choose what the file lists",
		registers()...))}
	if cmd.FileName, cmd.Data, err = uploadedSheet(r); err != nil && !onForm(f, err) {
		return err
	}
	if f.Errors().Any() {
		return s.showDeskImport(w, r, f, membership.ImportPreview{})
	}
	p, err := s.Members.PreviewImport(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showDeskImport(w, r, f, p)
	}
	if err != nil {
		return err
	}
	if len(p.Problems) > 0 {
		f.Fail("file", "The file cannot be imported. What is wrong stands below, row by row")
		return s.showDeskImport(w, r, f, p)
	}
	return redirect(w, r, route.DeskImportTo(p.ID))
}

// uploadedSheet reads the file of the form. Fault: Invalid, where there is none or it is too large.
func uploadedSheet(r *http.Request) (name string, data []byte, err error) {
	sent, header, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return "", nil, fault.Field("file", "Choose a CSV or .xlsx file")
	}
	if err != nil {
		return "", nil, errBadForm.Because(err)
	}
	defer func() { _ = sent.Close() }() // only read
	if header.Size > sheet.MaxFile {
		return "", nil, sheet.ErrTooLarge
	}
	data, err = io.ReadAll(io.LimitReader(sent, sheet.MaxFile+1))
	if err != nil {
		return "", nil, errBadForm.Because(err)
	}
	return header.Filename, data, nil
}

func (s *Server) showDeskImport(w http.ResponseWriter, r *http.Request, f *form.Form, sent membership.ImportPreview) error {
	before, err := queryID[id.Import](r, "before")
	if err != nil {
		return err
	}
	past, err := s.Members.Imports(r.Context(), actorOf(r), before, importsShown+1)
	if err != nil {
		return err
	}
	p := page.DeskImport{
		Errors: f.Errors(), Notices: sent.Notices, Problems: problemTable(sent.Problems),
		Register: ui.Radios{Field: f.Field("register", "What does the file list?", ""), Options: []ui.Option{
			{Value: string(membership.RegisterAgencies), Text: "Relevant agencies", Hint: "Organisations that are not there yet are added too."},
			{Value: string(membership.RegisterContributions), Text: "Contributions", Hint: "Lines are only added. What is wrong is corrected one by one."},
			{Value: string(membership.RegisterOrganisations), Text: "Organisations"},
		}},
		File: ui.FileUpload{Field: f.Field("file", "CSV or Excel file", "20 MB and "+strconv.Itoa(sheet.MaxRows/1000)+",000 rows at most"), Accept: ".csv,.xlsx"},
	}
	if len(past) > importsShown {
		past = past[:importsShown]
		p.Next = route.DeskImportBefore(past[importsShown-1].ID)
	}
	p.Past = pastImports(past)
	for _, of := range membership.Registers() {
		p.Registers = append(p.Registers, page.DeskImportRegister{Name: registerNames[of], Columns: columnTable(of),
			Template: route.DeskImportTemplateTo(string(of)), Whole: route.DeskImportRegisterTo(string(of))})
	}
	return s.showForm(w, r, view{title: "Import from a spreadsheet", current: route.DeskOrganisations, content: withFiles(p.Content(), route.DeskImport, ""), hasErrors: p.Errors.Any(),
		breadcrumbs: importCrumbs("Import")})
}

func importCrumbs(here string, between ...ui.Link) []ui.Link {
	crumbs := append([]ui.Link{{Text: "Home", Path: route.Home}, {Text: "Organisations", Path: route.DeskOrganisations}}, between...)
	return append(crumbs, ui.Link{Text: here})
}

// queryID reads an identifier from the query: none if it is not there. What is none is not found.
func queryID[T ~int64](r *http.Request, name string) (T, error) {
	asked := r.URL.Query()
	if !asked.Has(name) {
		return 0, nil
	}
	n, err := id.Parse[T](asked.Get(name))
	if err != nil {
		return 0, errNoPage.Because(err)
	}
	return n, nil
}

func problemTable(problems []sheet.Problem) ui.Table {
	t := ui.Table{Caption: "Rows that are wrong", HideCaption: true, RowHeaders: true, Columns: []ui.Column{{Text: "Row"}, {Text: "Column"}, {Text: "What is wrong"}}}
	for _, p := range problems {
		row := "All"
		if p.Row > 0 {
			row = strconv.Itoa(p.Row)
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: row}, {Text: p.Column}, {Text: p.Message}})
	}
	return t
}

func columnTable(of membership.Register) ui.Table {
	t := ui.Table{Caption: "Columns for " + registerNames[of], HideCaption: true, RowHeaders: true,
		Columns: []ui.Column{{Text: "Column"}, {Text: "What to write"}, {Text: "Example"}}}
	for _, c := range membership.ImportColumns(of) {
		help := c.Help
		if c.Required {
			help += " The file must have this column."
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: c.Name}, {Text: help}, {Text: c.Example}})
	}
	return t
}

func pastImports(list []membership.Import) ui.Table {
	t := ui.Table{Caption: "Past imports", HideCaption: true, RowHeaders: true, Empty: "Nothing has been imported yet.",
		Columns: []ui.Column{{Text: "File"}, {Text: "Into"}, {Text: "When and by whom"}, {Text: "Rows"}, {Text: "State"}}}
	for _, i := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Text: i.FileName, Path: route.DeskImportTo(i.ID)}, {Text: sentence(registerNames[i.Register])},
			{Text: day.Clock(i.PreviewedAt) + " by " + or(i.PreviewedBy, "the command")}, {Text: importCounts(i)}, {Content: importTag(i)}})
	}
	return t
}

func importCounts(i membership.Import) string {
	var words []string
	for _, c := range []struct {
		n    int
		what membership.ImportEffect
	}{{i.Added, membership.ImportAdds}, {i.Changed, membership.ImportChanges}, {i.Unchanged, membership.ImportUnchanged}} {
		if c.n > 0 {
			words = append(words, strconv.Itoa(c.n)+" "+string(c.what))
		}
	}
	return strings.Join(words, ", ")
}

func importTag(i membership.Import) ui.Tag {
	switch i.State() {
	case membership.ImportApplied:
		return ui.Tag{State: ui.Complete, Text: "Imported"}
	case membership.ImportUndone:
		return ui.Tag{State: ui.Withdrawn, Text: "Undone"}
	case membership.ImportPreviewed:
	}
	return ui.Tag{State: ui.Draft, Text: "Preview only"}
}

// importTemplate is the empty file of a register.
func (s *Server) importTemplate(r *http.Request) (string, sheet.Table, error) {
	of := chi.URLParam(r, "register")
	t, err := membership.RegisterTemplate(membership.Register(of))
	if err != nil {
		return "", t, errNoPage.Because(err)
	}
	return of + "-template", t, nil
}

// importRegister is a whole register with the columns of its import.
func (s *Server) importRegister(r *http.Request) (string, sheet.Table, error) {
	of := chi.URLParam(r, "register")
	if _, known := registerNames[membership.Register(of)]; !known {
		return "", sheet.Table{}, errNoPage
	}
	t, err := s.Members.RegisterTable(r.Context(), actorOf(r), membership.Register(of))
	return tableName(of, s.today()), t, err
}
