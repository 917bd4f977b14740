package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// deskLinePages are those on which the lines of a proposed year are entered.
func (s *Server) deskLinePages(in innerRoutes) {
	read, plan := can(authz.ReadFunding), can(authz.RecordFunding)
	in.table(route.DeskFundingLines, read, s.deskLinesTable)
	in.get(route.DeskFundingLines, plan, s.getDeskGrid)
	in.post(route.DeskFundingLines, plan, sectionForm, s.postDeskGrid)
	in.get(route.DeskFundingLinesImport, plan, s.getDeskLinesImport)
	in.post(route.DeskFundingLinesImport, plan, sheetForm, s.postDeskLinesImport)
	in.get(route.DeskFundingLineNew, plan, s.getDeskLine)
	in.post(route.DeskFundingLineNew, plan, smallForm, s.postDeskLine)
	in.get(route.DeskFundingLine, plan, s.getDeskLine)
	in.post(route.DeskFundingLine, plan, smallForm, s.postDeskLine)
	in.get(route.DeskFundingLineRemove, plan, s.getDeskLineRemove)
	in.post(route.DeskFundingLineRemove, plan, smallForm, s.postDeskLineRemove)
}

const (
	moreRows = 3
	mostRows = 200
)

func rowSuffix(n int) string { return "-" + strconv.Itoa(n) }

// gridValues are the rows of a year as stored, and empty ones below.
func gridValues(plan funding.Plan) (url.Values, int) {
	values := url.Values{}
	for i, l := range plan.Proposal {
		putRow(values, i+1, l)
	}
	return values, len(plan.Proposal) + moreRows
}

func putRow(values url.Values, n int, l funding.PlanLine) {
	suffix := rowSuffix(n)
	putLine(values, suffix, l)
	values.Set("line"+suffix, strconv.FormatInt(int64(l.ID), 10))
	values.Set("revision"+suffix, strconv.Itoa(l.Revision))
}

func (s *Server) getDeskGrid(w http.ResponseWriter, r *http.Request) error {
	plan, refused, err := s.linesStand(w, r)
	if err != nil || refused {
		return err
	}
	values, rows := gridValues(plan)
	return s.showDeskGrid(w, r, plan, form.New(values), rows, gridSaid{})
}

// gridSaid is what a grid has to say before its rows.
type gridSaid struct {
	notice string // why it was not saved
	before []templ.Component
	file   string // what a file would do, where the rows come from one
}

func (s *Server) showDeskGrid(w http.ResponseWriter, r *http.Request, plan funding.Plan, f *form.Form, rows int, said gridSaid) error {
	payers, err := s.payerOptions(r)
	if err != nil {
		return err
	}
	stored := map[string]funding.PlanLine{}
	for _, l := range plan.Proposal {
		stored[strconv.FormatInt(int64(l.ID), 10)] = l
	}
	at := plan.Year.Path()
	p := page.DeskGrid{Year: plan.Year.String(), Path: at, Errors: f.Errors(), Notice: said.notice, Before: said.before, File: said.file, Cash: plan.Cash.Words(),
		InKind: plan.InKind.Words() + estimatedMark(plan.Estimated), SplitHint: splitHint, CanAdd: rows+moreRows <= mostRows}
	for n := 1; n <= rows; n++ {
		p.Rows = append(p.Rows, gridRow(f, n, stored, payers, at))
	}
	v := yearView(plan.Year, "Lines", p.Content())
	v.hasErrors = p.Errors.Any()
	if said.notice != "" {
		return s.show(w, r, statuses[fault.Conflict], v)
	}
	return s.showForm(w, r, v)
}

func gridRow(f *form.Form, n int, stored map[string]funding.PlanLine, payers []ui.Option, at string) page.GridRow {
	suffix := rowSuffix(n)
	field := func(name, label string) form.Field {
		return f.Field(name+suffix, fmt.Sprintf("%s, line %d", label, n), "")
	}
	row := page.GridRow{Number: strconv.Itoa(n), Suffix: suffix, Line: f.Raw("line" + suffix), Revision: f.Raw("revision" + suffix),
		Organisation: ui.Select{Field: field("organisation", "Organisation"), Options: payers, HideLabel: true},
		Form:         ui.Select{Field: field("form", "Form"), Options: []ui.Option{{Value: string(funding.Cash), Text: "Cash"}, {Value: string(funding.InKind), Text: "In kind"}}, HideLabel: true},
		Purpose:      ui.Select{Field: field("purpose", "Purpose"), Options: purposeOptions(), HideLabel: true},
		Total:        ui.Input{Field: field("total", "Payer’s total in pounds"), Width: "10", InputMode: "decimal", NoSpellcheck: true, HideLabel: true},
		Split:        ui.Input{Field: field("split", "Split"), Width: "20", NoSpellcheck: true, HideLabel: true},
		Valuation:    ui.Input{Field: field("valuation", "Valuation"), Width: "20", HideLabel: true},
		Estimated:    field("estimated", "Estimated"),
		Conditions:   ui.Input{Field: field("conditions", "Conditions"), Width: "20", HideLabel: true},
		Note:         ui.Input{Field: field("note", "Note"), Width: "20", HideLabel: true},
		Decision:     ui.Input{Field: field("decision", "Decision"), Width: "10", NoSpellcheck: true, HideLabel: true},
		Remove:       field("remove", "Take out"),
	}
	if l, ok := stored[row.Line]; ok {
		row.Ours, row.Path = l.Pence.Words(), route.DeskFundingLineTo(at, l.ID)
	}
	return row
}

// gridSent is a grid as it was sent.
type gridSent struct {
	f      *form.Form
	values url.Values
	rows   int
	wanted []int // for each row of the command its number in the grid
	cmd    funding.GridCommand
}

func gridFields(rows int) []string {
	names := []string{"rows", "do"}
	for n := 1; n <= rows; n++ {
		names = append(names, "line"+rowSuffix(n), "revision"+rowSuffix(n))
		names = append(names, lineFieldNames(rowSuffix(n))...)
		names = append(names, "remove"+rowSuffix(n))
	}
	return names
}

func (s *Server) postDeskGrid(w http.ResponseWriter, r *http.Request) error {
	plan, refused, err := s.linesStand(w, r)
	if err != nil || refused {
		return err
	}
	rows, err := strconv.Atoi(r.PostForm.Get("rows"))
	if err != nil || rows < 1 || rows > mostRows {
		return errBadForm
	}
	f, err := formOf(r, gridFields(rows)...)
	if err != nil {
		return err
	}
	if f.Raw("do") == "more" {
		return s.showDeskGrid(w, r, plan, f, min(rows+moreRows, mostRows), gridSaid{})
	}
	sent := gridSent{f: f, values: r.PostForm, rows: rows, cmd: funding.GridCommand{Year: plan.Year}}
	if err := s.readGrid(r, plan, &sent); err != nil {
		return err
	}
	if f.Errors().Any() {
		return s.showDeskGrid(w, r, plan, f, rows, gridSaid{})
	}
	err = s.Years.SaveGrid(r.Context(), actorOf(r), sent.cmd)
	if wrong, ok := errors.AsType[*funding.GridFault](err); ok {
		return s.gridRefused(w, r, sent, wrong)
	}
	if err != nil {
		return s.refuse(w, r, err, wayToYear(plan.Year))
	}
	s.tell(r, "Lines saved", "The lines of "+plan.Year.String()+" are as you entered them.")
	return redirect(w, r, route.DeskFundingYearTo(plan.Year.Path()))
}

// readGrid reads every row in which something stands.
func (s *Server) readGrid(r *http.Request, plan funding.Plan, sent *gridSent) error {
	stored := map[id.FundingLine]funding.PlanLine{}
	for _, l := range plan.Proposal {
		stored[l.ID] = l
	}
	var readers []lineReader
	for n := 1; n <= sent.rows; n++ {
		reader := lineReader{f: sent.f, suffix: rowSuffix(n), place: fmt.Sprintf("Line %d: ", n)}
		row := funding.GridRow{Remove: sent.f.Checked("remove" + reader.suffix)}
		which, _ := strconv.ParseInt(reader.raw("line"), 10, 64) // a new line has none
		row.ID = id.FundingLine(which)
		row.Revision, _ = strconv.Atoi(reader.raw("revision"))
		switch {
		case row.ID == 0 && (row.Remove || reader.isEmpty()):
			continue
		case !row.Remove:
			cmd := reader.read()
			cmd.ID, cmd.Revision = row.ID, row.Revision
			row.LineCommand = cmd
			readers = append(readers, reader)
		}
		sent.cmd.Rows, sent.wanted = append(sent.cmd.Rows, row), append(sent.wanted, n)
	}
	named, err := s.decisionsNamed(r, typedDecisions(readers...))
	if err != nil {
		return err
	}
	for i, n := range sent.wanted {
		if row := &sent.cmd.Rows[i]; !row.Remove {
			lineReader{f: sent.f, suffix: rowSuffix(n), place: fmt.Sprintf("Line %d: ", n)}.decide(&row.LineCommand, stored[row.ID], named)
		}
	}
	return nil
}

// isEmpty tells whether nothing was entered into a row.
func (l lineReader) isEmpty() bool {
	for _, n := range lineFields {
		if n.name != "form" && l.raw(n.name) != "" {
			return false
		}
	}
	return true
}

// gridRefused shows the grid with what is wrong beside the cells. Where somebody else was faster it sets what is stored
// beside what was typed; the grid then holds what was typed, and saving it again takes that.
func (s *Server) gridRefused(w http.ResponseWriter, r *http.Request, sent gridSent, wrong *funding.GridFault) error {
	plan, err := s.planOf(r)
	if err != nil {
		return err
	}
	stored := map[id.FundingLine]funding.PlanLine{}
	for _, l := range plan.Proposal {
		stored[l.ID] = l
	}
	var said gridSaid
	differs := ui.Table{Caption: "What differs", RowHeaders: true, Columns: []ui.Column{{Text: "Line"}, {Text: "Stored now"}, {Text: "What you typed"}}}
	values := cloneValues(sent.values)
	for _, x := range wrong.Rows {
		if x.Fault.Kind != fault.Conflict && x.Fault.Kind != fault.NotFound {
			continue
		}
		n := sent.wanted[x.Row]
		said.notice = fault.Message(x.Fault)
		l, there := stored[sent.cmd.Rows[x.Row].ID]
		differs.Rows = append(differs.Rows, differing(values, n, l, there)...)
		if there {
			values.Set("revision"+rowSuffix(n), strconv.Itoa(l.Revision))
		} else {
			values.Del("line" + rowSuffix(n))
		}
	}
	f := form.New(values)
	if err := f.Only(gridFields(sent.rows)...); err != nil {
		return err
	}
	for _, x := range wrong.Rows {
		n := sent.wanted[x.Row]
		(lineReader{f: f, suffix: rowSuffix(n), place: fmt.Sprintf("Line %d: ", n)}).onLine(x.Fault)
	}
	if len(differs.Rows) > 0 {
		said.before = []templ.Component{differs}
	}
	return s.showDeskGrid(w, r, plan, f, sent.rows, said)
}

func cloneValues(v url.Values) url.Values {
	c := url.Values{}
	for name, list := range v {
		c[name] = append([]string(nil), list...)
	}
	return c
}

// differing sets the cells of a row beside what is stored now, where they differ.
func differing(values url.Values, n int, l funding.PlanLine, there bool) [][]ui.Cell {
	place := fmt.Sprintf("Line %d", n)
	if !there {
		return [][]ui.Cell{{{Text: place}, {Text: "Taken out meanwhile"}, {Text: "Saving puts it in again as a new line"}}}
	}
	stored := url.Values{}
	putLine(stored, "", l)
	rows := [][]ui.Cell{}
	for _, x := range lineFields {
		if now, mine := stored.Get(x.name), values.Get(x.name+rowSuffix(n)); now != mine {
			rows = append(rows, []ui.Cell{{Text: place + ", " + x.label}, {Content: typed(now, "Nothing")}, {Content: typed(mine, "Nothing")}})
		}
	}
	return rows
}
