package server

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/decision"
	"partnershipportal/internal/id"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// deskDecisionPages are those on which records of decision are worked on.
func (s *Server) deskDecisionPages(in innerRoutes) {
	read, edit, rules := can(authz.ReadDecisions), can(authz.EditDecision), can(authz.EditDecisionRules)
	in.get(route.DeskDecisions, read, s.getDeskDecisions)
	in.table(route.DeskDecisions, read, s.deskDecisionsTable)
	in.get(route.DeskDecisionCalendar, read, s.getDeskDecisionCalendar)
	in.table(route.DeskDecisionCalendar, read, s.deskDecisionCalendarTable)
	in.table(route.DeskDecisionRegister, read, s.deskDecisionRegister)
	in.get(route.DeskDecisionNew, edit, s.getDeskDecisionNew)
	in.post(route.DeskDecisionNew, edit, smallForm, s.postDeskDecisionNew)
	in.get(route.DeskDecision, read, s.getDeskDecision)
	in.get(route.DeskDecisionFile, read, s.getDeskDecisionFile)
	in.get(route.DeskDecisionAct, edit, s.getDeskDecisionAct)
	in.post(route.DeskDecisionAct, edit, sectionForm, s.postDeskDecisionAct)
	in.get(route.DeskDecisionAttach, edit, s.getDeskDecisionAttach)
	in.post(route.DeskDecisionAttach, edit, documentForm, s.postDeskDecisionAttach)
	in.get(route.DeskDecisionRules, rules, s.getDeskDecisionRules)
	in.get(route.DeskDecisionRuleAct, rules, s.getDeskDecisionRuleAct)
	in.post(route.DeskDecisionRuleAct, rules, smallForm, s.postDeskDecisionRuleAct)
}

func (s *Server) getDeskDecisions(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), actorOf(r)
	f := decisionFilter(r.URL.Query())
	facets, err := s.Decisions.Facets(ctx, by)
	if err != nil {
		return err
	}
	errs := form.New(nil)
	found, err := s.Decisions.List(ctx, by, f)
	if err != nil && !ruled(errs, err) {
		return err
	}
	standings, err := s.standings(r, found.Lines)
	if err != nil {
		return err
	}
	p := page.DeskDecisions{CanEnter: by.Can(authz.EditDecision), CanRules: decision.CanEditRules(by), Errors: errs.Errors(), Filters: decisionFields(f, facets),
		Table: deskDecisionTable(found.Lines, standings), CanImport: decision.CanImport(by),
		Files: page.Downloads{Path: route.DeskDecisions, Query: filterQuery(f, "")}, Register: page.Downloads{Path: route.DeskDecisionRegister, Query: filterQuery(f, "")}}
	p.Table.Empty = "There is no record of decision yet. Enter the first one."
	if filterQuery(f, "") != "" {
		p.Table.Empty = nothingFound(found.Search)
	}
	p.Note = searchNote(f, found.Search)
	if found.Next != "" {
		p.Next = route.Asking(route.DeskDecisions, filterQuery(f, found.Next))
	}
	if f.After != "" {
		p.First = route.Asking(route.DeskDecisions, filterQuery(f, ""))
	}
	return s.showForm(w, r, view{title: "Decisions", current: route.DeskDecisions, content: p.Content(), hasErrors: p.Errors.Any()})
}

func (s *Server) standings(r *http.Request, lines []decision.Line) (map[id.Decision]decision.Standing, error) {
	list := make([]id.Decision, 0, len(lines))
	for _, l := range lines {
		list = append(list, l.ID)
	}
	return s.Decisions.Standings(r.Context(), actorOf(r), list)
}

// standingTag says how far the public knows of a record.
func standingTag(s decision.Standing) ui.Tag {
	switch {
	case s.Published == "":
		return ui.Tag{State: ui.Draft, Text: "Draft"}
	case s.Changed:
		return ui.Tag{State: ui.Waiting, Text: "Changes not published"}
	}
	return ui.Tag{State: ui.Complete, Text: "Published"}
}

func deskDecisionTable(lines []decision.Line, standings map[id.Decision]decision.Standing) ui.Table {
	t := ui.Table{Caption: "Records of decision", HideCaption: true, RowHeaders: true,
		Columns: []ui.Column{{Text: "Subject"}, {Text: "Number"}, {Text: "Body"}, {Text: "Stage"}, {Text: "Day"}, {Text: "Public"}}}
	for _, l := range lines {
		t.Rows = append(t.Rows, []ui.Cell{{Text: demoName(l.Subject, l.IsDemonstration), Path: route.DeskDecisionTo(l.Body.Slug, l.Ref)}, {Text: or(l.Number, "None")},
			{Text: l.Body.Name}, {Content: stageTag(l.Stage, l.WasMade)}, {Text: lineDate(l)}, {Content: standingTag(standings[l.ID])}})
	}
	return t
}

func (s *Server) deskDecisionsTable(r *http.Request) (string, sheet.Table, error) {
	f, by := decisionFilter(r.URL.Query()), actorOf(r)
	f.After, f.Limit = "", 500
	var all []decision.Line
	for len(all) < mostInFile {
		found, err := s.Decisions.List(r.Context(), by, f)
		if err != nil {
			return "", sheet.Table{}, err
		}
		all = append(all, found.Lines...)
		if f.After = found.Next; f.After == "" {
			break
		}
	}
	standings, err := s.standings(r, all)
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := s.decisionSheet(all, "Decisions")
	t.Header = append(t.Header, "Public")
	for i, l := range all {
		row := t.Rows[i]
		row[len(row)-1] = s.whole(route.DeskDecisionTo(l.Body.Slug, l.Ref))
		t.Rows[i] = append(row, standingTag(standings[l.ID]).Text)
	}
	return tableName("decisions-desk", s.today()), t, nil
}

// deskDecisionRegister is every record of a filter with all its fields, to work on elsewhere and to import again.
func (s *Server) deskDecisionRegister(r *http.Request) (string, sheet.Table, error) {
	t, err := s.Decisions.Export(r.Context(), actorOf(r), decisionFilter(r.URL.Query()), mostInFile)
	return tableName("decisions-register", s.today()), t, err
}

// calendarDays is how far the calendar of deadlines looks ahead, unless it is asked to look further.
const calendarDays = 92

// calendarSpan reads which days the calendar shows.
func (s *Server) calendarSpan(r *http.Request) (from, until day.Date) {
	from = s.today()
	days := calendarDays
	if n, err := strconv.Atoi(r.URL.Query().Get("days")); err == nil && n > 0 && n <= 3660 {
		days = n
	}
	return from, from.Add(days)
}

func (s *Server) getDeskDecisionCalendar(w http.ResponseWriter, r *http.Request) error {
	from, until := s.calendarSpan(r)
	list, err := s.Decisions.Calendar(r.Context(), actorOf(r), from, until)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: "Deadlines", HideCaption: true, RowHeaders: true, Empty: "No deadline falls in this time.",
		Columns: []ui.Column{{Text: "Day"}, {Text: "What happens"}, {Text: "Record"}, {Text: "Body"}, {Text: "Stage"}}}
	for _, d := range list {
		t.Rows = append(t.Rows, []ui.Cell{{Content: ui.TimeOf(d.On)}, {Text: d.Kind.Words()},
			{Text: joined(d.Number, d.Subject), Path: route.DeskDecisionTo(d.Body.Slug, d.Ref)}, {Text: d.Body.Name}, {Content: stageTag(d.Stage, !d.Stage.Before())}})
	}
	f := form.New(r.URL.Query())
	days := ui.Select{Field: f.Field("days", "How far ahead", ""), Options: []ui.Option{{Value: "92", Text: "Three months"}, {Value: "366", Text: "One year"}, {Value: "2200", Text: "Six years"}}}
	p := page.DeskDecisionCalendar{Span: "From " + from.Long() + " to " + until.Long() + ".", Days: days, Table: t,
		Files: page.Downloads{Path: route.DeskDecisionCalendar, Query: queryOf(r)}}
	return s.show(w, r, http.StatusOK, view{title: "Calendar of deadlines", current: route.DeskDecisions, content: p.Content(),
		breadcrumbs: []ui.Link{{Text: "Decisions", Path: route.DeskDecisions}, {Text: "Calendar"}}})
}

func joined(number, subject string) string {
	if number == "" {
		return subject
	}
	return number + ": " + subject
}

func (s *Server) deskDecisionCalendarTable(r *http.Request) (string, sheet.Table, error) {
	from, until := s.calendarSpan(r)
	list, err := s.Decisions.Calendar(r.Context(), actorOf(r), from, until)
	t := sheet.Table{Title: "Deadlines", Header: []string{"Day", "Day (in words)", "What happens", "Number", "Subject", "Body", "Stage", "Page"}}
	for _, d := range list {
		t.Rows = append(t.Rows, []string{d.On.Date.String(), d.On.Words(), d.Kind.Words(), d.Number, d.Subject, d.Body.Name, string(d.Stage),
			s.whole(route.DeskDecisionTo(d.Body.Slug, d.Ref))})
	}
	return tableName("decision-deadlines", s.today()), t, err
}

func (s *Server) getDeskDecisionNew(w http.ResponseWriter, r *http.Request) error {
	f := form.New(nil)
	return s.showDeskDecisionNew(w, r, f)
}

func (s *Server) showDeskDecisionNew(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	bodies, err := s.Decisions.Bodies(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	var list []ui.Option
	for _, b := range bodies {
		list = append(list, ui.Option{Value: b.Slug, Text: or(b.Name, "The partnership itself")})
	}
	posts, err := s.Decisions.Posts(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	p := page.DeskForm{Heading: "New record of decision", Errors: f.Errors(), Action: route.DeskDecisionNew, Cancel: route.DeskDecisions, Button: ui.Button{Text: "Continue"},
		Intro: []string{"Nothing is public before it is published. A decision that was made elsewhere before now is imported instead."},
		Fields: []templ.Component{
			ui.Select{Field: f.Field("body", "Whose decision is it?", ""), Options: list, Empty: "Choose a body"},
			ui.Radios{Field: f.Field("stage", "What do you begin with?", ""), Options: []ui.Option{
				{Value: string(decision.Notice), Text: "A notice of a decision to come", Hint: "A key decision usually needs 28 clear days of notice"},
				{Value: string(decision.Proposed), Text: "A proposed record", Hint: "Where no notice is needed, or it was given elsewhere"}}},
			ui.Input{Field: f.Field("subject", "Subject", "What the decision is about, in one line. It is public once the record is published")},
			ui.Input{Field: f.Field("number-printed", "Decision number, as printed (optional)", "For example 19/00035"), Width: "20", NoSpellcheck: true},
			ui.Input{Field: f.Field("maker", "Post that decides (optional for now)", "For example Cabinet Member for Children. Give the post, not only the name"), Suggestions: titlesOf(posts, 0)},
		}}
	return s.showForm(w, r, view{title: p.Heading, current: route.DeskDecisions, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "Decisions", Path: route.DeskDecisions}})
}

func (s *Server) postDeskDecisionNew(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, "body", "stage", "subject", "number-printed", "maker")
	if err != nil {
		return err
	}
	cmd := decision.CreateCommand{Body: f.Required("body", "Body", "Choose whose decision it is"),
		Stage: decision.Stage(f.Choice("stage", "Choose what you begin with", string(decision.Notice), string(decision.Proposed)))}
	cmd.Draft.Subject = readSubject(f)
	cmd.Draft.NumberPrinted = readDecisionNumber(f, "number-printed")
	cmd.Draft.MakerTitle = f.Text("maker", "The post", 300)
	cmd.Draft.CallInApplies = cmd.Body != decision.PartnershipSlug
	if f.Errors().Any() {
		return s.showDeskDecisionNew(w, r, f)
	}
	if err := s.choosePost(r, &cmd); err != nil {
		return err
	}
	made, err := s.Decisions.Create(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showDeskDecisionNew(w, r, f)
	}
	if err != nil {
		return err
	}
	d, err := s.Decisions.Read(r.Context(), actorOf(r), made)
	if err != nil {
		return err
	}
	s.tell(r, "The record is entered", "It is a draft. This page says what it still needs.")
	return redirect(w, r, deskRecord(d))
}

// choosePost links a new record to the post that decides, if the membership keeps it.
func (s *Server) choosePost(r *http.Request, cmd *decision.CreateCommand) error {
	bodies, err := s.Decisions.Bodies(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	posts, err := s.Decisions.Posts(r.Context(), actorOf(r))
	if i := slices.IndexFunc(bodies, func(b decision.Body) bool { return b.Slug == cmd.Body }); i >= 0 {
		cmd.Draft.MakerPost = decision.PostOf(posts, bodies[i].ID, cmd.Draft.MakerTitle)
	}
	return err
}

// titlesOf are the titles of posts, each once: those of a body first, or of all bodies where none is meant.
func titlesOf(posts []decision.Post, body id.Organisation) []string {
	var own, others []string
	for _, p := range posts {
		switch {
		case slices.Contains(own, p.Title), slices.Contains(others, p.Title):
		case p.Body == body || body == 0:
			own = append(own, p.Title)
		case p.Body == 0:
			others = append(others, p.Title)
		}
	}
	return append(own, others...)
}

func readSubject(f *form.Form) string {
	return f.RequiredText("subject", "Subject", 500, "Enter the subject")
}

func readDecisionNumber(f *form.Form, name string) string { return f.Text(name, "The number", 40) }

// deskRecord is the desk's page of a record.
func deskRecord(d decision.Full) string { return route.DeskDecisionTo(d.Body.Slug, d.Ref) }
