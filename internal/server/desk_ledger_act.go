package server

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/money"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// bodyOptions are the organisations of all times to choose from.
func (s *Server) bodyOptions(r *http.Request) ([]ui.Option, error) {
	bodies, err := s.Members.Organisations(r.Context(), actorOf(r), membership.OrganisationFilter{})
	if err != nil {
		return nil, err
	}
	list := []ui.Option{{Text: "Choose an organisation"}}
	for _, o := range bodies {
		text := o.Name
		if !o.EndsOn.IsZero() {
			text += ", ended on " + o.EndsOn.Long()
		}
		list = append(list, ui.Option{Value: o.Slug, Text: text})
	}
	return list, nil
}

// openYears are the funding years that take lines.
func (s *Server) openYears(r *http.Request) ([]ui.Option, error) {
	years, err := s.Funding.LedgerYears(r.Context(), actorOf(r))
	if err != nil {
		return nil, err
	}
	list := []ui.Option{{Text: "Choose a year"}}
	for _, y := range years {
		if !y.Closed() {
			list = append(list, ui.Option{Value: y.Year.Path(), Text: y.Year.String()})
		}
	}
	return list, nil
}

func readPounds(f *form.Form, field string) money.Pence {
	p, err := money.Parse(f.Raw(field))
	if err != nil {
		f.Fail(field, err.Error())
	}
	return p
}

func poundsInput(f *form.Form, field, label string) ui.Input {
	return ui.Input{Field: f.Field(field, label, "In pounds, for example 1,234.50"), Prefix: "£", Width: "10", InputMode: "decimal", NoSpellcheck: true}
}

func (s *Server) getDeskLedgerRecord(w http.ResponseWriter, r *http.Request) error {
	return s.showLedgerRecord(w, r, form.New(nil))
}

func (s *Server) showLedgerRecord(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	year, err := pathYear(r)
	if err != nil {
		return err
	}
	here := route.DeskLedgerTo(year.Path())
	b, err := s.Funding.Balance(r.Context(), actorOf(r), year)
	if err != nil {
		return err
	}
	if b.Closed() {
		return s.refuse(w, r, fault.New(fault.Conflict, closedWords), ui.Link{Text: "See the ledger", Path: here})
	}
	bodies, err := s.bodyOptions(r)
	if err != nil {
		return err
	}
	p := page.DeskForm{Caption: "Ledger of " + year.String(), Heading: "Record a line", Errors: f.Errors(), Action: route.DeskLedgerRecordTo(year.Path()), Cancel: here, Button: ui.Button{Text: "Record"},
		Intro: []string{"Money that stands on the bank’s statement is recorded faster from there."},
		Fields: []templ.Component{
			ui.Radios{Field: f.Field("kind", "What is it?", ""), Options: []ui.Option{{Value: string(funding.Invoice), Text: "Invoice", Hint: "What a body is asked to pay"},
				{Value: string(funding.CreditNote), Text: "Credit note", Hint: "Takes back of what was invoiced"}, {Value: string(funding.Receipt), Text: "Receipt", Hint: "Money that came, whole or in part"},
				{Value: string(funding.Refund), Text: "Refund", Hint: "Money that was paid back"}}},
			ui.Select{Field: f.Field("organisation", "Organisation", "The body of that day. Its lines are added up under its successor."), Options: bodies},
			poundsInput(f, "amount", "Amount"),
			ui.DateInput{Field: f.DateField("dated", "Date", "Of the invoice or note, or when the money came or went")},
			ui.DateInput{Field: f.DateField("due", "To be paid by (invoices only)", "")},
			ui.Input{Field: f.Field("reference", "Reference (optional)", "For example the number of the invoice"), Width: "20", NoSpellcheck: true},
			ui.Input{Field: f.Field("received-as", "Name on the bank’s statement (optional)", "If the money came under another name"), NoSpellcheck: true},
			ui.Textarea{Field: f.Field("note", "Note (optional)", ""), Rows: 3, Max: 2000},
		}}
	return s.showForm(w, r, view{title: p.Heading + ": " + p.Caption, current: route.DeskFunding, content: p.Content(), hasErrors: p.Errors.Any(), back: &ui.Link{Text: p.Caption, Path: here}})
}

func (s *Server) postDeskLedgerRecord(w http.ResponseWriter, r *http.Request) error {
	year, err := pathYear(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "kind", "organisation", "amount", "dated", "due", "reference", "received-as", "note")
	if err != nil {
		return err
	}
	cmd := funding.RecordEntryCommand{Year: year,
		Kind:         funding.LedgerKind(f.Choice("kind", "Choose what the line is", string(funding.Invoice), string(funding.CreditNote), string(funding.Receipt), string(funding.Refund))),
		Organisation: f.Required("organisation", "Organisation", "Choose the organisation"),
		Pence:        readPounds(f, "amount"),
		DatedOn:      f.Date("dated", "The date", "Enter the date of the line"),
		DueOn:        f.Date("due", "The last day for paying", ""),
		Reference:    f.Text("reference", "The reference", 100), ReceivedAs: f.Text("received-as", "The name on the statement", 500), Note: f.Text("note", "The note", 2000)}
	if f.Errors().Any() {
		return s.showLedgerRecord(w, r, f)
	}
	made, err := s.Funding.RecordEntry(r.Context(), actorOf(r), cmd)
	switch {
	case onForm(f, err):
		return s.showLedgerRecord(w, r, f)
	case err != nil:
		return s.refuse(w, r, err, ui.Link{Text: "See the ledger", Path: route.DeskLedgerTo(year.Path())})
	}
	s.tell(r, sentence(string(cmd.Kind))+" recorded", "")
	return redirect(w, r, route.DeskLedgerEntryTo(year.Path(), made))
}

func (s *Server) getDeskLedgerReverse(w http.ResponseWriter, r *http.Request) error {
	return s.showLedgerReverse(w, r, form.New(nil))
}

func (s *Server) showLedgerReverse(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	e, err := s.entryOf(r)
	if err != nil {
		return err
	}
	here := route.DeskLedgerEntryTo(e.Year.Path(), e.ID)
	if !e.CanChange(actorOf(r)) {
		return s.refuse(w, r, fault.New(fault.Conflict, "This line was reversed already, or its year is closed."), ui.Link{Text: "See the line", Path: here})
	}
	p := page.DeskForm{Caption: "Ledger of " + e.Year.String(), Heading: "Reverse this line", Errors: f.Errors(), Rows: entryRows(e), Action: here + "/reverse", Cancel: here,
		Button: ui.Button{Text: "Reverse it", Kind: ui.Warning}, Intro: []string{"Another line takes it out whole. Both stay to be read, with your reason."},
		Fields: []templ.Component{ui.Textarea{Field: f.Field("reason", "Why is it reversed?", ""), Rows: 3, Max: 2000}}}
	return s.showForm(w, r, view{title: p.Heading + ": " + entryName(e), current: route.DeskFunding, content: p.Content(), hasErrors: p.Errors.Any(), back: &ui.Link{Text: entryName(e), Path: here}})
}

func (s *Server) postDeskLedgerReverse(w http.ResponseWriter, r *http.Request) error {
	e, err := s.entryOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "reason")
	if err != nil {
		return err
	}
	cmd := funding.ReverseEntryCommand{ID: e.ID, Reason: f.RequiredText("reason", "The reason", 2000, "Enter why the line is reversed")}
	if f.Errors().Any() {
		return s.showLedgerReverse(w, r, f)
	}
	here := route.DeskLedgerEntryTo(e.Year.Path(), e.ID)
	if err := s.Funding.ReverseEntry(r.Context(), actorOf(r), cmd); err != nil {
		return s.refuse(w, r, err, ui.Link{Text: "See the line", Path: here})
	}
	s.tell(r, "Line reversed", "It and your reason stay to be read.")
	return redirect(w, r, here)
}

func (s *Server) getDeskLedgerAssign(w http.ResponseWriter, r *http.Request) error {
	e, err := s.entryOf(r)
	if err != nil {
		return err
	}
	return s.showLedgerAssign(w, r, e, form.New(url.Values{"year": {e.Year.Path()}, "organisation": {e.Slug}}))
}

func (s *Server) showLedgerAssign(w http.ResponseWriter, r *http.Request, e funding.LedgerEntry, f *form.Form) error {
	here := route.DeskLedgerEntryTo(e.Year.Path(), e.ID)
	if !e.CanChange(actorOf(r)) {
		return s.refuse(w, r, fault.New(fault.Conflict, "This line was reversed already, or its year is closed."), ui.Link{Text: "See the line", Path: here})
	}
	bodies, err := s.bodyOptions(r)
	if err != nil {
		return err
	}
	years, err := s.openYears(r)
	if err != nil {
		return err
	}
	p := page.DeskForm{Caption: "Ledger of " + e.Year.String(), Heading: "Assign to another year or organisation", Errors: f.Errors(), Rows: entryRows(e), Action: here + "/assign", Cancel: here,
		Button: ui.Button{Text: "Assign it"}, Intro: []string{"This line is reversed, and a new one holds the same money. A match with the bank’s statement goes along."},
		Fields: []templ.Component{
			ui.Select{Field: f.Field("year", "Financial year", ""), Options: years},
			ui.Select{Field: f.Field("organisation", "Organisation", ""), Options: bodies},
			ui.Textarea{Field: f.Field("reason", "Why does it belong there?", ""), Rows: 3, Max: 2000}}}
	return s.showForm(w, r, view{title: p.Heading + ": " + entryName(e), current: route.DeskFunding, content: p.Content(), hasErrors: p.Errors.Any(), back: &ui.Link{Text: entryName(e), Path: here}})
}

func (s *Server) postDeskLedgerAssign(w http.ResponseWriter, r *http.Request) error {
	e, err := s.entryOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "year", "organisation", "reason")
	if err != nil {
		return err
	}
	cmd := funding.MoveEntryCommand{ID: e.ID, Year: readYear(f), Organisation: f.Required("organisation", "Organisation", "Choose the organisation"),
		Reason: f.RequiredText("reason", "The reason", 2000, "Enter why the money belongs there")}
	if f.Errors().Any() {
		return s.showLedgerAssign(w, r, e, f)
	}
	made, err := s.Funding.MoveEntry(r.Context(), actorOf(r), cmd)
	switch {
	case onForm(f, err):
		return s.showLedgerAssign(w, r, e, f)
	case errors.Is(err, fault.Conflict):
		return s.refuse(w, r, err, ui.Link{Text: "See the line", Path: route.DeskLedgerEntryTo(e.Year.Path(), e.ID)})
	case err != nil:
		return err
	}
	s.tell(r, "Money assigned", "The line that it stood in is reversed.")
	return redirect(w, r, route.DeskLedgerEntryTo(cmd.Year.Path(), made))
}
