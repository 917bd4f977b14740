package group_test

import (
	"context"
	"testing"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/file"
	"partnershipportal/internal/file/filetest"
	"partnershipportal/internal/group"
	"partnershipportal/internal/group/grouptest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func TestAMeetingIsKept(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	support, body := grouptest.Support(t, db), membershiptest.Organisation(t, db)
	m := grouptest.Full(t, db, body.ID)
	s := m.Service
	paper := func() file.AddCommand {
		return file.AddCommand{Content: filetest.Checked(t, "paper.pdf", filetest.PDF())}
	}

	t.Run("was not held before its day", func(t *testing.T) {
		refused(t, s.MoveMeeting(ctx, support, m.Slug, m.Planned, group.Held, ""), fault.Conflict, "")
		refused(t, s.AddMeetingFile(ctx, support, m.Slug, m.Planned, group.Minutes, paper()), fault.Invalid, "kind")
		refused(t, s.RecordAttendance(ctx, support, group.AttendanceCommand{Slug: m.Slug, Meeting: m.Planned, Body: body.Slug, Post: "Head", Presence: group.Present}), fault.Conflict, "")
		ok(t, s.AddMeetingFile(ctx, support, m.Slug, m.Planned, group.Paper, paper()))
	})
	t.Run("lies within the time of the group", func(t *testing.T) {
		_, err := s.PlanMeeting(ctx, support, m.Slug, grouptest.Start.Add(-1), "Online")
		refused(t, err, fault.Invalid, "on")
		_, err = s.PlanMeeting(ctx, support, m.Slug, day.Date{}, "Online")
		refused(t, err, fault.Invalid, "on")
		refused(t, s.ChangeMeeting(ctx, support, m.Slug, m.Held, today().Add(3), "Online"), fault.Invalid, "on")
	})
	t.Run("is cancelled with a reason, and planned again", func(t *testing.T) {
		refused(t, s.MoveMeeting(ctx, support, m.Slug, m.Planned, group.Cancelled, " "), fault.Invalid, "note")
		ok(t, s.MoveMeeting(ctx, support, m.Slug, m.Planned, group.Cancelled, "Snow."))
		refused(t, s.MoveMeeting(ctx, support, m.Slug, m.Planned, group.Cancelled, "Snow."), fault.Conflict, "")
		ok(t, s.MoveMeeting(ctx, support, m.Slug, m.Planned, group.Planned, "It thawed."))
		refused(t, s.MoveMeeting(ctx, support, m.Slug, m.Held, group.Cancelled, "By mistake."), fault.Conflict, "")
	})
	t.Run("shows what its record said before", func(t *testing.T) {
		ok(t, s.ChangeMeeting(ctx, support, m.Slug, m.Planned, today().Add(11), "County Hall"))
		_, now, err := s.Meeting(ctx, support, m.Slug, m.Planned)
		ok(t, err)
		if now.Place != "County Hall" || len(now.Earlier) != 3 || now.Earlier[0].Place != "Online" || now.Earlier[1].Note != "Snow." {
			t.Errorf("%+v", now)
		}
	})
	t.Run("knows who attended by post", func(t *testing.T) {
		ok(t, s.RecordAttendance(ctx, support, group.AttendanceCommand{Slug: m.Slug, Meeting: m.Held, Body: body.Slug, Post: "HEAD of housing", Presence: group.Apologies}))
		_, held, err := s.Meeting(ctx, support, m.Slug, m.Held)
		ok(t, err)
		if len(held.Attendance) != 1 || held.Attendance[0].Presence != group.Apologies || held.Attendance[0].Body != body.Name {
			t.Errorf("corrected to %+v", held.Attendance)
		}
		refused(t, s.RetractAttendance(ctx, support, m.Slug, m.Held, m.Attendance, ""), fault.Invalid, "reason")
		ok(t, s.RetractAttendance(ctx, support, m.Slug, m.Held, m.Attendance, "Another meeting."))
		refused(t, s.RetractAttendance(ctx, support, m.Slug, m.Held, m.Attendance, "Again."), fault.NotFound, "")
	})
	t.Run("hides a withdrawn file from all but business support", func(t *testing.T) {
		refused(t, s.WithdrawMeetingFile(ctx, support, m.Slug, m.Held, m.Minutes, ""), fault.Invalid, "reason")
		refused(t, s.WithdrawMeetingFile(ctx, support, m.Slug, m.Planned, m.Minutes, "Not of this meeting."), fault.NotFound, "")
		ok(t, s.WithdrawMeetingFile(ctx, support, m.Slug, m.Held, m.Minutes, "It names a family."))
		_, err := s.MeetingFile(ctx, grouptest.Staff(t, db, body.ID), m.Slug, m.Held, m.Minutes)
		refused(t, err, fault.NotFound, "")
		_, err = s.MeetingFile(ctx, support, m.Slug, m.Held, m.Minutes)
		ok(t, err)
	})
	t.Run("is of its group", func(t *testing.T) {
		other := grouptest.Group(t, db)
		_, _, err := s.Meeting(ctx, support, other.Slug, m.Held)
		refused(t, err, fault.NotFound, "")
		_, err = s.Raise(ctx, support, group.RaiseCommand{Slug: other.Slug, Meeting: m.Held, What: "X", Owner: body.Slug, DueOn: today()})
		refused(t, err, fault.NotFound, "")
	})
}

func TestAnActionIsFollowedToItsEnd(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	support, owner, other := grouptest.Support(t, db), membershiptest.Organisation(t, db), membershiptest.Organisation(t, db)
	m := grouptest.Full(t, db, other.ID)
	s := m.Service
	n, err := s.Raise(ctx, support, group.RaiseCommand{Slug: m.Slug, Meeting: m.Held, What: "Tell the schools", Owner: owner.Name, DueOn: today().Add(-1)})
	ok(t, err)
	if n != m.Done+1 {
		t.Errorf("number %d, want the next one, %d", n, m.Done+1)
	}
	staff, member := grouptest.Staff(t, db, owner.ID), grouptest.Staff(t, db, other.ID)
	report := func(by authz.Actor, done bool, note string) error {
		return s.Report(ctx, by, group.ReportCommand{Slug: m.Slug, Number: n, Done: done, Note: note})
	}

	t.Run("it waits for the owner’s people", func(t *testing.T) {
		mine, err := s.OwnActions(ctx, staff)
		ok(t, err)
		if len(mine) != 1 || !mine[0].Overdue(today()) || mine[0].Overdue(today().Add(-1)) {
			t.Errorf("waiting: %+v", mine)
		}
		a, err := s.Action(ctx, staff, m.Slug, n)
		ok(t, err)
		if !a.CanReport || a.SeesGroup {
			t.Errorf("the owner can report %v and sees the group %v; want only to report, since it is no member", a.CanReport, a.SeesGroup)
		}
		_, err = s.Group(ctx, staff, m.Slug)
		refused(t, err, fault.NotFound, "")
	})
	t.Run("another member reads, but does not report", func(t *testing.T) {
		a, err := s.Action(ctx, member, m.Slug, n)
		ok(t, err)
		if a.CanReport {
			t.Error("another member can report")
		}
		refused(t, report(member, false, "Done."), fault.Forbidden, "")
		refused(t, report(grouptest.Staff(t, db, membershiptest.Organisation(t, db).ID), false, "Done."), fault.NotFound, "")
	})
	t.Run("progress and the end are told in words", func(t *testing.T) {
		refused(t, report(staff, true, " "), fault.Invalid, "note")
		ok(t, report(staff, false, "Half of them."))
		ok(t, report(staff, true, "All of them."))
		refused(t, report(staff, true, "Again."), fault.Conflict, "")
		refused(t, s.Drop(ctx, support, m.Slug, n, "No longer needed."), fault.Conflict, "")
		refused(t, s.ChangeAction(ctx, support, group.ChangeActionCommand{Slug: m.Slug, Number: n, What: "Else"}), fault.Conflict, "")
		if mine, _ := s.OwnActions(ctx, staff); len(mine) != 0 {
			t.Error("a done action still waits")
		}
	})
	t.Run("support opens it again, changes it and drops it", func(t *testing.T) {
		refused(t, s.Reopen(ctx, staff, m.Slug, n, "Not all."), fault.Forbidden, "")
		refused(t, s.Reopen(ctx, support, m.Slug, n, ""), fault.Invalid, "note")
		ok(t, s.Reopen(ctx, support, m.Slug, n, "Not all of them."))
		refused(t, s.Reopen(ctx, support, m.Slug, n, "Again."), fault.Conflict, "")
		ok(t, s.ChangeAction(ctx, support, group.ChangeActionCommand{Slug: m.Slug, Number: n, What: "Tell the colleges", Owner: other.Slug, DueOn: today().Add(9), Note: "Agreed by telephone."}))
		ok(t, s.Drop(ctx, support, m.Slug, n, "No longer needed."))
		a, err := s.Action(ctx, support, m.Slug, n)
		ok(t, err)
		kinds := ""
		for _, x := range a.Steps {
			kinds += string(x.Kind) + " "
		}
		if a.State != group.Dropped || a.ClosingNote != "No longer needed." || a.ClosedOn != today() || a.What != "Tell the colleges" || a.OwnerName != other.Name ||
			kinds != "dropped changed reopened done progress raised " {
			t.Errorf("%+v", a)
		}
		if got, want := a.Steps[1].Note, "Agreed by telephone.\nIt said before: Tell the schools\nIts owner was "+owner.Name+".\nIt was due on "+today().Add(-1).Long()+"."; got != want {
			t.Errorf("the change tells %q, want %q", got, want)
		}
		if a.Steps[3].Body != owner.Name || a.Steps[5].Body != "" {
			t.Errorf("steps by %q and %q", a.Steps[3].Body, a.Steps[5].Body)
		}
	})
	t.Run("an unknown one is not found", func(t *testing.T) {
		_, err := s.Action(ctx, support, m.Slug, 99)
		refused(t, err, fault.NotFound, "")
		refused(t, s.Drop(ctx, support, m.Slug, 99, "X"), fault.NotFound, "")
	})
}
