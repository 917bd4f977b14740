package server

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"partnershipportal/internal/group"
	"partnershipportal/internal/id"
	"partnershipportal/web/form"
	"partnershipportal/web/route"
	"partnershipportal/web/ui"
)

var groupChangeAct = groupAct{
	heading: "Change purpose, chair or rhythm", press: "Save", done: "Saved", fields: []string{"purpose", "chair", "chair-post", "rhythm"},
	fill: func(a *groupAsked) {
		values := url.Values{"purpose": {a.group.Purpose}, "chair": {a.group.ChairTitle}, "rhythm": {a.group.Rhythm}}
		if a.group.ChairPost != 0 {
			values.Set("chair-post", strconv.FormatInt(a.group.ChairPost, 10))
		}
		a.f = form.New(values)
	},
	ask: func(a *groupAsked) ([]templ.Component, error) {
		chair, err := a.s.askChair(a.r, a.f, a.group.Slug)
		return append([]templ.Component{ui.Textarea{Field: a.f.Field("purpose", "Purpose", "What the group is for. The public reads it."), Max: 4000}}, chair...), err
	},
	do: func(a *groupAsked) error {
		cmd := group.ChangeCommand{Slug: a.group.Slug, Purpose: a.f.RequiredText("purpose", "Purpose", 4000, "Enter the purpose of the group"),
			Chair: a.f.Line("chair", "Chair"), ChairPost: readPost(a.f), Rhythm: a.f.Line("rhythm", "How often it meets")}
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Groups.Change(a.r.Context(), actorOf(a.r), cmd)
	},
}

var groupRenameAct = groupAct{
	heading: "Give the group a new name", press: "Save the new name", done: "New name saved", fields: []string{"name", "starts"},
	intro: "The present name stays for the days before.",
	ask: func(a *groupAsked) ([]templ.Component, error) {
		return []templ.Component{ui.Input{Field: a.f.Field("name", "New name", "")},
			ui.DateInput{Field: a.f.DateField("starts", "First day of the new name", "For example 1 7 2022")}}, nil
	},
	do: func(a *groupAsked) error {
		name, from := a.f.Required("name", "New name", "Enter the new name"), a.f.Date("starts", "First day", "Enter the first day of the new name")
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Groups.Rename(a.r.Context(), actorOf(a.r), a.group.Slug, name, from)
	},
}

var groupEndAct = groupAct{
	heading: "Say when the group ended", press: "Save the last day", done: "Last day saved", fields: []string{"ends"},
	intro: "Its page and its history stay. Memberships that last longer end with it. Open actions stay open until they are closed.",
	ask: func(a *groupAsked) ([]templ.Component, error) {
		return []templ.Component{ui.DateInput{Field: a.f.DateField("ends", "Last day of the group", "For example 31 3 2026")}}, nil
	},
	do: func(a *groupAsked) error {
		last := a.f.Date("ends", "Last day", "Enter the last day")
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Groups.End(a.r.Context(), actorOf(a.r), a.group.Slug, last)
	},
}

var groupTermsAct = groupAct{
	heading: "Add terms of reference", press: "Add terms of reference", done: "Terms of reference added", upload: true,
	fields: []string{"file", "title", "language", "starts"},
	intro:  "They replace the present ones from their first day. The earlier ones stay readable. The public can read all of them.",
	ask: func(a *groupAsked) ([]templ.Component, error) {
		return append(a.askFile(), ui.DateInput{Field: a.f.DateField("starts", "First day on which they hold", "For example 17 9 2019")}), nil
	},
	do: func(a *groupAsked) error {
		terms, err := a.readFile()
		from := a.f.Date("starts", "First day", "Enter the first day on which they hold")
		if err != nil || a.f.Errors().Any() {
			return err
		}
		return a.s.Groups.AddTerms(a.r.Context(), actorOf(a.r), a.group.Slug, from, terms)
	},
}

var memberAct = groupAct{
	heading: "Add a member", press: "Add member", done: "Member added", fields: []string{"body", "starts", "ends"},
	intro: "People of a member organisation can read the meetings, papers and actions of the group.",
	ask: func(a *groupAsked) ([]templ.Component, error) {
		return []templ.Component{ui.Input{Field: a.f.Field("body", "Organisation", "Its name as recorded, for example “Kent Police”, or the address of its page")},
			ui.DateInput{Field: a.f.DateField("starts", "First day", "For example 17 9 2019")},
			ui.DateInput{Field: a.f.DateField("ends", "Last day (optional)", "Leave empty while it is a member")}}, nil
	},
	do: func(a *groupAsked) error {
		cmd := group.MemberCommand{Slug: a.group.Slug, Body: a.f.Required("body", "Organisation", "Enter the organisation"),
			From: a.f.Date("starts", "First day", "Enter the first day of the membership"), To: a.f.Date("ends", "Last day", "")}
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Groups.AddMember(a.r.Context(), actorOf(a.r), cmd)
	},
}

var memberEndAct = groupAct{
	heading: "Set the last day of a membership", press: "Save the last day", done: "Last day saved", fields: []string{"ends"},
	intro: "From the day after, people of this organisation can no longer read the group’s meetings and papers.",
	ask: func(a *groupAsked) ([]templ.Component, error) {
		return []templ.Component{ui.DateInput{Field: a.f.DateField("ends", "Last day as a member", "For example 31 3 2026")}}, nil
	},
	do: func(a *groupAsked) error {
		last := a.f.Date("ends", "Last day", "Enter the last day of the membership")
		member, err := a.member()
		if err != nil || a.f.Errors().Any() {
			return err
		}
		return a.s.Groups.EndMember(a.r.Context(), actorOf(a.r), a.group.Slug, member, last)
	},
}

var memberRetractAct = groupAct{
	heading: "Take back a membership", press: "Take it back", done: "The membership counts no more", fields: []string{"reason"},
	intro: "Do this only if the organisation never was a member. Otherwise set its last day.",
	ask:   reason("What was wrong?", "Business support can read it later."),
	do: giving("Say what was wrong", func(a *groupAsked, text string) error {
		member, err := a.member()
		if err != nil {
			return err
		}
		return a.s.Groups.RetractMember(a.r.Context(), actorOf(a.r), a.group.Slug, member, text)
	}),
}

func askMeeting(a *groupAsked) ([]templ.Component, error) {
	return []templ.Component{ui.DateInput{Field: a.f.DateField("on", "Day of the meeting", "For example 12 5 2026")},
		ui.Input{Field: a.f.Field("place", "Place", "For example “County Hall, Maidstone” or “Online”")}}, nil
}

var meetingAct = groupAct{
	heading: "Add a meeting", press: "Add meeting", done: "Meeting added", fields: []string{"on", "place"}, ask: askMeeting,
	do: func(a *groupAsked) error {
		on, place := a.f.Date("on", "Day", "Enter the day of the meeting"), a.f.Required("place", "Place", "Enter the place, or “Online”")
		if a.f.Errors().Any() {
			return nil
		}
		made, err := a.s.Groups.PlanMeeting(a.r.Context(), actorOf(a.r), a.group.Slug, on, place)
		a.back.Path = route.GroupMeetingTo(a.group.Slug, made)
		return a.orHere(err)
	},
}

// orHere leads back to the group where nothing was made that could be shown.
func (a *groupAsked) orHere(err error) error {
	if err != nil {
		a.back.Path = route.DeskGroupTo(a.group.Slug)
	}
	return err
}

var meetingChangeAct = groupAct{
	heading: "Change the day or place of the meeting", press: "Save", done: "Meeting changed", fields: []string{"on", "place"}, ask: askMeeting,
	intro: "What the record said before stays visible.",
	fill: func(a *groupAsked) {
		values := url.Values{"place": {a.meeting.Place}}
		form.PutDate(values, "on", a.meeting.On)
		a.f = form.New(values)
	},
	do: func(a *groupAsked) error {
		on, place := a.f.Date("on", "Day", "Enter the day of the meeting"), a.f.Required("place", "Place", "Enter the place, or “Online”")
		if a.f.Errors().Any() {
			return nil
		}
		return a.s.Groups.ChangeMeeting(a.r.Context(), actorOf(a.r), a.group.Slug, a.meeting.ID, on, place)
	},
}

// move is the act that says what became of a meeting.
func move(to group.MeetingState) func(a *groupAsked, note string) error {
	return func(a *groupAsked, note string) error {
		return a.s.Groups.MoveMeeting(a.r.Context(), actorOf(a.r), a.group.Slug, a.meeting.ID, to, note)
	}
}

var meetingHeldAct = groupAct{
	heading: "Record the meeting as held", press: "Record it as held", done: "The meeting is recorded as held",
	intro: "Then you can add its minutes and record who attended.", ask: nothing,
	do: func(a *groupAsked) error { return move(group.Held)(a, "") },
}

var meetingCancelAct = groupAct{
	heading: "Cancel the meeting", press: "Cancel the meeting", done: "The meeting is cancelled", fields: []string{"reason"},
	intro: "The members of the group read your reason.", ask: reason("Why is it cancelled?", ""), do: giving("Say why the meeting is cancelled", move(group.Cancelled)),
}

var meetingPlanAct = groupAct{
	heading: "Set the meeting back to planned", press: "Set it back to planned", done: "The meeting is planned again", fields: []string{"reason"},
	intro: "Do this if it was recorded as held or cancelled by mistake. What the record said before stays visible.",
	ask:   reason("Why?", ""), do: giving("Say why", move(group.Planned)),
}

var meetingFileAct = groupAct{
	heading: "Add papers or minutes", press: "Add file", done: "File added", upload: true, fields: []string{"kind", "file", "title", "language"},
	intro: "People of the member organisations can read it. The public cannot. Add one file at a time.",
	ask: func(a *groupAsked) ([]templ.Component, error) {
		return append([]templ.Component{ui.Radios{Field: a.f.Field("kind", "What is it?", ""), Inline: true,
			Options: []ui.Option{{Value: string(group.Paper), Text: "A paper"}, {Value: string(group.Minutes), Text: "The minutes"}}}}, a.askFile()...), nil
	},
	do: func(a *groupAsked) error {
		kind := group.FileKind(a.f.Choice("kind", "Choose what the file is", string(group.Paper), string(group.Minutes)))
		paper, err := a.readFile()
		if err != nil || a.f.Errors().Any() {
			return err
		}
		return a.s.Groups.AddMeetingFile(a.r.Context(), actorOf(a.r), a.group.Slug, a.meeting.ID, kind, paper)
	},
}

var fileWithdrawAct = groupAct{
	heading: "Withdraw a file", press: "Withdraw the file", done: "File withdrawn", fields: []string{"reason"},
	intro: "From now on only business support can open it. This cannot be undone, but you can add the file again.",
	ask:   reason("Why is it withdrawn?", "Business support can read it later."),
	do: giving("Say why the file is withdrawn", func(a *groupAsked, text string) error {
		paper, err := a.withdrawn()
		if err != nil {
			return err
		}
		return a.s.Groups.WithdrawMeetingFile(a.r.Context(), actorOf(a.r), a.group.Slug, a.meeting.ID, paper, text)
	}),
}

var presenceOptions = []ui.Option{{Value: string(group.Present), Text: "Present"}, {Value: string(group.Apologies), Text: "Apologies"}, {Value: string(group.Absent), Text: "Absent"}}

var attendanceAct = groupAct{
	heading: "Record attendance", press: "Record", done: "Attendance recorded", fields: []string{"body", "body-other", "post", "presence"},
	intro: "Record posts, not persons. If the post is recorded already, this corrects it.",
	ask: func(a *groupAsked) ([]templ.Component, error) {
		return append(a.askBody("body", "Organisation", a.meeting.On), ui.Input{Field: a.f.Field("post", "Post", "For example “Head of housing”")},
			ui.Radios{Field: a.f.Field("presence", "Attendance", ""), Inline: true, Options: presenceOptions}), nil
	},
	do: func(a *groupAsked) error {
		cmd := group.AttendanceCommand{Slug: a.group.Slug, Meeting: a.meeting.ID, Body: a.readBody("body", "Choose the organisation"),
			Post:     a.f.Required("post", "Post", "Enter the post"),
			Presence: group.Presence(a.f.Choice("presence", "Choose whether the post was present", string(group.Present), string(group.Apologies), string(group.Absent)))}
		if a.f.Errors().Any() {
			return nil
		}
		return a.doBody("body", func() error { return a.s.Groups.RecordAttendance(a.r.Context(), actorOf(a.r), cmd) })
	},
}

var attendanceRetractAct = groupAct{
	heading: "Take back an entry of attendance", press: "Take it back", done: "The entry counts no more", fields: []string{"reason"},
	ask: reason("What was wrong?", ""),
	do: giving("Say what was wrong", func(a *groupAsked, text string) error {
		entry, err := pathID[int64](a.r, "entry")
		if err != nil {
			return err
		}
		return a.s.Groups.RetractAttendance(a.r.Context(), actorOf(a.r), a.group.Slug, a.meeting.ID, entry, text)
	}),
}

func askAction(a *groupAsked) ([]templ.Component, error) {
	fields := []templ.Component{ui.Textarea{Field: a.f.Field("what", "What is to be done", "People of the owner read this. Do not write about a child or a family."), Max: 2000}}
	return append(append(fields, a.askBody("owner", "Organisation that owns it", a.s.today())...),
		ui.DateInput{Field: a.f.DateField("due", "Due day", "For example 30 9 2026")}), nil
}

var raiseAct = groupAct{
	heading: "Add an action", press: "Add action", done: "Action added", fields: []string{"what", "owner", "owner-other", "due"}, ask: askAction,
	intro: "It shows on the home page of the owner’s people until it is done.",
	do: func(a *groupAsked) error {
		cmd := group.RaiseCommand{Slug: a.group.Slug, Meeting: id.Meeting(a.meeting.ID), What: a.f.RequiredText("what", "What is to be done", 2000, "Enter what is to be done"),
			Owner: a.readBody("owner", "Choose the organisation that owns it"), DueOn: a.f.Date("due", "Due day", "Enter the day by which it should be done")}
		if a.f.Errors().Any() {
			return nil
		}
		return a.doBody("owner", func() error {
			number, err := a.s.Groups.Raise(a.r.Context(), actorOf(a.r), cmd)
			if err == nil {
				a.back.Path = route.GroupActionTo(a.group.Slug, number)
			}
			return err
		})
	},
}

var actionChangeAct = groupAct{
	heading: "Change the action", press: "Save", done: "Action changed", fields: []string{"what", "owner", "owner-other", "due", "reason"},
	intro: "What it said before stays in its history.",
	fill: func(a *groupAsked) {
		values := url.Values{"what": {a.action.What}}
		form.PutDate(values, "due", a.action.DueOn)
		values.Set("owner-other", a.action.OwnerName)
		for _, m := range a.group.MembersOn(a.s.today()) {
			if m.Organisation == a.action.Owner {
				values.Set("owner", m.Slug)
				values.Del("owner-other")
			}
		}
		a.f = form.New(values)
	},
	ask: func(a *groupAsked) ([]templ.Component, error) {
		fields, err := askAction(a)
		return append(fields, ui.Textarea{Field: a.f.Field("reason", "Why does it change? (optional)", ""), Rows: 3, Max: longestChange}), err
	},
	do: func(a *groupAsked) error {
		cmd := group.ChangeActionCommand{Slug: a.group.Slug, Number: a.action.Number, What: a.f.RequiredText("what", "What is to be done", 2000, "Enter what is to be done"),
			Owner: a.readBody("owner", "Choose the organisation that owns it"), DueOn: a.f.Date("due", "Due day", "Enter the day by which it should be done"),
			Note: a.f.Text("reason", "The reason", longestChange)}
		if a.f.Errors().Any() {
			return nil
		}
		return a.doBody("owner", func() error { return a.s.Groups.ChangeAction(a.r.Context(), actorOf(a.r), cmd) })
	},
}

const longestChange = 500

var actionDropAct = groupAct{
	heading: "Drop the action", press: "Drop the action", done: "Action dropped", fields: []string{"reason"},
	intro: "Do this if the group no longer asks for it. It stays in the log.", ask: reason("Why is it dropped?", ""),
	do: giving("Say why it is dropped", func(a *groupAsked, text string) error {
		return a.s.Groups.Drop(a.r.Context(), actorOf(a.r), a.group.Slug, a.action.Number, text)
	}),
}

var actionReopenAct = groupAct{
	heading: "Open the action again", press: "Open it again", done: "Action opened again", fields: []string{"reason"},
	ask: reason("Why is it opened again?", "The owner reads this."),
	do: giving("Say why it is opened again", func(a *groupAsked, text string) error {
		return a.s.Groups.Reopen(a.r.Context(), actorOf(a.r), a.group.Slug, a.action.Number, text)
	}),
}
