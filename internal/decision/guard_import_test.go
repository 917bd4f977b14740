package decision_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/decision/decisiontest"
	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func importAttempts() []pgtest.Attempt {
	keep := into("decision_import", pgtest.Row{"files": `'[{"name": "a.csv"}]'`, "content": `'{}'`, "plan_digest": `sha256('b')`, "added": `1`, "changed": `0`,
		"unchanged": `0`, "previewed_at": `now()`, "previewed_by": `@somebody`})
	set := func(name, want, which, what string) pgtest.Attempt {
		return sql("an import is "+name, want, `UPDATE decision_import SET `+what+` WHERE id = @`+which)
	}
	change := pgtest.Row{"import_id": `@applied`, "decision_id": `@record`, "place": `'Row 2'`, "after": `'{}'`, "revision": `1`}
	did := into("decision_import_change", change)
	twice := did("twice", "decision_import_change_once")
	twice.After = []string{change.Into("decision_import_change")}
	return append(insertOnly("decision_import_change")[1:],
		keep("properly", ""), keep("by the command", "", "previewed_by", `NULL`), keep("with exempt passages", "", "exempt", `'{}'`, "has_exempt", `true`),
		keep("of no file", "decision_import_files_list", "files", `'[]'`), keep("of a file in no list", "decision_import_files_list", "files", `'{}'`),
		keep("without records", "decision_import_content_object", "content", `'[]'`),
		keep("with a list of exempt passages", "decision_import_exempt_object", "exempt", `'[]'`, "has_exempt", `true`),
		keep("with exempt passages that it does not own up to", "decision_import_exempt_said", "exempt", `'{}'`),
		keep("with half a digest", "decision_import_plan_digest_length", "plan_digest", `'\x00'`),
		keep("adding less than nothing", "decision_import_added_count", "added", `-1`),
		keep("changing less than nothing", "decision_import_changed_count", "changed", `-1`),
		keep("with less than no record unchanged", "decision_import_unchanged_count", "unchanged", `-1`),
		keep("by nobody", "decision_import_previewed_by_fkey", "previewed_by", `@nobody`),
		keep("as done already", denied, "applied_at", `now()`),
		owners(keep("of a number that was used", "decision_import_pkey", "id", `@previewed`)),
		set("done", "", "previewed", `applied_at = now(), applied_by = @somebody, exempt = NULL`),
		set("done with its exempt passages", "decision_import_exempt_forgotten", "previewed", `applied_at = now()`),
		set("done by nobody", "decision_import_applied_by_fkey", "previewed", `applied_at = now(), applied_by = @nobody, exempt = NULL`),
		set("done again", "decision_import_applied_once", "applied", `applied_at = now()`),
		set("published afterwards", "decision_import_applied_once", "applied", `is_published = true`),
		set("given other exempt passages", "decision_import_exempt_only_forgotten", "previewed", `exempt = '{"0": {}}'`),
		set("given exempt passages", "decision_import_exempt_only_forgotten", "forgotten", `exempt = '{}'`),
		set("undone", "", "applied", `undone_at = now(), undone_by = @somebody, undone_reason = 'Wrong'`),
		set("undone by nobody", "decision_import_undone_by_fkey", "applied", `undone_at = now(), undone_by = @nobody, undone_reason = 'Wrong'`),
		set("undone before it is done", "decision_import_undone_after_applied", "previewed", `undone_at = now(), undone_reason = 'Wrong'`),
		set("undone without a reason", "decision_import_undone_with_reason", "applied", `undone_at = now()`),
		set("undone for an empty reason", "decision_import_undone_reason_length", "applied", `undone_at = now(), undone_reason = ' '`),
		set("undone again", "decision_import_undone_once", "undone", `undone_reason = 'Another'`),
		set("given other records", denied, "previewed", `content = '{}'`),
		sql("imports are deleted", denied, `DELETE FROM decision_import`),
		did("properly", ""), twice, did("of no import", "decision_import_change_import_fkey", "import_id", `@nobody`),
		did("of no record", "decision_import_change_decision_fkey", "decision_id", `@nobody`), did("in no place", "decision_import_change_place_length", "place", `' '`),
	)
}

func TestNoGuardOfDecisionImportsIsIdle(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	ctx := t.Context()
	body := membershiptest.Partner(t, db.App).Body
	record, another := decisiontest.Proposed(t, db.App, body.Slug), decisiontest.Proposed(t, db.App, body.Slug)
	given := pgx.NamedArgs{"somebody": membershiptest.Person(t, db.App), "nobody": int64(-1), "record": record}
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := db.App.Exec(ctx, statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"previewed", "forgotten", "applied", "undone"} {
		var made int64
		err := db.App.QueryRow(ctx, `
			INSERT INTO decision_import (files, content, exempt, has_exempt, plan_digest, added, changed, unchanged, previewed_at)
			VALUES ('[{"name": "a.csv"}]', '{}', '{"0": {"exempt": {}}}', true, sha256('b'), 1, 0, 0, now()) RETURNING id`).Scan(&made)
		if err != nil {
			t.Fatal(err)
		}
		given[name] = made
	}
	exec(`UPDATE decision_import SET exempt = NULL WHERE id = $1`, given["forgotten"])
	exec(`UPDATE decision_import SET exempt = NULL, applied_at = now() - interval '1 hour', applied_by = $3 WHERE id IN ($1, $2)`, given["applied"], given["undone"], given["somebody"])
	exec(`UPDATE decision_import SET undone_at = now(), undone_reason = 'Wrong' WHERE id = $1`, given["undone"])
	exec(`INSERT INTO decision_import_change (import_id, decision_id, place, after, revision) VALUES ($1, $2, 'Row 2', '{}', 1)`, given["undone"], another)
	attempts := importAttempts()
	pgtest.Refused(t, db.Owner, given, attempts)
	pgtest.Killed(t, db, given, attempts, pgtest.Guards(t, db.Owner, "decision_import", "decision_import_change"), map[string]string{
		"decision_import_change_pkey": "identity columns take no number of ours",
	})
}
