package group_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/day"
	"partnershipportal/internal/fault"
	"partnershipportal/internal/file"
	"partnershipportal/internal/file/filetest"
	"partnershipportal/internal/group"
	"partnershipportal/internal/group/grouptest"
	"partnershipportal/internal/id"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func today() day.Date { return day.Of(time.Now()) }

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused wants a kind of fault, and, if one is named, its field.
func refused(t *testing.T, err error, kind fault.Kind, field string) {
	t.Helper()
	f, is := errors.AsType[*fault.Error](err)
	if !is || f.Kind != kind || f.Field != field {
		t.Errorf("got %v, want %s of field %q", err, kind, field)
	}
}

func TestWhoSeesAGroup(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	member, former, other := membershiptest.Organisation(t, db), membershiptest.Organisation(t, db), membershiptest.Organisation(t, db)
	partner := membershiptest.Partner(t, db)
	m := grouptest.Full(t, db, member.ID, former.ID, partner.Body.ID)
	support := grouptest.Support(t, db)
	g, err := m.Service.Group(ctx, support, m.Slug)
	ok(t, err)
	for _, x := range g.Bodies {
		if x.Organisation == former.ID {
			ok(t, m.Service.EndMember(ctx, support, m.Slug, x.ID, today().Add(-1)))
		}
	}
	lead := membershiptest.Appointment(t, db, partner.ID)
	seat := authz.Actor{Account: lead.Account, Seats: []authz.Seat{{Appointment: lead.ID, Partner: partner.ID, Organisation: partner.Body.ID, Capacity: authz.Lead}}}
	office := authz.Actor{Account: lead.Account, Held: []authz.Held{{Role: authz.Office, Organisation: partner.Body.ID}}}
	for name, c := range map[string]struct {
		by   authz.Actor
		sees bool
	}{
		"business support":         {support, true},
		"the scrutineer":           {authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.Scrutineer}}}, true},
		"staff of a member":        {grouptest.Staff(t, db, member.ID), true},
		"the lead officer":         {seat, true},
		"their office":             {office, true},
		"staff of a former member": {grouptest.Staff(t, db, former.ID), false},
		"staff of another body":    {grouptest.Staff(t, db, other.ID), false},
		"an administrator":         {authz.Actor{Account: 1, Held: []authz.Held{{Role: authz.Administrator, Organisation: member.ID}}}, false},
		"nobody":                   {authz.Actor{}, false},
	} {
		list, err := m.Service.Groups(ctx, c.by)
		ok(t, err)
		listed := slices.ContainsFunc(list, func(l group.Line) bool { return l.Slug == m.Slug })
		_, oneErr := m.Service.Group(ctx, c.by, m.Slug)
		_, _, meetingErr := m.Service.Meeting(ctx, c.by, m.Slug, m.Held)
		_, fileErr := m.Service.MeetingFile(ctx, c.by, m.Slug, m.Held, m.Minutes)
		_, actionErr := m.Service.Action(ctx, c.by, m.Slug, m.Open)
		if listed != c.sees {
			t.Errorf("%s: listed %v, want %v", name, listed, c.sees)
		}
		for what, err := range map[string]error{"the group": oneErr, "the meeting": meetingErr, "the minutes": fileErr, "the action": actionErr} {
			if c.sees && err != nil || !c.sees && !errors.Is(err, fault.NotFound) {
				t.Errorf("%s asks for %s: %v", name, what, err)
			}
		}
	}
}

func TestAGroupIsKept(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	body := membershiptest.Organisation(t, db)
	support := grouptest.Support(t, db)
	m := grouptest.Group(t, db)

	t.Run("by business support alone", func(t *testing.T) {
		for _, by := range []authz.Actor{grouptest.Staff(t, db, body.ID), {Account: 1, Held: []authz.Held{{Role: authz.Scrutineer}}}, {}} {
			refused(t, m.Service.Change(ctx, by, group.ChangeCommand{Slug: m.Slug, Purpose: "Else"}), fault.Forbidden, "")
			_, err := m.Service.Add(ctx, by, group.AddCommand{Slug: "x", Name: "X", Purpose: "X", From: grouptest.Start})
			refused(t, err, fault.Forbidden, "")
		}
	})
	t.Run("with one chair", func(t *testing.T) {
		refused(t, m.Service.Change(ctx, support, group.ChangeCommand{Slug: m.Slug, Purpose: "Else", Chair: "A", ChairPost: 1}), fault.Invalid, "chair")
		refused(t, m.Service.Change(ctx, support, group.ChangeCommand{Slug: m.Slug, Purpose: "Else", ChairPost: 1 << 40}), fault.Invalid, "chair-post")
	})
	t.Run("under an address of its own", func(t *testing.T) {
		_, err := m.Service.Add(ctx, support, group.AddCommand{Slug: m.Slug, Name: "X", Purpose: "X", From: grouptest.Start})
		refused(t, err, fault.Invalid, "slug")
		_, err = m.Service.Add(ctx, support, group.AddCommand{Slug: "add", Name: "X", Purpose: "X", From: grouptest.Start})
		refused(t, err, fault.Invalid, "slug")
		_, err = m.Service.Add(ctx, support, group.AddCommand{Slug: "Not An Address", Name: "X", Purpose: "X", From: grouptest.Start})
		refused(t, err, fault.Invalid, "slug")
	})
	t.Run("under the names of its days", func(t *testing.T) {
		ok(t, m.Service.Rename(ctx, support, m.Slug, "New name", today()))
		g, err := m.Service.Group(ctx, support, m.Slug)
		ok(t, err)
		if g.Name != "New name" || len(g.Names) != 2 || g.Names[0].Name != m.Name || g.Names[0].EndsOn != today().Add(-1) {
			t.Errorf("named %q, names %+v", g.Name, g.Names)
		}
		refused(t, m.Service.Rename(ctx, support, m.Slug, "Again", today().Add(-3)), fault.Invalid, "starts")
		refused(t, m.Service.Rename(ctx, support, m.Slug, "Before it began", grouptest.Start), fault.Invalid, "starts")
	})
	t.Run("with bodies found by name or address", func(t *testing.T) {
		near := membershiptest.Organisation(t, db)
		for text, field := range map[string]string{"": "body", "Nobody of this name": "body", "Body": "body"} {
			refused(t, m.Service.AddMember(ctx, support, group.MemberCommand{Slug: m.Slug, Body: text, From: grouptest.Start}), fault.Invalid, field)
		}
		ok(t, m.Service.AddMember(ctx, support, group.MemberCommand{Slug: m.Slug, Body: strings.ToUpper(body.Name), From: today()}))
		ok(t, m.Service.AddMember(ctx, support, group.MemberCommand{Slug: m.Slug, Body: near.Slug, From: today()}))
		refused(t, m.Service.AddMember(ctx, support, group.MemberCommand{Slug: m.Slug, Body: near.Slug, From: today().Add(5)}), fault.Invalid, "starts")
		refused(t, m.Service.AddMember(ctx, support, group.MemberCommand{Slug: m.Slug, Body: near.Slug, From: grouptest.Start.Add(-1), To: grouptest.Start}), fault.Invalid, "starts")
	})
	t.Run("and a membership entered in error counts no more", func(t *testing.T) {
		g, err := m.Service.Group(ctx, support, m.Slug)
		ok(t, err)
		first := g.Bodies[0]
		refused(t, m.Service.RetractMember(ctx, support, m.Slug, first.ID, " "), fault.Invalid, "reason")
		ok(t, m.Service.RetractMember(ctx, support, m.Slug, first.ID, "Another body was meant."))
		refused(t, m.Service.EndMember(ctx, support, m.Slug, first.ID, today()), fault.NotFound, "")
		if g, err = m.Service.Group(ctx, support, m.Slug); err != nil || len(g.MembersOn(today())) != 1 || len(g.Bodies) != 2 {
			t.Errorf("members %+v (%v)", g.Bodies, err)
		}
	})
}

func TestAGroupEndsWithAllThatBelongsToIt(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	support := grouptest.Support(t, db)
	body := membershiptest.Organisation(t, db)
	m := grouptest.Full(t, db, body.ID)
	last := today().Add(-1)
	refused(t, m.Service.End(ctx, support, m.Slug, last), fault.Invalid, "ends") // a meeting is planned after it
	ok(t, m.Service.MoveMeeting(ctx, support, m.Slug, m.Planned, group.Cancelled, "The group ends."))
	refused(t, m.Service.End(ctx, support, m.Slug, grouptest.Start.Add(-1)), fault.Invalid, "ends")
	ok(t, m.Service.End(ctx, support, m.Slug, last))
	g, err := m.Service.Group(ctx, grouptest.Staff(t, db, body.ID), m.Slug) // who was a member when it ended still reads
	ok(t, err)
	if !g.Ended(today()) || g.Bodies[0].EndsOn != last {
		t.Errorf("ended %v, member until %v", g.EndsOn, g.Bodies[0].EndsOn)
	}
	_, err = m.Service.PlanMeeting(ctx, support, m.Slug, today(), "Online")
	refused(t, err, fault.Invalid, "on")
	public, err := group.NewPublic(pgtest.Public(t, db)).Group(ctx, m.Slug, today())
	ok(t, err)
	if !public.Ended(today()) || len(public.Bodies) != 1 {
		t.Errorf("the public sees %+v", public)
	}
}

// What was done under an old name keeps it, though the body is called otherwise today.
func TestHistoryKeepsTheNameOfTheDay(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	support := grouptest.Support(t, db)
	changed := today().Add(-20) // after the held meeting, before today
	old := membershiptest.Organisation(t, db)
	if _, err := db.Exec(ctx, `UPDATE organisation_name SET ends_on = $2 WHERE organisation_id = $1`, old.ID, changed.Add(-1)); err != nil {
		t.Fatal(err)
	}
	membershiptest.Name(t, db, old.ID, "New "+old.Name, changed, day.Date{})
	m := grouptest.Full(t, db, old.ID)
	ok(t, m.Service.EndMember(ctx, support, m.Slug, m.Member, changed.Add(-1)))
	ok(t, m.Service.AddMember(ctx, support, group.MemberCommand{Slug: m.Slug, Body: old.Slug, From: changed}))
	g, held, err := m.Service.Meeting(ctx, support, m.Slug, m.Held)
	ok(t, err)
	if g.Bodies[0].Name != old.Name || g.Bodies[1].Name != "New "+old.Name || held.Attendance[0].Body != old.Name {
		t.Errorf("members %q and %q, attendance of %q", g.Bodies[0].Name, g.Bodies[1].Name, held.Attendance[0].Body)
	}
}

func TestThePublicSeesNoMoreThanTheGroup(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	body := membershiptest.Organisation(t, db, func(b *membershiptest.Body) { b.NameFrom = grouptest.Start })
	m := grouptest.Full(t, db, body.ID)
	public := group.NewPublic(pgtest.Public(t, db))
	g, err := public.Group(ctx, m.Slug, today())
	ok(t, err)
	if g.Name != m.Name || g.Chair != "Head of quality" || len(g.Bodies) != 1 || g.Bodies[0].Name != body.Name || len(g.Terms) != 1 {
		t.Errorf("the public sees %+v", g)
	}
	terms, err := public.Terms(ctx, m.Slug, m.Terms)
	ok(t, err)
	var b strings.Builder
	if err := terms.Send(ctx, &b); err != nil || !strings.HasPrefix(b.String(), "%PDF-") || terms.AddedBy != "" {
		t.Errorf("terms %q by %q (%v)", b.String(), terms.AddedBy, err)
	}
	for _, which := range []id.File{m.Minutes, filetest.Add(t, db, "Other"), 1 << 40} {
		_, err := public.Terms(ctx, m.Slug, which)
		refused(t, err, fault.NotFound, "")
		if _, err := file.OpenPublished(ctx, pgtest.Public(t, db), which); !errors.Is(err, fault.NotFound) {
			t.Errorf("file %d is published: %v", which, err)
		}
	}
	_, err = public.Group(ctx, "no-such-group", today())
	refused(t, err, fault.NotFound, "")
}

func TestTermsOfReferenceReplaceOneAnother(t *testing.T) {
	t.Parallel()
	db := pgtest.Tx(t)
	ctx := context.Background()
	support := grouptest.Support(t, db)
	m := grouptest.Full(t, db, membershiptest.Organisation(t, db).ID)
	for _, from := range []day.Date{today().Add(30), today().Add(-30)} {
		ok(t, m.Service.AddTerms(ctx, support, m.Slug, from, file.AddCommand{Title: from.String(), Content: filetest.Checked(t, "terms.pdf", filetest.PDF())}))
	}
	refused(t, m.Service.AddTerms(ctx, support, m.Slug, today(), file.AddCommand{}), fault.Invalid, "file")
	refused(t, m.Service.AddTerms(ctx, support, m.Slug, day.Date{}, file.AddCommand{}), fault.Invalid, "starts")
	g, err := m.Service.Group(ctx, support, m.Slug)
	ok(t, err)
	if len(g.Terms) != 3 {
		t.Fatalf("%d terms of reference, want all three", len(g.Terms))
	}
	for on, want := range map[day.Date]string{today(): today().Add(-30).String(), today().Add(31): today().Add(30).String(), grouptest.Start: "Terms of reference"} {
		if got, _ := group.TermsOn(g.Terms, on); got.Title != want {
			t.Errorf("on %s %q hold, want %q", on, got.Title, want)
		}
	}
	if _, any := group.TermsOn(g.Terms, grouptest.Start.Add(-1)); any {
		t.Error("terms hold before the first ones")
	}
}
