// Package group keeps the groups of the partnership: their names, terms of reference and member bodies, their meetings
// with papers and minutes, and the log of actions that they ask bodies to do.
package group

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/file"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// Service has the use cases of groups, meetings and actions.
type Service struct {
	db  pg.DB
	now func() time.Time
}

// New makes the service.
func New(db pg.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }

// CanEdit tells whether the actor keeps the groups.
func CanEdit(by authz.Actor) bool { return by.Can(authz.EditGroups) }

// bodies are those for whose part in a group the actor reads and reports.
func bodies(by authz.Actor) []id.Organisation {
	list := slices.Concat(by.Organisations(authz.AgencyStaff), by.Organisations(authz.Office))
	for _, seat := range by.Seats {
		list = append(list, seat.Organisation)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Line is a group in a list.
type Line struct {
	ID              id.Group
	Slug            string
	Name            string // of the day, or of the last day of a group that ended
	Purpose         string
	Chair           string // the post that takes the chair
	Rhythm          string
	StartsOn        day.Date
	EndsOn          day.Date
	IsDemonstration bool
	Members         int // bodies of the day
	Open            int // actions
	Overdue         int
	Next            day.Date // meeting
}

// Ended tells whether the group's last day is past.
func (l Line) Ended(today day.Date) bool { return !l.EndsOn.IsZero() && l.EndsOn.Before(today) }

// Group is a group with all that belongs to it.
type Group struct {
	Line
	ChairTitle string // as typed; empty if a recorded post takes the chair
	ChairPost  int64
	Names      []Name    `db:"-"`
	Terms      []Terms   `db:"-"` // the latest first
	Bodies     []Member  `db:"-"`
	Meetings   []Meeting `db:"-"` // the latest first
	Actions    []Action  `db:"-"` // open ones first
}

// Name is one name of a group, from day to day.
type Name struct {
	Name     string
	StartsOn day.Date
	EndsOn   day.Date
}

// Terms are terms of reference from a day on.
type Terms struct {
	File      id.File
	Title     string
	Language  string
	MediaType string
	Size      int64
	StartsOn  day.Date
	AddedAt   time.Time
}

// TermsOn gives the terms of reference that hold on a day.
func TermsOn(list []Terms, on day.Date) (Terms, bool) {
	for _, t := range list { // the latest first
		if !t.StartsOn.After(on) {
			return t, true
		}
	}
	return Terms{}, false
}

// Member is a body's time in a group.
type Member struct {
	ID              int64
	Organisation    id.Organisation
	Slug            string
	Name            string // of today, or of its last day in the group
	StartsOn        day.Date
	EndsOn          day.Date
	RetractedReason string // it was entered in error
}

// On tells whether the body is a member on a day.
func (m Member) On(d day.Date) bool {
	return m.RetractedReason == "" && !m.StartsOn.After(d) && (m.EndsOn.IsZero() || !m.EndsOn.Before(d))
}

// MembersOn are the bodies of a day.
func (g Group) MembersOn(d day.Date) []Member {
	return slices.DeleteFunc(slices.Clone(g.Bodies), func(m Member) bool { return !m.On(d) })
}

// MeetingState is what became of a meeting.
type MeetingState string

// The states of a meeting.
const (
	Planned   MeetingState = "planned"
	Held      MeetingState = "held"
	Cancelled MeetingState = "cancelled"
)

// Meeting is a meeting of a group.
type Meeting struct {
	ID         id.Meeting
	On         day.Date
	Place      string
	State      MeetingState
	Note       string
	Files      []MeetingFile `db:"-"`
	Attendance []Attendance  `db:"-"`
	Actions    []Action      `db:"-"` // raised at it
	Earlier    []Wording     `db:"-"` // what the record said before, the latest first
}

// Wording is what a meeting's record said until it was corrected.
type Wording struct {
	On    day.Date
	Place string
	State MeetingState
	Note  string
	Until time.Time
}

// FileKind is what a file is to a meeting.
type FileKind string

// The kinds of files of a meeting.
const (
	Paper   FileKind = "paper"
	Minutes FileKind = "minutes"
)

// MeetingFile is a paper or the minutes of a meeting.
type MeetingFile struct {
	File      id.File
	Kind      FileKind
	Title     string
	Language  string
	MediaType string
	Size      int64
	AddedAt   time.Time
	Withdrawn string // the reason; shown only to those who keep the groups
}

// Presence says whether a post was at a meeting.
type Presence string

// The ways to be at a meeting, or not.
const (
	Present   Presence = "present"
	Apologies Presence = "apologies"
	Absent    Presence = "absent"
)

// Attendance is one post's part in a meeting.
type Attendance struct {
	ID       int64
	Post     string
	Body     string // name of the day of the meeting
	BodySlug string
	Presence Presence
}

// ActionState is what became of an action.
type ActionState string

// The states of an action.
const (
	Open    ActionState = "open"
	Done    ActionState = "done"
	Dropped ActionState = "dropped"
)

// Action is what a group asked a body to do.
type Action struct {
	ID          id.Action
	Group       string // slug
	GroupName   string
	Number      int // within the group
	Meeting     id.Meeting
	MeetingOn   day.Date // none if it was raised outside a meeting
	What        string
	Owner       id.Organisation
	OwnerSlug   string
	OwnerName   string // of today, or of the day on which it was closed
	DueOn       day.Date
	State       ActionState
	ClosedOn    day.Date
	ClosingNote string
	Steps       []Step `db:"-"` // the latest first
	SeesGroup   bool   `db:"-"` // the actor may open the group and its meetings
	CanReport   bool   `db:"-"`
}

// Overdue tells whether the action is open after its due day.
func (a Action) Overdue(today day.Date) bool { return a.State == Open && a.DueOn.Before(today) }

// StepKind is what happened to an action.
type StepKind string

// The kinds of steps.
const (
	Raised     StepKind = "raised"
	Progress   StepKind = "progress"
	Changed    StepKind = "changed"
	WasDone    StepKind = "done"
	WasDropped StepKind = "dropped"
	Reopened   StepKind = "reopened"
)

// Step is one thing that happened to an action.
type Step struct {
	Kind StepKind
	Note string
	Body string // for which it was reported; empty for business support
	At   time.Time
}

// The deeds that the audit keeps.
const (
	actionAdded            = "group.added"
	actionChanged          = "group.changed"
	actionRenamed          = "group.renamed"
	actionEnded            = "group.ended"
	actionTermsAdded       = "group.terms-added"
	actionMemberAdded      = "group.member-added"
	actionMemberEnded      = "group.member-ended"
	actionMemberRetracted  = "group.member-retracted"
	actionMeetingPlanned   = "meeting.planned"
	actionMeetingChanged   = "meeting.changed"
	actionMeetingMoved     = "meeting.state-changed"
	actionFileAdded        = "meeting.file-added"
	actionFileWithdrawn    = "meeting.file-withdrawn"
	actionAttended         = "meeting.attendance-recorded"
	actionAttendanceUndone = "meeting.attendance-retracted"
)

const (
	subjectGroup   = "group"
	subjectMeeting = "meeting"
	subjectAction  = "action"
)

var (
	errMayNotEdit    = fault.New(fault.Forbidden, "Only business support keeps the groups.")
	errNoGroup       = fault.New(fault.NotFound, "There is no such group, or your organisation is not a member of it.")
	errNoMeeting     = fault.New(fault.NotFound, "There is no such meeting.")
	errNoAction      = fault.New(fault.NotFound, "There is no such action.")
	errNoMember      = fault.New(fault.NotFound, "The group has no such member.")
	errNoPublicGroup = fault.New(fault.NotFound, "There is no group at this address.")
	errNoFile        = fault.New(fault.NotFound, "There is no such file.")
)

// broken says what a broken constraint means to the user. Fields are those of the forms.
var broken = map[string]*fault.Error{
	"sub_group_slug_key":                fault.Field("slug", "Another group has this address. Enter a different one"),
	"sub_group_slug_form":               fault.Field("slug", "Use lower-case letters, figures and single hyphens only"),
	"sub_group_chair_post_fkey":         fault.Field("chair-post", "Choose a post of the list"),
	"sub_group_ends_after_start":        fault.Field("ends", "The last day must not be before the first day"),
	"sub_group_ends_after_all":          fault.Field("ends", "A meeting or a membership of the group begins after that day. Choose a later day, or cancel the meeting first"),
	"sub_group_name_no_overlap":         fault.Field("starts", "The group already has a name from that day. Choose a later day"),
	"sub_group_member_no_overlap":       fault.Field("starts", "The organisation is already a member on some of these days"),
	"sub_group_member_within_group":     fault.Field("starts", "The membership must lie between the first and the last day of the group"),
	"meeting_within_group":              fault.Field("on", "The meeting must lie between the first and the last day of the group"),
	"meeting_held_in_past":              fault.New(fault.Conflict, "The day of this meeting is still to come, so it can’t be recorded as held."),
	"meeting_moves":                     fault.New(fault.Conflict, "A meeting that was held can’t be cancelled. Set it back to planned first."),
	"meeting_attendance_once":           fault.Field("post", "This post is already recorded for this organisation"),
	"meeting_file_withdrawal_pkey":      fault.New(fault.Conflict, "The file has already been withdrawn."),
	"action_closed_final":               errClosed,
	"meeting_cancelled_with_reason":     fault.Field("note", "Say why the meeting was cancelled"),
	"sub_group_name_length":             fault.Field("name", "The name must have between 1 and 200 characters"),
	"action_what_length":                fault.Field("what", "The action must have between 1 and 2,000 characters"),
	"meeting_place_length":              fault.Field("place", "The place must have between 1 and 200 characters"),
	"meeting_attendance_presence_known": fault.Field("presence", "Choose whether the post was present"),
}

var errClosed = fault.New(fault.Conflict, "The action is closed. Business support can open it again.")

func translate(err error) error { return pg.Translate(err, broken) }

// edit runs one change of a group by whoever keeps the groups, with the group locked.
func (s *Service) edit(ctx context.Context, by authz.Actor, slug string, do func(tx pgx.Tx, g locked, at time.Time) error) error {
	if !CanEdit(by) {
		return errMayNotEdit
	}
	at := s.now()
	return pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		g, err := lockGroup(ctx, tx, slug)
		if err != nil {
			return err
		}
		return do(tx, g, at)
	})
}

func record(ctx context.Context, tx pgx.Tx, by authz.Actor, at time.Time, deed, kind string, which int64) error {
	return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: deed, SubjectKind: kind, SubjectID: which})
}

// addFile keeps a file of the group, if there is one.
func addFile(ctx context.Context, tx pgx.Tx, by authz.Actor, c file.AddCommand) (id.File, error) {
	if c.Content.Size == 0 {
		return 0, fault.Field("file", "Choose a file")
	}
	return file.Add(ctx, tx, by, c)
}
