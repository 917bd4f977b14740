package server

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/funding"
	"partnershipportal/internal/money"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// planOf reads the financial year that the address names.
func (s *Server) planOf(r *http.Request) (funding.Plan, error) {
	year, err := yearOf(r)
	if err != nil {
		return funding.Plan{}, err
	}
	return s.Years.Plan(r.Context(), actorOf(r), year)
}

func (s *Server) getDeskYear(w http.ResponseWriter, r *http.Request) error {
	plan, err := s.planOf(r)
	if err != nil {
		return err
	}
	by, at := actorOf(r), plan.Year.Path()
	changes := funding.CanPlan(by)
	p := page.DeskYear{Year: plan.Year.String(), State: headState(plan.Head), Next: plan.NextWords(s.today()), Needs: plan.Needs(), Warnings: plan.Warnings(),
		Plan: planPage(plan, deskWays(plan, by)), ToLines: toLines(plan, by), More: deskYearMore(plan), Files: page.Downloads{Path: route.DeskFundingLinesTo(at)}}
	if changes {
		p.Step = stepLink(plan.Head, s.today())
	}
	if changes && !plan.Frozen() {
		p.ToBudget = []ui.Link{{Text: "Change the budget", Path: route.DeskFundingBudgetTo(at)}}
		for i, row := range p.Plan.Facts {
			if slices.Contains(termKeys, row.Key) {
				p.Plan.Facts[i].Actions = []ui.Action{{Text: "Change", About: strings.ToLower(row.Key), Path: route.DeskFundingTermsTo(at)}}
			}
		}
	}
	if changes && plan.Status() == funding.Agreed {
		p.ToReview = []ui.Link{{Text: "Record a review", Path: route.DeskFundingReviewTo(at)}}
	}
	return s.show(w, r, http.StatusOK, view{title: "Financial year " + p.Year, current: route.DeskFunding, content: p.Content(),
		breadcrumbs: []ui.Link{deskFundingLink, {Text: p.Year}}})
}

// toLines are the ways to change what the bodies give.
func toLines(plan funding.Plan, by authz.Actor) []ui.Link {
	at := plan.Year.Path()
	switch {
	case !funding.CanPlan(by):
		return nil
	case plan.Origin == funding.Elsewhere && plan.Status() != funding.Closed:
		return []ui.Link{{Text: "Record a contribution", Path: route.DeskFundingRecord}}
	case plan.Status() == funding.Agreed:
		return []ui.Link{{Text: "Add a contribution with a reason", Path: route.DeskFundingAdjustTo(at)}}
	case plan.Frozen():
		return nil
	}
	return []ui.Link{{Text: "Edit all lines", Path: route.DeskFundingLinesTo(at)}, {Text: "Add one line with all its fields", Path: route.DeskFundingLineNewTo(at)},
		{Text: "Read lines from a spreadsheet", Path: route.DeskFundingLinesImportTo(at)}}
}

// stepLink leads to what comes next for a year; nil if that is nothing of the desk.
func stepLink(h funding.Head, today day.Date) *ui.Link {
	at := h.Year.Path()
	switch h.Next(today) {
	case funding.StepComplete:
		switch {
		case h.Lines == 0:
			return &ui.Link{Text: "Enter the lines", Path: route.DeskFundingLinesTo(at)}
		case h.Budget == 0:
			return &ui.Link{Text: "Enter the budget", Path: route.DeskFundingBudgetTo(at)}
		}
		return &ui.Link{Text: "Enter method and review", Path: route.DeskFundingTermsTo(at)}
	case funding.StepOpen:
		return &ui.Link{Text: "Put it to the partners", Path: route.DeskFundingRoundTo(at)}
	case funding.StepWait:
		return &ui.Link{Text: "See who has signed", Path: route.SignOffRoundTo(h.OpenRound)}
	case funding.StepRelease:
		return &ui.Link{Text: "Release it to the public", Path: route.DeskFundingReleaseTo(at)}
	case funding.StepClose:
		return &ui.Link{Text: "Close the year", Path: route.DeskYearCloseTo(at)}
	case funding.StepReview:
		return &ui.Link{Text: "Record the review", Path: route.DeskFundingReviewTo(at)}
	}
	return nil
}

func deskYearMore(plan funding.Plan) []ui.Link {
	at := plan.Year.Path()
	links := []ui.Link{{Text: "The year as the partners read it", Path: route.YearTo(at)}, {Text: "Ledger: invoices and receipts", Path: route.DeskLedgerTo(at)},
		{Text: "Spending beside the budget", Path: route.DeskSpendingTo(at)}, {Text: "How the year adds up, and its closing", Path: route.DeskYearCloseTo(at)}}
	if plan.OpenRound != 0 {
		links = append(links, ui.Link{Text: "The round that is open", Path: route.SignOffRoundTo(plan.OpenRound)})
	}
	if plan.AgreedRound != 0 {
		links = append(links, ui.Link{Text: "The round in which it was agreed", Path: route.SignOffRoundTo(plan.AgreedRound)})
	}
	if plan.Status() == funding.Proposed && !plan.Released() && plan.Lines > 0 {
		links = append(links, ui.Link{Text: "Release the proposal to the public", Path: route.DeskFundingReleaseTo(at)})
	}
	if plan.Released() {
		links = append(links, ui.Link{Text: "The public page of the year", Path: route.FundingYearTo(at)})
	}
	return links
}

// The facts of a year that its form of terms changes.
const (
	keyReserve = "Reserve brought forward"
	keyReview  = "Next review due"
)

var termKeys = []string{keyReserve, keyReview}

// planWays say where the lines of a year lead.
type planWays struct {
	line         func(funding.PlanLine) string
	contribution func(funding.Contribution) string
}

// readWays lead to the bodies.
var readWays = planWays{line: func(l funding.PlanLine) string { return route.OrganisationTo(l.Slug) },
	contribution: func(c funding.Contribution) string { return route.OrganisationTo(c.Slug) }}

// deskWays lead to what is done with a line.
func deskWays(plan funding.Plan, by authz.Actor) planWays {
	ways := readWays
	ways.contribution = func(c funding.Contribution) string { return route.DeskContributionTo(c.ID) }
	if funding.CanPlan(by) && !plan.Frozen() {
		ways.line = func(l funding.PlanLine) string { return route.DeskFundingLineTo(plan.Year.Path(), l.ID) }
	}
	return ways
}

// planPage is a year as those read it who see it before the public does.
func planPage(plan funding.Plan, ways planWays) page.FundingPlan {
	p := page.FundingPlan{Demo: plan.IsDemonstration, Facts: planFacts(plan), Method: plan.Method, Budget: planBudget(plan), Reviews: heldReviews(plan.Reviews),
		History: ui.Timeline{Entries: yearHistory(plan)}}
	if plan.Status() == funding.Proposed && plan.Origin == funding.InPortal {
		p.Lines = plannedTable(plan, ways)
		return p
	}
	p.Lines, p.Out = agreedTables(plan, ways)
	return p
}

func planFacts(plan funding.Plan) []ui.Row {
	rows := []ui.Row{{Key: "Status", Value: headWords(plan.Head)}, {Key: "Cash", Value: plan.Cash.Words()},
		{Key: "In kind", Value: plan.InKind.Words() + estimatedMark(plan.Estimated)}, {Key: keyReserve, Value: plan.Opening.Words()},
		{Key: "Budget", Value: plan.Budget.Words()}, {Key: "Reserve expected at the end", Value: (plan.Opening + plan.Cash - plan.Budget).Words()}}
	review := "No day is set"
	if !plan.ReviewDueOn.IsZero() {
		review = plan.ReviewDueOn.Long()
	}
	rows = append(rows, ui.Row{Key: keyReview, Value: review}, ui.Row{Key: "Seen by", Value: seenWords(plan.Head)})
	if plan.SkipReason != "" {
		rows = append(rows, ui.Row{Key: "Why a year is left out before it", Value: plan.SkipReason})
	}
	if plan.Origin == funding.Elsewhere {
		rows = append(rows, ui.Row{Key: "Where the agreement can be read", Value: plan.AgreedSource})
	}
	return rows
}

func seenWords(h funding.Head) string {
	if h.Released() {
		return "Everybody, since " + day.Of(*h.ReleasedAt).Long()
	}
	return "Safeguarding partners, business support and the independent scrutineer"
}

// headWords says how far a year is.
func headWords(h funding.Head) string {
	switch {
	case h.Status() == funding.Closed:
		return "Closed on " + day.Of(*h.ClosedAt).Long()
	case h.Origin == funding.Elsewhere:
		return "Agreed elsewhere, " + h.Agreed().Words()
	case h.Status() == funding.Agreed:
		return "Agreed by every safeguarding partner on " + h.AgreedOn.Long()
	case h.OpenRound != 0:
		return "Proposed, and with the safeguarding partners to sign"
	case h.Declined:
		return "Proposed; it came back from the safeguarding partners"
	}
	return "Proposed"
}

// plannedTable is every proposed line by its payer, with cash and in kind apart.
func plannedTable(plan funding.Plan, ways planWays) ui.Table {
	t := ui.Table{Caption: "Proposed contributions", HideCaption: true, RowHeaders: true, Empty: "No contribution is proposed yet.", Columns: []ui.Column{
		{Text: "Who gives"}, {Text: "Purpose"}, {Text: "Cash", Numeric: true}, {Text: "In kind", Numeric: true}, {Text: "Particulars"}, {Text: "Agency’s answer"}}}
	cash, inKind := money.Column(plan.Cash), money.Column(plan.InKind)
	lines := slices.Clone(plan.Proposal)
	for _, l := range lines {
		if l.Pence%100 != 0 {
			cash, inKind = money.Column(l.Pence), money.Column(l.Pence)
		}
	}
	slices.SortStableFunc(lines, func(a, b funding.PlanLine) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	for _, l := range lines {
		c, k := formCells(l.Form, l.Pence, l.IsEstimated, cash, inKind)
		t.Rows = append(t.Rows, []ui.Cell{{Text: l.Name, Path: ways.line(l)}, {Text: sentence(l.Purpose)}, {Text: c}, {Text: k},
			{Content: planParticulars(l).Content()}, answerCell(l)})
	}
	return totalled(t, plan.Head, cash, inKind, 2)
}

// formCells are the cells of cash and of what is given in kind, of which one is empty.
func formCells(form funding.Form, p money.Pence, estimated bool, cash, inKind func(money.Pence) string) (string, string) {
	if form == funding.Cash {
		return cash(p), ""
	}
	return "", inKind(p) + estimatedMark(estimated)
}

func totalled(t ui.Table, h funding.Head, cash, inKind func(money.Pence) string, after int) ui.Table {
	if len(t.Rows) == 0 {
		return t
	}
	row := []ui.Cell{{Text: "All together"}, {}, {Text: cash(h.Cash)}, {Text: inKind(h.InKind) + estimatedMark(h.Estimated)}}
	t.Rows = append(t.Rows, append(row, make([]ui.Cell, after)...))
	return t
}

func planParticulars(l funding.PlanLine) page.Lines {
	line := funding.ContentLine{PayerTotalPence: l.Total, Valuation: l.Valuation, Conditions: l.Conditions, Note: l.Note, Decision: l.DecisionName}
	for _, part := range l.Parts {
		line.Parts = append(line.Parts, funding.ContentPart(part))
	}
	return particulars(line)
}

func answerCell(l funding.PlanLine) ui.Cell {
	switch {
	case !l.IsAgency:
		return ui.Cell{Text: "Not asked"}
	case l.Answer == funding.Confirmed:
		return ui.Cell{Content: page.Answer{State: ui.Confirmed, Who: l.AnsweredBy, On: dayOf(l.AnsweredAt), Words: l.AnswerWords}.Content()}
	case l.Answer == funding.Queried:
		return ui.Cell{Content: page.Answer{State: ui.Queried, Who: l.AnsweredBy, On: dayOf(l.AnsweredAt), Words: l.AnswerWords}.Content()}
	}
	return ui.Cell{Text: "Not yet confirmed"}
}

func dayOf(at *time.Time) string {
	if at == nil {
		return ""
	}
	return day.Of(*at).Long()
}

// agreedTables are the contributions that count, and those that were taken out.
func agreedTables(plan funding.Plan, ways planWays) (counts, out ui.Table) {
	counts = ui.Table{Caption: "Agreed contributions", HideCaption: true, RowHeaders: true, Empty: "No contribution is recorded for this year yet.", Columns: []ui.Column{
		{Text: "Who gives"}, {Text: "Purpose"}, {Text: "Cash", Numeric: true}, {Text: "In kind", Numeric: true}, {Text: "Particulars"}}}
	out = ui.Table{Caption: "Taken out", RowHeaders: true, Columns: []ui.Column{{Text: "Who"}, {Text: "Purpose"}, {Text: "Amount", Numeric: true}, {Text: "Why"}}}
	words := columnOf(plan.Contributions, func(c funding.Contribution) money.Pence { return c.Pence })
	for _, c := range plan.Contributions {
		name := ui.Cell{Text: c.Name, Path: ways.contribution(c)}
		if !c.Counts() {
			out.Rows = append(out.Rows, []ui.Cell{name, {Text: sentence(c.Purpose)}, {Text: words(c.Pence)}, {Text: c.Reason}})
			continue
		}
		cash, inKind := formCells(c.Form, c.Pence, c.IsEstimated, words, words)
		counts.Rows = append(counts.Rows, []ui.Cell{name, {Text: sentence(c.Purpose)}, {Text: cash}, {Text: inKind}, {Content: contributionParticulars(c).Content()}})
	}
	return totalled(counts, plan.Head, words, words, 1), out
}

func contributionParticulars(c funding.Contribution) page.Lines {
	line := funding.ContentLine{PayerTotalPence: c.Total, Valuation: c.Valuation, Conditions: c.Conditions, Note: c.Note, Decision: c.DecisionNumber}
	for _, part := range c.Parts {
		line.Parts = append(line.Parts, funding.ContentPart(part))
	}
	lines := particulars(line)
	if c.AdjustmentReason != "" {
		lines = append(lines, "Added later: "+c.AdjustmentReason)
	}
	return lines
}

func planBudget(plan funding.Plan) ui.Table {
	t := ui.Table{Caption: "Budget", HideCaption: true, RowHeaders: true, Empty: "No budget is entered yet.", Columns: []ui.Column{{Text: "Category"}, {Text: "Amount", Numeric: true}}}
	words := columnOf(plan.BudgetLines, func(b funding.BudgetLine) money.Pence { return b.Pence })
	for _, b := range plan.BudgetLines {
		if b.Pence > 0 {
			t.Rows = append(t.Rows, []ui.Cell{{Text: b.Name}, {Text: words(b.Pence)}})
		}
	}
	if len(t.Rows) > 0 {
		t.Rows = append(t.Rows, []ui.Cell{{Text: "All together"}, {Text: words(plan.Budget)}})
	}
	return t
}

func heldReviews(list []funding.Review) ui.Table {
	t := ui.Table{Caption: "Reviews", HideCaption: true, RowHeaders: true, Empty: "No review is recorded yet.", Columns: []ui.Column{{Text: "Held"}, {Text: "What came of it"}, {Text: "Next due"}}}
	for _, v := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Text: v.HeldOn.Long()}, {Content: typed(v.Outcome, "")}, {Text: v.NextDueOn.Long()}})
	}
	return t
}

// yearHistory is what has happened to a year, the latest first.
func yearHistory(plan funding.Plan) []ui.TimelineEntry {
	type event struct {
		at    time.Time
		entry ui.TimelineEntry
	}
	var events []event
	add := func(at *time.Time, e ui.TimelineEntry) {
		if at != nil {
			e.When = ui.TimeAt(*at)
			events = append(events, event{*at, e})
		}
	}
	add(plan.ReleasedAt, ui.TimelineEntry{What: "Released to the public"})
	add(plan.ClosedAt, ui.TimelineEntry{What: "Closed"})
	for _, l := range plan.Proposal {
		if l.Answer != "" {
			what := map[funding.Answer]string{funding.Confirmed: "Pledge confirmed", funding.Queried: "Pledge queried"}[l.Answer]
			add(l.AnsweredAt, ui.TimelineEntry{What: what + ": " + l.Name, Who: l.AnsweredBy, Detail: l.AnswerWords})
		}
	}
	for _, c := range plan.Contributions {
		add(c.TakenOutAt, ui.TimelineEntry{What: "Contribution taken out: " + c.Name, Detail: c.Reason})
		if c.AdjustmentReason != "" {
			add(&c.RecordedAt, ui.TimelineEntry{What: "Contribution added: " + c.Name, Detail: c.AdjustmentReason})
		}
	}
	for _, v := range plan.Reviews {
		add(&v.RecordedAt, ui.TimelineEntry{What: "Review recorded", Detail: "Held on " + v.HeldOn.Long() + "."})
	}
	slices.SortStableFunc(events, func(a, b event) int { return b.at.Compare(a.at) })
	var list []ui.TimelineEntry
	for _, e := range events {
		list = append(list, e.entry)
	}
	if plan.Status() != funding.Proposed {
		agreed := ui.TimelineEntry{What: "Agreed by every safeguarding partner", When: ui.TimeOf(plan.Agreed())}
		if plan.Origin == funding.Elsewhere {
			agreed.What = "Agreed elsewhere"
		}
		list = append(list, agreed)
	}
	return list
}
