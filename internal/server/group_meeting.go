package server

import (
	"net/http"

	"github.com/a-h/templ"

	"partnershipportal/internal/day"
	"partnershipportal/internal/group"
	"partnershipportal/web/page"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

func (s *Server) getGroupMeeting(w http.ResponseWriter, r *http.Request) error {
	g, m, err := s.meetingOf(r)
	if err != nil {
		return err
	}
	by := actorOf(r)
	edit := group.CanEdit(by)
	p := page.GroupPage{Caption: g.Name, Heading: "Meeting of " + m.On.Long(),
		Rows: []ui.Row{{Key: "State", Content: meetingTag(m.State)}, {Key: "Day", Value: m.On.Long()}, {Key: "Place", Value: m.Place}}}
	switch {
	case m.Note != "" && m.State == group.Cancelled:
		p.Rows = append(p.Rows, ui.Row{Key: "Why cancelled", Value: m.Note})
	case m.Note != "":
		p.Rows = append(p.Rows, ui.Row{Key: "Remark", Value: m.Note})
	}
	if edit {
		p.Sections = append(p.Sections, page.GroupSection{Heading: "Keep this meeting", Buttons: meetingButtons(g, m, s.today())})
	}
	p.Sections = append(p.Sections, fileSections(g, m, edit)...)
	p.Sections = append(p.Sections, attendanceSection(g, m, edit))
	raised := page.GroupSection{Heading: "Actions raised at this meeting", Parts: []templ.Component{s.actionTable("Actions raised at this meeting", m.Actions, false)}}
	if edit && m.State != group.Cancelled {
		raised.Buttons = []ui.Button{{Text: "Add an action of this meeting", Path: route.DeskMeetingAct(g.Slug, m.ID, "actions"), Kind: ui.Secondary}}
	}
	p.Sections = append(p.Sections, raised)
	if len(m.Earlier) > 0 {
		p.Sections = append(p.Sections, earlierSection(m))
	}
	return s.show(w, r, http.StatusOK, view{title: p.Heading + ", " + g.Name, current: groupsNow(by), content: p.Content(),
		breadcrumbs: []ui.Link{{Text: "Home", Path: route.Home}, {Text: "Groups", Path: route.GroupWork}, {Text: g.Name, Path: route.GroupWorkTo(g.Slug)}, {Text: p.Heading}}})
}

// meetingButtons lead to what business support can do with the meeting as it stands.
func meetingButtons(g group.Group, m group.Meeting, today day.Date) []ui.Button {
	act := func(name string) string { return route.DeskMeetingAct(g.Slug, m.ID, name) }
	list := []ui.Button{{Text: "Change day or place", Path: act("change"), Kind: ui.Secondary}}
	if m.State != group.Planned {
		return append(list, ui.Button{Text: "Set back to planned", Path: act("plan"), Kind: ui.Secondary})
	}
	if !m.On.After(today) {
		list = append(list, ui.Button{Text: "Record it as held", Path: act("held"), Kind: ui.Secondary})
	}
	return append(list, ui.Button{Text: "Cancel the meeting", Path: act("cancel"), Kind: ui.Secondary})
}

// fileSections are the minutes and the papers.
func fileSections(g group.Group, m group.Meeting, edit bool) []page.GroupSection {
	columns := []ui.Column{{Text: "Document"}, {Text: "Added"}}
	if edit {
		columns = append(columns, ui.Column{Text: "Change"})
	}
	minutes := ui.Table{Caption: "Minutes", HideCaption: true, Columns: columns, Empty: "No minutes have been added yet."}
	papers := ui.Table{Caption: "Papers", HideCaption: true, Columns: columns, Empty: "No paper has been added yet."}
	for _, x := range m.Files {
		row := []ui.Cell{{Content: fileLink(route.GroupMeetingFileTo(g.Slug, m.ID, x.File), x.Title, x.Language, x.MediaType, x.Size)}, {Text: day.Of(x.AddedAt).Long()}}
		switch {
		case x.Withdrawn != "":
			row = append(row, ui.Cell{Text: "Withdrawn: " + x.Withdrawn})
		case edit:
			row = append(row, ui.Cell{Text: "Withdraw “" + shorten(x.Title, 40) + "”", Path: route.DeskMeetingWithdrawTo(g.Slug, m.ID, x.File)})
		}
		if x.Kind == group.Minutes {
			minutes.Rows = append(minutes.Rows, row)
		} else {
			papers.Rows = append(papers.Rows, row)
		}
	}
	second := page.GroupSection{Heading: "Papers", Parts: []templ.Component{papers}}
	if edit {
		second.Buttons = []ui.Button{{Text: "Add papers or minutes", Path: route.DeskMeetingAct(g.Slug, m.ID, "files"), Kind: ui.Secondary}}
	}
	return []page.GroupSection{{Heading: "Minutes", Parts: []templ.Component{minutes}}, second}
}

var presenceWords = map[group.Presence]string{group.Present: "Present", group.Apologies: "Apologies", group.Absent: "Absent"}

func attendanceSection(g group.Group, m group.Meeting, edit bool) page.GroupSection {
	t := ui.Table{Caption: "Attendance", HideCaption: true, RowHeaders: true, Empty: "No attendance has been recorded yet.",
		Columns: []ui.Column{{Text: "Post"}, {Text: "Organisation"}, {Text: "Attendance"}}}
	if edit {
		t.Columns = append(t.Columns, ui.Column{Text: "Change"})
	}
	for _, a := range m.Attendance {
		row := []ui.Cell{{Text: a.Post}, {Text: a.Body}, {Text: presenceWords[a.Presence]}}
		if edit {
			row = append(row, ui.Cell{Text: "Take back “" + shorten(a.Post, 40) + "”", Path: route.DeskAttendanceRetractTo(g.Slug, m.ID, a.ID)})
		}
		t.Rows = append(t.Rows, row)
	}
	s := page.GroupSection{Heading: "Attendance", Parts: []templ.Component{t}}
	if edit && m.State == group.Held {
		s.Buttons = []ui.Button{{Text: "Record attendance", Path: route.DeskMeetingAct(g.Slug, m.ID, "attendance"), Kind: ui.Secondary}}
	}
	return s
}

// earlierSection shows what the record of the meeting said before it was corrected.
func earlierSection(m group.Meeting) page.GroupSection {
	t := ui.Table{Caption: "What this record said before", HideCaption: true, Columns: []ui.Column{{Text: "Until"}, {Text: "Day"}, {Text: "Place"}, {Text: "State"}, {Text: "Note"}}}
	for _, x := range m.Earlier {
		t.Rows = append(t.Rows, []ui.Cell{{Text: day.Clock(x.Until)}, {Text: x.On.Long()}, {Text: x.Place}, {Content: meetingTag(x.State)}, {Text: or(x.Note, "None")}})
	}
	return page.GroupSection{Heading: "What this record said before", Parts: []templ.Component{t}}
}
