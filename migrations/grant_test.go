package migrations_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"partnershipportal/internal/pg"
	"partnershipportal/internal/pg/pgtest"
)

var update = flag.Bool("update", false, "write the golden files")

// listGrants says of each table and role what the role may do: with all columns, or with those that are named.
const listGrants = `
	SELECT format('%s %s %s%s', c.relname, role, lower(verb),
	       CASE WHEN has_table_privilege(role, c.oid, verb) THEN '' ELSE ' ' || (
	           SELECT string_agg(a.attname, ' ' ORDER BY a.attname) FROM pg_attribute a
	           WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(role, c.oid, a.attnum, verb)) END)
	FROM pg_class c, unnest('{portal_app,portal_public,portal_river}'::text[]) role, unnest('{SELECT,INSERT,UPDATE}'::text[]) verb
	WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND has_any_column_privilege(role, c.oid, verb)
	ORDER BY 1`

// What each role may do with each table is a file: a right that is added or lost shows in review.
func TestGrants(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	got := strings.Join(ask(t, db.Owner, listGrants), "\n") + "\n"
	golden := filepath.Join("testdata", "grants.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the rights of the roles have changed (-want +got):\n%s", diff)
	}
	t.Run("one column more would show", func(t *testing.T) {
		if _, err := db.Owner.Exec(t.Context(), `GRANT UPDATE (content) ON round TO portal_app`); err != nil {
			t.Fatal(err)
		}
		if strings.Join(ask(t, db.Owner, listGrants), "\n")+"\n" == got {
			t.Error("the list does not tell")
		}
	})
}

// refusedWith is the SQLSTATE with which a statement is refused; empty if it is let pass. Nothing of it stays.
func refusedWith(t *testing.T, db pg.DB, sql string) string {
	t.Helper()
	tx, err := db.Begin(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.Background()) }() // the next Begin would tell
	_, err = tx.Exec(context.Background(), sql)
	if err == nil {
		return ""
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		t.Fatalf("%s: %v", sql, err)
	}
	return e.Code
}

const denied = "42501" // insufficient privilege

func TestTheApplicationTakesNothingAway(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	tables := ask(t, db.Owner, `SELECT c.oid::regclass::text FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`)
	if len(tables) < 30 {
		t.Fatalf("only %d tables: %v", len(tables), tables)
	}
	for _, table := range tables {
		for _, sql := range []string{`DELETE FROM ` + table, `TRUNCATE ` + table + ` CASCADE`, `DROP TABLE ` + table + ` CASCADE`,
			`ALTER TABLE ` + table + ` DISABLE TRIGGER ALL`, `ALTER TABLE ` + table + ` ADD COLUMN x int`, `CREATE TRIGGER x BEFORE INSERT ON ` + table + ` EXECUTE FUNCTION forbid_change()`,
			`CREATE INDEX ON ` + table + ` ((1))`, `COPY ` + table + ` TO '/tmp/x'`} {
			if got := refusedWith(t, db.App, sql); got != denied {
				t.Errorf("%s: refused with %q, want %s", sql, got, denied)
			}
		}
	}
	for _, sql := range []string{`CREATE TABLE x ()`, `CREATE TABLE published.x ()`, `CREATE SCHEMA x`, `CREATE EXTENSION dblink`,
		`CREATE FUNCTION public.x() RETURNS int LANGUAGE sql AS 'SELECT 1'`, `CREATE ROLE x`, `SET LOCAL session_replication_role = replica`,
		`CREATE OR REPLACE FUNCTION act_guard() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`, `ALTER FUNCTION act_guard() RENAME TO x`,
		`DROP VIEW published.version`, `UPDATE schema_migrations SET version = 1`} {
		if got := refusedWith(t, db.App, sql); got != denied {
			t.Errorf("%s: refused with %q, want %s", sql, got, denied)
		}
	}
}

func TestThePublicReadsThePublishedViewsAlone(t *testing.T) {
	t.Parallel()
	db := pgtest.Database(t)
	relations := ask(t, db.Owner, `
		SELECT format('%I.%I', nspname, relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE nspname IN ('public', 'published', 'river') AND relkind IN ('r', 'v', 'm', 'S')`)
	views := 0
	for _, relation := range relations {
		want := denied
		if strings.HasPrefix(relation, "published.") {
			views++
			want = ""
		}
		if got := refusedWith(t, db.Public, `SELECT count(*) FROM `+relation); got != want {
			t.Errorf("reading %s: refused with %q, want %q", relation, got, want)
		}
		if strings.HasSuffix(relation, "_seq") {
			continue
		}
		for _, sql := range []string{`DELETE FROM ` + relation, `TRUNCATE ` + relation, `INSERT INTO ` + relation + ` DEFAULT VALUES`} {
			if got := refusedWith(t, db.Public, sql); got == "" {
				t.Errorf("%s: let pass", sql)
			}
		}
	}
	if views < 10 || len(relations) < 50 {
		t.Fatalf("only %d relations with %d views", len(relations), views)
	}
	// Functions that run with their owner's rights would be a way round.
	rows, _ := db.Owner.Query(t.Context(), `SELECT format('SELECT %I.%I(%s)', n.nspname, p.proname,
			(SELECT string_agg('NULL::' || format_type(a, NULL), ', ') FROM unnest(p.proargtypes::oid[]) a))
		FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
		WHERE n.nspname IN ('public', 'river') AND p.prosecdef AND p.prorettype <> 'trigger'::regtype`)
	calls, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(calls) < 4 {
		t.Fatalf("functions with their owner's rights: %v (%v)", calls, err)
	}
	for _, call := range calls {
		if got := refusedWith(t, db.Public, call); got != denied {
			t.Errorf("%s: refused with %q, want %s", call, got, denied)
		}
	}
}
