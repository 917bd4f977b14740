package server

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/funding"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// lineColumns are those of a file of proposed lines, given out and read.
func lineColumns() []sheet.Column {
	return []sheet.Column{
		{Name: "line", Help: "The number of a line that is to be changed. Empty for a new one.", Example: "12"},
		{Name: "slug", Help: "The short name of the organisation in addresses. It or the name is needed.", Example: "kent-county-council"},
		{Name: "organisation", Help: "The name of the organisation, if the short name is left out.", Example: "Kent County Council"},
		{Name: "form", Required: true, Help: "cash or in kind.", Example: "cash"},
		{Name: "purpose", Required: true, Help: "One of: " + strings.Join(funding.Purposes(), ", ") + ".", Example: "general"},
		{Name: "total", Required: true, Help: "What the organisation gives in all, in pounds.", Example: "12500.00"},
		{Name: "split", Help: "How that total is divided, with our part marked.", Example: "Children's = 3 (ours); Adults' = 2"},
		{Name: "ours", Help: "Our part. It is given out only, and follows from the total and the split.", Example: "7500.00"},
		{Name: "valuation", Help: "How a contribution in kind was valued.", Example: "Hours at cost"},
		{Name: "estimated", Help: "yes, if the value in kind is estimated.", Example: "no"},
		{Name: "conditions", Help: "On what it depends.", Example: ""},
		{Name: "note", Help: "Anything else.", Example: ""},
		{Name: "decision", Help: "The number of the decision that authorised it.", Example: "19/00037"},
	}
}

// deskLinesTable gives out the proposed lines of a year with the columns that are read.
func (s *Server) deskLinesTable(r *http.Request) (string, sheet.Table, error) {
	plan, err := s.planOf(r)
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Template("Lines of "+plan.Year.Path(), lineColumns())
	t.Rows = nil
	for _, l := range plan.Proposal {
		t.Rows = append(t.Rows, []string{strconv.FormatInt(int64(l.ID), 10), l.Slug, l.Name, string(l.Form), l.Purpose, l.Total.Decimal(), funding.SplitText(l.Parts),
			l.Pence.Decimal(), l.Valuation, yesNo(l.IsEstimated), l.Conditions, l.Note, l.DecisionName})
	}
	return tableName("lines-"+plan.Year.Path(), s.today()), t, nil
}

func (s *Server) getDeskLinesImport(w http.ResponseWriter, r *http.Request) error {
	plan, refused, err := s.linesStand(w, r)
	if err != nil || refused {
		return err
	}
	return s.showLinesImport(w, r, plan, form.New(nil), nil)
}

func (s *Server) showLinesImport(w http.ResponseWriter, r *http.Request, plan funding.Plan, f *form.Form, problems []sheet.Problem) error {
	columns := ui.Table{Caption: "Columns of the file", RowHeaders: true, Columns: []ui.Column{{Text: "Column"}, {Text: "What it holds"}, {Text: "Example"}}}
	for _, c := range lineColumns() {
		columns.Rows = append(columns.Rows, []ui.Cell{{Text: c.Name}, {Text: c.Help}, {Text: c.Example}})
	}
	p := page.DeskForm{Heading: "Read lines from a spreadsheet", Errors: f.Errors(), Action: route.DeskFundingLinesImportTo(plan.Year.Path()), Button: ui.Button{Text: "Look at the file"}, Upload: true,
		Intro: []string{"The lines of the file come into the grid, where you look them through. Nothing is saved before you save the grid.",
			"A row with the number of a line changes that line. The other rows become new lines. Lines that the file leaves out stay."},
		Before: []templ.Component{page.Downloads{Path: route.DeskFundingLinesTo(plan.Year.Path())}.Content(), columns},
		Fields: []templ.Component{ui.FileUpload{Field: f.Field("file", "CSV or Excel file", fmt.Sprintf("%d rows at most", mostRows)), Accept: ".csv,.xlsx"}}}
	if len(problems) > 0 {
		p.Before = append([]templ.Component{problemTable(problems)}, p.Before...)
	}
	return s.showYearForm(w, r, plan.Year, p)
}

func (s *Server) postDeskLinesImport(w http.ResponseWriter, r *http.Request) error {
	plan, refused, err := s.linesStand(w, r)
	if err != nil || refused {
		return err
	}
	f, err := formOf(r)
	if err != nil {
		return err
	}
	_, data, err := uploadedSheet(r)
	if err != nil {
		if onForm(f, err) {
			return s.showLinesImport(w, r, plan, f, nil)
		}
		return err
	}
	file, problems, err := sheet.Read(data, lineColumns())
	if onForm(f, err) {
		return s.showLinesImport(w, r, plan, f, nil)
	}
	if err != nil {
		return err
	}
	if len(problems) == 0 && len(file.Rows)+len(plan.Proposal) > mostRows {
		f.Fail("file", fmt.Sprintf("A year can have %d lines at most in the grid", mostRows))
		return s.showLinesImport(w, r, plan, f, nil)
	}
	if len(problems) > 0 {
		f.Fail("file", "The file cannot be read. What is wrong stands below, row by row")
		return s.showLinesImport(w, r, plan, f, problems)
	}
	return s.showLinesOfFile(w, r, plan, file)
}

// showLinesOfFile puts the rows of a file into the grid as if they were typed, with what is wrong beside the cells.
func (s *Server) showLinesOfFile(w http.ResponseWriter, r *http.Request, plan funding.Plan, file sheet.Sheet) error {
	payers, err := s.payerOptions(r)
	if err != nil {
		return err
	}
	values, _ := gridValues(plan)
	at := map[string]int{}
	for i, l := range plan.Proposal {
		at[strconv.FormatInt(int64(l.ID), 10)] = i + 1
	}
	rows, changed := len(plan.Proposal), 0
	unknown := map[int]string{}
	for _, row := range file.Rows {
		n, known := at[strings.TrimSpace(row.Get("line"))]
		if !known {
			rows++
			n = rows
		} else {
			changed++
		}
		putFileRow(values, rowSuffix(n), row, payers)
		if values.Get("organisation"+rowSuffix(n)) == "" {
			unknown[n] = or(row.Get("organisation"), row.Get("slug"))
		}
	}
	f := form.New(values)
	if err := f.Only(gridFields(rows)...); err != nil {
		return err
	}
	sent := gridSent{f: f, rows: rows, cmd: funding.GridCommand{Year: plan.Year}}
	if err := s.readGrid(r, plan, &sent); err != nil {
		return err
	}
	for n, name := range unknown {
		f.Fail("organisation"+rowSuffix(n), fmt.Sprintf("Line %d: “%s” is no organisation on record. Choose one", n, name))
	}
	said := fmt.Sprintf("The file has %s and %s.", plural(rows-len(plan.Proposal), "new line", "new lines"), plural(changed, "line that is there already", "lines that are there already"))
	return s.showDeskGrid(w, r, plan, f, rows, gridSaid{file: said})
}

// putFileRow fills a row of the grid with a row of a file.
func putFileRow(values url.Values, suffix string, row sheet.Row, payers []ui.Option) {
	for _, name := range []string{"form", "purpose"} {
		values.Set(name+suffix, strings.ToLower(strings.TrimSpace(row.Get(name))))
	}
	for _, name := range []string{"total", "split", "valuation", "conditions", "note", "decision"} {
		values.Set(name+suffix, row.Get(name))
	}
	values.Del("estimated" + suffix)
	if strings.EqualFold(strings.TrimSpace(row.Get("estimated")), "yes") {
		values.Set("estimated"+suffix, "yes")
	}
	slug := ""
	for _, o := range payers {
		if o.Value != "" && (o.Value == row.Get("slug") || (row.Get("slug") == "" && strings.EqualFold(o.Text, strings.TrimSpace(row.Get("organisation"))))) {
			slug = o.Value
		}
	}
	values.Set("organisation"+suffix, slug)
}
