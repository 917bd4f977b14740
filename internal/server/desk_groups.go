package server

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/group"
	"partnershipportal/internal/sheet"
	"partnershipportal/web/form"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

// deskGroupPages are those of business support, who keep the groups.
func (s *Server) deskGroupPages(in innerRoutes) {
	who := can(authz.EditGroups)
	in.get(route.DeskGroups, who, s.getDeskGroups)
	in.table(route.DeskGroups, who, s.deskGroupsTable)
	in.get(route.DeskGroupAdd, who, s.getDeskGroupAdd)
	in.post(route.DeskGroupAdd, who, smallForm, s.postDeskGroupAdd)
	in.get(route.DeskGroup, who, s.getDeskGroup)
	for path, act := range map[string]groupAct{
		route.DeskGroupChange: groupChangeAct, route.DeskGroupRename: groupRenameAct, route.DeskGroupEnd: groupEndAct, route.DeskGroupTerms: groupTermsAct,
		route.DeskGroupMember: memberAct, route.DeskGroupMemberEnd: memberEndAct, route.DeskGroupMemberRetract: memberRetractAct,
		route.DeskGroupMeeting: meetingAct, route.DeskMeetingChange: meetingChangeAct, route.DeskMeetingHeld: meetingHeldAct,
		route.DeskMeetingCancel: meetingCancelAct, route.DeskMeetingPlan: meetingPlanAct, route.DeskMeetingFile: meetingFileAct,
		route.DeskMeetingWithdraw: fileWithdrawAct, route.DeskMeetingAttendance: attendanceAct, route.DeskAttendanceRetract: attendanceRetractAct,
		route.DeskGroupRaise: raiseAct, route.DeskMeetingRaise: raiseAct,
		route.DeskActionChange: actionChangeAct, route.DeskActionDrop: actionDropAct, route.DeskActionReopen: actionReopenAct,
	} {
		limit := int64(smallForm)
		if act.upload {
			limit = documentForm
		}
		in.get(path, who, s.getGroupAct(act))
		in.post(path, who, limit, s.postGroupAct(act))
	}
}

func (s *Server) getDeskGroups(w http.ResponseWriter, r *http.Request) error {
	list, err := s.Groups.Groups(r.Context(), actorOf(r))
	if err != nil {
		return err
	}
	t := workTable(list, s.today(), route.GroupWorkTo)
	t.Empty = "There is no group yet. Add the first one."
	t.Columns = append(t.Columns, ui.Column{Text: "Change"})
	for i, g := range list {
		t.Rows[i] = append(t.Rows[i], ui.Cell{Text: "Change " + g.Name, Path: route.DeskGroupTo(g.Slug)})
	}
	p := page.GroupPage{Heading: "Groups", Intro: []string{"Add each group of the partnership with its members. Then keep its meetings, papers, minutes and actions."},
		Sections: []page.GroupSection{{Heading: "All groups", Parts: []templ.Component{t}, Buttons: []ui.Button{{Text: "Add a group", Path: route.DeskGroupAdd}}},
			{Heading: "All actions", Parts: []templ.Component{page.Downloads{Path: route.GroupActions}.Content()}}},
		Links: []ui.Link{{Text: "What the public sees of the groups", Path: route.Groups}},
	}
	p.Sections[0].Parts = append(p.Sections[0].Parts, page.Downloads{Path: route.DeskGroups}.Content())
	return s.show(w, r, http.StatusOK, view{title: "Groups", current: route.DeskGroups, content: p.Content()})
}

func (s *Server) deskGroupsTable(r *http.Request) (string, sheet.Table, error) {
	list, err := s.Groups.Groups(r.Context(), actorOf(r))
	if err != nil {
		return "", sheet.Table{}, err
	}
	t := sheet.Table{Header: []string{"Name", "Address", "Purpose", "Chair", "Meets", "First day", "Last day", "Members", "Next meeting", "Open actions", "Overdue actions"}}
	for _, g := range list {
		t.Rows = append(t.Rows, []string{g.Name, s.whole(route.GroupTo(g.Slug)), g.Purpose, g.Chair, g.Rhythm, g.StartsOn.String(), g.EndsOn.String(),
			strconv.Itoa(g.Members), g.Next.String(), strconv.Itoa(g.Open), strconv.Itoa(g.Overdue)})
	}
	return tableName("groups", s.today()), t, nil
}

func (s *Server) getDeskGroupAdd(w http.ResponseWriter, r *http.Request) error {
	return s.showGroupAdd(w, r, form.New(nil))
}

func (s *Server) postDeskGroupAdd(w http.ResponseWriter, r *http.Request) error {
	f, err := formOf(r, "name", "slug", "purpose", "chair", "chair-post", "rhythm", "starts")
	if err != nil {
		return err
	}
	cmd := group.AddCommand{
		Name:    f.Required("name", "Name", "Enter the name of the group"),
		Slug:    f.Required("slug", "Address", "Enter the address of its page"),
		Purpose: f.RequiredText("purpose", "Purpose", 4000, "Enter the purpose of the group"),
		Chair:   f.Line("chair", "Chair"), ChairPost: readPost(f), Rhythm: f.Line("rhythm", "How often it meets"),
		From: f.Date("starts", "First day", "Enter the first day of the group"),
	}
	if f.Errors().Any() {
		return s.showGroupAdd(w, r, f)
	}
	_, err = s.Groups.Add(r.Context(), actorOf(r), cmd)
	if onForm(f, err) {
		return s.showGroupAdd(w, r, f)
	}
	if err != nil {
		return err
	}
	s.tell(r, cmd.Name+" added", "Now add its members and its terms of reference.")
	return redirect(w, r, route.DeskGroupTo(cmd.Slug))
}

func (s *Server) showGroupAdd(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	chair, err := s.askChair(r, f, "")
	if err != nil {
		return err
	}
	p := page.DeskForm{Heading: "Add a group", Errors: f.Errors(), Action: route.DeskGroupAdd, Cancel: route.DeskGroups, Button: ui.Button{Text: "Add group"},
		Fields: append([]templ.Component{
			ui.Input{Field: f.Field("name", "Name", "Its first name, if you will record later ones too")},
			ui.Input{Field: f.Field("slug", "Address of its page", "Lower-case letters, figures and hyphens, for example quality-group. It cannot be changed later."), NoSpellcheck: true},
			ui.Textarea{Field: f.Field("purpose", "Purpose", "What the group is for. The public reads it."), Max: 4000},
			ui.DateInput{Field: f.DateField("starts", "First day", "For example 17 9 2019")},
		}, chair...)}
	return s.showForm(w, r, view{title: p.Heading, current: route.DeskGroups, content: p.Content(), hasErrors: p.Errors.Any(),
		back: &ui.Link{Text: "Groups", Path: route.DeskGroups}})
}

// askChair draws what asks for the chair and the rhythm.
func (s *Server) askChair(r *http.Request, f *form.Form, slug string) ([]templ.Component, error) {
	posts, err := s.Groups.ChairPosts(r.Context(), actorOf(r), slug)
	if err != nil {
		return nil, err
	}
	fields := []templ.Component{ui.Input{Field: f.Field("chair", "Post that takes the chair (optional)", "For example “Independent scrutineer”. A post, never a person’s name.")}}
	if len(posts) > 0 {
		list := []ui.Option{{Text: "None of these"}}
		for _, p := range posts {
			list = append(list, ui.Option{Value: strconv.FormatInt(p.ID, 10), Text: p.Title + ", " + or(p.Body, "the partnership")})
		}
		fields = append(fields, ui.Select{Field: f.Field("chair-post", "Or a recorded post (optional)", ""), Options: list})
	}
	return append(fields, ui.Input{Field: f.Field("rhythm", "How often it meets (optional)", "For example “every six weeks”")}), nil
}

func readPost(f *form.Form) int64 {
	typed := f.Raw("chair-post")
	if typed == "" {
		return 0
	}
	n, err := strconv.ParseInt(typed, 10, 64)
	if err != nil || n <= 0 {
		f.Fail("chair-post", "Choose a post of the list")
	}
	return n
}

func (s *Server) getDeskGroup(w http.ResponseWriter, r *http.Request) error {
	g, err := s.Groups.Group(r.Context(), actorOf(r), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	act := func(name string) string { return route.DeskGroupAct(g.Slug, name) }
	secondary := func(text, path string) ui.Button { return ui.Button{Text: text, Path: path, Kind: ui.Secondary} }
	p := page.GroupPage{Caption: "Group", Heading: g.Name, State: endedState(g.Ended(s.today())), Demo: g.IsDemonstration, Intro: []string{g.Purpose}, Rows: groupRows(g),
		Links: []ui.Link{{Text: "Meetings and actions of the group", Path: route.GroupWorkTo(g.Slug)}, {Text: "What the public sees", Path: route.GroupTo(g.Slug)}},
		Sections: []page.GroupSection{
			{Heading: "Change the group", Buttons: []ui.Button{secondary("Change purpose, chair or rhythm", act("change")),
				secondary("Give it a new name", act("rename")), secondary("Say when it ended", act("end"))}},
			{Heading: "Members", Parts: []templ.Component{memberTable(g)}, Buttons: []ui.Button{secondary("Add a member", act("members"))}},
		}}
	terms := termsSection(g.Slug, g.Terms, s.today())
	terms.Buttons = []ui.Button{secondary("Add terms of reference", act("terms-of-reference"))}
	p.Sections = append(p.Sections, terms)
	return s.show(w, r, http.StatusOK, view{title: g.Name, current: route.DeskGroups, content: p.Content(),
		breadcrumbs: []ui.Link{{Text: "Home", Path: route.Home}, {Text: "Groups", Path: route.DeskGroups}, {Text: g.Name}}})
}

func memberTable(g group.Group) ui.Table {
	t := ui.Table{Caption: "Members", HideCaption: true, RowHeaders: true, Empty: "No organisation is a member yet.",
		Columns: []ui.Column{{Text: "Organisation"}, {Text: "Member"}, {Text: "Change"}}}
	for _, m := range g.Bodies {
		row := []ui.Cell{{Text: m.Name, Path: route.DeskOrganisationTo(m.Slug)}, {Text: sentence(term(m.StartsOn, m.EndsOn))}}
		if m.RetractedReason != "" {
			row[1].Text += " (entered in error: " + m.RetractedReason + ")"
			row = append(row, ui.Cell{Text: "None"})
		} else {
			row = append(row, ui.Cell{Content: page.Links{
				{Text: "Set the last day of " + m.Name, Path: route.DeskGroupMemberAct(g.Slug, m.ID, "end")},
				{Text: "Entered in error", Path: route.DeskGroupMemberAct(g.Slug, m.ID, "retract")}}.Content()})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// memberOptions are the bodies of a day, as the options of a field.
func memberOptions(g group.Group, on day.Date) []ui.Option {
	list := []ui.Option{{Text: "Another organisation, named below"}}
	for _, m := range g.MembersOn(on) {
		list = append(list, ui.Option{Value: m.Slug, Text: m.Name})
	}
	return list
}
