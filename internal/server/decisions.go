package server

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// mostInFile is how many records a file of the register holds: the whole of a county's in one.
const mostInFile = 20000

// decisionPages are the public register and the forward plan.
func (s *Server) decisionPages(pub publicRoutes) {
	pub.pageOrQuery(route.Decisions, s.getDecisions, s.getDecisionsAsked)
	pub.table(route.Decisions, s.decisionsTable)
	pub.get(route.DecisionsAtom, s.getDecisionsAtom)
	pub.get(route.DecisionsJSON, s.getDecisionsJSON)
	pub.page(route.ForwardPlan, s.getForwardPlan)
	pub.table(route.ForwardPlan, s.forwardPlanTable)
	pub.get(route.ForwardPlanAtom, s.getForwardPlanAtom)
	pub.get(route.ForwardPlanICS, s.getForwardPlanICS)
	pub.get(route.Decision, s.getDecision)
	pub.get(route.DecisionJSON, s.getDecisionJSON)
	pub.get(route.DecisionFile, s.getDecisionFile)
}

// decisionFilter reads what the address asks of the register. What it does not know it leaves out.
func decisionFilter(sent url.Values) decision.Filter {
	f := decision.Filter{Body: sent.Get("body"), Maker: cut(sent.Get("maker"), 200), Text: cut(strings.TrimSpace(sent.Get("q")), 200), After: cut(sent.Get("after"), 400)}
	if stage := decision.Stage(sent.Get("stage")); stage.Known() {
		f.Stage = stage
	}
	if key := decision.KeyState(sent.Get("key")); key == decision.KeyYes || key == decision.KeyNo {
		f.Key = key
	}
	if year, err := strconv.Atoi(sent.Get("year")); err == nil && year >= 1900 && year <= 2200 {
		f.Year = year
	}
	if r := decision.Restriction(sent.Get("restriction")); slices.Contains(decision.Restrictions(), r) {
		f.Restriction = r
	}
	if sort := decision.Sort(sent.Get("sort")); slices.Contains(decision.Sorts(), sort) {
		f.Sort = sort
	}
	return f
}

// cut shortens a text to a number of characters.
func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}

// filterQuery is the query that asks for the same again.
func filterQuery(f decision.Filter, after string) string {
	q := url.Values{}
	for name, value := range map[string]string{"body": f.Body, "maker": f.Maker, "q": f.Text, "stage": string(f.Stage), "key": string(f.Key),
		"restriction": string(f.Restriction), "sort": string(f.Sort), "after": after} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Year != 0 {
		q.Set("year", strconv.Itoa(f.Year))
	}
	return q.Encode()
}

func (s *Server) getDecisions(r *http.Request, today day.Date) (view, error) {
	return s.decisionsView(r, decision.Filter{}, today)
}

func (s *Server) getDecisionsAsked(w http.ResponseWriter, r *http.Request) error {
	v, err := s.decisionsView(r, decisionFilter(r.URL.Query()), s.today())
	if err != nil {
		return err
	}
	v.noIndex = true
	return s.showPublic(w, r, statusOf(v), v)
}

func (s *Server) decisionsView(r *http.Request, f decision.Filter, today day.Date) (view, error) {
	facets, err := s.Register.Facets(r.Context(), today)
	if err != nil {
		return view{}, err
	}
	fields := decisionFields(f, facets)
	order := len(fields) - 1
	always, folded := slices.Clone(fields[:3]), slices.Clone(fields[3:])
	if f.Text != "" { // in what order results come is asked more often than what is rare
		always, folded = append(always, fields[order]), fields[3:order]
	}
	p := page.Decisions{Fields: always, More: folded, Unfolded: f.Key != "" || f.Year != 0 || f.Maker != "" || f.Restriction != "" || f.Sort != "" && f.Text == "", Files: page.Downloads{Path: route.Decisions, Query: filterQuery(f, "")},
		Atom: route.Asking(route.DecisionsAtom, filterQuery(f, "")), JSON: route.Asking(route.DecisionsJSON, filterQuery(f, ""))}
	p.Narrowed = filterQuery(decision.Filter{Body: f.Body, Stage: f.Stage, Key: f.Key, Year: f.Year, Maker: f.Maker, Restriction: f.Restriction, Text: f.Text}, "") != ""
	v := view{title: "Decisions", current: route.Decisions, canonical: route.Decisions}
	found, err := s.Register.List(r.Context(), f, today)
	if refusal, ok := errors.AsType[*fault.Error](err); ok && (refusal.Kind == fault.Invalid || refusal.Kind == fault.NotFound) {
		p.Errors, v.hasErrors, err = refusal.Message, true, nil
	}
	if err != nil {
		return view{}, err
	}
	p.Table = decisionLines(found.Lines, "Records of decision")
	if p.Table.Empty = "No decisions have been published."; p.Narrowed {
		p.Table.Empty = nothingFound(found.Search)
	}
	p.Note = searchNote(f, found.Search)
	if found.Next != "" {
		p.Pages.Next = route.Asking(route.Decisions, filterQuery(f, found.Next))
	}
	if f.After != "" {
		p.Pages.Previous, p.Pages.PreviousTitle = route.Asking(route.Decisions, filterQuery(f, "")), "Beginning of the list"
	}
	v.content = p.Content()
	return v, nil
}

// decisionFields are the fields that narrow the register.
func decisionFields(f decision.Filter, facets decision.Facets) []templ.Component {
	shown := form.New(url.Values{"q": {f.Text}, "body": {f.Body}, "stage": {string(f.Stage)}, "key": {string(f.Key)}, "year": {year(f.Year)},
		"maker": {f.Maker}, "restriction": {string(f.Restriction)}, "sort": {string(f.Sort)}})
	var bodies, stages, years, makers, restrictions []ui.Option
	for _, b := range facets.Bodies {
		bodies = append(bodies, ui.Option{Value: b.Slug, Text: or(b.Name, "The partnership")}) // whose name an administrator has still to give
	}
	for _, x := range decision.Stages() {
		stages = append(stages, ui.Option{Value: string(x), Text: x.Words()})
	}
	for _, y := range facets.Years {
		years = append(years, ui.Option{Value: year(y), Text: year(y)})
	}
	for _, m := range facets.Makers {
		makers = append(makers, ui.Option{Value: m, Text: m})
	}
	for _, x := range decision.Restrictions() {
		restrictions = append(restrictions, ui.Option{Value: string(x), Text: sentence(string(x))})
	}
	return []templ.Component{
		ui.Input{Field: shown.Field("q", "Words in the record", "For example safeguarding arrangements"), Width: "20"},
		ui.Select{Field: shown.Field("body", "Body", ""), Empty: "Any", Options: bodies},
		ui.Select{Field: shown.Field("stage", "Stage", ""), Empty: "Any", Options: stages},
		ui.Select{Field: shown.Field("key", "Key decision", ""), Empty: "Any", Options: []ui.Option{{Value: "yes", Text: "Yes"}, {Value: "no", Text: "No"}}},
		ui.Select{Field: shown.Field("year", "Year", ""), Empty: "Any", Options: years},
		ui.Select{Field: shown.Field("maker", "Decision maker", ""), Empty: "Any", Options: makers},
		ui.Select{Field: shown.Field("restriction", "Open or exempt", ""), Empty: "Any", Options: restrictions},
		ui.Select{Field: shown.Field("sort", "Order", ""), Empty: "Newest first, or best match in a search", Options: []ui.Option{{Value: string(decision.Newest), Text: "Newest first"},
			{Value: string(decision.Oldest), Text: "Oldest first"}, {Value: string(decision.ByNumber), Text: "Number"}, {Value: string(decision.ByNumberUp), Text: "Number, highest first"}, {Value: string(decision.BySubject), Text: "Subject"}}},
	}
}

func year(y int) string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(y)
}

// stageTags show each stage in words and colour of its own: what is only proposed never looks like a decision.
var stageTags = map[decision.Stage]ui.Tag{
	decision.Notice:      {State: ui.Upcoming, Text: "Notice given: no decision yet"},
	decision.Proposed:    {State: ui.Proposed, Text: "Proposed: no decision yet"},
	decision.Made:        {State: ui.Complete, Text: "Decision made"},
	decision.CalledIn:    {State: ui.Declined, Text: "Decision called in"},
	decision.Confirmed:   {State: ui.Confirmed, Text: "Decision confirmed"},
	decision.Implemented: {State: ui.InForce, Text: "Decision implemented"},
}

func stageTag(stage decision.Stage, wasMade bool) ui.Tag {
	if stage == decision.Withdrawn && wasMade {
		return ui.Tag{State: ui.Withdrawn, Text: "Decision withdrawn"}
	}
	if stage == decision.Withdrawn {
		return ui.Tag{State: ui.Withdrawn, Text: "Withdrawn: no decision was made"}
	}
	return stageTags[stage]
}

// lineDate is the day that tells most about a record at its stage.
func lineDate(l decision.Line) string {
	switch {
	case !l.MadeOn.IsZero():
		return "Made " + l.MadeOn.Words()
	case !l.DueOn.IsZero() && l.Stage.Before():
		return "Due " + l.DueOn.Words()
	case !l.NoticeOn.IsZero():
		return "Notice " + l.NoticeOn.Words()
	}
	return "Entered " + l.ListedOn.Long()
}

func decisionLines(lines []decision.Line, caption string) ui.Table {
	t := ui.Table{Caption: caption, HideCaption: true, RowHeaders: true,
		Columns: []ui.Column{{Text: "Subject"}, {Text: "Number"}, {Text: "Body and decision maker"}, {Text: "Stage"}, {Text: "Day"}}}
	for _, l := range lines {
		maker := l.Body.Name
		if l.Maker != "" {
			maker += ": " + l.Maker
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: demoName(l.Subject, l.IsDemonstration), Path: route.DecisionTo(l.Body.Slug, l.Ref)}, {Text: or(l.Number, "None")},
			{Text: maker}, {Content: stageTag(l.Stage, l.WasMade)}, {Text: lineDate(l)}})
	}
	return t
}

// everyDecision reads all pages of what is asked for, up to what a file holds.
func (s *Server) everyDecision(r *http.Request) ([]decision.Line, error) {
	f := decisionFilter(r.URL.Query())
	f.After, f.Limit = "", 500
	var all []decision.Line
	for {
		found, err := s.Register.List(r.Context(), f, s.today())
		if err != nil {
			return nil, err
		}
		all = append(all, found.Lines...)
		if found.Next == "" || len(all) >= mostInFile {
			return all, nil
		}
		f.After = found.Next
	}
}

func (s *Server) decisionsTable(r *http.Request) (string, sheet.Table, error) {
	lines, err := s.everyDecision(r)
	return tableName("decisions", s.today()), s.decisionSheet(lines, "Decisions"), err
}

func (s *Server) decisionSheet(lines []decision.Line, title string) sheet.Table {
	t := sheet.Table{Title: title, Header: []string{"Number", "Subject", "Body", "Decision maker", "Stage", "Decision made", "Key decision", "Restriction",
		"Notice", "Due", "Made", "Takes effect", "Address"}}
	for _, l := range lines {
		t.Rows = append(t.Rows, []string{l.Number, l.Subject, l.Body.Name, l.Maker, string(l.Stage), yesNo(l.IsMade()), string(l.Key), string(l.Restriction),
			l.NoticeOn.Words(), l.DueOn.Words(), l.MadeOn.Words(), l.EffectiveOn.Words(), s.whole(route.DecisionTo(l.Body.Slug, l.Ref))})
	}
	return t
}
