package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/money"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// movable reads the year of the address, and refuses where its lines, budget and terms stand still.
func (s *Server) movable(w http.ResponseWriter, r *http.Request) (plan funding.Plan, refused bool, err error) {
	if plan, err = s.planOf(r); err != nil {
		return plan, false, err
	}
	if !plan.Frozen() {
		return plan, false, nil
	}
	words := "This year is agreed. It changes by adjustments alone, each with a reason."
	ways := []ui.Link{wayToYear(plan.Year)}
	switch {
	case plan.Status() == funding.Closed:
		words = "This year is closed."
	case plan.OpenRound != 0:
		words = "The safeguarding partners are signing this year. Recall the round first if it has to change."
		ways = append(ways, ui.Link{Text: "See the round", Path: route.SignOffRoundTo(plan.OpenRound)})
	}
	return plan, true, s.refuse(w, r, fault.New(fault.Conflict, words), ways...)
}

// showYearForm shows a form about one year, with a notice and 409 where somebody else was faster.
func (s *Server) showYearForm(w http.ResponseWriter, r *http.Request, year day.FinancialYear, p page.DeskForm) error {
	p.Caption, p.Cancel = "Financial year "+year.String(), route.DeskFundingYearTo(year.Path())
	v := yearView(year, p.Heading, p.Content())
	v.hasErrors = p.Errors.Any()
	if p.Notice != "" {
		return s.show(w, r, statuses[fault.Conflict], v)
	}
	return s.showForm(w, r, v)
}

func revisionOf(f *form.Form) int {
	n, err := strconv.Atoi(f.Raw("revision"))
	if err != nil {
		f.Fail("revision", "This form is damaged. Open the page again")
	}
	return n
}

// changedNotice is the notice of a form that somebody else was faster with; empty for any other error.
func (s *Server) changedNotice(r *http.Request, err error) string {
	if !errors.Is(err, fault.Conflict) {
		return ""
	}
	s.note(r, err)
	return fault.Message(err)
}

// storedRows sets what is stored beside what was typed, for the fields that differ.
func storedRows(stored, typedIn url.Values, names []formName) []templ.Component {
	t := ui.Table{Caption: "What differs", RowHeaders: true, Columns: []ui.Column{{Text: "Field"}, {Text: "Stored now"}, {Text: "What you typed"}}}
	for _, n := range names {
		if now, mine := fieldWords(stored, n.name), fieldWords(typedIn, n.name); now != mine {
			t.Rows = append(t.Rows, []ui.Cell{{Text: n.label}, {Content: typed(now, "Nothing")}, {Content: typed(mine, "Nothing")}})
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return []templ.Component{t}
}

// formName is a field and how the reader knows it.
type formName struct{ name, label string }

func termsValues(plan funding.Plan) url.Values {
	values := url.Values{"opening": {reserveText(plan.Opening)}, "method": {plan.Method}}
	if !plan.ReviewDueOn.IsZero() {
		form.PutDate(values, "review-due-on", plan.ReviewDueOn)
	}
	return values
}

func (s *Server) getDeskTerms(w http.ResponseWriter, r *http.Request) error {
	plan, refused, err := s.movable(w, r)
	if err != nil || refused {
		return err
	}
	return s.showTerms(w, r, plan, form.New(termsValues(plan)), "")
}

func (s *Server) showTerms(w http.ResponseWriter, r *http.Request, plan funding.Plan, f *form.Form, notice string) error {
	p := page.DeskForm{Heading: "Reserve, method and review", Errors: f.Errors(), Notice: notice, Action: route.DeskFundingTermsTo(plan.Year.Path()),
		Button: ui.Button{Text: "Save"}, Fields: []templ.Component{
			ui.Hidden{Name: "revision", Value: strconv.Itoa(plan.Revision)},
			ui.Input{Field: f.Field("opening", "Reserve brought forward", "In pounds. A deficit begins with a minus sign."), Prefix: "£", Width: "10", InputMode: "decimal", NoSpellcheck: true},
			ui.Textarea{Field: f.Field("method", "How were the shares worked out?", "The partners sign these words, and the public reads them once the year is released."), Rows: 5, Max: 4000},
			ui.DateInput{Field: f.DateField("review-due-on", "When are the contributions next reviewed?", "For example, 31 1 2027")},
		}}
	if notice != "" {
		p.Before = storedRows(termsValues(plan), r.PostForm, []formName{{"opening", keyReserve}, {"method", "How the shares were worked out"}, {"review-due-on", keyReview}})
	}
	return s.showYearForm(w, r, plan.Year, p)
}

func (s *Server) postDeskTerms(w http.ResponseWriter, r *http.Request) error {
	plan, refused, err := s.movable(w, r)
	if err != nil || refused {
		return err
	}
	f, err := formOf(r, "revision", "opening", "method", "review-due-on")
	if err != nil {
		return err
	}
	cmd := funding.TermsCommand{Year: plan.Year, Revision: revisionOf(f), Opening: reserveOf(f, "opening"), Method: f.Text("method", "The text", 4000),
		ReviewDueOn: f.Date("review-due-on", "The next review", "")}
	if f.Errors().Any() {
		return s.showTerms(w, r, plan, f, "")
	}
	err = s.Years.SaveTerms(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showTerms(w, r, plan, f, "")
	}
	if notice := s.changedNotice(r, err); notice != "" {
		return s.showTerms(w, r, plan, f, notice)
	}
	if err != nil {
		return err
	}
	s.tell(r, "Saved", "Reserve, method and review of "+plan.Year.String()+" are as you entered them.")
	return redirect(w, r, route.DeskFundingYearTo(plan.Year.Path()))
}

func budgetField(b funding.BudgetLine) string { return "budget-" + b.Category }

func budgetValues(plan funding.Plan) url.Values {
	values := url.Values{}
	for _, b := range plan.BudgetLines {
		values.Set(budgetField(b), "")
		if b.Pence > 0 {
			values.Set(budgetField(b), b.Pence.Decimal())
		}
	}
	return values
}

func (s *Server) getDeskBudget(w http.ResponseWriter, r *http.Request) error {
	plan, refused, err := s.movable(w, r)
	if err != nil || refused {
		return err
	}
	return s.showBudget(w, r, plan, form.New(budgetValues(plan)), "")
}

func (s *Server) showBudget(w http.ResponseWriter, r *http.Request, plan funding.Plan, f *form.Form, notice string) error {
	p := page.DeskForm{Heading: "Budget", Errors: f.Errors(), Notice: notice, Action: route.DeskFundingBudgetTo(plan.Year.Path()), Button: ui.Button{Text: "Save the budget"},
		Intro: []string{"What is to be spent on each category, in pounds. Leave a category empty if nothing is planned for it."},
		Rows: []ui.Row{{Key: keyReserve, Value: plan.Opening.Words()}, {Key: "Cash of the year", Value: plan.Cash.Words()},
			{Key: "Can be spent", Value: (plan.Opening + plan.Cash).Words()}, {Key: "Budget so far", Value: plan.Budget.Words()}},
		Fields: []templ.Component{ui.Hidden{Name: "revision", Value: strconv.Itoa(plan.Revision)}}}
	var names []formName
	for _, b := range plan.BudgetLines {
		p.Fields = append(p.Fields, ui.Input{Field: f.Field(budgetField(b), b.Name, ""), Prefix: "£", Width: "10", InputMode: "decimal", NoSpellcheck: true})
		names = append(names, formName{budgetField(b), b.Name})
	}
	if notice != "" {
		p.Before = storedRows(budgetValues(plan), r.PostForm, names)
	}
	return s.showYearForm(w, r, plan.Year, p)
}

func (s *Server) postDeskBudget(w http.ResponseWriter, r *http.Request) error {
	plan, refused, err := s.movable(w, r)
	if err != nil || refused {
		return err
	}
	names := []string{"revision"}
	for _, b := range plan.BudgetLines {
		names = append(names, budgetField(b))
	}
	f, err := formOf(r, names...)
	if err != nil {
		return err
	}
	cmd := funding.BudgetCommand{Year: plan.Year, Revision: revisionOf(f)}
	for _, b := range plan.BudgetLines {
		line := funding.BudgetLine{Category: b.Category}
		if f.Raw(budgetField(b)) != "" {
			line.Pence = amountOf(f, budgetField(b))
		}
		cmd.Lines = append(cmd.Lines, line)
	}
	if f.Errors().Any() {
		return s.showBudget(w, r, plan, f, "")
	}
	err = s.Years.SaveBudget(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showBudget(w, r, plan, f, "")
	}
	if notice := s.changedNotice(r, err); notice != "" {
		return s.showBudget(w, r, plan, f, notice)
	}
	if err != nil {
		return err
	}
	s.tell(r, "Saved", "The budget of "+plan.Year.String()+" is as you entered it.")
	return redirect(w, r, route.DeskFundingYearTo(plan.Year.Path()))
}

func (s *Server) getDeskRelease(w http.ResponseWriter, r *http.Request) error {
	plan, err := s.planOf(r)
	if err != nil {
		return err
	}
	switch {
	case plan.Released():
		return s.refuse(w, r, fault.New(fault.Conflict, "This year has already been released."), wayToYear(plan.Year))
	case plan.Lines == 0:
		return s.refuse(w, r, fault.New(fault.Conflict, "There is no contribution in this year yet, so there is nothing to release."), wayToYear(plan.Year))
	}
	p := page.DeskConfirm{Caption: "Financial year " + plan.Year.String(), Heading: "Release this year to the public?",
		Text: []string{"Now the safeguarding partners, business support and the independent scrutineer see it.",
			fmt.Sprintf("After this everybody sees who gives what (%s in cash, %s in kind), the budget, the method and the reviews.", plan.Cash.Words(), plan.InKind.Words()),
			"They will see what is spent, and how the year was closed, as it is recorded. Who has paid stays with the partners."},
		Warning: "A release cannot be taken back.", Action: route.DeskFundingReleaseTo(plan.Year.Path()), Button: "Release it", Cancel: ui.Link{Text: "Not yet", Path: route.DeskFundingYearTo(plan.Year.Path())}}
	if plan.Status() == funding.Proposed {
		p.Text = append(p.Text, "The year is not agreed yet. The public sees it as a proposal.")
	}
	return s.show(w, r, http.StatusOK, yearView(plan.Year, "Release", p.Content()))
}

func (s *Server) postDeskRelease(w http.ResponseWriter, r *http.Request) error {
	year, err := yearOf(r)
	if err != nil {
		return err
	}
	if _, err := formOf(r); err != nil {
		return err
	}
	if err := s.Years.Release(r.Context(), actorOf(r), year); err != nil {
		return s.refuse(w, r, err, wayToYear(year))
	}
	s.tell(r, year.String()+" is released", "Everybody sees it now.")
	return redirect(w, r, route.DeskFundingYearTo(year.Path()))
}

func (s *Server) getDeskReview(w http.ResponseWriter, r *http.Request) error {
	return s.showReview(w, r, form.New(nil))
}

func (s *Server) showReview(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	plan, err := s.planOf(r)
	if err != nil {
		return err
	}
	if plan.Status() == funding.Proposed {
		return s.refuse(w, r, fault.New(fault.Conflict, "Only a year that is agreed is reviewed."), wayToYear(plan.Year))
	}
	return s.showYearForm(w, r, plan.Year, page.DeskForm{Heading: "Record a review", Errors: f.Errors(), Action: route.DeskFundingReviewTo(plan.Year.Path()),
		Button: ui.Button{Text: "Record the review"}, Fields: []templ.Component{
			ui.DateInput{Field: f.DateField("held-on", "When was it held?", "")},
			ui.Textarea{Field: f.Field("outcome", "What came of it?", "The public reads this once the year is released."), Rows: 5, Max: 4000},
			ui.DateInput{Field: f.DateField("next-due-on", "When is the next review due?", "")},
		}})
}

func (s *Server) postDeskReview(w http.ResponseWriter, r *http.Request) error {
	year, err := yearOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "held-on", "outcome", "next-due-on")
	if err != nil {
		return err
	}
	cmd := funding.ReviewCommand{Year: year, HeldOn: f.Date("held-on", "The review", "Enter when the review was held"),
		Outcome:   f.RequiredText("outcome", "The outcome", 4000, "Enter what came of the review"),
		NextDueOn: f.Date("next-due-on", "The next review", "Enter when the next review is due")}
	if f.Errors().Any() {
		return s.showReview(w, r, f)
	}
	err = s.Years.RecordReview(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showReview(w, r, f)
	}
	if err != nil {
		return s.refuse(w, r, err, wayToYear(year))
	}
	s.tell(r, "Review recorded", "The next one is due on "+cmd.NextDueOn.Long()+".")
	return redirect(w, r, route.DeskFundingYearTo(year.Path()))
}

func (s *Server) getDeskAdjust(w http.ResponseWriter, r *http.Request) error {
	return s.showAdjust(w, r, form.New(nil))
}

func (s *Server) showAdjust(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	plan, err := s.planOf(r)
	if err != nil {
		return err
	}
	if plan.Origin != funding.InPortal || plan.Status() != funding.Agreed {
		return s.refuse(w, r, fault.New(fault.Conflict, "Only a year that was agreed here, and is not closed, is adjusted."), wayToYear(plan.Year))
	}
	list, err := s.payerOptions(r)
	if err != nil {
		return err
	}
	return s.showYearForm(w, r, plan.Year, page.DeskForm{Heading: "Add a contribution to an agreed year", Errors: f.Errors(), Action: route.DeskFundingAdjustTo(plan.Year.Path()),
		Button: ui.Button{Text: "Add the contribution"},
		Intro:  []string{"What every partner has signed stays to be read. To change a contribution, take it out on its own page, then add it here as it should be."},
		Fields: []templ.Component{
			ui.Textarea{Field: f.Field("adjustment-reason", "Why is it added?", "Your reason stands beside the contribution."), Rows: 3, Max: 2000},
			ui.Select{Field: f.Field("organisation", "Organisation", ""), Options: list},
			formRadios(f),
			ui.Input{Field: f.Field("amount", "Amount, or value in kind", "In pounds, for example 1,234.50"), Prefix: "£", Width: "10", InputMode: "decimal", NoSpellcheck: true},
			ui.Input{Field: f.Field("valuation", "How was it valued? (in kind only)", "For example “hours at cost” or “usual hire charge”")},
			ui.Checkboxes{Field: f.Field("estimated", "Is the value estimated? (in kind only)", ""), Options: []ui.Option{{Value: "yes", Text: "The value is estimated"}}, Small: true},
			ui.Select{Field: f.Field("purpose", "What is it for?", ""), Options: purposeOptions()},
			ui.PrecisionDate{Field: f.DateField("agreed", "When was it agreed?", "")},
			ui.Textarea{Field: f.Field("source", "Where can the agreement be read?", "For example minutes of a board"), Rows: 2, Max: 2000},
			ui.Textarea{Field: f.Field("note", "Note (optional)", ""), Rows: 2, Max: 2000},
		}})
}

func formRadios(f *form.Form) ui.Radios {
	return ui.Radios{Field: f.Field("form", "How is it given?", ""), Options: []ui.Option{{Value: string(funding.Cash), Text: "Cash"},
		{Value: string(funding.InKind), Text: "In kind", Hint: "For example rooms, trainers or seconded staff"}}}
}

func purposeOptions() []ui.Option {
	list := []ui.Option{{Text: "Choose what it is for"}}
	for _, p := range funding.Purposes() {
		list = append(list, ui.Option{Value: p, Text: sentence(p)})
	}
	return list
}

func (s *Server) postDeskAdjust(w http.ResponseWriter, r *http.Request) error {
	year, err := yearOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "adjustment-reason", "organisation", "form", "amount", "valuation", "estimated", "purpose", "agreed", "source", "note")
	if err != nil {
		return err
	}
	reason := f.RequiredText("adjustment-reason", "The reason", 2000, "Enter why the contribution is added")
	cmd := readGiven(f)
	cmd.Year, cmd.AdjustmentReason, cmd.Pence = year, reason, amountOf(f, "amount")
	if f.Errors().Any() {
		return s.showAdjust(w, r, f)
	}
	_, err = s.Funding.Record(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showAdjust(w, r, f)
	}
	if err != nil {
		return s.refuse(w, r, err, wayToYear(year))
	}
	s.tell(r, "Contribution added", money.Pence(cmd.Pence).Words()+" is part of "+year.String()+" now, with your reason.")
	return redirect(w, r, route.DeskFundingYearTo(year.Path()))
}
