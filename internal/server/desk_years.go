package server

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/money"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// deskYearPages are those on which a financial year is proposed, put to the partners, released and reviewed.
func (s *Server) deskYearPages(in innerRoutes) {
	read, plan := can(authz.ReadFunding), can(authz.RecordFunding)
	in.get(route.DeskFunding, read, s.getDeskFunding)
	in.get(route.DeskFundingBegin, plan, s.getDeskBegin)
	in.post(route.DeskFundingBegin, plan, smallForm, s.postDeskBegin)
	in.get(route.DeskFundingYear, read, s.getDeskYear)
	in.get(route.DeskFundingTerms, plan, s.getDeskTerms)
	in.post(route.DeskFundingTerms, plan, smallForm, s.postDeskTerms)
	in.get(route.DeskFundingBudget, plan, s.getDeskBudget)
	in.post(route.DeskFundingBudget, plan, smallForm, s.postDeskBudget)
	in.get(route.DeskFundingRelease, plan, s.getDeskRelease)
	in.post(route.DeskFundingRelease, plan, smallForm, s.postDeskRelease)
	in.get(route.DeskFundingReview, plan, s.getDeskReview)
	in.post(route.DeskFundingReview, plan, smallForm, s.postDeskReview)
	in.get(route.DeskFundingAdjust, plan, s.getDeskAdjust)
	in.post(route.DeskFundingAdjust, plan, smallForm, s.postDeskAdjust)
}

var deskFundingLink = ui.Link{Text: "Funding", Path: route.DeskFunding}

// yearView is the view of a desk page about one financial year.
func yearView(year day.FinancialYear, title string, content templ.Component) view {
	return view{title: title + ": " + year.String(), current: route.DeskFunding, content: content,
		breadcrumbs: []ui.Link{deskFundingLink, wayToYear(year), {Text: title}}}
}

func wayToYear(year day.FinancialYear) ui.Link {
	return ui.Link{Text: year.String(), Path: route.DeskFundingYearTo(year.Path())}
}

func (s *Server) getDeskFunding(w http.ResponseWriter, r *http.Request) error {
	if query := r.URL.Query(); query.Has("year") { // where the list of contributions was kept before
		return redirect(w, r, route.Asking(route.DeskContributions, query.Encode()))
	}
	by := actorOf(r)
	list, err := s.Years.List(r.Context(), by)
	if err != nil {
		return err
	}
	p := page.DeskYears{CanPlan: funding.CanPlan(by), Years: yearTable(list, s.today(), route.DeskFundingYearTo), Wants: yearWants(list)}
	return s.show(w, r, http.StatusOK, view{title: "Funding", current: route.DeskFunding, content: p.Content()})
}

// yearTable lists financial years, each with its sums and its next step.
func yearTable(list []funding.Head, today day.Date, to func(string) string) ui.Table {
	t := ui.Table{Caption: "Financial years", HideCaption: true, RowHeaders: true, Empty: "No financial year has been begun yet.", Columns: []ui.Column{
		{Text: "Year"}, {Text: "Status"}, {Text: "Cash", Numeric: true}, {Text: "In kind", Numeric: true}, {Text: "Seen by"}, {Text: "Next"}}}
	cash, inKind := columnOf(list, func(h funding.Head) money.Pence { return h.Cash }), columnOf(list, func(h funding.Head) money.Pence { return h.InKind })
	for _, h := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Text: h.Year.String(), Path: to(h.Year.Path())}, {Content: ui.Tag{State: headState(h)}},
			{Text: cash(h.Cash)}, {Text: inKind(h.InKind) + estimatedMark(h.Estimated)}, {Text: seenBy(h)}, {Text: h.NextWords(today)}})
	}
	return t
}

func columnOf[T any](list []T, sum func(T) money.Pence) func(money.Pence) string {
	sums := make([]money.Pence, len(list))
	for i, x := range list {
		sums[i] = sum(x)
	}
	return money.Column(sums...)
}

func estimatedMark(estimated bool) string {
	if estimated {
		return " (estimated)"
	}
	return ""
}

// yearWants are what each proposed year still needs, and what should be looked at.
func yearWants(list []funding.Head) []page.YearWants {
	var wants []page.YearWants
	for _, h := range list {
		if words := append(h.Needs(), h.Warnings()...); len(words) > 0 {
			wants = append(wants, page.YearWants{Year: h.Year.String(), Words: words})
		}
	}
	return wants
}

func seenBy(h funding.Head) string {
	if h.Released() {
		return "Everybody"
	}
	return "Partners only"
}

// headState is the tag of a year.
func headState(h funding.Head) ui.State {
	switch {
	case h.Status() == funding.Closed:
		return ui.Closed
	case h.Status() == funding.Agreed:
		return ui.Agreed
	case h.OpenRound != 0:
		return ui.AwaitingSignOff
	}
	return ui.Proposed
}

func (s *Server) getDeskBegin(w http.ResponseWriter, r *http.Request) error {
	return s.showDeskBegin(w, r, form.New(nil))
}

const (
	beginFromLast  = "last"
	beginEmpty     = "empty"
	beginElsewhere = "elsewhere"
)

func (s *Server) showDeskBegin(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	p := page.DeskForm{
		Heading: "Begin a financial year", Errors: f.Errors(), Action: route.DeskFundingBegin, Cancel: route.DeskFunding, Button: ui.Button{Text: "Begin the year"},
		Intro: []string{"A year runs from 1 April to 31 March. Partners, business support and the scrutineer see it at once, the public once it is released."},
		Fields: []templ.Component{
			ui.Input{Field: f.Field("year", "Financial year", "For example 2026/27"), Width: "10", NoSpellcheck: true},
			ui.Radios{Field: f.Field("origin", "How does it begin?", ""), Options: []ui.Option{
				{Value: beginFromLast, Text: "With last year’s lines", Hint: "You can change each of them. A body that has ended is replaced by its successor."},
				{Value: beginEmpty, Text: "Empty"},
				{Value: beginElsewhere, Text: "It was agreed elsewhere", Hint: "You record its contributions with their source. Nobody signs it here."}}},
			ui.Input{Field: f.Field("opening", "Reserve brought forward", "In pounds. If the year before is closed here, leave it empty: its balance is carried forward."), Prefix: "£", Width: "10", InputMode: "decimal", NoSpellcheck: true},
			ui.Textarea{Field: f.Field("skip-reason", "Why is a year left out? (only if one is)", "For example that it is not kept here. The reason is shown with the year."), Rows: 2, Max: 2000},
			ui.PrecisionDate{Field: f.DateField("agreed", "When was it agreed? (only if agreed elsewhere)", "")},
			ui.Textarea{Field: f.Field("source", "Where can the agreement be read? (only if agreed elsewhere)", "For example minutes of a board"), Rows: 2, Max: 2000},
		},
	}
	return s.showForm(w, r, view{title: p.Heading, current: route.DeskFunding, content: p.Content(), hasErrors: p.Errors.Any(),
		breadcrumbs: []ui.Link{deskFundingLink, {Text: "Begin"}}})
}

func (s *Server) postDeskBegin(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, "year", "origin", "opening", "skip-reason", "agreed", "source")
	if err != nil {
		return err
	}
	cmd, err := s.readBegin(r, f)
	if err != nil {
		return err
	}
	if f.Errors().Any() {
		return s.showDeskBegin(w, r, f)
	}
	done, err := s.Years.Begin(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showDeskBegin(w, r, f)
	}
	if err != nil {
		return err
	}
	s.tell(r, cmd.Year.String()+" is begun", begunWords(cmd, done))
	return redirect(w, r, route.DeskFundingYearTo(cmd.Year.Path()))
}

func (s *Server) readBegin(r *http.Request, f *form.Form) (funding.BeginCommand, error) {
	cmd := funding.BeginCommand{Year: financialYear(f, "year"), Origin: funding.InPortal, SkipReason: f.Text("skip-reason", "The reason", 2000)}
	switch f.Choice("origin", "Choose how the year begins", beginFromLast, beginEmpty, beginElsewhere) {
	case beginFromLast:
		cmd.FromLast = true
	case beginElsewhere:
		cmd.Origin = funding.Elsewhere
		cmd.Agreed = f.DateWithPrecision("agreed", "The date of the agreement", "Enter when the contributions were agreed")
		cmd.Source = f.RequiredText("source", "The source", 2000, "Enter where the agreement can be read")
	}
	if f.Raw("opening") != "" {
		cmd.Opening = reserveOf(f, "opening")
		return cmd, nil
	}
	list, err := s.Years.List(r.Context(), actorOf(r))
	if err != nil {
		return cmd, err
	}
	for _, h := range list {
		if h.Year == cmd.Year-1 && h.Status() == funding.Closed {
			balance, err := s.Funding.Balance(r.Context(), actorOf(r), h.Year)
			if err != nil {
				return cmd, err
			}
			cmd.Opening = balance.Closing()
		}
	}
	return cmd, nil
}

// financialYear reads a financial year as people write it.
func financialYear(f *form.Form, name string) day.FinancialYear {
	year, err := day.ParseFinancialYear(f.Required(name, "Financial year", "Enter the financial year, like 2019/20"))
	if err != nil {
		f.Fail(name, "The financial year must be like 2019/20")
	}
	return year
}

// amountOf reads an amount of pounds.
func amountOf(f *form.Form, name string) money.Pence {
	sum, err := money.Parse(f.Raw(name))
	if err != nil {
		f.Fail(name, err.Error())
	}
	return sum
}

// reserveOf reads a reserve, which can lie below zero.
func reserveOf(f *form.Form, name string) money.Pence {
	text := strings.TrimSpace(strings.ReplaceAll(f.Raw(name), "−", "-"))
	below, negative := strings.CutPrefix(text, "-")
	sum, err := money.Parse(below)
	if err != nil {
		f.Fail(name, err.Error())
	}
	if negative {
		return -sum
	}
	return sum
}

// reserveText writes a reserve as reserveOf reads it.
func reserveText(p money.Pence) string {
	if p < 0 {
		return "-" + (-p).Decimal()
	}
	return p.Decimal()
}

func begunWords(cmd funding.BeginCommand, done funding.Begun) string {
	if !cmd.FromLast {
		return "It is empty."
	}
	words := plural(done.Lines, "line was", "lines were") + " taken over from the year before."
	if len(done.LeftOut) > 0 {
		words += " Left out, because nobody has clearly taken over: " + strings.Join(done.LeftOut, ", ") + "."
	}
	return words
}
