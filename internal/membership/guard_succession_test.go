package membership_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/day"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

// history is bodies of which one took the place of another, by the names that the attempts use.
func history(t *testing.T, db pg.DB) pgx.NamedArgs {
	t.Helper()
	body := func(alter ...func(*membershiptest.Body)) int64 {
		return int64(membershiptest.Organisation(t, db, alter...).ID)
	}
	first, second, free, more := membershiptest.Organisation(t, db), membershiptest.Organisation(t, db), body(), body()
	reversed := one[int64](t, db, `INSERT INTO organisation_succession (predecessor_id, successor_id, takes_over_on) VALUES (@a, @b, '2022-07-01') RETURNING succession_id`,
		pgx.NamedArgs{"a": body(), "b": body()})
	exec(t, db, `WITH links AS (UPDATE organisation_succession SET retracted_reason = 'typed twice' WHERE succession_id = $1)
		UPDATE succession SET reversed_reason = 'typed twice' WHERE id = $1`, reversed)
	return pgx.NamedArgs{"first": first.ID, "second": second.ID, "free": free, "more": more,
		"late":    body(func(b *membershiptest.Body) { b.StartsOn = day.Must("2023-01-01") }),
		"gone":    body(func(b *membershiptest.Body) { b.EndsOn = day.Must("2020-01-01") }),
		"partner": membershiptest.Partner(t, db).ID, "person": membershiptest.Person(t, db), "nobody": int64(-1), "reversed": reversed,
		"standing": membershiptest.Succession(t, db, first.ID, second.ID, day.Must("2022-07-01"))}
}

// joined is a succession with its bodies and links, written as the portal does.
func joined(kind, bodies, links string) string {
	return `WITH s AS (INSERT INTO succession (kind, takes_effect_on) VALUES ('` + kind + `', '2022-07-01') RETURNING id),
		b AS (INSERT INTO succession_body (succession_id, organisation_id, part) SELECT s.id, x.o, x.p FROM s, (VALUES ` + bodies + `) x (o, p))
		INSERT INTO organisation_succession (succession_id, takes_over_on, predecessor_id, successor_id) SELECT s.id, '2022-07-01', x.a, x.b FROM s, (VALUES ` + links + `) x (a, b)`
}

func successionAttempts() []pgtest.Attempt {
	head := pgtest.Row{"kind": `'takeover'`, "takes_effect_on": `'2022-07-01'`}
	write := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a succession is written " + name, SQL: head.With(changes...).Into("succession"), Want: want}
	}
	link := pgtest.Row{"predecessor_id": `@free`, "successor_id": `@more`, "takes_over_on": `'2022-07-01'`}
	join := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "two bodies are joined " + name, SQL: link.With(changes...).Into("organisation_succession"), Want: want}
	}
	change := pgtest.Row{"succession_id": `@standing`, "partner_id": `@partner`, "made": `true`}
	keep := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a change is kept " + name, SQL: change.With(changes...).Into("succession_change"), Want: want}
	}
	body := func(name, want, of, who, part string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a body is added " + name, Want: want,
			SQL: `INSERT INTO succession_body (succession_id, organisation_id, part) VALUES (@` + of + `, @` + who + `, '` + part + `')`}
	}
	owner := func(a pgtest.Attempt) pgtest.Attempt { a.As = pgtest.AsOwner; return a }
	var references []pgtest.Attempt
	for _, x := range []string{"organisation", "name", "partner", "share", "agency", "post", "holder"} {
		references = append(references, keep("of no "+x, "succession_change_"+x+"_fkey", "partner_id", "", x+"_id", `@nobody`))
	}
	both := func(a pgtest.Attempt, sql ...string) pgtest.Attempt { a.After = sql; return a }
	return append(references,
		write("of another kind", "succession_kind_known", "kind", `'marriage'`),
		write("with too long a note", "succession_note_length", "note", `repeat('x', 2001)`),
		write("with too long a list of functions", "succession_outlasting_length", "outlasting", `repeat('x', 2001)`),
		write("with a last day of no functions", "succession_outlasting_functions", "outlasting_until", `'2023-01-01'`),
		write("with functions that end before", "succession_outlasting_after", "outlasting", `'x'`, "outlasting_until", `'2022-01-01'`),
		write("by nobody", "succession_recorded_by_fkey", "recorded_by", `@nobody`),
		write("without bodies", "succession_bodies_of_kind"),
		write("that is reversed", denied, "reversed_reason", `'x'`),
		owner(write("under a number that was used", "succession_pkey", "id", `@standing`)),
		pgtest.Attempt{Name: "a rename has a successor", SQL: joined("rename", `(@free::bigint, 'predecessor'), (@more::bigint, 'successor')`, `(@free::bigint, @more::bigint)`), Want: "succession_bodies_of_kind"},
		pgtest.Attempt{Name: "a merger is of one body", SQL: joined("merger", `(@free::bigint, 'predecessor'), (@more::bigint, 'successor')`, `(@free::bigint, @more::bigint)`), Want: "succession_bodies_of_kind"},
		pgtest.Attempt{Name: "a takeover is proper", SQL: joined("takeover", `(@free::bigint, 'predecessor'), (@more::bigint, 'successor')`, `(@free::bigint, @more::bigint)`)},
		pgtest.Attempt{Name: "a split lacks a link", SQL: joined("split", `(@free::bigint, 'predecessor'), (@more::bigint, 'successor'), (@late::bigint, 'successor')`, `(@free::bigint, @more::bigint)`), Want: "succession_links"},
		body("that is there already", "succession_body_pkey", "standing", "first", "successor"),
		body("to a takeover that stands", "succession_bodies_of_kind", "standing", "free", "successor"),
		body("that does not exist", "succession_body_organisation_fkey", "standing", "nobody", "successor"),
		body("to no succession", "succession_body_succession_fkey", "nobody", "free", "successor"),
		body("as a cousin", "succession_body_part_known", "standing", "free", "cousin"),
		pgtest.Attempt{Name: "a body is moved", As: pgtest.AsOwner, SQL: `UPDATE succession_body SET part = 'successor'`, Want: "succession_body_insert_only"},
		pgtest.Attempt{Name: "the bodies are emptied out", As: pgtest.AsOwner, SQL: `TRUNCATE succession_body`, Want: "succession_body_insert_only"},
		join("as an earlier release does it", ""),
		join("twice", "organisation_succession_key", "predecessor_id", `@first`, "successor_id", `@second`),
		join("with itself", "organisation_succession_two_bodies", "successor_id", `@free`),
		join("in a circle", "organisation_succession_no_circle", "predecessor_id", `@second`, "successor_id", `@first`),
		join("before the successor begins", "organisation_succession_day_order", "successor_id", `@late`),
		join("after the successor ended", "organisation_succession_day_order", "successor_id", `@gone`),
		join("before the predecessor begins", "organisation_succession_day_order", "predecessor_id", `@late`),
		join("on another day than the succession", "organisation_succession_of_succession", "succession_id", `@standing`, "takes_over_on", `'2022-07-02'`),
		join("in a succession of others", "succession_links", "succession_id", `@standing`),
		join("with nobody", "organisation_succession_successor_fkey", "successor_id", `@nobody`, "succession_id", `@standing`),
		join("after nobody", "organisation_succession_predecessor_fkey", "predecessor_id", `@nobody`, "succession_id", `@standing`),
		join("with too long a note", "organisation_succession_note_length", "note", `repeat('x', 2001)`, "succession_id", `@standing`),
		owner(join("under a number that was used", "organisation_succession_pkey", "id", `(SELECT min(id) FROM organisation_succession)`)),
		pgtest.Attempt{Name: "a link is retracted and its succession stands", SQL: `UPDATE organisation_succession SET retracted_reason = 'x' WHERE succession_id = @standing`, Want: "succession_links"},
		pgtest.Attempt{Name: "a link is retracted without a reason", SQL: `UPDATE organisation_succession SET retracted_reason = ' ' WHERE succession_id = @standing`, Want: "organisation_succession_retracted_with_reason"},
		pgtest.Attempt{Name: "a link is retracted at no time past the triggers", Unguarded: true, SQL: `UPDATE organisation_succession SET retracted_reason = 'x' WHERE succession_id = @standing`, Want: "organisation_succession_retracted_whole"},
		pgtest.Attempt{Name: "a retracted link counts again", SQL: `UPDATE organisation_succession SET retracted_reason = NULL WHERE succession_id = @reversed`, Want: "retracted_final"},
		pgtest.Attempt{Name: "a succession is reversed and its link stands", SQL: `UPDATE succession SET reversed_reason = 'x' WHERE id = @standing`, Want: "succession_links"},
		pgtest.Attempt{Name: "a succession is reversed without a reason", SQL: `UPDATE succession SET reversed_reason = ' ' WHERE id = @standing`, Want: "succession_reversed_with_reason"},
		pgtest.Attempt{Name: "a succession is reversed by nobody that exists", SQL: `UPDATE succession SET reversed_reason = 'x', reversed_by = @nobody WHERE id = @standing`, Want: "succession_reversed_by_fkey"},
		pgtest.Attempt{Name: "a succession is reversed at no time past the triggers", Unguarded: true, SQL: `UPDATE succession SET reversed_reason = 'x' WHERE id = @standing`, Want: "succession_reversed_whole"},
		pgtest.Attempt{Name: "a reversed succession stands again", SQL: `UPDATE succession SET reversed_reason = NULL WHERE id = @reversed`, Want: "succession_reversal_final"},
		pgtest.Attempt{Name: "a succession is moved to another day", SQL: `UPDATE succession SET takes_effect_on = '2023-01-01' WHERE id = @standing`, Want: denied},
		pgtest.Attempt{Name: "a reversed succession leaves what it made", After: []string{change.Into("succession_change"), `UPDATE organisation_succession SET retracted_reason = 'x' WHERE succession_id = @standing`},
			SQL: `UPDATE succession SET reversed_reason = 'x' WHERE id = @standing`, Want: "succession_reversed_with_all"},
		pgtest.Attempt{Name: "a successor ends before the day", SQL: `UPDATE organisation SET ends_on = '2022-06-30' WHERE id = @second`, Want: "organisation_ends_after_succession"},
		keep("properly", ""),
		keep("of nothing", "succession_change_of_one", "partner_id", `NULL`),
		keep("with a last day of what was made", "succession_change_made_or_ended", "set_ends_on", `'2022-06-30'`),
		keep("of no succession", "succession_change_succession_fkey", "succession_id", `@nobody`),
		owner(both(keep("under a number that was used", "succession_change_pkey", "id", `(SELECT max(id) FROM succession_change)`), change.Into("succession_change"))),
		pgtest.Attempt{Name: "a change is rewritten", As: pgtest.AsOwner, After: []string{change.Into("succession_change")}, SQL: `UPDATE succession_change SET made = false`, Want: "succession_change_insert_only"},
		pgtest.Attempt{Name: "the changes are emptied out", As: pgtest.AsOwner, SQL: `TRUNCATE succession_change`, Want: "succession_change_insert_only"},
	)
}

// Every attempt is refused, and every guard has an attempt that dies with it: none can be lost unnoticed.
func TestNoGuardOfSuccessionsIsIdle(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	given := history(t, db.App)
	attempts := successionAttempts()
	pgtest.Refused(t, db.Owner, given, attempts)
	pgtest.Killed(t, db, given, attempts, pgtest.Guards(t, db.Owner, "succession", "succession_body", "succession_change", "organisation_succession"), nil)
}
