package server

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/internal/money"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// deskComparablePages are those on which figures of other areas are entered and taken out.
func (s *Server) deskComparablePages(in innerRoutes) {
	read, record := can(authz.ReadFunding), can(authz.RecordFunding)
	in.get(route.DeskComparable, read, s.getDeskComparable)
	in.table(route.DeskComparable, read, s.deskComparableTable)
	in.get(route.DeskComparableRecord, record, s.getDeskComparableRecord)
	in.post(route.DeskComparableRecord, record, smallForm, s.postDeskComparableRecord)
	in.get(route.DeskComparableCorrect, record, s.getDeskComparableCorrect)
	in.post(route.DeskComparableCorrect, record, smallForm, s.postDeskComparableCorrect)
}

func (s *Server) getDeskComparable(w http.ResponseWriter, r *http.Request) error {
	by := actorOf(r)
	list, err := s.Funding.Comparables(r.Context(), by)
	if err != nil {
		return err
	}
	p := page.DeskComparable{CanRecord: funding.CanRecord(by), Files: page.Downloads{Path: route.DeskComparable}, Table: comparableTable(by, list)}
	if len(list) == 0 {
		p.Files.Path = ""
	}
	return s.show(w, r, http.StatusOK, view{title: "Figures of other areas", current: route.DeskFunding, content: p.Content(),
		breadcrumbs: []ui.Link{deskFundingLink, {Text: "Other areas"}}})
}

func comparableTable(by authz.Actor, list []funding.Comparable) ui.Table {
	t := ui.Table{Caption: "Figures", HideCaption: true, RowHeaders: true, Empty: "No figures of other areas have been entered.", Columns: []ui.Column{
		{Text: "Area"}, {Text: "Year"}, {Text: "What it counts"}, {Text: "Figure", Numeric: true}, {Text: "Source"}, {Text: "State"}}}
	for _, c := range list {
		state := ui.Cell{Content: ui.Tag{State: ui.Recorded}}
		switch {
		case !c.Counts():
			state.Content = page.Lines{"Taken out:", c.Reason}.Content()
		case c.CanCorrect(by):
			state = ui.Cell{Text: "Take out", Path: route.DeskComparableCorrectTo(c.ID)}
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: comparableArea(c)}, {Text: c.Year.String()}, {Text: comparableWords(c)}, {Text: c.Words()}, {Text: c.Source}, state})
	}
	return t
}

func comparableArea(c funding.Comparable) string { return or(c.Area, ownArea) }

func comparableWords(c funding.Comparable) string {
	if c.Measure == funding.MeasureChildren {
		return "Children"
	}
	return payerWords[c.Kind] + ", " + string(c.Measure)
}

func (s *Server) deskComparableTable(r *http.Request) (string, sheet.Table, error) {
	list, err := s.Funding.Comparables(r.Context(), actorOf(r))
	t := sheet.Table{Title: "Figures of other areas", Header: []string{"Area", "Financial year", "Measure", "Kind of body", "Figure", "Source", "Note", "Recorded", "Taken out",
		"Why taken out", "Demonstration data"}}
	for _, c := range list {
		taken, figure := "", money.Pence(c.Amount).Decimal()
		if c.Measure == funding.MeasureChildren {
			figure = c.Words()
		}
		if !c.Counts() {
			taken = day.Of(*c.TakenOutAt).String()
		}
		t.Rows = append(t.Rows, []string{comparableArea(c), c.Year.String(), string(c.Measure), c.Kind, figure, c.Source, c.Note, day.Of(c.RecordedAt).String(), taken, c.Reason,
			yesNo(c.IsDemonstration)})
	}
	return tableName("figures-of-other-areas", s.today()), t, err
}

func (s *Server) getDeskComparableRecord(w http.ResponseWriter, r *http.Request) error {
	return s.showComparableRecord(w, r, form.New(nil))
}

func (s *Server) showComparableRecord(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	kinds := []ui.Option{{Text: "None: children of the area"}}
	for _, k := range funding.PayerKinds() {
		kinds = append(kinds, ui.Option{Value: k, Text: payerWords[k]})
	}
	p := page.DeskForm{
		Heading: "Enter a figure of another area", Errors: f.Errors(), Action: route.DeskComparableRecord, Cancel: route.DeskComparable, Button: ui.Button{Text: "Enter and publish"},
		Intro: []string{"Enter one figure at a time, with the source where it can be read. Add up the bodies of one kind before. Everything that you enter here is public."},
		Fields: []templ.Component{
			ui.Input{Field: f.Field("area", "Area", "As its source names it. Leave it empty for the children of your own area."), Width: "20"},
			ui.Input{Field: f.Field("year", "Financial year", "For example 2019/20"), Width: "10", NoSpellcheck: true},
			ui.Radios{Field: f.Field("measure", "What does the figure count?", ""), Options: []ui.Option{{Value: string(funding.MeasureCash), Text: "Cash"},
				{Value: string(funding.MeasureInKind), Text: "Value in kind"}, {Value: string(funding.MeasureChildren), Text: "Children who live in the area"}}},
			ui.Select{Field: f.Field("kind", "Kind of body that pays", "All bodies of that kind together"), Options: kinds},
			ui.Input{Field: f.Field("amount", "Figure", "Pounds, for example 1,234.50, or the number of children"), Width: "10", InputMode: "decimal", NoSpellcheck: true},
			ui.Textarea{Field: f.Field("source", "Where can the figure be read?", "For example an annual report, or an address on the web"), Rows: 3, Max: 2000},
			ui.Textarea{Field: f.Field("note", "Note (optional)", "For example what the fund of that area pays for"), Rows: 3, Max: 2000},
		},
	}
	return s.showForm(w, r, view{title: p.Heading, current: route.DeskFunding, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "Figures of other areas", Path: route.DeskComparable}})
}

func (s *Server) postDeskComparableRecord(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, "area", "year", "measure", "kind", "amount", "source", "note")
	if err != nil {
		return err
	}
	cmd := readComparable(f)
	if f.Errors().Any() {
		return s.showComparableRecord(w, r, f)
	}
	_, err = s.Funding.RecordComparable(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showComparableRecord(w, r, f)
	}
	if err != nil {
		return err
	}
	s.tell(r, "Figure entered", "It is on the public pages of "+cmd.Year.String()+" and later years now.")
	return redirect(w, r, route.DeskComparable)
}

func readComparable(f *form.Form) funding.ComparableCommand {
	cmd := funding.ComparableCommand{
		Area:    f.Line("area", "The area"),
		Measure: funding.Measure(f.Choice("measure", "Choose what the figure counts", string(funding.MeasureCash), string(funding.MeasureInKind), string(funding.MeasureChildren))),
		Kind:    f.Raw("kind"),
		Source:  f.RequiredText("source", "The source", 2000, "Enter where the figure can be read"),
		Note:    f.Text("note", "The note", 2000),
	}
	var err error
	if cmd.Year, err = day.ParseFinancialYear(f.Required("year", "Financial year", "Enter the financial year, like 2019/20")); err != nil {
		f.Fail("year", "The financial year must be like 2019/20")
	}
	if cmd.Measure == funding.MeasureChildren {
		if cmd.Amount, err = funding.ParseChildren(f.Raw("amount")); err != nil {
			f.Fail("amount", fault.Message(err))
		}
		return cmd
	}
	pence, err := money.Parse(f.Raw("amount"))
	if err != nil {
		f.Fail("amount", err.Error())
	}
	cmd.Amount = int64(pence)
	return cmd
}

func (s *Server) getDeskComparableCorrect(w http.ResponseWriter, r *http.Request) error {
	return s.showComparableCorrect(w, r, form.New(nil))
}

func (s *Server) showComparableCorrect(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	which, err := pathID[id.Comparable](r, "id")
	if err != nil {
		return err
	}
	c, err := s.Funding.Comparable(r.Context(), actorOf(r), which)
	if err != nil {
		return err
	}
	back := ui.Link{Text: "Figures of other areas", Path: route.DeskComparable}
	if !c.Counts() {
		return s.refuse(w, r, fault.New(fault.Conflict, "This figure has already been taken out."), back)
	}
	p := page.DeskForm{
		Caption: comparableArea(c) + ", " + c.Year.String(), Heading: "Take this figure out", Errors: f.Errors(),
		Rows:   []ui.Row{{Key: "What it counts", Value: comparableWords(c)}, {Key: "Figure", Value: c.Words()}, {Key: "Source", Value: c.Source}, {Key: "Note", Value: or(c.Note, "None")}},
		Action: route.DeskComparableCorrectTo(c.ID), Cancel: route.DeskComparable, Button: ui.Button{Text: "Take it out", Kind: ui.Warning},
		Intro:  []string{"A figure is never changed. It is taken out whole, with a reason, and stays to be read in the list. Then the right one can be entered."},
		Fields: []templ.Component{ui.Textarea{Field: f.Field("reason", "Why is it wrong?", "Your reason is public"), Rows: 3, Max: 2000}},
	}
	return s.showForm(w, r, view{title: p.Heading + ": " + p.Caption, current: route.DeskFunding, content: p.Content(), hasErrors: p.Errors.Any(), back: &back})
}

func (s *Server) postDeskComparableCorrect(w http.ResponseWriter, r *http.Request) error {
	which, err := pathID[id.Comparable](r, "id")
	if err != nil {
		return err
	}
	f, err := formOf(r, "reason")
	if err != nil {
		return err
	}
	cmd := funding.ReverseComparableCommand{ID: which, Reason: f.RequiredText("reason", "The reason", 2000, "Enter why the figure is wrong")}
	if f.Errors().Any() {
		return s.showComparableCorrect(w, r, f)
	}
	err = s.Funding.ReverseComparable(r.Context(), actorOf(r), cmd)
	switch {
	case errors.Is(err, fault.Conflict):
		return s.refuse(w, r, err, ui.Link{Text: "Figures of other areas", Path: route.DeskComparable})
	case onForm(f, err):
		return s.showComparableCorrect(w, r, f)
	case err != nil:
		return err
	}
	s.tell(r, "Figure taken out", "It no longer counts. It stays in the list with your reason.")
	return redirect(w, r, route.DeskComparable)
}
