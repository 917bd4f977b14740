package group_test

import (
	"context"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/authz"
	"partnershipportal/internal/file"
	"partnershipportal/internal/file/filetest"
	"partnershipportal/internal/group"
	"partnershipportal/internal/group/grouptest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// situation is a group at work, by the names that the attempts use: one body is a member until yesterday, one lasts, one is
// none; there are a held, a planned and a cancelled meeting, and an open and a done action.
func situation(t testing.TB, db pg.DB) pgx.NamedArgs {
	t.Helper()
	ctx, by := context.Background(), authz.System("test")
	bodies := []membershiptest.Body{membershiptest.Organisation(t, db), membershiptest.Organisation(t, db), membershiptest.Organisation(t, db)}
	m, other := grouptest.Full(t, db, bodies[0].ID, bodies[1].ID), grouptest.Full(t, db, bodies[2].ID)
	g, err := m.Service.Group(ctx, by, m.Slug)
	given := pgx.NamedArgs{"nobody": int64(-1), "body": bodies[0].ID, "outsider": bodies[2].ID, "held": m.Held, "planned": m.Planned, "other_meeting": other.Held,
		"member": g.Bodies[0].ID, "attendance": m.Attendance, "person": membershiptest.Person(t, db), "file": filetest.Add(t, db, "A paper"), "terms": m.Terms, "minutes": m.Minutes}
	given["group"] = g.ID
	for _, a := range g.Actions {
		given[string(a.State)], given["number_"+string(a.State)] = a.ID, a.Number
	}
	ended := grouptest.Group(t, db)
	var failed []error
	fail := func(err error) { failed = append(failed, err) }
	fail(err)
	cancelled, err := m.Service.PlanMeeting(ctx, by, m.Slug, today().Add(-3), "Online")
	fail(err)
	fail(m.Service.MoveMeeting(ctx, by, m.Slug, cancelled, group.Cancelled, "Snow."))
	given["cancelled"] = cancelled
	fail(ended.Service.End(ctx, by, ended.Slug, today().Add(-10)))
	e, err := ended.Service.Group(ctx, by, ended.Slug)
	fail(err)
	given["ended"] = e.ID
	fail(m.Service.AddMeetingFile(ctx, by, m.Slug, m.Held, group.Paper, file.AddCommand{Content: filetest.Checked(t, "wrong.pdf", filetest.PDF())}))
	_, held, err := m.Service.Meeting(ctx, by, m.Slug, m.Held)
	fail(err)
	for _, f := range held.Files {
		if f.Kind == group.Paper {
			fail(m.Service.WithdrawMeetingFile(ctx, by, m.Slug, m.Held, f.File, "Wrong."))
		}
	}
	for _, name := range []string{"only_member", "only_guest", "only_owner", "unplaced"} {
		b := membershiptest.Organisation(t, db)
		given[name] = b.ID
		switch name {
		case "only_member":
			fail(m.Service.AddMember(ctx, by, group.MemberCommand{Slug: m.Slug, Body: b.Slug, From: grouptest.Start}))
		case "only_guest":
			fail(m.Service.RecordAttendance(ctx, by, group.AttendanceCommand{Slug: m.Slug, Meeting: m.Held, Body: b.Slug, Post: "Guest", Presence: group.Present}))
		case "only_owner":
			_, err := m.Service.Raise(ctx, by, group.RaiseCommand{Slug: m.Slug, What: "Look", Owner: b.Slug, DueOn: today()})
			fail(err)
		}
	}
	fail(m.Service.Rename(ctx, by, m.Slug, "New name", today()))
	fail(m.Service.RecordAttendance(ctx, by, group.AttendanceCommand{Slug: m.Slug, Meeting: m.Held, Body: bodies[1].Slug, Post: "Gone", Presence: group.Absent}))
	for name, sql := range map[string]string{
		"minutes_row":   `SELECT id FROM meeting_file WHERE file_id = @minutes`,
		"withdrawn_row": `SELECT meeting_file_id FROM meeting_file_withdrawal`,
		"name":          `SELECT id FROM sub_group_name WHERE sub_group_id = @group AND ends_on IS NULL`,
		"terms_row":     `SELECT id FROM sub_group_terms WHERE file_id = @terms`,
		"step":          `SELECT max(id) FROM action_step`,
		"post":          `INSERT INTO post (title) VALUES ('Chair') RETURNING id`,
	} {
		var n int64
		fail(db.QueryRow(ctx, sql, given).Scan(&n))
		given[name] = n
	}
	for _, err := range failed {
		if err != nil {
			t.Fatal(err)
		}
	}
	return given
}

var (
	aGroup      = pgtest.Row{"slug": `'a-new-group'`, "purpose": `'To try'`, "starts_on": `'2020-01-01'`}
	aName       = pgtest.Row{"sub_group_id": `@group`, "name": `'Another'`, "starts_on": `'2018-01-01'`, "ends_on": `'2018-02-01'`}
	someTerms   = pgtest.Row{"sub_group_id": `@group`, "file_id": `@file`, "starts_on": `'2020-01-01'`}
	aMember     = pgtest.Row{"sub_group_id": `@group`, "organisation_id": `@outsider`, "starts_on": `'2020-01-01'`}
	aMeeting    = pgtest.Row{"sub_group_id": `@group`, "meets_on": `'2020-01-01'`, "place": `'Online'`}
	aPaper      = pgtest.Row{"meeting_id": `@held`, "kind": `'paper'`, "file_id": `@file`}
	aWithdrawal = pgtest.Row{"meeting_file_id": `@minutes_row`, "reason": `'Wrong'`, "withdrawn_by": `@person`}
	anEntry     = pgtest.Row{"meeting_id": `@held`, "organisation_id": `@outsider`, "post_title": `'Head'`, "presence": `'present'`}
	anAction    = pgtest.Row{"sub_group_id": `@group`, "number": `90`, "meeting_id": `@held`, "what": `'Do it'`, "owner_id": `@body`, "due_on": `'2030-01-01'`}
	aStep       = pgtest.Row{"action_id": `@open`, "kind": `'progress'`, "note": `'Half'`, "organisation_id": `@body`, "account_id": `@person`}
)

// trial is an attempt to insert a changed row: what is tried, what refuses it, and the changes.
type trial struct {
	name, want string
	changes    []string
}

func try(name, want string, changes ...string) trial { return trial{name, want, changes} }

func inserts(table string, row pgtest.Row, trials ...trial) []pgtest.Attempt {
	var list []pgtest.Attempt
	for _, x := range trials {
		a := pgtest.Attempt{Name: "a row of " + table + " " + x.name, SQL: row.With(x.changes...).Into(table), Want: x.want}
		if slices.ContainsFunc(x.changes, func(c string) bool {
			return c == "id" || c == "state" || c == "retracted_reason" || c == "closed_on" || c == "closing_note"
		}) {
			a.As = pgtest.AsOwner // the application may not name these
		}
		list = append(list, a)
	}
	return list
}

func attempts() []pgtest.Attempt {
	return slices.Concat(bodyAttempts(), groupAttempts(), memberAttempts(), meetingAttempts(), fileAttempts(), actionAttempts(), actionMoves(), keptAttempts())
}

// bodyAttempts retract bodies that have a place in a group: as a member, at a meeting, as the owner of an action.
func bodyAttempts() []pgtest.Attempt {
	var list []pgtest.Attempt
	for _, body := range []string{"only_member", "only_guest", "only_owner"} {
		list = append(list, pgtest.Attempt{Name: "a body is retracted that is " + body, SQL: `UPDATE organisation SET retracted_reason = 'No' WHERE id = @` + body, Want: "organisation_retracted_unused"})
	}
	return append(list, pgtest.Attempt{Name: "a body without a place is retracted", SQL: `UPDATE organisation SET retracted_reason = 'No' WHERE id = @unplaced`})
}

// bodyGuards take away what keeps those bodies.
func bodyGuards(t testing.TB, db pg.DB) []pgtest.Mutation {
	t.Helper()
	list := []pgtest.Mutation{{Name: "trigger organisation_groups", Table: "organisation", SQL: `DROP TRIGGER organisation_groups ON organisation`}}
	for _, clause := range []string{"m.retracted_at IS NULL", "a.retracted_at IS NULL", "a.owner_id = NEW.id"} {
		list = append(list, pgtest.Clause(t, db, "organisation", "organisation_group_guard", clause, "false"))
	}
	return list
}

func groupAttempts() []pgtest.Attempt {
	return slices.Concat(
		inserts("sub_group", aGroup, try("properly", ""), try("without a purpose", "sub_group_purpose_length", "purpose", `' '`),
			try("at no address", "sub_group_slug_form", "slug", `'No Address'`), try("at the address of another", "sub_group_slug_key", "slug", `(SELECT slug FROM sub_group WHERE id = @group)`),
			try("with a chair of too many words", "sub_group_chair_title_length", "chair_title", `repeat('x', 201)`), try("with a chair that is none", "sub_group_chair_post_fkey", "chair_post_id", `@nobody`),
			try("with two chairs", "sub_group_one_chair", "chair_post_id", `@post`, "chair_title", `'Chair'`), try("with a long rhythm", "sub_group_rhythm_length", "rhythm", `repeat('x', 201)`),
			try("that ends before it begins", "sub_group_ends_after_start", "ends_on", `'2019-01-01'`), try("twice under one number", "sub_group_pkey", "id", `@group`)),
		inserts("sub_group_name", aName, try("of no group", "sub_group_name_sub_group_fkey", "sub_group_id", `@nobody`), try("of no letters", "sub_group_name_length", "sub_group_id", `@nobody`, "name", `' '`),
			try("on a day that has one", "sub_group_name_no_overlap"), try("twice under one number", "sub_group_name_pkey", "id", `@name`)),
		inserts("sub_group_terms", someTerms, try("properly", ""), try("of no group", "sub_group_terms_sub_group_fkey", "sub_group_id", `@nobody`), try("without a file", "sub_group_terms_file_fkey", "file_id", `@nobody`),
			try("from the file of others", "sub_group_terms_file_key", "file_id", `@terms`), try("twice under one number", "sub_group_terms_pkey", "id", `@terms_row`)),
		[]pgtest.Attempt{
			{Name: "a group ends before its members and meetings", SQL: `UPDATE sub_group SET ends_on = '2026-01-01' WHERE id = @group`, Want: "sub_group_ends_after_all"},
			{Name: "a group ends before its meetings", After: []string{`UPDATE sub_group_member SET ends_on = '2020-01-01' WHERE sub_group_id = @group`},
				SQL: `UPDATE sub_group SET ends_on = '2020-01-01' WHERE id = @group`, Want: "sub_group_ends_after_all"},
			{Name: "a group begins on another day", SQL: `UPDATE sub_group SET starts_on = '2010-01-01' WHERE id = @group`, Want: "42501"},
			{Name: "a name is rewritten", SQL: `UPDATE sub_group_name SET name = 'Else' WHERE sub_group_id = @group`, Want: "42501"},
		})
}

func memberAttempts() []pgtest.Attempt {
	return slices.Concat(
		inserts("sub_group_member", aMember, try("properly", ""), try("of no group", "sub_group_member_sub_group_fkey", "sub_group_id", `@nobody`, "retracted_reason", `NULL`),
			try("of no body", "sub_group_member_organisation_fkey", "organisation_id", `@nobody`), try("twice at once", "sub_group_member_no_overlap", "organisation_id", `@body`),
			try("before the group begins", "sub_group_member_within_group", "starts_on", `'2001-01-01'`), try("after the group ended", "sub_group_member_within_group", "sub_group_id", `@ended`),
			try("twice under one number", "sub_group_member_pkey", "id", `@member`)),
		[]pgtest.Attempt{
			{Name: "a membership is stretched beyond its group", As: pgtest.AsOwner, SQL: `UPDATE sub_group_member SET starts_on = '2001-01-01' WHERE id = @member`, Want: "sub_group_member_within_group"},
			{Name: "a membership is retracted without words", SQL: `UPDATE sub_group_member SET retracted_reason = ' ' WHERE id = @member`, Want: "sub_group_member_retracted_with_reason"},
			{Name: "a membership is born retracted", As: pgtest.AsOwner, SQL: aMember.With("retracted_reason", `'No'`).Into("sub_group_member"),
				Shows: `SELECT count(*)::text FROM sub_group_member WHERE organisation_id = @outsider AND sub_group_id = @group AND retracted_at IS NULL`, Want: "1"},
			{Name: "a retraction is taken back", After: []string{`UPDATE sub_group_member SET retracted_reason = 'No' WHERE id = @member`},
				SQL: `UPDATE sub_group_member SET retracted_reason = NULL WHERE id = @member`, Want: "retracted_final"},
			{Name: "a retraction without its time", Unguarded: true, SQL: `UPDATE sub_group_member SET retracted_reason = 'No' WHERE id = @member`, Want: "sub_group_member_retracted_whole"},
			{Name: "a body is a member again after a retraction", After: []string{`UPDATE sub_group_member SET retracted_reason = 'No' WHERE id = @member`},
				SQL: aMember.With("organisation_id", `(SELECT organisation_id FROM sub_group_member WHERE id = @member)`).Into("sub_group_member")},
		})
}

func meetingAttempts() []pgtest.Attempt {
	move := func(name, want, which, to string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a meeting " + name, SQL: `UPDATE meeting SET state = '` + to + `', state_note = 'Why' WHERE id = @` + which, Want: want}
	}
	return slices.Concat(
		inserts("meeting", aMeeting, try("properly", ""), try("of no group", "meeting_sub_group_fkey", "sub_group_id", `@nobody`), try("at no place", "meeting_place_length", "place", `' '`),
			try("before the group begins", "meeting_within_group", "meets_on", `'2001-01-01'`), try("after the group ended", "meeting_within_group", "sub_group_id", `@ended`, "meets_on", `london_day(now())`),
			try("that was held at once", "meeting_born_planned", "state", `'held'`), try("twice under one number", "meeting_pkey", "id", `@held`)),
		[]pgtest.Attempt{
			move("was held before its day", "meeting_held_in_past", "planned", "held"), move("was held and is cancelled", "meeting_moves", "held", "cancelled"),
			move("was cancelled and held", "meeting_moves", "cancelled", "held"), move("is nothing that is known", "meeting_state_known", "planned", "odd"),
			move("is planned again", "", "cancelled", "planned"),
			{Name: "a meeting is cancelled without words", SQL: `UPDATE meeting SET state = 'cancelled', state_note = ' ' WHERE id = @planned`, Want: "meeting_cancelled_with_reason"},
			{Name: "a meeting has too long a note", SQL: `UPDATE meeting SET state_note = repeat('x', 2001) WHERE id = @planned`, Want: "meeting_state_note_length"},
			{Name: "a meeting moves out of its group", SQL: `UPDATE meeting SET meets_on = '2001-01-01' WHERE id = @held`, Want: "meeting_within_group"},
			{Name: "a meeting moves to another group", SQL: `UPDATE meeting SET sub_group_id = sub_group_id WHERE id = @held`, Want: "42501"},
		},
		inserts("meeting_attendance", anEntry, try("properly", ""), try("at no meeting", "meeting_attendance_meeting_fkey", "meeting_id", `@nobody`), try("of no body", "meeting_attendance_organisation_fkey", "organisation_id", `@nobody`),
			try("of no post", "meeting_attendance_post_title_length", "post_title", `' '`), try("in no known way", "meeting_attendance_presence_known", "presence", `'late'`),
			try("twice", "meeting_attendance_once", "organisation_id", `@body`, "post_title", `'HEAD OF HOUSING'`), try("twice under one number", "meeting_attendance_pkey", "id", `@attendance`)),
		[]pgtest.Attempt{
			{Name: "an entry is retracted without words", SQL: `UPDATE meeting_attendance SET retracted_reason = ' ' WHERE id = @attendance`, Want: "meeting_attendance_retracted_with_reason"},
			{Name: "an entry is born retracted", As: pgtest.AsOwner, SQL: anEntry.With("retracted_reason", `'No'`).Into("meeting_attendance"),
				Shows: `SELECT count(*)::text FROM meeting_attendance WHERE organisation_id = @outsider AND retracted_at IS NULL AND meeting_id = @held`, Want: "1"},
			{Name: "an entry's retraction lacks its time", Unguarded: true, SQL: `UPDATE meeting_attendance SET retracted_reason = 'No' WHERE id = @attendance`, Want: "meeting_attendance_retracted_whole"},
		})
}

func fileAttempts() []pgtest.Attempt {
	return slices.Concat(
		inserts("meeting_file", aPaper, try("properly", ""), try("of no meeting", "meeting_file_meeting_fkey", "meeting_id", `@nobody`), try("without a file", "meeting_file_file_fkey", "file_id", `@nobody`),
			try("of no known kind", "meeting_file_kind_known", "kind", `'song'`), try("from the file of another", "meeting_file_file_key", "file_id", `@minutes`), try("twice under one number", "meeting_file_pkey", "id", `@minutes_row`)),
		inserts("meeting_file_withdrawal", aWithdrawal, try("properly", ""), try("of no file", "meeting_file_withdrawal_file_fkey", "meeting_file_id", `@nobody`), try("without a reason", "meeting_file_withdrawal_reason_length", "reason", `' '`),
			try("by nobody", "meeting_file_withdrawal_by_fkey", "withdrawn_by", `@nobody`), try("twice", "meeting_file_withdrawal_pkey", "meeting_file_id", `@withdrawn_row`)))
}

func actionAttempts() []pgtest.Attempt {
	return slices.Concat(
		inserts("action", anAction, try("properly", ""), try("outside a meeting", "", "meeting_id", `NULL`), try("of no group", "action_sub_group_fkey", "sub_group_id", `@nobody`, "meeting_id", `NULL`),
			try("of the meeting of another group", "action_meeting_of_group_fkey", "meeting_id", `@other_meeting`), try("that says nothing", "action_what_length", "what", `' '`), try("of nobody", "action_owner_fkey", "owner_id", `@nobody`),
			try("numbered zero", "action_number_positive", "number", `0`), try("under the number of another", "action_number_key", "number", `@number_open`), try("born done", "action_born_open", "state", `'done'`, "closed_on", `london_day(now())`, "closing_note", `'Done'`),
			try("twice under one number", "action_pkey", "id", `@open`)),
		inserts("action_step", aStep, try("properly", ""), try("of no action", "action_step_action_fkey", "action_id", `@nobody`), try("of no known kind", "action_step_kind_known", "kind", `'danced'`),
			try("that says nothing", "action_step_note_given", "note", `' '`), try("that says too much", "action_step_note_length", "note", `repeat('x', 2001)`), try("for no body", "action_step_organisation_fkey", "organisation_id", `@nobody`),
			try("by nobody", "action_step_account_fkey", "account_id", `@nobody`), try("twice under one number", "action_step_pkey", "id", `@step`)))
}

func actionMoves() []pgtest.Attempt {
	close := func(name, want, set string) pgtest.Attempt {
		return pgtest.Attempt{Name: "an open action is " + name, SQL: `UPDATE action SET ` + set + ` WHERE id = @open`, Want: want}
	}
	shown := close("closed today, whatever is said", "today", `state = 'done', closing_note = 'Done'`)
	shown.Shows = `SELECT CASE WHEN closed_on = london_day(now()) THEN 'today' ELSE 'else' END FROM action WHERE id = @open`
	return []pgtest.Attempt{
		close("closed without words", "action_closed_whole", `state = 'done'`),
		close("closed with too many words", "action_closing_note_length", `state = 'done', closing_note = repeat('x', 2001)`),
		close("given a closing note", "action_closed_whole", `closing_note = 'Done'`),
		close("moved to no known state", "action_state_known", `state = 'lost', closing_note = 'Lost'`),
		close("moved to another group", "42501", `sub_group_id = sub_group_id`),
		close("given a closing day", "42501", `closed_on = '2020-01-01'`),
		shown,
		{Name: "a done action is dropped", SQL: `UPDATE action SET state = 'dropped', closing_note = 'No' WHERE id = @done`, Want: "action_closed_final"},
		{Name: "a done action says something else", SQL: `UPDATE action SET what = 'Else' WHERE id = @done`, Want: "action_closed_final"},
		{Name: "a done action is opened again", SQL: `UPDATE action SET state = 'open' WHERE id = @done`},
	}
}

// remembered are the tables that keep what they said before; added are those whose rows never change.
var (
	remembered = []string{"sub_group", "sub_group_name", "sub_group_member", "meeting", "meeting_attendance", "action"}
	added      = []string{"sub_group_terms", "meeting_file", "meeting_file_withdrawal", "action_step"}
)

func keptAttempts() []pgtest.Attempt {
	var list []pgtest.Attempt
	owner := func(name, sql, want string) {
		list = append(list, pgtest.Attempt{Name: name, As: pgtest.AsOwner, SQL: sql, Want: want})
	}
	for _, table := range remembered {
		owner("rows of "+table+" go", `DELETE FROM `+table+` `, table+"_kept")
		owner("all rows of "+table+" go", `TRUNCATE `+table+` CASCADE`, table+"_kept")
		past := table + "_past"
		list = append(list, pgtest.Attempt{Name: "the past of " + table + " goes", As: pgtest.AsOwner, SQL: `DELETE FROM ` + past + ` `, Want: past + "_insert_only",
			After: []string{`INSERT INTO ` + past + ` SELECT now(), x.* FROM ` + table + ` x`}})
		owner("all the past of "+table+" goes", `TRUNCATE `+past+` `, past+"_insert_only")
	}
	for _, table := range added {
		owner("rows of "+table+" change", `UPDATE `+table+` SET recorded_at = now()`, table+"_insert_only")
		owner("all rows of "+table+" go", `TRUNCATE `+table+` CASCADE`, table+"_insert_only")
	}
	return list
}

// Every attempt is refused, and every guard has an attempt that dies with it: none can be lost unnoticed.
func TestTheDatabaseKeepsGroupsStraight(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	given := situation(t, db.App)
	pgtest.Refused(t, db.Owner, given, attempts())
	tables := slices.Concat(remembered, added)
	for _, table := range remembered {
		tables = append(tables, table+"_past")
	}
	pgtest.Killed(t, db, given, attempts(), append(pgtest.Guards(t, db.Owner, tables...), bodyGuards(t, db.Owner)...), nil)
}
