package membership_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"partnershipportal/internal/membership/membershiptest"
	"partnershipportal/internal/pg/pgtest"
)

func importAttempts() []pgtest.Attempt {
	run := pgtest.Row{"register": `'agencies'`, "file_name": `'a.csv'`, "file_digest": `sha256('a')`, "content": `'{}'`, "plan_digest": `sha256('b')`,
		"added": `1`, "changed": `0`, "unchanged": `0`, "previewed_at": `now()`, "previewed_by": `@somebody`}
	keep := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "an import is kept " + name, SQL: run.With(changes...).Into("import_run"), Want: want}
	}
	set := func(name, want, which, what string) pgtest.Attempt {
		return pgtest.Attempt{Name: "an import is " + name, SQL: `UPDATE import_run SET ` + what + ` WHERE id = @` + which, Want: want}
	}
	change := pgtest.Row{"run_id": `@applied`, "row_number": `2`, "subject": `'agency'`, "subject_id": `7`, "after": `'{}'`}
	did := func(name, want string, changes ...string) pgtest.Attempt {
		return pgtest.Attempt{Name: "a change is kept " + name, SQL: change.With(changes...).Into("import_change"), Want: want}
	}
	owner := func(a pgtest.Attempt) pgtest.Attempt { a.As = pgtest.AsOwner; return a }
	twice := did("twice", "import_change_once")
	twice.After = []string{change.Into("import_change")}
	return []pgtest.Attempt{
		keep("properly", ""), keep("by the command", "", "previewed_by", `NULL`),
		keep("of no register", "import_run_register_known", "register", `'castles'`),
		keep("without the file's name", "import_run_file_name_length", "file_name", `' '`),
		keep("with half a digest", "import_run_file_digest_length", "file_digest", `'\x00'`),
		keep("with half a digest of the plan", "import_run_plan_digest_length", "plan_digest", `'\x00'`),
		keep("without rows", "import_run_content_object", "content", `'[]'`),
		keep("adding less than nothing", "import_run_added_count", "added", `-1`),
		keep("changing less than nothing", "import_run_changed_count", "changed", `-1`),
		keep("with less than no row unchanged", "import_run_unchanged_count", "unchanged", `-1`),
		keep("by nobody that exists", "import_run_previewed_by_fkey", "previewed_by", `@nobody`),
		keep("as applied already", denied, "applied_at", `now()`),
		set("applied", "", "previewed", `applied_at = now(), applied_by = @somebody`),
		set("applied by nobody that exists", "import_run_applied_by_fkey", "previewed", `applied_at = now(), applied_by = @nobody`),
		set("applied again", "import_run_applied_once", "applied", `applied_at = now()`),
		set("applied by somebody else", "import_run_applied_once", "applied", `applied_by = NULL`),
		set("undone", "", "applied", `undone_at = now(), undone_by = @somebody, undone_reason = 'Wrong'`),
		set("undone by nobody that exists", "import_run_undone_by_fkey", "applied", `undone_at = now(), undone_by = @nobody, undone_reason = 'Wrong'`),
		set("undone before it is applied", "import_run_undone_after_applied", "previewed", `undone_at = now(), undone_reason = 'Wrong'`),
		set("undone without a reason", "import_run_undone_with_reason", "applied", `undone_at = now()`),
		set("undone with an empty reason", "import_run_undone_reason_length", "applied", `undone_at = now(), undone_reason = ' '`),
		set("undone again", "import_run_undone_once", "undone", `undone_reason = 'Another'`),
		set("given other rows", denied, "previewed", `content = '{}'`),
		did("properly", ""), twice,
		did("of no import", "import_change_run_fkey", "run_id", `@nobody`),
		did("of no row", "import_change_row_number", "row_number", `0`),
		did("of no subject", "import_change_subject_known", "subject", `'castle'`),
		owner(pgtest.Attempt{Name: "a change is rewritten", SQL: `UPDATE import_change SET row_number = 9 WHERE run_id = @undone`, Want: "import_change_insert_only"}),
		owner(pgtest.Attempt{Name: "all changes are dropped", SQL: `TRUNCATE import_change`, Want: "import_change_insert_only"}),
	}
}

func TestNoGuardOfImportsIsIdle(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t, pgtest.PoolSize(2))
	ctx := t.Context()
	given := pgx.NamedArgs{"somebody": membershiptest.Person(t, db.App), "nobody": int64(-1)}
	for _, name := range []string{"previewed", "applied", "undone"} {
		var made int64
		err := db.App.QueryRow(ctx, `
			INSERT INTO import_run (register, file_name, file_digest, content, plan_digest, added, changed, unchanged, previewed_at)
			VALUES ('agencies', 'a.csv', sha256('a'), '{}', sha256('b'), 1, 0, 0, now()) RETURNING id`).Scan(&made)
		if err != nil {
			t.Fatal(err)
		}
		given[name] = made
	}
	exec(t, db.App, `UPDATE import_run SET applied_at = now() - interval '1 hour', applied_by = $3 WHERE id IN ($1, $2)`, given["applied"], given["undone"], given["somebody"])
	exec(t, db.App, `UPDATE import_run SET undone_at = now(), undone_reason = 'Wrong' WHERE id = $1`, given["undone"])
	exec(t, db.App, `INSERT INTO import_change (run_id, row_number, subject, subject_id, after) VALUES ($1, 2, 'agency', 9, '{}')`, given["undone"])
	attempts := importAttempts()
	pgtest.Refused(t, db.Owner, given, attempts)
	pgtest.Killed(t, db, given, attempts, pgtest.Guards(t, db.Owner, "import_run", "import_change"), map[string]string{
		"import_change_pkey": "identity columns take no number of ours",
	})
}
