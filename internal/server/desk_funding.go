package server

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// deskFundingPages are those on which contributions are recorded and corrected.
func (s *Server) deskFundingPages(in innerRoutes) {
	read, record := can(authz.ReadFunding), can(authz.RecordFunding)
	in.get(route.DeskContributions, read, s.getDeskContributions)
	in.table(route.DeskContributions, read, s.deskContributionsTable)
	in.get(route.DeskFundingRecord, record, s.getDeskFundingRecord)
	in.post(route.DeskFundingRecord, record, smallForm, s.postDeskFundingRecord)
	in.get(route.DeskContribution, read, s.getDeskContribution)
	in.get(route.DeskContributionCorrect, record, s.getDeskContributionCorrect)
	in.post(route.DeskContributionCorrect, record, smallForm, s.postDeskContributionCorrect)
}

func (s *Server) getDeskContributions(w http.ResponseWriter, r *http.Request) error {
	by := actorOf(r)
	f := form.New(r.URL.Query())
	list, err := s.Funding.Contributions(r.Context(), by, fundingFilter(r))
	if err != nil {
		return err
	}
	years, err := s.Funding.Years(r.Context(), by)
	if err != nil {
		return err
	}
	p := page.DeskContributions{CanRecord: funding.CanRecord(by), Files: page.Downloads{Path: route.DeskContributions, Query: queryOf(r)}, Table: contributionTable(list),
		Year: ui.Select{Field: f.Field("year", "Financial year", ""), Options: []ui.Option{{Text: "Any"}}}}
	for _, y := range years {
		p.Year.Options = append(p.Year.Options, ui.Option{Value: y.Path(), Text: y.String()})
	}
	return s.show(w, r, http.StatusOK, view{title: "Recorded contributions", current: route.DeskFunding, content: p.Content(),
		breadcrumbs: []ui.Link{deskFundingLink, {Text: "Contributions"}}})
}

// fundingFilter is what the query narrows the list to. A year that is none is any.
func fundingFilter(r *http.Request) funding.Filter {
	year, err := day.ParseFinancialYear(r.URL.Query().Get("year"))
	if err != nil {
		return funding.Filter{}
	}
	return funding.Filter{Year: year}
}

func (s *Server) deskContributionsTable(r *http.Request) (string, sheet.Table, error) {
	list, err := s.Funding.Contributions(r.Context(), actorOf(r), fundingFilter(r))
	return tableName("contributions", s.today()), funding.TableOf(list), err
}

func contributionTable(list []funding.Contribution) ui.Table {
	t := ui.Table{Caption: "Contributions", HideCaption: true, RowHeaders: true, Empty: noContributions,
		Columns: []ui.Column{{Text: "Agreed by"}, {Text: "Amount", Numeric: true}, {Text: "Form"}, {Text: "What for"}, {Text: "Agreed"}, {Text: "State"}}}
	for _, c := range list {
		state := ui.Tag{State: ui.Recorded}
		if !c.Counts() {
			state.State = ui.TakenOut
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: c.Name + ", " + c.Year.String(), Path: route.DeskContributionTo(c.ID)}, {Text: c.Pence.String()},
			{Text: formWords(c)}, {Text: c.Purpose}, {Content: ui.TimeOf(c.Agreed())}, {Content: state}})
	}
	return t
}

func formWords(c funding.Contribution) string {
	if c.IsEstimated {
		return "In kind, estimated"
	}
	return sentence(string(c.Form))
}

// contributionOf reads the contribution that the address names.
func (s *Server) contributionOf(r *http.Request) (funding.Contribution, error) {
	which, err := pathID[id.Contribution](r, "id")
	if err != nil {
		return funding.Contribution{}, err
	}
	return s.Funding.Contribution(r.Context(), actorOf(r), which)
}

func (s *Server) getDeskContribution(w http.ResponseWriter, r *http.Request) error {
	c, err := s.contributionOf(r)
	if err != nil {
		return err
	}
	p := page.DeskContribution{Caption: "Contribution for " + c.Year.String(), Heading: c.Name, State: ui.Recorded, Demo: c.IsDemonstration,
		Rows: contributionRows(c), Public: route.FundingYearTo(c.Year.Path())}
	if !c.Counts() {
		p.State = ui.TakenOut
		p.Rows = append(p.Rows, ui.Row{Key: "Taken out", Content: ui.TimeAt(*c.TakenOutAt)}, ui.Row{Key: "Why it was taken out", Value: c.Reason})
	}
	if c.CanCorrect(actorOf(r)) {
		p.Correct = route.DeskContributionCorrectTo(c.ID)
	}
	return s.show(w, r, http.StatusOK, view{title: c.Name + ", contribution for " + c.Year.String(), current: route.DeskFunding, content: p.Content(),
		breadcrumbs: []ui.Link{deskFundingLink, {Text: "Contributions", Path: route.DeskContributions}, {Text: c.Name}}})
}

func contributionRows(c funding.Contribution) []ui.Row {
	rows := []ui.Row{{Key: "Form", Value: sentence(string(c.Form))}, {Key: "Amount", Value: c.Pence.String()}}
	if c.Form == funding.InKind {
		rows[1].Key = "Value"
		rows = append(rows, ui.Row{Key: "How it was valued", Value: c.Valuation}, ui.Row{Key: "Estimated", Value: sentence(yesNo(c.IsEstimated))})
	}
	return append(rows, ui.Row{Key: "What for", Value: c.Purpose}, ui.Row{Key: "Note", Value: or(c.Note, "None")},
		ui.Row{Key: "Agreed", Content: ui.TimeOf(c.Agreed())}, ui.Row{Key: "Source", Value: c.Source}, ui.Row{Key: "Recorded here", Content: ui.TimeAt(c.RecordedAt)})
}

// getDeskFundingRecord shows the form, empty or with what a contribution says that is to be put right.
func (s *Server) getDeskFundingRecord(w http.ResponseWriter, r *http.Request) error {
	values := url.Values{}
	if like := r.URL.Query().Get("like"); like != "" {
		which, err := id.Parse[id.Contribution](like)
		if err != nil {
			return errNoPage.Because(err)
		}
		c, err := s.Funding.Contribution(r.Context(), actorOf(r), which)
		if err != nil {
			return err
		}
		values = url.Values{"year": {c.Year.String()}, "organisation": {c.Slug}, "form": {string(c.Form)}, "valuation": {c.Valuation},
			"purpose": {c.Purpose}, "note": {c.Note}, "source": {c.Source}, "amount": {c.Pence.Decimal()}}
		if c.IsEstimated {
			values.Set("estimated", "yes")
		}
		form.PutDateWithPrecision(values, "agreed", c.Agreed())
	}
	return s.showFundingRecord(w, r, form.New(values))
}

// payerOptions are the organisations that can be chosen as payers.
func (s *Server) payerOptions(r *http.Request) ([]ui.Option, error) {
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

func (s *Server) showFundingRecord(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	list, err := s.payerOptions(r)
	if err != nil {
		return err
	}
	p := page.DeskForm{
		Heading: "Record a contribution", Errors: f.Errors(), Action: route.DeskFundingRecord, Cancel: route.DeskContributions, Button: ui.Button{Text: "Record and publish"},
		Intro: []string{"Record only what was agreed elsewhere, with the source where it can be read. Everything that you enter here is public."},
		Fields: []templ.Component{
			ui.Input{Field: f.Field("year", "Financial year", "For example 2019/20"), Width: "10", NoSpellcheck: true},
			ui.Select{Field: f.Field("organisation", "Organisation that agreed to it", "The body of that time. Its contributions are added up under its successor."), Options: list},
			ui.Radios{Field: f.Field("form", "How is it given?", ""), Options: []ui.Option{{Value: string(funding.Cash), Text: "Cash"},
				{Value: string(funding.InKind), Text: "In kind", Hint: "For example rooms, trainers or seconded staff"}}},
			ui.Input{Field: f.Field("amount", "Amount, or value in kind", "In pounds, for example 1,234.50"), Prefix: "£", Width: "10", InputMode: "decimal", NoSpellcheck: true},
			ui.Input{Field: f.Field("valuation", "How was it valued? (in kind only)", "For example “hours at cost” or “usual hire charge”")},
			ui.Checkboxes{Field: f.Field("estimated", "Is the value estimated? (in kind only)", ""), Options: []ui.Option{{Value: "yes", Text: "The value is estimated"}}, Small: true},
			ui.Input{Field: f.Field("purpose", "What is it for?", "For example business support, independent scrutiny, development or training")},
			ui.PrecisionDate{Field: f.DateField("agreed", "When was it agreed?", "")},
			ui.Textarea{Field: f.Field("source", "Where can the agreement be read?", "For example minutes of a board, a decision, or an address on the web"), Rows: 3, Max: 2000},
			ui.Textarea{Field: f.Field("note", "Note (optional)", ""), Rows: 3, Max: 2000},
		},
	}
	return s.showForm(w, r, view{title: p.Heading, current: route.DeskFunding, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "Contributions", Path: route.DeskContributions}})
}

func (s *Server) postDeskFundingRecord(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, "year", "organisation", "form", "amount", "valuation", "estimated", "purpose", "agreed", "source", "note")
	if err != nil {
		return err
	}
	cmd := readContribution(f)
	if f.Errors().Any() {
		return s.showFundingRecord(w, r, f)
	}
	made, err := s.Funding.Record(r.Context(), actorOf(r), cmd)
	if refusal, ok := errors.AsType[*fault.Error](err); ok && refusal.Field == "adjustment-reason" {
		return s.refuse(w, r, fault.New(fault.Conflict, "This year is agreed here. A contribution is added to it with a reason alone."),
			ui.Link{Text: "Add it with a reason", Path: route.DeskFundingAdjustTo(cmd.Year.Path())})
	}
	if onForm(f, err) {
		return s.showFundingRecord(w, r, f)
	}
	if errors.Is(err, fault.Conflict) {
		return s.refuse(w, r, err, wayToYear(cmd.Year))
	}
	if err != nil {
		return err
	}
	s.tell(r, "Contribution recorded", "It is on the public page of "+cmd.Year.String()+" now.")
	return redirect(w, r, route.DeskContributionTo(made))
}

func readContribution(f *form.Form) funding.RecordCommand {
	cmd := readGiven(f)
	cmd.Year, cmd.Pence = financialYear(f, "year"), amountOf(f, "amount")
	return cmd
}

// readGiven reads what stands in the forms of a contribution beside its year and its amount.
func readGiven(f *form.Form) funding.RecordCommand {
	return funding.RecordCommand{
		Organisation: f.Required("organisation", "Organisation", "Choose the organisation that agreed to the contribution"),
		Form:         funding.Form(f.Choice("form", "Choose whether it is cash or in kind", string(funding.Cash), string(funding.InKind))),
		Valuation:    f.Text("valuation", "The valuation", 500),
		Estimated:    f.Checked("estimated"),
		Purpose:      f.Required("purpose", "The purpose", "Enter what the contribution is for"),
		Agreed:       f.DateWithPrecision("agreed", "The date of the agreement", "Enter when the contribution was agreed"),
		Source:       f.RequiredText("source", "The source", 2000, "Enter where the agreement can be read"),
		Note:         f.Text("note", "The note", 2000),
	}
}

const (
	takeOutOnly  = "only"
	takeOutAgain = "again"
)

func (s *Server) getDeskContributionCorrect(w http.ResponseWriter, r *http.Request) error {
	return s.showContributionCorrect(w, r, form.New(nil))
}

func (s *Server) showContributionCorrect(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	c, err := s.contributionOf(r)
	if err != nil {
		return err
	}
	if !c.Counts() {
		return s.refuse(w, r, fault.New(fault.Conflict, "This contribution has already been taken out."), ui.Link{Text: "See the contribution", Path: route.DeskContributionTo(c.ID)})
	}
	p := page.DeskForm{
		Caption: c.Name + ", " + c.Year.String(), Heading: "Correct this contribution", Errors: f.Errors(), Rows: contributionRows(c),
		Action: route.DeskContributionCorrectTo(c.ID), Cancel: route.DeskContributionTo(c.ID), Button: ui.Button{Text: "Take it out", Kind: ui.Warning},
		Intro: []string{"A recorded contribution is never changed. It is taken out whole, with a reason, and stays to be read as a correction."},
		Fields: []templ.Component{
			ui.Textarea{Field: f.Field("reason", "Why is it wrong?", "Your reason is public"), Rows: 3, Max: 2000},
			ui.Radios{Field: f.Field("next", "And then?", ""), Options: []ui.Option{
				{Value: takeOutAgain, Text: "Record it again, put right", Hint: "You get the form with what stands here now"},
				{Value: takeOutOnly, Text: "Nothing more: it was never given"}}},
		},
	}
	return s.showForm(w, r, view{title: p.Heading + ": " + p.Caption, current: route.DeskFunding, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: c.Name, Path: route.DeskContributionTo(c.ID)}})
}

func (s *Server) postDeskContributionCorrect(w http.ResponseWriter, r *http.Request) error {
	before, err := s.contributionOf(r)
	if err != nil {
		return err
	}
	which := before.ID
	f, err := formOf(r, "reason", "next")
	if err != nil {
		return err
	}
	cmd := funding.ReverseCommand{ID: which, Reason: f.RequiredText("reason", "The reason", 2000, "Enter why the contribution is wrong")}
	next := f.Choice("next", "Choose whether to record it again", takeOutAgain, takeOutOnly)
	if f.Errors().Any() {
		return s.showContributionCorrect(w, r, f)
	}
	err = s.Funding.Reverse(r.Context(), actorOf(r), cmd)
	switch {
	case errors.Is(err, fault.Conflict):
		return s.refuse(w, r, err, ui.Link{Text: "See the contribution", Path: route.DeskContributionTo(which)})
	case onForm(f, err):
		return s.showContributionCorrect(w, r, f)
	case err != nil:
		return err
	case next == takeOutAgain && before.WasSigned:
		s.tell(r, "Contribution taken out", "Now add it again, put right.")
		return redirect(w, r, route.DeskFundingAdjustTo(before.Year.Path()))
	case next == takeOutAgain:
		s.tell(r, "Contribution taken out", "Now record it again, put right.")
		return redirect(w, r, route.DeskFundingRecordLike(which))
	}
	s.tell(r, "Contribution taken out", "Its line and your reason stay on the public page.")
	return redirect(w, r, route.DeskContributionTo(which))
}
