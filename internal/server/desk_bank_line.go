package server

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// lineOf reads the line of the statement that the address names.
func (s *Server) lineOf(r *http.Request) (funding.LineDetail, error) {
	which, err := pathID[id.BankLine](r, "id")
	if err != nil {
		return funding.LineDetail{}, err
	}
	return s.Funding.BankLine(r.Context(), actorOf(r), which)
}

func (s *Server) getDeskBankLine(w http.ResponseWriter, r *http.Request) error {
	return s.showBankLine(w, r, form.New(nil), "")
}

// showBankLine shows a line with what it is, or with what it could be. A notice says why an act was refused just now.
func (s *Server) showBankLine(w http.ResponseWriter, r *http.Request, f *form.Form, notice string) error {
	d, err := s.lineOf(r)
	if err != nil {
		return err
	}
	by := actorOf(r)
	p := page.DeskMoney{Caption: "Line of the bank’s statement", Heading: or(d.Said(), "A line without text"), Errors: f.Errors(), Notice: notice, Rows: lineRows(d)}
	switch {
	case d.Match != nil:
		p.Parts = append(p.Parts, matchPart(*d.Match))
		if d.Match.CanUndo(by) {
			p.Buttons = []ui.Button{{Text: "Undo this", Path: route.DeskBankLineAct(d.ID, "undo"), Kind: ui.Secondary}}
		} else if d.Match.YearClosed {
			p.Intro = []string{closedWords}
		}
	case funding.CanRecord(by):
		p.Buttons, p.Parts = openLineActs(d), openLineParts(d, f)
	default:
		p.Intro = []string{"Nobody has said yet what this line is."}
	}
	for _, m := range d.Undone {
		part := matchPart(m)
		part.Heading = "Earlier: " + strings.ToLower(part.Heading[:1]) + part.Heading[1:]
		part.Text = append(part.Text, "Undone by "+or(m.UndoneBy, "the portal")+": "+m.UndoneReason)
		p.Parts = append(p.Parts, part)
	}
	v := view{title: p.Heading, current: route.DeskFunding, content: p.Content(), hasErrors: p.Errors.Any(), breadcrumbs: moneyCrumbs("Line", ui.Link{Text: "Bank", Path: route.DeskBank})}
	if notice != "" {
		return s.show(w, r, statuses[fault.Conflict], v)
	}
	return s.showForm(w, r, v)
}

func lineRows(d funding.LineDetail) []ui.Row {
	way := "Came in"
	if d.Pence < 0 {
		way = "Went out"
	}
	return []ui.Row{{Key: way, Value: max(d.Pence, -d.Pence).String()}, {Key: "Date", Value: d.DatedOn.Long()}, {Key: "Text", Value: or(d.Description, "None")},
		{Key: "Reference", Value: or(d.Reference, "None")}, {Key: "File", Value: d.FileName}}
}

// matchPart shows what a line was found to be.
func matchPart(m funding.LineMatch) page.MoneyPart {
	who := "By " + or(m.MadeBy, "the portal")
	if m.SetAside != "" {
		return page.MoneyPart{Heading: "Set aside", Text: []string{"It is nothing of the fund: " + m.SetAside, who + "."}}
	}
	t := ui.Table{Caption: "What it is", HideCaption: true, RowHeaders: true, Columns: []ui.Column{{Text: "Line"}, {Text: "Year"}, {Text: "Amount", Numeric: true}}}
	for _, x := range m.Parts {
		path := route.DeskLedgerEntryTo(x.Year.Path(), x.Entry)
		if x.Spend != 0 {
			path = route.DeskSpendTo(x.Year.Path(), x.Spend)
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: partName(x), Path: path}, {Text: x.Year.String()}, {Text: x.Pence.String()}})
	}
	return page.MoneyPart{Heading: "Matched", Text: []string{who + "."}, Table: &t}
}

func partName(x funding.MatchPart) string {
	name := sentence(x.What) + ", " + x.Who + ", " + x.DatedOn.Long()
	if x.Reference != "" {
		name += ", " + x.Reference
	}
	return name
}

// openLineActs are the ways to deal with a line that nobody dealt with.
func openLineActs(d funding.LineDetail) []ui.Button {
	receive, spend := "Record it as a receipt", "Record it as money back"
	if d.Pence < 0 {
		receive, spend = "Record it as a refund", "Record it as spending"
	}
	acts := []ui.Button{{Text: receive, Path: route.DeskBankLineAct(d.ID, "receive")}, {Text: spend, Path: route.DeskBankLineAct(d.ID, "spend")}}
	if d.Pence < 0 {
		acts[0], acts[1] = acts[1], acts[0]
	}
	acts[1].Kind = ui.Secondary
	return append(acts, ui.Button{Text: "Set it aside", Path: route.DeskBankLineAct(d.ID, "set-aside"), Kind: ui.Secondary})
}

func openLineParts(d funding.LineDetail, f *form.Form) []page.MoneyPart {
	var parts []page.MoneyPart
	match := route.DeskBankLineAct(d.ID, "match")
	if len(d.Suggestions) > 0 {
		var list page.SuggestedList
		for _, x := range d.Suggestions {
			item := page.Suggested{What: sentence(suggestionWords(x)), Why: "Because of " + strings.Join(x.Why, ", ") + ".", Action: match}
			if x.IsRecorded() {
				item.Part = partValue(x.MatchPart)
			} else {
				item.Receive = route.DeskBankReceiveAs(d.ID, x.Year.Path(), x.Slug, x.Reference)
			}
			list = append(list, item)
		}
		parts = append(parts, page.MoneyPart{Heading: "It is likely", Content: list.Content()})
	}
	if len(d.Candidates) == 0 {
		return append(parts, page.MoneyPart{Heading: "Match it with lines", Text: []string{"No receipt, refund or spending waits for the statement. Record the money from here instead."}})
	}
	boxes := ui.Checkboxes{Field: f.Field("part", "Lines that together are this line", "They must add up to "+d.Pence.String()), Small: true}
	for _, x := range d.Candidates {
		boxes.Options = append(boxes.Options, ui.Option{Value: partValue(x), Text: partName(x), Hint: x.Pence.String() + ", " + x.Year.String()})
	}
	return append(parts, page.MoneyPart{Heading: "Match it with lines", Content: page.MoneyForm{Action: match, Fields: []templ.Component{boxes}, Buttons: []ui.Button{{Text: "Match", Kind: ui.Secondary}}}.Content()})
}

// partValue names a line of money in a form.
func partValue(x funding.MatchPart) string {
	if x.Entry != 0 {
		return "entry-" + strconv.FormatInt(int64(x.Entry), 10)
	}
	return "spend-" + strconv.FormatInt(int64(x.Spend), 10)
}

func (s *Server) postDeskBankMatch(w http.ResponseWriter, r *http.Request) error {
	which, err := pathID[id.BankLine](r, "id")
	if err != nil {
		return err
	}
	f, err := formOf(r, "part")
	if err != nil {
		return err
	}
	cmd := funding.MatchCommand{Line: which}
	for _, chosen := range r.PostForm["part"] {
		kind, number, _ := strings.Cut(chosen, "-")
		switch kind {
		case "entry":
			var n id.LedgerEntry
			if n, err = id.Parse[id.LedgerEntry](number); err == nil {
				cmd.Entries = append(cmd.Entries, n)
			}
		case "spend":
			var n id.Expenditure
			if n, err = id.Parse[id.Expenditure](number); err == nil {
				cmd.Spending = append(cmd.Spending, n)
			}
		default:
			err = errBadForm
		}
		if err != nil {
			return errBadForm.Because(err)
		}
	}
	return s.afterLineAct(w, r, f, s.Funding.MatchLine(r.Context(), actorOf(r), cmd), "Line matched")
}

// afterLineAct goes on after an act on a line: back to the lines that wait, or to the line with what was wrong.
func (s *Server) afterLineAct(w http.ResponseWriter, r *http.Request, f *form.Form, err error, done string) error {
	if onForm(f, err) {
		return s.showBankLine(w, r, f, "")
	}
	if notice, ok := conflict(err); ok {
		s.note(r, err)
		return s.showBankLine(w, r, form.New(nil), notice)
	}
	if err != nil {
		return err
	}
	s.tell(r, done, "")
	return redirect(w, r, route.DeskBank)
}

// lineAct is a form about one line of the statement.
type lineAct struct {
	act     string // last part of the address
	heading string
	button  ui.Button
	intro   string
	fields  []templ.Component
}

func (s *Server) showLineAct(w http.ResponseWriter, r *http.Request, d funding.LineDetail, f *form.Form, a lineAct) error {
	here := route.DeskBankLineTo(d.ID)
	p := page.DeskForm{Caption: or(d.Said(), "A line without text"), Heading: a.heading, Errors: f.Errors(), Rows: lineRows(d), Action: route.DeskBankLineAct(d.ID, a.act), Cancel: here, Button: a.button,
		Intro: []string{a.intro}, Fields: a.fields}
	return s.showForm(w, r, view{title: p.Heading + ": " + p.Caption, current: route.DeskFunding, content: p.Content(), hasErrors: p.Errors.Any(), back: &ui.Link{Text: "The line of the statement", Path: here}})
}

func (s *Server) getDeskBankReceive(w http.ResponseWriter, r *http.Request) error {
	asked := r.URL.Query()
	return s.showBankReceive(w, r, form.New(url.Values{"year": {asked.Get("year")}, "organisation": {asked.Get("organisation")}, "reference": {asked.Get("reference")}}))
}

func (s *Server) showBankReceive(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	d, err := s.lineOf(r)
	if err != nil {
		return err
	}
	if d.Match != nil {
		return s.showBankLine(w, r, form.New(nil), "This line is matched or set aside already.")
	}
	years, err := s.openYears(r)
	if err != nil {
		return err
	}
	bodies, err := s.bodyOptions(r)
	if err != nil {
		return err
	}
	a := lineAct{act: "receive", heading: "Record it as a receipt", button: ui.Button{Text: "Record and match"}, intro: "Amount, date and the name on the statement are those of the line.", fields: []templ.Component{
		ui.Select{Field: f.Field("year", "Financial year", ""), Options: years},
		ui.Select{Field: f.Field("organisation", "Organisation", "The body of that day, whatever name the bank shows"), Options: bodies},
		ui.Input{Field: f.Field("reference", "Reference (optional)", "For example the number of the invoice that it pays"), Width: "20", NoSpellcheck: true},
		ui.Textarea{Field: f.Field("note", "Note (optional)", ""), Rows: 3, Max: 2000}}}
	if d.Pence < 0 {
		a.heading = "Record it as a refund"
	}
	return s.showLineAct(w, r, d, f, a)
}

func (s *Server) postDeskBankReceive(w http.ResponseWriter, r *http.Request) error {
	which, err := pathID[id.BankLine](r, "id")
	if err != nil {
		return err
	}
	f, err := formOf(r, "year", "organisation", "reference", "note")
	if err != nil {
		return err
	}
	cmd := funding.RecordEntryCommand{Year: readYear(f), Organisation: f.Required("organisation", "Organisation", "Choose the organisation"), Reference: f.Text("reference", "The reference", 100), Note: f.Text("note", "The note", 2000)}
	if f.Errors().Any() {
		return s.showBankReceive(w, r, f)
	}
	_, err = s.Funding.RecordReceived(r.Context(), actorOf(r), which, cmd)
	if onForm(f, err) {
		return s.showBankReceive(w, r, f)
	}
	return s.afterLineAct(w, r, f, err, "Money recorded and matched")
}

func (s *Server) getDeskBankSpend(w http.ResponseWriter, r *http.Request) error {
	return s.showBankSpend(w, r, form.New(nil))
}

func (s *Server) showBankSpend(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	d, err := s.lineOf(r)
	if err != nil {
		return err
	}
	if d.Match != nil {
		return s.showBankLine(w, r, form.New(nil), "This line is matched or set aside already.")
	}
	years, err := s.openYears(r)
	if err != nil {
		return err
	}
	fields, err := s.spendFields(r, f)
	if err != nil {
		return err
	}
	a := lineAct{act: "spend", heading: "Record it as spending", button: ui.Button{Text: "Record and match"}, intro: "Amount and date are those of the line.",
		fields: append([]templ.Component{ui.Select{Field: f.Field("year", "Financial year", ""), Options: years}}, fields...)}
	if d.Pence > 0 {
		a.heading = "Record it as money back"
	}
	return s.showLineAct(w, r, d, f, a)
}

func (s *Server) postDeskBankSpend(w http.ResponseWriter, r *http.Request) error {
	which, err := pathID[id.BankLine](r, "id")
	if err != nil {
		return err
	}
	f, err := formOf(r, "year", "category", "supplier", "withheld", "description", "reference")
	if err != nil {
		return err
	}
	cmd := readSpend(f, readYear(f))
	if f.Errors().Any() {
		return s.showBankSpend(w, r, f)
	}
	_, err = s.Funding.RecordSpent(r.Context(), actorOf(r), which, cmd)
	if onForm(f, err) {
		return s.showBankSpend(w, r, f)
	}
	return s.afterLineAct(w, r, f, err, "Money recorded and matched")
}

func (s *Server) getDeskBankSetAside(w http.ResponseWriter, r *http.Request) error {
	return s.showLineReason(w, r, form.New(nil), setAsideAct)
}

func (s *Server) getDeskBankUndo(w http.ResponseWriter, r *http.Request) error {
	return s.showLineReason(w, r, form.New(nil), undoAct)
}

var (
	setAsideAct = lineAct{act: "set-aside", heading: "Set this line aside", button: ui.Button{Text: "Set it aside"}, intro: "It then counts neither as income nor as spending."}
	undoAct     = lineAct{act: "undo", heading: "Undo the match", button: ui.Button{Text: "Undo it", Kind: ui.Warning}, intro: "The line waits again. What was recorded of it stays until it is reversed."}
)

func (s *Server) showLineReason(w http.ResponseWriter, r *http.Request, f *form.Form, a lineAct) error {
	d, err := s.lineOf(r)
	if err != nil {
		return err
	}
	a.fields = []templ.Component{ui.Textarea{Field: f.Field("reason", "Why?", ""), Rows: 3, Max: 2000}}
	return s.showLineAct(w, r, d, f, a)
}

func (s *Server) postDeskBankSetAside(w http.ResponseWriter, r *http.Request) error {
	return s.postLineReason(w, r, setAsideAct, "Enter why the line is nothing of the fund", func(line id.BankLine, reason string) error {
		return s.Funding.SetAside(r.Context(), actorOf(r), line, reason)
	}, "Line set aside")
}

func (s *Server) postDeskBankUndo(w http.ResponseWriter, r *http.Request) error {
	return s.postLineReason(w, r, undoAct, "Enter why the match is undone", func(line id.BankLine, reason string) error {
		return s.Funding.UndoMatch(r.Context(), actorOf(r), line, reason)
	}, "Match undone")
}

func (s *Server) postLineReason(w http.ResponseWriter, r *http.Request, a lineAct, missing string, do func(id.BankLine, string) error, done string) error {
	which, err := pathID[id.BankLine](r, "id")
	if err != nil {
		return err
	}
	f, err := formOf(r, "reason")
	if err != nil {
		return err
	}
	reason := f.RequiredText("reason", "The reason", 2000, missing)
	if f.Errors().Any() {
		return s.showLineReason(w, r, f, a)
	}
	err = do(which, reason)
	if onForm(f, err) {
		return s.showLineReason(w, r, f, a)
	}
	return s.afterLineAct(w, r, f, err, done)
}
