package server

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// readYear reads the financial year that a form chooses.
func readYear(f *form.Form) day.FinancialYear {
	year, err := day.ParseFinancialYear(f.Raw("year"))
	if err != nil {
		f.Fail("year", "Choose a funding year that is not closed")
	}
	return year
}

func (s *Server) getDeskSpending(w http.ResponseWriter, r *http.Request) error {
	year, err := pathYear(r)
	if err != nil {
		return err
	}
	by := actorOf(r)
	x, err := s.Funding.Spending(r.Context(), by, year)
	if err != nil {
		return err
	}
	categories, lines := categoryTable(x), spendTable(x.Lines)
	p := page.DeskMoney{Caption: "Funding year " + year.String(), Heading: "Spending", State: closedState(x.LedgerYear), Demo: x.IsDemonstration, Nav: moneyNav(year, route.DeskSpendingTo(year.Path())),
		Parts: []page.MoneyPart{{Heading: "Budget and spending", Table: &categories}, {Heading: "Lines", Table: &lines, Files: page.Downloads{Path: route.DeskSpendingTo(year.Path())}}}}
	if x.CanWrite(by) {
		p.Buttons = []ui.Button{{Text: "Record spending", Path: route.DeskSpendingRecordTo(year.Path())}}
	}
	if x.Closed() {
		p.Intro = []string{closedWords}
	}
	return s.show(w, r, http.StatusOK, view{title: "Spending of " + year.String(), current: route.DeskFunding, content: p.Content(), breadcrumbs: moneyCrumbs(year.String())})
}

func categoryTable(x funding.Spending) ui.Table {
	t := ui.Table{Caption: "Categories of " + x.Year.String(), HideCaption: true, RowHeaders: true,
		Columns: []ui.Column{{Text: "Category"}, {Text: "Budget", Numeric: true}, {Text: "Spent", Numeric: true}, {Text: "Left", Numeric: true}}}
	row := func(name string, c funding.CategorySpending) {
		budget, left := "None", ""
		if c.HasBudget {
			budget, left = c.Budget.String(), c.Left().String()
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: name}, {Text: budget}, {Text: c.Spent.String()}, {Text: left}})
	}
	for _, c := range x.Categories {
		row(c.Name, c)
	}
	row("All together", x.Total)
	return t
}

func spendTable(list []funding.SpendLine) ui.Table {
	t := ui.Table{Caption: "Lines of spending", HideCaption: true, RowHeaders: true, Empty: "Nothing has been spent for this year yet.",
		Columns: []ui.Column{{Text: "Line"}, {Text: "Supplier"}, {Text: "Category"}, {Text: "Amount", Numeric: true}, {Text: "State"}}}
	for _, l := range list {
		state := "Not on the statement yet"
		switch {
		case !l.Counts():
			state = "Reversed"
		case l.BankLine != 0:
			state = "On the statement"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: sentence(string(l.Kind)) + " of " + l.DatedOn.Long(), Path: route.DeskSpendTo(l.Year.Path(), l.ID)}, {Text: l.Supplier}, {Text: l.CategoryName},
			{Text: l.Pence.String()}, {Text: state}})
	}
	return t
}

func (s *Server) deskSpendingTable(r *http.Request) (string, sheet.Table, error) {
	year, err := pathYear(r)
	if err != nil {
		return "", sheet.Table{}, err
	}
	x, err := s.Funding.Spending(r.Context(), actorOf(r), year)
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Title: "Spending", Header: []string{"Financial year", "Number", "Kind", "Category", "Amount", "Date", "Supplier", "Name withheld in public", "Description", "Reference", "Reversed", "Why reversed",
		"On the statement", "Recorded", "Recorded by", "Page"}}
	for _, l := range x.Lines {
		reversed := ""
		if !l.Counts() {
			reversed = day.Of(*l.ReversedAt).String()
		}
		t.Rows = append(t.Rows, []string{l.Year.String(), strconv.FormatInt(int64(l.ID), 10), string(l.Kind), l.CategoryName, l.Pence.Decimal(), l.DatedOn.String(), l.Supplier, yesNo(l.IsWithheld), l.Description,
			l.Reference, reversed, l.ReversedReason, yesNo(l.BankLine != 0), day.Of(l.RecordedAt).String(), l.RecordedBy, s.whole(route.DeskSpendTo(l.Year.Path(), l.ID))})
	}
	return tableName("spending-"+year.Path(), s.today()), t, nil
}

func (s *Server) getDeskSpendingRecord(w http.ResponseWriter, r *http.Request) error {
	return s.showSpendingRecord(w, r, form.New(nil))
}

// spendFields ask what was bought from whom.
func (s *Server) spendFields(r *http.Request, f *form.Form) ([]templ.Component, error) {
	list, err := s.Funding.SpendCategories(r.Context(), actorOf(r))
	if err != nil {
		return nil, err
	}
	categories := []ui.Option{{Text: "Choose a category"}}
	for _, c := range list {
		categories = append(categories, ui.Option{Value: c.Code, Text: c.Name})
	}
	return []templ.Component{
		ui.Select{Field: f.Field("category", "What was it spent on?", ""), Options: categories},
		ui.Input{Field: f.Field("supplier", "Supplier", "Who was paid, or who paid back")},
		ui.Checkboxes{Field: f.Field("withheld", "Is the supplier a private person?", ""), Small: true, Options: []ui.Option{{Value: "yes", Text: "Yes: keep the name from the public"}}},
		ui.Input{Field: f.Field("description", "What was paid for?", "Public for payments over £500. Name no child and no family.")},
		ui.Input{Field: f.Field("reference", "Reference (optional)", "For example the number of the supplier’s invoice"), Width: "20", NoSpellcheck: true},
	}, nil
}

func readSpend(f *form.Form, year day.FinancialYear) funding.SpendCommand {
	return funding.SpendCommand{Year: year, Category: f.Required("category", "The category", "Choose what it was spent on"), Supplier: f.Required("supplier", "The supplier", "Enter who was paid"),
		Withheld: f.Checked("withheld"), Description: f.RequiredText("description", "The description", 500, "Enter what was paid for"), Reference: f.Text("reference", "The reference", 100)}
}

func (s *Server) showSpendingRecord(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	year, err := pathYear(r)
	if err != nil {
		return err
	}
	here := route.DeskSpendingTo(year.Path())
	b, err := s.Funding.Balance(r.Context(), actorOf(r), year)
	if err != nil {
		return err
	}
	if b.Closed() {
		return s.refuse(w, r, fault.New(fault.Conflict, closedWords), ui.Link{Text: "See the spending", Path: here})
	}
	fields, err := s.spendFields(r, f)
	if err != nil {
		return err
	}
	p := page.DeskForm{Caption: "Spending of " + year.String(), Heading: "Record spending", Errors: f.Errors(), Action: route.DeskSpendingRecordTo(year.Path()), Cancel: here, Button: ui.Button{Text: "Record"},
		Intro: []string{"Money that stands on the bank’s statement is recorded faster from there."},
		Fields: append([]templ.Component{
			ui.Radios{Field: f.Field("kind", "Which way did the money go?", ""), Options: []ui.Option{{Value: string(funding.Payment), Text: "It was paid out"},
				{Value: string(funding.MoneyBack), Text: "It came back", Hint: "A supplier’s refund, or interest: it lessens what was spent"}}},
			poundsInput(f, "amount", "Amount"), ui.DateInput{Field: f.DateField("dated", "Date", "")}}, fields...)}
	return s.showForm(w, r, view{title: p.Heading + ": " + p.Caption, current: route.DeskFunding, content: p.Content(), hasErrors: p.Errors.Any(), back: &ui.Link{Text: p.Caption, Path: here}})
}

func (s *Server) postDeskSpendingRecord(w http.ResponseWriter, r *http.Request) error {
	year, err := pathYear(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "kind", "amount", "dated", "category", "supplier", "withheld", "description", "reference")
	if err != nil {
		return err
	}
	kind, pence, dated := f.Choice("kind", "Choose whether money went out or came back", string(funding.Payment), string(funding.MoneyBack)), readPounds(f, "amount"), f.Date("dated", "The date", "Enter the date of the payment")
	cmd := readSpend(f, year)
	cmd.Kind, cmd.Pence, cmd.DatedOn = funding.SpendKind(kind), pence, dated
	if f.Errors().Any() {
		return s.showSpendingRecord(w, r, f)
	}
	made, err := s.Funding.Spend(r.Context(), actorOf(r), cmd)
	switch {
	case onForm(f, err):
		return s.showSpendingRecord(w, r, f)
	case err != nil:
		return s.refuse(w, r, err, ui.Link{Text: "See the spending", Path: route.DeskSpendingTo(year.Path())})
	}
	s.tell(r, "Spending recorded", "")
	return redirect(w, r, route.DeskSpendTo(year.Path(), made))
}

// spendOf reads the line of spending that the address names, under its own year.
func (s *Server) spendOf(r *http.Request) (funding.SpendLine, error) {
	year, err := pathYear(r)
	if err != nil {
		return funding.SpendLine{}, err
	}
	which, err := pathID[id.Expenditure](r, "id")
	if err != nil {
		return funding.SpendLine{}, err
	}
	l, err := s.Funding.SpendLine(r.Context(), actorOf(r), which)
	if err == nil && l.Year != year {
		err = errNoPage
	}
	return l, err
}

func spendName(l funding.SpendLine) string {
	return sentence(string(l.Kind)) + ", " + l.Pence.String() + ", " + l.Supplier
}

func spendRows(l funding.SpendLine) []ui.Row {
	return []ui.Row{{Key: "What it is", Value: sentence(string(l.Kind))}, {Key: "Category", Value: l.CategoryName}, {Key: "Amount", Value: l.Pence.String()}, {Key: "Date", Value: l.DatedOn.Long()},
		{Key: "Supplier", Value: l.Supplier}, {Key: "Name kept from the public", Value: sentence(yesNo(l.IsWithheld))}, {Key: "What was paid for", Value: l.Description},
		{Key: "Reference", Value: or(l.Reference, "None")}, {Key: "Recorded", Content: ui.TimeAt(l.RecordedAt)}, {Key: "Recorded by", Value: or(l.RecordedBy, "The portal")}}
}

func (s *Server) getDeskSpend(w http.ResponseWriter, r *http.Request) error {
	l, err := s.spendOf(r)
	if err != nil {
		return err
	}
	path := l.Year.Path()
	p := page.DeskMoney{Caption: "Spending of " + l.Year.String(), Heading: spendName(l), Demo: l.IsDemonstration, Rows: spendRows(l)}
	if !l.Counts() {
		p.State = ui.TakenOut
		p.Rows = append(p.Rows, ui.Row{Key: "Reversed", Content: ui.TimeAt(*l.ReversedAt)}, ui.Row{Key: "Why it was reversed", Value: l.ReversedReason})
	}
	if l.YearClosed {
		p.Intro = []string{closedWords}
	}
	if l.BankLine != 0 {
		p.Buttons = append(p.Buttons, ui.Button{Text: "See the line of the statement", Path: route.DeskBankLineTo(l.BankLine), Kind: ui.Secondary})
	}
	if l.CanChange(actorOf(r)) {
		p.Buttons = append(p.Buttons, ui.Button{Text: "Reverse this line", Path: route.DeskSpendReverseTo(path, l.ID), Kind: ui.Secondary})
	}
	return s.show(w, r, http.StatusOK, view{title: p.Heading, current: route.DeskFunding, content: p.Content(),
		breadcrumbs: moneyCrumbs(sentence(string(l.Kind)), ui.Link{Text: "Spending of " + l.Year.String(), Path: route.DeskSpendingTo(path)})})
}

func (s *Server) getDeskSpendReverse(w http.ResponseWriter, r *http.Request) error {
	return s.showSpendReverse(w, r, form.New(nil))
}

func (s *Server) showSpendReverse(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	l, err := s.spendOf(r)
	if err != nil {
		return err
	}
	here := route.DeskSpendTo(l.Year.Path(), l.ID)
	if !l.CanChange(actorOf(r)) {
		return s.refuse(w, r, fault.New(fault.Conflict, "This line was reversed already, or its year is closed."), ui.Link{Text: "See the line", Path: here})
	}
	p := page.DeskForm{Caption: "Spending of " + l.Year.String(), Heading: "Reverse this line", Errors: f.Errors(), Rows: spendRows(l), Action: here + "/reverse", Cancel: here,
		Button: ui.Button{Text: "Reverse it", Kind: ui.Warning}, Intro: []string{"Another line takes it out whole. Both stay to be read, with your reason."},
		Fields: []templ.Component{ui.Textarea{Field: f.Field("reason", "Why is it reversed?", ""), Rows: 3, Max: 2000}}}
	return s.showForm(w, r, view{title: p.Heading + ": " + spendName(l), current: route.DeskFunding, content: p.Content(), hasErrors: p.Errors.Any(), back: &ui.Link{Text: spendName(l), Path: here}})
}

func (s *Server) postDeskSpendReverse(w http.ResponseWriter, r *http.Request) error {
	l, err := s.spendOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "reason")
	if err != nil {
		return err
	}
	cmd := funding.ReverseSpendCommand{ID: l.ID, Reason: f.RequiredText("reason", "The reason", 2000, "Enter why the line is reversed")}
	if f.Errors().Any() {
		return s.showSpendReverse(w, r, f)
	}
	here := route.DeskSpendTo(l.Year.Path(), l.ID)
	if err := s.Funding.ReverseSpend(r.Context(), actorOf(r), cmd); err != nil {
		return s.refuse(w, r, err, ui.Link{Text: "See the line", Path: here})
	}
	s.tell(r, "Line reversed", "It and your reason stay to be read.")
	return redirect(w, r, here)
}
