package server

import (
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/group"
	"partnershipportal/internal/id"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// takesPart is everybody who may have something to do with groups.
var takesPart = can(authz.FollowGroups, authz.ReadGroups, authz.EditGroups)

// groupWorkPages are those of everybody whose body takes part in a group, and of those who read all of them.
func (s *Server) groupWorkPages(in innerRoutes) {
	in.get(route.GroupWork, takesPart, s.getGroupWork)
	in.table(route.GroupActions, takesPart, s.groupActionsTable)
	in.get(route.GroupWorkOne, takesPart, s.getGroupWorkOne)
	in.get(route.GroupMeeting, takesPart, s.getGroupMeeting)
	in.get(route.GroupMeetingFile, takesPart, s.getGroupMeetingFile)
	in.get(route.GroupAction, takesPart, s.getGroupAction)
	in.post(route.GroupActionReport, takesPart, smallForm, s.postGroupActionReport)
	s.deskGroupPages(in)
}

// groupsNow is the entry of the navigation that a page about groups belongs to.
func groupsNow(by authz.Actor) string {
	if group.CanEdit(by) {
		return route.DeskGroups
	}
	return route.GroupWork
}

func (s *Server) getGroupWork(w http.ResponseWriter, r *http.Request) error {
	by := actorOf(r)
	groups, err := s.Groups.Groups(r.Context(), by)
	if err != nil {
		return err
	}
	own, err := s.Groups.OwnActions(r.Context(), by)
	if err != nil {
		return err
	}
	p := page.GroupPage{Heading: "Groups", Intro: []string{"Groups of the partnership in which your organisation takes part: their meetings, papers and actions."},
		Files: page.Downloads{Path: route.GroupActions}}
	if by.Can(authz.ReadGroups) {
		p.Intro = []string{"All groups of the partnership: their meetings, papers and actions."}
	}
	if by.Can(authz.FollowGroups) {
		t := s.actionTable("Your organisation’s open actions", own, true)
		t.Empty = "No group has asked your organisation to do anything that is still open."
		p.Sections = append(p.Sections, page.GroupSection{Heading: "Your organisation’s open actions", Parts: []templ.Component{t}})
	}
	t := workTable(groups, s.today(), route.GroupWorkTo)
	t.Empty = "Your organisation is not a member of any group. Business support can add it."
	if by.Can(authz.ReadGroups) {
		t.Empty = "There is no group yet."
	}
	p.Sections = append(p.Sections, page.GroupSection{Heading: "Groups", Parts: []templ.Component{t,
		page.Links{{Text: "What the public sees of the groups", Path: route.Groups}}.Content()}})
	return s.show(w, r, http.StatusOK, view{title: "Groups", current: groupsNow(by), content: p.Content()})
}

func workTable(list []group.Line, today day.Date, to func(string) string) ui.Table {
	t := ui.Table{Caption: "Groups", HideCaption: true, RowHeaders: true,
		Columns: []ui.Column{{Text: "Group"}, {Text: "Next meeting"}, {Text: "Open actions", Numeric: true}, {Text: "Overdue", Numeric: true}, {Text: "Members", Numeric: true}}}
	for _, g := range list {
		name := g.Name
		if g.IsDemonstration {
			name += " (demonstration data)"
		}
		next := or(g.Next.Long(), "None planned")
		if g.Ended(today) {
			next = "Ended on " + g.EndsOn.Long()
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: name, Path: to(g.Slug)}, {Text: next}, {Text: strconv.Itoa(g.Open)}, {Text: strconv.Itoa(g.Overdue)},
			{Text: strconv.Itoa(g.Members)}})
	}
	return t
}

// actionTable lists actions; of several groups, with the name of the group.
func (s *Server) actionTable(caption string, list []group.Action, ofSeveral bool) ui.Table {
	t := ui.Table{Caption: caption, HideCaption: true, RowHeaders: true, Empty: "No action has been recorded yet.",
		Columns: []ui.Column{{Text: "Action"}, {Text: "Owner"}, {Text: "Due"}, {Text: "State"}}}
	if ofSeveral {
		t.Columns = append(t.Columns, ui.Column{Text: "Group"})
	}
	for _, a := range list {
		row := []ui.Cell{{Text: strconv.Itoa(a.Number) + ". " + a.What, Path: route.GroupActionTo(a.Group, a.Number)}, {Text: a.OwnerName},
			{Text: a.DueOn.Long()}, {Content: actionTag(a, s.today())}}
		if ofSeveral {
			row = append(row, ui.Cell{Text: a.GroupName})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func actionTag(a group.Action, today day.Date) ui.Tag {
	switch {
	case a.Overdue(today):
		return ui.Tag{State: ui.Failed, Text: "Overdue"}
	case a.State == group.Done:
		return ui.Tag{State: ui.Complete, Text: "Done"}
	case a.State == group.Dropped:
		return ui.Tag{State: ui.SetAside, Text: "Dropped"}
	}
	return ui.Tag{State: ui.Open}
}

func (s *Server) getGroupWorkOne(w http.ResponseWriter, r *http.Request) error {
	by, today := actorOf(r), s.today()
	g, err := s.Groups.Group(r.Context(), by, chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	edit := group.CanEdit(by)
	p := page.GroupPage{Caption: "Group", Heading: g.Name, State: endedState(g.Ended(today)), Demo: g.IsDemonstration, Intro: []string{g.Purpose}, Rows: groupRows(g)}
	p.Links = []ui.Link{{Text: "What the public sees", Path: route.GroupTo(g.Slug)}}
	if edit {
		p.Links = append(p.Links, ui.Link{Text: "Change the group, its members and terms of reference", Path: route.DeskGroupTo(g.Slug)})
	}
	p.Sections = append(p.Sections, meetingSections(g, edit, today)...)
	actions := page.GroupSection{Heading: "Actions", Parts: []templ.Component{s.actionTable("Actions", g.Actions, false)}}
	if edit {
		actions.Buttons = []ui.Button{{Text: "Add an action", Path: route.DeskGroupAct(g.Slug, "actions"), Kind: ui.Secondary}}
	}
	p.Sections = append(p.Sections, actions, memberSection(g, today), termsSection(g.Slug, g.Terms, today))
	return s.show(w, r, http.StatusOK, view{title: g.Name, current: groupsNow(by), content: p.Content(),
		breadcrumbs: []ui.Link{{Text: "Home", Path: route.Home}, {Text: "Groups", Path: route.GroupWork}, {Text: g.Name}}})
}

func groupRows(g group.Group) []ui.Row {
	rows := []ui.Row{{Key: "Chair", Value: or(g.Chair, "Not recorded")}, {Key: "Meets", Value: or(sentence(g.Rhythm), "Not recorded")},
		{Key: "Dates", Value: sentence(term(g.StartsOn, g.EndsOn))}}
	for _, n := range g.Names {
		if n.Name != g.Name {
			rows = append(rows, ui.Row{Key: "Another name", Value: n.Name + " (" + term(n.StartsOn, n.EndsOn) + ")"})
		}
	}
	return rows
}

func memberSection(g group.Group, today day.Date) page.GroupSection {
	s := page.GroupSection{Heading: "Members"}
	on := today
	if g.Ended(today) {
		s.Heading, on = "Members when it ended", g.EndsOn
	}
	var list page.BodyList
	for _, m := range g.MembersOn(on) {
		list = append(list, ui.Link{Text: m.Name, Path: route.OrganisationTo(m.Slug)})
	}
	if len(list) == 0 {
		s.Text = "No organisation is a member today."
		return s
	}
	s.Parts = []templ.Component{list.Content()}
	return s
}

// meetingSections are the meetings to come, the nearest first, and those before.
func meetingSections(g group.Group, edit bool, today day.Date) []page.GroupSection {
	table := func(caption, none string) ui.Table {
		return ui.Table{Caption: caption, HideCaption: true, RowHeaders: true, Empty: none, Columns: []ui.Column{{Text: "Day"}, {Text: "Place"}, {Text: "State"}}}
	}
	coming, past := table("Coming meetings", "No meeting is planned."), table("Past meetings", "No meeting has been recorded yet.")
	for _, m := range g.Meetings {
		row := []ui.Cell{{Text: m.On.Long(), Path: route.GroupMeetingTo(g.Slug, m.ID)}, {Text: m.Place}, {Content: meetingTag(m.State)}}
		if m.On.Before(today) || m.State != group.Planned {
			past.Rows = append(past.Rows, row)
		} else {
			coming.Rows = append([][]ui.Cell{row}, coming.Rows...)
		}
	}
	first := page.GroupSection{Heading: "Coming meetings", Parts: []templ.Component{coming}}
	if edit {
		first.Buttons = []ui.Button{{Text: "Add a meeting", Path: route.DeskGroupAct(g.Slug, "meetings"), Kind: ui.Secondary}}
	}
	return []page.GroupSection{first, {Heading: "Past meetings", Parts: []templ.Component{past}}}
}

func meetingTag(state group.MeetingState) ui.Tag {
	switch state {
	case group.Held:
		return ui.Tag{State: ui.Complete, Text: "Held"}
	case group.Cancelled:
		return ui.Tag{State: ui.Withdrawn, Text: "Cancelled"}
	}
	return ui.Tag{State: ui.Upcoming, Text: "Planned"}
}

// groupActionsTable gives every action that the reader may see.
func (s *Server) groupActionsTable(r *http.Request) (string, sheet.Table, error) {
	list, err := s.Groups.Actions(r.Context(), actorOf(r))
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Header: []string{"Group", "Number", "Action", "Owner", "Owner's address", "Due", "State", "Overdue", "Closed on", "Closing note", "Raised at the meeting of", "Page"}}
	for _, a := range list {
		overdue := "no"
		if a.Overdue(s.today()) {
			overdue = "yes"
		}
		t.Rows = append(t.Rows, []string{a.GroupName, strconv.Itoa(a.Number), a.What, a.OwnerName, s.whole(route.OrganisationTo(a.OwnerSlug)), a.DueOn.String(),
			string(a.State), overdue, a.ClosedOn.String(), a.ClosingNote, a.MeetingOn.String(), s.whole(route.GroupActionTo(a.Group, a.Number))})
	}
	return tableName("group-actions", s.today()), t, nil
}

// groupTasks are the open actions of the actor's bodies.
func (s *Server) groupTasks(ctx context.Context, by authz.Actor) ([]page.HomeTask, error) {
	list, err := s.Groups.OwnActions(ctx, by)
	if err != nil {
		return nil, err
	}
	var tasks []page.HomeTask
	for _, a := range list {
		due := "due on " + a.DueOn.Long()
		if a.Overdue(s.today()) {
			due = "overdue since " + a.DueOn.Long()
		}
		tasks = append(tasks, page.HomeTask{Text: "Action for " + a.OwnerName + ": " + shorten(a.What, 120) + " (" + due + ")", Path: route.GroupActionTo(a.Group, a.Number)})
	}
	return tasks, nil
}

// shorten cuts a long text for a list.
func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most]) + "…"
}

// actionOf reads the action that the address names.
func (s *Server) actionOf(r *http.Request) (group.Action, error) {
	number, err := pathID[int64](r, "number")
	if err != nil || number > 1<<31-1 {
		return group.Action{}, errNoPage
	}
	return s.Groups.Action(r.Context(), actorOf(r), chi.URLParam(r, "slug"), int(number))
}

func (s *Server) getGroupAction(w http.ResponseWriter, r *http.Request) error {
	a, err := s.actionOf(r)
	if err != nil {
		return err
	}
	return s.showGroupAction(w, r, a, form.New(nil), "")
}

const longestNote = 1800 // characters; what changed is written behind it

func (s *Server) postGroupActionReport(w http.ResponseWriter, r *http.Request) error {
	a, err := s.actionOf(r)
	if err != nil {
		return err
	}
	f, err := formOf(r, "what", "note")
	if err != nil {
		return err
	}
	cmd := group.ReportCommand{Slug: a.Group, Number: a.Number,
		Done: f.Choice("what", "Choose what you want to report", "progress", "done") == "done",
		Note: f.RequiredText("note", "What was done", longestNote, "Say what was done")}
	if f.Errors().Any() {
		return s.showGroupAction(w, r, a, f, "")
	}
	err = s.Groups.Report(r.Context(), actorOf(r), cmd)
	if notice, ok := conflict(err); ok {
		s.note(r, err)
		if a, err = s.actionOf(r); err != nil {
			return err
		}
		return s.showGroupAction(w, r, a, f, notice)
	}
	if err != nil {
		return err
	}
	if cmd.Done {
		s.tell(r, "The action is recorded as done", "Business support can open it again if something is missing.")
	} else {
		s.tell(r, "Progress reported", "")
	}
	return redirect(w, r, route.GroupActionTo(a.Group, a.Number))
}

func (s *Server) showGroupAction(w http.ResponseWriter, r *http.Request, a group.Action, f *form.Form, notice string) error {
	by := actorOf(r)
	p := page.GroupPage{Caption: a.GroupName, Heading: "Action " + strconv.Itoa(a.Number), Notice: notice, Errors: f.Errors(), Intro: []string{a.What},
		Rows: []ui.Row{{Key: "State", Content: actionTag(a, s.today())}, {Key: "Owner", Value: a.OwnerName}, {Key: "Due", Value: a.DueOn.Long()}}}
	if !a.ClosedOn.IsZero() {
		p.Rows = append(p.Rows, ui.Row{Key: "Closed", Value: a.ClosedOn.Long()}, ui.Row{Key: "Closing note", Value: a.ClosingNote})
	}
	raised := ui.Row{Key: "Raised at", Value: "No meeting"}
	if a.Meeting != 0 {
		raised.Value = "The meeting of " + a.MeetingOn.Long()
		if a.SeesGroup {
			raised.Actions = []ui.Action{{Text: "See the meeting", Path: route.GroupMeetingTo(a.Group, a.Meeting), About: "of " + a.MeetingOn.Long()}}
		}
	}
	p.Rows = append(p.Rows, raised)
	if a.CanReport {
		p.Sections = append(p.Sections, page.GroupSection{Heading: "Report on this action", Parts: []templ.Component{page.Report{
			Action: route.GroupActionReportTo(a.Group, a.Number),
			What: ui.Radios{Field: f.Field("what", "What do you want to report?", ""), Inline: true,
				Options: []ui.Option{{Value: "progress", Text: "Progress"}, {Value: "done", Text: "It is done"}}},
			Note: ui.Textarea{Field: f.Field("note", "What was done", "The members of the group read this. Do not write about a child or a family."), Max: longestNote},
		}.Content()}})
	}
	p.Sections = append(p.Sections, actionHistory(a))
	if group.CanEdit(by) {
		act := func(name string) string { return route.DeskActionAct(a.Group, a.Number, name) }
		keep := page.GroupSection{Heading: "Keep the log"}
		if a.State == group.Open {
			keep.Buttons = []ui.Button{{Text: "Change the action", Path: act("change"), Kind: ui.Secondary}, {Text: "Drop the action", Path: act("drop"), Kind: ui.Secondary}}
		} else {
			keep.Buttons = []ui.Button{{Text: "Open it again", Path: act("reopen"), Kind: ui.Secondary}}
		}
		p.Sections = append(p.Sections, keep)
	}
	v := view{title: "Action " + strconv.Itoa(a.Number) + ", " + a.GroupName, current: groupsNow(by), content: p.Content(), hasErrors: p.Errors.Any(),
		breadcrumbs: []ui.Link{{Text: "Home", Path: route.Home}, {Text: "Groups", Path: route.GroupWork}, {Text: "Action " + strconv.Itoa(a.Number)}}}
	if a.SeesGroup {
		v.breadcrumbs[2] = ui.Link{Text: a.GroupName, Path: route.GroupWorkTo(a.Group)}
		v.breadcrumbs = append(v.breadcrumbs, ui.Link{Text: "Action " + strconv.Itoa(a.Number)})
	}
	if notice != "" {
		return s.show(w, r, statuses[fault.Conflict], v)
	}
	return s.showForm(w, r, v)
}

var stepWords = map[group.StepKind]string{group.Raised: "Raised", group.Progress: "Progress reported", group.Changed: "Changed",
	group.WasDone: "Reported as done", group.WasDropped: "Dropped", group.Reopened: "Opened again"}

func actionHistory(a group.Action) page.GroupSection {
	var t ui.Timeline
	for _, x := range a.Steps {
		t.Entries = append(t.Entries, ui.TimelineEntry{What: stepWords[x.Kind], Who: or(x.Body, "Business support"), When: ui.TimeAt(x.At), Detail: x.Note})
	}
	return page.GroupSection{Heading: "History", Parts: []templ.Component{t}}
}

// meetingOf reads the meeting that the address names, with its group.
func (s *Server) meetingOf(r *http.Request) (group.Group, group.Meeting, error) {
	which, err := pathID[id.Meeting](r, "meeting")
	if err != nil {
		return group.Group{}, group.Meeting{}, err
	}
	return s.Groups.Meeting(r.Context(), actorOf(r), chi.URLParam(r, "slug"), which)
}

func (s *Server) getGroupMeetingFile(w http.ResponseWriter, r *http.Request) error {
	meeting, err := pathID[id.Meeting](r, "meeting")
	if err != nil {
		return err
	}
	which, err := pathID[id.File](r, "file")
	if err != nil {
		return err
	}
	paper, err := s.Groups.MeetingFile(r.Context(), actorOf(r), chi.URLParam(r, "slug"), meeting, which)
	if err != nil {
		return err
	}
	return sendFile(w, r, paper)
}
