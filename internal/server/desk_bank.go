package server

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

const (
	bankLinesShown = 50
	bankRowsShown  = 500
)

// bankPages are those about the bank's statement.
func (s *Server) bankPages(in innerRoutes) {
	read, record := can(authz.ReadFundingYears), can(authz.RecordFunding)
	in.get(route.DeskBank, read, s.getDeskBank)
	in.table(route.DeskBank, read, s.deskBankTable)
	in.get(route.DeskBankUpload, record, s.getDeskBankUpload)
	in.post(route.DeskBankUpload, record, sheetForm, s.postDeskBankUpload)
	in.get(route.DeskBankFile, read, s.getDeskBankFile)
	in.post(route.DeskBankFile, record, smallForm, s.postDeskBankFile)
	in.post(route.DeskBankDiscard, record, smallForm, s.postDeskBankDiscard)
	in.get(route.DeskBankLine, read, s.getDeskBankLine)
	in.post(route.DeskBankMatch, record, smallForm, s.postDeskBankMatch)
	in.get(route.DeskBankReceive, record, s.getDeskBankReceive)
	in.post(route.DeskBankReceive, record, smallForm, s.postDeskBankReceive)
	in.get(route.DeskBankSpend, record, s.getDeskBankSpend)
	in.post(route.DeskBankSpend, record, smallForm, s.postDeskBankSpend)
	in.get(route.DeskBankSetAside, record, s.getDeskBankSetAside)
	in.post(route.DeskBankSetAside, record, smallForm, s.postDeskBankSetAside)
	in.get(route.DeskBankUndo, record, s.getDeskBankUndo)
	in.post(route.DeskBankUndo, record, smallForm, s.postDeskBankUndo)
}

// bankState is the state that the query asks for: lines that wait, unless it says otherwise.
func bankState(r *http.Request) funding.LineState {
	switch asked := r.URL.Query().Get("state"); funding.LineState(asked) {
	case funding.LineMatched, funding.LineSetAside:
		return funding.LineState(asked)
	default:
		if asked == "all" {
			return ""
		}
		return funding.LineUnmatched
	}
}

func (s *Server) getDeskBank(w http.ResponseWriter, r *http.Request) error {
	by, state := actorOf(r), bankState(r)
	after, err := queryID[id.BankLine](r, "after")
	if err != nil {
		return err
	}
	lines, more, err := s.Funding.BankLines(r.Context(), by, funding.BankFilter{State: state, After: after, Limit: bankLinesShown})
	if err != nil {
		return err
	}
	likely, err := s.Funding.Suggested(r.Context(), by, lines)
	if err != nil {
		return err
	}
	files, err := s.Funding.BankFiles(r.Context(), by)
	if err != nil {
		return err
	}
	f := form.New(r.URL.Query())
	t := bankTable(lines, likely, state)
	part := page.MoneyPart{Heading: "Lines of the statement", Table: &t, Files: page.Downloads{Path: route.DeskBank, Query: queryOf(r)},
		Content: page.BankSearch{State: ui.Select{Field: f.Field("state", "Lines", ""), Options: []ui.Option{{Value: string(funding.LineUnmatched), Text: "Not matched yet"},
			{Value: string(funding.LineMatched), Text: "Matched"}, {Value: string(funding.LineSetAside), Text: "Set aside"}, {Value: "all", Text: "All"}}}}.Content()}
	if more {
		part.Next = route.Asking(route.DeskBank, "state="+or(strings.ReplaceAll(string(state), " ", "+"), "all")+"&after="+strconv.FormatInt(int64(lines[len(lines)-1].ID), 10))
	}
	past := bankFileTable(files)
	p := page.DeskMoney{Heading: "Bank", Intro: []string{"What the bank’s statement says, line by line, and which lines of the ledger or of spending it is."},
		Parts: []page.MoneyPart{part, {Heading: "Files", Table: &past}}}
	if funding.CanRecord(by) {
		p.Buttons = []ui.Button{{Text: "Upload a bank export", Path: route.DeskBankUpload}}
	}
	return s.show(w, r, http.StatusOK, view{title: "Bank statement", current: route.DeskFunding, content: p.Content(), breadcrumbs: moneyCrumbs("Bank")})
}

func bankTable(lines []funding.BankLine, likely map[id.BankLine][]funding.Suggestion, state funding.LineState) ui.Table {
	empty := "No line of the statement is here."
	if state == funding.LineUnmatched {
		empty = "Every line of the statement is matched or set aside."
	}
	t := ui.Table{Caption: "Lines of the statement", HideCaption: true, RowHeaders: true, Empty: empty,
		Columns: []ui.Column{{Text: "Line"}, {Text: "Date"}, {Text: "Amount", Numeric: true}, {Text: "What it is"}}}
	for _, l := range lines {
		what := sentence(string(l.State))
		if s := likely[l.ID]; len(s) > 0 {
			what = "Likely " + suggestionWords(s[0])
		} else if l.State == funding.LineUnmatched {
			what = "Not matched yet"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: or(l.Said(), "No text"), Path: route.DeskBankLineTo(l.ID)}, {Text: l.DatedOn.Long()}, {Text: l.Pence.String()}, {Text: what}})
	}
	return t
}

func suggestionWords(x funding.Suggestion) string {
	words := x.What + " of " + x.Pence.String() + ", " + x.Who + ", for " + x.Year.String()
	if !x.IsRecorded() {
		words = "money of " + x.Who + " for " + x.Year.String() + ", which owes " + x.Pence.String()
	}
	if x.Reference != "" {
		words += ", reference " + x.Reference
	}
	return words
}

func bankFileTable(files []funding.BankFile) ui.Table {
	t := ui.Table{Caption: "Bank files", HideCaption: true, RowHeaders: true, Empty: "No bank export has been uploaded yet.", Columns: []ui.Column{{Text: "File"}, {Text: "Uploaded"}, {Text: "Lines", Numeric: true}, {Text: "State"}}}
	for _, f := range files {
		state := "Imported"
		if f.Waits() {
			state = "Preview only"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: f.Name, Path: route.DeskBankFileTo(f.ID)}, {Text: day.Clock(f.UploadedAt) + " by " + or(f.UploadedBy, "the portal")}, {Text: strconv.Itoa(f.Lines)}, {Text: state}})
	}
	return t
}

func (s *Server) deskBankTable(r *http.Request) (string, sheet.Table, error) {
	lines, _, err := s.Funding.BankLines(r.Context(), actorOf(r), funding.BankFilter{State: bankState(r)})
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Title: "Statement", Header: []string{"Date", "Description", "Reference", "Amount", "State", "Page"}}
	for _, l := range lines {
		t.Rows = append(t.Rows, []string{l.DatedOn.String(), l.Description, l.Reference, l.Pence.Decimal(), string(l.State), s.whole(route.DeskBankLineTo(l.ID))})
	}
	return tableName("statement", s.today()), t, nil
}

func (s *Server) getDeskBankUpload(w http.ResponseWriter, r *http.Request) error {
	return s.showBankUpload(w, r, form.New(nil), funding.BankPreview{})
}

func (s *Server) showBankUpload(w http.ResponseWriter, r *http.Request, f *form.Form, sent funding.BankPreview) error {
	columns := ui.Table{Caption: "Columns of a bank export", RowHeaders: true, Columns: []ui.Column{{Text: "Column"}, {Text: "What it holds"}, {Text: "Other names that are known"}}}
	for _, c := range funding.BankColumns() {
		columns.Rows = append(columns.Rows, []ui.Cell{{Text: c.Name}, {Text: c.Help}, {Text: strings.Join(c.Also, ", ")}})
	}
	p := page.DeskForm{Caption: "Bank", Heading: "Upload a bank export", Errors: f.Errors(), Action: route.DeskBankUpload, Cancel: route.DeskBank, Button: ui.Button{Text: "Look at it"}, Upload: true,
		Intro:  []string{"You see what the file would add before anything is done. Lines that came in before do not come in again."},
		Fields: []templ.Component{ui.FileUpload{Field: f.Field("file", "CSV or Excel file", "As the bank gives it out, 20 MB at most"), Accept: ".csv,.xlsx"}}}
	if len(sent.Problems) > 0 {
		p.Before = []templ.Component{problemTable(sent.Problems)}
	}
	content := templ.Join(p.Content(), columns)
	return s.showForm(w, r, view{title: p.Heading, current: route.DeskFunding, content: content, hasErrors: p.Errors.Any(), back: &ui.Link{Text: "Bank", Path: route.DeskBank}})
}

func (s *Server) postDeskBankUpload(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r)
	if err != nil {
		return err
	}
	var cmd funding.BankUpload
	if cmd.FileName, cmd.Data, err = uploadedSheet(r); err != nil && !onForm(f, err) {
		return err
	}
	if f.Errors().Any() {
		return s.showBankUpload(w, r, f, funding.BankPreview{})
	}
	p, err := s.Funding.UploadBankFile(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showBankUpload(w, r, f, p)
	}
	if err != nil {
		return err
	}
	if len(p.Problems) > 0 {
		f.Fail("file", "The file cannot be imported. What is wrong stands below, row by row")
		return s.showBankUpload(w, r, f, p)
	}
	return redirect(w, r, route.DeskBankFileTo(p.ID))
}

func (s *Server) getDeskBankFile(w http.ResponseWriter, r *http.Request) error {
	which, err := pathID[id.BankFile](r, "id")
	if err != nil {
		return err
	}
	by := actorOf(r)
	f, err := s.Funding.BankFile(r.Context(), by, which)
	if err != nil {
		return err
	}
	p := page.DeskMoney{Caption: "Bank export", Heading: f.Name, Rows: []ui.Row{{Key: "Uploaded", Content: ui.TimeAt(f.UploadedAt)}, {Key: "Uploaded by", Value: or(f.UploadedBy, "The portal")}}}
	switch {
	case f.DiscardedAt != nil:
		p.Intro = []string{"This file was discarded. Nothing of it was imported."}
	case f.ImportedAt != nil:
		lines, more, err := s.Funding.BankLines(r.Context(), by, funding.BankFilter{File: which, Limit: bankRowsShown})
		if err != nil {
			return err
		}
		t := bankTable(lines, nil, "")
		p.Rows = append(p.Rows, ui.Row{Key: "Imported", Content: ui.TimeAt(*f.ImportedAt)}, ui.Row{Key: "Lines", Value: strconv.Itoa(f.Lines)})
		p.Parts = []page.MoneyPart{{Heading: "Lines", Table: &t}}
		if more {
			p.Parts[0].Text = []string{"The first 500 are shown."}
		}
	default:
		p.Intro = append([]string{"Nothing is imported yet."}, f.Notices...)
		t := previewTable(f.Rows)
		p.Parts = []page.MoneyPart{{Heading: "What it would add", Table: &t}}
		p.Rows = append(p.Rows, ui.Row{Key: "New lines", Value: strconv.Itoa(f.New)}, ui.Row{Key: "Known already", Value: strconv.Itoa(len(f.Rows) - f.New)})
		if funding.CanRecord(by) {
			p.Parts = append([]page.MoneyPart{{Content: templ.Join(page.MoneyForm{Action: route.DeskBankFileTo(which), Buttons: []ui.Button{{Text: "Import the new lines"}}}.Content(),
				page.MoneyForm{Action: route.DeskBankDiscardTo(which), Buttons: []ui.Button{{Text: "Discard the file", Kind: ui.Secondary}}}.Content())}}, p.Parts...)
		}
	}
	return s.show(w, r, http.StatusOK, view{title: f.Name, current: route.DeskFunding, content: p.Content(), breadcrumbs: moneyCrumbs(f.Name, ui.Link{Text: "Bank", Path: route.DeskBank})})
}

func previewTable(rows []funding.BankRow) ui.Table {
	t := ui.Table{Caption: "Lines of the file", HideCaption: true, RowHeaders: true, Columns: []ui.Column{{Text: "Row"}, {Text: "Date"}, {Text: "Text"}, {Text: "Amount", Numeric: true}, {Text: "Effect"}}}
	for _, x := range rows[:min(len(rows), bankRowsShown)] {
		effect := "Adds"
		if x.Known {
			effect = "Known already"
		}
		l := funding.BankLine{Description: x.Description, Reference: x.Reference}
		t.Rows = append(t.Rows, []ui.Cell{{Text: strconv.Itoa(x.Line)}, {Text: x.DatedOn.Long()}, {Text: l.Said()}, {Text: x.Pence.String()}, {Text: effect}})
	}
	return t
}

func (s *Server) postDeskBankFile(w http.ResponseWriter, r *http.Request) error {
	which, err := pathID[id.BankFile](r, "id")
	if err != nil {
		return err
	}
	if _, err := formOf(r); err != nil {
		return err
	}
	if err := s.Funding.ImportBankFile(r.Context(), actorOf(r), which); err != nil {
		return s.refuse(w, r, err, ui.Link{Text: "See the bank’s statement", Path: route.DeskBank})
	}
	s.tell(r, "Lines imported", "Match each of them with the ledger or with spending, or set it aside.")
	return redirect(w, r, route.DeskBank)
}

func (s *Server) postDeskBankDiscard(w http.ResponseWriter, r *http.Request) error {
	which, err := pathID[id.BankFile](r, "id")
	if err != nil {
		return err
	}
	if _, err := formOf(r); err != nil {
		return err
	}
	if err := s.Funding.DiscardBankFile(r.Context(), actorOf(r), which); err != nil {
		return s.refuse(w, r, err, ui.Link{Text: "See the bank’s statement", Path: route.DeskBank})
	}
	s.tell(r, "File discarded", "Nothing of it was imported.")
	return redirect(w, r, route.DeskBank)
}
