// Package grouptest makes groups with members, meetings and actions for tests.
package grouptest

import (
	"context"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/file"
	"partnershipportal/internal/file/filetest"
	"partnershipportal/internal/group"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
)

// Made is a group at work.
type Made struct {
	Slug       string
	Name       string
	Service    *group.Service
	Terms      id.File
	Member     int64 // the first one's membership
	Held       id.Meeting
	Planned    id.Meeting
	Minutes    id.File
	Attendance int64 // entry at the held meeting
	Open       int   // action, owned by the first member and overdue
	Done       int   // action
}

// Support is whoever keeps the groups.
func Support(t testing.TB, db pg.DB) authz.Actor {
	t.Helper()
	return authz.Actor{Account: membershiptest.Person(t, db), Name: "Sam", Held: []authz.Held{{Role: authz.BusinessSupport}}}
}

// Staff is agency staff of a body.
func Staff(t testing.TB, db pg.DB, body id.Organisation) authz.Actor {
	t.Helper()
	return authz.Actor{Account: membershiptest.Person(t, db), Name: "Jo", Held: []authz.Held{{Role: authz.AgencyStaff, Organisation: body}}}
}

// Start is the first day of groups and memberships made here.
var Start = day.Must("2019-09-17")

// Group makes a group with members since its first day.
func Group(t testing.TB, db pg.DB, members ...id.Organisation) Made {
	t.Helper()
	u := membershiptest.Unique()
	m := Made{Slug: "group-" + u, Name: "Group " + u, Service: group.New(db, time.Now)}
	_, err := m.Service.Add(context.Background(), authz.System("test"), group.AddCommand{Slug: m.Slug, Name: m.Name, Purpose: "To look at quality.", Chair: "Head of quality",
		Rhythm: "every six weeks", From: Start})
	must(t, err)
	for _, body := range members {
		must(t, m.Service.AddMember(context.Background(), authz.System("test"), group.MemberCommand{Slug: m.Slug, Body: slug(t, db, body), From: Start}))
	}
	return m
}

// Full makes a group with terms of reference, a held and a planned meeting, minutes, attendance, and actions of its
// first member.
func Full(t testing.TB, db pg.DB, members ...id.Organisation) Made {
	t.Helper()
	ctx, by := context.Background(), authz.System("test")
	m, today := Group(t, db, members...), day.Of(time.Now())
	owner := slug(t, db, members[0])
	must(t, m.Service.AddTerms(ctx, by, m.Slug, Start, file.AddCommand{Title: "Terms of reference", Content: filetest.Checked(t, "terms.pdf", filetest.PDF())}))
	var err error
	m.Held, err = m.Service.PlanMeeting(ctx, by, m.Slug, today.Add(-40), "County Hall")
	must(t, err)
	must(t, m.Service.MoveMeeting(ctx, by, m.Slug, m.Held, group.Held, ""))
	must(t, m.Service.AddMeetingFile(ctx, by, m.Slug, m.Held, group.Minutes, file.AddCommand{Title: "Minutes", Content: filetest.Checked(t, "minutes.pdf", filetest.PDF())}))
	must(t, m.Service.RecordAttendance(ctx, by, group.AttendanceCommand{Slug: m.Slug, Meeting: m.Held, Body: owner, Post: "Head of housing", Presence: group.Present}))
	m.Planned, err = m.Service.PlanMeeting(ctx, by, m.Slug, today.Add(10), "Online")
	must(t, err)
	m.Open, err = m.Service.Raise(ctx, by, group.RaiseCommand{Slug: m.Slug, Meeting: m.Held, What: "Tell the schools", Owner: owner, DueOn: today.Add(-5)})
	must(t, err)
	m.Done, err = m.Service.Raise(ctx, by, group.RaiseCommand{Slug: m.Slug, What: "Count the cases", Owner: owner, DueOn: today.Add(5)})
	must(t, err)
	must(t, m.Service.Report(ctx, by, group.ReportCommand{Slug: m.Slug, Number: m.Done, Done: true, Note: "Counted."}))
	g, held, err := m.Service.Meeting(ctx, by, m.Slug, m.Held)
	must(t, err)
	m.Terms, m.Member, m.Minutes, m.Attendance = g.Terms[0].File, g.Bodies[0].ID, held.Files[0].File, held.Attendance[0].ID
	return m
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("make a group: %v", err)
	}
}

func slug(t testing.TB, db pg.DB, body id.Organisation) (s string) {
	t.Helper()
	must(t, db.QueryRow(context.Background(), `SELECT slug FROM organisation WHERE id = $1`, body).Scan(&s))
	return s
}
