package group

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/audit"
	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/file"
	"partnershipportal/internal/id"
)

// PlanMeeting adds a meeting. Faults: Forbidden, NotFound, Invalid.
func (s *Service) PlanMeeting(ctx context.Context, by authz.Actor, slug string, on day.Date, place string) (made id.Meeting, err error) {
	if on.IsZero() {
		return 0, fault.Field("on", "Enter the day of the meeting")
	}
	err = s.edit(ctx, by, slug, func(tx pgx.Tx, g locked, at time.Time) error {
		if made, err = insertMeeting(ctx, tx, g.ID, on, place); err != nil {
			return err
		}
		return record(ctx, tx, by, at, actionMeetingPlanned, subjectMeeting, int64(made))
	})
	return made, err
}

// editMeeting runs one change of a meeting.
func (s *Service) editMeeting(ctx context.Context, by authz.Actor, slug string, which id.Meeting, do func(tx pgx.Tx, m Meeting, at time.Time) error) error {
	return s.edit(ctx, by, slug, func(tx pgx.Tx, g locked, at time.Time) error {
		m, err := lockMeeting(ctx, tx, g.ID, which)
		if err != nil {
			return err
		}
		return do(tx, m, at)
	})
}

// ChangeMeeting corrects the day and the place. What was said before stays visible. Faults: Forbidden, NotFound,
// Invalid.
func (s *Service) ChangeMeeting(ctx context.Context, by authz.Actor, slug string, which id.Meeting, on day.Date, place string) error {
	if on.IsZero() {
		return fault.Field("on", "Enter the day of the meeting")
	}
	return s.editMeeting(ctx, by, slug, which, func(tx pgx.Tx, m Meeting, at time.Time) error {
		if m.State == Held && on.After(day.Of(at)) {
			return fault.Field("on", "The meeting was held, so its day can’t be in the future")
		}
		if err := updateMeeting(ctx, tx, which, on, place); err != nil {
			return err
		}
		return record(ctx, tx, by, at, actionMeetingChanged, subjectMeeting, int64(which))
	})
}

// MoveMeeting says what became of a meeting: held, cancelled with a reason, or planned after all. Faults: Forbidden,
// NotFound, Invalid (no reason), Conflict (it is not over, or was held).
func (s *Service) MoveMeeting(ctx context.Context, by authz.Actor, slug string, which id.Meeting, to MeetingState, note string) error {
	if to == Cancelled && strings.TrimSpace(note) == "" {
		return fault.Field("note", "Say why the meeting was cancelled")
	}
	return s.editMeeting(ctx, by, slug, which, func(tx pgx.Tx, m Meeting, at time.Time) error {
		if m.State == to {
			return fault.New(fault.Conflict, "The meeting is already recorded as "+string(to)+".")
		}
		if err := updateMeetingState(ctx, tx, which, to, note); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Event{At: at, By: by, Action: actionMeetingMoved, SubjectKind: subjectMeeting, SubjectID: int64(which),
			Before: string(m.State), After: string(to)})
	})
}

// AddMeetingFile adds a paper or minutes. Faults: Forbidden, NotFound, Invalid.
func (s *Service) AddMeetingFile(ctx context.Context, by authz.Actor, slug string, which id.Meeting, kind FileKind, paper file.AddCommand) error {
	return s.editMeeting(ctx, by, slug, which, func(tx pgx.Tx, m Meeting, at time.Time) error {
		if kind == Minutes && m.State != Held {
			return fault.Field("kind", "Record the meeting as held before you add its minutes")
		}
		added, err := addFile(ctx, tx, by, paper)
		if err != nil {
			return err
		}
		if err := insertMeetingFile(ctx, tx, which, kind, added); err != nil {
			return err
		}
		return record(ctx, tx, by, at, actionFileAdded, subjectMeeting, int64(which))
	})
}

// WithdrawMeetingFile takes a file away from those who read the meeting; whoever keeps the groups still sees it and why.
// Faults: Forbidden, NotFound, Invalid, Conflict.
func (s *Service) WithdrawMeetingFile(ctx context.Context, by authz.Actor, slug string, which id.Meeting, paper id.File, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return fault.Field("reason", "Say why the file is withdrawn")
	}
	return s.editMeeting(ctx, by, slug, which, func(tx pgx.Tx, _ Meeting, at time.Time) error {
		if err := insertWithdrawal(ctx, tx, by, which, paper, reason); err != nil {
			return err
		}
		return record(ctx, tx, by, at, actionFileWithdrawn, subjectMeeting, int64(which))
	})
}

// AttendanceCommand says whether a post of a body was at a meeting.
type AttendanceCommand struct {
	Slug     string
	Meeting  id.Meeting
	Body     string // name or address
	Post     string
	Presence Presence
}

// RecordAttendance records one post's attendance, or corrects it. Faults: Forbidden, NotFound, Invalid, Conflict (the
// meeting was not held).
func (s *Service) RecordAttendance(ctx context.Context, by authz.Actor, c AttendanceCommand) error {
	return s.editMeeting(ctx, by, c.Slug, c.Meeting, func(tx pgx.Tx, m Meeting, at time.Time) error {
		if m.State != Held {
			return fault.New(fault.Conflict, "Record the meeting as held before you record who attended.")
		}
		body, err := findBody(ctx, tx, "body", c.Body, m.On)
		if err != nil {
			return err
		}
		if err := putAttendance(ctx, tx, body, c); err != nil {
			return err
		}
		return record(ctx, tx, by, at, actionAttended, subjectMeeting, int64(c.Meeting))
	})
}

// RetractAttendance says that an entry was made in error. Faults: Forbidden, NotFound, Invalid.
func (s *Service) RetractAttendance(ctx context.Context, by authz.Actor, slug string, which id.Meeting, entry int64, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return fault.Field("reason", "Say what was wrong")
	}
	return s.editMeeting(ctx, by, slug, which, func(tx pgx.Tx, _ Meeting, at time.Time) error {
		if err := retractAttendance(ctx, tx, which, entry, reason); err != nil {
			return err
		}
		return record(ctx, tx, by, at, actionAttendanceUndone, subjectMeeting, int64(which))
	})
}
