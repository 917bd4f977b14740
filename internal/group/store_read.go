package group

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/id"
	"partnershipportal/internal/pg"
)

// visible is the condition under which group g is seen: by whoever reads all, or whose body is a member today. Of a
// group that ended its last day counts, of one to come its first.
const visible = `
	(@all OR EXISTS (SELECT FROM sub_group_member m WHERE m.sub_group_id = g.id AND m.organisation_id = ANY (@bodies)
	         AND m.retracted_at IS NULL AND m.during @> greatest(least(@today::date, g.ends_on), g.starts_on)))`

const openFirst = `a.state <> 'open', CASE WHEN a.state = 'open' THEN a.due_on END, a.closed_on DESC, a.id`

func (v seen) args(more pgx.StrictNamedArgs) pgx.StrictNamedArgs {
	args := pgx.StrictNamedArgs{"all": v.all, "bodies": v.bodies, "today": v.today}
	for name, value := range more {
		args[name] = value
	}
	return args
}

const lineColumns = `
	g.id, g.slug, coalesce(sub_group_name_on(g.id, d.day), g.slug) AS name, g.purpose, coalesce(p.title, g.chair_title) AS chair, g.rhythm,
	g.starts_on, g.ends_on, g.is_demonstration,
	(SELECT count(*) FROM sub_group_member m WHERE m.sub_group_id = g.id AND m.retracted_at IS NULL AND m.during @> d.day) AS members,
	(SELECT count(*) FROM action a WHERE a.sub_group_id = g.id AND a.state = 'open') AS open,
	(SELECT count(*) FROM action a WHERE a.sub_group_id = g.id AND a.state = 'open' AND a.due_on < @today) AS overdue,
	(SELECT min(t.meets_on) FROM meeting t WHERE t.sub_group_id = g.id AND t.state = 'planned' AND t.meets_on >= @today) AS next`

const fromGroup = `
	FROM sub_group g LEFT JOIN post p ON p.id = g.chair_post_id
	CROSS JOIN LATERAL (SELECT greatest(least(@today::date, g.ends_on), g.starts_on) AS day) d`

func selectGroups(ctx context.Context, db pg.DB, v seen) ([]Line, error) {
	rows, _ := db.Query(ctx, `SELECT `+lineColumns+fromGroup+` WHERE `+visible+` ORDER BY coalesce(g.ends_on < @today, false), lower(sub_group_name_on(g.id, d.day)), g.slug`, v.args(nil))
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Line])
	if err != nil {
		return nil, fmt.Errorf("read the groups: %w", err)
	}
	return list, nil
}

func selectGroup(ctx context.Context, db pg.DB, v seen, slug string) (Group, error) {
	rows, _ := db.Query(ctx, `SELECT `+lineColumns+`, g.chair_title, coalesce(g.chair_post_id, 0) AS chair_post`+fromGroup+` WHERE g.slug = @slug AND `+visible,
		v.args(pgx.StrictNamedArgs{"slug": slug}))
	g, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Group])
	if errors.Is(err, pgx.ErrNoRows) {
		return Group{}, errNoGroup
	}
	if err != nil {
		return Group{}, fmt.Errorf("read group %q: %w", slug, err)
	}
	if g.Names, err = collect[Name](ctx, db, `SELECT name, starts_on, ends_on FROM sub_group_name WHERE sub_group_id = @id ORDER BY starts_on NULLS FIRST`,
		pgx.StrictNamedArgs{"id": g.ID}); err != nil {
		return Group{}, err
	}
	if g.Terms, err = collect[Terms](ctx, db, `
		SELECT t.file_id AS file, f.title, f.language, c.media_type, c.size, t.starts_on, f.recorded_at AS added_at
		FROM sub_group_terms t JOIN stored_file f ON f.id = t.file_id JOIN file_content c USING (digest)
		WHERE t.sub_group_id = @id ORDER BY t.starts_on DESC, t.id DESC`, pgx.StrictNamedArgs{"id": g.ID}); err != nil {
		return Group{}, err
	}
	if g.Bodies, err = collect[Member](ctx, db, `
		SELECT m.id, o.id AS organisation, o.slug, coalesce(organisation_name_on(o.id, greatest(least(@today::date, m.ends_on), m.starts_on)), o.slug) AS name,
		       m.starts_on, m.ends_on, coalesce(m.retracted_reason, '') AS retracted_reason
		FROM sub_group_member m JOIN organisation o ON o.id = m.organisation_id
		WHERE m.sub_group_id = @id ORDER BY lower(organisation_name_on(o.id, @today)), m.starts_on, m.id`, pgx.StrictNamedArgs{"id": g.ID, "today": v.today}); err != nil {
		return Group{}, err
	}
	if g.Meetings, err = collect[Meeting](ctx, db, `
		SELECT id, meets_on AS on, place, state, state_note AS note FROM meeting WHERE sub_group_id = @id ORDER BY meets_on DESC, id DESC`,
		pgx.StrictNamedArgs{"id": g.ID}); err != nil {
		return Group{}, err
	}
	g.Actions, err = selectActions(ctx, db, v, visible+` AND g.slug = @slug`, openFirst, "slug", slug)
	return g, err
}

func collect[T any](ctx context.Context, db pg.DB, sql string, args pgx.StrictNamedArgs) ([]T, error) {
	rows, _ := db.Query(ctx, sql, args)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	if err != nil {
		return nil, fmt.Errorf("read a group's %T: %w", *new(T), err)
	}
	return list, nil
}

// selectSees tells whether the group is there, and whether it is seen.
func selectSees(ctx context.Context, db pg.DB, v seen, slug string) (there, sees bool, err error) {
	err = db.QueryRow(ctx, `SELECT count(*) > 0, coalesce(bool_or(`+visible+`), false) FROM sub_group g WHERE g.slug = @slug`,
		v.args(pgx.StrictNamedArgs{"slug": slug})).Scan(&there, &sees)
	if err != nil {
		return false, false, fmt.Errorf("look for group %q: %w", slug, err)
	}
	return there, sees, nil
}

func fillMeeting(ctx context.Context, db pg.DB, m *Meeting, withdrawnToo bool) (err error) {
	if m.Files, err = collect[MeetingFile](ctx, db, `
		SELECT x.file_id AS file, x.kind, f.title, f.language, c.media_type, c.size, f.recorded_at AS added_at, coalesce(w.reason, '') AS withdrawn
		FROM meeting_file x JOIN stored_file f ON f.id = x.file_id JOIN file_content c USING (digest)
		LEFT JOIN meeting_file_withdrawal w ON w.meeting_file_id = x.id
		WHERE x.meeting_id = @id AND (w.meeting_file_id IS NULL OR @withdrawn) ORDER BY x.kind, x.id`,
		pgx.StrictNamedArgs{"id": m.ID, "withdrawn": withdrawnToo}); err != nil {
		return err
	}
	if m.Attendance, err = collect[Attendance](ctx, db, `
		SELECT x.id, x.post_title AS post, coalesce(organisation_name_on(o.id, @on), o.slug) AS body, o.slug AS body_slug, x.presence
		FROM meeting_attendance x JOIN organisation o ON o.id = x.organisation_id
		WHERE x.meeting_id = @id AND x.retracted_at IS NULL ORDER BY lower(organisation_name_on(o.id, @on)), lower(x.post_title)`,
		pgx.StrictNamedArgs{"id": m.ID, "on": m.On}); err != nil {
		return err
	}
	m.Earlier, err = collect[Wording](ctx, db, `
		SELECT meets_on AS on, place, state, state_note AS note, known_until AS until FROM meeting_past WHERE id = @id ORDER BY known_until DESC`,
		pgx.StrictNamedArgs{"id": m.ID})
	return err
}

const actionColumns = `
	SELECT a.id, g.slug AS "group", coalesce(sub_group_name_on(g.id, greatest(least(@today::date, g.ends_on), g.starts_on)), g.slug) AS group_name,
	       a.number, coalesce(a.meeting_id, 0) AS meeting, t.meets_on AS meeting_on, a.what, a.owner_id AS owner, o.slug AS owner_slug,
	       coalesce(organisation_name_on(o.id, coalesce(a.closed_on, @today)), o.slug) AS owner_name, a.due_on, a.state, a.closed_on, a.closing_note
	FROM action a JOIN sub_group g ON g.id = a.sub_group_id JOIN organisation o ON o.id = a.owner_id LEFT JOIN meeting t ON t.id = a.meeting_id`

// selectActions lists actions; the condition uses all of @all, @bodies, @today, and what else is given by name and value.
func selectActions(ctx context.Context, db pg.DB, v seen, condition, order string, more ...string) ([]Action, error) {
	args := v.args(nil)
	for i := 0; i < len(more); i += 2 {
		args[more[i]] = more[i+1]
	}
	rows, _ := db.Query(ctx, actionColumns+` WHERE (`+condition+`) ORDER BY `+order, args)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[Action])
	if err != nil {
		return nil, fmt.Errorf("read actions: %w", err)
	}
	return list, nil
}

func selectAction(ctx context.Context, db pg.DB, v seen, slug string, number int) (Action, error) {
	rows, _ := db.Query(ctx, actionColumns+` WHERE g.slug = @slug AND a.number = @number AND (`+visible+` OR a.owner_id = ANY (@bodies))`,
		v.args(pgx.StrictNamedArgs{"slug": slug, "number": number}))
	a, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Action])
	if errors.Is(err, pgx.ErrNoRows) {
		return Action{}, errNoAction
	}
	if err != nil {
		return Action{}, fmt.Errorf("read action %d of group %q: %w", number, slug, err)
	}
	return a, nil
}

func selectSteps(ctx context.Context, db pg.DB, of id.Action) ([]Step, error) {
	return collect[Step](ctx, db, `
		SELECT s.kind, s.note, coalesce(organisation_name_on(s.organisation_id, london_day(s.recorded_at)), '') AS body, s.recorded_at AS at
		FROM action_step s WHERE s.action_id = @id ORDER BY s.id DESC`, pgx.StrictNamedArgs{"id": of})
}

func selectChairPosts(ctx context.Context, db pg.DB, slug string, today day.Date) ([]Post, error) {
	return collect[Post](ctx, db, `
		SELECT p.id, p.title, coalesce(organisation_name_on(p.organisation_id, @today), '') AS body
		FROM post p
		WHERE p.retracted_at IS NULL AND p.during @> @today::date AND (p.organisation_id IS NULL
		      OR p.organisation_id IN (SELECT organisation_id FROM safeguarding_partner WHERE retracted_at IS NULL AND during @> @today::date)
		      OR p.organisation_id IN (SELECT m.organisation_id FROM sub_group_member m JOIN sub_group g ON g.id = m.sub_group_id
		                               WHERE g.slug = @slug AND m.retracted_at IS NULL AND m.during @> @today::date)
		      OR p.id = (SELECT chair_post_id FROM sub_group WHERE slug = @slug))
		ORDER BY 3, lower(p.title), p.id`, pgx.StrictNamedArgs{"slug": slug, "today": today})
}
